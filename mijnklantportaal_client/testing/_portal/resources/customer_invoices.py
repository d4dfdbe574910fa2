"""Customer invoices: made from a PDF or from lines, paid and charged back.

The documentation does not say when an invoice is due: 30 days after its date. Nor what happens to one that is marked
paid again: it gets the new moment, and no second `invoice-paid`. Nor that two must not have the same number: they may.
An invoice without lines is refused. The bytes of an uploaded PDF are not looked at.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from .. import money
from ..behaviour import Asked, Behaviour
from ._dates import later
from ._links import to_customer, to_page
from ._pdf import one_page
from ._rules import need_items

if TYPE_CHECKING:
    from ..portal import Portal
    from ..records import Record

_DAYS_TO_PAY = 30

behaviour = Behaviour()
behaviour.collection("customer_invoices", "inv_")
behaviour.lists("list-customer-invoices", "customer_invoices")
behaviour.gets("get-customer-invoice")


@behaviour("create-customer-invoice")
def create_from_pdf(portal: Portal, asked: Asked) -> Record:
    """Adds an invoice whose PDF is there; paid where it says when."""
    body, pdf = asked.body, asked.body["pdf"]
    paid = portal.moment(body["paidAt"]) if "paidAt" in body else None
    blob = portal.add_blob(pdf.content, pdf.filename, pdf.content_type)
    return issue(portal, body["customerId"], body["invoiceNumber"], body["issuedAt"], body["amount"], paid, blob=blob)


@behaviour("create-customer-invoice-manual")
def create_from_lines(portal: Portal, asked: Asked) -> Record:
    """Adds an invoice that comes to what its lines come to with VAT."""
    body = asked.body
    need_items(body, "lines")
    amount = money.total(body["lines"])
    return issue(portal, body["customerId"], body["invoiceNumber"], body["issuedAt"], amount, lines=body["lines"])


@behaviour("mark-customer-invoice-paid")
def mark_paid(portal: Portal, asked: Asked) -> Record:
    """Says when an invoice was paid."""
    return pay(portal, asked.record, portal.moment(asked.body["paidAt"]))


@behaviour("get-customer-invoice-as-pdf")
def get_pdf_link(portal: Portal, asked: Asked) -> Record:
    """A link to the PDF, which is made when it is first asked for where nobody uploaded one."""
    invoice = asked.record
    blob = invoice.get("blob")
    if blob is None:
        name = f"{invoice['invoiceNumber']}.pdf"
        blob = portal.add_blob(one_page(_text(portal, invoice)), name, "application/pdf")
        portal.of("customer_invoices").change(invoice["id"], blob=blob)
    return portal.link(blob)


def issue(
    portal: Portal, customer_id: str, number: str, issued: str, amount: str, paid: str | None = None, **kept: Any
) -> Record:
    """Adds an invoice, which may have been paid."""
    id = portal.new_id("inv_")
    due = later(datetime.date.fromisoformat(issued), days=_DAYS_TO_PAY)
    invoice = portal.create(
        "customer_invoices",
        id=id,
        customerId=customer_id,
        invoiceNumber=number,
        issuedAt=issued,
        dueAt=due and due.isoformat(),
        currency="EUR",
        amount=money.written(amount),
        paidAt=None,
        links={"customer": to_customer(customer_id), "onlinePaymentLink": to_page(f"pay/{id}")},
        **kept,
    )
    portal.emit("invoice-created", invoice)
    return invoice if paid is None else pay(portal, invoice, paid)


def pay(portal: Portal, invoice: Record, paid: str) -> Record:
    """Marks an invoice as paid."""
    after = portal.of("customer_invoices").change(invoice["id"], paidAt=paid)
    if invoice["paidAt"] is None:
        portal.emit("invoice-paid", after)
    return after


def _text(portal: Portal, invoice: Record) -> list[str]:
    customer = portal.of("customers").get(invoice["customerId"])
    lines = [
        f"{line['description']}: EUR {money.written(line['amountExclVat'])} + {line['vatRate']}% btw"
        for line in invoice.get("lines", ())
    ]
    return [
        f"Factuur {invoice['invoiceNumber']}",
        customer["companyName"] if customer else invoice["customerId"],
        f"Factuurdatum: {invoice['issuedAt']}",
        *lines,
        f"Totaal: EUR {invoice['amount']}",
    ]
