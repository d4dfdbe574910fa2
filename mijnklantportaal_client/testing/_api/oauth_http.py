"""OAuth over HTTP: the authorize page and the token endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from .oauth_grants import TokenError
from .oauth_page import consent_page, problem_page
from .oauth_request import NoAnswerError, RequestError
from .reading import read_json

if TYPE_CHECKING:
    from starlette.requests import Request

    from .oauth import OAuth

_MOST_BYTES = 65_536
_NOT_KEPT = {"Cache-Control": "no-store"}
_PAGE = {
    **_NOT_KEPT,
    # Nothing may be loaded, and nobody may lay another page over the buttons.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def routes(oauth: OAuth) -> list[Route]:
    """The authorize page and the token endpoint."""

    async def authorize(request: Request) -> Response:
        try:
            if request.method == "POST":
                return await _decided(oauth, request)
            number, asked = oauth.ask(request.scope["query_string"].decode("utf-8", "replace"))
        except NoAnswerError as problem:
            return HTMLResponse(problem_page(str(problem)), 400, _PAGE)
        except RequestError as error:
            return RedirectResponse(error.location, 302, _NOT_KEPT)
        return HTMLResponse(consent_page(number, asked), 200, _PAGE)

    async def tokens(request: Request) -> Response:
        try:
            return JSONResponse(oauth.exchange(await _json(request)), 200, _NOT_KEPT)
        except TokenError as error:
            answer = {"error": error.error, "error_description": str(error)}
            return JSONResponse(answer, error.status, _NOT_KEPT)

    return [
        Route("/oauth/authorize", authorize, methods=["GET", "POST"]),
        Route("/oauth/tokens", tokens, methods=["POST"]),
    ]


async def _decided(oauth: OAuth, request: Request) -> Response:
    content = await _content(request)
    try:
        fields = parse_qs((content or b"").decode("latin-1"), max_num_fields=10)
    except ValueError:
        fields = {}
    decision = fields.get("decision")
    if decision not in (["approve"], ["deny"]):
        raise NoAnswerError("The form says neither approve nor deny.")
    location = oauth.decide(fields.get("consent", [""])[0], is_approved=decision == ["approve"])
    if location is None:
        raise NoAnswerError("This page was used before, or is too old. Begin again in the application.")
    return RedirectResponse(location, 302, _NOT_KEPT)


async def _json(request: Request) -> dict[str, Any]:
    content = await _content(request)
    if content is None:
        raise TokenError("invalid_request", f"the body has more than {_MOST_BYTES} bytes", 413)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise TokenError("invalid_request", f"the body must be application/json, not {_named(kind)}")
    try:
        body = read_json(content)
    except ValueError:
        raise TokenError("invalid_request", "the body is not JSON") from None
    if not isinstance(body, dict):
        raise TokenError("invalid_request", "the body is no JSON object")
    return body


def _named(kind: str) -> str:
    return "a form" if kind in ("application/x-www-form-urlencoded", "multipart/form-data") else "something else"


async def _content(request: Request) -> bytes | None:
    """The body; None where it is longer than any that makes sense."""
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > _MOST_BYTES:
            return None
    return bytes(content)
