from __future__ import annotations

from typing import Any, ClassVar, Self

from attrs import define

from ..._codecs import (
    STRING,
)
from ..._drift import Odd
from ..._fast import new
from ..._field import Field
from ..._model import Model


@define(eq=False, repr=False, kw_only=True, weakref_slot=False, getstate_setstate=False)
class Link(Model):
    """A URL and what it answers with.

    Attributes:
        href: The URL.
        type: Content type of that URL.
    """

    href: str
    type: str

    _fields: ClassVar[tuple[Field, ...]] = (
        Field("href", "href", STRING, shown=False),
        Field("type", "type", STRING),
    )

    @classmethod
    def _fast(cls, raw: dict[str, Any]) -> Self:
        if type(raw) is not dict or len(raw) != 2:
            raise Odd
        self = new(cls)
        v: Any
        self.href = v = raw["href"]
        if type(v) is not str:
            raise Odd
        self.type = v = raw["type"]
        if type(v) is not str:
            raise Odd
        return self
