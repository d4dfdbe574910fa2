from __future__ import annotations

from decimal import Decimal
from typing import ClassVar, TypedDict

from attrs import define

from ..._codecs import (
    MONEY,
    STRING,
    EnumOf,
)
from ..._model import Field, Model
from .vat_rate import VatRate


@define(eq=False, repr=False, kw_only=True, weakref_slot=False, getstate_setstate=False)
class InvoiceLineInput(Model):
    """InvoiceLineInput.

    Attributes:
        description: Service or product.
        amount_excl_vat: Amount without VAT in euro (EUR). Exact.
        vat_rate: VAT rate in percent: 0, 9 or 21. Known values: `0`, `9`, `21`.
    """

    description: str
    amount_excl_vat: Decimal | int | str
    vat_rate: VatRate | int

    _fields: ClassVar[tuple[Field, ...]] = (
        Field("description", "description", STRING),
        Field("amount_excl_vat", "amountExclVat", MONEY),
        Field("vat_rate", "vatRate", EnumOf(VatRate)),
    )


class InvoiceLineInputDict(TypedDict):
    """The same as a dict, for arguments."""

    description: str
    amount_excl_vat: Decimal | int | str
    vat_rate: VatRate | int
