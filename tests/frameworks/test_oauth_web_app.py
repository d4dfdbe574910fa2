"""The example of a web application, with the real framework and a sandbox in the portal's place."""

from __future__ import annotations

import importlib
from collections.abc import AsyncIterator
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

from mijnklantportaal_client.testing import Sandbox, no_waiting

HOST = "https://app.example"


class Visit:
    """A browser of an account at the application."""

    def __init__(self, sandbox: Sandbox, browser: httpx.AsyncClient) -> None:
        self.sandbox = sandbox
        self.browser = browser

    async def connect(self, *, approves: bool = True) -> httpx.Response:
        """Goes the whole way through consent, and shows what the callback answers."""
        there = (await self.browser.get("/connect")).headers["location"]
        decide = self.sandbox.oauth.approve if approves else self.sandbox.oauth.deny
        return await self.browser.get(decide(there))


def fastapi_app(module: ModuleType) -> Any:
    """The same functions in an application of FastAPI."""
    fastapi = pytest.importorskip("fastapi", reason="FastAPI is not installed")
    app = fastapi.FastAPI(lifespan=module.lifespan)
    for route in module.app.routes:
        app.add_api_route(route.path, route.endpoint)
    return app


@pytest.fixture(params=["Starlette", "FastAPI"])
async def visit(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Visit]:
    """The application, as a server would run it."""
    for name, value in {"APP_ID": "my-app", "APP_SECRET": "my-secret", "TOKENS": str(tmp_path / "tokens")}.items():
        monkeypatch.setenv(name, value)
    module: ModuleType = importlib.reload(importlib.import_module("oauth_web_app"))
    with Sandbox().install() as sandbox:
        sandbox.oauth.register("my-app", "my-secret", f"{HOST}/callback")
        sandbox.state.customers.add(company_name="Bakkerij Jansen")
        app = module.app if request.param == "Starlette" else fastapi_app(module)
        transport = httpx.ASGITransport(app)
        headers = {"x-account": "portal-42"}
        async with (
            module.lifespan(app),
            httpx.AsyncClient(transport=transport, base_url=HOST, headers=headers) as browser,
        ):
            yield Visit(sandbox, browser)


async def test_from_consent_to_customers(visit: Visit) -> None:
    """And through an access token that has ended."""
    assert (await visit.browser.get("/customers")).headers["location"] == "/connect"
    response = await visit.connect()
    assert (response.status_code, response.headers["location"]) == (307, "/customers")
    assert (await visit.browser.get("/customers")).json() == ["Bakkerij Jansen"]
    visit.sandbox.oauth.expire()
    assert (await visit.browser.get("/customers")).json() == ["Bakkerij Jansen"]
    assert [each.error for each in visit.sandbox.oauth.exchanges] == [None, None]
    other = await visit.browser.get("/customers", headers={"x-account": "portal-43"})
    assert other.headers["location"] == "/connect"


async def test_callback_that_is_used_twice(visit: Visit) -> None:
    """The state is gone with the first time, and the code is not sent again, which would revoke what it gave."""
    there = (await visit.browser.get("/connect")).headers["location"]
    back = visit.sandbox.oauth.approve(there)
    assert (await visit.browser.get(back)).status_code == 307
    again = await visit.browser.get(back)
    assert (again.status_code, "used before" in again.text) == (400, True)
    assert (await visit.browser.get("/customers")).json() == ["Bakkerij Jansen"]
    assert len(visit.sandbox.oauth.exchanges) == 1


async def test_no_consent(visit: Visit) -> None:
    """Nothing is kept."""
    response = await visit.connect(approves=False)
    assert (response.status_code, response.text) == (403, "Without your consent we can't show your customers.")
    assert visit.sandbox.oauth.exchanges == []


async def test_no_answer(visit: Visit) -> None:
    """Neither to the code nor to a refresh; later it works."""
    visit.sandbox.oauth.fail(times=None)
    assert (await visit.connect()).status_code == 503
    visit.sandbox.oauth.calm()
    await visit.connect()
    visit.sandbox.oauth.expire()
    visit.sandbox.oauth.fail(times=3)
    with no_waiting():
        assert (await visit.browser.get("/customers")).status_code == 503
    assert (await visit.browser.get("/customers")).json() == ["Bakkerij Jansen"]
