"""Calls from Django views, under WSGI and ASGI.

The settings need no more than `MIJNKLANTPORTAAL_API_KEY` in the environment, or `api_key=settings.PORTAL_KEY` below.
"""

from django.http import Http404, HttpRequest, JsonResponse
from django.urls import path

from mijnklantportaal_client import MijnKlantportaal, NotFoundError
from mijnklantportaal_client.blocking import run

portal = MijnKlantportaal()


def customer(request: HttpRequest, customer_id: str) -> JsonResponse:
    """A plain view: one client for every thread and every worker process."""
    try:
        found = run(portal.customers.get(customer_id))
    except NotFoundError:
        raise Http404("There is no such customer.") from None
    return JsonResponse({"id": found.id, "name": found.company_name})


async def invoices(request: HttpRequest) -> JsonResponse:
    """An async view: a client of the event loop that runs it, which is not always the same one."""
    async with MijnKlantportaal() as own:
        found = await own.customer_invoices.list().collect(limit=20)
    return JsonResponse({"invoices": [{"id": each.id, "amount": str(each.amount)} for each in found]})


urlpatterns = [
    path("customers/<str:customer_id>/", customer),
    path("invoices/", invoices),
]
