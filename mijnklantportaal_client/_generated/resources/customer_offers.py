"""Customer Offers API (offerte)."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from ..._answer import APIResponse
from ..._codecs import (
    BINARY,
    BOOLEAN,
    DATE,
    LOCAL_DATE_TIME,
    MONEY,
    STRING,
    IdOf,
    ListOf,
    ModelOf,
)
from ..._files import FileInput
from ..._operation import Argument, Operation, PathParameter
from ..._page import Page, PageOf
from ..._pager import AsyncPager
from ..._progress import OnProgress
from ..._resource import Resource, first_page
from ..._unset import UNSET, Unset
from ..models.customer_offer import CustomerOffer
from ..models.invoice_line_input import InvoiceLineInput, InvoiceLineInputDict

_LIST: Operation[Page[CustomerOffer]] = Operation(
    id="list-customer-offers",
    name="customer_offers.list",
    method="GET",
    path="/customer-offers",
    reader=PageOf(ModelOf(CustomerOffer)),
    statuses=frozenset(
        {
            "200",
            "401",
            "403",
            "422",
            "429",
        }
    ),
    inferred=(
        "nullability",
        "property types",
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/customer-offers-api/list-customer-offers",
)
_CREATE_FROM_PDF: Operation[CustomerOffer] = Operation(
    id="create-customer-offer",
    name="customer_offers.create_from_pdf",
    method="POST",
    path="/customer-offers",
    reader=ModelOf(CustomerOffer),
    body=(
        Argument("customer_id", "customerId", IdOf("cst_"), required=True),
        Argument("offer_number", "offerNumber", STRING, required=True),
        Argument("issued_at", "issuedAt", DATE, required=True),
        Argument("expires_at", "expiresAt", DATE, required=True),
        Argument("amount", "amount", MONEY, required=True),
        Argument("send_notification", "sendNotification", BOOLEAN),
        Argument("accepted_at", "acceptedAt", LOCAL_DATE_TIME),
        Argument("accepted_via_ip", "acceptedViaIp", STRING),
        Argument("accepted_via_user_agent", "acceptedViaUserAgent", STRING),
        Argument("rejected_at", "rejectedAt", LOCAL_DATE_TIME),
        Argument("pdf", "pdf", BINARY, required=True),
    ),
    encoding="multipart",
    statuses=frozenset(
        {
            "201",
            "401",
            "403",
            "422",
            "429",
        }
    ),
    inferred=(
        "error responses",
        "property types",
        "required list",
        "success status",
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/customer-offers-api/create-customer-offer",
)
_CREATE_FROM_LINES: Operation[CustomerOffer] = Operation(
    id="create-customer-offer-manual",
    name="customer_offers.create_from_lines",
    method="POST",
    path="/customer-offers/manual",
    reader=ModelOf(CustomerOffer),
    body=(
        Argument("customer_id", "customerId", IdOf("cst_"), required=True),
        Argument("offer_number", "offerNumber", STRING, required=True),
        Argument("issued_at", "issuedAt", DATE, required=True),
        Argument("expires_at", "expiresAt", DATE, required=True),
        Argument("send_notification", "sendNotification", BOOLEAN),
        Argument("lines", "lines", ListOf(ModelOf(InvoiceLineInput)), required=True),
    ),
    encoding="json",
    statuses=frozenset(
        {
            "201",
            "401",
            "403",
            "422",
            "429",
        }
    ),
    inferred=(
        "error responses",
        "property types",
        "required list",
        "success status",
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/customer-offers-api/create-manual-customer-offer",
)
_GET: Operation[CustomerOffer] = Operation(
    id="get-customer-offer",
    name="customer_offers.get",
    method="GET",
    path="/customer-offers/{offerId}",
    reader=ModelOf(CustomerOffer),
    path_parameters=(PathParameter("offer_id", "offerId", "off_"),),
    statuses=frozenset(
        {
            "200",
            "401",
            "403",
            "404",
            "429",
        }
    ),
    inferred=("nullability",),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/customer-offers-api/get-customer-offer",
)
_MARK_ACCEPTED: Operation[CustomerOffer] = Operation(
    id="mark-customer-offer-accepted-or-rejected",
    name="customer_offers.mark_accepted",
    method="PATCH",
    path="/customer-offers/{offerId}",
    reader=ModelOf(CustomerOffer),
    path_parameters=(PathParameter("offer_id", "offerId", "off_"),),
    body=(
        Argument("accepted_at", "acceptedAt", LOCAL_DATE_TIME, required=True),
        Argument("accepted_via_ip", "acceptedViaIp", STRING),
        Argument("accepted_via_user_agent", "acceptedViaUserAgent", STRING),
    ),
    encoding="json",
    statuses=frozenset(
        {
            "200",
            "401",
            "403",
            "404",
            "422",
            "429",
        }
    ),
    inferred=(
        "error responses",
        "property types",
        "required list",
        "success status",
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/customer-offers-api/mark-customer-offer-accepted-or-rejected",
)
_MARK_REJECTED: Operation[CustomerOffer] = Operation(
    id="mark-customer-offer-accepted-or-rejected",
    name="customer_offers.mark_rejected",
    method="PATCH",
    path="/customer-offers/{offerId}",
    reader=ModelOf(CustomerOffer),
    path_parameters=(PathParameter("offer_id", "offerId", "off_"),),
    body=(Argument("rejected_at", "rejectedAt", LOCAL_DATE_TIME, required=True),),
    encoding="json",
    statuses=frozenset(
        {
            "200",
            "401",
            "403",
            "404",
            "422",
            "429",
        }
    ),
    inferred=(
        "error responses",
        "property types",
        "required list",
        "success status",
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/customer-offers-api/mark-customer-offer-accepted-or-rejected",
)


class CustomerOffers(Resource):
    """Customer Offers API (offerte)."""

    def list(
        self,
        *,
        page: int = 1,
        prefetch: int = 1,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> AsyncPager[CustomerOffer]:
        """List Customer Offers (offerte).

        Lists every customer offer in the portal, paginated.

        Partly inferred, not documented: nullability, property types.

        Args:
            page: Number of the first page to read, from 1.
            prefetch: How many pages are fetched ahead while the objects are used; 0 for none.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            A pager: `await` it for the first page, `async for` every object, or `.collect()` a list.

        Raises:
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-offers-api/list-customer-offers
        """
        return self._pager(_LIST, (), {}, (extra_query, extra_body, extra_headers), page, prefetch)

    async def create_from_pdf(
        self,
        *,
        customer_id: str,
        offer_number: str,
        issued_at: datetime.date | str,
        expires_at: datetime.date | str,
        amount: Decimal | int | str,
        pdf: FileInput,
        send_notification: bool | Unset = UNSET,
        accepted_at: datetime.datetime | str | Unset = UNSET,
        accepted_via_ip: str | Unset = UNSET,
        accepted_via_user_agent: str | Unset = UNSET,
        rejected_at: datetime.datetime | str | Unset = UNSET,
        on_progress: OnProgress | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> CustomerOffer:
        """Create Customer Offer (offerte).

        Partly inferred, not documented: error responses, property types, required list, success status.

        Args:
            customer_id: ID of the customer who gets the offer. An ID with the prefix `cst_`.
            offer_number: Offer number.
            issued_at: Issue date. Pass a `datetime.date` or text like `2024-04-29`.
            expires_at: Expiry date. Pass a `datetime.date` or text like `2024-04-29`.
            amount: Offer amount; euro (EUR) only for now; whether VAT is in it is not documented. Pass a
                `Decimal`, an `int` or text like `12.95`, with at most two decimals; never a
                `float`.
            pdf: PDF file of the offer. Pass `bytes`, a `pathlib.Path`, an open binary file, an async iterable
                of bytes, or a `FileUpload`.
            send_notification: Whether MijnKlantportaal notifies the customer of the new offer. Not sent unless
                given.
            accepted_at: When it was accepted; leave out while the offer is open. Pass an aware
                `datetime.datetime`, or text like `2024-04-29 21:00:00` in the portal's zone. Not
                sent unless given.
            accepted_via_ip: IP address of the acceptance, if known; ignored without `accepted_at`. Not sent
                unless given.
            accepted_via_user_agent: User agent of the acceptance, if known; ignored without `accepted_at`. Not
                sent unless given.
            rejected_at: When it was rejected; leave out while the offer is open. Pass an aware
                `datetime.datetime`, or text like `2024-04-29 21:00:00` in the portal's zone. Not
                sent unless given.
            on_progress: Called with the bytes that the connection took and the bytes of the whole body (`None` where
                that is not known), first with 0, and with 0 again where an attempt failed. Plain or async; what it
                raises is logged, and it is called no more.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            The new customer offer.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-offers-api/create-customer-offer
        """
        return await self._call(
            _CREATE_FROM_PDF,
            (),
            {},
            {
                "customer_id": customer_id,
                "offer_number": offer_number,
                "issued_at": issued_at,
                "expires_at": expires_at,
                "amount": amount,
                "send_notification": send_notification,
                "accepted_at": accepted_at,
                "accepted_via_ip": accepted_via_ip,
                "accepted_via_user_agent": accepted_via_user_agent,
                "rejected_at": rejected_at,
                "pdf": pdf,
            },
            (extra_query, extra_body, extra_headers),
            on_progress,
        )

    async def create_from_lines(
        self,
        *,
        customer_id: str,
        offer_number: str,
        issued_at: datetime.date | str,
        expires_at: datetime.date | str,
        lines: Sequence[InvoiceLineInput | InvoiceLineInputDict],
        send_notification: bool | Unset = UNSET,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> CustomerOffer:
        """Create manual Customer Offer (offerte).

        Builds a customer offer from scratch out of product or service lines.

        Partly inferred, not documented: error responses, property types, required list, success status.

        Args:
            customer_id: ID of the customer who gets the offer. An ID with the prefix `cst_`.
            offer_number: Offer number.
            issued_at: Issue date. Pass a `datetime.date` or text like `2024-04-29`.
            expires_at: Expiry date. Pass a `datetime.date` or text like `2024-04-29`.
            lines: Offer lines.
            send_notification: Whether MijnKlantportaal notifies the customer of the new offer. Not sent unless
                given.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            The new customer offer.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-offers-api/create-manual-customer-offer
        """
        return await self._call(
            _CREATE_FROM_LINES,
            (),
            {},
            {
                "customer_id": customer_id,
                "offer_number": offer_number,
                "issued_at": issued_at,
                "expires_at": expires_at,
                "send_notification": send_notification,
                "lines": lines,
            },
            (extra_query, extra_body, extra_headers),
        )

    async def get(
        self,
        offer_id: str,
        *,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> CustomerOffer:
        """Get Customer Offer (offerte).

        Returns one customer offer by its ID.

        Partly inferred, not documented: nullability.

        Args:
            offer_id: ID of the wanted customer offer. An ID with the prefix `off_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            The customer offer.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-offers-api/get-customer-offer
        """
        return await self._call(_GET, (offer_id,), {}, {}, (extra_query, extra_body, extra_headers))

    async def mark_accepted(
        self,
        offer_id: str,
        *,
        accepted_at: datetime.datetime | str,
        accepted_via_ip: str | Unset = UNSET,
        accepted_via_user_agent: str | Unset = UNSET,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> CustomerOffer:
        """Mark Customer Offer accepted (offerte).

        Marks the customer offer as accepted and, when linked, updates the integration too.

        Partly inferred, not documented: error responses, property types, required list, success status.

        Args:
            offer_id: ID of the customer offer to change. An ID with the prefix `off_`.
            accepted_at: When the offer was accepted. Pass an aware `datetime.datetime`, or text like
                `2024-04-29 21:00:00` in the portal's zone.
            accepted_via_ip: IP address of the acceptance; ignored without `accepted_at`. Not sent unless given.
            accepted_via_user_agent: User agent of the acceptance; ignored without `accepted_at`. Not sent
                unless given.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            The updated customer offer.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-offers-api/mark-customer-offer-accepted-or-rejected
        """
        return await self._call(
            _MARK_ACCEPTED,
            (offer_id,),
            {},
            {
                "accepted_at": accepted_at,
                "accepted_via_ip": accepted_via_ip,
                "accepted_via_user_agent": accepted_via_user_agent,
            },
            (extra_query, extra_body, extra_headers),
        )

    async def mark_rejected(
        self,
        offer_id: str,
        *,
        rejected_at: datetime.datetime | str,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> CustomerOffer:
        """Mark Customer Offer rejected (offerte).

        Marks the customer offer as rejected and, when linked, updates the integration too.

        Partly inferred, not documented: error responses, property types, required list, success status.

        Args:
            offer_id: ID of the customer offer to change. An ID with the prefix `off_`.
            rejected_at: When the offer was rejected. Pass an aware `datetime.datetime`, or text like
                `2024-04-29 21:00:00` in the portal's zone.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            The updated customer offer.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-offers-api/mark-customer-offer-accepted-or-rejected
        """
        return await self._call(
            _MARK_REJECTED,
            (offer_id,),
            {},
            {
                "rejected_at": rejected_at,
            },
            (extra_query, extra_body, extra_headers),
        )


class CustomerOffersWithRawResponse(Resource):
    """The same, with methods that return the whole answer."""

    async def list(
        self,
        *,
        page: int = 1,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[Page[CustomerOffer]]:
        """List Customer Offers (offerte).

        Lists every customer offer in the portal, paginated.

        Partly inferred, not documented: nullability, property types.

        Args:
            page: Number of the page, from 1.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-offers-api/list-customer-offers
        """
        return await self._raw(_LIST, (), {}, {}, (first_page(page, extra_query), extra_body, extra_headers))

    async def create_from_pdf(
        self,
        *,
        customer_id: str,
        offer_number: str,
        issued_at: datetime.date | str,
        expires_at: datetime.date | str,
        amount: Decimal | int | str,
        pdf: FileInput,
        send_notification: bool | Unset = UNSET,
        accepted_at: datetime.datetime | str | Unset = UNSET,
        accepted_via_ip: str | Unset = UNSET,
        accepted_via_user_agent: str | Unset = UNSET,
        rejected_at: datetime.datetime | str | Unset = UNSET,
        on_progress: OnProgress | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[CustomerOffer]:
        """Create Customer Offer (offerte).

        Partly inferred, not documented: error responses, property types, required list, success status.

        Args:
            customer_id: ID of the customer who gets the offer. An ID with the prefix `cst_`.
            offer_number: Offer number.
            issued_at: Issue date. Pass a `datetime.date` or text like `2024-04-29`.
            expires_at: Expiry date. Pass a `datetime.date` or text like `2024-04-29`.
            amount: Offer amount; euro (EUR) only for now; whether VAT is in it is not documented. Pass a
                `Decimal`, an `int` or text like `12.95`, with at most two decimals; never a
                `float`.
            pdf: PDF file of the offer. Pass `bytes`, a `pathlib.Path`, an open binary file, an async iterable
                of bytes, or a `FileUpload`.
            send_notification: Whether MijnKlantportaal notifies the customer of the new offer. Not sent unless
                given.
            accepted_at: When it was accepted; leave out while the offer is open. Pass an aware
                `datetime.datetime`, or text like `2024-04-29 21:00:00` in the portal's zone. Not
                sent unless given.
            accepted_via_ip: IP address of the acceptance, if known; ignored without `accepted_at`. Not sent
                unless given.
            accepted_via_user_agent: User agent of the acceptance, if known; ignored without `accepted_at`. Not
                sent unless given.
            rejected_at: When it was rejected; leave out while the offer is open. Pass an aware
                `datetime.datetime`, or text like `2024-04-29 21:00:00` in the portal's zone. Not
                sent unless given.
            on_progress: Called with the bytes that the connection took and the bytes of the whole body (`None` where
                that is not known), first with 0, and with 0 again where an attempt failed. Plain or async; what it
                raises is logged, and it is called no more.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-offers-api/create-customer-offer
        """
        return await self._raw(
            _CREATE_FROM_PDF,
            (),
            {},
            {
                "customer_id": customer_id,
                "offer_number": offer_number,
                "issued_at": issued_at,
                "expires_at": expires_at,
                "amount": amount,
                "send_notification": send_notification,
                "accepted_at": accepted_at,
                "accepted_via_ip": accepted_via_ip,
                "accepted_via_user_agent": accepted_via_user_agent,
                "rejected_at": rejected_at,
                "pdf": pdf,
            },
            (extra_query, extra_body, extra_headers),
            on_progress,
        )

    async def create_from_lines(
        self,
        *,
        customer_id: str,
        offer_number: str,
        issued_at: datetime.date | str,
        expires_at: datetime.date | str,
        lines: Sequence[InvoiceLineInput | InvoiceLineInputDict],
        send_notification: bool | Unset = UNSET,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[CustomerOffer]:
        """Create manual Customer Offer (offerte).

        Builds a customer offer from scratch out of product or service lines.

        Partly inferred, not documented: error responses, property types, required list, success status.

        Args:
            customer_id: ID of the customer who gets the offer. An ID with the prefix `cst_`.
            offer_number: Offer number.
            issued_at: Issue date. Pass a `datetime.date` or text like `2024-04-29`.
            expires_at: Expiry date. Pass a `datetime.date` or text like `2024-04-29`.
            lines: Offer lines.
            send_notification: Whether MijnKlantportaal notifies the customer of the new offer. Not sent unless
                given.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-offers-api/create-manual-customer-offer
        """
        return await self._raw(
            _CREATE_FROM_LINES,
            (),
            {},
            {
                "customer_id": customer_id,
                "offer_number": offer_number,
                "issued_at": issued_at,
                "expires_at": expires_at,
                "send_notification": send_notification,
                "lines": lines,
            },
            (extra_query, extra_body, extra_headers),
        )

    async def get(
        self,
        offer_id: str,
        *,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[CustomerOffer]:
        """Get Customer Offer (offerte).

        Returns one customer offer by its ID.

        Partly inferred, not documented: nullability.

        Args:
            offer_id: ID of the wanted customer offer. An ID with the prefix `off_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-offers-api/get-customer-offer
        """
        return await self._raw(_GET, (offer_id,), {}, {}, (extra_query, extra_body, extra_headers))

    async def mark_accepted(
        self,
        offer_id: str,
        *,
        accepted_at: datetime.datetime | str,
        accepted_via_ip: str | Unset = UNSET,
        accepted_via_user_agent: str | Unset = UNSET,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[CustomerOffer]:
        """Mark Customer Offer accepted (offerte).

        Marks the customer offer as accepted and, when linked, updates the integration too.

        Partly inferred, not documented: error responses, property types, required list, success status.

        Args:
            offer_id: ID of the customer offer to change. An ID with the prefix `off_`.
            accepted_at: When the offer was accepted. Pass an aware `datetime.datetime`, or text like
                `2024-04-29 21:00:00` in the portal's zone.
            accepted_via_ip: IP address of the acceptance; ignored without `accepted_at`. Not sent unless given.
            accepted_via_user_agent: User agent of the acceptance; ignored without `accepted_at`. Not sent
                unless given.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-offers-api/mark-customer-offer-accepted-or-rejected
        """
        return await self._raw(
            _MARK_ACCEPTED,
            (offer_id,),
            {},
            {
                "accepted_at": accepted_at,
                "accepted_via_ip": accepted_via_ip,
                "accepted_via_user_agent": accepted_via_user_agent,
            },
            (extra_query, extra_body, extra_headers),
        )

    async def mark_rejected(
        self,
        offer_id: str,
        *,
        rejected_at: datetime.datetime | str,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[CustomerOffer]:
        """Mark Customer Offer rejected (offerte).

        Marks the customer offer as rejected and, when linked, updates the integration too.

        Partly inferred, not documented: error responses, property types, required list, success status.

        Args:
            offer_id: ID of the customer offer to change. An ID with the prefix `off_`.
            rejected_at: When the offer was rejected. Pass an aware `datetime.datetime`, or text like
                `2024-04-29 21:00:00` in the portal's zone.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-offers-api/mark-customer-offer-accepted-or-rejected
        """
        return await self._raw(
            _MARK_REJECTED,
            (offer_id,),
            {},
            {
                "rejected_at": rejected_at,
            },
            (extra_query, extra_body, extra_headers),
        )
