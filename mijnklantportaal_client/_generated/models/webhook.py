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
from .event_type import EventType, EventType_BY_VALUE


@define(eq=False, repr=False, kw_only=True, weakref_slot=False, getstate_setstate=False)
class Webhook(Model):
    """A webhook record.

    Attributes:
        id: Webhook ID, prefix `wbh_`.
        type: Event that triggers the webhook. Known values: `appointment-created`, `appointment-canceled`,
            `customer-created`, `customer-deleted`, `offer-created`, `offer-deleted`, `offer-accepted`,
            `offer-rejected`, `invoice-created`, `invoice-chargeback`, `invoice-paid`,
            `invoice-deleted`, `payment-link-created`, `payment-link-expired`, `payment-link-paid`,
            `ticket-created`, `ticket-reply-customer`, `ticket-reply-employee`, `subscription-created`,
            `subscription-updated`, `subscription-deleted`, `subscription-payment-created`,
            `subscription-payment-updated`.
        url: URL that gets called.
        secret: Random string sent along in the `X-Webhook-Signature` header of each call, to check that the
            call comes from MijnKlantportaal.
        created_at: When the webhook was made. An aware `datetime`.
    """

    id: str
    type: EventType | str
    url: str
    secret: str
    created_at: datetime.datetime

    _fields: ClassVar[tuple[Field, ...]] = (
        Field("id", "id", STRING, critical=True),
        Field("type", "type", EnumOf(EventType)),
        Field("url", "url", STRING, shown=False),
        Field("secret", "secret", STRING, shown=False),
        Field("created_at", "createdAt", MOMENT),
    )

    @classmethod
    def _fast(cls, raw: dict[str, Any]) -> Self:
        if type(raw) is not dict or len(raw) != 5:
            raise Odd
        self = new(cls)
        v: Any
        self.id = v = raw["id"]
        if type(v) is not str:
            raise Odd
        v = raw["type"]
        if v not in EventType_BY_VALUE or type(v) is not str:
            raise Odd
        self.type = EventType_BY_VALUE[v]
        self.url = v = raw["url"]
        if type(v) is not str:
            raise Odd
        self.secret = v = raw["secret"]
        if type(v) is not str:
            raise Odd
        v = raw["createdAt"]
        if not is_moment(v):
            raise Odd
        self.created_at = moment_of(v)
        return self
