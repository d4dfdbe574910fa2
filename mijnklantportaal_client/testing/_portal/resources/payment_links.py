"""Payment links, and what was paid through them.

The documentation does not say
- when a link expires: at the end of its last day, which may not lie in the past;
- whether one that was paid or has expired can be closed: 422, as with one that was closed;
- whether one must ask for more than nothing: it must.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from .. import money
from ..behaviour import Asked, Behaviour
from ..contract import SELF
from ..problems import Invalid, Refused
from ._dates import is_due

if TYPE_CHECKING:
    from ..portal import Portal
    from ..records import Record

behaviour = Behaviour()
behaviour.collection("payment_links", "plk_")
behaviour.collection("payments", "plp_")
behaviour.lists("list-payment-links", "payment_links")
behaviour.gets("get-payment-link")
behaviour.lists(
    "list-payment-link-payment", "payments", lambda payment, asked: payment["paymentLinkId"] == asked.ids["linkId"]
)


@behaviour("create-payment-link")
def create(portal: Portal, asked: Asked) -> Record:
    """Makes a link that can be paid once, or again and again."""
    body = asked.body
    if Decimal(body["amount"]) <= 0:
        raise Invalid({"amount": ["The amount field must be greater than 0."]})
    last_day = body.get("expiresAt")
    if last_day is not None and last_day < portal.today().isoformat():
        raise Invalid({"expiresAt": ["The expires at field must be a date after or equal to today."]})
    id = portal.new_id("plk_")
    link = portal.create(
        "payment_links",
        id=id,
        description=body["description"],
        currency="EUR",
        amount=money.written(body["amount"]),
        reusable=body.get("reusable", False),
        expiresAt=last_day and portal.moment(f"{last_day} 23:59:59"),
        status="open",
        checkoutUrl=f"{SELF}pay/{id}",
    )
    portal.emit("payment-link-created", link)
    return link


@behaviour("close-payment-link")
def close(portal: Portal, asked: Asked) -> Record:
    """Closes a link that is open."""
    if asked.record["status"] != "open":
        raise Refused
    return _end(portal, asked.record, "closed")


@behaviour.settles
def expire(portal: Portal) -> None:
    """Ends links whose last day is over."""
    now = portal.now()
    for link in portal.of("payment_links").newest(
        lambda each: each.get("status") == "open" and is_due(each.get("expiresAt"), now)
    ):
        if datetime.datetime.fromisoformat(link["expiresAt"]) < now:
            portal.emit("payment-link-expired", _end(portal, link, "expired"))


def pay(portal: Portal, link: Record, name: str | None) -> Record:
    """Pays through a link that is open."""
    if link["status"] != "open":
        raise Refused(f"{link['id']} is {link['status']}")
    payment = portal.create(
        "payments",
        paymentLinkId=link["id"],
        currency=link["currency"],
        amount=link["amount"],
        status="paid",
        payersName=name,
        integration="mollie",
        integrationId=portal.new_id("tr_"),
    )
    portal.emit("payment-link-paid", link if link["reusable"] else _end(portal, link, "paid"))
    return payment


def _end(portal: Portal, link: Record, status: str) -> Record:
    return portal.of("payment_links").change(link["id"], status=status, checkoutUrl=None)
