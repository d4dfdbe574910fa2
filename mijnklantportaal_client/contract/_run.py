"""What one run of the probe found."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs

from .._contract import shipped
from .._version import __version__
from ._facts import facts
from ._findings import times_of
from ._recording import Recording, contract_digest
from ._shapes import Shapes

if TYPE_CHECKING:
    from ._compare import Change
    from ._facts import Fact
    from ._findings import Findings

DRIFT, NOTHING, INCOMPLETE = 1, 0, 2
"""What the command exits with."""


@attrs.define
class Result:
    """What came of one operation.

    Attributes:
        operation: The contract's `operationId`.
        name: Resource and method, such as `customers.get`.
        answers: How many calls ended with which HTTP status.
        failures: How many calls ended without a usable answer, by the name of the error's class.
        note: Why it was not asked; empty where it was.
        shapes: The shapes of its answers by HTTP status.
    """

    operation: str
    name: str
    answers: Counter[int] = attrs.field(factory=Counter)
    failures: Counter[str] = attrs.field(factory=Counter)
    note: str = ""
    shapes: dict[int, Shapes] = attrs.field(factory=dict)

    @property
    def state(self) -> str:
        """How it went, in a word or two."""
        places = {place for status, each in self.shapes.items() if 200 <= status <= 299 for place in each.places}
        if places:
            return "empty" if "/data" in places and "/data/*" not in places else "seen"
        if self.is_failed:
            return "failed"
        return "refused" if self.answers else "not seen"

    @property
    def is_failed(self) -> bool:
        """Whether it could not be judged, or not wholly, for another reason than what the key may do."""
        return bool(self.failures) or any(status in (408, 429) or status >= 500 for status in self.answers)

    @property
    def told(self) -> str:
        """What came, in a few words."""
        return ", ".join(filter(None, [times_of(self.answers), times_of(self.failures), self.note]))


@attrs.frozen(kw_only=True)
class Run:
    """One run of the probe.

    Attributes:
        findings: Where answers differed from the contract.
        results: What came of each operation that was to be asked.
        live: Whether it was the vendor's own server that answered.
        requests: How many requests were sent.
        stopped: Why it ended early; None where it did not.
        changes: What is different from an earlier run, if it was compared with one.
    """

    findings: Findings
    results: tuple[Result, ...]
    live: bool
    requests: int
    stopped: str | None
    changes: tuple[Change, ...] | None = None

    @property
    def complete(self) -> bool:
        """Whether everything was asked that could be, and something was seen."""
        answered = any(result.state in ("seen", "empty") for result in self.results)
        return self.stopped is None and answered and not any(result.is_failed for result in self.results)

    @property
    def status(self) -> int:
        """The exit status of the command: 1 for drift, 2 where it is incomplete, else 0."""
        if self.findings.drifts or self.findings.beyond or any(not each.allowed for each in self.changes or ()):
            return DRIFT
        return NOTHING if self.complete else INCOMPLETE

    def shapes_of(self, operation: str, status: int) -> Shapes:
        """What the answers of an operation with a status looked like."""
        found = (each.shapes.get(status) for each in self.results if each.operation == operation)
        return next(found, None) or Shapes()

    @property
    def facts(self) -> list[Fact]:
        """What the successful answers say of each field."""
        contract = shipped()
        return [
            fact
            for result in self.results
            for status, shapes in sorted(result.shapes.items())
            if 200 <= status <= 299
            for fact in facts(contract, result.operation, shapes)
        ]

    def report(self) -> str:
        """The run in Markdown, of a length that fits into an issue."""
        from ._report import probed

        return probed(self)

    def to_json(self) -> str:
        """The run as the text of a JSON object, with nothing left out."""
        return json.dumps(self.to_dict(), indent=1) + "\n"

    def to_dict(self) -> dict[str, Any]:
        """The run as JSON values."""
        return {
            **self.findings.to_dict(),
            "live": self.live,
            "requests": self.requests,
            "complete": self.complete,
            "stopped": self.stopped,
            "status": self.status,
            "operations": {
                each.operation: {
                    "state": each.state,
                    "answers": {str(status): times for status, times in sorted(each.answers.items())},
                    "failures": dict(sorted(each.failures.items())),
                    "note": each.note,
                }
                for each in self.results
            },
            "facts": [attrs.asdict(each) for each in self.facts],
            "changes": None if self.changes is None else [attrs.asdict(each) for each in self.changes],
        }

    def recording(self) -> Recording:
        """Its shapes, to keep."""
        shapes: Mapping[str, Mapping[int, Shapes]] = {each.operation: each.shapes for each in self.results}
        return Recording(
            date=self.findings.until.date(),
            live=self.live,
            client=__version__,
            contract=contract_digest(),
            shapes=shapes,
            times={each.operation: dict(each.answers) for each in self.results if each.answers},
        )
