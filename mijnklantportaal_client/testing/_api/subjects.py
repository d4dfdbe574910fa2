"""What an event is about: the record that a webhook call shows."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

import attrs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .._portal.portal import Portal
    from .._portal.records import Record


@attrs.frozen
class Kind:
    """A kind of record, and the schema that shows it; the contract knows none for payments of subscriptions."""

    collection: str
    schema: str | None


_KINDS = {
    "appointment": Kind("appointments", "Appointment"),
    "customer": Kind("customers", "Customer"),
    "invoice": Kind("customer_invoices", "CustomerInvoice"),
    "offer": Kind("customer_offers", "CustomerOffer"),
    "payment-link": Kind("payment_links", "PaymentLink"),
    "subscription": Kind("customer_subscriptions", "CustomerSubscription"),
    "subscription-payment": Kind("subscription_payments", None),
    "ticket": Kind("tickets", "TicketWithMessage"),
}
_WHERE: dict[str, Callable[[Record], bool]] = {
    "appointment-canceled": lambda record: record["status"] == "canceled",
    "invoice-paid": lambda record: record["paidAt"] is not None,
    "offer-accepted": lambda record: record["acceptedAt"] is not None,
    "offer-rejected": lambda record: record["rejectedAt"] is not None,
    "payment-link-expired": lambda record: record["status"] == "expired",
    "payment-link-paid": lambda record: record["status"] == "paid",
}


def check_type(portal: Portal, event_type: str) -> None:
    """Looks whether there is such an event type.

    Raises:
        ValueError: There is none; the text names the nearest.
    """
    known = portal.contract.component("EventType")["enum"]
    if event_type not in known:
        near = difflib.get_close_matches(event_type, known, 1)
        advice = f"; did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"there is no event type {event_type!r}{advice}")


def subject(portal: Portal, event_type: str, record_id: str | None) -> Mapping[str, Any]:
    """The record with this ID, or the newest that fits the event, or the newest of its kind, or an example.

    Raises:
        ValueError: Nothing has this ID.
    """
    if record_id is not None:
        found = portal.find(record_id)
        if found is None:
            raise ValueError(f"the sandbox has nothing with the ID {record_id!r}")
        return found
    kind = next((_KINDS[name] for name in sorted(_KINDS, reverse=True) if event_type.startswith(f"{name}-")), None)
    if kind is None:
        raise ValueError(f"what an event of type {event_type!r} is about is not known: name a record")
    records = portal.of(kind.collection)
    where = _WHERE.get(event_type)
    newest = (where and records.newest(where)) or records.newest()
    return newest[0] if newest else _example(portal, kind)


def _example(portal: Portal, kind: Kind) -> Mapping[str, Any]:
    from .._portal.examples import Examples

    examples = Examples(portal.contract)
    if kind.schema is not None:
        example: Mapping[str, Any] = examples.of(portal.contract.component(kind.schema))
        return example
    subscription = examples.of(portal.contract.component("CustomerSubscription"))
    return {
        "id": portal.new_id(portal.of(kind.collection).prefix),
        "subscriptionId": subscription["id"],
        "customerId": subscription["customerId"],
        "currency": subscription["currency"],
        "amount": subscription["amount"],
        "status": "open",
        "invoiceId": None,
        "createdAt": subscription["createdAt"],
    }
