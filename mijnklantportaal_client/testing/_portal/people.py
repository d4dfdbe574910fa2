"""What people do in the portal, and the API has no operation for."""

from __future__ import annotations

import datetime
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec

from .blobs import Upload
from .problems import Problem
from .resources import (
    agreements,
    appointments,
    customer_invoices,
    customer_offers,
    customer_subscription_packages,
    customer_subscriptions,
    file_requests,
    payment_links,
    punch_cards,
    tickets,
)
from .shown import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from .portal import Portal
    from .records import Record

SIGNATURE = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ"
    "AAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""A picture of one dot."""
_BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
_SOURCES = ("portal", "email", "chat")
_P = ParamSpec("_P")
_PAYMENT_STATUSES = ("open", "paid", "failed", "charged_back")


def _answering(method: Callable[Concatenate[People, _P], Record]) -> Callable[Concatenate[People, _P], Record]:
    """Has a method answer what it changed as the API shows it."""

    @wraps(method)
    def answer(people: People, /, *args: _P.args, **kwargs: _P.kwargs) -> Record:
        return shown(people._portal, method(people, *args, **kwargs))

    return answer


class People:
    """The customers, and the owner in the manage portal.

    Each method is one change, for which webhooks go out, and answers the record that it changed, as JSON.

    Raises:
        KeyError: The portal has nothing with this ID.
        ValueError: What has this ID is in no state for it, or an argument is no good.
    """

    def __init__(self, portal: Portal) -> None:
        self._portal = portal

    @_answering
    def pay(self, id: str, *, name: str | None = None) -> Record:
        """Pays a payment link, an invoice or the first term of a sign-up, on its checkout page.

        Answers the payment of the link, which tells the payer's name, the invoice, or the subscription of who is a
        customer now.
        """
        with self._acting() as portal:
            if id.startswith("plk_"):
                return payment_links.pay(portal, self._get("payment_links", id), name)
            if not id.startswith("inv_"):
                return customer_subscription_packages.complete(portal, self._get("sign_ups", id))
            invoice = self._get("customer_invoices", id)
            _need(invoice["paidAt"] is None, f"{id} was paid before")
            return customer_invoices.pay(portal, invoice, portal.stamp())

    @_answering
    def charge_back_invoice(self, invoice_id: str) -> Record:
        """The customer's bank takes the payment of an invoice back, which is due again then."""
        with self._acting() as portal:
            invoice = self._get("customer_invoices", invoice_id)
            _need(invoice["paidAt"] is not None, f"{invoice_id} was not paid")
            after = portal.of("customer_invoices").change(invoice_id, paidAt=None)
            portal.emit("invoice-chargeback", after)
            return after

    @_answering
    def accept_offer(
        self, offer_id: str, *, signature: str = SIGNATURE, ip: str = "203.0.113.7", user_agent: str = _BROWSER
    ) -> Record:
        """The customer accepts an offer, and signs."""
        fields = {"acceptedViaIp": ip, "acceptedViaUserAgent": user_agent, "acceptanceSignature": signature}
        return self._decide_offer(offer_id, "acceptedAt", **fields)

    @_answering
    def reject_offer(self, offer_id: str) -> Record:
        """The customer rejects an offer."""
        return self._decide_offer(offer_id, "rejectedAt")

    @_answering
    def sign_agreement(self, agreement_id: str, signer_id: str | None = None, *, signature: str = SIGNATURE) -> Record:
        """A signer signs an agreement, or all do who have not yet."""
        with self._acting() as portal:
            agreement = self._get("agreements", agreement_id)
            signers = agreement["signers"]
            waiting = [each["id"] for each in signers if each["id"] == signer_id or not (signer_id or each["signedAt"])]
            if signer_id is not None and not waiting:
                raise KeyError(f"{agreement_id} has no signer {signer_id}")
            _need(bool(waiting), f"{agreement_id} was signed before")
            for each in waiting:
                agreement = agreements.sign(portal, agreement, each, signature)
            return agreement

    @_answering
    def request_appointment(
        self,
        starts_at: datetime.datetime | str,
        ends_at: datetime.datetime | str,
        *,
        title: str = "Appointment",
        customer_id: str | None = None,
        name: str | None = None,
        email: str | None = None,
    ) -> Record:
        """A customer, or somebody with a name and an e-mail address, asks for an appointment; it is pending then.

        Moments are aware, or local times of Amsterdam; or such in ISO text.
        """
        if customer_id is not None:
            self._get("customers", customer_id)
        who = {"customerId": customer_id, "attendeeName": name, "attendeeEmail": email}
        asked = {field: value for field, value in who.items() if value is not None}
        with self._acting() as portal:
            times = {"startsAt": appointments.written(starts_at), "endsAt": appointments.written(ends_at)}
            return appointments.arrange(portal, {"name": title, **times, **asked}, "pending")

    @_answering
    def open_ticket(
        self,
        title: str,
        message: str,
        *,
        customer_id: str | None = None,
        source: str = "portal",
        name: str | None = None,
    ) -> Record:
        """A customer, or somebody else, opens a ticket.

        Args:
            title: What it is about.
            message: The first message, plain or HTML.
            customer_id: Whose ticket it is.
            source: `portal`, `email` or `chat`.
            name: Who writes; by default the customer.
        """
        with self._acting() as portal:
            _need(source in _SOURCES, f"source is one of {', '.join(_SOURCES)}")
            fields = {"customerId": customer_id, "title": title, "source": source}
            return tickets.open_ticket(portal, fields, message, name or self._name(customer_id))

    @_answering
    def reply_to_ticket(self, ticket_id: str, message: str, *, name: str | None = None) -> Record:
        """The customer replies; a closed ticket is open again."""
        with self._acting() as portal:
            ticket = self._get("tickets", ticket_id)
            # Who was deleted since may still write.
            customer = portal.of("customers").get(ticket["customerId"] or "") or {}
            after = tickets.post(portal, ticket, message, name or customer.get("companyName"), is_customer=True)
            portal.emit("ticket-reply-customer", after)
            return after

    @_answering
    def upload_requested_file(
        self,
        request_id: str,
        requested_file_id: str,
        content: bytes,
        *,
        filename: str = "upload.pdf",
        content_type: str = "application/pdf",
    ) -> Record:
        """Somebody provides a file that was asked for; answers the file request."""
        with self._acting() as portal:
            request = self._get("file_requests", request_id)
            if requested_file_id not in [each["id"] for each in request["requestedFiles"]]:
                raise KeyError(f"{request_id} asks for no {requested_file_id}")
            return file_requests.provide(portal, request, requested_file_id, Upload(filename, content_type, content))

    @_answering
    def buy_punch_card(self, punch_card_id: str, customer_id: str) -> Record:
        """A customer buys a punch card that is for sale."""
        with self._acting() as portal:
            card = self._get("punch_cards", punch_card_id)
            _need(card["forSale"], f"{punch_card_id} is not for sale")
            return punch_cards.issue(portal, card, self._get("customers", customer_id)["id"])

    @_answering
    def collect_subscription_payment(self, subscription_id: str) -> Record:
        """The owner charges a subscription outside its schedule; answers the payment, which is open."""
        with self._acting() as portal:
            subscription = self._get("customer_subscriptions", subscription_id)
            return customer_subscriptions.charge(portal, subscription, portal.today())

    @_answering
    def update_subscription_payment(self, payment_id: str, status: str = "paid") -> Record:
        """The payment provider tells of a payment: it is `open`, `paid`, `failed` or `charged_back` now."""
        with self._acting() as portal:
            _need(status in _PAYMENT_STATUSES, f"status is one of {', '.join(_PAYMENT_STATUSES)}")
            payment = self._get("subscription_payments", payment_id)
            return customer_subscriptions.update_payment(portal, payment, status)

    @_answering
    def delete_customer(self, customer_id: str) -> Record:
        """The owner deletes a customer; what they are subscribed to is terminated, and all paperwork stays."""
        with self._acting() as portal:
            subscriptions = portal.of("customer_subscriptions")
            for each in subscriptions.newest(
                lambda each: each["customerId"] == customer_id and not each["terminatedAt"]
            ):
                customer_subscriptions.update(portal, each, terminatedAt=portal.stamp())
            return self._delete("customers", customer_id, "customer-deleted")

    @_answering
    def delete_invoice(self, invoice_id: str) -> Record:
        """The owner deletes an invoice."""
        return self._delete("customer_invoices", invoice_id, "invoice-deleted")

    @_answering
    def delete_offer(self, offer_id: str) -> Record:
        """The owner deletes an offer."""
        return self._delete("customer_offers", offer_id, "offer-deleted")

    @_answering
    def delete_subscription(self, subscription_id: str) -> Record:
        """The owner deletes a subscription; its payments and invoices stay."""
        return self._delete("customer_subscriptions", subscription_id, "subscription-deleted")

    @contextmanager
    def _acting(self) -> Generator[Portal]:
        with self._portal.changing():
            self._portal.settle()
            try:
                yield self._portal
            except Problem as problem:
                raise ValueError(problem.message) from None

    def _get(self, collection: str, id: str) -> Record:
        record = self._portal.of(collection).get(id)
        if record is None:
            raise KeyError(f"the portal has no {collection.replace('_', ' ').removesuffix('s')} {id}")
        return record

    def _name(self, customer_id: str | None) -> str | None:
        return None if customer_id is None else self._get("customers", customer_id)["companyName"]

    def _decide_offer(self, offer_id: str, field: str, **fields: str) -> Record:
        with self._acting() as portal:
            offer = self._get("customer_offers", offer_id)
            _need(offer["acceptedAt"] is None and offer["rejectedAt"] is None, f"{offer_id} was decided before")
            _need(offer["expiresAt"] >= portal.today().isoformat(), f"{offer_id} has expired")
            return customer_offers.decide(portal, offer, {field: portal.stamp(), **fields})

    def _delete(self, collection: str, id: str, event_type: str) -> Record:
        with self._acting() as portal:
            self._get(collection, id)
            deleted = portal.of(collection).remove(id)
            portal.emit(event_type, deleted)
            return deleted


def _need(is_so: bool, otherwise: str) -> None:
    if not is_so:
        raise ValueError(otherwise)
