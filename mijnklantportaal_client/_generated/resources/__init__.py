"""Every resource, loaded when it is first used."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..._dispatch import Dispatcher
    from ..._options import Options
    from .agreements import Agreements, AgreementsWithRawResponse
    from .appointments import Appointments, AppointmentsWithRawResponse
    from .customer_groups import CustomerGroups, CustomerGroupsWithRawResponse
    from .customer_invoices import CustomerInvoices, CustomerInvoicesWithRawResponse
    from .customer_offers import CustomerOffers, CustomerOffersWithRawResponse
    from .customer_subscription_packages import (
        CustomerSubscriptionPackages,
        CustomerSubscriptionPackagesWithRawResponse,
    )
    from .customer_subscriptions import CustomerSubscriptions, CustomerSubscriptionsWithRawResponse
    from .customers import Customers, CustomersWithRawResponse
    from .file_requests import FileRequests, FileRequestsWithRawResponse
    from .file_shares import FileShares, FileSharesWithRawResponse
    from .files import Files, FilesWithRawResponse
    from .mijnklantportaal_invoices import MijnKlantportaalInvoices, MijnKlantportaalInvoicesWithRawResponse
    from .payment_links import PaymentLinks, PaymentLinksWithRawResponse
    from .punch_cards import PunchCards, PunchCardsWithRawResponse
    from .tickets import Tickets, TicketsWithRawResponse
    from .webhooks import Webhooks, WebhooksWithRawResponse

__all__ = [
    "RawResources",
    "Resources",
    "Agreements",
    "AgreementsWithRawResponse",
    "Appointments",
    "AppointmentsWithRawResponse",
    "Customers",
    "CustomersWithRawResponse",
    "CustomerGroups",
    "CustomerGroupsWithRawResponse",
    "CustomerInvoices",
    "CustomerInvoicesWithRawResponse",
    "CustomerOffers",
    "CustomerOffersWithRawResponse",
    "CustomerSubscriptions",
    "CustomerSubscriptionsWithRawResponse",
    "CustomerSubscriptionPackages",
    "CustomerSubscriptionPackagesWithRawResponse",
    "Files",
    "FilesWithRawResponse",
    "FileRequests",
    "FileRequestsWithRawResponse",
    "FileShares",
    "FileSharesWithRawResponse",
    "MijnKlantportaalInvoices",
    "MijnKlantportaalInvoicesWithRawResponse",
    "PaymentLinks",
    "PaymentLinksWithRawResponse",
    "PunchCards",
    "PunchCardsWithRawResponse",
    "Tickets",
    "TicketsWithRawResponse",
    "Webhooks",
    "WebhooksWithRawResponse",
]
_WHERE = {
    "Agreements": "agreements",
    "AgreementsWithRawResponse": "agreements",
    "Appointments": "appointments",
    "AppointmentsWithRawResponse": "appointments",
    "Customers": "customers",
    "CustomersWithRawResponse": "customers",
    "CustomerGroups": "customer_groups",
    "CustomerGroupsWithRawResponse": "customer_groups",
    "CustomerInvoices": "customer_invoices",
    "CustomerInvoicesWithRawResponse": "customer_invoices",
    "CustomerOffers": "customer_offers",
    "CustomerOffersWithRawResponse": "customer_offers",
    "CustomerSubscriptions": "customer_subscriptions",
    "CustomerSubscriptionsWithRawResponse": "customer_subscriptions",
    "CustomerSubscriptionPackages": "customer_subscription_packages",
    "CustomerSubscriptionPackagesWithRawResponse": "customer_subscription_packages",
    "Files": "files",
    "FilesWithRawResponse": "files",
    "FileRequests": "file_requests",
    "FileRequestsWithRawResponse": "file_requests",
    "FileShares": "file_shares",
    "FileSharesWithRawResponse": "file_shares",
    "MijnKlantportaalInvoices": "mijnklantportaal_invoices",
    "MijnKlantportaalInvoicesWithRawResponse": "mijnklantportaal_invoices",
    "PaymentLinks": "payment_links",
    "PaymentLinksWithRawResponse": "payment_links",
    "PunchCards": "punch_cards",
    "PunchCardsWithRawResponse": "punch_cards",
    "Tickets": "tickets",
    "TicketsWithRawResponse": "tickets",
    "Webhooks": "webhooks",
    "WebhooksWithRawResponse": "webhooks",
}


class Resources:
    """The resources of a client."""

    def __init__(self, dispatcher: Dispatcher, options: Options) -> None:
        self._dispatcher = dispatcher
        self._options = options

    @cached_property
    def agreements(self) -> Agreements:
        """Agreements API (overeenkomst, contract, ondertekenen)."""
        from .agreements import Agreements

        return Agreements(self._dispatcher, self._options)

    @cached_property
    def appointments(self) -> Appointments:
        """Appointments API (afspraak, agenda)."""
        from .appointments import Appointments

        return Appointments(self._dispatcher, self._options)

    @cached_property
    def customers(self) -> Customers:
        """Customers API (klant, relatie)."""
        from .customers import Customers

        return Customers(self._dispatcher, self._options)

    @cached_property
    def customer_groups(self) -> CustomerGroups:
        """Customer Groups API (klantgroep)."""
        from .customer_groups import CustomerGroups

        return CustomerGroups(self._dispatcher, self._options)

    @cached_property
    def customer_invoices(self) -> CustomerInvoices:
        """Customer Invoices API (factuur, klantfactuur)."""
        from .customer_invoices import CustomerInvoices

        return CustomerInvoices(self._dispatcher, self._options)

    @cached_property
    def customer_offers(self) -> CustomerOffers:
        """Customer Offers API (offerte)."""
        from .customer_offers import CustomerOffers

        return CustomerOffers(self._dispatcher, self._options)

    @cached_property
    def customer_subscriptions(self) -> CustomerSubscriptions:
        """Customer Subscriptions API (abonnement)."""
        from .customer_subscriptions import CustomerSubscriptions

        return CustomerSubscriptions(self._dispatcher, self._options)

    @cached_property
    def customer_subscription_packages(self) -> CustomerSubscriptionPackages:
        """Customer Subscription Packages API (abonnementspakket)."""
        from .customer_subscription_packages import CustomerSubscriptionPackages

        return CustomerSubscriptionPackages(self._dispatcher, self._options)

    @cached_property
    def files(self) -> Files:
        """Files API (bestand, map)."""
        from .files import Files

        return Files(self._dispatcher, self._options)

    @cached_property
    def file_requests(self) -> FileRequests:
        """File Request API (bestandsverzoek)."""
        from .file_requests import FileRequests

        return FileRequests(self._dispatcher, self._options)

    @cached_property
    def file_shares(self) -> FileShares:
        """File Share API (gedeelde bestanden)."""
        from .file_shares import FileShares

        return FileShares(self._dispatcher, self._options)

    @cached_property
    def mijnklantportaal_invoices(self) -> MijnKlantportaalInvoices:
        """Invoices API (factuur van MijnKlantportaal)."""
        from .mijnklantportaal_invoices import MijnKlantportaalInvoices

        return MijnKlantportaalInvoices(self._dispatcher, self._options)

    @cached_property
    def payment_links(self) -> PaymentLinks:
        """Payment Links API (betaalverzoek, betaallink)."""
        from .payment_links import PaymentLinks

        return PaymentLinks(self._dispatcher, self._options)

    @cached_property
    def punch_cards(self) -> PunchCards:
        """Punch Cards API (strippenkaart, knipkaart)."""
        from .punch_cards import PunchCards

        return PunchCards(self._dispatcher, self._options)

    @cached_property
    def tickets(self) -> Tickets:
        """Tickets API (ticket, supportvraag)."""
        from .tickets import Tickets

        return Tickets(self._dispatcher, self._options)

    @cached_property
    def webhooks(self) -> Webhooks:
        """Webhooks API (webhook, melding)."""
        from .webhooks import Webhooks

        return Webhooks(self._dispatcher, self._options)


class RawResources:
    """The resources of a client, with methods that return the whole answer."""

    def __init__(self, dispatcher: Dispatcher, options: Options) -> None:
        self._dispatcher = dispatcher
        self._options = options

    @cached_property
    def agreements(self) -> AgreementsWithRawResponse:
        """Agreements API (overeenkomst, contract, ondertekenen)."""
        from .agreements import AgreementsWithRawResponse

        return AgreementsWithRawResponse(self._dispatcher, self._options)

    @cached_property
    def appointments(self) -> AppointmentsWithRawResponse:
        """Appointments API (afspraak, agenda)."""
        from .appointments import AppointmentsWithRawResponse

        return AppointmentsWithRawResponse(self._dispatcher, self._options)

    @cached_property
    def customers(self) -> CustomersWithRawResponse:
        """Customers API (klant, relatie)."""
        from .customers import CustomersWithRawResponse

        return CustomersWithRawResponse(self._dispatcher, self._options)

    @cached_property
    def customer_groups(self) -> CustomerGroupsWithRawResponse:
        """Customer Groups API (klantgroep)."""
        from .customer_groups import CustomerGroupsWithRawResponse

        return CustomerGroupsWithRawResponse(self._dispatcher, self._options)

    @cached_property
    def customer_invoices(self) -> CustomerInvoicesWithRawResponse:
        """Customer Invoices API (factuur, klantfactuur)."""
        from .customer_invoices import CustomerInvoicesWithRawResponse

        return CustomerInvoicesWithRawResponse(self._dispatcher, self._options)

    @cached_property
    def customer_offers(self) -> CustomerOffersWithRawResponse:
        """Customer Offers API (offerte)."""
        from .customer_offers import CustomerOffersWithRawResponse

        return CustomerOffersWithRawResponse(self._dispatcher, self._options)

    @cached_property
    def customer_subscriptions(self) -> CustomerSubscriptionsWithRawResponse:
        """Customer Subscriptions API (abonnement)."""
        from .customer_subscriptions import CustomerSubscriptionsWithRawResponse

        return CustomerSubscriptionsWithRawResponse(self._dispatcher, self._options)

    @cached_property
    def customer_subscription_packages(self) -> CustomerSubscriptionPackagesWithRawResponse:
        """Customer Subscription Packages API (abonnementspakket)."""
        from .customer_subscription_packages import CustomerSubscriptionPackagesWithRawResponse

        return CustomerSubscriptionPackagesWithRawResponse(self._dispatcher, self._options)

    @cached_property
    def files(self) -> FilesWithRawResponse:
        """Files API (bestand, map)."""
        from .files import FilesWithRawResponse

        return FilesWithRawResponse(self._dispatcher, self._options)

    @cached_property
    def file_requests(self) -> FileRequestsWithRawResponse:
        """File Request API (bestandsverzoek)."""
        from .file_requests import FileRequestsWithRawResponse

        return FileRequestsWithRawResponse(self._dispatcher, self._options)

    @cached_property
    def file_shares(self) -> FileSharesWithRawResponse:
        """File Share API (gedeelde bestanden)."""
        from .file_shares import FileSharesWithRawResponse

        return FileSharesWithRawResponse(self._dispatcher, self._options)

    @cached_property
    def mijnklantportaal_invoices(self) -> MijnKlantportaalInvoicesWithRawResponse:
        """Invoices API (factuur van MijnKlantportaal)."""
        from .mijnklantportaal_invoices import MijnKlantportaalInvoicesWithRawResponse

        return MijnKlantportaalInvoicesWithRawResponse(self._dispatcher, self._options)

    @cached_property
    def payment_links(self) -> PaymentLinksWithRawResponse:
        """Payment Links API (betaalverzoek, betaallink)."""
        from .payment_links import PaymentLinksWithRawResponse

        return PaymentLinksWithRawResponse(self._dispatcher, self._options)

    @cached_property
    def punch_cards(self) -> PunchCardsWithRawResponse:
        """Punch Cards API (strippenkaart, knipkaart)."""
        from .punch_cards import PunchCardsWithRawResponse

        return PunchCardsWithRawResponse(self._dispatcher, self._options)

    @cached_property
    def tickets(self) -> TicketsWithRawResponse:
        """Tickets API (ticket, supportvraag)."""
        from .tickets import TicketsWithRawResponse

        return TicketsWithRawResponse(self._dispatcher, self._options)

    @cached_property
    def webhooks(self) -> WebhooksWithRawResponse:
        """Webhooks API (webhook, melding)."""
        from .webhooks import WebhooksWithRawResponse

        return WebhooksWithRawResponse(self._dispatcher, self._options)


if not TYPE_CHECKING:
    # Hidden from type checkers, which would take every name for one that is there.
    def __getattr__(name: str) -> Any:
        if name not in _WHERE:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        import importlib

        return getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
