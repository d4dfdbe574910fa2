"""The page about what the API can't do: the contract has none of it."""

import json
from importlib import resources
from typing import Any

TABLE: list[dict[str, Any]] = json.loads(
    resources.files("mijnklantportaal_client").joinpath("_generated/operations.json").read_text(encoding="utf-8")
)


def methods(http: str) -> set[tuple[str, str]]:
    """Resource and method of all operations with this HTTP method."""
    return {(each["resource"], name) for each in TABLE if each["method"] == http for name in each["methods"]}


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


def test_lists_take_no_filter() -> None:
    """No list has a parameter of its own but that of appointments, and files have no list."""
    lists = {each["resource"]: list(each["query"]) for each in TABLE if "list" in each["methods"]}
    assert {resource: query for resource, query in lists.items() if query} == {"appointments": ["start_at", "days"]}
    assert "files" not in lists
