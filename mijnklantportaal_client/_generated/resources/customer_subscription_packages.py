"""Customer Subscription Packages API (abonnementspakket)."""

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
from ..models.customer_subscription_package import CustomerSubscriptionPackage
from ..models.pending_sign_up import PendingSignUp
from ..models.subscription_interval import SubscriptionInterval
from ..models.vat_rate import VatRate

_LIST: Operation[Page[CustomerSubscriptionPackage]] = Operation(
    id="list-customer-subscription-packages",
    name="customer_subscription_packages.list",
    method="GET",
    path="/customer-subscription-packages",
    reader=PageOf(ModelOf(CustomerSubscriptionPackage)),
    statuses=frozenset(
        {
            "200",
            "401",
            "403",
            "422",
            "429",
        }
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/customer-subscription-packages-api/list-customer-subscription-packages",
)
_CREATE: Operation[CustomerSubscriptionPackage] = Operation(
    id="create-customer-subscription-package",
    name="customer_subscription_packages.create",
    method="POST",
    path="/customer-subscription-packages",
    reader=ModelOf(CustomerSubscriptionPackage),
    body=(
        Argument("name", "name", STRING, required=True),
        Argument("interval", "interval", EnumOf(SubscriptionInterval), required=True),
        Argument("amount", "amount", MONEY, required=True),
        Argument("vat_rate", "vatRate", EnumOf(VatRate), required=True),
        Argument("description", "description", STRING),
        Argument("available_for_sale", "availableForSale", BOOLEAN),
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
        "required list",
        "success status",
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/customer-subscription-packages-api/create-customer-subscription-package",
)
_GET: Operation[CustomerSubscriptionPackage] = Operation(
    id="get-customer-subscription-package",
    name="customer_subscription_packages.get",
    method="GET",
    path="/customer-subscription-packages/{packageId}",
    reader=ModelOf(CustomerSubscriptionPackage),
    path_parameters=(PathParameter("package_id", "packageId", "spg_"),),
    statuses=frozenset(
        {
            "200",
            "401",
            "403",
            "404",
            "429",
        }
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/customer-subscription-packages-api/get-customer-subscription-package",
)
_UPDATE: Operation[CustomerSubscriptionPackage] = Operation(
    id="change-customer-subscription-package",
    name="customer_subscription_packages.update",
    method="PATCH",
    path="/customer-subscription-packages/{packageId}",
    reader=ModelOf(CustomerSubscriptionPackage),
    path_parameters=(PathParameter("package_id", "packageId", "spg_"),),
    body=(
        Argument("name", "name", STRING),
        Argument("description", "description", STRING),
        Argument("interval", "interval", EnumOf(SubscriptionInterval)),
        Argument("amount", "amount", MONEY),
        Argument("vat_rate", "vatRate", EnumOf(VatRate)),
        Argument("available_for_sale", "availableForSale", BOOLEAN),
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
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/customer-subscription-packages-api/change-customer-subscription-package",
)
_SIGN_UP_CUSTOMER: Operation[CustomerSubscription] = Operation(
    id="sign-up-customer-subscription-package-to-customer",
    name="customer_subscription_packages.sign_up_customer",
    method="POST",
    path="/customer-subscription-packages/{packageId}/sign-up",
    reader=ModelOf(CustomerSubscription),
    path_parameters=(PathParameter("package_id", "packageId", "spg_"),),
    body=(
        Argument("customer_id", "customerId", IdOf("cst_"), required=True),
        Argument("start_date", "startDate", DATE),
        Argument("mandate_id", "mandateId", IdOf("mdt_")),
        Argument("create_invoice", "createInvoice", BOOLEAN),
        Argument("invoice_text", "invoiceText", STRING, nullable=True),
    ),
    encoding="json",
    statuses=frozenset(
        {
            "201",
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
        "required list",
        "success status",
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/customer-subscription-packages-api/sign-up-a-customer-for-a-customer-subscription-package",
)
_SIGN_UP_NON_CUSTOMER: Operation[PendingSignUp] = Operation(
    id="sign-up-customer-subscription-package-to-non-customer",
    name="customer_subscription_packages.sign_up_non_customer",
    method="POST",
    path="/customer-subscription-packages/{packageId}/sign-up/",
    reader=ModelOf(PendingSignUp),
    path_parameters=(PathParameter("package_id", "packageId", "spg_"),),
    body=(
        Argument("company_name", "companyName", STRING, required=True),
        Argument("address", "address", STRING, required=True),
        Argument("zip_code", "zipCode", STRING, required=True),
        Argument("city", "city", STRING, required=True),
        Argument("email", "email", STRING, required=True),
    ),
    encoding="json",
    statuses=frozenset(
        {
            "201",
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
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/customer-subscription-packages-api/sign-up-a-non-customer-for-a-customer-subscription-package",
)


class CustomerSubscriptionPackages(Resource):
    """Customer Subscription Packages API (abonnementspakket)."""

    def list(
        self,
        *,
        page: int = 1,
        prefetch: int = 1,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> AsyncPager[CustomerSubscriptionPackage]:
        """List Customer Subscription packages (abonnementspakket).

        Paginated list of every customer subscription package.

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

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-subscription-packages-api/list-customer-subscription-packages
        """
        return self._pager(_LIST, (), {}, (extra_query, extra_body, extra_headers), page, prefetch)

    async def create(
        self,
        *,
        name: str,
        interval: SubscriptionInterval | str,
        amount: Decimal | int | str,
        vat_rate: VatRate | int,
        description: str | Unset = UNSET,
        available_for_sale: bool | Unset = UNSET,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> CustomerSubscriptionPackage:
        """Create Customer Subscription Package (abonnementspakket).

        Creates a customer subscription package.

        Partly inferred, not documented: error responses, required list, success status.

        Args:
            name: Package name.
            interval: Interval of renewal. Known values: `14 days`, `1 month`, `2 months`, `6 months`, `1 year`.
            amount: Charge in euro (EUR); whether VAT is in it is not documented. Pass a `Decimal`, an `int` or
                text like `12.95`, with at most two decimals; never a `float`.
            vat_rate: VAT rate in percent. Known values: `0`, `9`, `21`.
            description: Package details, chiefly its terms and conditions. Not sent unless given.
            available_for_sale: Whether it can be bought in the portal and, if enabled, on the public page. Not
                sent unless given.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            Package that was created.

        Raises:
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-subscription-packages-api/create-customer-subscription-package
        """
        return await self._call(
            _CREATE,
            (),
            {},
            {
                "name": name,
                "interval": interval,
                "amount": amount,
                "vat_rate": vat_rate,
                "description": description,
                "available_for_sale": available_for_sale,
            },
            (extra_query, extra_body, extra_headers),
        )

    async def get(
        self,
        package_id: str,
        *,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> CustomerSubscriptionPackage:
        """Get Customer Subscription Package (abonnementspakket).

        Returns one customer subscription package.

        Args:
            package_id: Customer subscription package to return. An ID with the prefix `spg_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            The customer subscription package asked for.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-subscription-packages-api/get-customer-subscription-package
        """
        return await self._call(_GET, (package_id,), {}, {}, (extra_query, extra_body, extra_headers))

    async def update(
        self,
        package_id: str,
        *,
        name: str | Unset = UNSET,
        description: str | Unset = UNSET,
        interval: SubscriptionInterval | str | Unset = UNSET,
        amount: Decimal | int | str | Unset = UNSET,
        vat_rate: VatRate | int | Unset = UNSET,
        available_for_sale: bool | Unset = UNSET,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> CustomerSubscriptionPackage:
        """Change Customer Subscription Package (abonnementspakket).

        Updates one customer subscription package.

        Partly inferred, not documented: error responses, success status.

        Args:
            package_id: Customer subscription package to change. An ID with the prefix `spg_`.
            name: Package name. Not sent unless given.
            description: Package details, chiefly its terms and conditions. Not sent unless given.
            interval: Interval of renewal. Known values: `14 days`, `1 month`, `2 months`, `6 months`, `1 year`.
                Not sent unless given.
            amount: Charge in euro (EUR); whether VAT is in it is not documented. Pass a `Decimal`, an `int` or
                text like `12.95`, with at most two decimals; never a `float`. Not sent unless
                given.
            vat_rate: VAT rate in percent. Known values: `0`, `9`, `21`. Not sent unless given.
            available_for_sale: Whether it can be bought in the portal and, if enabled, on the public page. Not
                sent unless given.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            Package after the change.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent, or there is nothing to change; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-subscription-packages-api/change-customer-subscription-package
        """
        return await self._call(
            _UPDATE,
            (package_id,),
            {},
            {
                "name": name,
                "description": description,
                "interval": interval,
                "amount": amount,
                "vat_rate": vat_rate,
                "available_for_sale": available_for_sale,
            },
            (extra_query, extra_body, extra_headers),
        )

    async def sign_up_customer(
        self,
        package_id: str,
        *,
        customer_id: str,
        start_date: datetime.date | str | Unset = UNSET,
        mandate_id: str | Unset = UNSET,
        create_invoice: bool | Unset = UNSET,
        invoice_text: str | None | Unset = UNSET,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> CustomerSubscription:
        """Sign-up a customer for a Customer Subscription Package (abonnementspakket).

        Gives an existing customer a subscription based on this package.

        Partly inferred, not documented: error responses, nullability, required list, success status.

        Args:
            package_id: Customer subscription package to sign up for. An ID with the prefix `spg_`.
            customer_id: Customer who gets the subscription. An ID with the prefix `cst_`.
            start_date: Start date, past or future (`starts_at` in the answer). Pass a `datetime.date` or text
                like `2024-04-29`. Not sent unless given.
            mandate_id: Mandate to charge; leave out to start the process for a new customer, or to charge an
                existing one without automatic collection. An ID with the prefix `mdt_`. Not sent
                unless given.
            create_invoice: Make an invoice for each charge. Not sent unless given.
            invoice_text: Own invoice text; leave out to use the package name. `None` sends JSON null. Not sent
                unless given.
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

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-subscription-packages-api/sign-up-a-customer-for-a-customer-subscription-package
        """
        return await self._call(
            _SIGN_UP_CUSTOMER,
            (package_id,),
            {},
            {
                "customer_id": customer_id,
                "start_date": start_date,
                "mandate_id": mandate_id,
                "create_invoice": create_invoice,
                "invoice_text": invoice_text,
            },
            (extra_query, extra_body, extra_headers),
        )

    async def sign_up_non_customer(
        self,
        package_id: str,
        *,
        company_name: str,
        address: str,
        zip_code: str,
        city: str,
        email: str,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> PendingSignUp:
        """Sign-up a non-customer for a Customer Subscription Package (abonnementspakket).

        Signs up someone who is not a customer yet and returns a payment link. The path ends in a slash; without
        it the call signs up an existing customer.

        Partly inferred, not documented: error responses, property types, success status.

        Args:
            package_id: Customer subscription package to sign up for. An ID with the prefix `spg_`.
            company_name: Name of the customer to be.
            address: Street and house number of the customer to be.
            zip_code: Postal code of the customer to be.
            city: City of the customer to be.
            email: E-mail address of the customer to be; notifications go there.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            Pending sign-up that was created.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-subscription-packages-api/sign-up-a-non-customer-for-a-customer-subscription-package
        """
        return await self._call(
            _SIGN_UP_NON_CUSTOMER,
            (package_id,),
            {},
            {
                "company_name": company_name,
                "address": address,
                "zip_code": zip_code,
                "city": city,
                "email": email,
            },
            (extra_query, extra_body, extra_headers),
        )


class CustomerSubscriptionPackagesWithRawResponse(Resource):
    """The same, with methods that return the whole answer."""

    async def list(
        self,
        *,
        page: int = 1,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[Page[CustomerSubscriptionPackage]]:
        """List Customer Subscription packages (abonnementspakket).

        Paginated list of every customer subscription package.

        Args:
            page: Number of the page, from 1.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-subscription-packages-api/list-customer-subscription-packages
        """
        return await self._raw(_LIST, (), {}, {}, (first_page(page, extra_query), extra_body, extra_headers))

    async def create(
        self,
        *,
        name: str,
        interval: SubscriptionInterval | str,
        amount: Decimal | int | str,
        vat_rate: VatRate | int,
        description: str | Unset = UNSET,
        available_for_sale: bool | Unset = UNSET,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[CustomerSubscriptionPackage]:
        """Create Customer Subscription Package (abonnementspakket).

        Creates a customer subscription package.

        Partly inferred, not documented: error responses, required list, success status.

        Args:
            name: Package name.
            interval: Interval of renewal. Known values: `14 days`, `1 month`, `2 months`, `6 months`, `1 year`.
            amount: Charge in euro (EUR); whether VAT is in it is not documented. Pass a `Decimal`, an `int` or
                text like `12.95`, with at most two decimals; never a `float`.
            vat_rate: VAT rate in percent. Known values: `0`, `9`, `21`.
            description: Package details, chiefly its terms and conditions. Not sent unless given.
            available_for_sale: Whether it can be bought in the portal and, if enabled, on the public page. Not
                sent unless given.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-subscription-packages-api/create-customer-subscription-package
        """
        return await self._raw(
            _CREATE,
            (),
            {},
            {
                "name": name,
                "interval": interval,
                "amount": amount,
                "vat_rate": vat_rate,
                "description": description,
                "available_for_sale": available_for_sale,
            },
            (extra_query, extra_body, extra_headers),
        )

    async def get(
        self,
        package_id: str,
        *,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[CustomerSubscriptionPackage]:
        """Get Customer Subscription Package (abonnementspakket).

        Returns one customer subscription package.

        Args:
            package_id: Customer subscription package to return. An ID with the prefix `spg_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-subscription-packages-api/get-customer-subscription-package
        """
        return await self._raw(_GET, (package_id,), {}, {}, (extra_query, extra_body, extra_headers))

    async def update(
        self,
        package_id: str,
        *,
        name: str | Unset = UNSET,
        description: str | Unset = UNSET,
        interval: SubscriptionInterval | str | Unset = UNSET,
        amount: Decimal | int | str | Unset = UNSET,
        vat_rate: VatRate | int | Unset = UNSET,
        available_for_sale: bool | Unset = UNSET,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[CustomerSubscriptionPackage]:
        """Change Customer Subscription Package (abonnementspakket).

        Updates one customer subscription package.

        Partly inferred, not documented: error responses, success status.

        Args:
            package_id: Customer subscription package to change. An ID with the prefix `spg_`.
            name: Package name. Not sent unless given.
            description: Package details, chiefly its terms and conditions. Not sent unless given.
            interval: Interval of renewal. Known values: `14 days`, `1 month`, `2 months`, `6 months`, `1 year`.
                Not sent unless given.
            amount: Charge in euro (EUR); whether VAT is in it is not documented. Pass a `Decimal`, an `int` or
                text like `12.95`, with at most two decimals; never a `float`. Not sent unless
                given.
            vat_rate: VAT rate in percent. Known values: `0`, `9`, `21`. Not sent unless given.
            available_for_sale: Whether it can be bought in the portal and, if enabled, on the public page. Not
                sent unless given.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent, or there is nothing to change; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-subscription-packages-api/change-customer-subscription-package
        """
        return await self._raw(
            _UPDATE,
            (package_id,),
            {},
            {
                "name": name,
                "description": description,
                "interval": interval,
                "amount": amount,
                "vat_rate": vat_rate,
                "available_for_sale": available_for_sale,
            },
            (extra_query, extra_body, extra_headers),
        )

    async def sign_up_customer(
        self,
        package_id: str,
        *,
        customer_id: str,
        start_date: datetime.date | str | Unset = UNSET,
        mandate_id: str | Unset = UNSET,
        create_invoice: bool | Unset = UNSET,
        invoice_text: str | None | Unset = UNSET,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[CustomerSubscription]:
        """Sign-up a customer for a Customer Subscription Package (abonnementspakket).

        Gives an existing customer a subscription based on this package.

        Partly inferred, not documented: error responses, nullability, required list, success status.

        Args:
            package_id: Customer subscription package to sign up for. An ID with the prefix `spg_`.
            customer_id: Customer who gets the subscription. An ID with the prefix `cst_`.
            start_date: Start date, past or future (`starts_at` in the answer). Pass a `datetime.date` or text
                like `2024-04-29`. Not sent unless given.
            mandate_id: Mandate to charge; leave out to start the process for a new customer, or to charge an
                existing one without automatic collection. An ID with the prefix `mdt_`. Not sent
                unless given.
            create_invoice: Make an invoice for each charge. Not sent unless given.
            invoice_text: Own invoice text; leave out to use the package name. `None` sends JSON null. Not sent
                unless given.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-subscription-packages-api/sign-up-a-customer-for-a-customer-subscription-package
        """
        return await self._raw(
            _SIGN_UP_CUSTOMER,
            (package_id,),
            {},
            {
                "customer_id": customer_id,
                "start_date": start_date,
                "mandate_id": mandate_id,
                "create_invoice": create_invoice,
                "invoice_text": invoice_text,
            },
            (extra_query, extra_body, extra_headers),
        )

    async def sign_up_non_customer(
        self,
        package_id: str,
        *,
        company_name: str,
        address: str,
        zip_code: str,
        city: str,
        email: str,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[PendingSignUp]:
        """Sign-up a non-customer for a Customer Subscription Package (abonnementspakket).

        Signs up someone who is not a customer yet and returns a payment link. The path ends in a slash; without
        it the call signs up an existing customer.

        Partly inferred, not documented: error responses, property types, success status.

        Args:
            package_id: Customer subscription package to sign up for. An ID with the prefix `spg_`.
            company_name: Name of the customer to be.
            address: Street and house number of the customer to be.
            zip_code: Postal code of the customer to be.
            city: City of the customer to be.
            email: E-mail address of the customer to be; notifications go there.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/customer-subscription-packages-api/sign-up-a-non-customer-for-a-customer-subscription-package
        """
        return await self._raw(
            _SIGN_UP_NON_CUSTOMER,
            (package_id,),
            {},
            {
                "company_name": company_name,
                "address": address,
                "zip_code": zip_code,
                "city": city,
                "email": email,
            },
            (extra_query, extra_body, extra_headers),
        )
