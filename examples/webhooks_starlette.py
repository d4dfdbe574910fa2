"""Webhooks with Starlette: check who calls, answer, and only then ask the portal what is true.

MIJNKLANTPORTAAL_API_KEY=... uvicorn webhooks_starlette:app
"""

import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mijnklantportaal_client import MijnKlantportaal, MijnKlantportaalError, WebhookVerificationError
from mijnklantportaal_client.webhooks import EventType, WebhookEvent, parse

log = logging.getLogger(__name__)


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncGenerator[None, None]:
    """One client for the application; the webhooks' secrets come from the portal, and tell the type of each call."""
    async with MijnKlantportaal() as portal:
        app.state.portal = portal
        app.state.webhooks = await portal.webhooks.list().collect()
        yield


async def hook(request: Request) -> Response:
    """Believes no more than that something happened."""
    try:
        event = parse(request.headers, await request.body(), request.app.state.webhooks)
    except WebhookVerificationError as error:
        log.warning("not a webhook: %s", error.reason)
        return Response(status_code=403)
    return Response(status_code=204, background=BackgroundTask(look, request.app.state.portal, event))


async def look(portal: MijnKlantportaal, event: WebhookEvent) -> None:
    """Runs after the answer. Repeats and another order do no harm: the portal tells how things are now."""
    try:
        for invoice_id in (each for each in event.ids if each.startswith("inv_")):
            invoice = await portal.customer_invoices.get(invoice_id)
            if event.type is EventType.INVOICE_PAID and invoice.paid_at is not None:
                log.info("invoice %s is paid: %s", invoice.id, invoice.amount)
    except MijnKlantportaalError:
        log.exception("%s was not looked at", event)


app = Starlette(routes=[Route("/hook", hook, methods=["POST"])], lifespan=lifespan)
