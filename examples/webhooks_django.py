"""Webhooks with Django: an async view checks who calls, and a thread does the work, under WSGI and ASGI.

The environment has `MIJNKLANTPORTAAL_API_KEY`, and the secret of the webhook in `INVOICE_PAID_SECRET`.
"""

import logging
import os
from concurrent.futures import ThreadPoolExecutor

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from mijnklantportaal_client import MijnKlantportaal, MijnKlantportaalError, WebhookVerificationError
from mijnklantportaal_client.blocking import run
from mijnklantportaal_client.webhooks import EventType, WebhookEvent, parse

log = logging.getLogger(__name__)
portal = MijnKlantportaal()
# Django has no place for work that comes after an answer; a task of Celery would also outlive the process.
later = ThreadPoolExecutor(max_workers=4)
SECRETS = {os.environ["INVOICE_PAID_SECRET"]: EventType.INVOICE_PAID}


@csrf_exempt
@require_POST
async def hook(request: HttpRequest) -> HttpResponse:
    """Believes no more than that something happened."""
    try:
        event = parse(request.headers, request.body, SECRETS)
    except WebhookVerificationError as error:
        log.warning("not a webhook: %s", error.reason)
        return HttpResponse(status=403)
    later.submit(look, event)
    return HttpResponse(status=204)


def look(event: WebhookEvent) -> None:
    """Runs after the answer. Repeats and another order do no harm: the portal tells how things are now."""
    try:
        for invoice_id in (each for each in event.ids if each.startswith("inv_")):
            invoice = run(portal.customer_invoices.get(invoice_id))
            if event.type is EventType.INVOICE_PAID and invoice.paid_at is not None:
                log.info("invoice %s is paid: %s", invoice.id, invoice.amount)
    except MijnKlantportaalError:
        log.exception("%s was not looked at", event)


urlpatterns = [path("hook", hook)]
