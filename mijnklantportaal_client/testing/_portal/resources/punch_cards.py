"""Punch cards, and those that customers have of them.

The documentation does not say
- how many stamps there are where nothing is said: one;
- what becomes of more stamps than punches are left, or of a card that has expired: 422;
- what an expiry needs: a value, of 1000 at most, and a period, or neither.
A price that is given for a card that is not for sale is ignored.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .. import money
from ..behaviour import Asked, Behaviour
from ..problems import Invalid, NotFound
from ._dates import expiry, is_due
from ._rules import at_least, at_most, need

if TYPE_CHECKING:
    from ..portal import Portal
    from ..records import Record

behaviour = Behaviour()
behaviour.collection("punch_cards", "pcd_")
behaviour.collection("issued_punch_cards", "pcb_")
behaviour.lists("list-punch-cards", "punch_cards")
behaviour.gets("get-punch-card")
behaviour.lists(
    "list-bought-punch-cards", "issued_punch_cards", lambda card, asked: card["punchCardId"] == asked.ids["punchCardId"]
)


@behaviour("create-punch-card")
def create(portal: Portal, asked: Asked) -> Record:
    """Makes a kind of card."""
    body = asked.body
    at_least("punches", body["punches"], 1)
    value, period = _expiry(body)
    return portal.create(
        "punch_cards",
        name=body["name"],
        description=body.get("description"),
        punches=body["punches"],
        punchLabel=body["punchLabel"],
        expiryValue=value,
        expiryPeriode=period,
        **_sale(body),
    )


@behaviour("edit-punch-card")
def edit(portal: Portal, asked: Asked) -> Record:
    """Puts a card up for sale, or no longer."""
    return portal.of("punch_cards").change(asked.record["id"], **_sale(asked.body))


@behaviour("issue-punch-card")
def issue_to_customer(portal: Portal, asked: Asked) -> Record:
    """Gives a customer a card."""
    return issue(portal, asked.record, asked.body["customerId"])


@behaviour("get-bought-punch-card")
def get_issued(_portal: Portal, asked: Asked) -> Record:
    """A customer's card of this kind."""
    return _issued(asked)


@behaviour("stamp-an-issued-punch-card")
def stamp(portal: Portal, asked: Asked) -> Record:
    """Uses punches up."""
    card, stamps = _issued(asked), asked.body.get("stamps", 1)
    at_least("stamps", stamps, 1)
    if card["status"] == "expired":
        raise Invalid({"stamps": ["The punch card has expired."]})
    at_most("stamps", stamps, card["punchesLeft"])
    left = card["punchesLeft"] - stamps
    status = "active" if left else "fully_used"
    return portal.of("issued_punch_cards").change(card["id"], punchesLeft=left, status=status)


@behaviour.settles
def expire(portal: Portal) -> None:
    """Ends cards that were not used up in time."""
    now, cards = portal.now(), portal.of("issued_punch_cards")
    for card in cards.newest(lambda each: each.get("status") == "active" and is_due(each.get("expiresAt"), now)):
        if datetime.datetime.fromisoformat(card["expiresAt"]) <= now:
            cards.change(card["id"], status="expired")


def issue(portal: Portal, kind: Record, customer_id: str) -> Record:
    """Gives a customer a card, which may expire."""
    value, period = kind["expiryValue"], kind["expiryPeriode"]
    expires = expiry(portal.now(), value, period) if value and period else None
    return portal.create(
        "issued_punch_cards",
        punchCardId=kind["id"],
        customerId=customer_id,
        punchesLeft=kind["punches"],
        status="active",
        expiresAt=expires and portal.stamp(expires),
        issuedAt=portal.stamp(),
    )


def _issued(asked: Asked) -> Record:
    if asked.record["punchCardId"] != asked.ids["punchCardId"]:
        raise NotFound
    return asked.record


def _sale(body: Mapping[str, Any]) -> Record:
    if not body.get("forSale", False):
        return {"forSale": False, "price": None, "vatRate": None}
    need(body, "price", "vatRate", when="for sale is true")
    return {"forSale": True, "price": money.written(body["price"]), "vatRate": body["vatRate"]}


def _expiry(body: Mapping[str, Any]) -> tuple[int | None, str | None]:
    value, period = body.get("expiryValue"), body.get("expirePeriod")
    if value is None and period is None:
        return None, None
    need(body, "expiryValue", when="expire period is present")
    need(body, "expirePeriod", when="expiry value is present")
    if not re.fullmatch("-?[0-9]{1,9}", str(value)):
        raise Invalid({"expiryValue": ["The expiry value field must be an integer."]})
    number = int(str(value))
    at_least("expiryValue", number, 1)
    at_most("expiryValue", number, 1000)
    return number, period
