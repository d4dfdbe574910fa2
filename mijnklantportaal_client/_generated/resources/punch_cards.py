"""Punch Cards API (strippenkaart, knipkaart)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ..._answer import APIResponse
from ..._codecs import (
    BOOLEAN,
    INTEGER,
    INTEGER_OR_STRING,
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
from ..models.expiry_period import ExpiryPeriod
from ..models.issued_punch_card import IssuedPunchCard
from ..models.punch_card import PunchCard
from ..models.vat_rate import VatRate

_LIST: Operation[Page[PunchCard]] = Operation(
    id="list-punch-cards",
    name="punch_cards.list",
    method="GET",
    path="/punch-cards",
    reader=PageOf(ModelOf(PunchCard)),
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
        "error responses",
        "nullability",
        "property types",
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/punch-cards-api/list-punch-cards",
)
_CREATE: Operation[PunchCard] = Operation(
    id="create-punch-card",
    name="punch_cards.create",
    method="POST",
    path="/punch-cards",
    reader=ModelOf(PunchCard),
    body=(
        Argument("name", "name", STRING, required=True),
        Argument("punches", "punches", INTEGER, required=True),
        Argument("punch_label", "punchLabel", STRING, required=True),
        Argument("description", "description", STRING),
        Argument("for_sale", "forSale", BOOLEAN),
        Argument("price", "price", MONEY),
        Argument("vat_rate", "vatRate", EnumOf(VatRate)),
        Argument("expiry_value", "expiryValue", INTEGER_OR_STRING),
        Argument("expire_period", "expirePeriod", EnumOf(ExpiryPeriod)),
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
        "property types",
        "required list",
        "success status",
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/punch-cards-api/create-punch-card",
)
_GET: Operation[PunchCard] = Operation(
    id="get-punch-card",
    name="punch_cards.get",
    method="GET",
    path="/punch-cards/{punchCardId}",
    reader=ModelOf(PunchCard),
    path_parameters=(PathParameter("punch_card_id", "punchCardId", "pcd_"),),
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
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/punch-cards-api/get-punch-card",
)
_UPDATE: Operation[PunchCard] = Operation(
    id="edit-punch-card",
    name="punch_cards.update",
    method="PATCH",
    path="/punch-cards/{punchCardId}",
    reader=ModelOf(PunchCard),
    path_parameters=(PathParameter("punch_card_id", "punchCardId", "pcd_"),),
    body=(
        Argument("for_sale", "forSale", BOOLEAN, required=True),
        Argument("price", "price", MONEY),
        Argument("vat_rate", "vatRate", EnumOf(VatRate)),
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
        "success status",
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/punch-cards-api/edit-punch-card",
)
_LIST_ISSUED: Operation[Page[IssuedPunchCard]] = Operation(
    id="list-bought-punch-cards",
    name="punch_cards.list_issued",
    method="GET",
    path="/punch-cards/{punchCardId}/issued",
    reader=PageOf(ModelOf(IssuedPunchCard)),
    path_parameters=(PathParameter("punch_card_id", "punchCardId", "pcd_"),),
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
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/punch-cards-api/list-issued-cards-for-punch-card",
)
_ISSUE: Operation[IssuedPunchCard] = Operation(
    id="issue-punch-card",
    name="punch_cards.issue",
    method="POST",
    path="/punch-cards/{punchCardId}/issued",
    reader=ModelOf(IssuedPunchCard),
    path_parameters=(PathParameter("punch_card_id", "punchCardId", "pcd_"),),
    body=(Argument("customer_id", "customerId", IdOf("cst_"), required=True),),
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
    inferred=("path or method",),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/punch-cards-api/issue-new-punch-card",
)
_GET_ISSUED: Operation[IssuedPunchCard] = Operation(
    id="get-bought-punch-card",
    name="punch_cards.get_issued",
    method="GET",
    path="/punch-cards/{punchCardId}/issued/{issuedPunchCardId}",
    reader=ModelOf(IssuedPunchCard),
    path_parameters=(
        PathParameter("punch_card_id", "punchCardId", "pcd_"),
        PathParameter("issued_punch_card_id", "issuedPunchCardId", "pcb_"),
    ),
    statuses=frozenset(
        {
            "200",
            "401",
            "403",
            "404",
            "429",
        }
    ),
    inferred=("error responses",),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/punch-cards-api/get-an-issued-punch-card",
)
_STAMP: Operation[IssuedPunchCard] = Operation(
    id="stamp-an-issued-punch-card",
    name="punch_cards.stamp",
    method="POST",
    path="/punch-cards/{punchCardId}/issued/{issuedPunchCardId}/stamp",
    reader=ModelOf(IssuedPunchCard),
    path_parameters=(
        PathParameter("punch_card_id", "punchCardId", "pcd_"),
        PathParameter("issued_punch_card_id", "issuedPunchCardId", "pcb_"),
    ),
    body=(Argument("stamps", "stamps", INTEGER),),
    encoding="json",
    statuses=frozenset(
        {
            "2XX",
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
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/punch-cards-api/stamp-an-issued-punch-card",
)


class PunchCards(Resource):
    """Punch Cards API (strippenkaart, knipkaart)."""

    def list(
        self,
        *,
        page: int = 1,
        prefetch: int = 1,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> AsyncPager[PunchCard]:
        """List Punch Cards (strippenkaart, knipkaart).

        Pages through all punch cards.

        Partly inferred, not documented: error responses, nullability, property types.

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

        See https://docs.developers.mijnklantportaal.nl/api-reference/punch-cards-api/list-punch-cards
        """
        return self._pager(_LIST, (), {}, (extra_query, extra_body, extra_headers), page, prefetch)

    async def create(
        self,
        *,
        name: str,
        punches: int,
        punch_label: str,
        description: str | Unset = UNSET,
        for_sale: bool | Unset = UNSET,
        price: Decimal | int | str | Unset = UNSET,
        vat_rate: VatRate | int | Unset = UNSET,
        expiry_value: int | str | Unset = UNSET,
        expire_period: ExpiryPeriod | str | Unset = UNSET,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> PunchCard:
        """Create Punch Card (strippenkaart, knipkaart).

        Partly inferred, not documented: property types, required list, success status.

        Args:
            name: Card name.
            punches: Number of punches the card gives.
            punch_label: Unit label, what a punch stands for.
            description: Extra text about the card, shown in the portal. Not sent unless given.
            for_sale: Whether customers can buy the card in the portal, false when left out; when true, `price`
                and `vat_rate` are required. Not sent unless given.
            price: Selling price in euro (EUR) including VAT; required only when the card is for sale. Pass a
                `Decimal`, an `int` or text like `12.95`, with at most two decimals; never a
                `float`. Not sent unless given.
            vat_rate: VAT rate in percent. Known values: `0`, `9`, `21`. Not sent unless given.
            expiry_value: Number of periods after issuing or buying until the card expires, with `expire_period`
                as their unit (which comes back as `expiry_periode`); never expires when left out.
                Not sent unless given.
            expire_period: Unit that goes with `expiry_value`. Known values: `days`, `months`, `years`. Not sent
                unless given.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            The new punch card.

        Raises:
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/punch-cards-api/create-punch-card
        """
        return await self._call(
            _CREATE,
            (),
            {},
            {
                "name": name,
                "punches": punches,
                "punch_label": punch_label,
                "description": description,
                "for_sale": for_sale,
                "price": price,
                "vat_rate": vat_rate,
                "expiry_value": expiry_value,
                "expire_period": expire_period,
            },
            (extra_query, extra_body, extra_headers),
        )

    async def get(
        self,
        punch_card_id: str,
        *,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> PunchCard:
        """Get Punch Card (strippenkaart, knipkaart).

        Partly inferred, not documented: error responses, success status.

        Args:
            punch_card_id: ID of the punch card to return. An ID with the prefix `pcd_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            The punch card asked for.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/punch-cards-api/get-punch-card
        """
        return await self._call(_GET, (punch_card_id,), {}, {}, (extra_query, extra_body, extra_headers))

    async def update(
        self,
        punch_card_id: str,
        *,
        for_sale: bool,
        price: Decimal | int | str | Unset = UNSET,
        vat_rate: VatRate | int | Unset = UNSET,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> PunchCard:
        """Edit Punch Card (strippenkaart, knipkaart).

        Partly inferred, not documented: error responses, property types, success status.

        Args:
            punch_card_id: ID of the punch card to change. An ID with the prefix `pcd_`.
            for_sale: Whether customers can buy the card in the portal; when true, `price` and `vat_rate` are
                required.
            price: Selling price in euro (EUR) including VAT; required only when the card is for sale. Pass a
                `Decimal`, an `int` or text like `12.95`, with at most two decimals; never a
                `float`. Not sent unless given.
            vat_rate: VAT rate in percent. Known values: `0`, `9`, `21`. Not sent unless given.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            The changed punch card.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/punch-cards-api/edit-punch-card
        """
        return await self._call(
            _UPDATE,
            (punch_card_id,),
            {},
            {
                "for_sale": for_sale,
                "price": price,
                "vat_rate": vat_rate,
            },
            (extra_query, extra_body, extra_headers),
        )

    def list_issued(
        self,
        punch_card_id: str,
        *,
        page: int = 1,
        prefetch: int = 1,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> AsyncPager[IssuedPunchCard]:
        """List issued cards for Punch Card (strippenkaart, knipkaart).

        Pages through the issued cards of one punch card.

        Partly inferred, not documented: error responses, property types.

        Args:
            punch_card_id: ID of the punch card whose issued cards are wanted. An ID with the prefix `pcd_`.
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

        See https://docs.developers.mijnklantportaal.nl/api-reference/punch-cards-api/list-issued-cards-for-punch-card
        """
        return self._pager(_LIST_ISSUED, (punch_card_id,), {}, (extra_query, extra_body, extra_headers), page, prefetch)

    async def issue(
        self,
        punch_card_id: str,
        *,
        customer_id: str,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> IssuedPunchCard:
        """Issue new Punch Card (strippenkaart, knipkaart).

        Issues a new card of this punch card to a customer.

        Partly inferred, not documented: path or method.

        Args:
            punch_card_id: ID of the punch card to issue a card of. An ID with the prefix `pcd_`.
            customer_id: ID of the customer who gets the card. An ID with the prefix `cst_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            The issued punch card.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/punch-cards-api/issue-new-punch-card
        """
        return await self._call(
            _ISSUE,
            (punch_card_id,),
            {},
            {
                "customer_id": customer_id,
            },
            (extra_query, extra_body, extra_headers),
        )

    async def get_issued(
        self,
        punch_card_id: str,
        issued_punch_card_id: str,
        *,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> IssuedPunchCard:
        """Get an issued Punch Card (strippenkaart, knipkaart).

        Returns one issued card, found by its own ID plus that of its punch card.

        Partly inferred, not documented: error responses.

        Args:
            punch_card_id: Punch card ID. An ID with the prefix `pcd_`.
            issued_punch_card_id: ID of the issued card to return. An ID with the prefix `pcb_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            The issued card asked for.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/punch-cards-api/get-an-issued-punch-card
        """
        return await self._call(
            _GET_ISSUED,
            (
                punch_card_id,
                issued_punch_card_id,
            ),
            {},
            {},
            (extra_query, extra_body, extra_headers),
        )

    async def stamp(
        self,
        punch_card_id: str,
        issued_punch_card_id: str,
        *,
        stamps: int | Unset = UNSET,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> IssuedPunchCard:
        """Stamp an issued Punch Card (strippenkaart, knipkaart).

        Puts one or more stamps on an issued card, found by its own ID plus that of its punch card.

        Partly inferred, not documented: error responses, property types, required list, success status.

        Args:
            punch_card_id: Punch card ID. An ID with the prefix `pcd_`.
            issued_punch_card_id: ID of the issued card to stamp. An ID with the prefix `pcb_`.
            stamps: How many punches to stamp. Not sent unless given.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            The issued card after stamping.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/punch-cards-api/stamp-an-issued-punch-card
        """
        return await self._call(
            _STAMP,
            (
                punch_card_id,
                issued_punch_card_id,
            ),
            {},
            {
                "stamps": stamps,
            },
            (extra_query, extra_body, extra_headers),
        )


class PunchCardsWithRawResponse(Resource):
    """The same, with methods that return the whole answer."""

    async def list(
        self,
        *,
        page: int = 1,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[Page[PunchCard]]:
        """List Punch Cards (strippenkaart, knipkaart).

        Pages through all punch cards.

        Partly inferred, not documented: error responses, nullability, property types.

        Args:
            page: Number of the page, from 1.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/punch-cards-api/list-punch-cards
        """
        return await self._raw(_LIST, (), {}, {}, (first_page(page, extra_query), extra_body, extra_headers))

    async def create(
        self,
        *,
        name: str,
        punches: int,
        punch_label: str,
        description: str | Unset = UNSET,
        for_sale: bool | Unset = UNSET,
        price: Decimal | int | str | Unset = UNSET,
        vat_rate: VatRate | int | Unset = UNSET,
        expiry_value: int | str | Unset = UNSET,
        expire_period: ExpiryPeriod | str | Unset = UNSET,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[PunchCard]:
        """Create Punch Card (strippenkaart, knipkaart).

        Partly inferred, not documented: property types, required list, success status.

        Args:
            name: Card name.
            punches: Number of punches the card gives.
            punch_label: Unit label, what a punch stands for.
            description: Extra text about the card, shown in the portal. Not sent unless given.
            for_sale: Whether customers can buy the card in the portal, false when left out; when true, `price`
                and `vat_rate` are required. Not sent unless given.
            price: Selling price in euro (EUR) including VAT; required only when the card is for sale. Pass a
                `Decimal`, an `int` or text like `12.95`, with at most two decimals; never a
                `float`. Not sent unless given.
            vat_rate: VAT rate in percent. Known values: `0`, `9`, `21`. Not sent unless given.
            expiry_value: Number of periods after issuing or buying until the card expires, with `expire_period`
                as their unit (which comes back as `expiry_periode`); never expires when left out.
                Not sent unless given.
            expire_period: Unit that goes with `expiry_value`. Known values: `days`, `months`, `years`. Not sent
                unless given.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/punch-cards-api/create-punch-card
        """
        return await self._raw(
            _CREATE,
            (),
            {},
            {
                "name": name,
                "punches": punches,
                "punch_label": punch_label,
                "description": description,
                "for_sale": for_sale,
                "price": price,
                "vat_rate": vat_rate,
                "expiry_value": expiry_value,
                "expire_period": expire_period,
            },
            (extra_query, extra_body, extra_headers),
        )

    async def get(
        self,
        punch_card_id: str,
        *,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[PunchCard]:
        """Get Punch Card (strippenkaart, knipkaart).

        Partly inferred, not documented: error responses, success status.

        Args:
            punch_card_id: ID of the punch card to return. An ID with the prefix `pcd_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/punch-cards-api/get-punch-card
        """
        return await self._raw(_GET, (punch_card_id,), {}, {}, (extra_query, extra_body, extra_headers))

    async def update(
        self,
        punch_card_id: str,
        *,
        for_sale: bool,
        price: Decimal | int | str | Unset = UNSET,
        vat_rate: VatRate | int | Unset = UNSET,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[PunchCard]:
        """Edit Punch Card (strippenkaart, knipkaart).

        Partly inferred, not documented: error responses, property types, success status.

        Args:
            punch_card_id: ID of the punch card to change. An ID with the prefix `pcd_`.
            for_sale: Whether customers can buy the card in the portal; when true, `price` and `vat_rate` are
                required.
            price: Selling price in euro (EUR) including VAT; required only when the card is for sale. Pass a
                `Decimal`, an `int` or text like `12.95`, with at most two decimals; never a
                `float`. Not sent unless given.
            vat_rate: VAT rate in percent. Known values: `0`, `9`, `21`. Not sent unless given.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/punch-cards-api/edit-punch-card
        """
        return await self._raw(
            _UPDATE,
            (punch_card_id,),
            {},
            {
                "for_sale": for_sale,
                "price": price,
                "vat_rate": vat_rate,
            },
            (extra_query, extra_body, extra_headers),
        )

    async def list_issued(
        self,
        punch_card_id: str,
        *,
        page: int = 1,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[Page[IssuedPunchCard]]:
        """List issued cards for Punch Card (strippenkaart, knipkaart).

        Pages through the issued cards of one punch card.

        Partly inferred, not documented: error responses, property types.

        Args:
            punch_card_id: ID of the punch card whose issued cards are wanted. An ID with the prefix `pcd_`.
            page: Number of the page, from 1.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/punch-cards-api/list-issued-cards-for-punch-card
        """
        return await self._raw(
            _LIST_ISSUED, (punch_card_id,), {}, {}, (first_page(page, extra_query), extra_body, extra_headers)
        )

    async def issue(
        self,
        punch_card_id: str,
        *,
        customer_id: str,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[IssuedPunchCard]:
        """Issue new Punch Card (strippenkaart, knipkaart).

        Issues a new card of this punch card to a customer.

        Partly inferred, not documented: path or method.

        Args:
            punch_card_id: ID of the punch card to issue a card of. An ID with the prefix `pcd_`.
            customer_id: ID of the customer who gets the card. An ID with the prefix `cst_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/punch-cards-api/issue-new-punch-card
        """
        return await self._raw(
            _ISSUE,
            (punch_card_id,),
            {},
            {
                "customer_id": customer_id,
            },
            (extra_query, extra_body, extra_headers),
        )

    async def get_issued(
        self,
        punch_card_id: str,
        issued_punch_card_id: str,
        *,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[IssuedPunchCard]:
        """Get an issued Punch Card (strippenkaart, knipkaart).

        Returns one issued card, found by its own ID plus that of its punch card.

        Partly inferred, not documented: error responses.

        Args:
            punch_card_id: Punch card ID. An ID with the prefix `pcd_`.
            issued_punch_card_id: ID of the issued card to return. An ID with the prefix `pcb_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/punch-cards-api/get-an-issued-punch-card
        """
        return await self._raw(
            _GET_ISSUED,
            (
                punch_card_id,
                issued_punch_card_id,
            ),
            {},
            {},
            (extra_query, extra_body, extra_headers),
        )

    async def stamp(
        self,
        punch_card_id: str,
        issued_punch_card_id: str,
        *,
        stamps: int | Unset = UNSET,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[IssuedPunchCard]:
        """Stamp an issued Punch Card (strippenkaart, knipkaart).

        Puts one or more stamps on an issued card, found by its own ID plus that of its punch card.

        Partly inferred, not documented: error responses, property types, required list, success status.

        Args:
            punch_card_id: Punch card ID. An ID with the prefix `pcd_`.
            issued_punch_card_id: ID of the issued card to stamp. An ID with the prefix `pcb_`.
            stamps: How many punches to stamp. Not sent unless given.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/punch-cards-api/stamp-an-issued-punch-card
        """
        return await self._raw(
            _STAMP,
            (
                punch_card_id,
                issued_punch_card_id,
            ),
            {},
            {
                "stamps": stamps,
            },
            (extra_query, extra_body, extra_headers),
        )
