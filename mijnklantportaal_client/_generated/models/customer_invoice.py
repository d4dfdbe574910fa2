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
    ModelOf,
)
from ..._drift import Odd
from ..._fast import date_of, moment_of, new
from ..._field import Field
from ..._model import Model
from ..._moments import is_moment
from ..._money import amount_of
from .customer_invoice_links import CustomerInvoiceLinks
from .link import Link


@define(eq=False, repr=False, kw_only=True, weakref_slot=False, getstate_setstate=False)
class CustomerInvoice(Model):
    """Customer Invoice.

    Attributes:
        id: Invoice ID, prefix `inv_`.
        customer_id: ID of the customer the invoice is for. An ID with the prefix `cst_`.
        invoice_number: Invoice number.
        issued_at: Issue date.
        due_at: Due date when known. `None` where the answer has none.
        currency: Currency of the amount.
        amount: Invoice amount. An exact `Decimal`.
        paid_at: When it was marked paid. An aware `datetime`. `None` where the answer has none.
        created_at: When it was added to MijnKlantportaal. An aware `datetime`.
        links: Where to go from this invoice.
    """

    id: str
    customer_id: str
    invoice_number: str
    issued_at: datetime.date
    due_at: datetime.date | None = None
    currency: str
    amount: Decimal
    paid_at: datetime.datetime | None = None
    created_at: datetime.datetime
    links: CustomerInvoiceLinks

    _fields: ClassVar[tuple[Field, ...]] = (
        Field("id", "id", STRING, critical=True),
        Field("customer_id", "customerId", STRING, critical=True),
        Field("invoice_number", "invoiceNumber", STRING),
        Field("issued_at", "issuedAt", DATE),
        Field("due_at", "dueAt", DATE, required=False, nullable=True),
        Field("currency", "currency", STRING),
        Field("amount", "amount", MONEY, critical=True),
        Field("paid_at", "paidAt", MOMENT, nullable=True),
        Field("created_at", "createdAt", MOMENT),
        Field("links", "links", ModelOf(CustomerInvoiceLinks)),
    )

    @classmethod
    def _fast(cls, raw: dict[str, Any]) -> Self:
        if type(raw) is not dict or len(raw) > 10:
            raise Odd
        self = new(cls)
        known = 9
        v: Any
        self.id = v = raw["id"]
        if type(v) is not str:
            raise Odd
        self.customer_id = v = raw["customerId"]
        if type(v) is not str:
            raise Odd
        self.invoice_number = v = raw["invoiceNumber"]
        if type(v) is not str:
            raise Odd
        v = raw["issuedAt"]
        if v[7] != "-":
            raise Odd
        self.issued_at = date_of(v)
        if "dueAt" in raw:
            known += 1
            v = raw["dueAt"]
            if v is None:
                self.due_at = None
            else:
                if v[7] != "-":
                    raise Odd
                self.due_at = date_of(v)
        self.currency = v = raw["currency"]
        if type(v) is not str:
            raise Odd
        self.amount = amount_of(raw["amount"])
        v = raw["paidAt"]
        if v is None:
            self.paid_at = None
        else:
            if not is_moment(v):
                raise Odd
            self.paid_at = moment_of(v)
        v = raw["createdAt"]
        if not is_moment(v):
            raise Odd
        self.created_at = moment_of(v)
        raw_customer_invoice_links = raw["links"]
        if type(raw_customer_invoice_links) is not dict or len(raw_customer_invoice_links) != 2:
            raise Odd
        self.links = new_customer_invoice_links = new(CustomerInvoiceLinks)
        raw_link = raw_customer_invoice_links["customer"]
        if type(raw_link) is not dict or len(raw_link) != 2:
            raise Odd
        new_customer_invoice_links.customer = new_link = new(Link)
        new_link.href = v = raw_link["href"]
        if type(v) is not str:
            raise Odd
        new_link.type = v = raw_link["type"]
        if type(v) is not str:
            raise Odd
        raw_link = raw_customer_invoice_links["onlinePaymentLink"]
        if type(raw_link) is not dict or len(raw_link) != 2:
            raise Odd
        new_customer_invoice_links.online_payment_link = new_link = new(Link)
        new_link.href = v = raw_link["href"]
        if type(v) is not str:
            raise Odd
        new_link.type = v = raw_link["type"]
        if type(v) is not str:
            raise Odd
        if len(raw) != known:
            raise Odd
        return self
