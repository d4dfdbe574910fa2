from __future__ import annotations

from decimal import Decimal
from typing import ClassVar, TypedDict

from attrs import define

from ..._codecs import (
    MONEY,
    STRING,
    EnumOf,
)
from ..._field import Field
from ..._model import Model
from .vat_rate import VatRate


@define(eq=False, repr=False, kw_only=True, weakref_slot=False, getstate_setstate=False)
class InvoiceLineInput(Model):
    """A line of an invoice or offer.

    Attributes:
        description: Service or product.
        amount_excl_vat: Amount without VAT in euro (EUR). Pass a `Decimal`, an `int` or text like `12.95`, with
            at most two decimals; never a `float`.
        vat_rate: VAT rate in percent. Known values: `0`, `9`, `21`.
    """

    description: str
    amount_excl_vat: Decimal | int | str
    vat_rate: VatRate | int

    _fields: ClassVar[tuple[Field, ...]] = (
        Field("description", "description", STRING, shown=False),
        Field("amount_excl_vat", "amountExclVat", MONEY, critical=True),
        Field("vat_rate", "vatRate", EnumOf(VatRate)),
    )


class InvoiceLineInputDict(TypedDict):
    """The same as a dict, for arguments."""

    description: str
    amount_excl_vat: Decimal | int | str
    vat_rate: VatRate | int
