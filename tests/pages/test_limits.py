"""The page about what the API can't do: the contract has none of it."""

import json
from importlib.resources import files
from typing import Any

from mijnklantportaal_client import resources
from mijnklantportaal_client.models import InvoiceLineInput

TABLE: list[dict[str, Any]] = json.loads(
    files("mijnklantportaal_client").joinpath("_generated/operations.json").read_text(encoding="utf-8")
)


def methods(http: str) -> set[tuple[str, str]]:
    """Resource and method of all operations with this HTTP method."""
    return {(each["resource"], name) for each in TABLE if each["method"] == http for name in each["methods"]}


def words_of(resource: str, name: str) -> str:
    """The docstring of a method, in one line."""
    (owner,) = (each for each in dir(resources) if each.lower() == resource.replace("_", ""))
    return " ".join((getattr(getattr(resources, owner), name).__doc__ or "").split())


def test_nothing_is_deleted() -> None:
    """Two operations are a DELETE, and what they do is to cancel and to close."""
    assert methods("DELETE") == {("appointments", "cancel"), ("payment_links", "close")}


def test_what_can_be_changed() -> None:
    """Neither webhooks, nor files, their requests and shares, nor agreements; of invoices and offers only the state."""
    assert methods("PATCH") == {
        ("appointments", "change_status"),
        ("customers", "update"),
        ("customer_groups", "update"),
        ("customer_invoices", "mark_paid"),
        ("customer_offers", "mark_accepted"),
        ("customer_offers", "mark_rejected"),
        ("customer_subscriptions", "update"),
        ("customer_subscription_packages", "update"),
        ("punch_cards", "update"),
        ("tickets", "close"),
    }
    assert methods("PUT") == set()


def test_what_can_be_created() -> None:
    """No ticket, and nothing that takes a customer out of a group."""
    assert {name for resource, name in methods("POST") if resource == "tickets"} == {"reply", "add_attachment"}
    assert {name for resource, name in methods("POST") if resource == "customer_groups"} == {"create", "add_customers"}


def test_what_is_said_of_vat() -> None:
    """Whoever passes an amount reads whether VAT is in it, or that nobody says so."""
    unknown = {
        f"{resource}.{name}"
        for resource, name in methods("POST") | methods("PATCH")
        if "; whether VAT is in it is not documented. Pass a `Decimal`" in words_of(resource, name)
    }
    assert unknown == {
        "customer_invoices.create_from_pdf",
        "customer_offers.create_from_pdf",
        "customer_subscriptions.create",
        "customer_subscriptions.update",
        "customer_subscription_packages.create",
        "customer_subscription_packages.update",
    }
    assert "Amount without VAT in euro" in (InvoiceLineInput.__doc__ or "")
    assert "Selling price in euro (EUR) including VAT" in words_of("punch_cards", "create")


def test_lists_take_no_filter() -> None:
    """No list has a parameter of its own but that of appointments, and files have no list."""
    lists = {each["resource"]: list(each["query"]) for each in TABLE if "list" in each["methods"]}
    assert {resource: query for resource, query in lists.items() if query} == {"appointments": ["start_at", "days"]}
    assert "files" not in lists
