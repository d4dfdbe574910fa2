"""An installed sandbox is what every client of the process talks to, and nothing of it stays."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import httpx
import pytest
import respx

from mijnklantportaal_client import (
    ConfigurationError,
    MijnKlantportaal,
    NotFoundError,
    _dispatch,
    _session,
    blocking,
)
from mijnklantportaal_client._auth import APIKey
from mijnklantportaal_client._pacing import PROCESS
from mijnklantportaal_client.blocking import run
from mijnklantportaal_client.oauth import MemoryTokenStore, OAuthApp, OAuthTokens, Token
from mijnklantportaal_client.oauth._flight import PROCESS as TENANTS
from mijnklantportaal_client.testing import Sandbox, no_waiting
from mijnklantportaal_client.testing._guard import RealRequestError
from mijnklantportaal_client.testing._install import install
from tests.conftest import CUSTOMER, NEW_CUSTOMER, MakeBench

API = "https://api.mijnklantportaal.nl/v1"
KEY = "MIJNKLANTPORTAAL_API_KEY"
BACK = "http://127.0.0.1/callback"
UNKNOWN = "cst_abc12345def678"
BEARER = {"Authorization": "Bearer a-key-of-the-code-under-test"}


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A sandbox that is not installed yet."""
    sandbox = Sandbox()
    yield sandbox
    sandbox.close()


def ask(url: str, method: str = "GET", **options: Any) -> httpx.Response:
    """A request of code that is not async."""
    return httpx.request(method, url, **({"headers": BEARER} | options))


def unreachable(request: httpx.Request) -> httpx.Response:
    """What a client must not be sent to."""
    raise AssertionError(f"{request.url} was asked")


CLIENTS: dict[str, Callable[[], dict[str, Any]]] = {
    "key": lambda: {"api_key": "live-key"},
    "token source": lambda: {"auth": APIKey("live-key")},
    "another server": lambda: {"api_key": "live-key", "base_url": "https://proxy.example/portal"},
    "http_client": lambda: {
        "api_key": "live-key",
        "http_client": httpx.AsyncClient(transport=httpx.MockTransport(unreachable)),
    },
}


@pytest.mark.parametrize("when", ["before", "during"])
@pytest.mark.parametrize("options", CLIENTS)
async def test_every_client_talks_to_it(sandbox: Sandbox, options: str, when: str) -> None:
    """Whenever and however it was made, and so do its copies."""
    with ExitStack() as stack:
        if when == "during":
            stack.enter_context(sandbox.install())
        portal = MijnKlantportaal(**CLIENTS[options]())
        stack.enter_context(sandbox.install())
        customer = await portal.customers.create(**NEW_CUSTOMER)
        assert await portal.with_options(timeout=5).customers.get(customer.id) == customer
        await portal.aclose()
    assert [each.operation for each in sandbox.requests] == ["create-customer", "get-customer"]


@pytest.mark.parametrize("when", ["before", "during"])
async def test_afterwards_clients_are_ordinary_ones(sandbox: Sandbox, bench: MakeBench, when: str) -> None:
    """They go where they were told to, also after the code in the block has failed."""
    with ExitStack() as stack:
        if when == "during":
            stack.enter_context(sandbox.install())
        it = bench(CUSTOMER)
        stack.enter_context(sandbox.install())
        stack.enter_context(pytest.raises(NotFoundError))
        await it.get()
    assert (await it.get()).id == UNKNOWN
    assert (len(it.server.requests), len(sandbox.requests)) == (1, 1)


def test_code_that_is_not_async(sandbox: Sandbox) -> None:
    """Calls it through `blocking.run`, whose event loop is another thread's."""
    with sandbox.install():
        portal = MijnKlantportaal()
        customer = blocking.run(portal.customers.create(**NEW_CUSTOMER))
        blocking.run(portal.aclose())
    assert customer.id in {each.id for each in sandbox.state.customers}


