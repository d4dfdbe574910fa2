"""The addresses of the page."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from starlette.responses import FileResponse, HTMLResponse, Response, StreamingResponse
from starlette.routing import Route

from . import checkout, dutch, logs, views
from .rendering import HERE, render
from .stream import Stream

if TYPE_CHECKING:
    from starlette.requests import Request

    from .._sandbox import Sandbox
    from .views import View

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_STATIC = {"style.css": "text/css", "live.js": "text/javascript", "icon.svg": "image/svg+xml"}
_LARGEST_FORM = 10_000
_PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,8}")


class Page:
    """The page for people, and the checkout."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._stream = Stream(self._parts, lambda: bool(sandbox.limit.meters()))
        self.notify = self._stream.notify
        """Something is new; from any thread."""
        self.close = self._stream.close
        """Lets go of the tabs, so that a server can stop."""
        self.routes = [
            Route("/", self._home),
            Route("/pay/{id}", self._checkout, methods=["GET", "POST"]),
            Route("/_sandbox/events", self._events),
            Route("/_sandbox/page/static/{name}", self._static),
            Route("/_sandbox/page/requests", self._all(logs.requests, "requests.html")),
            Route("/_sandbox/page/requests/{number:int}", self._request),
            Route("/_sandbox/page/deliveries", self._all(logs.deliveries, "deliveries.html")),
            Route("/_sandbox/page/deliveries/{number:int}", self._delivery),
            Route("/_sandbox/page/{collection}", self._collection),
            Route("/_sandbox/page/{collection}/{id}", self._record),
        ]

    async def _home(self, request: Request) -> Response:
        base_url = f"{_origin(request)}/v1"
        return _html("home.html", base_url=base_url, key=self._sandbox.key, **self._views())

    async def _events(self, request: Request) -> Response:
        return StreamingResponse(self._stream.events(), media_type="text/event-stream", headers=_HEADERS)

    async def _static(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in _STATIC:
            return _nothing("There is no such file.")
        headers = _HEADERS | {"Cache-Control": "no-cache"}
        return FileResponse(HERE / "static" / name, media_type=_STATIC[name], headers=headers)

    def _all(self, view: Callable[[Sandbox, int], View], template: str) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            return _html(template, **view(self._sandbox, _page_number(request)))

        return answer

    async def _request(self, request: Request) -> Response:
        number = request.path_params["number"]
        view = logs.request(self._sandbox, number)
        return _detail(view, f"There is no request {number}, or the journal was cleared since.")

    async def _delivery(self, request: Request) -> Response:
        number = request.path_params["number"]
        return _detail(logs.delivery(self._sandbox, number), f"There is no delivery {number}.")

    async def _collection(self, request: Request) -> Response:
        name = request.path_params["collection"]
        view = views.all_of(self._sandbox, name, _page_number(request))
        return _nothing(f"A portal has no {name}.") if view is None else _html("collection.html", **view)

    async def _record(self, request: Request) -> Response:
        name, record_id = request.path_params["collection"], request.path_params["id"]
        view = views.record(self._sandbox, name, record_id, _origin(request))
        return _detail(view, f"There is no {record_id} among the {name.replace('_', ' ')}; it may have been deleted.")

    async def _checkout(self, request: Request) -> Response:
        what = request.path_params["id"]
        if request.method == "POST":
            view = checkout.pay(self._sandbox, what, await _payers_name(request))
            self.notify()
        else:
            view = checkout.view(self._sandbox.portal, what)
        return _html("pay.html", view.pop("code"), **view)

    def _parts(self) -> dict[str, str]:
        seen = self._views()
        return {part: render(f"parts/{part}.html", **{part: seen[part]}) for part in seen}

    def _views(self) -> dict[str, View]:
        sandbox = self._sandbox
        return {
            "clock": {
                "text": dutch.moment(sandbox.portal.now()),
                "machine": sandbox.portal.now().isoformat(timespec="minutes"),
            },
            "limit": views.meters(sandbox),
            "portal": views.overview(sandbox),
            "requests": logs.requests(sandbox),
            "deliveries": logs.deliveries(sandbox),
        }


def _origin(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def _page_number(request: Request) -> int:
    text = request.query_params.get("page", "1")
    return int(text) if _PAGE_NUMBER.fullmatch(text) else 1


async def _payers_name(request: Request) -> str | None:
    from urllib.parse import parse_qs

    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST_FORM:
            return None
    name = parse_qs(body.decode("utf-8", "replace")).get("name", [""])[0].strip()
    return name or None


def _html(template: str, status: int = 200, /, **view: Any) -> Response:
    return HTMLResponse(render(template, **view), status, headers=_HEADERS)


def _detail(view: View | None, without: str) -> Response:
    return _nothing(without) if view is None else _html("detail.html", **view)


def _nothing(text: str) -> Response:
    return _html("nothing.html", 404, text=text)
