from enum import StrEnum
from typing import Final


class EventType(StrEnum):
    """Event that triggers the webhook.

    The API may send values that are not listed here; they are read as plain `str`.
    """

    APPOINTMENT_CREATED = "appointment-created"
    APPOINTMENT_CANCELED = "appointment-canceled"
    CUSTOMER_CREATED = "customer-created"
    CUSTOMER_DELETED = "customer-deleted"
    OFFER_CREATED = "offer-created"
    OFFER_DELETED = "offer-deleted"
    OFFER_ACCEPTED = "offer-accepted"
    OFFER_REJECTED = "offer-rejected"
    INVOICE_CREATED = "invoice-created"
    INVOICE_CHARGEBACK = "invoice-chargeback"
    INVOICE_PAID = "invoice-paid"
    INVOICE_DELETED = "invoice-deleted"
    PAYMENT_LINK_CREATED = "payment-link-created"
    PAYMENT_LINK_EXPIRED = "payment-link-expired"
    PAYMENT_LINK_PAID = "payment-link-paid"
    TICKET_CREATED = "ticket-created"
    TICKET_REPLY_CUSTOMER = "ticket-reply-customer"
    TICKET_REPLY_EMPLOYEE = "ticket-reply-employee"
    SUBSCRIPTION_CREATED = "subscription-created"
    SUBSCRIPTION_UPDATED = "subscription-updated"
    SUBSCRIPTION_DELETED = "subscription-deleted"
    SUBSCRIPTION_PAYMENT_CREATED = "subscription-payment-created"
    SUBSCRIPTION_PAYMENT_UPDATED = "subscription-payment-updated"


EventType_BY_VALUE: Final[dict[str, EventType]] = {member.value: member for member in EventType}
