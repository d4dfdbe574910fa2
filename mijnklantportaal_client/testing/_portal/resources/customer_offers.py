"""Customer offers: made from a PDF or from lines, accepted or rejected.

The documentation does not say what happens to an offer that was decided before: the new decision takes the place of
the old one, and an event tells of it only where it is another. One that would expire before its date is refused, as is
one without lines. Whoever accepts in the portal signs, so that only then `acceptanceSignature` is there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .. import money
from ..behaviour import Asked, Behaviour
from ..problems import Invalid
from ._links import to_customer
from ._rules import need_items

if TYPE_CHECKING:
    from ..portal import Portal
    from ..records import Record

_UNDECIDED: dict[str, str | None] = {
    "acceptedAt": None,
    "acceptedViaIp": None,
    "acceptedViaUserAgent": None,
    "acceptanceSignature": None,
    "rejectedAt": None,
}

behaviour = Behaviour()
behaviour.collection("customer_offers", "off_")
behaviour.lists("list-customer-offers", "customer_offers")
behaviour.gets("get-customer-offer")


@behaviour("create-customer-offer")
def create_from_pdf(portal: Portal, asked: Asked) -> Record:
    """Adds an offer whose PDF is there, which may have been decided."""
    body, pdf = asked.body, asked.body["pdf"]
    blob = portal.add_blob(pdf.content, pdf.filename, pdf.content_type)
    return decide(portal, _add(portal, body, body["amount"], blob=blob), _decision(portal, body))


@behaviour("create-customer-offer-manual")
def create_from_lines(portal: Portal, asked: Asked) -> Record:
    """Adds an offer that comes to what its lines come to with VAT."""
    need_items(asked.body, "lines")
    return _add(portal, asked.body, money.total(asked.body["lines"]), lines=asked.body["lines"])


@behaviour("mark-customer-offer-accepted-or-rejected")
def mark(portal: Portal, asked: Asked) -> Record:
    """Says when, and how, an offer was accepted or rejected."""
    return decide(portal, asked.record, _decision(portal, asked.body))


def decide(portal: Portal, offer: Record, decision: dict[str, str | None]) -> Record:
    """Accepts or rejects an offer, or leaves it as it is where nothing is decided."""
    if not decision:
        return offer
    after = portal.of("customer_offers").change(offer["id"], **_UNDECIDED | decision)
    for field, event in (("acceptedAt", "offer-accepted"), ("rejectedAt", "offer-rejected")):
        if after[field] is not None and offer[field] is None:
            portal.emit(event, after)
    return after


def _decision(portal: Portal, body: Mapping[str, Any]) -> dict[str, str | None]:
    if "acceptedAt" in body and "rejectedAt" in body:
        raise Invalid({"acceptedAt": ["The accepted at field prohibits rejected at from being present."]})
    if "rejectedAt" in body:
        return {"rejectedAt": portal.moment(body["rejectedAt"])}
    if "acceptedAt" not in body:
        return {}
    return {
        "acceptedAt": portal.moment(body["acceptedAt"]),
        "acceptedViaIp": body.get("acceptedViaIp"),
        "acceptedViaUserAgent": body.get("acceptedViaUserAgent"),
    }


def _add(portal: Portal, body: Mapping[str, Any], amount: str, **kept: Any) -> Record:
    if body["expiresAt"] < body["issuedAt"]:
        raise Invalid({"expiresAt": ["The expires at field must be a date after or equal to issued at."]})
    offer = portal.create(
        "customer_offers",
        customerId=body["customerId"],
        offerNumber=body["offerNumber"],
        issuedAt=body["issuedAt"],
        expiresAt=body["expiresAt"],
        currency="EUR",
        amount=money.written(amount),
        links={"customer": to_customer(body["customerId"])},
        **_UNDECIDED,
        **kept,
    )
    portal.emit("offer-created", offer)
    return offer
