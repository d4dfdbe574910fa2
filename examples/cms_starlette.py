"""Pages and forms of the portal's CMS with Starlette.

MIJNKLANTPORTAAL_API_KEY=... CMS_BLOCK_KEY=... CMS_PATH=/$(openssl rand -hex 16) uvicorn cms_starlette:app
"""

import logging
import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from html import escape

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route

from mijnklantportaal_client import InvalidCallbackError, MijnKlantportaal
from mijnklantportaal_client.cms import CallbackResponse, FormRequest, FormSubmission, PageRequest

log = logging.getLogger(__name__)
BLOCK_KEY = os.environ["CMS_BLOCK_KEY"]
# These calls are not signed: only who knows this path can make one.
PATH = os.environ["CMS_PATH"]


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncGenerator[None, None]:
    """One client for the application."""
    async with MijnKlantportaal() as portal:
        app.state.portal = portal
        yield


async def page(request: Request) -> Response:
    """A dynamic HTML block. What is put into HTML is escaped."""
    asked = PageRequest.from_headers(request.headers)
    customer = await request.app.state.portal.customers.get(asked.customer_id)
    return answer(asked.respond(f"<p>Welkom, {escape(customer.company_name)}!</p>", BLOCK_KEY))


async def first_values(request: Request) -> Response:
    """What a form holds before it is filled in."""
    asked = FormRequest.from_headers(request.headers)
    customer = await request.app.state.portal.customers.get(asked.customer_id)
    return answer(asked.respond({"bedrijf": customer.company_name, "plaats": customer.city}))


async def submit(request: Request) -> Response:
    """A form that was filled in, by whatever method was chosen for it."""
    form = FormSubmission.from_request(
        request.method, request.headers, query=request.url.query, body=await request.body()
    )
    log.info("%s with %s", form, [*form.fields])
    return Response(status_code=204)


def answer(made: CallbackResponse) -> Response:
    """The same as Starlette has it."""
    return Response(made.body, made.status, made.headers)


async def refuse(request: Request, error: Exception) -> Response:
    """Says what is wrong with a call; the text holds nothing of a form."""
    return PlainTextResponse(str(error), 400)


app = Starlette(
    routes=[
        Mount(
            PATH,
            routes=[
                Route("/page", page),
                Route("/first-values", first_values, methods=["GET", "POST"]),
                Route("/form", submit, methods=["GET", "POST", "PUT"]),
            ],
        )
    ],
    exception_handlers={InvalidCallbackError: refuse},
    lifespan=lifespan,
)
