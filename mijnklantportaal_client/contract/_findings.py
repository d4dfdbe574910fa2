"""Where answers differed from the contract, counted."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs

from .._version import __version__
from ._recording import contract_digest

if TYPE_CHECKING:
    from .._drift import DriftKind


def times_of(counts: Mapping[Any, int]) -> str:
    """Counts in a few words, such as `200 x 3, 404 x 1`."""
    return ", ".join(f"{name} x {times}" for name, times in sorted(counts.items()))


@attrs.frozen(kw_only=True)
class Found:
    """One place where answers differed from the contract.

    Attributes:
        operation: The contract's `operationId`; `METHOD /path` for `portal.request`.
        kind: The kind of difference, as in `DriftEvent`.
        place: JSON pointer with `*` for each index and `{withheld}` for a name that may be data; empty for the answer
            as a whole.
        status: HTTP status of the answers.
        times: How often, counting each element of a list.
        first: When first, in UTC.
        last: When last, in UTC.
    """

    operation: str
    kind: DriftKind
    place: str
    status: int
    times: int
    first: datetime.datetime
    last: datetime.datetime


@attrs.frozen(kw_only=True)
class Findings:
    """What a `DriftCollector` counted.

    Attributes:
        drifts: The differences, by operation.
        answers: How many answers came, by operation and HTTP status.
        beyond: Differences that were counted only, because there were too many places.
        since: When the counting began, in UTC.
        until: When it was looked at, in UTC.
    """

    drifts: tuple[Found, ...]
    answers: Mapping[str, Mapping[int, int]]
    beyond: int
    since: datetime.datetime
    until: datetime.datetime

    def report(self) -> str:
        """The findings in Markdown, of a length that fits into an issue."""
        from ._report import collected

        return collected(self)

    def to_dict(self) -> dict[str, Any]:
        """The findings as JSON values."""
        return {
            "client": __version__,
            "contract": contract_digest(),
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "drift": [
                {
                    "operation": each.operation,
                    "kind": each.kind,
                    "place": each.place,
                    "status": each.status,
                    "times": each.times,
                    "first": each.first.isoformat(),
                    "last": each.last.isoformat(),
                }
                for each in self.drifts
            ],
            "beyond": self.beyond,
            "answers": {
                operation: {str(status): times for status, times in statuses.items()}
                for operation, statuses in self.answers.items()
            },
        }

    def to_json(self) -> str:
        """The findings as the text of a JSON object."""
        return json.dumps(self.to_dict(), indent=1) + "\n"
