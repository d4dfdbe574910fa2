"""Tickets, which people open and both sides reply to.

The documentation does not say who has posted what comes through the API: nobody by name. Nor what a message looks like
that is plain text: it becomes a paragraph of HTML. A reply of a customer reopens a ticket as well.
"""

from __future__ import annotations

import datetime
import html
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..behaviour import Asked, Behaviour
from ..problems import Invalid, NotFound, Refused

if TYPE_CHECKING:
    from ..portal import Portal
    from ..records import Record

_TIME_FOR_ATTACHMENTS = datetime.timedelta(minutes=5)

behaviour = Behaviour()
behaviour.collection("tickets", "tic_")
behaviour.lists("list-tickets", "tickets")
behaviour.gets("get-ticket")


@behaviour("add-message-to-the-ticket")
def reply(portal: Portal, asked: Asked) -> Record:
    """Replies to a customer; a closed ticket is open again."""
    if asked.record["source"] == "chat":
        raise Invalid({"message": ["A ticket that came from live chat takes no replies."]})
    ticket = post(portal, asked.record, asked.body["message"], by=None, is_customer=False)
    portal.emit("ticket-reply-employee", ticket)
    return ticket


@behaviour("close-ticket")
def close(portal: Portal, asked: Asked) -> Record:
    """Closes a ticket that is open."""
    if asked.record["status"] == "closed":
        raise Refused
    return portal.of("tickets").change(asked.record["id"], status="closed")


@behaviour("upload-attachment-to-ticket-message")
def attach(portal: Portal, asked: Asked) -> Record:
    """Adds a file to a message that was posted just now."""
    ticket, upload = asked.record, asked.body["attachment"]
    message = next((each for each in ticket["messages"] if each["id"] == asked.ids["messageId"]), None)
    if message is None:
        raise NotFound
    if ticket["source"] == "chat":
        raise Invalid({"attachment": ["A ticket that came from live chat takes no attachments."]})
    if portal.now() - datetime.datetime.fromisoformat(message["postedAt"]) > _TIME_FOR_ATTACHMENTS:
        raise Invalid({"attachment": ["The message was posted more than 5 minutes ago."]})
    attachment = {
        "id": portal.new_id("tma_"),
        "name": upload.filename,
        "size": len(upload.content),
        "mime": upload.content_type,
        "blob": portal.add_blob(upload.content, upload.filename, upload.content_type),
    }
    after = message | {"attachments": [*message["attachments"], attachment]}
    messages = [after if each is message else each for each in ticket["messages"]]
    return portal.of("tickets").change(ticket["id"], messages=messages)


def open_ticket(portal: Portal, fields: Mapping[str, Any], message: str, by: str | None) -> Record:
    """Opens a customer's ticket with a first message."""
    ticket = post(portal, portal.create("tickets", status="open", messages=[], **fields), message, by, is_customer=True)
    portal.emit("ticket-created", ticket)
    return ticket


def post(portal: Portal, ticket: Record, message: str, by: str | None, *, is_customer: bool) -> Record:
    """Adds a message to a ticket, which is open from then on."""
    posted: Record = {
        "id": portal.new_id("tim_"),
        "postedBy": by,
        "isPostedByCustomer": is_customer,
        "message": _as_html(message),
        "postedAt": portal.stamp(),
        "attachments": [],
    }
    return portal.of("tickets").change(ticket["id"], messages=[*ticket["messages"], posted], status="open")


def _as_html(message: str) -> str:
    if re.search("</?[a-zA-Z]", message):
        return message
    return f"<p>{html.escape(message, quote=False).replace(chr(10), '<br>')}</p>"
