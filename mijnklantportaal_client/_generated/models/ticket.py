from __future__ import annotations

import datetime
from typing import Any, ClassVar, Self

from attrs import define

from ..._codecs import (
    MOMENT,
    STRING,
    EnumOf,
)
from ..._drift import Odd
from ..._fast import moment_of, new
from ..._field import Field
from ..._model import Model
from ..._moments import is_moment
from .ticket_source import TicketSource, TicketSource_BY_VALUE
from .ticket_status import TicketStatus, TicketStatus_BY_VALUE


@define(eq=False, repr=False, kw_only=True, weakref_slot=False, getstate_setstate=False)
class Ticket(Model):
    """A ticket, without its messages.

    Attributes:
        id: Ticket ID, prefix `tic_`.
        customer_id: ID of the customer the ticket belongs to. An ID with the prefix `cst_`. `None` where the
            answer has none.
        title: Title, usually saying what the ticket is about.
        source: Where the ticket came from. Known values: `portal`, `email`, `chat`.
        status: State of the ticket. Known values: `open`, `closed`.
        created_at: When the ticket was made. An aware `datetime`.
    """

    id: str
    customer_id: str | None = None
    title: str
    source: TicketSource | str
    status: TicketStatus | str
    created_at: datetime.datetime

    _fields: ClassVar[tuple[Field, ...]] = (
        Field("id", "id", STRING, critical=True),
        Field("customer_id", "customerId", STRING, nullable=True, critical=True),
        Field("title", "title", STRING, shown=False),
        Field("source", "source", EnumOf(TicketSource)),
        Field("status", "status", EnumOf(TicketStatus), critical=True),
        Field("created_at", "createdAt", MOMENT),
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
        self.customer_id = v = raw["customerId"]
        if v is not None and type(v) is not str:
            raise Odd
        self.title = v = raw["title"]
        if type(v) is not str:
            raise Odd
        v = raw["source"]
        if v not in TicketSource_BY_VALUE or type(v) is not str:
            raise Odd
        self.source = TicketSource_BY_VALUE[v]
        v = raw["status"]
        if v not in TicketStatus_BY_VALUE or type(v) is not str:
            raise Odd
        self.status = TicketStatus_BY_VALUE[v]
        v = raw["createdAt"]
        if not is_moment(v):
            raise Odd
        self.created_at = moment_of(v)
        return self
