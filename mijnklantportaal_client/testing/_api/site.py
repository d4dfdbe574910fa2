"""What the sandbox answers beside the API: files, OAuth, commands, and the page for people."""

from __future__ import annotations

import mimetypes
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route

from .._page.routes import Page
from .control import routes as control_routes
from .oauth_http import routes as oauth_routes

if TYPE_CHECKING:
    from starlette.requests import Request

    from .._sandbox import Sandbox


def site_of(sandbox: Sandbox) -> Starlette:
    """The site of a sandbox."""
    page = Page(sandbox)
    sandbox.closing.append(page.close)
    sandbox.portal.watchers.append(page.notify)
    sandbox.requests.listeners.append(lambda _: page.notify())
    sandbox.deliveries.listeners.append(lambda _: page.notify())
    return Starlette(
        routes=[
            Route("/files/{blob_id}", _file(sandbox)),
            Route("/file-share/{id}", _record("file_shares")),
            Route("/file-request/{id}", _record("file_requests")),
            *oauth_routes(sandbox.oauth),
            Mount("/_sandbox/control", routes=control_routes(sandbox)),
            *page.routes,
        ],
        exception_handlers={HTTPException: _refused, Exception: _failed},
    )


def _file(sandbox: Sandbox) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        blob_id, query = request.path_params["blob_id"], request.query_params
        blob = sandbox.portal.blobs.get(blob_id)
        if blob is None or not sandbox.portal.opens(blob_id, query.get("expires", ""), query.get("signature", "")):
            return JSONResponse({"message": "This link has expired, or was not made here."}, 403)
        kind = blob.content_type if mimetypes.guess_extension(blob.content_type) else "application/octet-stream"
        headers = {
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(blob.filename, errors='replace')}",
            "X-Content-Type-Options": "nosniff",
        }
        return Response(blob.content, 200, headers, kind)

    return endpoint


def _record(collection: str) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        return RedirectResponse(f"/_sandbox/page/{collection}/{quote(request.path_params['id'], safe='')}")

    return endpoint


async def _refused(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, HTTPException)  # noqa: S101 - what it is registered for
    path = request.url.path
    what = f"There is nothing at {path}" if problem.status_code == 404 else f"{path} takes no {request.method}"
    return JSONResponse({"message": f"{what}; the API is below /v1."}, problem.status_code, problem.headers)


async def _failed(request: Request, problem: Exception) -> Response:
    message = f"This sandbox failed at {request.url.path}: {type(problem).__name__}. Its log says more."
    return JSONResponse({"message": message}, 500)
