"""Subscriptions as time passes."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest

from mijnklantportaal_client.models import CustomerSubscription
from tests.sandbox.behaviour.conftest import NOW, Desk, at


def day(text: str) -> datetime.date:
    """A date."""
    return datetime.date.fromisoformat(text)


async def subscribed(desk: Desk, start_date: str = "2026-03-02", **changes: Any) -> CustomerSubscription:
    """A customer's subscription of one month."""
    fields: dict[str, Any] = {"interval": "1 month", "amount": "10", "vat_rate": 21, "description": "Hosting"}
    customer = await desk.customer()
    return await desk.portal.customer_subscriptions.create(
        **fields | {"customer_id": customer.id, "start_date": start_date} | changes
    )


async def now(desk: Desk, subscription: CustomerSubscription) -> tuple[str, datetime.date | None]:
    """Its status, and when it renews."""
    found = await desk.portal.customer_subscriptions.get(subscription.id)
    return str(found.status), found.renews_at


async def test_a_subscription_is_kept(desk: Desk) -> None:
    """As it was sent, with where it stands."""
    made = await subscribed(desk)
    assert (made.starts_at, made.renews_at, made.status) == (day("2026-03-02"), day("2026-04-02"), "in_progress")
    assert (made.amount, made.vat_rate, made.terminated_at) == (Decimal("10.00"), 21, None)
    assert made.options.to_dict() == {"createInvoice": False, "invoiceDescription": None}
    assert desk.events == ["subscription-created", "subscription-payment-created"]
    assert (await desk.portal.customer_subscriptions.list()).data == [made]


@pytest.mark.parametrize(
    ("start", "interval", "status", "renews"),
    [
        ("2026-03-03", "1 month", "planned", "2026-04-03"),
        ("2026-02-16", "14 days", "in_progress", "2026-03-16"),
        ("2025-12-31", "2 months", "in_progress", "2026-04-30"),
        ("2025-09-02", "6 months", "in_progress", "2026-09-02"),
        ("2024-02-29", "1 year", "in_progress", "2027-02-28"),
        ("0001-01-01", "14 days", "in_progress", "2026-03-16"),
    ],
)
async def test_when_it_renews(desk: Desk, start: str, interval: str, status: str, renews: str) -> None:
    """After today, counted from the start."""
    made = await subscribed(desk, start, interval=interval)
    assert (made.status, made.renews_at) == (status, day(renews))


async def test_it_never_renews_after_the_calendar(desk: Desk) -> None:
    """Its last term has no end."""
    made = await subscribed(desk, "9999-12-01")
    assert (made.status, made.renews_at) == ("planned", None)


async def test_it_starts_and_renews_as_time_passes(desk: Desk) -> None:
    """Each term is charged, with an invoice where one is wanted."""
    made = await subscribed(desk, "2026-03-31", create_invoice=True, invoice_description="Hosting per maand")
    assert desk.events == ["subscription-created"]
    desk.pass_until("2026-03-31T00:00:00")
    assert await now(desk, made) == ("in_progress", day("2026-04-30"))
    assert desk.events == ["invoice-created", "subscription-payment-created", "subscription-updated"]
    desk.pass_until("2026-06-01T09:00:00")
    assert await now(desk, made) == ("in_progress", day("2026-06-30"))
    assert desk.events == ["invoice-created", "subscription-payment-created"] * 2
    invoices = (await desk.portal.customer_invoices.list()).data
    assert [each.issued_at for each in invoices] == [day("2026-05-31"), day("2026-04-30"), day("2026-03-31")]
    assert {each.amount for each in invoices} == {Decimal("12.10")}
    assert [each.invoice_number for each in invoices] == ["ABO-2026-0003", "ABO-2026-0002", "ABO-2026-0001"]
    link = await desk.portal.customer_invoices.get_pdf_link(invoices[0].id)
    assert b"Hosting per maand: EUR 10.00" in (await desk.fetch(link.link)).content


@pytest.mark.parametrize(("start", "charges"), [("2026-02-02", 1), ("2026-02-20", 0), ("2026-03-02", 1)])
async def test_terms_before_it_was_made_are_not_charged(desk: Desk, start: str, charges: int) -> None:
    """Only one that begins today."""
    await subscribed(desk, start)
    assert desk.events == ["subscription-created", *["subscription-payment-created"] * charges]


async def test_a_leap_charges_60_terms(desk: Desk) -> None:
    """And goes on from where the clock is."""
    made = await subscribed(desk, interval="14 days", create_invoice=True)
    desk.pass_until("2036-03-02T12:00:00")
    assert (await now(desk, made))[0] == "in_progress"
    assert desk.events.count("subscription-payment-created") == 61
    desk.pass_time(days=14)
    await now(desk, made)
    assert desk.events == ["invoice-created", "subscription-payment-created"]