def everything() -> list[Any]:
    """What is replaced."""
    return [
        *(httpx.AsyncHTTPTransport.handle_async_request, httpx.HTTPTransport.handle_request),
        *(_session.stand_in, PROCESS._lines, dict(os.environ)),
    ]


def test_blocks_of_one_sandbox_may_overlap(sandbox: Sandbox) -> None:
    """In any order; the last one puts everything back."""
    before = everything()
    first, second = sandbox.install(), sandbox.install()
    assert first.__enter__() is sandbox
    assert second.__enter__() is sandbox
    first.__exit__(None, None, None)
    assert ask(f"{API}/customers").status_code == 200
    assert sandbox.keys.any_key
    second.__exit__(None, None, None)
    assert everything() == before
    assert not sandbox.keys.any_key


def test_two_sandboxes_at_once_are_an_error(sandbox: Sandbox) -> None:
    """Of which nothing stays, and the first one goes on."""
    before = everything()
    with sandbox.install():
        with pytest.raises(ConfigurationError, match="another sandbox is installed"), Sandbox().install():
            raise AssertionError
        ask(f"{API}/customers")
    assert len(sandbox.requests) == 1
    assert everything() == before


async def test_clients_of_another_sandbox_keep_to_it(sandbox: Sandbox) -> None:
    """Whoever makes one of a second sandbox means that one."""
    async with Sandbox() as other:
        with sandbox.install():
            await other.client().customers.list()
            await sandbox.client().customers.list()
    assert (len(sandbox.requests), len(other.requests)) == (1, 1)


async def test_httpx_of_any_kind_talks_to_it(sandbox: Sandbox) -> None:
    """Async or not, also where an event loop runs; with any key, and what it sends arrives."""
    body = {"name": "Vaste klanten"}
    with sandbox.install():
        async with httpx.AsyncClient(headers=BEARER) as client:
            answers = [await client.post(f"{API}/customer-groups", json=body)]
        answers.append(ask(f"{API}/customer-groups", "POST", json=body))
        names = [each["name"] for each in ask(f"{API}/customer-groups").json()["data"]]
        sandbox.drop("list-customers")
        with pytest.raises(httpx.RemoteProtocolError):
            ask(f"{API}/customers")
    assert [answer.status_code for answer in answers] == [201, 201]
    assert names == ["Vaste klanten"] * 2
    assert sandbox.requests[0].json == body


def test_the_host_of_oauth_is_the_sandbox_too(sandbox: Sandbox) -> None:
    """An unknown application is refused by it; a token that nobody made is none, though any key is one."""
    with sandbox.install():
        form = {"grant_type": "refresh_token"}
        answer = ask("https://manage.mijnklantportaal.nl/oauth/tokens", "POST", data=form, headers={})
        assert answer.status_code in (400, 401)
        assert "error" in answer.json()
        assert ask(f"{API}/customers", headers={"Authorization": "Bearer oat_gone"}).status_code == 401
        assert ask(f"{API}/customers", headers={}).status_code == 401


async def test_files_are_fetched_from_it(sandbox: Sandbox) -> None:
    """A link in an answer leads to a host that it stands in for."""
    with sandbox.install():
        async with MijnKlantportaal() as portal:
            file = await portal.files.upload(file=b"%PDF-1.7")
            link = (await portal.files.get_download_link(file.id)).link
        assert link.startswith("https://api.mijnklantportaal.nl/files/")
        assert ask(link).content == b"%PDF-1.7"


async def test_other_hosts_are_out_of_reach(sandbox: Sandbox) -> None:
    """Unless something else stands in for them, which is left alone."""
    with sandbox.install():
        with pytest.raises(RealRequestError, match=r"shop\.example"):
            ask("https://shop.example/")
        async with httpx.AsyncClient() as client:
            with pytest.raises(RealRequestError, match=r"shop\.example"):
                await client.get("https://shop.example/")
        with respx.mock:
            respx.get("https://shop.example/").respond(418)
            assert ask("https://shop.example/").status_code == 418
            assert ask(f"{API}/customers").status_code == 200


