"""Webhooks API (webhook, melding)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._answer import APIResponse
from ..._codecs import (
    STRING,
    EnumOf,
    ModelOf,
)
from ..._operation import Argument, Operation, PathParameter
from ..._page import Page, PageOf
from ..._pager import AsyncPager
from ..._resource import Resource, first_page
from ..models.event_type import EventType
from ..models.webhook import Webhook

_LIST: Operation[Page[Webhook]] = Operation(
    id="list-webhooks",
    name="webhooks.list",
    method="GET",
    path="/webhooks",
    reader=PageOf(ModelOf(Webhook)),
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
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/webhooks-api/list-webhook-records",
)
_CREATE: Operation[Webhook] = Operation(
    id="create-webhook",
    name="webhooks.create",
    method="POST",
    path="/webhooks",
    reader=ModelOf(Webhook),
    body=(
        Argument("url", "url", STRING, required=True),
        Argument("type", "type", EnumOf(EventType), required=True),
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
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/webhooks-api/create-webhook-record",
)
_GET: Operation[Webhook] = Operation(
    id="get-webhook",
    name="webhooks.get",
    method="GET",
    path="/webhooks/{webhookId}",
    reader=ModelOf(Webhook),
    path_parameters=(PathParameter("webhook_id", "webhookId", "wbh_"),),
    statuses=frozenset(
        {
            "200",
            "401",
            "403",
            "404",
            "429",
        }
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/webhooks-api/get-webhook-record",
)


class Webhooks(Resource):
    """Webhooks API (webhook, melding)."""

    def list(
        self,
        *,
        page: int = 1,
        prefetch: int = 1,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> AsyncPager[Webhook]:
        """List Webhook records (webhook, melding).

        Pages through the active webhooks of the account.

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

        See https://docs.developers.mijnklantportaal.nl/api-reference/webhooks-api/list-webhook-records
        """
        return self._pager(_LIST, (), {}, (extra_query, extra_body, extra_headers), page, prefetch)

    async def create(
        self,
        *,
        url: str,
        type: EventType | str,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> Webhook:
        """Create Webhook record (webhook, melding).

        Partly inferred, not documented: error responses, property types, success status.

        Args:
            url: URL that is called when the event happens.
            type: Event that triggers the webhook. Known values: `appointment-created`, `appointment-canceled`,
                `customer-created`, `customer-deleted`, `offer-created`, `offer-deleted`,
                `offer-accepted`, `offer-rejected`, `invoice-created`, `invoice-chargeback`,
                `invoice-paid`, `invoice-deleted`, `payment-link-created`, `payment-link-expired`,
                `payment-link-paid`, `ticket-created`, `ticket-reply-customer`,
                `ticket-reply-employee`, `subscription-created`, `subscription-updated`,
                `subscription-deleted`, `subscription-payment-created`,
                `subscription-payment-updated`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            The new webhook record.

        Raises:
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/webhooks-api/create-webhook-record
        """
        return await self._call(
            _CREATE,
            (),
            {},
            {
                "url": url,
                "type": type,
            },
            (extra_query, extra_body, extra_headers),
        )

    async def get(
        self,
        webhook_id: str,
        *,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> Webhook:
        """Get Webhook record (webhook, melding).

        Args:
            webhook_id: Webhook ID. An ID with the prefix `wbh_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            The webhook record asked for.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/webhooks-api/get-webhook-record
        """
        return await self._call(_GET, (webhook_id,), {}, {}, (extra_query, extra_body, extra_headers))


class WebhooksWithRawResponse(Resource):
    """The same, with methods that return the whole answer."""

    async def list(
        self,
        *,
        page: int = 1,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[Page[Webhook]]:
        """List Webhook records (webhook, melding).

        Pages through the active webhooks of the account.

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

        See https://docs.developers.mijnklantportaal.nl/api-reference/webhooks-api/list-webhook-records
        """
        return await self._raw(_LIST, (), {}, {}, (first_page(page, extra_query), extra_body, extra_headers))

    async def create(
        self,
        *,
        url: str,
        type: EventType | str,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[Webhook]:
        """Create Webhook record (webhook, melding).

        Partly inferred, not documented: error responses, property types, success status.

        Args:
            url: URL that is called when the event happens.
            type: Event that triggers the webhook. Known values: `appointment-created`, `appointment-canceled`,
                `customer-created`, `customer-deleted`, `offer-created`, `offer-deleted`,
                `offer-accepted`, `offer-rejected`, `invoice-created`, `invoice-chargeback`,
                `invoice-paid`, `invoice-deleted`, `payment-link-created`, `payment-link-expired`,
                `payment-link-paid`, `ticket-created`, `ticket-reply-customer`,
                `ticket-reply-employee`, `subscription-created`, `subscription-updated`,
                `subscription-deleted`, `subscription-payment-created`,
                `subscription-payment-updated`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/webhooks-api/create-webhook-record
        """
        return await self._raw(
            _CREATE,
            (),
            {},
            {
                "url": url,
                "type": type,
            },
            (extra_query, extra_body, extra_headers),
        )

    async def get(
        self,
        webhook_id: str,
        *,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[Webhook]:
        """Get Webhook record (webhook, melding).

        Args:
            webhook_id: Webhook ID. An ID with the prefix `wbh_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/webhooks-api/get-webhook-record
        """
        return await self._raw(_GET, (webhook_id,), {}, {}, (extra_query, extra_body, extra_headers))
