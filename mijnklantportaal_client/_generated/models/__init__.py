"""All models and enums; each is loaded when it is first used."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .agreement import Agreement as Agreement
    from .agreement_document import AgreementDocument as AgreementDocument
    from .agreement_signer import AgreementSigner as AgreementSigner
    from .agreement_signer_input import AgreementSignerInput as AgreementSignerInput
    from .agreement_signer_input import AgreementSignerInputDict as AgreementSignerInputDict
    from .agreement_status import AgreementStatus as AgreementStatus
    from .agreement_with_details import AgreementWithDetails as AgreementWithDetails
    from .api_error import ApiError as ApiError
    from .appointment import Appointment as Appointment
    from .appointment_decision import AppointmentDecision as AppointmentDecision
    from .appointment_status import AppointmentStatus as AppointmentStatus
    from .customer import Customer as Customer
    from .customer_group import CustomerGroup as CustomerGroup
    from .customer_invoice import CustomerInvoice as CustomerInvoice
    from .customer_invoice_links import CustomerInvoiceLinks as CustomerInvoiceLinks
    from .customer_offer import CustomerOffer as CustomerOffer
    from .customer_offer_links import CustomerOfferLinks as CustomerOfferLinks
    from .customer_subscription import CustomerSubscription as CustomerSubscription
    from .customer_subscription_package import CustomerSubscriptionPackage as CustomerSubscriptionPackage
    from .download_link import DownloadLink as DownloadLink
    from .event_type import EventType as EventType
    from .expiry_period import ExpiryPeriod as ExpiryPeriod
    from .file_or_directory import FileOrDirectory as FileOrDirectory
    from .file_request import FileRequest as FileRequest
    from .file_request_links import FileRequestLinks as FileRequestLinks
    from .file_share import FileShare as FileShare
    from .file_share_links import FileShareLinks as FileShareLinks
    from .file_type import FileType as FileType
    from .invoice_line_input import InvoiceLineInput as InvoiceLineInput
    from .invoice_line_input import InvoiceLineInputDict as InvoiceLineInputDict
    from .issued_punch_card import IssuedPunchCard as IssuedPunchCard
    from .issued_punch_card_status import IssuedPunchCardStatus as IssuedPunchCardStatus
    from .link import Link as Link
    from .mijnklantportaal_invoice import MijnKlantportaalInvoice as MijnKlantportaalInvoice
    from .mijnklantportaal_invoice_line import MijnKlantportaalInvoiceLine as MijnKlantportaalInvoiceLine
    from .payment_link import PaymentLink as PaymentLink
    from .payment_link_payment import PaymentLinkPayment as PaymentLinkPayment
    from .payment_link_status import PaymentLinkStatus as PaymentLinkStatus
    from .pending_sign_up import PendingSignUp as PendingSignUp
    from .punch_card import PunchCard as PunchCard
    from .requested_file import RequestedFile as RequestedFile
    from .requested_file_input import RequestedFileInput as RequestedFileInput
    from .requested_file_input import RequestedFileInputDict as RequestedFileInputDict
    from .subscription_interval import SubscriptionInterval as SubscriptionInterval
    from .subscription_options import SubscriptionOptions as SubscriptionOptions
    from .subscription_status import SubscriptionStatus as SubscriptionStatus
    from .ticket import Ticket as Ticket
    from .ticket_attachment import TicketAttachment as TicketAttachment
    from .ticket_message import TicketMessage as TicketMessage
    from .ticket_source import TicketSource as TicketSource
    from .ticket_status import TicketStatus as TicketStatus
    from .ticket_with_message import TicketWithMessage as TicketWithMessage
    from .vat_rate import VatRate as VatRate
    from .webhook import Webhook as Webhook

__all__ = [
    "Agreement",
    "AgreementDocument",
    "AgreementSigner",
    "AgreementSignerInput",
    "AgreementSignerInputDict",
    "AgreementStatus",
    "AgreementWithDetails",
    "ApiError",
    "Appointment",
    "AppointmentDecision",
    "AppointmentStatus",
    "Customer",
    "CustomerGroup",
    "CustomerInvoice",
    "CustomerInvoiceLinks",
    "CustomerOffer",
    "CustomerOfferLinks",
    "CustomerSubscription",
    "CustomerSubscriptionPackage",
    "DownloadLink",
    "EventType",
    "ExpiryPeriod",
    "FileOrDirectory",
    "FileRequest",
    "FileRequestLinks",
    "FileShare",
    "FileShareLinks",
    "FileType",
    "InvoiceLineInput",
    "InvoiceLineInputDict",
    "IssuedPunchCard",
    "IssuedPunchCardStatus",
    "Link",
    "MijnKlantportaalInvoice",
    "MijnKlantportaalInvoiceLine",
    "PaymentLink",
    "PaymentLinkPayment",
    "PaymentLinkStatus",
    "PendingSignUp",
    "PunchCard",
    "RequestedFile",
    "RequestedFileInput",
    "RequestedFileInputDict",
    "SubscriptionInterval",
    "SubscriptionOptions",
    "SubscriptionStatus",
    "Ticket",
    "TicketAttachment",
    "TicketMessage",
    "TicketSource",
    "TicketStatus",
    "TicketWithMessage",
    "VatRate",
    "Webhook",
]
_WHERE = {
    "Agreement": "agreement",
    "AgreementDocument": "agreement_document",
    "AgreementSigner": "agreement_signer",
    "AgreementSignerInput": "agreement_signer_input",
    "AgreementSignerInputDict": "agreement_signer_input",
    "AgreementStatus": "agreement_status",
    "AgreementWithDetails": "agreement_with_details",
    "ApiError": "api_error",
    "Appointment": "appointment",
    "AppointmentDecision": "appointment_decision",
    "AppointmentStatus": "appointment_status",
    "Customer": "customer",
    "CustomerGroup": "customer_group",
    "CustomerInvoice": "customer_invoice",
    "CustomerInvoiceLinks": "customer_invoice_links",
    "CustomerOffer": "customer_offer",
    "CustomerOfferLinks": "customer_offer_links",
    "CustomerSubscription": "customer_subscription",
    "CustomerSubscriptionPackage": "customer_subscription_package",
    "DownloadLink": "download_link",
    "EventType": "event_type",
    "ExpiryPeriod": "expiry_period",
    "FileOrDirectory": "file_or_directory",
    "FileRequest": "file_request",
    "FileRequestLinks": "file_request_links",
    "FileShare": "file_share",
    "FileShareLinks": "file_share_links",
    "FileType": "file_type",
    "InvoiceLineInput": "invoice_line_input",
    "InvoiceLineInputDict": "invoice_line_input",
    "IssuedPunchCard": "issued_punch_card",
    "IssuedPunchCardStatus": "issued_punch_card_status",
    "Link": "link",
    "MijnKlantportaalInvoice": "mijnklantportaal_invoice",
    "MijnKlantportaalInvoiceLine": "mijnklantportaal_invoice_line",
    "PaymentLink": "payment_link",
    "PaymentLinkPayment": "payment_link_payment",
    "PaymentLinkStatus": "payment_link_status",
    "PendingSignUp": "pending_sign_up",
    "PunchCard": "punch_card",
    "RequestedFile": "requested_file",
    "RequestedFileInput": "requested_file_input",
    "RequestedFileInputDict": "requested_file_input",
    "SubscriptionInterval": "subscription_interval",
    "SubscriptionOptions": "subscription_options",
    "SubscriptionStatus": "subscription_status",
    "Ticket": "ticket",
    "TicketAttachment": "ticket_attachment",
    "TicketMessage": "ticket_message",
    "TicketSource": "ticket_source",
    "TicketStatus": "ticket_status",
    "TicketWithMessage": "ticket_with_message",
    "VatRate": "vat_rate",
    "Webhook": "webhook",
}


if not TYPE_CHECKING:
    # Hidden from type checkers, which would take every name for one that is there.
    def __getattr__(name: str) -> Any:
        if name not in _WHERE:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted(__all__)
