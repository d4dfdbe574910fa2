"""The one module that waits: a call's attempts, its deadline and its retries."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from . import _failures, errors
from ._answer import read_answer, told_drift
from ._auth import check_token
from ._call import Call
from ._clock import SYSTEM, Clock
from ._hooks import DriftLog, logger
from ._http import HTTP, Answer, TransportError, default_headers
from ._outcome import Outcome
from ._retry import backoff, retry_after, should_retry

if TYPE_CHECKING:
    import httpx

    from ._operation import Operation
    from ._options import Options
    from ._request import Request

T = TypeVar("T")


@attrs.frozen
class _Failure:
    """An attempt that gave no usable answer."""

    error: errors.MijnKlantportaalError
    status: int | None = None
    wait: float | None = None
    connection_lost: bool = False
    renewed: bool = False
    cause: BaseException | None = None


class Dispatcher:
    """Sends the calls of a client and all its copies."""

    def __init__(self, base_url: str, http_client: httpx.AsyncClient | None) -> None:
        self.base_url = base_url
        self.http = HTTP(base_url, http_client)
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
        self._check_usable()
        call = Call(operation, request, options, self.clock)
        value: Any = None
        scope = asyncio.timeout(call.deadline)
        try:
            async with scope:
                answer = await self._until_done(call)
            if read:
                value, drift = read_answer(call, answer)
                for event in told_drift(call, answer, drift, self.drift_log):
                    await options.hooks.tell("on_drift", event)
        except asyncio.CancelledError as cancelled:
            cancelled.add_note(call.note())
            await self._tell_outcome(call, cancelled)
            raise
        except errors.MijnKlantportaalError as known:
            await self._tell_outcome(call, known)
            raise
        except TimeoutError as timeout:
            late = scope.expired()
            error = call.fail(errors.APITimeoutError(f"not done within {call.deadline or 0:g} s")) if late else timeout
            await self._tell_outcome(call, error)
            raise error from None
        except Exception as unexpected:
            await self._tell_outcome(call, unexpected)
            raise
        await self._tell_outcome(call, None)
        return call, answer, value

    async def _until_done(self, call: Call) -> Answer:
        while True:
            result = await self._attempt(call)
            if isinstance(result, Answer):
                return result
            delay = self._delay(call, result)
            if delay is None:
                raise call.fail(result.error) from result.cause
            reason = f"status {result.status}" if result.status else str(result.error.args[0])
            logger.info("%s: attempt %d failed (%s), next in %.1f s", call.operation.name, call.attempts, reason, delay)
            await self._tell(call, "on_retry", "RetryEvent", delay=delay, reason=reason)
            call.next_attempt()
            await self.clock.sleep(delay)

    async def _attempt(self, call: Call) -> Answer | _Failure:
        """One request and what came of it."""
        options = call.options
        token = await self._token(call)
        call.attempts += 1
        await self._tell(call, "on_request", "RequestEvent")
        headers = {**default_headers(options.app_info), **call.request.headers, "authorization": f"Bearer {token}"}
        begun = self.clock.monotonic()
        try:
            answer = await self.http.send(
                call.request, headers, timeout=options.timeout, limit=options.max_response_bytes, progress=call.progress
            )
        except TransportError as failure:
            kind = errors.APITimeoutError if failure.timed_out else errors.APIConnectionError
            return _Failure(kind(_failures.scrub(failure.reason, token)), cause=failure.cause)
        call.request_id = _failures.request_id(answer.headers)
        call.progress.outcome = _failures.status_outcome(call.operation.method, answer.status)
        elapsed = self.clock.monotonic() - begun
        about = {"status_code": answer.status, "elapsed": elapsed, "request_id": call.request_id}
        await self._tell(call, "on_response", "ResponseEvent", **about)
        if 200 <= answer.status <= 299:
            return _cut(answer) or answer
        return await self._refused(call, answer, token)

    async def _token(self, call: Call) -> str:
        try:
            return check_token(await call.options.auth.token(), "the token source")
        except errors.MijnKlantportaalError as error:
            raise call.fail(error) from error.__cause__

    async def _refused(self, call: Call, answer: Answer, token: str) -> _Failure:
        """The failure that a status means, which is decided before the body is looked at."""
        for event in told_drift(call, answer, None, self.drift_log):
            await call.options.hooks.tell("on_drift", event)
        wait = retry_after(answer.headers, self.clock.time())
        error = _failures.status_error(answer.status, answer.headers, answer.content, token=token, retry_after=wait)
        renewed = False
        if answer.status == 401 and not call.token_renewed and call.request.replayable:
            renewed = call.token_renewed = await call.options.auth.refused(token)
        return _Failure(error, answer.status, wait, renewed=renewed)

    def _delay(self, call: Call, failure: _Failure) -> float | None:
        """Seconds until the next attempt, None where there is none."""
        if failure.renewed:
            return 0.0
        if not should_retry(
            call.options.retry,
            method=call.operation.method,
            outcome=call.progress.outcome,
            status=failure.status,
            attempt=call.attempts,
            replayable=call.request.replayable,
            connection_lost=failure.connection_lost,
        ):
            return None
        delay = failure.wait if failure.wait is not None else backoff(call.options.retry, call.attempts, self.random)
        # Better to say so at once than to wait for a time-out.
        return None if call.deadline is not None and call.elapsed + delay >= call.deadline else delay

    def _check_usable(self) -> None:
        if self._closed:
            raise errors.ConfigurationError("this client is closed; make a new one, or close it later")
        loop = asyncio.get_running_loop()
        if self._loop is None:
            self._loop = loop
        elif self._loop is not loop:
            raise errors.ConfigurationError(
                "this client belongs to another event loop, the one that first used it: make one client per loop, "
                "inside the function that asyncio.run() runs"
            )

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
        outcome = Outcome.ACCEPTED if error is None else call.outcome
        about = {"outcome": outcome, "status_code": call.progress.status, "elapsed": call.elapsed}
        await self._tell(call, "on_outcome", "OutcomeEvent", error=type(error).__name__ if error else None, **about)

    @staticmethod
    async def _tell(call: Call, name: str, kind: str, **details: Any) -> None:
        hooks = call.options.hooks
        if hooks.wants(name):
            from . import events

            await hooks.tell(name, getattr(events, kind)(**call.about(), **details))


def _cut(answer: Answer) -> _Failure | None:
    """The failure of a success that did not come whole."""
    if answer.too_large:
        why = answer.cut or "the answer is too large"
        return _Failure(_failures.decode_error(why, answer.status, answer.headers, b"", too_large=True), answer.status)
    if answer.cut is None:
        return None
    kind = errors.APITimeoutError if answer.timed_out else errors.APIConnectionError
    return _Failure(kind(f"the answer broke off: {answer.cut}"), answer.status, connection_lost=True)
