"""Customers API (klant, relatie)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._answer import APIResponse
from ..._codecs import (
    STRING,
    ModelOf,
)
from ..._operation import Argument, Operation, PathParameter
from ..._page import Page, PageOf
from ..._pager import AsyncPager
from ..._resource import Resource, first_page
from ..._unset import UNSET, Unset
from ..models.customer import Customer

_LIST: Operation[Page[Customer]] = Operation(
    id="list-customers",
    name="customers.list",
    method="GET",
    path="/customers",
    reader=PageOf(ModelOf(Customer)),
    statuses=frozenset(
        {
            "200",
            "401",
            "403",
            "422",
            "429",
        }
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/customers-api/list-customers",
)
_CREATE: Operation[Customer] = Operation(
    id="create-customer",
    name="customers.create",
    method="POST",
    path="/customers",
    reader=ModelOf(Customer),
    body=(
        Argument("company_name", "companyName", STRING, required=True),
        Argument("address", "address", STRING, required=True),
        Argument("zip_code", "zipCode", STRING, required=True),
        Argument("city", "city", STRING, required=True),
        Argument("primary_email", "primaryEmail", STRING, required=True),
        Argument("country_code", "countryCode", STRING),
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
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/customers-api/create-customer",
)
_GET: Operation[Customer] = Operation(
    id="get-customer",
    name="customers.get",
    method="GET",
    path="/customers/{customerId}",
    reader=ModelOf(Customer),
    path_parameters=(PathParameter("customer_id", "customerId", "cst_"),),
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
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/customers-api/get-customer",
)
_UPDATE: Operation[Customer] = Operation(
    id="edit-customer",
    name="customers.update",
    method="PATCH",
    path="/customers/{customerId}",
    reader=ModelOf(Customer),
    path_parameters=(PathParameter("customer_id", "customerId", "cst_"),),
    body=(
        Argument("company_name", "companyName", STRING),
        Argument("address", "address", STRING),
        Argument("zip_code", "zipCode", STRING),
        Argument("city", "city", STRING),
        Argument("primary_email", "primaryEmail", STRING),
    ),
    encoding="json",
    changes=True,
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
        "success status",
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/customers-api/edit-customer",
)


class Customers(Resource):
    """Customers API (klant, relatie)."""

    def list(
        self,
        *,
        page: int = 1,
        prefetch: int = 1,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> AsyncPager[Customer]:
        """List Customers (klant, relatie).

        Lists every customer of the portal, page by page.

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

        See https://docs.developers.mijnklantportaal.nl/api-reference/customers-api/list-customers
        """
        return self._pager(_LIST, (), {}, (extra_query, extra_body, extra_headers), page, prefetch)

    async def create(
        self,
        *,
        company_name: str,
        address: str,
        zip_code: str,
        city: str,
        primary_email: str,
        country_code: str | Unset = UNSET,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> Customer:
        """Create Customer (klant, relatie).

        Adds a customer to the portal.

        Partly inferred, not documented: error responses, property types, required list, success status.

        Args:
            company_name: Customer name.
            address: Street and house number.
            zip_code: Postal code.
            city: City.
            primary_email: Main e-mail address, receives the notifications.
            country_code: Country, ISO 3166-1 alpha-2 (2 letters); `NL` when left out. Not sent unless given.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            The customer that was added.

        Raises:
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customers-api/create-customer
        """
        return await self._call(
            _CREATE,
            (),
            {},
            {
                "company_name": company_name,
                "address": address,
                "zip_code": zip_code,
                "city": city,
                "primary_email": primary_email,
                "country_code": country_code,
            },
            (extra_query, extra_body, extra_headers),
        )

    async def get(
        self,
        customer_id: str,
        *,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> Customer:
        """Get Customer (klant, relatie).

        Partly inferred, not documented: error responses, success status.

        Args:
            customer_id: Which customer to return. An ID with the prefix `cst_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            The customer asked for.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customers-api/get-customer
        """
        return await self._call(_GET, (customer_id,), {}, {}, (extra_query, extra_body, extra_headers))

    async def update(
        self,
        customer_id: str,
        *,
        company_name: str | Unset = UNSET,
        address: str | Unset = UNSET,
        zip_code: str | Unset = UNSET,
        city: str | Unset = UNSET,
        primary_email: str | Unset = UNSET,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> Customer:
        """Edit Customer (klant, relatie).

        Changes an existing customer. Each body field is optional, but send at least one.

        Partly inferred, not documented: error responses, property types, success status.

        Args:
            customer_id: Which customer to change. An ID with the prefix `cst_`.
            company_name: Customer name. Not sent unless given.
            address: Street and house number. Not sent unless given.
            zip_code: Postal code. Not sent unless given.
            city: City. Not sent unless given.
            primary_email: Main e-mail address, receives the notifications. Not sent unless given.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            The customer after the change.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent, or there is nothing to change; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customers-api/edit-customer
        """
        return await self._call(
            _UPDATE,
            (customer_id,),
            {},
            {
                "company_name": company_name,
                "address": address,
                "zip_code": zip_code,
                "city": city,
                "primary_email": primary_email,
            },
            (extra_query, extra_body, extra_headers),
        )


class CustomersWithRawResponse(Resource):
    """The same, with methods that return the whole answer."""

    async def list(
        self,
        *,
        page: int = 1,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[Page[Customer]]:
        """List Customers (klant, relatie).

        Lists every customer of the portal, page by page.

        Args:
            page: Number of the page, from 1.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customers-api/list-customers
        """
        return await self._raw(_LIST, (), {}, {}, (first_page(page, extra_query), extra_body, extra_headers))

    async def create(
        self,
        *,
        company_name: str,
        address: str,
        zip_code: str,
        city: str,
        primary_email: str,
        country_code: str | Unset = UNSET,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[Customer]:
        """Create Customer (klant, relatie).

        Adds a customer to the portal.

        Partly inferred, not documented: error responses, property types, required list, success status.

        Args:
            company_name: Customer name.
            address: Street and house number.
            zip_code: Postal code.
            city: City.
            primary_email: Main e-mail address, receives the notifications.
            country_code: Country, ISO 3166-1 alpha-2 (2 letters); `NL` when left out. Not sent unless given.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customers-api/create-customer
        """
        return await self._raw(
            _CREATE,
            (),
            {},
            {
                "company_name": company_name,
                "address": address,
                "zip_code": zip_code,
                "city": city,
                "primary_email": primary_email,
                "country_code": country_code,
            },
            (extra_query, extra_body, extra_headers),
        )

    async def get(
        self,
        customer_id: str,
        *,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[Customer]:
        """Get Customer (klant, relatie).

        Partly inferred, not documented: error responses, success status.

        Args:
            customer_id: Which customer to return. An ID with the prefix `cst_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customers-api/get-customer
        """
        return await self._raw(_GET, (customer_id,), {}, {}, (extra_query, extra_body, extra_headers))

    async def update(
        self,
        customer_id: str,
        *,
        company_name: str | Unset = UNSET,
        address: str | Unset = UNSET,
        zip_code: str | Unset = UNSET,
        city: str | Unset = UNSET,
        primary_email: str | Unset = UNSET,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[Customer]:
        """Edit Customer (klant, relatie).

        Changes an existing customer. Each body field is optional, but send at least one.

        Partly inferred, not documented: error responses, property types, success status.

        Args:
            customer_id: Which customer to change. An ID with the prefix `cst_`.
            company_name: Customer name. Not sent unless given.
            address: Street and house number. Not sent unless given.
            zip_code: Postal code. Not sent unless given.
            city: City. Not sent unless given.
            primary_email: Main e-mail address, receives the notifications. Not sent unless given.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent, or there is nothing to change; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customers-api/edit-customer
        """
        return await self._raw(
            _UPDATE,
            (customer_id,),
            {},
            {
                "company_name": company_name,
                "address": address,
                "zip_code": zip_code,
                "city": city,
                "primary_email": primary_email,
            },
            (extra_query, extra_body, extra_headers),
        )
