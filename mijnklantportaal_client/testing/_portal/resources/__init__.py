"""What the operations of each resource do, one module per resource."""

from __future__ import annotations

from . import (
    agreements,
    appointments,
    customer_groups,
    customer_invoices,
    customer_offers,
    customer_subscription_packages,
    customer_subscriptions,
    customers,
    file_requests,
    file_shares,
    files,
    mijnklantportaal_invoices,
    payment_links,
    punch_cards,
    tickets,
    webhooks,
)

BEHAVIOURS = tuple(
    module.behaviour
    for module in (
        agreements,
        appointments,
        customers,
        customer_groups,
        customer_invoices,
        customer_offers,
        customer_subscriptions,
        customer_subscription_packages,
        files,
        file_requests,
        file_shares,
        mijnklantportaal_invoices,
        payment_links,
        punch_cards,
        tickets,
        webhooks,
    )
)
