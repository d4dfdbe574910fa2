from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any, ClassVar, Self

from attrs import define

from ..._codecs import (
    MOMENT,
    MONEY,
    STRING,
)
from ..._drift import Odd
from ..._fast import moment_of, new, share
from ..._field import Field
from ..._model import Model
from ..._moments import is_moment
from ..._money import amount_of


@define(eq=False, repr=False, kw_only=True, weakref_slot=False, getstate_setstate=False)
class PaymentLinkPayment(Model):
    """A payment that was made, or tried, through a payment link.

    Attributes:
        id: Payment ID, prefix `plp_`.
        payment_link_id: Payment link that was paid. An ID with the prefix `plk_`.
        currency: Currency of the amount, EUR.
        amount: Amount of the payment. An exact `Decimal`.
        status: State of the payment, such as `paid`; the values are not documented.
        payers_name: Name of who paid, when the payment provider tells it. `None` where the answer has none.
        integration: Payment provider that handled it, such as `mollie`. `None` where the answer has none.
        integration_id: ID of the payment at that provider. `None` where the answer has none.
        created_at: When the payment was made. An aware `datetime`.
    """

    id: str
    payment_link_id: str
    currency: str
    amount: Decimal
    status: str
    payers_name: str | None = None
    integration: str | None = None
    integration_id: str | None = None
    created_at: datetime.datetime

    _fields: ClassVar[tuple[Field, ...]] = (
        Field("id", "id", STRING, critical=True),
        Field("payment_link_id", "paymentLinkId", STRING, critical=True),
        Field("currency", "currency", STRING),
        Field("amount", "amount", MONEY, critical=True),
        Field("status", "status", STRING, shown=False, critical=True),
        Field("payers_name", "payersName", STRING, nullable=True, shown=False),
        Field("integration", "integration", STRING, nullable=True),
        Field("integration_id", "integrationId", STRING, nullable=True),
        Field("created_at", "createdAt", MOMENT),
    )

    @classmethod
    def _fast(cls, raw: dict[str, Any]) -> Self:
        if type(raw) is not dict or len(raw) != 9:
            raise Odd
        self = new(cls)
        v: Any
        self.id = v = raw["id"]
        if type(v) is not str:
            raise Odd
        self.payment_link_id = v = raw["paymentLinkId"]
        if type(v) is not str:
            raise Odd
        self.currency = v = raw["currency"]
        if type(v) is not str:
            raise Odd
        self.amount = amount_of(raw["amount"])
        self.status = v = raw["status"]
        if type(v) is not str:
            raise Odd
        self.payers_name = v = raw["payersName"]
        if v is not None and type(v) is not str:
            raise Odd
        v = raw["integration"]
        if v is None:
            self.integration = None
        else:
            if type(v) is not str:
                raise Odd
            self.integration = share(v)
        self.integration_id = v = raw["integrationId"]
        if v is not None and type(v) is not str:
            raise Odd
        v = raw["createdAt"]
        if not is_moment(v):
            raise Odd
        self.created_at = moment_of(v)
        return self
