from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any, ClassVar, Self

from attrs import define

from ..._codecs import (
    DATE,
    MOMENT,
    MONEY,
    STRING,
    EnumOf,
    ModelOf,
)
from ..._drift import Odd
from ..._fast import date_of, moment_of, new
from ..._field import Field
from ..._model import Model
from ..._moments import is_moment
from ..._money import amount_of
from .subscription_interval import SubscriptionInterval, SubscriptionInterval_BY_VALUE
from .subscription_options import SubscriptionOptions
from .subscription_status import SubscriptionStatus, SubscriptionStatus_BY_VALUE
from .vat_rate import VatRate, VatRate_BY_VALUE

fast_subscription_options = SubscriptionOptions._fast


@define(eq=False, repr=False, kw_only=True, weakref_slot=False, getstate_setstate=False)
class CustomerSubscription(Model):
    """Customer Subscription.

    Attributes:
        id: Subscription ID, prefix `sub_`.
        customer_id: Customer who owns the subscription. An ID with the prefix `cst_`.
        description: What the subscription is for.
        starts_at: Start date (`start_date` in requests).
        interval: Interval of renewal. Known values: `14 days`, `1 month`, `2 months`, `6 months`, `1 year`.
        renews_at: Next renewal date. `None` where the answer has none.
        currency: Currency of the amount.
        amount: Charge in `currency`; whether VAT is in it is not documented. An exact `Decimal`.
        vat_rate: VAT rate in percent. Known values: `0`, `9`, `21`.
        status: State of the subscription. Known values: `planned`, `in_progress`, `terminated`, `ended`.
        options: Subscription settings.
        terminated_at: Moment of termination. An aware `datetime`. `None` where the answer has none.
        created_at: Moment it was added to MijnKlantportaal. An aware `datetime`.
    """

    id: str
    customer_id: str
    description: str
    starts_at: datetime.date
    interval: SubscriptionInterval | str
    renews_at: datetime.date | None = None
    currency: str
    amount: Decimal
    vat_rate: VatRate | int
    status: SubscriptionStatus | str
    options: SubscriptionOptions
    terminated_at: datetime.datetime | None = None
    created_at: datetime.datetime

    _fields: ClassVar[tuple[Field, ...]] = (
        Field("id", "id", STRING, critical=True),
        Field("customer_id", "customerId", STRING, critical=True),
        Field("description", "description", STRING, shown=False),
        Field("starts_at", "startsAt", DATE),
        Field("interval", "interval", EnumOf(SubscriptionInterval)),
        Field("renews_at", "renewsAt", DATE, nullable=True),
        Field("currency", "currency", STRING),
        Field("amount", "amount", MONEY, critical=True),
        Field("vat_rate", "vatRate", EnumOf(VatRate)),
        Field("status", "status", EnumOf(SubscriptionStatus), critical=True),
        Field("options", "options", ModelOf(SubscriptionOptions)),
        Field("terminated_at", "terminatedAt", MOMENT, nullable=True),
        Field("created_at", "createdAt", MOMENT),
    )

    @classmethod
    def _fast(cls, raw: dict[str, Any]) -> Self:
        if type(raw) is not dict or len(raw) != 13:
            raise Odd
        self = new(cls)
        v: Any
        self.id = v = raw["id"]
        if type(v) is not str:
            raise Odd
        self.customer_id = v = raw["customerId"]
        if type(v) is not str:
            raise Odd
        self.description = v = raw["description"]
        if type(v) is not str:
            raise Odd
        v = raw["startsAt"]
        if v[7] != "-":
            raise Odd
        self.starts_at = date_of(v)
        v = raw["interval"]
        if v not in SubscriptionInterval_BY_VALUE or type(v) is not str:
            raise Odd
        self.interval = SubscriptionInterval_BY_VALUE[v]
        v = raw["renewsAt"]
        if v is None:
            self.renews_at = None
        else:
            if v[7] != "-":
                raise Odd
            self.renews_at = date_of(v)
        self.currency = v = raw["currency"]
        if type(v) is not str:
            raise Odd
        self.amount = amount_of(raw["amount"])
        v = raw["vatRate"]
        if v not in VatRate_BY_VALUE or type(v) is not int:
            raise Odd
        self.vat_rate = VatRate_BY_VALUE[v]
        v = raw["status"]
        if v not in SubscriptionStatus_BY_VALUE or type(v) is not str:
            raise Odd
        self.status = SubscriptionStatus_BY_VALUE[v]
        self.options = fast_subscription_options(raw["options"])
        v = raw["terminatedAt"]
        if v is None:
            self.terminated_at = None
        else:
            if not is_moment(v):
                raise Odd
            self.terminated_at = moment_of(v)
        v = raw["createdAt"]
        if not is_moment(v):
            raise Odd
        self.created_at = moment_of(v)
        return self
