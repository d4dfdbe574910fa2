"""Invoices API (factuur van MijnKlantportaal)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._answer import APIResponse
from ..._codecs import (
    ModelOf,
)
from ..._operation import Operation, PathParameter
from ..._page import Page, PageOf
from ..._pager import AsyncPager
from ..._resource import Resource, first_page
from ..models.mijnklantportaal_invoice import MijnKlantportaalInvoice

_LIST: Operation[Page[MijnKlantportaalInvoice]] = Operation(
    id="list-invoices",
    name="mijnklantportaal_invoices.list",
    method="GET",
    path="/invoices",
    reader=PageOf(ModelOf(MijnKlantportaalInvoice)),
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
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/invoices-api/list-mijnklantportaal-invoices",
)
_GET: Operation[MijnKlantportaalInvoice] = Operation(
    id="get-invoice",
    name="mijnklantportaal_invoices.get",
    method="GET",
    path="/invoices/{invoiceId}",
    reader=ModelOf(MijnKlantportaalInvoice),
    path_parameters=(PathParameter("invoice_id", "invoiceId", "fac_"),),
    statuses=frozenset(
        {
            "200",
            "401",
            "403",
            "404",
            "429",
        }
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/invoices-api/get-mijnklantportaal-invoice",
)


class MijnKlantportaalInvoices(Resource):
    """Invoices API (factuur van MijnKlantportaal)."""

    def list(
        self,
        *,
        page: int = 1,
        prefetch: int = 1,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> AsyncPager[MijnKlantportaalInvoice]:
        """List MijnKlantportaal invoices (factuur van MijnKlantportaal).

        All invoices MijnKlantportaal itself sent for licence fees and other costs, paginated.

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

        See https://docs.developers.mijnklantportaal.nl/api-reference/invoices-api/list-mijnklantportaal-invoices
        """
        return self._pager(_LIST, (), {}, (extra_query, extra_body, extra_headers), page, prefetch)

    async def get(
        self,
        invoice_id: str,
        *,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> MijnKlantportaalInvoice:
        """Get MijnKlantportaal Invoice (factuur van MijnKlantportaal).

        One MijnKlantportaal invoice by ID.

        Args:
            invoice_id: Invoice ID. An ID with the prefix `fac_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            The invoice.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/invoices-api/get-mijnklantportaal-invoice
        """
        return await self._call(_GET, (invoice_id,), {}, {}, (extra_query, extra_body, extra_headers))


class MijnKlantportaalInvoicesWithRawResponse(Resource):
    """The same, with methods that return the whole answer."""

    async def list(
        self,
        *,
        page: int = 1,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[Page[MijnKlantportaalInvoice]]:
        """List MijnKlantportaal invoices (factuur van MijnKlantportaal).

        All invoices MijnKlantportaal itself sent for licence fees and other costs, paginated.

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

        See https://docs.developers.mijnklantportaal.nl/api-reference/invoices-api/list-mijnklantportaal-invoices
        """
        return await self._raw(_LIST, (), {}, {}, (first_page(page, extra_query), extra_body, extra_headers))

    async def get(
        self,
        invoice_id: str,
        *,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[MijnKlantportaalInvoice]:
        """Get MijnKlantportaal Invoice (factuur van MijnKlantportaal).

        One MijnKlantportaal invoice by ID.

        Args:
            invoice_id: Invoice ID. An ID with the prefix `fac_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/invoices-api/get-mijnklantportaal-invoice
        """
        return await self._raw(_GET, (invoice_id,), {}, {}, (extra_query, extra_body, extra_headers))
