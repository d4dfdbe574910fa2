"""What is different in the answers of two runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from ._facts import shown
from ._formats import VARIED, expected_formats, types_of
from ._places import fields_of
from ._shapes import Shape, Shapes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from .._contract import Contract, Schema
    from ._recording import Recording

_ENOUGH = 5
"""So many texts of one form are no chance."""


@attrs.frozen(kw_only=True)
class Change:
    """A difference between two runs.

    Attributes:
        operation: The contract's `operationId`.
        place: JSON pointer, `*` for each index; empty for the answer as a whole.
        what: What is different.
        before: What the earlier run saw.
        now: What the later run saw.
        allowed: Whether the contract says that both may be, so that it may be a matter of which records were read.
    """

    operation: str
    place: str
    what: str
    before: str
    now: str
    allowed: bool


def compare(contract: Contract, before: Recording, now: Recording) -> list[Change]:
    """The differences in the answers of operations that the earlier run saw and both asked, unexpected ones first."""
    found: list[Change] = []
    for operation in now.times:
        if operation in contract.operations:
            old, new = _successes(before, operation), _successes(now, operation)
            if old and new:
                found.extend(_changes(contract, operation, old, new))
            elif old:
                found.append(_refused(contract, operation, old, now.times[operation]))
    return sorted(found, key=lambda change: (change.allowed, change.operation, change.place, change.what))


def _successes(recording: Recording, operation: str) -> Mapping[int, Shapes]:
    shapes = recording.shapes.get(operation, {})
    # Without shapes where what came was no JSON.
    times = recording.times.get(operation, {})
    return {status: shapes.get(status, Shapes()) for status in times if 200 <= status <= 299}


def _refused(contract: Contract, operation: str, before: Mapping[int, Shapes], now: Mapping[int, int]) -> Change:
    """What succeeded then, and now never does; a record may be gone, and a key may have lost a right."""
    known = contract.operations[operation].node["responses"]
    return Change(
        operation=operation,
        place="",
        what="status",
        before=_listed(before),
        now=_listed(now),
        allowed=all(str(status) in known for status in now),
    )


def _listed(statuses: Iterable[int]) -> str:
    return " and ".join(map(str, sorted(statuses)))


def _changes(
    contract: Contract, operation: str, before: Mapping[int, Shapes], now: Mapping[int, Shapes]
) -> Iterator[Change]:
    for status in sorted(now.keys() - before.keys()):
        yield Change(
            operation=operation, place="", what="status", before=_listed(before), now=str(status), allowed=False
        )
    schema = contract.operations[operation].answer
    known = {place: (each, required) for place, each, required in fields_of(contract, schema)} if schema else {}
    for status in sorted(now.keys() & before.keys()):
        old, new = before[status], now[status]
        if bool(old.places) != bool(new.places):
            was, is_now = (shown(each.places[""]) if each.places else "not JSON" for each in (old, new))
            yield Change(
                operation=operation, place="", what="content", before=was, now=is_now, allowed=bool(new.places)
            )
            continue
        for place in sorted(old.places.keys() | new.places.keys()):
            for what, allowed in _differences(contract, known.get(place), old, new, place):
                yield Change(
                    operation=operation,
                    place=place,
                    what=what,
                    before=shown(old.places.get(place, Shape()), old.parents(place) or None),
                    now=shown(new.places.get(place, Shape()), new.parents(place) or None),
                    allowed=allowed,
                )


def _differences(
    contract: Contract, field: tuple[Schema, bool] | None, before: Shapes, now: Shapes, place: str
) -> Iterator[tuple[str, bool]]:
    """What is different at one place, each with whether the contract allows it."""
    old, new = before.places.get(place), now.places.get(place)
    is_optional = field is not None and not field[1]
    if old is None:
        if before.parents(place):
            yield ("new field", False) if field is None else ("now there", True)
        return
    if now.parents(place) and now.absent(place) and not before.absent(place) and before.parents(place):
        yield ("gone" if new is None else "no longer always there"), is_optional
    if new is None:
        return
    allowed = types_of(contract, field[0]) if field else frozenset[str]()
    if other := set(new.types) - set(old.types):
        yield "type", other <= allowed
    if other := set(new.formats) - set(old.formats):
        looks = expected_formats(contract.flat(field[0])) if field else None
        if looks is not None:
            yield "format", other <= looks
        elif old.formats.total() >= _ENOUGH and VARIED.isdisjoint(old.formats):
            yield "format", False
