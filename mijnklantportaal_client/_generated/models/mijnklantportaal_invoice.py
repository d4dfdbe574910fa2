from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any, ClassVar, Self

from attrs import define

from ..._codecs import (
    BOOLEAN,
    MOMENT,
    NUMBER,
    STRING,
    ListOf,
    ModelOf,
)
from ..._drift import Odd
from ..._fast import moment_of, new
from ..._field import Field
from ..._model import Model
from ..._moments import is_moment
from ..._money import is_number
from .mijnklantportaal_invoice_line import MijnKlantportaalInvoiceLine

fast_mijnklantportaal_invoice_line = MijnKlantportaalInvoiceLine._fast


@define(eq=False, repr=False, kw_only=True, weakref_slot=False, getstate_setstate=False)
class MijnKlantportaalInvoice(Model):
    """Invoice that MijnKlantportaal sent to the owner of the portal.

    Attributes:
        id: Invoice ID, prefix fac_.
        invoice_number: Invoice number.
        lines: Lines of the invoice.
        currency: Currency, always EUR for now.
        subtotal_amount: Total without VAT. An exact `Decimal`.
        vat_amount: Total VAT. An exact `Decimal`.
        total_amount: Total with VAT. An exact `Decimal`.
        issued_at: Issue date, as midnight UTC. An aware `datetime`.
        is_paid: Whether the invoice has been paid.
    """

    id: str
    invoice_number: str
    lines: list[MijnKlantportaalInvoiceLine]
    currency: str
    subtotal_amount: Decimal
    vat_amount: Decimal
    total_amount: Decimal
    issued_at: datetime.datetime
    is_paid: bool

    _fields: ClassVar[tuple[Field, ...]] = (
        Field("id", "id", STRING, critical=True),
        Field("invoice_number", "invoiceNumber", STRING),
        Field("lines", "lines", ListOf(ModelOf(MijnKlantportaalInvoiceLine)), critical=True),
        Field("currency", "currency", STRING),
        Field("subtotal_amount", "subtotalAmount", NUMBER, critical=True),
        Field("vat_amount", "vatAmount", NUMBER, critical=True),
        Field("total_amount", "totalAmount", NUMBER, critical=True),
        Field("issued_at", "issuedAt", MOMENT),
        Field("is_paid", "isPaid", BOOLEAN),
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
        self.invoice_number = v = raw["invoiceNumber"]
        if type(v) is not str:
            raise Odd
        v = raw["lines"]
        if type(v) is not list:
            raise Odd
        self.lines = [fast_mijnklantportaal_invoice_line(m) for m in v]
        self.currency = v = raw["currency"]
        if type(v) is not str:
            raise Odd
        v = raw["subtotalAmount"]
        if not is_number(v):
            raise Odd
        self.subtotal_amount = Decimal(v)
        v = raw["vatAmount"]
        if not is_number(v):
            raise Odd
        self.vat_amount = Decimal(v)
        v = raw["totalAmount"]
        if not is_number(v):
            raise Odd
        self.total_amount = Decimal(v)
        v = raw["issuedAt"]
        if not is_moment(v):
            raise Odd
        self.issued_at = moment_of(v)
        self.is_paid = v = raw["isPaid"]
        if type(v) is not bool:
            raise Odd
        return self
