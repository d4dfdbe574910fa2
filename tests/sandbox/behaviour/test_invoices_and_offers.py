"""Invoices and offers, from PDFs and from lines, and what becomes of them."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest

from mijnklantportaal_client.models import CustomerInvoice, CustomerOffer, InvoiceLineInputDict
from mijnklantportaal_client.testing._portal.people import SIGNATURE
from tests.sandbox.behaviour.conftest import NOW, Desk, at, refused

LINES: list[InvoiceLineInputDict] = [
    {"description": "Website", "amount_excl_vat": "100", "vat_rate": 21},
    {"description": "Boek (2e druk)", "amount_excl_vat": "10.50", "vat_rate": 9},
]
EARLIER, LATER = at("2026-02-01T10:00:00"), at("2026-04-01T10:00:00")
DATES: dict[str, Any] = {"issued_at": "2026-02-28", "expires_at": "2026-03-31"}


async def invoice(desk: Desk, **changes: Any) -> CustomerInvoice:
    """An invoice that was uploaded."""
    customer = await desk.customer()
    fields: dict[str, Any] = {"customer_id": customer.id, "invoice_number": "2026-1", "issued_at": "2026-02-28"}
    return await desk.portal.customer_invoices.create_from_pdf(
        **{**fields, "amount": "12.9", "pdf": b"%PDF-", **changes}
    )


async def offer(desk: Desk, **changes: Any) -> CustomerOffer:
    """An offer that was uploaded."""
    customer = await desk.customer()
    fields: dict[str, Any] = {"customer_id": customer.id, "offer_number": "2026-1", "amount": "50", "pdf": b"%PDF-"}
    return await desk.portal.customer_offers.create_from_pdf(**fields | DATES | changes)


async def test_an_uploaded_invoice(desk: Desk) -> None:
    """It is due after 30 days, and its bytes are kept."""
    made = await invoice(desk, pdf=b"%PDF-1.7 what was sent")
    assert (made.amount, made.currency, made.paid_at, made.created_at) == (Decimal("12.90"), "EUR", None, NOW)
    assert made.due_at == datetime.date(2026, 3, 30)
    assert made.links.to_dict() == {
        "customer": {"href": f"{desk.origin}/v1/customers/{made.customer_id}", "type": "application/json"},
        "onlinePaymentLink": {"href": f"{desk.origin}/pay/{made.id}", "type": "text/html"},
    }
    assert [each.id for each in (await desk.portal.customer_invoices.list()).data] == [made.id]
    assert (await desk.fetch((await desk.portal.customer_invoices.get_pdf_link(made.id)).link)).content == (
        b"%PDF-1.7 what was sent"
    )


async def test_an_invoice_of_lines(desk: Desk) -> None:
    """It comes to its lines with VAT, and a PDF is made of them once."""
    customer = await desk.customer(company_name="Café (zaal)")
    invoices = desk.portal.customer_invoices
    made = await invoices.create_from_lines(
        customer_id=customer.id, invoice_number="2026-2", issued_at="2026-02-28", lines=LINES
    )
    assert (made.amount, await invoices.get(made.id)) == (Decimal("132.45"), made)
    first, second = [await desk.fetch((await invoices.get_pdf_link(made.id)).link) for _ in range(2)]
    assert first.content == second.content
    assert first.headers["content-type"] == "application/pdf"
    assert "2026-2.pdf" in first.headers["content-disposition"]
    text = first.content.decode("cp1252")
    for shown in ("Factuur 2026-2", r"Café \(zaal\)", "Website: EUR 100.00 + 21% btw", "Totaal: EUR 132.45"):
        assert shown in text
    places = [int(line.split()[0]) for line in text[text.index("xref") :].splitlines()[3:9]]
    assert [text[place:].split()[0] for place in places] == ["1", "2", "3", "4", "5", "6"]
    assert int(text.split()[-2]) == text.index("xref")


async def test_an_invoice_that_was_put_into_the_state(desk: Desk) -> None:
    """It has a PDF as well, though its customer is unknown."""
    customer = await desk.customer()
    desk.people.delete_customer(customer.id)
    made = desk.sandbox.state.customer_invoices.add(customer_id=customer.id, invoice_number="1")
    link = await desk.portal.customer_invoices.get_pdf_link(made.id)
    assert customer.id.encode() in (await desk.fetch(link.link)).content


async def test_an_invoice_is_paid_once(desk: Desk) -> None:
    """A second moment takes the place of the first, and no second webhook tells of it."""
    made = await invoice(desk)
    paid = await desk.portal.customer_invoices.mark_paid(made.id, paid_at=EARLIER)
    assert (paid.paid_at, desk.events) == (EARLIER, ["invoice-created", "invoice-paid"])
    again = await desk.portal.customer_invoices.mark_paid(made.id, paid_at=NOW)
    assert (again.paid_at, desk.events) == (NOW, [])


async def test_an_invoice_that_was_paid_before(desk: Desk) -> None:
    """It says so as it is made."""
    made = await invoice(desk, paid_at=EARLIER)
    assert (made.paid_at, desk.events) == (EARLIER, ["invoice-created", "invoice-paid"])


async def test_people_pay_and_charge_back(desk: Desk) -> None:
    """On the checkout page, and through their bank."""
    made = await invoice(desk)
    desk.people.pay(made.id)
    assert (await desk.portal.customer_invoices.get(made.id)).paid_at == NOW
    desk.people.charge_back_invoice(made.id)
    assert (await desk.portal.customer_invoices.get(made.id)).paid_at is None
    assert desk.events == ["invoice-created", "invoice-paid", "invoice-chargeback"]


@pytest.mark.parametrize("what", ["customer_invoices", "customer_offers"])
async def test_lines_have_to_be_there(desk: Desk, what: str) -> None:
    """An empty list is no list to Laravel."""
    customer = await desk.customer()
    fields: dict[str, Any] = {"invoice_number": "1"} if what == "customer_invoices" else {"offer_number": "1", **DATES}
    create = getattr(desk.portal, what).create_from_lines
    call = create(customer_id=customer.id, lines=[], **{"issued_at": "2026-02-28", **fields})
    assert await refused(call) == {"lines": ["The lines field is required."]}


async def test_an_offer_of_lines(desk: Desk) -> None:
    """It comes to its lines with VAT, and nothing is decided."""
    customer = await desk.customer()
    offers = desk.portal.customer_offers
    made = await offers.create_from_lines(customer_id=customer.id, offer_number="1", lines=LINES, **DATES)
    assert (made.amount, made.accepted_at, made.rejected_at) == (Decimal("132.45"), None, None)
    assert (await offers.get(made.id), desk.events) == (made, ["offer-created"])
    assert [each.id for each in (await offers.list()).data] == [made.id]


@pytest.mark.parametrize(
    ("fields", "events"),
    [
        ({}, []),
        ({"accepted_at": EARLIER, "accepted_via_ip": "198.51.100.1"}, ["offer-accepted"]),
        ({"rejected_at": EARLIER}, ["offer-rejected"]),
        ({"accepted_via_ip": "198.51.100.1"}, []),
    ],
)
async def test_an_offer_that_was_decided_before(desk: Desk, fields: dict[str, Any], events: list[str]) -> None:
    """It says so as it is made; how it was accepted is ignored where it was not."""
    made = await offer(desk, **fields)
    via = fields.get("accepted_via_ip") if "accepted_at" in fields else None
    assert (made.accepted_at, made.rejected_at) == (fields.get("accepted_at"), fields.get("rejected_at"))
    assert (made.accepted_via_ip, made.acceptance_signature, desk.events) == (via, None, ["offer-created", *events])


async def test_an_offer_is_decided_anew(desk: Desk) -> None:
    """The last decision counts, and webhooks tell of those that are another."""
    offers, made = desk.portal.customer_offers, await offer(desk)
    accepted = await offers.mark_accepted(
        made.id, accepted_at=EARLIER, accepted_via_ip="198.51.100.1", accepted_via_user_agent="Lynx"
    )
    assert (accepted.accepted_at, accepted.accepted_via_user_agent) == (EARLIER, "Lynx")
    assert (await offers.mark_accepted(made.id, accepted_at=NOW)).accepted_at == NOW
    rejected = await offers.mark_rejected(made.id, rejected_at=NOW)
    assert (rejected.accepted_at, rejected.accepted_via_ip, rejected.rejected_at) == (None, None, NOW)
    assert desk.events == ["offer-created", "offer-accepted", "offer-rejected"]


async def test_an_offer_is_not_accepted_and_rejected(desk: Desk) -> None:
    """Whether it is made or changed."""
    message = {"acceptedAt": ["The accepted at field prohibits rejected at from being present."]}
    assert await refused(offer(desk, accepted_at=NOW, rejected_at=NOW)) == message
    made = await offer(desk)
    body = {"rejectedAt": "2026-03-01 10:00:00"}
    assert (
        await refused(desk.portal.customer_offers.mark_accepted(made.id, accepted_at=NOW, extra_body=body)) == message
    )


async def test_an_offer_expires_after_its_date(desk: Desk) -> None:
    """Or on it."""
    assert (await offer(desk, expires_at="2026-02-28")).expires_at == datetime.date(2026, 2, 28)
    said = await refused(offer(desk, expires_at="2026-02-27"))
    assert said == {"expiresAt": ["The expires at field must be a date after or equal to issued at."]}


async def test_people_accept_and_reject_offers(desk: Desk) -> None:
    """Who accepts signs."""
    first, second = [await offer(desk) for _ in range(2)]
    desk.people.accept_offer(first.id, ip="198.51.100.1", user_agent="Lynx")
    desk.people.reject_offer(second.id)
    accepted = await desk.portal.customer_offers.get(first.id)
    assert (accepted.accepted_at, accepted.acceptance_signature) == (NOW, SIGNATURE)
    assert (accepted.accepted_via_ip, accepted.accepted_via_user_agent) == ("198.51.100.1", "Lynx")
    assert (await desk.portal.customer_offers.get(second.id)).rejected_at == NOW
    assert desk.events[-2:] == ["offer-accepted", "offer-rejected"]
