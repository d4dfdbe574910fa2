from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar, Self

from attrs import define

from ..._codecs import (
    INTEGER,
    NUMBER,
    STRING,
)
from ..._drift import Odd
from ..._fast import new
from ..._field import Field
from ..._model import Model
from ..._money import is_number


@define(eq=False, repr=False, kw_only=True, weakref_slot=False, getstate_setstate=False)
class MijnKlantportaalInvoiceLine(Model):
    """Invoice line.

    Attributes:
        id: Invoice line ID, prefix fcl_.
        description: Service or product that is charged.
        quantity: Number of units.
        currency: Currency, always EUR for now.
        amount_excl_vat: Line amount without VAT. An exact `Decimal`.
        vat_rate: VAT rate of the line in percent. An exact `Decimal`.
        vat_amount: VAT on the line. An exact `Decimal`.
        amount_incl_vat: Line amount with VAT. An exact `Decimal`.
    """

    id: str
    description: str
    quantity: int
    currency: str
    amount_excl_vat: Decimal
    vat_rate: Decimal
    vat_amount: Decimal
    amount_incl_vat: Decimal

    _fields: ClassVar[tuple[Field, ...]] = (
        Field("id", "id", STRING, critical=True),
        Field("description", "description", STRING, shown=False),
        Field("quantity", "quantity", INTEGER),
        Field("currency", "currency", STRING),
        Field("amount_excl_vat", "amountExclVat", NUMBER, critical=True),
        Field("vat_rate", "vatRate", NUMBER, critical=True),
        Field("vat_amount", "vatAmount", NUMBER, critical=True),
        Field("amount_incl_vat", "amountInclVat", NUMBER, critical=True),
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
        self.description = v = raw["description"]
        if type(v) is not str:
            raise Odd
        self.quantity = v = raw["quantity"]
        if type(v) is not int:
            raise Odd
        self.currency = v = raw["currency"]
        if type(v) is not str:
            raise Odd
        v = raw["amountExclVat"]
        if not is_number(v):
            raise Odd
        self.amount_excl_vat = Decimal(v)
        v = raw["vatRate"]
        if not is_number(v):
            raise Odd
        self.vat_rate = Decimal(v)
        v = raw["vatAmount"]
        if not is_number(v):
            raise Odd
        self.vat_amount = Decimal(v)
        v = raw["amountInclVat"]
        if not is_number(v):
            raise Odd
        self.amount_incl_vat = Decimal(v)
        return self
