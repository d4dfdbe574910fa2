"""The ticket desk: everybody is greeted once, and an answer says how it went."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Literal

import httpx
import pytest

pytest.importorskip("fastapi", reason="FastAPI is not installed")

import ticket_desk_fastapi as desk

from mijnklantportaal_client import MijnKlantportaal
from mijnklantportaal_client.testing import Sandbox, sign_webhook

pytestmark = pytest.mark.mkp_sandbox(webhook_transport=httpx.ASGITransport(app=desk.app))
URL = "https://desk.example"
GREETING = f"<p>{desk.GREETING}</p>"


@pytest.fixture
async def http(mkp_sandbox: Sandbox, mkp_portal: MijnKlantportaal) -> AsyncIterator[httpx.AsyncClient]:
    """The desk, started, with a webhook for new tickets; and somebody who asks it."""
    await mkp_portal.webhooks.create(type="ticket-created", url=f"{URL}/hook")
    transport = httpx.ASGITransport(app=desk.app)
    async with desk.lifespan(desk.app), httpx.AsyncClient(transport=transport, base_url=URL) as http:
        yield http


def messages(sandbox: Sandbox, ticket_id: str) -> list[str]:
    """What was written in a ticket by us."""
    ticket = sandbox.state.tickets.get(ticket_id)
    return [each.message for each in ticket.messages if not each.is_posted_by_customer]


async def ticket(sandbox: Sandbox) -> str:
    """A new ticket, of which the desk has heard."""
    id: str = sandbox.people.open_ticket("Website", "It is down")["id"]
    await sandbox.delivered()
    return id


async def test_a_new_ticket_is_greeted_once(http: httpx.AsyncClient, mkp_sandbox: Sandbox) -> None:
    """Also where the webhook comes three times at once."""
    id = await ticket(mkp_sandbox)
    assert messages(mkp_sandbox, id) == [GREETING]
    headers, body = sign_webhook(
        "ticket-created", mkp_sandbox.state.tickets.get(id), mkp_sandbox.state.webhooks[0].secret
    )
    answers = await asyncio.gather(*(http.post("/hook", headers=headers, content=body) for _ in range(3)))
    assert [answer.status_code for answer in answers] == [204] * 3
    assert messages(mkp_sandbox, id) == [GREETING]


@pytest.mark.parametrize(("when", "expected"), [("before", []), ("after", [GREETING])])
async def test_a_lost_answer(
    http: httpx.AsyncClient, mkp_sandbox: Sandbox, when: Literal["before", "after"], expected: list[str]
) -> None:
    """A greeting that may have been posted is not posted again."""
    mkp_sandbox.drop("tickets.reply", when=when)
    assert messages(mkp_sandbox, await ticket(mkp_sandbox)) == expected


async def test_a_stranger_is_refused(http: httpx.AsyncClient, mkp_sandbox: Sandbox) -> None:
    """Who does not know the secret makes the desk ask for nothing."""
    id = mkp_sandbox.state.tickets.add().id
    headers, body = sign_webhook("ticket-created", mkp_sandbox.state.tickets.get(id), "wrong")
    mkp_sandbox.requests.clear()
    assert (await http.post("/hook", headers=headers, content=body)).status_code == 403
    assert len(mkp_sandbox.requests) == 0


async def test_people_answer(http: httpx.AsyncClient, mkp_sandbox: Sandbox) -> None:
    """Through the desk, whose list holds what is open; where the answer is lost, it says so."""
    id = await ticket(mkp_sandbox)
    assert [each["id"] for each in (await http.get("/tickets")).json()] == [id]
    answer = await http.post(f"/tickets/{id}/reply", json={"message": "It is up again"})
    assert answer.json()["messages"][-1]["message"] == "<p>It is up again</p>"
    mkp_sandbox.drop("tickets.reply", when="after")
    lost = await http.post(f"/tickets/{id}/reply", json={"message": "Closed"})
    assert (lost.status_code, lost.json()["detail"]) == (502, "APIConnectionError: look at the ticket first")
