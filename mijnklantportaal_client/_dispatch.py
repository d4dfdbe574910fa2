"""The one module that waits: a call's attempts, its deadline and its retries."""

from __future__ import annotations

import asyncio
import logging
import os
import random
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from . import _failures, errors
from ._answer import read_answer, told_drift
from ._auth import check_token
from ._call import Call
from ._clock import SYSTEM, Clock
from ._hooks import DriftLog, log
from ._http import CLOSED, HTTP
from ._outcome import Outcome
from ._retry import backoff, retry_after, should_retry
from ._wire import Answer, Flaw, TransportError, request_headers

if TYPE_CHECKING:
    import httpx

    from ._operation import Operation
    from ._options import Options
    from ._request import Request

T = TypeVar("T")
_ABANDONED: list[object] = []


@attrs.frozen
class _Failure:
    """An attempt that gave no usable answer."""

    error: errors.MijnKlantportaalError
    status: int | None = None
    wait: float | None = None
    connection_lost: bool = False
    renewed: bool = False
    cause: Exception | None = None


class Dispatcher:
    """Sends the calls of a client and all its copies."""

    def __init__(self, base_url: str, http_client: httpx.AsyncClient | None) -> None:
        self.base_url = base_url
        self.http = HTTP(base_url, http_client)
        self._http_client = http_client
        self._process = os.getpid()
        self.clock: Clock = SYSTEM
        self.random = random.random
        self.drift_log = DriftLog()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False
        self._background: set[asyncio.Task[Any]] = set()

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
        scope = call.scope = asyncio.timeout(call.deadline)
        try:
            async with scope:
                return await self._until_done(call)
        except TimeoutError:
            if not scope.expired():
                raise
        # Outside of the handler: what was interrupted, down to the headers that were sent, is not chained.
        raise call.fail(self._overdue(call))

    def _overdue(self, call: Call) -> errors.MijnKlantportaalError:
        progress = call.progress
        if progress.status is not None and progress.status >= 300:
            wait = retry_after(progress.headers, self.clock.time(), limited=progress.status == 429)
            return _failures.status_error(progress.status, progress.headers, b"", token=call.token, retry_after=wait)
        return errors.APITimeoutError(f"not done within {call.deadline or 0:g} s")

    async def _until_done(self, call: Call) -> Answer:
        while True:
            result = await self._attempt(call)
            if isinstance(result, Answer):
                return result
            delay = self._delay(call, result)
            if delay is None:
                raise call.fail(result.error) from result.cause
            reason = f"status {result.status}" if result.status else str(result.error.args[0])
            log(call.about(), logging.INFO, "attempt %d failed (%s), next in %.1f s", call.attempts, reason, delay)
            await self._tell(call, "on_retry", "RetryEvent", delay=delay, reason=reason)
            call.next_attempt()
            await self.clock.sleep(delay)

    async def _attempt(self, call: Call) -> Answer | _Failure:
        """One request and what came of it."""
        self._check_usable()
        options = call.options
        token = call.token = check_token(await options.auth.token(), "the token source")
        call.attempts += 1
        await self._tell(call, "on_request", "RequestEvent")
        headers = request_headers(call.request, token, options.app_info)
        begun = self.clock.monotonic()
        try:
            answer = await self.http.send(
                call.request, headers, timeout=options.timeout, limit=options.max_response_bytes, progress=call.progress
            )
        except TransportError as failure:
            return _no_answer(failure, token)
        done = 200 <= answer.status <= 299
        if done and answer.flaw is None:
            call.has_answer()
        elapsed = self.clock.monotonic() - begun
        about = {"status_code": answer.status, "elapsed": elapsed, "request_id": call.request_id}
        await self._tell(call, "on_response", "ResponseEvent", **about)
        if not done:
            return await self._refused(call, answer)
        return answer if answer.flaw is None else _flawed(answer, token)

    async def _refused(self, call: Call, answer: Answer) -> _Failure:
        """The failure that a status means, which is decided before the body is looked at."""
        for event in told_drift(call, answer, None, self.drift_log):
            await call.options.hooks.tell("on_drift", event)
        token = call.token
        wait = retry_after(answer.headers, self.clock.time(), limited=answer.status == 429)
        error = _failures.status_error(answer.status, answer.headers, answer.content, token=token, retry_after=wait)
        renewed = False
        if answer.status == 401 and not call.token_renewed and call.request.replayable:
            renewed = call.token_renewed = bool(await call.options.auth.refused(token))
        return _Failure(error, answer.status, wait, renewed=renewed)

    async def _read(self, call: Call, answer: Answer) -> Any:
        value, drift, error = read_answer(call, answer)
        for event in told_drift(call, answer, drift, self.drift_log):
            await call.options.hooks.tell("on_drift", event)
        if error is not None:
            raise error
        return value

    def _delay(self, call: Call, failure: _Failure) -> float | None:
        """Seconds until the next attempt, None where there is none."""
        if self._closed:
            return None
        if failure.renewed:
            return 0.0
        # The attempt with the better token is one more, whatever the policy says.
        attempt = call.attempts - call.token_renewed
        if not should_retry(
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
        return None if call.deadline is not None and call.elapsed + delay >= call.deadline else delay

    def _check_usable(self) -> None:
        if self._closed:
            raise errors.ConfigurationError(CLOSED)
        if self._process != os.getpid():
            self._start_afresh()
        loop = asyncio.get_running_loop()
        if self._loop is None:
            self._loop = loop
        elif self._loop is not loop:
            raise errors.ConfigurationError(
                "this client belongs to another event loop, the one that first used it: make one client per loop, "
                "inside the function that asyncio.run() runs"
            )

    def _start_afresh(self) -> None:
        """After a fork: the connections, the loop and what runs on it are the parent's."""
        # Kept for good: collecting them would close sockets with a warning, or say goodbye on the parent's behalf.
        _ABANDONED.append((self.http, self._loop, self._background))
        self.http = HTTP(self.base_url, self._http_client)
        self._process = os.getpid()
        self._loop = None
        self._background = set()

    def spawn(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Begins something that ends with the client at the latest."""
        task = asyncio.get_running_loop().create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)
        return task

    async def aclose(self) -> None:
        """Ends the client and what it does in the background; calls after it are refused."""
        self._closed = True
        if self._loop is None or self._loop is asyncio.get_running_loop():
            tasks = list(self._background)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self.http.aclose()

    async def _tell_outcome(self, call: Call, error: BaseException | None) -> None:
        if call.ended:
            return
        call.ended = True
        outcome = Outcome.ACCEPTED if error is None else call.outcome
        about = {"outcome": outcome, "status_code": call.progress.status, "elapsed": call.elapsed}
        await self._tell(call, "on_outcome", "OutcomeEvent", error=type(error).__name__ if error else None, **about)

    @staticmethod
    async def _tell(call: Call, name: str, kind: str, **details: Any) -> None:
        hooks = call.options.hooks
        if hooks.wants(name):
            from . import events

            await hooks.tell(name, getattr(events, kind)(**call.about(), **details))


def _no_answer(failure: TransportError, token: str) -> _Failure:
    kind = errors.APITimeoutError if failure.timed_out else errors.APIConnectionError
    error = kind(_failures.scrub(failure.reason, token))
    if failure.cause is not None:
        error._advice = "Check the content that was to be sent."
    return _Failure(error, cause=failure.cause)


def _flawed(answer: Answer, token: str) -> _Failure:
    """The failure of a success that did not come whole."""
    if answer.flaw in (Flaw.TOO_LARGE, Flaw.BROKEN):
        too_large = answer.flaw is Flaw.TOO_LARGE
        status, headers = answer.status, answer.headers
        error = _failures.decode_error(answer.why, status, headers, b"", token=token, too_large=too_large)
        return _Failure(error, status)
    kind = errors.APITimeoutError if answer.flaw is Flaw.TIMED_OUT else errors.APIConnectionError
    text = _failures.scrub(f"the answer broke off: {answer.why}", token)
    return _Failure(kind(text), answer.status, connection_lost=True)
