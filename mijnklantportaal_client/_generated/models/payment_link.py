from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any, ClassVar, Self

from attrs import define

from ..._codecs import (
    BOOLEAN,
    MOMENT,
    MONEY,
    STRING,
    EnumOf,
)
from ..._drift import Odd
from ..._fast import moment_of, new
from ..._field import Field
from ..._model import Model
from ..._moments import is_moment
from ..._money import amount_of
from .payment_link_status import PaymentLinkStatus, PaymentLinkStatus_BY_VALUE


@define(eq=False, repr=False, kw_only=True, weakref_slot=False, getstate_setstate=False)
class PaymentLink(Model):
    """Payment Link.

    Attributes:
        id: Payment Link ID, prefix plk_.
        description: Text on the payer's bank statement.
        currency: Currency.
        amount: Amount. An exact `Decimal`.
        reusable: Whether it stays usable after a successful payment.
        expires_at: Expiry moment if set. An aware `datetime`. `None` where the answer has none.
        status: State of the payment link. Known values: `open`, `paid`, `expired`, `closed`.
        checkout_url: URL to send the payer to; `None` once the link can no longer be used.
        created_at: Creation moment. An aware `datetime`.
    """

    id: str
    description: str
    currency: str
    amount: Decimal
    reusable: bool
    expires_at: datetime.datetime | None = None
    status: PaymentLinkStatus | str
    checkout_url: str | None = None
    created_at: datetime.datetime

    _fields: ClassVar[tuple[Field, ...]] = (
        Field("id", "id", STRING, critical=True),
        Field("description", "description", STRING, shown=False),
        Field("currency", "currency", STRING),
        Field("amount", "amount", MONEY, critical=True),
        Field("reusable", "reusable", BOOLEAN),
        Field("expires_at", "expiresAt", MOMENT, required=False, nullable=True),
        Field("status", "status", EnumOf(PaymentLinkStatus), critical=True),
        Field("checkout_url", "checkoutUrl", STRING, nullable=True, shown=False),
        Field("created_at", "createdAt", MOMENT),
    )

    @classmethod
    def _fast(cls, raw: dict[str, Any]) -> Self:
        if type(raw) is not dict or len(raw) > 9:
            raise Odd
        self = new(cls)
        known = 8
        v: Any
        self.id = v = raw["id"]
        if type(v) is not str:
            raise Odd
        self.description = v = raw["description"]
        if type(v) is not str:
            raise Odd
        self.currency = v = raw["currency"]
        if type(v) is not str:
            raise Odd
        self.amount = amount_of(raw["amount"])
        self.reusable = v = raw["reusable"]
        if type(v) is not bool:
            raise Odd
        if "expiresAt" in raw:
            known += 1
            v = raw["expiresAt"]
            if v is None:
                self.expires_at = None
            else:
                if not is_moment(v):
                    raise Odd
                self.expires_at = moment_of(v)
        v = raw["status"]
        if v not in PaymentLinkStatus_BY_VALUE or type(v) is not str:
            raise Odd
        self.status = PaymentLinkStatus_BY_VALUE[v]
        self.checkout_url = v = raw["checkoutUrl"]
        if v is not None and type(v) is not str:
            raise Odd
        v = raw["createdAt"]
        if not is_moment(v):
            raise Odd
        self.created_at = moment_of(v)
        if len(raw) != known:
            raise Odd
        return self
