"""Customers.

The documentation does not say what becomes of a deleted customer's paperwork. It all stays, and what they subscribe to
is terminated (see `people`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..behaviour import Asked, Behaviour
from ..problems import Invalid
from ._rules import given

if TYPE_CHECKING:
    from ..portal import Portal
    from ..records import Record

behaviour = Behaviour()
behaviour.collection("customers", "cst_")
behaviour.lists("list-customers", "customers")
behaviour.gets("get-customer")
_FIELDS = ("companyName", "address", "zipCode", "city", "primaryEmail")


@behaviour("create-customer")
def create(portal: Portal, asked: Asked) -> Record:
    """Adds a customer; in the Netherlands where nothing else is said."""
    country = asked.body.get("countryCode", "NL")
    if len(country) != 2:
        raise Invalid({"countryCode": ["The country code field must be 2 characters."]})
    return add(portal, countryCode=country, **given(asked.body, *_FIELDS))


@behaviour("edit-customer")
def edit(portal: Portal, asked: Asked) -> Record:
    """Changes what is given."""
    return portal.of("customers").change(asked.record["id"], **given(asked.body, *_FIELDS))


def add(portal: Portal, **fields: str) -> Record:
    """Adds a customer, who is in no group."""
    customer = portal.create("customers", phone=None, integration=None, integrationId=None, customerGroups=[], **fields)
    portal.emit("customer-created", customer)
    return customer
