"""A ticket desk: new tickets get a first answer at once, and your people answer over an API of your own.

    MIJNKLANTPORTAAL_API_KEY=... uvicorn ticket_desk_fastapi:app

A webhook can come twice, or be lost, and an answer of the portal can get lost after the message was posted. So the desk
looks at the ticket before it writes, writes under a lock, and looks again where it can't know. Run one process of it.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import BackgroundTasks, Body, Depends, FastAPI, HTTPException, Request

from mijnklantportaal_client import MijnKlantportaal, MijnKlantportaalError, WebhookVerificationError
from mijnklantportaal_client.models import Ticket, TicketStatus, TicketWithMessage
from mijnklantportaal_client.webhooks import WebhookEvent, parse

GREETING = "We have your message and answer within one working day."
log = logging.getLogger(__name__)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncGenerator[None, None]:
    """One client for the application, closed with it."""
    async with MijnKlantportaal(app_info="ticket-desk/1.0") as portal:
        app.state.portal = portal
        app.state.webhooks = await portal.webhooks.list().collect()
        app.state.locks = defaultdict[str, asyncio.Lock](asyncio.Lock)
        yield


app = FastAPI(lifespan=lifespan)


def the_portal(request: Request) -> MijnKlantportaal:
    """The client of the application."""
    portal: MijnKlantportaal = request.app.state.portal
    return portal


async def webhook_event(request: Request) -> WebhookEvent:
    """The event, or a 403 for whoever does not know the secret."""
    try:
        return parse(request.headers, await request.body(), request.app.state.webhooks)
    except WebhookVerificationError as error:
        raise HTTPException(403, error.reason) from error


Portal = Annotated[MijnKlantportaal, Depends(the_portal)]


@app.post("/hook", status_code=204)
async def hook(
    request: Request, event: Annotated[WebhookEvent, Depends(webhook_event)], portal: Portal, tasks: BackgroundTasks
) -> None:
    """Answers at once; what the event names is looked at afterwards."""
    for ticket_id in event.ids:
        if ticket_id.startswith("tic_"):
            tasks.add_task(greet, portal, ticket_id, request.app.state.locks[ticket_id])


@app.get("/tickets")
async def open_tickets(portal: Portal) -> list[Ticket]:
    """What waits for an answer. The portal can't filter, so that every page is read."""
    return [ticket async for ticket in portal.tickets.list() if ticket.status == TicketStatus.OPEN]


@app.post("/tickets/{ticket_id}/reply")
async def reply(portal: Portal, ticket_id: str, message: Annotated[str, Body(embed=True)]) -> TicketWithMessage:
    """Post an answer, and say plainly where it is not certain that it was posted."""
    try:
        return await portal.tickets.reply(ticket_id, message=message)
    except MijnKlantportaalError as error:
        certain = "look at the ticket first" if error.outcome.may_have_happened else "nothing was posted"
        raise HTTPException(502, f"{type(error).__name__}: {certain}") from error


async def greet(portal: MijnKlantportaal, ticket_id: str, lock: asyncio.Lock) -> None:
    """Post the first answer, once, unless somebody has answered already."""
    async with lock:
        try:
            ticket = await portal.tickets.get(ticket_id)
            if ticket.status != TicketStatus.OPEN or answered(ticket):
                return
            await portal.tickets.reply(ticket_id, message=GREETING)
        except MijnKlantportaalError as error:
            # Not sent again: a customer who is greeted by a person is better off than one who is greeted twice.
            log.warning("%s was perhaps not greeted: %s", ticket_id, error)


def answered(ticket: TicketWithMessage) -> bool:
    """Whether somebody of ours has written."""
    return any(not message.is_posted_by_customer for message in ticket.messages)
