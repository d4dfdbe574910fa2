from __future__ import annotations

from typing import Any, ClassVar, Self

from attrs import define

from ..._codecs import (
    INTEGER,
    STRING,
)
from ..._drift import Odd
from ..._fast import new
from ..._field import Field
from ..._model import Model


@define(eq=False, repr=False, kw_only=True, weakref_slot=False, getstate_setstate=False)
class TicketAttachment(Model):
    """A file of the message.

    Attributes:
        id: Attachment ID, prefix `tma_`.
        name: File name.
        size: File size (unit not documented).
        mime: MIME type.
    """

    id: str
    name: str
    size: int
    mime: str

    _fields: ClassVar[tuple[Field, ...]] = (
        Field("id", "id", STRING, critical=True),
        Field("name", "name", STRING, shown=False),
        Field("size", "size", INTEGER),
        Field("mime", "mime", STRING),
    )

    @classmethod
    def _fast(cls, raw: dict[str, Any]) -> Self:
        if type(raw) is not dict or len(raw) != 4:
            raise Odd
        self = new(cls)
        v: Any
        self.id = v = raw["id"]
        if type(v) is not str:
            raise Odd
        self.name = v = raw["name"]
        if type(v) is not str:
            raise Odd
        self.size = v = raw["size"]
        if type(v) is not int:
            raise Odd
        self.mime = v = raw["mime"]
        if type(v) is not str:
            raise Odd
        return self
