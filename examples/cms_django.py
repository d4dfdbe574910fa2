"""Pages and forms of the portal's CMS with Django, in async views, under WSGI and ASGI.

The environment has `MIJNKLANTPORTAAL_API_KEY`, the key of the HTML block in `CMS_BLOCK_KEY`, and a path that can't be
guessed in `CMS_PATH`.
"""

import logging
import os
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.html import format_html
from django.views.decorators.csrf import csrf_exempt

from mijnklantportaal_client import InvalidCallbackError, MijnKlantportaal
from mijnklantportaal_client.cms import CallbackResponse, FormRequest, FormSubmission, PageRequest

log = logging.getLogger(__name__)
BLOCK_KEY = os.environ["CMS_BLOCK_KEY"]
# These calls are not signed: only who knows this path can make one.
PATH = os.environ["CMS_PATH"].strip("/")
View = Callable[[HttpRequest], Coroutine[Any, Any, HttpResponse]]


def callback(view: View) -> View:
    """A view that the portal calls: no token against forgery, and a 400 where it was not the portal."""

    @csrf_exempt
    @wraps(view)
    async def checked(request: HttpRequest) -> HttpResponse:
        try:
            return await view(request)
        except InvalidCallbackError as error:
            return HttpResponse(str(error), status=400, content_type="text/plain")

    return checked


def answer(made: CallbackResponse) -> HttpResponse:
    """The same as Django has it."""
    return HttpResponse(made.body, status=made.status, headers=made.headers)


@callback
async def page(request: HttpRequest) -> HttpResponse:
    """A dynamic HTML block. What is put into HTML is escaped."""
    asked = PageRequest.from_headers(request.headers)
    async with MijnKlantportaal() as portal:
        customer = await portal.customers.get(asked.customer_id)
    return answer(asked.respond(format_html("<p>Welkom, {}!</p>", customer.company_name), BLOCK_KEY))


@callback
async def first_values(request: HttpRequest) -> HttpResponse:
    """What a form holds before it is filled in."""
    asked = FormRequest.from_headers(request.headers)
    async with MijnKlantportaal() as portal:
        customer = await portal.customers.get(asked.customer_id)
    return answer(asked.respond({"bedrijf": customer.company_name, "plaats": customer.city}))


@callback
async def submit(request: HttpRequest) -> HttpResponse:
    """A form that was filled in, by whatever method was chosen for it."""
    form = FormSubmission.from_request(
        request.method or "", request.headers, query=request.META["QUERY_STRING"], body=request.body
    )
    log.info("%s with %s", form, [*form.fields])
    return HttpResponse(status=204)


urlpatterns = [
    path(f"{PATH}/page", page),
    path(f"{PATH}/first-values", first_values),
    path(f"{PATH}/form", submit),
]
