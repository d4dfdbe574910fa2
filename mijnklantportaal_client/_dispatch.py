"""The one module that waits: a call's attempts, its deadline and its retries."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from . import _failures, errors
from ._answer import read_answer, told_drift
from ._attempt import Failure, flawed, no_answer
from ._auth import check_token
from ._call import Call
from ._clock import SYSTEM, Clock
from ._hooks import DriftLog, log
from ._line import TooLongError
from ._outcome import Outcome
from ._pacing import PROCESS, Slot
from ._retry import backoff, retry_after, should_retry
from ._sender import CLOSED
from ._wire import Answer, Progress, TransportError, request_headers

if TYPE_CHECKING:
    from ._operation import Operation
    from ._options import Options
    from ._request import Request
    from ._session import Session
    from .events import Event

T = TypeVar("T")
# Seconds of pacing that are worth a line in the log.
_LONG_WAIT = 5.0
_SHORTEST_WAIT = 0.001
# Somebody whose every request is refused is not paced but shut out.
_MOST_REFUSALS = 20


class Dispatcher:
    """Sends the calls of a client and all its copies."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.clock: Clock = SYSTEM
        self.registry = PROCESS
        self.random = random.random
        self.drift_log = DriftLog()

    async def call(self, operation: Operation[T], request: Request, options: Options) -> T:
        """Sends a request and reads its answer.

        Raises:
            MijnKlantportaalError: With the outcome of the call.
        """
        _, _, value = await self._run(operation, request, options, read=True)
        result: T = value
        return result

    async def send(self, operation: Operation[Any], request: Request, options: Options) -> tuple[Call, Answer]:
        """Sends a request and leaves its answer unread.

        Raises:
            MijnKlantportaalError: With the outcome of the call.
        """
        call, answer, _ = await self._run(operation, request, options, read=False)
        return call, answer

    async def _run(
        self, operation: Operation[Any], request: Request, options: Options, *, read: bool
    ) -> tuple[Call, Answer, Any]:
        call = Call(operation, request, options, self.clock)
        try:
            if call.intent is not None:
                await call.intent.begins(call)
            answer = await self._in_time(call)
            value = await self._read(call, answer) if read else None
            await self._tell_outcome(call, None)
        except asyncio.CancelledError as cancelled:
            cancelled.add_note(call.note())
            await self._tell_outcome(call, cancelled)
            raise
        except errors.MijnKlantportaalError as known:
            # One from a token source knows nothing of the call yet.
            await self._tell_outcome(call, known if known.call_id == call.id else call.fail(known))
            raise
        except Exception as unexpected:
            await self._tell_outcome(call, unexpected)
            raise
        return call, answer, value

    async def _in_time(self, call: Call) -> Answer:
        try:
            async with call.scope:
                return await self._until_done(call)
        except TimeoutError:
            if not call.scope.expired():
                raise
        # Outside of the handler: what was interrupted, down to the headers that were sent, is not chained.
        raise call.fail(self._overdue(call))

    def _overdue(self, call: Call) -> errors.MijnKlantportaalError:
        if call.interrupted:
            return errors.ConfigurationError(CLOSED)
        progress = call.progress
        if progress.status is not None and progress.status >= 300:
            return self._status_error(call, progress.status, progress.headers, b"")
        return errors.APITimeoutError(f"not done within {call.deadline or 0:g} s")

    async def _until_done(self, call: Call) -> Answer:
        while True:
            result = await self._attempt(call)
            if isinstance(result, Answer):
                return result
            if self._waits_for_turn(call, result):
                call.refusals += 1
                call.next_attempt()
                continue
            delay = self._delay(call, result)
            if delay is None:
                raise call.fail(result.error) from result.cause
            text = "attempt %d failed (%s), next in %.1f s"
            log(call.about(), logging.INFO, text, call.attempts, result.reason, delay)
            about = {"delay": delay, "reason": result.reason, "error": type(result.error).__name__}
            await self._tell(call, "on_retry", "RetryEvent", **about)
            call.next_attempt()
            call.stop_time(spent=delay)
            self.session.waiting.add(call)
            try:
                await self.clock.sleep(delay)
            finally:
                self.session.waiting.discard(call)

    async def _attempt(self, call: Call) -> Answer | Failure:
        """One request and what came of it."""
        self.session.check()
        slot = await self._turn(call)
        call.run_time()
        begun = self.clock.monotonic()
        tried = False
        try:
            answer = await self._exchange(call)
        except TransportError as failure:
            tried = True
            return no_answer(failure, call.token)
        finally:
            if slot is not None:
                slot.end(call.progress, self._wait_asked(call.progress), tried=tried)
        done = 200 <= answer.status <= 299
        if done and answer.flaw is None:
            call.stop_time()
        elapsed = self.clock.monotonic() - begun
        if call.options.hooks.wants("on_response"):
            about = {"status_code": answer.status, "elapsed": elapsed, "request_id": call.request_id}
            await self._tell(call, "on_response", "ResponseEvent", **about)
        if not done:
            return await self._refused(call, answer)
        return answer if answer.flaw is None else flawed(answer, call.token)

    async def _exchange(self, call: Call) -> Answer:
        options = call.options
        token = call.token = check_token(await options.auth.token(), "the token source")
        call.attempts += 1
        await self._tell(call, "on_request", "RequestEvent")
        headers = request_headers(call.request, token, options.app_info)
        if call.intent is not None:
            await call.intent.sends(call)
        return await self.session.sender.send(
            call.request, headers, timeout=options.timeout, limit=options.max_response_bytes, progress=call.progress
        )

    async def _turn(self, call: Call) -> Slot | None:
        """Waits until the rate limit lets the call go."""
        pacing = call.options.pacing
        if pacing is None:
            return None
        pacer = pacing.pacer(self.registry, self.session.base_url, call.options.auth.key)
        slot = pacer.take()
        if slot is not None:
            return slot
        call.stop_time()
        delay = pacer.estimate()
        if delay > 0:
            await self._tell(call, "on_wait", "WaitEvent", delay=delay)
        if delay > _LONG_WAIT:
            log(call.about(), logging.INFO, "waits about %.0f s for the rate limit", delay)
        begun = self.clock.monotonic()
        self.session.waiting.add(call)
        try:
            return await pacer.acquire(self.clock)
        except TooLongError as too_long:
            text = f"the rate limit would make it wait {too_long.wait:.0f} s, longer than max_wait"
            raise call.fail(errors.PacingTimeoutError(text, wait=too_long.wait)) from None
        finally:
            self.session.waiting.discard(call)
            waited = self.clock.monotonic() - begun
            # To look at the line takes a moment, too.
            call.waited += waited if waited >= _SHORTEST_WAIT else 0.0

    def _wait_asked(self, progress: Progress) -> float | None:
        if progress.status != 429:
            return None
        return retry_after(progress.headers, self.clock.time())

    def _waits_for_turn(self, call: Call, failure: Failure) -> bool:
        """Whether a call that was refused with 429 waits in line again, which is no attempt of its own."""
        paced = call.options.pacing is not None and failure.status == 429
        if not paced or self.session.closed or not call.request.replayable or call.refusals >= _MOST_REFUSALS:
            return False
        # Better to say so at once than to wait for longer than the whole call may take.
        return failure.wait is None or failure.wait < call.time_left

    async def _refused(self, call: Call, answer: Answer) -> Failure:
        """The failure that a status means, which is decided before the body is looked at."""
        for event in told_drift(call, answer, None, self.drift_log):
            await call.options.hooks.tell("on_drift", event)
        error = self._status_error(call, answer.status, answer.headers, answer.content)
        renewed = False
        if answer.status == 401 and not call.token_renewed and call.request.replayable:
            renewed = call.token_renewed = bool(await call.options.auth.refused(call.token))
        return Failure(error, answer.status, self._wait_told(answer.status, answer.headers), renewed=renewed)

    def _status_error(
        self, call: Call, status: int, headers: Mapping[str, str], content: bytes
    ) -> errors.APIStatusError:
        wait = self._wait_told(status, headers)
        return _failures.status_error(status, headers, content, token=call.token, retry_after=wait)

    def _wait_told(self, status: int, headers: Mapping[str, str]) -> float | None:
        return retry_after(headers, self.clock.time(), limited=status == 429)

    async def _read(self, call: Call, answer: Answer) -> Any:
        value, drift, error = read_answer(call, answer)
        for event in told_drift(call, answer, drift, self.drift_log):
            await call.options.hooks.tell("on_drift", event)
        if error is not None:
            raise error
        return value

    def _delay(self, call: Call, failure: Failure) -> float | None:
        """Seconds until the next attempt, None where there is none."""
        if self.session.closed:
            return None
        if failure.renewed:
            return 0.0
        # The attempt with the better token is one more, whatever the policy says.
        attempt = call.attempts - call.token_renewed - call.refusals
        if (failure.status == 429 and call.options.pacing is not None) or not should_retry(
            call.options.retry,
            method=call.operation.method,
            outcome=call.progress.outcome,
            status=failure.status,
            attempt=attempt,
            replayable=call.request.replayable,
            connection_lost=failure.connection_lost,
        ):
            return None
        delay = failure.wait if failure.wait is not None else backoff(call.options.retry, attempt, self.random)
        # Better to say so at once than to wait for a time-out.
        return delay if delay < call.time_left else None

    async def _tell_outcome(self, call: Call, error: BaseException | None) -> None:
        if call.ended:
            return
        call.ended = True
        if not call.options.hooks.wants("on_outcome"):
            return
        outcome = Outcome.ACCEPTED if error is None else call.outcome
        about: dict[str, Any] = {"outcome": outcome, "status_code": call.progress.status}
        about |= {"elapsed": call.elapsed, "waited": call.waited}
        try:
            await self._tell(call, "on_outcome", "OutcomeEvent", error=type(error).__name__ if error else None, **about)
        except asyncio.CancelledError as cancelled:
            # In place of a value it gets its note from `_run`; in place of an error from nobody else.
            if error is not None:
                cancelled.add_note(call.note())
            raise

    @staticmethod
    async def _tell(call: Call, name: str, kind: str, **details: Any) -> None:
        hooks = call.options.hooks
        if hooks.wants(name):
            await hooks.tell(name, _kind(kind)(**call.about(), **details))


@cache
def _kind(name: str) -> type[Event]:
    """A class of events; they are loaded where there are hooks, and looked for once."""
    from . import events

    kind: type[Event] = getattr(events, name)
    return kind
