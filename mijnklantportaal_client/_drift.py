"""Where an answer differs from the contract, noted while it is read."""

from __future__ import annotations

from typing import Literal, TypeAlias

DriftKind: TypeAlias = Literal[
    "missing", "unexpected_null", "wrong_type", "unknown_field", "unknown_value", "undocumented_status"
]

Place: TypeAlias = "str | tuple[Place, str | int]"
"""Where a value stands in an answer: `""` for all of it, else the place it is in and its key there."""

LOSES_DATA: frozenset[DriftKind] = frozenset({"missing", "unexpected_null", "wrong_type"})
"""The kinds after which a field can't be used; the others lose nothing."""


class Unreadable(Exception):  # noqa: N818 - a signal between codecs, never seen by users
    """A value can't be what its field says."""


class Odd(Exception):  # noqa: N818 - a signal between decoders, never seen by users
    """The fast decoder met something it was not made for; the slow one takes over."""


ODD_ANSWER = (Odd, LookupError, TypeError, ValueError, ArithmeticError)
"""What a fast decoder raises on an answer it was not made for."""


class Drift:
    """Collects the differences of one answer.

    `found` holds `(kind, JSON pointer, critical)`; critical means an amount, an ID or a status.
    """

    __slots__ = ("found",)

    def __init__(self) -> None:
        self.found: list[tuple[DriftKind, str, bool]] = []

    def add(self, kind: DriftKind, place: Place, *, critical: bool = False) -> None:
        self.found.append((kind, _pointer(place), critical))

    def loss(self, *, critical_only: bool) -> tuple[DriftKind, str] | None:
        """The first difference that loses data, if there is one."""
        for kind, pointer, critical in self.found:
            if kind in LOSES_DATA and (critical or not critical_only):
                return kind, pointer
        return None


def _pointer(place: Place) -> str:
    """The JSON pointer of a place (RFC 6901)."""
    parts: list[str] = []
    while not isinstance(place, str):
        place, key = place
        parts.append(f"/{str(key).replace('~', '~0').replace('/', '~1')}")
    return place + "".join(reversed(parts))
