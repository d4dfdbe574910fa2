"""Tickets API (ticket, supportvraag)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._answer import APIResponse
from ..._codecs import (
    BINARY,
    STRING,
    ModelOf,
)
from ..._files import FileInput
from ..._operation import Argument, Operation, PathParameter
from ..._page import Page, PageOf
from ..._pager import AsyncPager
from ..._progress import OnProgress
from ..._resource import Resource, first_page
from ..models.ticket import Ticket
from ..models.ticket_with_message import TicketWithMessage

_LIST: Operation[Page[Ticket]] = Operation(
    id="list-tickets",
    name="tickets.list",
    method="GET",
    path="/tickets",
    reader=PageOf(ModelOf(Ticket)),
    statuses=frozenset(
        {
            "200",
            "401",
            "403",
            "422",
            "426",
            "429",
        }
    ),
    inferred=(
        "error responses",
        "nullability",
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/tickets-api/list-ticket-records",
)
_GET: Operation[TicketWithMessage] = Operation(
    id="get-ticket",
    name="tickets.get",
    method="GET",
    path="/tickets/{ticketId}",
    reader=ModelOf(TicketWithMessage),
    path_parameters=(PathParameter("ticket_id", "ticketId", "tic_"),),
    statuses=frozenset(
        {
            "200",
            "401",
            "403",
            "404",
            "426",
            "429",
        }
    ),
    inferred=(
        "error responses",
        "property types",
        "success status",
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/tickets-api/get-ticket-record",
)
_REPLY: Operation[TicketWithMessage] = Operation(
    id="add-message-to-the-ticket",
    name="tickets.reply",
    method="POST",
    path="/tickets/{ticketId}",
    reader=ModelOf(TicketWithMessage),
    path_parameters=(PathParameter("ticket_id", "ticketId", "tic_"),),
    body=(Argument("message", "message", STRING, required=True),),
    encoding="json",
    statuses=frozenset(
        {
            "2XX",
            "401",
            "403",
            "404",
            "422",
            "426",
            "429",
        }
    ),
    inferred=(
        "error responses",
        "property types",
        "success status",
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/tickets-api/add-message-to-the-ticket",
)
_CLOSE: Operation[TicketWithMessage] = Operation(
    id="close-ticket",
    name="tickets.close",
    method="PATCH",
    path="/tickets/{ticketId}",
    reader=ModelOf(TicketWithMessage),
    path_parameters=(PathParameter("ticket_id", "ticketId", "tic_"),),
    statuses=frozenset(
        {
            "200",
            "401",
            "403",
            "404",
            "422",
            "426",
            "429",
        }
    ),
    inferred=("error responses",),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/tickets-api/close-the-ticket",
)
_ADD_ATTACHMENT: Operation[TicketWithMessage] = Operation(
    id="upload-attachment-to-ticket-message",
    name="tickets.add_attachment",
    method="POST",
    path="/tickets/{ticketId}/message/{messageId}/attachment",
    reader=ModelOf(TicketWithMessage),
    path_parameters=(
        PathParameter("ticket_id", "ticketId", "tic_"),
        PathParameter("message_id", "messageId", "tim_"),
    ),
    body=(Argument("attachment", "attachment", BINARY, required=True),),
    encoding="multipart",
    statuses=frozenset(
        {
            "2XX",
            "401",
            "403",
            "404",
            "422",
            "426",
            "429",
        }
    ),
    inferred=(
        "error responses",
        "property types",
        "success status",
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/tickets-api/upload-attachment-to-ticket-message",
)


class Tickets(Resource):
    """Tickets API (ticket, supportvraag)."""

    def list(
        self,
        *,
        page: int = 1,
        prefetch: int = 1,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> AsyncPager[Ticket]:
        """List ticket records (ticket, supportvraag).

        Pages through the tickets made by customers.

        Partly inferred, not documented: error responses, nullability.

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

        See https://docs.developers.mijnklantportaal.nl/api-reference/tickets-api/list-ticket-records
        """
        return self._pager(_LIST, (), {}, (extra_query, extra_body, extra_headers), page, prefetch)

    async def get(
        self,
        ticket_id: str,
        *,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> TicketWithMessage:
        """Get ticket record (ticket, supportvraag).

        Returns one ticket together with its messages.

        Partly inferred, not documented: error responses, property types, success status.

        Args:
            ticket_id: Ticket ID. An ID with the prefix `tic_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            The ticket asked for, with its messages.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/tickets-api/get-ticket-record
        """
        return await self._call(_GET, (ticket_id,), {}, {}, (extra_query, extra_body, extra_headers))

    async def reply(
        self,
        ticket_id: str,
        *,
        message: str,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> TicketWithMessage:
        """Add message to the ticket (ticket, supportvraag).

        Posts a reply on the ticket. A closed ticket is reopened by it. Not possible for tickets that came from
        live chat.

        Partly inferred, not documented: error responses, property types, success status.

        Args:
            ticket_id: ID of the ticket that gets the message. An ID with the prefix `tic_`.
            message: Text of the message, plain or HTML.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            Message posted; the ticket with its messages comes back.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/tickets-api/add-message-to-the-ticket
        """
        return await self._call(
            _REPLY,
            (ticket_id,),
            {},
            {
                "message": message,
            },
            (extra_query, extra_body, extra_headers),
        )

    async def close(
        self,
        ticket_id: str,
        *,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> TicketWithMessage:
        """Close the ticket (ticket, supportvraag).

        Marks the ticket as closed.

        Partly inferred, not documented: error responses.

        Args:
            ticket_id: ID of the ticket to close. An ID with the prefix `tic_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            The ticket has been closed.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/tickets-api/close-the-ticket
        """
        return await self._call(_CLOSE, (ticket_id,), {}, {}, (extra_query, extra_body, extra_headers))

    async def add_attachment(
        self,
        ticket_id: str,
        message_id: str,
        *,
        attachment: FileInput,
        on_progress: OnProgress | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> TicketWithMessage:
        """Upload attachment to Ticket message (ticket, supportvraag).

        Adds a file to a message that is already posted. Only within 5 minutes after the message was made; chat
        conversations take no attachments.

        Partly inferred, not documented: error responses, property types, success status.

        Args:
            ticket_id: Ticket ID. An ID with the prefix `tic_`.
            message_id: ID of the message in the ticket. An ID with the prefix `tim_`.
            attachment: File to upload. Pass `bytes`, a `pathlib.Path`, an open binary file, an async iterable
                of bytes, or a `FileUpload`.
            on_progress: Called with the bytes that the connection took and the bytes of the whole body (`None` where
                that is not known), first with 0, and with 0 again where an attempt failed. Plain or async; what it
                raises is logged, and it is called no more.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            Attachment stored; the ticket with its messages comes back.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/tickets-api/upload-attachment-to-ticket-message
        """
        return await self._call(
            _ADD_ATTACHMENT,
            (
                ticket_id,
                message_id,
            ),
            {},
            {
                "attachment": attachment,
            },
            (extra_query, extra_body, extra_headers),
            on_progress,
        )


class TicketsWithRawResponse(Resource):
    """The same, with methods that return the whole answer."""

    async def list(
        self,
        *,
        page: int = 1,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[Page[Ticket]]:
        """List ticket records (ticket, supportvraag).

        Pages through the tickets made by customers.

        Partly inferred, not documented: error responses, nullability.

        Args:
            page: Number of the page, from 1.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/tickets-api/list-ticket-records
        """
        return await self._raw(_LIST, (), {}, {}, (first_page(page, extra_query), extra_body, extra_headers))

    async def get(
        self,
        ticket_id: str,
        *,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[TicketWithMessage]:
        """Get ticket record (ticket, supportvraag).

        Returns one ticket together with its messages.

        Partly inferred, not documented: error responses, property types, success status.

        Args:
            ticket_id: Ticket ID. An ID with the prefix `tic_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/tickets-api/get-ticket-record
        """
        return await self._raw(_GET, (ticket_id,), {}, {}, (extra_query, extra_body, extra_headers))

    async def reply(
        self,
        ticket_id: str,
        *,
        message: str,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[TicketWithMessage]:
        """Add message to the ticket (ticket, supportvraag).

        Posts a reply on the ticket. A closed ticket is reopened by it. Not possible for tickets that came from
        live chat.

        Partly inferred, not documented: error responses, property types, success status.

        Args:
            ticket_id: ID of the ticket that gets the message. An ID with the prefix `tic_`.
            message: Text of the message, plain or HTML.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/tickets-api/add-message-to-the-ticket
        """
        return await self._raw(
            _REPLY,
            (ticket_id,),
            {},
            {
                "message": message,
            },
            (extra_query, extra_body, extra_headers),
        )

    async def close(
        self,
        ticket_id: str,
        *,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[TicketWithMessage]:
        """Close the ticket (ticket, supportvraag).

        Marks the ticket as closed.

        Partly inferred, not documented: error responses.

        Args:
            ticket_id: ID of the ticket to close. An ID with the prefix `tic_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/tickets-api/close-the-ticket
        """
        return await self._raw(_CLOSE, (ticket_id,), {}, {}, (extra_query, extra_body, extra_headers))

    async def add_attachment(
        self,
        ticket_id: str,
        message_id: str,
        *,
        attachment: FileInput,
        on_progress: OnProgress | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[TicketWithMessage]:
        """Upload attachment to Ticket message (ticket, supportvraag).

        Adds a file to a message that is already posted. Only within 5 minutes after the message was made; chat
        conversations take no attachments.

        Partly inferred, not documented: error responses, property types, success status.

        Args:
            ticket_id: Ticket ID. An ID with the prefix `tic_`.
            message_id: ID of the message in the ticket. An ID with the prefix `tim_`.
            attachment: File to upload. Pass `bytes`, a `pathlib.Path`, an open binary file, an async iterable
                of bytes, or a `FileUpload`.
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

        See https://docs.developers.mijnklantportaal.nl/api-reference/tickets-api/upload-attachment-to-ticket-message
        """
        return await self._raw(
            _ADD_ATTACHMENT,
            (
                ticket_id,
                message_id,
            ),
            {},
            {
                "attachment": attachment,
            },
            (extra_query, extra_body, extra_headers),
            on_progress,
        )
