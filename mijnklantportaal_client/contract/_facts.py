"""What shapes say of the contract: which facts hold, which do not, and which are more certain than before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from ._formats import described, expected_formats, types_of
from ._places import fields_of
from ._shapes import Shape

if TYPE_CHECKING:
    from collections.abc import Container

    from .._contract import Contract, Schema
    from ._shapes import Shapes


@attrs.frozen(kw_only=True)
class Fact:
    """What was seen of one place in the successful answers of an operation.

    Attributes:
        operation: The contract's `operationId`.
        place: JSON pointer, `*` for each index.
        says: What the contract says of it.
        seen: What was seen.
        learned: What the contract leaves open and the answers show; empty where that is nothing.
        differs: In which way it is not as the contract says; empty where it is.
    """

    operation: str
    place: str
    says: str
    seen: str
    learned: str
    differs: str


def facts(contract: Contract, operation: str, shapes: Shapes) -> list[Fact]:
    """What answers say of each field that could have been there, and of each that the contract does not know."""
    schema = contract.operations[operation].answer
    if schema is None:
        return []
    known = {place: (each, required) for place, each, required in fields_of(contract, schema)}
    found = [
        _fact(contract, operation, place, each, shapes, required=required)
        for place, (each, required) in known.items()
        if shapes.parents(place)
    ]
    for place, shape in shapes.places.items():
        parent, _, name = place.rpartition("/")
        if place and name != "*" and place not in known and _is_known(parent, known):
            seen = shown(shape, shapes.parents(place))
            found.append(
                Fact(
                    operation=operation,
                    place=place,
                    says="nothing",
                    seen=seen,
                    learned="",
                    differs="not in the contract",
                )
            )
    return found


def _is_known(parent: str, known: Container[str]) -> bool:
    """Whether an object belongs to the contract, so that what is in it is looked at one by one."""
    while parent.endswith("/*"):
        parent = parent.removesuffix("/*")
    return parent == "" or parent in known


def _fact(contract: Contract, operation: str, place: str, schema: Schema, shapes: Shapes, *, required: bool) -> Fact:
    shape = shapes.places.get(place, Shape())
    of, absent, nulls = shapes.parents(place), shapes.absent(place), shape.types["null"]
    allowed = types_of(contract, schema)
    differs: list[str] = []
    learned: list[str] = []
    if required and absent:
        differs.append(f"absent in {absent} of {of}")
    elif not required:
        learned.append("always there" if not absent else "never there" if absent == of else "not always there")
    wrong = sorted(set(shape.types) - allowed - ({"integer"} if "number" in allowed else set()))
    if allowed and wrong:
        differs.append(f"is {' or '.join(wrong)}")
    if "null" in allowed and shape.times:
        learned.append("never null" if not nulls else "always null" if nulls == shape.times else "null at times")
    looks = expected_formats(contract.flat(schema))
    if looks is not None and (other := sorted(set(shape.formats) - looks)):
        differs.append(f"looks like {' or '.join(other)}")
    return Fact(
        operation=operation,
        place=place,
        says=described(contract, schema),
        seen=shown(shape, of),
        learned=", ".join(learned),
        differs=", ".join(differs),
    )


def shown(shape: Shape, of: int | None = None) -> str:
    """A shape in a few words, such as `string (date) 12, null 3 of 15`."""
    formats = f" ({', '.join(sorted(shape.formats))})" if shape.formats else ""
    parts = [f"{name}{formats if name == 'string' else ''} {times}" for name, times in sorted(shape.types.items())]
    if not parts:
        return "absent"
    return ", ".join(parts) + (f" of {of}" if of is not None else "")
