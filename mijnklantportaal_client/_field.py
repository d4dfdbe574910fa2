"""One field of a model, what an answer may hold beside its fields, and what a repr shows of a field."""

from __future__ import annotations

import datetime
import enum
from collections.abc import Mapping
from decimal import Decimal
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


class Oddities:
    """What one answer holds beyond, or short of, the contract."""

    __slots__ = ("absent", "additional", "kept", "origin", "unreadable")

    def __init__(self) -> None:
        self.additional: dict[str, Any] = {}
        self.unreadable: dict[str, Any] = {}
        self.absent: set[str] = set()
        # Field -> (value, what it was read from), where the value would be written differently.
        self.kept: dict[str, tuple[Any, Any]] = {}
        # Where a link came from; no copy has it, and it is no part of the data.
        self.origin: Any = None

    def __bool__(self) -> bool:
        return bool(self.additional or self.unreadable or self.absent or self.kept)


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
