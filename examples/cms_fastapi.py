"""Pages and forms of the portal's CMS with FastAPI.

MIJNKLANTPORTAAL_API_KEY=... CMS_BLOCK_KEY=... CMS_PATH=/$(openssl rand -hex 16) uvicorn cms_fastapi:app
"""

import logging
import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from html import escape
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.responses import PlainTextResponse

from mijnklantportaal_client import InvalidCallbackError, MijnKlantportaal
from mijnklantportaal_client.cms import CallbackResponse, FormRequest, FormSubmission, PageRequest

log = logging.getLogger(__name__)
BLOCK_KEY = os.environ["CMS_BLOCK_KEY"]
# These calls are not signed: only who knows this path can make one.
router = APIRouter(prefix=os.environ["CMS_PATH"], include_in_schema=False)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncGenerator[None, None]:
    """One client for the application."""
    async with MijnKlantportaal() as portal:
        app.state.portal = portal
        yield


def page_request(request: Request) -> PageRequest:
    """Who asks for which page."""
    return PageRequest.from_headers(request.headers)


def form_request(request: Request) -> FormRequest:
    """Who asks for the first values of which form."""
    return FormRequest.from_headers(request.headers)


async def form_submission(request: Request) -> FormSubmission:
    """A form that was filled in."""
    return FormSubmission.from_request(
        request.method, request.headers, query=request.url.query, body=await request.body()
    )


@router.get("/page")
async def page(request: Request, asked: Annotated[PageRequest, Depends(page_request)]) -> Response:
    """A dynamic HTML block. What is put into HTML is escaped."""
    customer = await request.app.state.portal.customers.get(asked.customer_id)
    return answer(asked.respond(f"<p>Welkom, {escape(customer.company_name)}!</p>", BLOCK_KEY))


@router.api_route("/first-values", methods=["GET", "POST"])
async def first_values(request: Request, asked: Annotated[FormRequest, Depends(form_request)]) -> Response:
    """What a form holds before it is filled in."""
    customer = await request.app.state.portal.customers.get(asked.customer_id)
    return answer(asked.respond({"bedrijf": customer.company_name, "plaats": customer.city}))


@router.api_route("/form", methods=["GET", "POST", "PUT"], status_code=204)
async def submit(form: Annotated[FormSubmission, Depends(form_submission)]) -> None:
    """Whatever method was chosen for it."""
    log.info("%s with %s", form, [*form.fields])


def answer(made: CallbackResponse) -> Response:
    """The same as FastAPI has it."""
    return Response(made.body, made.status, made.headers)


async def refuse(request: Request, error: Exception) -> Response:
    """Says what is wrong with a call; the text holds nothing of a form."""
    return PlainTextResponse(str(error), 400)


app = FastAPI(lifespan=lifespan, exception_handlers={InvalidCallbackError: refuse})
app.include_router(router)
