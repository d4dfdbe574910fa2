from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any, ClassVar, Self

from attrs import define

from ..._codecs import (
    BOOLEAN,
    INTEGER,
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
from .expiry_period import ExpiryPeriod, ExpiryPeriod_BY_VALUE
from .vat_rate import VatRate, VatRate_BY_VALUE


@define(eq=False, repr=False, kw_only=True, weakref_slot=False, getstate_setstate=False)
class PunchCard(Model):
    """A punch card (the kind of card that is sold or issued).

    Attributes:
        id: Punch card ID, prefix `pcd_`.
        name: Card name.
        description: Text about the card, shown in the portal. `None` where the answer has none.
        punches: Number of punches on the card.
        punch_label: What a punch stands for.
        for_sale: Whether customers can buy the card in the portal.
        price: Selling price in EUR including VAT; `None` when not for sale. An exact `Decimal`.
        vat_rate: VAT percentage in the price, one of 21, 9, 0; `None` when not for sale. Known values: `0`,
            `9`, `21`.
        expiry_value: Number of units until the card expires; `None` when it never expires.
        expiry_periode: Unit of `expiry_value` (`expire_period` in requests); `None` when the card never
            expires. Known values: `days`, `months`, `years`.
        created_at: When the card was made. An aware `datetime`.
    """

    id: str
    name: str
    description: str | None = None
    punches: int
    punch_label: str
    for_sale: bool
    price: Decimal | None = None
    vat_rate: VatRate | int | None = None
    expiry_value: int | None = None
    expiry_periode: ExpiryPeriod | str | None = None
    created_at: datetime.datetime

    _fields: ClassVar[tuple[Field, ...]] = (
        Field("id", "id", STRING, critical=True),
        Field("name", "name", STRING, shown=False),
        Field("description", "description", STRING, nullable=True, shown=False),
        Field("punches", "punches", INTEGER),
        Field("punch_label", "punchLabel", STRING, shown=False),
        Field("for_sale", "forSale", BOOLEAN),
        Field("price", "price", MONEY, nullable=True, critical=True),
        Field("vat_rate", "vatRate", EnumOf(VatRate), nullable=True),
        Field("expiry_value", "expiryValue", INTEGER, nullable=True),
        Field("expiry_periode", "expiryPeriode", EnumOf(ExpiryPeriod), nullable=True),
        Field("created_at", "createdAt", MOMENT),
    )

    @classmethod
    def _fast(cls, raw: dict[str, Any]) -> Self:
        if type(raw) is not dict or len(raw) != 11:
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
        self.punches = v = raw["punches"]
        if type(v) is not int:
            raise Odd
        self.punch_label = v = raw["punchLabel"]
        if type(v) is not str:
            raise Odd
        self.for_sale = v = raw["forSale"]
        if type(v) is not bool:
            raise Odd
        v = raw["price"]
        if v is None:
            self.price = None
        else:
            self.price = amount_of(v)
        v = raw["vatRate"]
        if v is None:
            self.vat_rate = None
        else:
            if v not in VatRate_BY_VALUE or type(v) is not int:
                raise Odd
            self.vat_rate = VatRate_BY_VALUE[v]
        self.expiry_value = v = raw["expiryValue"]
        if v is not None and type(v) is not int:
            raise Odd
        v = raw["expiryPeriode"]
        if v is None:
            self.expiry_periode = None
        else:
            if v not in ExpiryPeriod_BY_VALUE or type(v) is not str:
                raise Odd
            self.expiry_periode = ExpiryPeriod_BY_VALUE[v]
        v = raw["createdAt"]
        if not is_moment(v):
            raise Odd
        self.created_at = moment_of(v)
        return self
