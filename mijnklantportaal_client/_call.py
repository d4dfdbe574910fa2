"""One call while it runs: what its errors, its events and its cancellation tell."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from ._http import Progress
from ._outcome import Outcome

if TYPE_CHECKING:
    from . import errors
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


class Call:
    """What is known of one call."""

    def __init__(self, operation: Operation[Any], request: Request, options: Options, clock: Clock) -> None:
        self.operation = operation
        self.request = request
        self.options = options
        self.clock = clock
        self.id = uuid.uuid4().hex
        self.started = clock.monotonic()
        self.attempts = 0
        self.earlier = Outcome.NOT_SENT
        self.progress = Progress()
        self.request_id: str | None = None
        self.token_renewed = False

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

    def next_attempt(self) -> None:
        """Puts the attempt that ended behind, with what it may have done."""
        self.earlier = self.outcome
        self.progress = Progress()

    def fail(self, error: errors.MijnKlantportaalError, outcome: Outcome | None = None) -> errors.MijnKlantportaalError:
        """Puts the call's details on an error."""
        error.__dict__.update(
            operation=self.operation.id,
            method=self.operation.method,
            path=self.operation.path,
            request_id=self.request_id,
            call_id=self.id,
            tags=dict(self.options.tags),
            attempts=self.attempts,
            elapsed=self.elapsed,
            outcome=outcome or self.outcome,
            _name=self.operation.name,
            _docs=self.operation.docs,
            _certainty=self.operation.certainty,
        )
        return error

    def about(self) -> dict[str, Any]:
        """What every event of this call tells."""
        return {
            "call_id": self.id,
            "operation": self.operation.id,
            "method": self.operation.method,
            "path": self.operation.path,
            "tags": self.options.tags,
            "attempt": self.attempts,
        }

    def note(self) -> str:
        """What a cancelled call may have done."""
        outcome = self.outcome
        return f"{self.operation.name} (call {self.id}): outcome {outcome.value}: {_MEANING[outcome]}"
