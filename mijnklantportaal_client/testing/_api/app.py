"""The sandbox as an ASGI application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from .bodies import limited
from .exchange import API, ConnectionDropped

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from .._sandbox import Sandbox

DROP = "mijnklantportaal.drop"
"""Name of the extension of a server that can lose a connection: a function without arguments."""


def application(sandbox: Sandbox) -> ASGIApp:
    """All that the sandbox answers: the API below `/v1`, and its site around it, which is made when first asked for."""
    api = API(sandbox)
    site: ASGIApp | None = None

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("raw_path", b"").decode("latin-1").partition("?")[0] if scope["type"] == "http" else ""
        path = path.removeprefix(scope.get("root_path", ""))
        if not path.startswith("/v1/"):
            nonlocal site
            if site is None:
                from .site import site_of

                site = site_of(sandbox)
            await site(scope, receive, send)
            return
        try:
            answer = await api.answer(Request(scope, limited(receive)), path[len("/v1") :])
        except ClientDisconnect:
            return
        except ConnectionDropped:
            await _drop(scope, receive)
            return
        headers = {"content-type": "application/json"} | {name.lower(): text for name, text in answer.headers.items()}
        await Response(answer.encoded(), answer.status, headers)(scope, receive, send)

    return app


async def _drop(scope: Scope, receive: Receive) -> None:
    drop = scope.get("extensions", {}).get(DROP)
    if drop is None:
        raise ConnectionDropped
    drop()
    while (await receive())["type"] != "http.disconnect":
        pass