def test_the_real_portal_can_not_be_allowed(sandbox: Sandbox) -> None:
    """Other hosts can, one or several."""
    with pytest.raises(ConfigurationError, match="real portal"), install(sandbox, ["db", "api.mijnklantportaal.nl"]):
        raise AssertionError
    with install(sandbox, allow="198.51.100.7"):
        with install(sandbox, allow=["198.51.100.8"]), pytest.raises(RealRequestError):
            ask("http://198.51.100.9/")
        with pytest.raises(RealRequestError):
            ask("http://198.51.100.8/")


@pytest.mark.parametrize(("given", "during"), [(None, "sandbox"), ("", "sandbox"), ("live-key", "live-key")])
def test_the_key_of_the_environment(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, given: str | None, during: str
) -> None:
    """One is set where none is, for code that wants one."""
    if given is not None:
        monkeypatch.setenv(KEY, given)
    with sandbox.install():
        assert os.environ[KEY] == during
    assert os.environ.get(KEY) == given


def test_proxies_are_set_aside(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """One on this machine would lead out of it; what the code in the block sets is its own affair."""
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:3128")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:3128")
    with sandbox.install():
        assert os.environ.keys().isdisjoint({"https_proxy", "ALL_PROXY"})
        monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    assert os.environ["https_proxy"] == "http://127.0.0.1:3128"
    assert os.environ["ALL_PROXY"] == "http://127.0.0.1:9"


async def test_the_rate_limits_do_not_mix(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for what was asked outside of the block, or the other way round."""
    monkeypatch.setattr(_dispatch, "PROCESS", PROCESS)
    real = PROCESS._lines
    before = dict(real)
    async with MijnKlantportaal(api_key="live-key") as portal:
        with sandbox.install():
            await portal.customers.list()
            assert len(PROCESS._lines) == 1
    assert PROCESS._lines is real
    assert real == before


async def test_what_is_known_of_tenants_does_not_mix() -> None:
    """However many tests refuse the token of a tenant with the same name, the client replaces it in the next one."""
    before = dict(TENANTS._tenants)
    for _ in range(12):
        sandbox = Sandbox()
        with sandbox.install():
            app, store, issued = (
                OAuthApp("sandbox-app", "sandbox-secret", BACK),
                MemoryTokenStore(),
                sandbox.oauth.token(),
            )
            await store.save("portal-42", Token(issued.access_token, issued.refresh_token))
            sandbox.oauth.expire()
            async with MijnKlantportaal(auth=OAuthTokens(app, store=store, key="portal-42")) as portal:
                assert (await portal.customers.list()).data == []
        sandbox.close()
    assert TENANTS._tenants == before


async def test_three_minutes_of_calls_take_no_time(sandbox: Sandbox) -> None:
    """With the sandbox's rate limit on: the client keeps to it, waits without waiting, and nothing is refused."""
    waits: list[float] = []

    class Hook:
        def on_wait(self, event: Any) -> None:
            waits.append(event.delay)

    with sandbox.install(), no_waiting():
        async with MijnKlantportaal(hooks=[Hook()]) as portal, asyncio.timeout(30):
            await asyncio.gather(*(portal.customers.list() for _ in range(150)))
    assert {request.status for request in sandbox.requests} == {200}
    assert len(sandbox.requests) == 150
    assert max(waits) > 60


class Receiver(BaseHTTPRequestHandler):
    """Takes webhooks."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Stays silent."""


def test_webhooks_outlive_the_loop() -> None:
    """They are delivered where the call that set them off had a loop that ended with it."""
    with HTTPServer(("127.0.0.1", 0), Receiver) as server, Sandbox().install() as sandbox:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        sandbox.state.webhooks.add(type="customer-created", url=f"http://127.0.0.1:{server.server_port}/")

        async def create() -> None:
            async with MijnKlantportaal(api_key="k") as portal:
                await portal.customers.create(**NEW_CUSTOMER)

        asyncio.run(create())
        run(sandbox.delivered())
        server.shutdown()
    assert [(each.state, each.status) for each in sandbox.deliveries] == [("delivered", 204)]
