"""Tickets, webhooks and what the vendor bills."""

from __future__ import annotations

from typing import Any

import pytest

from mijnklantportaal_client import FileUpload, NotFoundError, ValidationError
from tests.sandbox.behaviour.conftest import NOW, UNKNOWN, Desk, refused


async def ticket(desk: Desk, **fields: Any) -> str:
    """The ID of a ticket that a customer opened."""
    customer = await desk.customer()
    return str(desk.people.open_ticket("Factuur", "Klopt dit?", customer_id=customer.id, **fields)["id"])


async def test_people_open_a_ticket(desk: Desk) -> None:
    """Customers, or somebody with a name."""
    id = await ticket(desk, source="email")
    other = desk.people.open_ticket("Vraag", "<p>Bent u open?</p>", name="Kees Vos")["id"]
    found, other_found = await desk.portal.tickets.get(id), await desk.portal.tickets.get(other)
    assert (found.title, found.source, found.status, found.created_at) == ("Factuur", "email", "open", NOW)
    message = found.messages[0]
    assert (message.posted_by, message.is_posted_by_customer, message.message) == (
        "Bakkerij Jansen",
        True,
        "<p>Klopt dit?</p>",
    )
    assert (other_found.customer_id, other_found.messages[0].posted_by) == (None, "Kees Vos")
    assert other_found.messages[0].message == "<p>Bent u open?</p>"
    assert [each.id for each in (await desk.portal.tickets.list()).data] == [other, id]
    assert desk.events == ["ticket-created"] * 2


async def test_both_sides_reply(desk: Desk) -> None:
    """Plain text becomes HTML."""
    id = await ticket(desk)
    desk.pass_time(minutes=1)
    await desk.portal.tickets.reply(id, message="5 < 6 &\nmeer")
    desk.people.reply_to_ticket(id, "Dank")
    desk.people.reply_to_ticket(id, "Namens hem", name="Kees Vos")
    messages = (await desk.portal.tickets.get(id)).messages
    assert [(each.posted_by, each.is_posted_by_customer, each.message) for each in messages[1:]] == [
        (None, False, "<p>5 &lt; 6 &amp;<br>meer</p>"),
        ("Bakkerij Jansen", True, "<p>Dank</p>"),
        ("Kees Vos", True, "<p>Namens hem</p>"),
    ]
    assert (messages[1].posted_at - messages[0].posted_at).total_seconds() == 60
    assert desk.events == ["ticket-created", "ticket-reply-employee", "ticket-reply-customer", "ticket-reply-customer"]


@pytest.mark.parametrize("who", ["employee", "customer"])
async def test_a_reply_reopens_a_ticket(desk: Desk, who: str) -> None:
    """Which can't be closed twice before that."""
    id = await ticket(desk)
    assert (await desk.portal.tickets.close(id)).status == "closed"
    with pytest.raises(ValidationError, match="The ticket was closed before"):
        await desk.portal.tickets.close(id)
    if who == "employee":
        await desk.portal.tickets.reply(id, message="Nog iets")
    else:
        desk.people.reply_to_ticket(id, "Nog iets")
    assert (await desk.portal.tickets.get(id)).status == "open"


async def test_a_chat_takes_nothing(desk: Desk) -> None:
    """No replies and no attachments, as the documentation says."""
    id = await ticket(desk, source="chat")
    message = (await desk.portal.tickets.get(id)).messages[0]
    assert await refused(desk.portal.tickets.reply(id, message="Hallo")) == {
        "message": ["A ticket that came from live chat takes no replies."]
    }
    assert await refused(desk.portal.tickets.add_attachment(id, message.id, attachment=b"x")) == {
        "attachment": ["A ticket that came from live chat takes no attachments."]
    }


async def test_a_message_gets_attachments(desk: Desk) -> None:
    """For five minutes."""
    id = await ticket(desk)
    await desk.portal.tickets.reply(id, message="Zie bijlage")
    first, second = (await desk.portal.tickets.get(id)).messages
    attach, file = desk.portal.tickets.add_attachment, FileUpload(b"bytes", "scherm.png", "image/png")
    desk.pass_time(minutes=5)
    after = await attach(id, second.id, attachment=file)
    assert (after.messages[0], after.messages[1].message) == (first, "<p>Zie bijlage</p>")
    assert [(each.id[:4], each.name, each.size, each.mime) for each in after.messages[1].attachments] == [
        ("tma_", "scherm.png", 5, "image/png")
    ]
    with pytest.raises(NotFoundError):
        await attach(id, f"tim_{UNKNOWN}", attachment=file)
    desk.pass_time(seconds=1)
    said = await refused(attach(id, second.id, attachment=file))
    assert said == {"attachment": ["The message was posted more than 5 minutes ago."]}
    assert await desk.portal.tickets.get(id) == after


async def test_webhooks_are_registered(desk: Desk) -> None:
    """Each has a secret of its own."""
    webhooks = desk.portal.webhooks
    made = [await webhooks.create(url="https://example.com/hook", type="invoice-paid") for _ in range(2)]
    assert [len(each.secret) for each in made] == [40, 40]
    assert made[0].secret != made[1].secret
    assert (await webhooks.list()).data == [await webhooks.get(each.id) for each in reversed(made)]
    assert (made[0].type, made[0].url, made[0].created_at) == ("invoice-paid", "https://example.com/hook", NOW)


@pytest.mark.parametrize(
    "url", ["example.com", "ftp://example.com/", "https://", "https:///hook", "http://a b/", "http://[", "http://a:b/"]
)
async def test_webhooks_need_a_url(desk: Desk, url: str) -> None:
    """Of the web."""
    said = await refused(desk.portal.webhooks.create(url=url, type="invoice-paid"))
    assert said == {"url": ["The url field must be a valid URL."]}


async def test_what_the_vendor_bills_is_read_only(desk: Desk) -> None:
    """It is put into the state."""
    made = desk.sandbox.state.mijnklantportaal_invoices.add(invoice_number="MKP-2026.0001")
    invoices = desk.portal.mijnklantportaal_invoices
    assert (await invoices.list()).data == [await invoices.get(made.id)] == [made]
