"""Records as the API shows them, wherever they are shown without a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .portal import Portal

SCHEMAS = {
    "agreements": "AgreementWithDetails",
    "appointments": "Appointment",
    "customers": "Customer",
    "customer_groups": "CustomerGroup",
    "customer_invoices": "CustomerInvoice",
    "customer_offers": "CustomerOffer",
    "customer_subscriptions": "CustomerSubscription",
    "customer_subscription_packages": "CustomerSubscriptionPackage",
    "files": "FileOrDirectory",
    "directories": "FileOrDirectory",
    "file_requests": "FileRequest",
    "file_shares": "FileShare",
    "mijnklantportaal_invoices": "Invoice",
    "payment_links": "PaymentLink",
    "payments": "PaymentLinkPayment",
    "punch_cards": "PunchCard",
    "issued_punch_cards": "PunchCardBought",
    "tickets": "TicketWithMessage",
    "webhooks": "Webhook",
}
"""The schema of the records of each collection; the contract has none for payments of subscriptions and sign-ups."""


def shown(portal: Portal, record: Mapping[str, Any]) -> dict[str, Any]:
    """A record with what the API shows of it, and links to where the portal is."""
    id = str(record.get("id"))
    collection = portal.holding(id[: id.find("_") + 1])
    if collection is None or collection.name not in SCHEMAS:
        return dict(record)
    schema = portal.contract.component(SCHEMAS[collection.name])
    cut: dict[str, Any] = portal.contract.show(schema, dict(record), portal.origin)
    return cut
