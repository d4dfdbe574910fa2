"""Customer subscriptions: planned until they start, then renewed and charged until they are terminated.

The documentation does not say
- when a subscription that is terminated has ended: `terminated` from the moment of termination until what was paid for
  is used up, which is when it would have renewed; `ended` from then on, or at once where it never started;
- what an amount includes: no VAT, which each charge adds, as with the lines of an invoice;
- what is charged: the term that begins with the start, and one with each renewal, from the day on which the
  subscription was made; earlier ones count as settled elsewhere. A leap of the clock charges 60 terms at most;
- what a payment of a subscription looks like, which webhooks tell of: it is `open` when it comes about, and people
  collect it (see `people`). With `createInvoice` there is an invoice too, dated on the term's first day;
- which changes are an update: those through the API, and a new status as time passes.
One that was put into the state by hand stays as it is until it is changed, and counts as charged by then. A bookkeeping
integration counts as set up, so that `createInvoice` is always allowed.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from .. import money
from ..behaviour import Asked, Behaviour
from . import customer_invoices
from ._dates import next_renewal
from ._rules import given

if TYPE_CHECKING:
    from ..portal import Portal
    from ..records import Record

_MOST_CHARGES = 60

behaviour = Behaviour()
behaviour.collection("customer_subscriptions", "sub_")
behaviour.collection("subscription_payments", "sbp_")
behaviour.lists("list-customer-subscriptions", "customer_subscriptions")
behaviour.gets("get-customer-subscription")


@behaviour("create-customer-subscription")
def create(portal: Portal, asked: Asked) -> Record:
    """Subscribes a customer."""
    body = asked.body
    return subscribe(
        portal,
        body["customerId"],
        body["description"],
        body["startDate"],
        terms=given(body, "interval", "amount", "vatRate"),
        invoiced=body.get("createInvoice", False),
        invoice_text=body.get("invoiceDescription"),
    )


@behaviour("change-customer-subscription")
def change(portal: Portal, asked: Asked) -> Record:
    """Changes what is given, from the next renewal on."""
    changes = given(asked.body, "description", "interval", "vatRate")
    if "amount" in asked.body:
        changes["amount"] = money.written(asked.body["amount"])
    if "terminatedAt" in asked.body:
        changes["terminatedAt"] = portal.moment(asked.body["terminatedAt"])
    return update(portal, asked.record, **changes)


@behaviour.settles
def pass_time(portal: Portal) -> None:
    """Starts, renews, charges and ends what is due."""
    today = portal.today().isoformat()
    for each in portal.of("customer_subscriptions").newest(lambda record: (record.get("nextOn") or "~") <= today):
        after = _proceed(portal, each)
        if after["status"] != each["status"]:
            portal.emit("subscription-updated", after)


def subscribe(
    portal: Portal,
    customer_id: str,
    description: str,
    starts: str,
    *,
    terms: dict[str, Any],
    invoiced: bool,
    invoice_text: str | None,
    **kept: Any,
) -> Record:
    """Adds a subscription with an interval, an amount and a VAT rate."""
    subscription = portal.create(
        "customer_subscriptions",
        customerId=customer_id,
        description=description,
        startsAt=starts,
        renewsAt=None,
        currency="EUR",
        status="planned",
        options={"createInvoice": invoiced, "invoiceDescription": invoice_text if invoiced else None},
        terminatedAt=None,
        chargedThrough=(portal.today() - datetime.timedelta(1)).isoformat(),
        **{**terms, "amount": money.written(terms["amount"])},
        **kept,
    )
    after = portal.of("customer_subscriptions").change(subscription["id"], **_course(portal, subscription))
    portal.emit("subscription-created", after)
    return _proceed(portal, after)


def update(portal: Portal, subscription: Record, **changes: Any) -> Record:
    """Changes a subscription."""
    after = _proceed(portal, portal.of("customer_subscriptions").change(subscription["id"], **changes))
    portal.emit("subscription-updated", after)
    return after


def charge(portal: Portal, subscription: Record, on: datetime.date) -> Record:
    """Charges the term that begins on a day."""
    line = {
        "description": subscription["options"].get("invoiceDescription") or subscription["description"],
        "amountExclVat": subscription["amount"],
        "vatRate": subscription["vatRate"],
    }
    amount = money.total([line])
    payment = portal.create(
        "subscription_payments",
        subscriptionId=subscription["id"],
        customerId=subscription["customerId"],
        currency="EUR",
        amount=amount,
        status="open",
        invoiceId=None,
    )
    if subscription["options"]["createInvoice"]:
        number = f"ABO-{on.year}-{len(portal.of('subscription_payments')):04}"
        invoice = customer_invoices.issue(
            portal, subscription["customerId"], number, on.isoformat(), amount, lines=[line]
        )
        payment = portal.of("subscription_payments").change(payment["id"], invoiceId=invoice["id"])
    portal.emit("subscription-payment-created", payment)
    return payment


def update_payment(portal: Portal, payment: Record, status: str) -> Record:
    """Gives a payment another status; its invoice is paid with it."""
    after = portal.of("subscription_payments").change(payment["id"], status=status)
    portal.emit("subscription-payment-updated", after)
    invoice = portal.of("customer_invoices").get(payment["invoiceId"] or "")
    if status == "paid" and invoice is not None and invoice["paidAt"] is None:
        customer_invoices.pay(portal, invoice, portal.stamp())
    return after


def _proceed(portal: Portal, subscription: Record) -> Record:
    """Charges what is due, and brings the subscription to where it is by now."""
    for day in islice(_due(portal, subscription), _MOST_CHARGES):
        charge(portal, subscription, day)
    through = portal.today().isoformat()
    return portal.of("customer_subscriptions").change(
        subscription["id"], chargedThrough=through, **_course(portal, subscription)
    )


def _due(portal: Portal, subscription: Record) -> Iterator[datetime.date]:
    """First days of the terms that are to be charged."""
    start, last = _span(subscription)
    until = min(portal.today(), last or datetime.date.max)
    day = datetime.date.fromisoformat(subscription.get("chargedThrough") or portal.today().isoformat())
    while True:
        term = start if start > day else next_renewal(start, subscription["interval"], day)
        if term is None or term > until:
            return
        yield term
        day = term


def _course(portal: Portal, subscription: Record) -> dict[str, str | None]:
    """Its status, when it renews, and the day on which anything happens next."""
    today = portal.today()
    start, last = _span(subscription)
    terminated = subscription["terminatedAt"]
    if terminated is not None and last is not None and datetime.datetime.fromisoformat(terminated) <= portal.now():
        stop = next_renewal(start, subscription["interval"], last)
        if last < start or (stop is not None and stop <= today):
            return {"status": "ended", "renewsAt": None, "nextOn": None}
        return {"status": "terminated", "renewsAt": None, "nextOn": _written(stop)}
    renews = next_renewal(start, subscription["interval"], today)
    status, due = ("planned", start) if start > today else ("in_progress", renews)
    days = [each for each in (_written(due), terminated and terminated[:10]) if each]
    return {"status": status, "renewsAt": _written(renews), "nextOn": min(days, default=None)}


def _written(day: datetime.date | None) -> str | None:
    return None if day is None else day.isoformat()


def _span(subscription: Record) -> tuple[datetime.date, datetime.date | None]:
    """The first day and, of one that is terminated, the last."""
    start = datetime.date.fromisoformat(subscription["startsAt"])
    if subscription["terminatedAt"] is None:
        return start, None
    # What is terminated at midnight does not run on that day.
    moment = datetime.datetime.fromisoformat(subscription["terminatedAt"])
    day = moment.date()
    return start, day - datetime.timedelta(moment.time() == datetime.time() and day > datetime.date.min)
