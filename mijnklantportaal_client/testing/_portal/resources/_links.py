"""Links as records hold them."""

from __future__ import annotations

from ..contract import SELF

Link = dict[str, str]


def to_customer(id: str) -> Link:
    """To a customer in the API."""
    return {"href": f"{SELF}v1/customers/{id}", "type": "application/json"}


def to_page(path: str) -> Link:
    """To a page for people."""
    return {"href": SELF + path, "type": "text/html"}


def audience(customer_id: str | None, page: str, path: str) -> dict[str, Link | None]:
    """Of what is meant for one customer, or else has a public page."""
    if customer_id is None:
        return {"customer": None, page: to_page(path)}
    return {"customer": to_customer(customer_id), page: None}
