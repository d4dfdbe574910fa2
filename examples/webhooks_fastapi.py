"""Webhooks with FastAPI: a dependency checks who calls, and the work is done after the answer.

MIJNKLANTPORTAAL_API_KEY=... uvicorn webhooks_fastapi:app
"""

import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import BackgroundTasks, Depends, FastAPI, HTTPException, Request

from mijnklantportaal_client import MijnKlantportaal, MijnKlantportaalError, WebhookVerificationError
from mijnklantportaal_client.webhooks import EventType, WebhookEvent, parse

log = logging.getLogger(__name__)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncGenerator[None, None]:
    """One client for the application; the webhooks' secrets come from the portal, and tell the type of each call."""
    async with MijnKlantportaal() as portal:
        app.state.portal = portal
        app.state.webhooks = await portal.webhooks.list().collect()
        yield


async def webhook_event(request: Request) -> WebhookEvent:
    """The event, or a 403 for whoever does not know the secret."""
    try:
        return parse(request.headers, await request.body(), request.app.state.webhooks)
    except WebhookVerificationError as error:
        raise HTTPException(403, error.reason) from error


def the_portal(request: Request) -> MijnKlantportaal:
    """The client of the application."""
    portal: MijnKlantportaal = request.app.state.portal
    return portal


app = FastAPI(lifespan=lifespan)


@app.post("/hook", status_code=204)
async def hook(
    event: Annotated[WebhookEvent, Depends(webhook_event)],
    portal: Annotated[MijnKlantportaal, Depends(the_portal)],
    tasks: BackgroundTasks,
) -> None:
    """Believes no more than that something happened."""
    tasks.add_task(look, portal, event)


async def look(portal: MijnKlantportaal, event: WebhookEvent) -> None:
    """Runs after the answer. Repeats and another order do no harm: the portal tells how things are now."""
    try:
        for invoice_id in (each for each in event.ids if each.startswith("inv_")):
            invoice = await portal.customer_invoices.get(invoice_id)
            if event.type is EventType.INVOICE_PAID and invoice.paid_at is not None:
                log.info("invoice %s is paid: %s", invoice.id, invoice.amount)
    except MijnKlantportaalError:
        log.exception("%s was not looked at", event)
