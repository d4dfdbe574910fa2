from __future__ import annotations

import datetime
from typing import Any, ClassVar, Self

from attrs import define

from ..._codecs import (
    BOOLEAN,
    MOMENT,
    STRING,
    ListOf,
    ModelOf,
)
from ..._drift import Odd
from ..._fast import moment_of, new
from ..._field import Field
from ..._model import Model
from ..._moments import is_moment
from .ticket_attachment import TicketAttachment

fast_ticket_attachment = TicketAttachment._fast


@define(eq=False, repr=False, kw_only=True, weakref_slot=False, getstate_setstate=False)
class TicketMessage(Model):
    """A message of the ticket.

    Attributes:
        id: Message ID, prefix `tim_`.
        posted_by: Name of the poster. `None` where the answer has none.
        is_posted_by_customer: True when the customer posted it.
        message: Message text as HTML.
        posted_at: When it was posted. An aware `datetime`.
        attachments: Files of the message.
    """

    id: str
    posted_by: str | None = None
    is_posted_by_customer: bool
    message: str
    posted_at: datetime.datetime
    attachments: list[TicketAttachment]

    _fields: ClassVar[tuple[Field, ...]] = (
        Field("id", "id", STRING, critical=True),
        Field("posted_by", "postedBy", STRING, nullable=True, shown=False),
        Field("is_posted_by_customer", "isPostedByCustomer", BOOLEAN),
        Field("message", "message", STRING, shown=False),
        Field("posted_at", "postedAt", MOMENT),
        Field("attachments", "attachments", ListOf(ModelOf(TicketAttachment)), critical=True),
    )

    @classmethod
    def _fast(cls, raw: dict[str, Any]) -> Self:
        if type(raw) is not dict or len(raw) != 6:
            raise Odd
        self = new(cls)
        v: Any
        self.id = v = raw["id"]
        if type(v) is not str:
            raise Odd
        self.posted_by = v = raw["postedBy"]
        if v is not None and type(v) is not str:
            raise Odd
        self.is_posted_by_customer = v = raw["isPostedByCustomer"]
        if type(v) is not bool:
            raise Odd
        self.message = v = raw["message"]
        if type(v) is not str:
            raise Odd
        v = raw["postedAt"]
        if not is_moment(v):
            raise Odd
        self.posted_at = moment_of(v)
        v = raw["attachments"]
        if type(v) is not list:
            raise Odd
        self.attachments = [fast_ticket_attachment(m) for m in v]
        return self
