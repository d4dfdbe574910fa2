"""Payment Links API (betaalverzoek, betaallink)."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ..._answer import APIResponse
from ..._codecs import (
    BOOLEAN,
    DATE,
    MONEY,
    STRING,
    ModelOf,
)
from ..._operation import Argument, Operation, PathParameter
from ..._page import Page, PageOf
from ..._pager import AsyncPager
from ..._resource import Resource, first_page
from ..._unset import UNSET, Unset
from ..models.payment_link import PaymentLink
from ..models.payment_link_payment import PaymentLinkPayment

_LIST: Operation[Page[PaymentLink]] = Operation(
    id="list-payment-links",
    name="payment_links.list",
    method="GET",
    path="/payment-links",
    reader=PageOf(ModelOf(PaymentLink)),
    statuses=frozenset(
        {
            "200",
            "401",
            "403",
            "422",
            "429",
        }
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/payment-links-api/list-payment-links",
)
_CREATE: Operation[PaymentLink] = Operation(
    id="create-payment-link",
    name="payment_links.create",
    method="POST",
    path="/payment-links",
    reader=ModelOf(PaymentLink),
    body=(
        Argument("description", "description", STRING, required=True),
        Argument("amount", "amount", MONEY, required=True),
        Argument("expires_at", "expiresAt", DATE),
        Argument("reusable", "reusable", BOOLEAN),
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
        "nullability",
        "property types",
        "required list",
        "success status",
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/payment-links-api/create-payment-link",
)
_GET: Operation[PaymentLink] = Operation(
    id="get-payment-link",
    name="payment_links.get",
    method="GET",
    path="/payment-links/{linkId}",
    reader=ModelOf(PaymentLink),
    path_parameters=(PathParameter("link_id", "linkId", "plk_"),),
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
        "nullability",
        "property types",
        "required list",
        "success status",
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/payment-links-api/get-payment-link",
)
_CLOSE: Operation[PaymentLink] = Operation(
    id="close-payment-link",
    name="payment_links.close",
    method="DELETE",
    path="/payment-links/{linkId}",
    reader=ModelOf(PaymentLink),
    path_parameters=(PathParameter("link_id", "linkId", "plk_"),),
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
        "nullability",
        "property types",
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/payment-links-api/close-payment-link",
)
_LIST_PAYMENTS: Operation[Page[PaymentLinkPayment]] = Operation(
    id="list-payment-link-payment",
    name="payment_links.list_payments",
    method="GET",
    path="/payment-links/{linkId}/payments",
    reader=PageOf(ModelOf(PaymentLinkPayment)),
    path_parameters=(PathParameter("link_id", "linkId", "plk_"),),
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
        "nullability",
        "property types",
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/payment-links-api/list-payment-link-payments",
)


class PaymentLinks(Resource):
    """Payment Links API (betaalverzoek, betaallink)."""

    def list(
        self,
        *,
        page: int = 1,
        prefetch: int = 1,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> AsyncPager[PaymentLink]:
        """List Payment Links (betaalverzoek, betaallink).

        All Payment Links, paginated.

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

        See https://docs.developers.mijnklantportaal.nl/api-reference/payment-links-api/list-payment-links
        """
        return self._pager(_LIST, (), {}, (extra_query, extra_body, extra_headers), page, prefetch)

    async def create(
        self,
        *,
        description: str,
        amount: Decimal | int | str,
        expires_at: datetime.date | str | Unset = UNSET,
        reusable: bool | Unset = UNSET,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> PaymentLink:
        """Create Payment Link (betaalverzoek, betaallink).

        Partly inferred, not documented: error responses, nullability, property types, required list, success
        status.

        Args:
            description: Text of the link, also on the payer's bank statement.
            amount: Amount to charge in Euro (EUR). Pass a `Decimal`, an `int` or text like `12.95`, with at
                most two decimals; never a `float`.
            expires_at: Optional last date the link works. Pass a `datetime.date` or text like `2024-04-29`. Not
                sent unless given.
            reusable: Whether it can be paid more than once; single use when false or left out. Not sent unless
                given.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            The new Payment Link.

        Raises:
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/payment-links-api/create-payment-link
        """
        return await self._call(
            _CREATE,
            (),
            {},
            {
                "description": description,
                "amount": amount,
                "expires_at": expires_at,
                "reusable": reusable,
            },
            (extra_query, extra_body, extra_headers),
        )

    async def get(
        self,
        link_id: str,
        *,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> PaymentLink:
        """Get Payment Link (betaalverzoek, betaallink).

        Partly inferred, not documented: error responses, nullability, property types, required list, success
        status.

        Args:
            link_id: Payment Link ID. An ID with the prefix `plk_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            The Payment Link.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/payment-links-api/get-payment-link
        """
        return await self._call(_GET, (link_id,), {}, {}, (extra_query, extra_body, extra_headers))

    async def close(
        self,
        link_id: str,
        *,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> PaymentLink:
        """Close Payment Link (betaalverzoek, betaallink).

        Close the link so it cannot be used any more; meant for reusable links.

        Partly inferred, not documented: error responses, nullability, property types.

        Args:
            link_id: Payment Link ID. An ID with the prefix `plk_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            The closed Payment Link.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/payment-links-api/close-payment-link
        """
        return await self._call(_CLOSE, (link_id,), {}, {}, (extra_query, extra_body, extra_headers))

    def list_payments(
        self,
        link_id: str,
        *,
        page: int = 1,
        prefetch: int = 1,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> AsyncPager[PaymentLinkPayment]:
        """List Payment Link Payments (betaalverzoek, betaallink).

        Partly inferred, not documented: error responses, nullability, property types.

        Args:
            link_id: Payment Link whose payments to list. An ID with the prefix `plk_`.
            page: Number of the first page to read, from 1.
            prefetch: How many pages are fetched ahead while the objects are used; 0 for none.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            A pager: `await` it for the first page, `async for` every object, or `.collect()` a list.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/payment-links-api/list-payment-link-payments
        """
        return self._pager(_LIST_PAYMENTS, (link_id,), {}, (extra_query, extra_body, extra_headers), page, prefetch)


class PaymentLinksWithRawResponse(Resource):
    """The same, with methods that return the whole answer."""

    async def list(
        self,
        *,
        page: int = 1,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[Page[PaymentLink]]:
        """List Payment Links (betaalverzoek, betaallink).

        All Payment Links, paginated.

        Args:
            page: Number of the page, from 1.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/payment-links-api/list-payment-links
        """
        return await self._raw(_LIST, (), {}, {}, (first_page(page, extra_query), extra_body, extra_headers))

    async def create(
        self,
        *,
        description: str,
        amount: Decimal | int | str,
        expires_at: datetime.date | str | Unset = UNSET,
        reusable: bool | Unset = UNSET,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[PaymentLink]:
        """Create Payment Link (betaalverzoek, betaallink).

        Partly inferred, not documented: error responses, nullability, property types, required list, success
        status.

        Args:
            description: Text of the link, also on the payer's bank statement.
            amount: Amount to charge in Euro (EUR). Pass a `Decimal`, an `int` or text like `12.95`, with at
                most two decimals; never a `float`.
            expires_at: Optional last date the link works. Pass a `datetime.date` or text like `2024-04-29`. Not
                sent unless given.
            reusable: Whether it can be paid more than once; single use when false or left out. Not sent unless
                given.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/payment-links-api/create-payment-link
        """
        return await self._raw(
            _CREATE,
            (),
            {},
            {
                "description": description,
                "amount": amount,
                "expires_at": expires_at,
                "reusable": reusable,
            },
            (extra_query, extra_body, extra_headers),
        )

    async def get(
        self,
        link_id: str,
        *,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[PaymentLink]:
        """Get Payment Link (betaalverzoek, betaallink).

        Partly inferred, not documented: error responses, nullability, property types, required list, success
        status.

        Args:
            link_id: Payment Link ID. An ID with the prefix `plk_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/payment-links-api/get-payment-link
        """
        return await self._raw(_GET, (link_id,), {}, {}, (extra_query, extra_body, extra_headers))

    async def close(
        self,
        link_id: str,
        *,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[PaymentLink]:
        """Close Payment Link (betaalverzoek, betaallink).

        Close the link so it cannot be used any more; meant for reusable links.

        Partly inferred, not documented: error responses, nullability, property types.

        Args:
            link_id: Payment Link ID. An ID with the prefix `plk_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/payment-links-api/close-payment-link
        """
        return await self._raw(_CLOSE, (link_id,), {}, {}, (extra_query, extra_body, extra_headers))

    async def list_payments(
        self,
        link_id: str,
        *,
        page: int = 1,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[Page[PaymentLinkPayment]]:
        """List Payment Link Payments (betaalverzoek, betaallink).

        Partly inferred, not documented: error responses, nullability, property types.

        Args:
            link_id: Payment Link whose payments to list. An ID with the prefix `plk_`.
            page: Number of the page, from 1.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/payment-links-api/list-payment-link-payments
        """
        return await self._raw(
            _LIST_PAYMENTS, (link_id,), {}, {}, (first_page(page, extra_query), extra_body, extra_headers)
        )
