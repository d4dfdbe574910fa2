"""Customer groups; who is in one stands with the customer.

The documentation does not say whether adding customers answers those that were added or all of the group: it is all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ..behaviour import Asked, Behaviour
from ._rules import need_items

if TYPE_CHECKING:
    from ..portal import Portal
    from ..records import Record

behaviour = Behaviour()
behaviour.collection("customer_groups", "cug_")
behaviour.lists("list-customer-groups", "customer_groups")
behaviour.gets("get-customer-group")


@behaviour("create-customer-group", skips_unknown=True)
def create(portal: Portal, asked: Asked) -> Record:
    """Makes a group, and puts customers in it."""
    group = portal.create("customer_groups", name=asked.body["name"])
    _join(portal, group["id"], asked.body.get("customers", ()))
    return group


@behaviour("edit-customer-group")
def edit(portal: Portal, asked: Asked) -> Record:
    """Gives a group another name."""
    return portal.of("customer_groups").change(asked.record["id"], name=asked.body["name"])


@behaviour("add-customers-to-customer-group", skips_unknown=True)
def add_customers(portal: Portal, asked: Asked) -> Sequence[Record]:
    """Puts customers in a group."""
    need_items(asked.body, "customers")
    group_id = asked.record["id"]
    _join(portal, group_id, asked.body["customers"])
    return portal.of("customers").newest(lambda customer: group_id in customer["customerGroups"])


def _join(portal: Portal, group_id: str, ids: Iterable[str]) -> None:
    """Unknown IDs are skipped without an error, as the documentation says."""
    customers = portal.of("customers")
    for id in ids:
        customer = customers.get(id)
        if customer is not None and group_id not in customer["customerGroups"]:
            customers.change(id, customerGroups=[*customer["customerGroups"], group_id])
