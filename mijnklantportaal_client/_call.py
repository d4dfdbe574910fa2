"""One call while it runs: what its errors, its events and its cancellation tell."""

from __future__ import annotations

import asyncio
import math
import os
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from . import _failures, errors
from ._intent import intent_of
from ._outcome import Outcome
from ._wire import Progress

if TYPE_CHECKING:
    from ._clock import Clock
    from ._operation import Operation
    from ._options import Options
    from ._request import Request

_MEANING = {
    Outcome.NOT_SENT: "nothing was sent",
    Outcome.REJECTED: "the server refused it",
    Outcome.UNKNOWN: "it may have been carried out",
    Outcome.ACCEPTED: "it was carried out",
}
_E = TypeVar("_E", bound=errors.MijnKlantportaalError)


class Call:
    """What is known of one call."""

    def __init__(self, operation: Operation[Any], request: Request, options: Options, clock: Clock) -> None:
        self.operation = operation
        self.request = request
        self.options = options
        self.clock = clock
        self.intent = intent_of(operation.method)
        self.id = new_call_id()
        self.started = clock.monotonic()
        self.attempts = 0
        self.refusals = 0
        self.waited = 0.0
        self.earlier = Outcome.NOT_SENT
        self.progress = Progress()
        self.token = ""
        self.token_renewed = False
        self.ended = False
        self.interrupted = False
        self.scope = asyncio.Timeout(None)
        self._spent = 0.0
        self._about: dict[str, Any] = {}
        self._running_since: float | None = None

    @property
    def outcome(self) -> Outcome:
        """The worst of all attempts so far."""
        return Outcome.worst(self.earlier, self.progress.outcome)

    @property
    def elapsed(self) -> float:
        """Seconds since the call began."""
        return self.clock.monotonic() - self.started

    @property
    def deadline(self) -> float | None:
        """Seconds the whole call may take."""
        return self.options.deadline_of(self.request)

    @property
    def request_id(self) -> str | None:
        """The server's ID of the last request that it answered."""
        found = _failures.request_id(self.progress.headers)
        return None if found is None else _failures.scrub(found, self.token)

    @property
    def time_left(self) -> float:
        """Seconds until the deadline, which stands still while the call waits for its turn."""
        if self.deadline is None:
            return math.inf
        running = 0.0 if self._running_since is None else self.clock.real() - self._running_since
        return self.deadline - self._spent - running

    def run_time(self) -> None:
        """Lets the time until the deadline run."""
        self._running_since = self.clock.real()
        self._reschedule(self.time_left)

    def stop_time(self, spent: float = 0.0) -> None:
        """Lets it stand still: for a wait, and where the answer is there, which a slow hook can't lose any more.

        Args:
            spent: Seconds that the wait counts for.
        """
        if self._running_since is not None:
            self._spent += self.clock.real() - self._running_since
            self._running_since = None
        self._spent += spent
        self._reschedule(math.inf)

    def interrupt(self) -> None:
        """Ends the call, which waits for its turn or its next attempt, because the client is closed."""
        self.interrupted = True
        self._reschedule(0.0)

    def _reschedule(self, seconds: float) -> None:
        if not self.scope.expired():
            self.scope.reschedule(None if seconds == math.inf else asyncio.get_running_loop().time() + seconds)

    def next_attempt(self) -> None:
        """Puts the attempt that ended behind, with what it may have done."""
        self.earlier = self.outcome
        self.progress = Progress()

    def fail(self, error: _E, outcome: Outcome | None = None) -> _E:
        """Puts the call's details on an error."""
        fail(error, self.operation, self.options, call_id=self.id, outcome=outcome or self.outcome)
        error.__dict__.update(request_id=self.request_id, attempts=self.attempts, elapsed=self.elapsed)
        return error

    def about(self) -> dict[str, Any]:
        """What every event of this call tells."""
        if not self._about:
            self._about = {
                "call_id": self.id,
                "operation": self.operation.id,
                "name": self.operation.name,
                "method": self.operation.method,
                "path": self.operation.path,
                "base_url": self.options.base_url,
                "tags": MappingProxyType(dict(self.options.tags)),
            }
        return {**self._about, "attempt": self.attempts}

    def note(self) -> str:
        """What a cancelled call may have done."""
        outcome = self.outcome
        reads = self.operation.method in ("GET", "HEAD") and outcome is not Outcome.NOT_SENT
        meaning = "nothing was changed, since it only reads" if reads else _MEANING[outcome]
        return f"{self.operation.name} (call {self.id}): outcome {outcome.value}: {meaning}"


def fail(
    error: _E,
    operation: Operation[Any],
    options: Options,
    *,
    call_id: str | None = None,
    outcome: Outcome = Outcome.NOT_SENT,
) -> _E:
    """Puts on an error what is known of a call, one that was never begun included."""
    error.__dict__.update(details(operation, options), call_id=call_id or new_call_id(), outcome=outcome)
    return error


def details(operation: Operation[Any], options: Options) -> dict[str, Any]:
    """What every error tells of the operation and the client."""
    return {
        "operation": operation.id,
        "method": operation.method,
        "path": operation.path,
        "tags": dict(options.tags),
        "_name": operation.name,
        "_docs": operation.docs,
        "_certainty": operation.certainty,
    }


def new_call_id() -> str:
    """An ID that no other call has."""
    return os.urandom(16).hex()
