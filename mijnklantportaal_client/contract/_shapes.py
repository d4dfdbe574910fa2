"""The shapes of answers: which JSON types and formats stood where, and how often; never a value."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs

from ._formats import format_of
from ._places import items, member

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .._contract import Contract, Schema

_MOST_PLACES = 1000
_TYPES = {dict: "object", list: "array", str: "string", bool: "boolean", int: "integer", type(None): "null"}


@attrs.define
class Shape:
    """What stood at one place.

    Attributes:
        types: How often each JSON type was there.
        formats: How often the texts looked like what; see `_formats`.
    """

    types: Counter[str] = attrs.field(factory=Counter)
    formats: Counter[str] = attrs.field(factory=Counter)

    @property
    def times(self) -> int:
        """How often anything was there."""
        return self.types.total()


@attrs.define
class Shapes:
    """What stood where in the answers of one operation with one status.

    Attributes:
        places: A shape for each place.
        beyond: Values whose place was not kept, because there are too many places.
    """

    places: dict[str, Shape] = attrs.field(factory=dict)
    beyond: int = 0

    def observe(self, contract: Contract, schema: Schema | None, value: Any, place: str = "") -> None:
        """Adds a value and all that is in it."""
        shape = self.places.get(place)
        if shape is None:
            if len(self.places) >= _MOST_PLACES:
                self.beyond += 1
                return
            shape = self.places[place] = Shape()
        shape.types["number" if isinstance(value, (Decimal, float)) else _TYPES[type(value)]] += 1
        if isinstance(value, str):
            shape.formats[format_of(value, schema, contract)] += 1
        elif isinstance(value, list):
            for each in value:
                self.observe(contract, items(contract, schema), each, f"{place}/*")
        elif isinstance(value, dict):
            for key, each in value.items():
                name, below = member(contract, schema, key)
                self.observe(contract, below, each, f"{place}/{name}")

    def parents(self, place: str) -> int:
        """How many objects there were that could have this field."""
        parent = self.places.get(place.rpartition("/")[0]) if place else None
        return parent.types["object"] if parent else 0

    def absent(self, place: str) -> int:
        """In how many of them it was not there."""
        shape = self.places.get(place)
        return max(self.parents(place) - (shape.times if shape else 0), 0)

    def to_dict(self) -> dict[str, Any]:
        """The shapes as JSON."""
        return {
            place: {
                "types": dict(sorted(shape.types.items())),
                **({"formats": dict(sorted(shape.formats.items()))} if shape.formats else {}),
            }
            for place, shape in sorted(self.places.items())
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Shapes:
        """The shapes that `to_dict` wrote.

        Raises:
            ValueError: It wrote something else.
        """
        return cls(
            {place: Shape(_counts(each["types"]), _counts(each.get("formats", {}))) for place, each in data.items()}
        )


def _counts(data: Any) -> Counter[str]:
    if not isinstance(data, dict) or any(type(times) is not int or times < 0 for times in data.values()):
        raise ValueError("counts are whole numbers by name")
    return Counter(data)
