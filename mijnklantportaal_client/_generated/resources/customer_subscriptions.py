"""Customer Subscriptions API (abonnement)."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ..._answer import APIResponse
from ..._codecs import (
    BOOLEAN,
    DATE,
    LOCAL_DATE_TIME,
    MONEY,
    STRING,
    EnumOf,
    IdOf,
    ModelOf,
)
from ..._operation import Argument, Operation, PathParameter
from ..._page import Page, PageOf
from ..._pager import AsyncPager
from ..._resource import Resource, first_page
from ..._unset import UNSET, Unset
from ..models.customer_subscription import CustomerSubscription
from ..models.subscription_interval import SubscriptionInterval
from ..models.vat_rate import VatRate

_LIST: Operation[Page[CustomerSubscription]] = Operation(
    id="list-customer-subscriptions",
    name="customer_subscriptions.list",
    method="GET",
    path="/customer-subscriptions",
    reader=PageOf(ModelOf(CustomerSubscription)),
    statuses=frozenset(
        {
            "200",
            "401",
            "403",
            "422",
            "429",
        }
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/customer-subscriptions-api/list-customer-subscriptions",
)
_CREATE: Operation[CustomerSubscription] = Operation(
    id="create-customer-subscription",
    name="customer_subscriptions.create",
    method="POST",
    path="/customer-subscriptions",
    reader=ModelOf(CustomerSubscription),
    body=(
        Argument("customer_id", "customerId", IdOf("cst_"), required=True),
        Argument("description", "description", STRING, required=True),
        Argument("start_date", "startDate", DATE, required=True),
        Argument("interval", "interval", EnumOf(SubscriptionInterval), required=True),
        Argument("amount", "amount", MONEY, required=True),
        Argument("vat_rate", "vatRate", EnumOf(VatRate), required=True),
        Argument("create_invoice", "createInvoice", BOOLEAN),
        Argument("invoice_description", "invoiceDescription", STRING),
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
        "success status",
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/customer-subscriptions-api/create-customer-subscription",
)
_GET: Operation[CustomerSubscription] = Operation(
    id="get-customer-subscription",
    name="customer_subscriptions.get",
    method="GET",
    path="/customer-subscriptions/{subscriptionId}",
    reader=ModelOf(CustomerSubscription),
    path_parameters=(PathParameter("subscription_id", "subscriptionId", "sub_"),),
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
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/customer-subscriptions-api/get-customer-subscription",
)
_UPDATE: Operation[CustomerSubscription] = Operation(
    id="change-customer-subscription",
    name="customer_subscriptions.update",
    method="PATCH",
    path="/customer-subscriptions/{subscriptionId}",
    reader=ModelOf(CustomerSubscription),
    path_parameters=(PathParameter("subscription_id", "subscriptionId", "sub_"),),
    body=(
        Argument("description", "description", STRING),
        Argument("interval", "interval", EnumOf(SubscriptionInterval)),
        Argument("amount", "amount", MONEY),
        Argument("vat_rate", "vatRate", EnumOf(VatRate)),
        Argument("terminated_at", "terminatedAt", LOCAL_DATE_TIME),
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
        "success status",
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/customer-subscriptions-api/change-customer-subscription",
)


class CustomerSubscriptions(Resource):
    """Customer Subscriptions API (abonnement)."""

    def list(
        self,
        *,
        page: int = 1,
        prefetch: int = 1,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> AsyncPager[CustomerSubscription]:
        """List Customer Subscriptions (abonnement).

        Paginated list of every customer subscription in the portal.

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

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-subscriptions-api/list-customer-subscriptions
        """
        return self._pager(_LIST, (), {}, (extra_query, extra_body, extra_headers), page, prefetch)

    async def create(
        self,
        *,
        customer_id: str,
        description: str,
        start_date: datetime.date | str,
        interval: SubscriptionInterval | str,
        amount: Decimal | int | str,
        vat_rate: VatRate | int,
        create_invoice: bool | Unset = UNSET,
        invoice_description: str | Unset = UNSET,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> CustomerSubscription:
        """Create Customer Subscription (abonnement).

        Creates a customer subscription.

        Partly inferred, not documented: error responses, property types, success status.

        Args:
            customer_id: Customer who gets the subscription. An ID with the prefix `cst_`.
            description: What the subscription is for.
            start_date: Start date, past or future (`starts_at` in the answer). Pass a `datetime.date` or text
                like `2024-04-29`.
            interval: Interval of renewal. Known values: `14 days`, `1 month`, `2 months`, `6 months`, `1 year`.
            amount: Charge in euro (EUR); whether VAT is in it is not documented. Pass a `Decimal`, an `int` or
                text like `12.95`, with at most two decimals; never a `float`.
            vat_rate: VAT rate in percent. Known values: `0`, `9`, `21`.
            create_invoice: Make an invoice in the linked bookkeeping integration; `true` only allowed once one
                is set up. Not sent unless given.
            invoice_description: Text of the invoice row; ignored when `create_invoice` is `false` or left out.
                Not sent unless given.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            Subscription that was created.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-subscriptions-api/create-customer-subscription
        """
        return await self._call(
            _CREATE,
            (),
            {},
            {
                "customer_id": customer_id,
                "description": description,
                "start_date": start_date,
                "interval": interval,
                "amount": amount,
                "vat_rate": vat_rate,
                "create_invoice": create_invoice,
                "invoice_description": invoice_description,
            },
            (extra_query, extra_body, extra_headers),
        )

    async def get(
        self,
        subscription_id: str,
        *,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> CustomerSubscription:
        """Get Customer Subscription (abonnement).

        Returns one customer subscription.

        Partly inferred, not documented: error responses, success status.

        Args:
            subscription_id: Customer subscription to return. An ID with the prefix `sub_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            The customer subscription asked for.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-subscriptions-api/get-customer-subscription
        """
        return await self._call(_GET, (subscription_id,), {}, {}, (extra_query, extra_body, extra_headers))

    async def update(
        self,
        subscription_id: str,
        *,
        description: str | Unset = UNSET,
        interval: SubscriptionInterval | str | Unset = UNSET,
        amount: Decimal | int | str | Unset = UNSET,
        vat_rate: VatRate | int | Unset = UNSET,
        terminated_at: datetime.datetime | str | Unset = UNSET,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> CustomerSubscription:
        """Change Customer Subscription (abonnement).

        Updates one customer subscription.

        Partly inferred, not documented: error responses, success status.

        Args:
            subscription_id: Customer subscription to change. An ID with the prefix `sub_`.
            description: What the subscription is for. Not sent unless given.
            interval: Interval of renewal. Known values: `14 days`, `1 month`, `2 months`, `6 months`, `1 year`.
                Not sent unless given.
            amount: Charge in euro (EUR); whether VAT is in it is not documented. Pass a `Decimal`, an `int` or
                text like `12.95`, with at most two decimals; never a `float`. Not sent unless
                given.
            vat_rate: VAT rate in percent. Known values: `0`, `9`, `21`. Not sent unless given.
            terminated_at: Moment of termination. Pass an aware `datetime.datetime`, or text like
                `2024-04-29 21:00:00` in the portal's zone. Not sent unless given.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            Subscription after the change.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent, or there is nothing to change; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-subscriptions-api/change-customer-subscription
        """
        return await self._call(
            _UPDATE,
            (subscription_id,),
            {},
            {
                "description": description,
                "interval": interval,
                "amount": amount,
                "vat_rate": vat_rate,
                "terminated_at": terminated_at,
            },
            (extra_query, extra_body, extra_headers),
        )


class CustomerSubscriptionsWithRawResponse(Resource):
    """The same, with methods that return the whole answer."""

    async def list(
        self,
        *,
        page: int = 1,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[Page[CustomerSubscription]]:
        """List Customer Subscriptions (abonnement).

        Paginated list of every customer subscription in the portal.

        Args:
            page: Number of the page, from 1.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-subscriptions-api/list-customer-subscriptions
        """
        return await self._raw(_LIST, (), {}, {}, (first_page(page, extra_query), extra_body, extra_headers))

    async def create(
        self,
        *,
        customer_id: str,
        description: str,
        start_date: datetime.date | str,
        interval: SubscriptionInterval | str,
        amount: Decimal | int | str,
        vat_rate: VatRate | int,
        create_invoice: bool | Unset = UNSET,
        invoice_description: str | Unset = UNSET,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[CustomerSubscription]:
        """Create Customer Subscription (abonnement).

        Creates a customer subscription.

        Partly inferred, not documented: error responses, property types, success status.

        Args:
            customer_id: Customer who gets the subscription. An ID with the prefix `cst_`.
            description: What the subscription is for.
            start_date: Start date, past or future (`starts_at` in the answer). Pass a `datetime.date` or text
                like `2024-04-29`.
            interval: Interval of renewal. Known values: `14 days`, `1 month`, `2 months`, `6 months`, `1 year`.
            amount: Charge in euro (EUR); whether VAT is in it is not documented. Pass a `Decimal`, an `int` or
                text like `12.95`, with at most two decimals; never a `float`.
            vat_rate: VAT rate in percent. Known values: `0`, `9`, `21`.
            create_invoice: Make an invoice in the linked bookkeeping integration; `true` only allowed once one
                is set up. Not sent unless given.
            invoice_description: Text of the invoice row; ignored when `create_invoice` is `false` or left out.
                Not sent unless given.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-subscriptions-api/create-customer-subscription
        """
        return await self._raw(
            _CREATE,
            (),
            {},
            {
                "customer_id": customer_id,
                "description": description,
                "start_date": start_date,
                "interval": interval,
                "amount": amount,
                "vat_rate": vat_rate,
                "create_invoice": create_invoice,
                "invoice_description": invoice_description,
            },
            (extra_query, extra_body, extra_headers),
        )

    async def get(
        self,
        subscription_id: str,
        *,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[CustomerSubscription]:
        """Get Customer Subscription (abonnement).

        Returns one customer subscription.

        Partly inferred, not documented: error responses, success status.

        Args:
            subscription_id: Customer subscription to return. An ID with the prefix `sub_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-subscriptions-api/get-customer-subscription
        """
        return await self._raw(_GET, (subscription_id,), {}, {}, (extra_query, extra_body, extra_headers))

    async def update(
        self,
        subscription_id: str,
        *,
        description: str | Unset = UNSET,
        interval: SubscriptionInterval | str | Unset = UNSET,
        amount: Decimal | int | str | Unset = UNSET,
        vat_rate: VatRate | int | Unset = UNSET,
        terminated_at: datetime.datetime | str | Unset = UNSET,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[CustomerSubscription]:
        """Change Customer Subscription (abonnement).

        Updates one customer subscription.

        Partly inferred, not documented: error responses, success status.

        Args:
            subscription_id: Customer subscription to change. An ID with the prefix `sub_`.
            description: What the subscription is for. Not sent unless given.
            interval: Interval of renewal. Known values: `14 days`, `1 month`, `2 months`, `6 months`, `1 year`.
                Not sent unless given.
            amount: Charge in euro (EUR); whether VAT is in it is not documented. Pass a `Decimal`, an `int` or
                text like `12.95`, with at most two decimals; never a `float`. Not sent unless
                given.
            vat_rate: VAT rate in percent. Known values: `0`, `9`, `21`. Not sent unless given.
            terminated_at: Moment of termination. Pass an aware `datetime.datetime`, or text like
                `2024-04-29 21:00:00` in the portal's zone. Not sent unless given.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent, or there is nothing to change; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-subscriptions-api/change-customer-subscription
        """
        return await self._raw(
            _UPDATE,
            (subscription_id,),
            {},
            {
                "description": description,
                "interval": interval,
                "amount": amount,
                "vat_rate": vat_rate,
                "terminated_at": terminated_at,
            },
            (extra_query, extra_body, extra_headers),
        )
