"""One field of a model, what an answer may hold beside its fields, and what a repr shows of a field."""

from __future__ import annotations

import datetime
import enum
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ._unset import UNSET

if TYPE_CHECKING:
    from ._codec import Codec

EMPTY: Any = object()
"""Stands for a slot that holds nothing."""


class Field:
    """One field of a model: its names, its codec, and what the contract says of it."""

    __slots__ = ("codec", "critical", "name", "nullable", "optional", "required", "shown", "wire")

    def __init__(
        self,
        name: str,
        wire: str,
        codec: Codec,
        *,
        required: bool = True,
        nullable: bool = False,
        shown: bool = True,
        critical: bool = False,
    ) -> None:
        self.name = name
        self.wire = wire
        self.codec = codec
        self.required = required
        self.nullable = nullable
        self.shown = shown
        self.optional = nullable or not required
        """Whether the annotation allows None."""
        self.critical = critical
        """Whether it is or holds an amount, an ID or a status, which `strict="money"` watches."""


_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Oddities:
    """What one answer holds that no field can. Most objects have nothing of it, and most others only one part.

    Attributes:
        unreadable: What came instead of the fields that could not be read.
        kept: Field to its value and what that was read from, where the value would be written differently.
        origin: Where a link came from; no copy has it, and it is no part of the data.
    """

    __slots__ = ("_additional", "kept", "origin", "unreadable")

    def __init__(
        self, additional: dict[str, Any], unreadable: Mapping[str, Any], kept: Mapping[str, tuple[Any, Any]]
    ) -> None:
        self._additional = additional or None
        self.unreadable = unreadable or _NOTHING
        self.kept = kept or _NOTHING
        self.origin: Any = None

    @property
    def additional(self) -> Mapping[str, Any]:
        """Fields that the contract does not know."""
        return _NOTHING if self._additional is None else self._additional

    def growing(self) -> dict[str, Any]:
        """The same, for somebody who may add to them."""
        if self._additional is None:
            self._additional = {}
        return self._additional


def shown_part(field: Field, value: Any, unreadable: Mapping[str, Any]) -> str:
    """What a repr says of a field: its value only if that is harmless."""
    if value is EMPTY:
        return f"{field.name}=<unreadable>" if field.name in unreadable else ""
    if value is UNSET or (value is None and not field.shown):
        return ""
    return f"{field.name}={_brief(value) if field.shown else '...'}"


def _brief(value: Any) -> str:
    if isinstance(value, list):
        return f"[{len(value)} items]" if len(value) != 1 else "[1 item]"
    if isinstance(value, (datetime.date, Decimal)):
        return str(value)
    if isinstance(value, enum.Enum):
        return repr(value.value)
    return repr(value)
