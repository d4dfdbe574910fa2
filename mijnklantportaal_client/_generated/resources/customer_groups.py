"""Customer Groups API (klantgroep)."""

from __future__ import annotations

import builtins
from collections.abc import Mapping, Sequence
from typing import Any

from ..._answer import APIResponse
from ..._codecs import (
    STRING,
    IdOf,
    ListOf,
    ModelOf,
)
from ..._operation import Argument, Operation, PathParameter
from ..._page import DataOf, Page, PageOf
from ..._pager import AsyncPager
from ..._resource import Resource, first_page
from ..._unset import UNSET, Unset
from ..models.customer import Customer
from ..models.customer_group import CustomerGroup

_LIST: Operation[Page[CustomerGroup]] = Operation(
    id="list-customer-groups",
    name="customer_groups.list",
    method="GET",
    path="/customer-groups",
    reader=PageOf(ModelOf(CustomerGroup)),
    statuses=frozenset(
        {
            "200",
            "401",
            "403",
            "422",
            "429",
        }
    ),
    inferred=("nullability",),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/customer-groups-api/list-customer-groups",
)
_CREATE: Operation[CustomerGroup] = Operation(
    id="create-customer-group",
    name="customer_groups.create",
    method="POST",
    path="/customer-groups",
    reader=ModelOf(CustomerGroup),
    body=(
        Argument("name", "name", STRING, required=True),
        Argument("customers", "customers", ListOf(IdOf("cst_"))),
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
    inferred=("error responses",),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/customer-groups-api/create-customer-group",
)
_GET: Operation[CustomerGroup] = Operation(
    id="get-customer-group",
    name="customer_groups.get",
    method="GET",
    path="/customer-groups/{customerGroupId}",
    reader=ModelOf(CustomerGroup),
    path_parameters=(PathParameter("customer_group_id", "customerGroupId", "cug_"),),
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
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/customer-groups-api/get-customer-group",
)
_UPDATE: Operation[CustomerGroup] = Operation(
    id="edit-customer-group",
    name="customer_groups.update",
    method="PATCH",
    path="/customer-groups/{customerGroupId}",
    reader=ModelOf(CustomerGroup),
    path_parameters=(PathParameter("customer_group_id", "customerGroupId", "cug_"),),
    body=(Argument("name", "name", STRING, required=True),),
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
        "success status",
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/customer-groups-api/edit-customer-group",
)
_ADD_CUSTOMERS: Operation[builtins.list[Customer]] = Operation(
    id="add-customers-to-customer-group",
    name="customer_groups.add_customers",
    method="POST",
    path="/customer-groups/{customerGroupId}/customers",
    reader=DataOf(ModelOf(Customer)),
    path_parameters=(PathParameter("customer_group_id", "customerGroupId", "cug_"),),
    body=(Argument("customers", "customers", ListOf(IdOf("cst_")), required=True),),
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
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/customer-groups-api/add-customers-to-customer-group",
)


class CustomerGroups(Resource):
    """Customer Groups API (klantgroep)."""

    def list(
        self,
        *,
        page: int = 1,
        prefetch: int = 1,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> AsyncPager[CustomerGroup]:
        """List Customer Groups (klantgroep).

        Lists every customer group, paginated.

        Partly inferred, not documented: nullability.

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

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-groups-api/list-customer-groups
        """
        return self._pager(_LIST, (), {}, (extra_query, extra_body, extra_headers), page, prefetch)

    async def create(
        self,
        *,
        name: str,
        customers: Sequence[str] | Unset = UNSET,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> CustomerGroup:
        """Create Customer Group (klantgroep).

        Adds a customer group.

        Partly inferred, not documented: error responses.

        Args:
            name: Group name.
            customers: Customer IDs to put in the group; unknown or wrong IDs are skipped without an error. IDs
                with the prefix `cst_`. Not sent unless given.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            The new customer group.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-groups-api/create-customer-group
        """
        return await self._call(
            _CREATE,
            (),
            {},
            {
                "name": name,
                "customers": customers,
            },
            (extra_query, extra_body, extra_headers),
        )

    async def get(
        self,
        customer_group_id: str,
        *,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> CustomerGroup:
        """Get Customer Group (klantgroep).

        Partly inferred, not documented: error responses, success status.

        Args:
            customer_group_id: ID of the wanted customer group. An ID with the prefix `cug_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            The customer group.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-groups-api/get-customer-group
        """
        return await self._call(_GET, (customer_group_id,), {}, {}, (extra_query, extra_body, extra_headers))

    async def update(
        self,
        customer_group_id: str,
        *,
        name: str,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> CustomerGroup:
        """Edit Customer Group (klantgroep).

        Partly inferred, not documented: error responses, success status.

        Args:
            customer_group_id: ID of the customer group to change. An ID with the prefix `cug_`.
            name: Group name.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            The changed customer group.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-groups-api/edit-customer-group
        """
        return await self._call(
            _UPDATE,
            (customer_group_id,),
            {},
            {
                "name": name,
            },
            (extra_query, extra_body, extra_headers),
        )

    async def add_customers(
        self,
        customer_group_id: str,
        *,
        customers: Sequence[str],
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> builtins.list[Customer]:
        """Add Customers to Customer Group (klantgroep).

        Puts one or more customers in the group; unknown or wrong customer IDs are skipped without an error.

        Partly inferred, not documented: error responses, property types, required list, success status.

        Args:
            customer_group_id: ID of the customer group that gets the customers. An ID with the prefix `cug_`.
            customers: Customer IDs to put in the group. IDs with the prefix `cst_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            Customers, without pagination.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-groups-api/add-customers-to-customer-group
        """
        return await self._call(
            _ADD_CUSTOMERS,
            (customer_group_id,),
            {},
            {
                "customers": customers,
            },
            (extra_query, extra_body, extra_headers),
        )


class CustomerGroupsWithRawResponse(Resource):
    """The same, with methods that return the whole answer."""

    async def list(
        self,
        *,
        page: int = 1,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[Page[CustomerGroup]]:
        """List Customer Groups (klantgroep).

        Lists every customer group, paginated.

        Partly inferred, not documented: nullability.

        Args:
            page: Number of the page, from 1.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-groups-api/list-customer-groups
        """
        return await self._raw(_LIST, (), {}, {}, (first_page(page, extra_query), extra_body, extra_headers))

    async def create(
        self,
        *,
        name: str,
        customers: Sequence[str] | Unset = UNSET,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[CustomerGroup]:
        """Create Customer Group (klantgroep).

        Adds a customer group.

        Partly inferred, not documented: error responses.

        Args:
            name: Group name.
            customers: Customer IDs to put in the group; unknown or wrong IDs are skipped without an error. IDs
                with the prefix `cst_`. Not sent unless given.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-groups-api/create-customer-group
        """
        return await self._raw(
            _CREATE,
            (),
            {},
            {
                "name": name,
                "customers": customers,
            },
            (extra_query, extra_body, extra_headers),
        )

    async def get(
        self,
        customer_group_id: str,
        *,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[CustomerGroup]:
        """Get Customer Group (klantgroep).

        Partly inferred, not documented: error responses, success status.

        Args:
            customer_group_id: ID of the wanted customer group. An ID with the prefix `cug_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-groups-api/get-customer-group
        """
        return await self._raw(_GET, (customer_group_id,), {}, {}, (extra_query, extra_body, extra_headers))

    async def update(
        self,
        customer_group_id: str,
        *,
        name: str,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[CustomerGroup]:
        """Edit Customer Group (klantgroep).

        Partly inferred, not documented: error responses, success status.

        Args:
            customer_group_id: ID of the customer group to change. An ID with the prefix `cug_`.
            name: Group name.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-groups-api/edit-customer-group
        """
        return await self._raw(
            _UPDATE,
            (customer_group_id,),
            {},
            {
                "name": name,
            },
            (extra_query, extra_body, extra_headers),
        )

    async def add_customers(
        self,
        customer_group_id: str,
        *,
        customers: Sequence[str],
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[builtins.list[Customer]]:
        """Add Customers to Customer Group (klantgroep).

        Puts one or more customers in the group; unknown or wrong customer IDs are skipped without an error.

        Partly inferred, not documented: error responses, property types, required list, success status.

        Args:
            customer_group_id: ID of the customer group that gets the customers. An ID with the prefix `cug_`.
            customers: Customer IDs to put in the group. IDs with the prefix `cst_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-groups-api/add-customers-to-customer-group
        """
        return await self._raw(
            _ADD_CUSTOMERS,
            (customer_group_id,),
            {},
            {
                "customers": customers,
            },
            (extra_query, extra_body, extra_headers),
        )
