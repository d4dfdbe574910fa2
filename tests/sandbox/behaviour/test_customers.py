"""Customers and their groups."""

from __future__ import annotations

import pytest

from mijnklantportaal_client import NotFoundError
from mijnklantportaal_client.testing._portal.contract import shipped
from mijnklantportaal_client.testing._portal.resources import BEHAVIOURS
from tests.sandbox.behaviour.conftest import NOW, UNKNOWN, Desk, refused


def test_every_operation_has_a_behaviour() -> None:
    """And each is said once, for an operation that there is."""
    said = [operation for behaviour in BEHAVIOURS for operation in behaviour.handlers]
    assert sorted(said) == sorted(shipped().operations)


async def test_a_customer_is_kept(desk: Desk) -> None:
    """As it was sent, with what the portal adds."""
    customer = await desk.portal.customers.create(
        company_name="Bakkerij Jansen",
        address="Dorpsstraat 1",
        zip_code="1234AB",
        city="Utrecht",
        primary_email="info@example.com",
    )
    assert (customer.country_code, customer.phone, customer.customer_groups) == ("NL", None, [])
    assert (customer.created_at, desk.events) == (NOW, ["customer-created"])
    assert await desk.portal.customers.get(customer.id) == customer


async def test_customers_are_listed_newest_first(desk: Desk) -> None:
    """Fifteen to a page."""
    made = [(await desk.customer(company_name=f"Klant {number}")).id for number in range(16)]
    page = await desk.portal.customers.list()
    assert ([each.id for each in page.data], page.has_next) == (made[:0:-1], True)
    assert [each.id for each in (await desk.portal.customers.list(page=2)).data] == made[:1]


async def test_a_customer_is_changed(desk: Desk) -> None:
    """Only in what is given."""
    before = await desk.customer(country_code="BE")
    after = await desk.portal.customers.update(before.id, city="Gent")
    assert after.to_dict() == before.to_dict() | {"city": "Gent"}
    assert await desk.portal.customers.get(before.id) == after


async def test_what_is_not_documented_is_ignored(desk: Desk) -> None:
    """No request can give a customer another ID."""
    customer = await desk.customer()
    changed = await desk.portal.customers.update(customer.id, city="Gent", extra_body={"id": "cst_mine", "phone": "1"})
    assert (changed.id, changed.phone) == (customer.id, None)


async def test_a_country_has_two_letters(desk: Desk) -> None:
    """As the documentation says."""
    said = await refused(desk.customer(country_code="Nederland"))
    assert said == {"countryCode": ["The country code field must be 2 characters."]}


async def test_a_group_has_customers(desk: Desk) -> None:
    """Unknown ones are skipped, and nobody is in it twice."""
    first, second, third = [await desk.customer() for _ in range(3)]
    groups = desk.portal.customer_groups
    group = await groups.create(name="Hosting", customers=[first.id, f"cst_{UNKNOWN}"])
    added = await groups.add_customers(group.id, customers=[first.id, second.id, f"cst_{UNKNOWN}"])
    assert [(each.id, each.customer_groups) for each in added] == [(second.id, [group.id]), (first.id, [group.id])]
    assert (await desk.portal.customers.get(third.id)).customer_groups == []


async def test_a_group_gets_another_name(desk: Desk) -> None:
    """And keeps its ID."""
    groups = desk.portal.customer_groups
    group = await groups.create(name="Hosting")
    assert (await groups.update(group.id, name="Websites")).to_dict() == group.to_dict() | {"name": "Websites"}
    assert [each.name for each in (await groups.list()).data] == [(await groups.get(group.id)).name] == ["Websites"]


async def test_a_group_needs_somebody_to_add(desk: Desk) -> None:
    """An empty list is no list to Laravel."""
    group = await desk.portal.customer_groups.create(name="Hosting")
    said = await refused(desk.portal.customer_groups.add_customers(group.id, customers=[]))
    assert said == {"customers": ["The customers field is required."]}


async def test_a_deleted_customer(desk: Desk) -> None:
    """Is gone, with what was to be charged; the paperwork stays."""
    customer = await desk.customer()
    invoice = await desk.portal.customer_invoices.create_from_lines(
        customer_id=customer.id,
        invoice_number="1",
        issued_at="2026-03-01",
        lines=[{"description": "Logo", "amount_excl_vat": "10", "vat_rate": 21}],
    )
    subscription = await desk.portal.customer_subscriptions.create(
        customer_id=customer.id,
        description="Hosting",
        start_date="2026-03-01",
        interval="1 month",
        amount="10",
        vat_rate=21,
    )
    assert desk.events == ["invoice-created", "subscription-created"]
    desk.people.delete_customer(customer.id)
    assert desk.events == ["subscription-updated", "customer-deleted"]
    with pytest.raises(NotFoundError):
        await desk.portal.customers.get(customer.id)
    assert (await desk.portal.customer_invoices.get(invoice.id)).customer_id == customer.id
    assert (await desk.portal.customer_subscriptions.get(subscription.id)).terminated_at == NOW
