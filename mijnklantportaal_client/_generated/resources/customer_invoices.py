"""Customer Invoices API (factuur, klantfactuur)."""

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
from ..models.customer_invoice import CustomerInvoice
from ..models.download_link import DownloadLink
from ..models.invoice_line_input import InvoiceLineInput, InvoiceLineInputDict

_LIST: Operation[Page[CustomerInvoice]] = Operation(
    id="list-customer-invoices",
    name="customer_invoices.list",
    method="GET",
    path="/customer-invoices",
    reader=PageOf(ModelOf(CustomerInvoice)),
    statuses=frozenset(
        {
            "200",
            "401",
            "403",
            "422",
            "429",
        }
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/customer-invoices-api/list-customer-invoices",
)
_CREATE_FROM_PDF: Operation[CustomerInvoice] = Operation(
    id="create-customer-invoice",
    name="customer_invoices.create_from_pdf",
    method="POST",
    path="/customer-invoices",
    reader=ModelOf(CustomerInvoice),
    body=(
        Argument("customer_id", "customerId", IdOf("cst_"), required=True),
        Argument("invoice_number", "invoiceNumber", STRING, required=True),
        Argument("issued_at", "issuedAt", DATE, required=True),
        Argument("paid_at", "paidAt", LOCAL_DATE_TIME),
        Argument("amount", "amount", MONEY, required=True),
        Argument("send_notification", "sendNotification", BOOLEAN),
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
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/customer-invoices-api/create-customer-invoice",
)
_CREATE_FROM_LINES: Operation[CustomerInvoice] = Operation(
    id="create-customer-invoice-manual",
    name="customer_invoices.create_from_lines",
    method="POST",
    path="/customer-invoices/manual",
    reader=ModelOf(CustomerInvoice),
    body=(
        Argument("customer_id", "customerId", IdOf("cst_"), required=True),
        Argument("invoice_number", "invoiceNumber", STRING, required=True),
        Argument("issued_at", "issuedAt", DATE, required=True),
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
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/customer-invoices-api/create-manual-customer-invoice",
)
_GET: Operation[CustomerInvoice] = Operation(
    id="get-customer-invoice",
    name="customer_invoices.get",
    method="GET",
    path="/customer-invoices/{invoiceId}",
    reader=ModelOf(CustomerInvoice),
    path_parameters=(PathParameter("invoice_id", "invoiceId", "inv_"),),
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
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/customer-invoices-api/get-customer-invoice",
)
_MARK_PAID: Operation[CustomerInvoice] = Operation(
    id="mark-customer-invoice-paid",
    name="customer_invoices.mark_paid",
    method="PATCH",
    path="/customer-invoices/{invoiceId}",
    reader=ModelOf(CustomerInvoice),
    path_parameters=(PathParameter("invoice_id", "invoiceId", "inv_"),),
    body=(Argument("paid_at", "paidAt", LOCAL_DATE_TIME, required=True),),
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
    inferred=("error responses",),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/customer-invoices-api/mark-customer-invoice-paid",
)
_GET_PDF_LINK: Operation[DownloadLink] = Operation(
    id="get-customer-invoice-as-pdf",
    name="customer_invoices.get_pdf_link",
    method="GET",
    path="/customer-invoices/{invoiceId}/pdf",
    reader=ModelOf(DownloadLink),
    path_parameters=(PathParameter("invoice_id", "invoiceId", "inv_"),),
    statuses=frozenset(
        {
            "200",
            "401",
            "403",
            "404",
            "429",
        }
    ),
    inferred=(
        "error responses",
        "success status",
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/customer-invoices-api/get-customer-invoice-as-pdf",
)


class CustomerInvoices(Resource):
    """Customer Invoices API (factuur, klantfactuur)."""

    def list(
        self,
        *,
        page: int = 1,
        prefetch: int = 1,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> AsyncPager[CustomerInvoice]:
        """List Customer Invoices (factuur, klantfactuur).

        Lists every customer invoice in the portal, paginated.

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

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-invoices-api/list-customer-invoices
        """
        return self._pager(_LIST, (), {}, (extra_query, extra_body, extra_headers), page, prefetch)

    async def create_from_pdf(
        self,
        *,
        customer_id: str,
        invoice_number: str,
        issued_at: datetime.date | str,
        amount: Decimal | int | str,
        pdf: FileInput,
        paid_at: datetime.datetime | str | Unset = UNSET,
        send_notification: bool | Unset = UNSET,
        on_progress: OnProgress | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> CustomerInvoice:
        """Create Customer Invoice (factuur, klantfactuur).

        Adds a customer invoice from an existing PDF.

        Partly inferred, not documented: error responses, property types, required list, success status.

        Args:
            customer_id: ID of the customer who gets the invoice. An ID with the prefix `cst_`.
            invoice_number: Invoice number.
            issued_at: Issue date. Pass a `datetime.date` or text like `2024-04-29`.
            amount: Invoice amount; euro (EUR) only for now; whether VAT is in it is not documented. Pass a
                `Decimal`, an `int` or text like `12.95`, with at most two decimals; never a
                `float`.
            pdf: PDF file of the invoice. Pass `bytes`, a `pathlib.Path`, an open binary file, an async iterable
                of bytes, or a `FileUpload`.
            paid_at: When it was paid; leave out while the invoice is still due. Pass an aware
                `datetime.datetime`, or text like `2024-04-29 21:00:00` in the portal's zone. Not
                sent unless given.
            send_notification: Whether MijnKlantportaal notifies the customer of the new invoice. Not sent
                unless given.
            on_progress: Called with the bytes that the connection took and the bytes of the whole body (`None` where
                that is not known), first with 0, and with 0 again where an attempt failed. Plain or async; what it
                raises is logged, and it is called no more.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            The new customer invoice.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-invoices-api/create-customer-invoice
        """
        return await self._call(
            _CREATE_FROM_PDF,
            (),
            {},
            {
                "customer_id": customer_id,
                "invoice_number": invoice_number,
                "issued_at": issued_at,
                "paid_at": paid_at,
                "amount": amount,
                "send_notification": send_notification,
                "pdf": pdf,
            },
            (extra_query, extra_body, extra_headers),
            on_progress,
        )

    async def create_from_lines(
        self,
        *,
        customer_id: str,
        invoice_number: str,
        issued_at: datetime.date | str,
        lines: Sequence[InvoiceLineInput | InvoiceLineInputDict],
        send_notification: bool | Unset = UNSET,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> CustomerInvoice:
        """Create manual Customer Invoice (factuur, klantfactuur).

        Builds a customer invoice from scratch out of product or service lines.

        Partly inferred, not documented: error responses, property types, required list, success status.

        Args:
            customer_id: ID of the customer who gets the invoice. An ID with the prefix `cst_`.
            invoice_number: Invoice number.
            issued_at: Issue date. Pass a `datetime.date` or text like `2024-04-29`.
            lines: Invoice lines.
            send_notification: Whether MijnKlantportaal notifies the customer of the new invoice. Not sent
                unless given.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            The new customer invoice.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-invoices-api/create-manual-customer-invoice
        """
        return await self._call(
            _CREATE_FROM_LINES,
            (),
            {},
            {
                "customer_id": customer_id,
                "invoice_number": invoice_number,
                "issued_at": issued_at,
                "send_notification": send_notification,
                "lines": lines,
            },
            (extra_query, extra_body, extra_headers),
        )

    async def get(
        self,
        invoice_id: str,
        *,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> CustomerInvoice:
        """Get Customer Invoice (factuur, klantfactuur).

        Returns one customer invoice by its ID.

        Args:
            invoice_id: ID of the wanted customer invoice. An ID with the prefix `inv_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            The customer invoice.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-invoices-api/get-customer-invoice
        """
        return await self._call(_GET, (invoice_id,), {}, {}, (extra_query, extra_body, extra_headers))

    async def mark_paid(
        self,
        invoice_id: str,
        *,
        paid_at: datetime.datetime | str,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> CustomerInvoice:
        """Mark Customer Invoice paid (factuur, klantfactuur).

        Marks the customer invoice as paid and, when linked, updates the integration too.

        Partly inferred, not documented: error responses.

        Args:
            invoice_id: ID of the customer invoice to mark. An ID with the prefix `inv_`.
            paid_at: Moment of payment. Pass an aware `datetime.datetime`, or text like `2024-04-29 21:00:00` in
                the portal's zone.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            The marked customer invoice.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-invoices-api/mark-customer-invoice-paid
        """
        return await self._call(
            _MARK_PAID,
            (invoice_id,),
            {},
            {
                "paid_at": paid_at,
            },
            (extra_query, extra_body, extra_headers),
        )

    async def get_pdf_link(
        self,
        invoice_id: str,
        *,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> DownloadLink:
        """Get Customer Invoice as PDF (factuur, klantfactuur).

        Partly inferred, not documented: error responses, success status.

        Args:
            invoice_id: ID of the customer invoice to download. An ID with the prefix `inv_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            Cloud file.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-invoices-api/get-customer-invoice-as-pdf
        """
        return await self._call(_GET_PDF_LINK, (invoice_id,), {}, {}, (extra_query, extra_body, extra_headers))


class CustomerInvoicesWithRawResponse(Resource):
    """The same, with methods that return the whole answer."""

    async def list(
        self,
        *,
        page: int = 1,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[Page[CustomerInvoice]]:
        """List Customer Invoices (factuur, klantfactuur).

        Lists every customer invoice in the portal, paginated.

        Args:
            page: Number of the page, from 1.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-invoices-api/list-customer-invoices
        """
        return await self._raw(_LIST, (), {}, {}, (first_page(page, extra_query), extra_body, extra_headers))

    async def create_from_pdf(
        self,
        *,
        customer_id: str,
        invoice_number: str,
        issued_at: datetime.date | str,
        amount: Decimal | int | str,
        pdf: FileInput,
        paid_at: datetime.datetime | str | Unset = UNSET,
        send_notification: bool | Unset = UNSET,
        on_progress: OnProgress | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[CustomerInvoice]:
        """Create Customer Invoice (factuur, klantfactuur).

        Adds a customer invoice from an existing PDF.

        Partly inferred, not documented: error responses, property types, required list, success status.

        Args:
            customer_id: ID of the customer who gets the invoice. An ID with the prefix `cst_`.
            invoice_number: Invoice number.
            issued_at: Issue date. Pass a `datetime.date` or text like `2024-04-29`.
            amount: Invoice amount; euro (EUR) only for now; whether VAT is in it is not documented. Pass a
                `Decimal`, an `int` or text like `12.95`, with at most two decimals; never a
                `float`.
            pdf: PDF file of the invoice. Pass `bytes`, a `pathlib.Path`, an open binary file, an async iterable
                of bytes, or a `FileUpload`.
            paid_at: When it was paid; leave out while the invoice is still due. Pass an aware
                `datetime.datetime`, or text like `2024-04-29 21:00:00` in the portal's zone. Not
                sent unless given.
            send_notification: Whether MijnKlantportaal notifies the customer of the new invoice. Not sent
                unless given.
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

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-invoices-api/create-customer-invoice
        """
        return await self._raw(
            _CREATE_FROM_PDF,
            (),
            {},
            {
                "customer_id": customer_id,
                "invoice_number": invoice_number,
                "issued_at": issued_at,
                "paid_at": paid_at,
                "amount": amount,
                "send_notification": send_notification,
                "pdf": pdf,
            },
            (extra_query, extra_body, extra_headers),
            on_progress,
        )

    async def create_from_lines(
        self,
        *,
        customer_id: str,
        invoice_number: str,
        issued_at: datetime.date | str,
        lines: Sequence[InvoiceLineInput | InvoiceLineInputDict],
        send_notification: bool | Unset = UNSET,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[CustomerInvoice]:
        """Create manual Customer Invoice (factuur, klantfactuur).

        Builds a customer invoice from scratch out of product or service lines.

        Partly inferred, not documented: error responses, property types, required list, success status.

        Args:
            customer_id: ID of the customer who gets the invoice. An ID with the prefix `cst_`.
            invoice_number: Invoice number.
            issued_at: Issue date. Pass a `datetime.date` or text like `2024-04-29`.
            lines: Invoice lines.
            send_notification: Whether MijnKlantportaal notifies the customer of the new invoice. Not sent
                unless given.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-invoices-api/create-manual-customer-invoice
        """
        return await self._raw(
            _CREATE_FROM_LINES,
            (),
            {},
            {
                "customer_id": customer_id,
                "invoice_number": invoice_number,
                "issued_at": issued_at,
                "send_notification": send_notification,
                "lines": lines,
            },
            (extra_query, extra_body, extra_headers),
        )

    async def get(
        self,
        invoice_id: str,
        *,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[CustomerInvoice]:
        """Get Customer Invoice (factuur, klantfactuur).

        Returns one customer invoice by its ID.

        Args:
            invoice_id: ID of the wanted customer invoice. An ID with the prefix `inv_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-invoices-api/get-customer-invoice
        """
        return await self._raw(_GET, (invoice_id,), {}, {}, (extra_query, extra_body, extra_headers))

    async def mark_paid(
        self,
        invoice_id: str,
        *,
        paid_at: datetime.datetime | str,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[CustomerInvoice]:
        """Mark Customer Invoice paid (factuur, klantfactuur).

        Marks the customer invoice as paid and, when linked, updates the integration too.

        Partly inferred, not documented: error responses.

        Args:
            invoice_id: ID of the customer invoice to mark. An ID with the prefix `inv_`.
            paid_at: Moment of payment. Pass an aware `datetime.datetime`, or text like `2024-04-29 21:00:00` in
                the portal's zone.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-invoices-api/mark-customer-invoice-paid
        """
        return await self._raw(
            _MARK_PAID,
            (invoice_id,),
            {},
            {
                "paid_at": paid_at,
            },
            (extra_query, extra_body, extra_headers),
        )

    async def get_pdf_link(
        self,
        invoice_id: str,
        *,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[DownloadLink]:
        """Get Customer Invoice as PDF (factuur, klantfactuur).

        Partly inferred, not documented: error responses, success status.

        Args:
            invoice_id: ID of the customer invoice to download. An ID with the prefix `inv_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-invoices-api/get-customer-invoice-as-pdf
        """
        return await self._raw(_GET_PDF_LINK, (invoice_id,), {}, {}, (extra_query, extra_body, extra_headers))
