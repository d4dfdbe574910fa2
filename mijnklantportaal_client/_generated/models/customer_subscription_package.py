from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar, Self

from attrs import define

from ..._codecs import (
    BOOLEAN,
    MONEY,
    STRING,
    EnumOf,
)
from ..._drift import Odd
from ..._fast import new
from ..._field import Field
from ..._model import Model
from ..._money import amount_of
from .subscription_interval import SubscriptionInterval, SubscriptionInterval_BY_VALUE
from .vat_rate import VatRate, VatRate_BY_VALUE


@define(eq=False, repr=False, kw_only=True, weakref_slot=False, getstate_setstate=False)
class CustomerSubscriptionPackage(Model):
    """Customer Subscription Package.

    Attributes:
        id: Package ID, prefix `spg_`.
        name: Package name.
        description: Package details, chiefly its terms and conditions. `None` where the answer has none.
        interval: Interval of renewal. Known values: `14 days`, `1 month`, `2 months`, `6 months`, `1 year`.
        currency: Currency of the price.
        amount: Charge in `currency`; whether VAT is in it is not documented. An exact `Decimal`.
        vat_rate: VAT rate in percent. Known values: `0`, `9`, `21`.
        available_for_sale: Whether it can be bought in the portal and, if enabled, on the public page.
    """

    id: str
    name: str
    description: str | None = None
    interval: SubscriptionInterval | str
    currency: str
    amount: Decimal
    vat_rate: VatRate | int
    available_for_sale: bool

    _fields: ClassVar[tuple[Field, ...]] = (
        Field("id", "id", STRING, critical=True),
        Field("name", "name", STRING, shown=False),
        Field("description", "description", STRING, nullable=True, shown=False),
        Field("interval", "interval", EnumOf(SubscriptionInterval)),
        Field("currency", "currency", STRING),
        Field("amount", "amount", MONEY, critical=True),
        Field("vat_rate", "vatRate", EnumOf(VatRate)),
        Field("available_for_sale", "availableForSale", BOOLEAN),
    )

    @classmethod
    def _fast(cls, raw: dict[str, Any]) -> Self:
        if type(raw) is not dict or len(raw) != 8:
            raise Odd
        self = new(cls)
        v: Any
        self.id = v = raw["id"]
        if type(v) is not str:
            raise Odd
        self.name = v = raw["name"]
        if type(v) is not str:
            raise Odd
        self.description = v = raw["description"]
        if v is not None and type(v) is not str:
            raise Odd
        v = raw["interval"]
        if v not in SubscriptionInterval_BY_VALUE or type(v) is not str:
            raise Odd
        self.interval = SubscriptionInterval_BY_VALUE[v]
        self.currency = v = raw["currency"]
        if type(v) is not str:
            raise Odd
        self.amount = amount_of(raw["amount"])
        v = raw["vatRate"]
        if v not in VatRate_BY_VALUE or type(v) is not int:
            raise Odd
        self.vat_rate = VatRate_BY_VALUE[v]
        self.available_for_sale = v = raw["availableForSale"]
        if type(v) is not bool:
            raise Odd
        return self