async def test_a_subscription_is_changed(desk: Desk) -> None:
    """In what is given; another interval moves the next renewal."""
    made = await subscribed(desk)
    change = desk.portal.customer_subscriptions.update
    assert (await change(made.id, interval="1 year", amount="99.5")).to_dict() == made.to_dict() | {
        "interval": "1 year",
        "amount": "99.50",
        "renewsAt": "2027-03-02",
    }
    assert (await change(made.id, description="Onderhoud", vat_rate=9)).description == "Onderhoud"
    assert desk.events[2:] == ["subscription-updated"] * 2


@pytest.mark.parametrize(
    ("start", "moment", "course"),
    [
        # At once: what was paid for is used up first.
        ("2026-02-16", "2026-03-02T12:00:00", {"03-02": "terminated", "03-15": "terminated", "03-16": "ended"}),
        ("2026-02-16", "2026-03-20T10:00:00", {"03-16": "in_progress", "03-21": "terminated", "04-16": "ended"}),
        ("2026-02-16", "2026-03-16T00:00:00", {"03-15": "in_progress", "03-16": "ended"}),
        ("2026-02-16", "2026-01-01T00:00:00", {"03-02": "ended"}),
        ("2026-03-10", "2026-03-05T00:00:00", {"03-04": "planned", "03-05": "ended"}),
        ("2026-03-10", "2026-03-12T00:00:00", {"03-09": "planned", "03-10": "in_progress", "03-12": "terminated"}),
        ("2026-03-10", "0001-01-01T00:00:00", {"03-02": "ended"}),
    ],
)
async def test_a_subscription_is_terminated(desk: Desk, start: str, moment: str, course: dict[str, str]) -> None:
    """It ends when it would have renewed, or at once where it never started."""
    made = await subscribed(desk, start)
    terminated = await desk.portal.customer_subscriptions.update(made.id, terminated_at=at(moment))
    assert terminated.to_dict()["terminatedAt"][:19] == moment
    for date, status in course.items():
        if date != "03-02":
            desk.pass_until(f"2026-{date}T12:00:00")
        found = await now(desk, made)
        assert found[0] == status, date
        assert (found[1] is None) == (status in ("terminated", "ended"))


async def test_what_is_terminated_is_not_charged(desk: Desk) -> None:
    """Except for the renewals before."""
    made = await subscribed(desk, "2026-02-16")
    await desk.portal.customer_subscriptions.update(made.id, terminated_at=at("2026-04-16T00:00:00"))
    assert desk.events == ["subscription-created", "subscription-updated"]
    desk.pass_until("2026-06-01T12:00:00")
    assert (await now(desk, made))[0] == "ended"
    assert desk.events == ["subscription-payment-created", "subscription-updated"]


async def test_payments_of_a_subscription(desk: Desk) -> None:
    """One that is paid pays its invoice."""
    made = await subscribed(desk, "2026-04-01", create_invoice=True)
    payment = desk.people.collect_subscription_payment(made.id)
    assert (payment["amount"], payment["status"], payment["subscriptionId"]) == ("12.10", "open", made.id)
    assert desk.people.update_subscription_payment(payment["id"], "failed")["status"] == "failed"
    assert (await desk.portal.customer_invoices.get(payment["invoiceId"])).paid_at is None
    for _ in range(2):
        assert desk.people.update_subscription_payment(payment["id"])["status"] == "paid"
    assert (await desk.portal.customer_invoices.get(payment["invoiceId"])).paid_at == NOW
    paid = ["subscription-payment-updated", "invoice-paid", "subscription-payment-updated"]
    assert desk.events[3:] == ["subscription-payment-updated", *paid]


async def test_one_that_was_put_into_the_state(desk: Desk) -> None:
    """It stays as it is until it is changed."""
    made = desk.sandbox.state.customer_subscriptions.add(
        status="planned", starts_at="2026-01-31", interval="1 month", terminated_at=None
    )
    desk.pass_time(days=60)
    assert (await now(desk, made))[0] == "planned"
    assert (await desk.portal.customer_subscriptions.update(made.id, amount="5")).renews_at == day("2026-05-31")
    assert desk.events == ["subscription-updated"]
    desk.pass_until("2026-05-31T12:00:00")
    assert (await now(desk, made)) == ("in_progress", day("2026-06-30"))
    assert desk.events == ["invoice-created", "subscription-payment-created"]
