"""Packages, which customers and others sign up for."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest

from mijnklantportaal_client.models import CustomerSubscriptionPackage
from tests.sandbox.behaviour.conftest import NOW, Desk


async def package(desk: Desk, **changes: Any) -> CustomerSubscriptionPackage:
    """A package."""
    fields: dict[str, Any] = {"name": "Hosting Pro", "interval": "1 year", "amount": "120", "vat_rate": 21}
    return await desk.portal.customer_subscription_packages.create(**fields | changes)


async def test_a_package_is_kept_and_changed(desk: Desk) -> None:
    """In what is given."""
    packages = desk.portal.customer_subscription_packages
    made = await package(desk)
    assert (made.amount, made.description, made.available_for_sale) == (Decimal("120.00"), None, False)
    changed = await packages.update(made.id, amount="130", available_for_sale=True, description="Per jaar")
    assert (changed.amount, changed.available_for_sale, changed.name) == (Decimal("130.00"), True, "Hosting Pro")
    assert (await packages.update(made.id, name="Hosting")).amount == Decimal("130.00")
    assert (await packages.list()).data == [await packages.get(made.id)]


@pytest.mark.parametrize(
    ("fields", "start", "text"),
    [
        ({}, "2026-03-02", None),
        ({"start_date": "2026-05-01", "create_invoice": True}, "2026-05-01", "Hosting Pro"),
        ({"create_invoice": True, "invoice_text": "Eigen tekst"}, "2026-03-02", "Eigen tekst"),
        ({"invoice_text": "Eigen tekst", "mandate_id": "mdt_abc12345def678"}, "2026-03-02", None),
    ],
)
async def test_a_customer_signs_up(desk: Desk, fields: dict[str, Any], start: str, text: str | None) -> None:
    """On the terms of the package."""
    customer, pack = await desk.customer(), await package(desk)
    made = await desk.portal.customer_subscription_packages.sign_up_customer(pack.id, customer_id=customer.id, **fields)
    assert (made.customer_id, made.description, made.interval) == (customer.id, "Hosting Pro", "1 year")
    assert (made.starts_at, made.amount, made.options.invoice_description) == (
        datetime.date.fromisoformat(start),
        Decimal("120.00"),
        text,
    )


ADDRESS: dict[str, Any] = {
    "company_name": "Fietsen De Wit",
    "address": "Kade 2",
    "zip_code": "9711AA",
    "city": "Groningen",
}


async def test_somebody_signs_up_and_pays(desk: Desk) -> None:
    """Who is a customer then."""
    pack = await package(desk)
    pending = await desk.portal.customer_subscription_packages.sign_up_non_customer(
        pack.id, email="wit@example.com", **ADDRESS
    )
    assert pending.payment_link == f"{desk.origin}/pay/{pending.id}"
    assert (pending.expires_at, (await desk.portal.customers.list()).data) == (NOW + datetime.timedelta(days=1), [])
    made = desk.people.pay(pending.id)
    customer = (await desk.portal.customers.list()).data[0]
    assert (customer.company_name, customer.primary_email) == ("Fietsen De Wit", "wit@example.com")
    subscription = await desk.portal.customer_subscriptions.get(made["id"])
    assert (subscription.customer_id, subscription.status) == (customer.id, "in_progress")
    assert desk.events == [
        "customer-created",
        "subscription-created",
        "subscription-payment-created",
        "subscription-payment-updated",
    ]
    with pytest.raises(KeyError, match="the portal has no sign up"):
        desk.people.pay(pending.id)


async def test_a_sign_up_expires(desk: Desk) -> None:
    """Nobody can pay it after a day."""
    pack = await package(desk)
    sign_up = desk.portal.customer_subscription_packages.sign_up_non_customer
    pending = await sign_up(pack.id, email="wit@example.com", **ADDRESS)
    desk.pass_time(days=1)
    with pytest.raises(KeyError, match=pending.id):
        desk.people.pay(pending.id)


async def test_a_sign_up_for_what_is_no_more(desk: Desk) -> None:
    """Nobody pays for it."""
    pack = await package(desk)
    sign_up = desk.portal.customer_subscription_packages.sign_up_non_customer
    pending = await sign_up(pack.id, email="wit@example.com", **ADDRESS)
    desk.sandbox.state.customer_subscription_packages.remove(pack.id)
    with pytest.raises(ValueError, match="is no more"):
        desk.people.pay(pending.id)
