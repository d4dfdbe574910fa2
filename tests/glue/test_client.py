"""Clients, their copies, the connections they stand on, and the requests that these carry."""

from __future__ import annotations

import asyncio
import pickle
import platform
import ssl
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import respx

from mijnklantportaal_client import MijnKlantportaal, Outcome, RetryPolicy, __version__, errors
from tests.conftest import TRANSPORT, httpx_only

if TYPE_CHECKING:
    from tests.conftest import MakeBench

CUSTOMER = {"id": "cst_abc12345def678"}
CUSTOMER_ID = "cst_abc12345def678"
TOKEN = "tok-Zeer/Geheim-0123456789"


async def test_headers_of_a_get(bench: MakeBench) -> None:
    """Exactly these, with or without a body in the answer."""
    it = bench(CUSTOMER)
    await it.get()
    assert dict(it.server.last.headers) == {
        "host": "api.mijnklantportaal.nl",
        "user-agent": f"mijnklantportaal-client/{__version__} python/{'.'.join(platform.python_version_tuple()[:2])}",
        "accept": "application/json",
        "accept-encoding": "gzip, deflate",
        "authorization": f"Bearer {TOKEN}",
    }


async def test_headers_of_other_calls(bench: MakeBench) -> None:
    """JSON, a form, and nothing: each says what it is and how long."""
    it = bench(CUSTOMER)
    await it.create()
    assert it.server.last.headers["content-type"] == "application/json"
    assert int(it.server.last.headers["content-length"]) == len(it.server.last.content)
    await it.upload(b"content")
    assert it.server.last.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert int(it.server.last.headers["content-length"]) == len(it.server.last.content)
    await it.portal.tickets.close("tic_1")
    assert (it.server.last.headers["content-length"], it.server.last.content) == ("0", b"")


async def test_stream_is_sent_in_chunks(bench: MakeBench) -> None:
    """Its length is not known beforehand."""

    async def stream() -> AsyncIterator[bytes]:
        yield b"first,"
        yield b"second"

    it = bench(CUSTOMER)
    await it.upload(stream())
    assert it.server.last.headers["transfer-encoding"] == "chunked"
    assert "content-length" not in it.server.last.headers
    assert b"first,second" in it.server.last.content


async def test_headers_are_those_of_each_request(bench: MakeBench) -> None:
    """Those of the one before are only used again where they are the same."""
    it = bench(*[CUSTOMER] * 5)
    other = it.portal.with_options(api_key="tok-2")
    sent: list[tuple[str, str | None]] = []
    for portal, headers in ((it.portal, {}), (other, {}), (it.portal, {"x-a": "1"}), (it.portal, {}), (other, {})):
        await portal.customers.get(CUSTOMER_ID, extra_headers=headers)
        sent.append((it.server.last.headers["authorization"], it.server.last.headers.get("x-a")))
    mine, theirs = f"Bearer {TOKEN}", "Bearer tok-2"
    assert sent == [(mine, None), (theirs, None), (mine, "1"), (mine, None), (theirs, None)]


@httpx_only
async def test_hooks_of_a_given_client_see_the_content() -> None:
    """Which is whole before it is sent, unless it is streamed."""
    seen: list[tuple[str, bytes]] = []

    async def look(request: httpx.Request) -> None:
        seen.append((request.method, request.content))

    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=CUSTOMER))
    async with httpx.AsyncClient(transport=transport, event_hooks={"request": [look]}) as client:
        portal = MijnKlantportaal(api_key="tok", base_url="https://example.org", http_client=client)
        await portal.customers.get(CUSTOMER_ID)
        await portal.customers.update(CUSTOMER_ID, city="Utrecht")
    assert seen == [("GET", b""), ("PATCH", b'{"city":"Utrecht"}')]


async def test_app_info(bench: MakeBench) -> None:
    """It stands at the end of the User-Agent."""
    it = bench(CUSTOMER, app_info="my-shop/1.2")
    await it.get()
    assert it.server.last.headers["user-agent"].endswith(" my-shop/1.2")
    await it.get(app_info=None)
    assert "my-shop" not in it.server.last.headers["user-agent"]


async def test_extras(bench: MakeBench) -> None:
    """What the caller adds goes along, and may replace."""
    it = bench(CUSTOMER)
    await it.portal.customers.update(
        CUSTOMER_ID,
        city="Utrecht",
        extra_query={"dry": True, "tags": ["a", "b"]},
        extra_body={"newField": {"x": 1}},
        extra_headers={"X-Extra": "yes", "Accept-Language": "nl"},
    )
    sent = it.server.last
    assert sent.url.query == b"dry=1&tags%5B%5D=a&tags%5B%5D=b"
    assert sent.content == b'{"city":"Utrecht","newField":{"x":1}}'
    assert (sent.headers["x-extra"], sent.headers["accept-language"]) == ("yes", "nl")
    await it.portal.customers.update(CUSTOMER_ID, extra_body={"city": None})
    assert it.server.last.content == b'{"city":null}'


@pytest.mark.parametrize("name", ["Authorization", "authorization", "HOST", "Content-Length", "Accept-Encoding"])
async def test_headers_that_are_ours(bench: MakeBench, name: str) -> None:
    """They are refused before anything is sent."""
    it = bench(CUSTOMER)
    with pytest.raises(ValueError, match="is the client's own to set"):
        await it.portal.customers.get(CUSTOMER_ID, extra_headers={name: "x"})
    assert it.server.requests == []


async def test_content_type_of_a_form_is_ours(bench: MakeBench) -> None:
    """Without its boundary a form can't be read; JSON may be called otherwise."""
    it = bench(CUSTOMER)
    with pytest.raises(ValueError, match="Content-Type is the client's own"):
        await it.portal.files.upload(file=b"x", extra_headers={"content-type": "text/plain"})
    kind = "application/json; charset=utf-8"
    await it.portal.customers.update(CUSTOMER_ID, city="x", extra_headers={"Content-Type": kind})
    assert it.server.last.headers.get_list("content-type") == [kind]


async def test_copy_shares_connections_and_not_options(bench: MakeBench) -> None:
    """What a copy was not told it has from its original, which does not change."""
    it = bench(500, tags={"a": 1}, retry=RetryPolicy(max_attempts=2))
    copy = it.portal.with_options(tags={"b": 2})
    with pytest.raises(errors.ServerError) as caught:
        await copy.customers.get(CUSTOMER_ID)
    assert (caught.value.tags, caught.value.attempts) == ({"b": 2}, 2)
    with pytest.raises(errors.ServerError) as caught:
        await it.get()
    assert caught.value.tags == {"a": 1}
    assert copy._dispatcher is it.portal._dispatcher


async def test_closing_a_copy_does_nothing(bench: MakeBench) -> None:
    """Only the original owns the connections."""
    it = bench(CUSTOMER)
    async with it.portal.with_options(tags={"b": 2}) as copy:
        await copy.aclose()
    await copy.customers.get(CUSTOMER_ID)
    await it.get()
    assert len(it.server.requests) == 2


async def test_closed_client(bench: MakeBench) -> None:
    """After `aclose` neither the client nor a copy sends anything; closing twice is no mistake."""
    it = bench(CUSTOMER, tags={"a": 1})
    copy = it.portal.with_options(timeout=5)
    async with it.portal:
        await it.get()
    await it.portal.aclose()
    for portal in (it.portal, copy, it.portal.with_options(timeout=6)):
        with pytest.raises(errors.ConfigurationError, match="this client is closed") as caught:
            await portal.customers.create(company_name="a", address="b", zip_code="c", city="d", primary_email="e")
        error = caught.value
        assert (error.operation, error.outcome, error.tags) == ("create-customer", Outcome.NOT_SENT, {"a": 1})
    assert len(it.server.requests) == 1


async def test_closed_between_attempts(bench: MakeBench) -> None:
    """A call that is under way when its client is closed ends with what it knows."""
    it = bench(500)

    async def close(seconds: float) -> None:
        await it.portal.aclose()

    it.portal._dispatcher.clock.sleep = close  # type: ignore[method-assign]
    with pytest.raises(errors.ConfigurationError, match="closed") as caught:
        await it.get()
    assert caught.value.outcome is Outcome.UNKNOWN


def test_client_of_another_loop() -> None:
    """The error says what to do; the loop that used the client first can go on."""
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json=CUSTOMER))
    portal = MijnKlantportaal(api_key=TOKEN, http_client=httpx.AsyncClient(transport=transport))
    with asyncio.Runner() as first, asyncio.Runner() as second:
        first.run(portal.customers.get(CUSTOMER_ID))
        with pytest.raises(errors.ConfigurationError, match="one client per loop") as caught:
            second.run(portal.customers.get(CUSTOMER_ID))
        assert caught.value.outcome is Outcome.NOT_SENT
        first.run(portal.customers.get(CUSTOMER_ID))
        second.run(portal.aclose())
        with pytest.raises(errors.ConfigurationError, match="closed"):
            first.run(portal.customers.get(CUSTOMER_ID))


async def test_given_client_lends_its_connections_only() -> None:
    """Its base URL, auth, cookies, headers, parameters, time-outs and redirects are not used, and it stays open."""
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(302, headers={"location": "/v1/elsewhere", "set-cookie": "new=1"})

    async with httpx.AsyncClient(
        transport=httpx.MockTransport(answer),
        base_url="https://example.org/other/",
        auth=("user", "password"),
        cookies={"session": "secret"},
        headers={"x-default": "yes", "authorization": "Basic abc", "user-agent": "mine"},
        params={"debug": "1"},
        timeout=1,
        follow_redirects=True,
    ) as http_client:
        async with MijnKlantportaal(api_key=TOKEN, http_client=http_client, timeout=7) as portal:
            for _ in range(2):
                with pytest.raises(errors.APIStatusError, match="302"):
                    await portal.customers.get(CUSTOMER_ID)
        assert not http_client.is_closed
    assert len(seen) == 2
    for request in seen:
        assert str(request.url) == f"https://api.mijnklantportaal.nl/v1/customers/{CUSTOMER_ID}"
        assert request.headers["authorization"] == f"Bearer {TOKEN}"
        assert request.headers["user-agent"].startswith("mijnklantportaal-client/")
        assert {"cookie", "x-default"}.isdisjoint(request.headers)
        assert request.extensions["timeout"] == {"connect": 7, "read": 7, "write": 7, "pool": None}


async def test_given_client_that_is_closed(bench: MakeBench) -> None:
    """The error says whose mistake it is."""
    it = bench(CUSTOMER)
    await it.http_client.aclose()
    with pytest.raises(errors.ConfigurationError, match="the http_client that was given is closed") as caught:
        await it.create()
    assert caught.value.outcome is Outcome.NOT_SENT


@pytest.mark.parametrize("given", [httpx.Client, "client", object(), httpx.MockTransport])
def test_given_client_of_another_kind(given: Any) -> None:
    """Only an `httpx.AsyncClient` will do."""
    with pytest.raises(errors.ConfigurationError, match=r"must be an httpx\.AsyncClient"):
        MijnKlantportaal(api_key=TOKEN, http_client=given)


@httpx_only
@respx.mock
async def test_users_can_mock_with_respx(respx_mock: respx.MockRouter) -> None:
    """The client's own connections can be mocked in the usual way."""
    route = respx_mock.get(f"https://api.mijnklantportaal.nl/v1/customers/{CUSTOMER_ID}")
    route.side_effect = [httpx.ReadTimeout("slow"), httpx.Response(200, json=CUSTOMER)]
    async with MijnKlantportaal(api_key=TOKEN, retry=RetryPolicy(initial=0)) as portal:
        assert (await portal.customers.get(CUSTOMER_ID)).id == CUSTOMER_ID
    assert route.call_count == 2


@httpx_only
@pytest.mark.parametrize(
    ("base_url", "times"),
    [("https://portal.example/v1", 1), ("HTTPS://portal.example/v1", 1), ("http://127.0.0.1:8400/v1", 0)],
)
async def test_whom_to_trust_is_loaded_for_https(
    monkeypatch: pytest.MonkeyPatch, respx_mock: respx.MockRouter, base_url: str, times: int
) -> None:
    """That of the portal, or of a file that a portal in plain http links to."""
    loaded: list[str] = []

    def load() -> ssl.SSLContext:
        loaded.append("loaded")
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

    monkeypatch.setattr(httpx, "create_ssl_context", load)
    respx_mock.get(f"{base_url.lower()}/customers/{CUSTOMER_ID}").respond(200, json=CUSTOMER)
    respx_mock.get("https://files.example/x").respond(200, content=b"content")
    async with MijnKlantportaal(api_key="tok", base_url=base_url) as portal:
        await portal.customers.get(CUSTOMER_ID)
        assert len(loaded) == times
        assert await portal.read("https://files.example/x") == b"content"
        assert len(loaded) == times + 1


@httpx_only
@respx.mock
async def test_mocked_time_out_of_a_post_is_unknown(respx_mock: respx.MockRouter) -> None:
    """A mock tells nothing of how far it is, so the worst is assumed, also after a call that did tell."""
    route = respx_mock.post("https://api.mijnklantportaal.nl/v1/customers")
    route.side_effect = httpx.ReadTimeout("slow")
    async with MijnKlantportaal(api_key=TOKEN) as portal:
        http: Any = portal._dispatcher.session.http
        http._tells = True
        with pytest.raises(errors.APITimeoutError) as caught:
            await portal.customers.create(company_name="a", address="b", zip_code="c", city="d", primary_email="e")
    assert (caught.value.outcome, route.call_count) == (Outcome.UNKNOWN, 1)


@pytest.mark.parametrize(
    ("name", "value"),
    [("HTTPS_PROXY", "gopher://proxy"), ("HTTPS_PROXY", "socks5://127.0.0.1:1"), ("SSL_CERT_FILE", "/no/such/file")],
)
async def test_environment_that_httpx_refuses(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """A proxy or certificates that can't be used are a mistake in the set-up, found before anything is sent."""
    monkeypatch.setenv(name, value)
    portal = MijnKlantportaal(api_key=TOKEN)
    with pytest.raises(errors.ConfigurationError, match="of the environment can't be used") as caught:
        await portal.customers.get(CUSTOMER_ID)
    assert caught.value.outcome is Outcome.NOT_SENT


@pytest.mark.parametrize("transport", ["httpx", "fast"] if TRANSPORT == "httpx" else [TRANSPORT])
@pytest.mark.parametrize("secret", ["hush/hush", "hush#hush"])
async def test_password_of_a_proxy_is_not_told(monkeypatch: pytest.MonkeyPatch, transport: Any, secret: str) -> None:
    """One that nobody has encoded makes a part of it the port, which is no number and stands in the library's words."""
    monkeypatch.setenv("HTTPS_PROXY", f"http://user:{secret}@localhost:9")
    monkeypatch.setenv("https_proxy", f"http://user:{secret}@localhost:9")
    async with MijnKlantportaal(api_key=TOKEN, transport=transport) as portal:
        with pytest.raises(errors.ConfigurationError, match="the URL of a proxy can't be read") as caught:
            await portal.customers.get(CUSTOMER_ID)
    error = caught.value
    assert "hush" not in str(error)
    assert (error.outcome, error.__cause__, error.__context__) == (Outcome.NOT_SENT, None, None)


async def test_environment_names_base_url_and_key(bench: MakeBench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both come from the environment where they are not given."""
    monkeypatch.setenv("MIJNKLANTPORTAAL_API_KEY", "key-of-the-environment")
    monkeypatch.setenv("MIJNKLANTPORTAAL_BASE_URL", "https://sandbox.example.org/v9/")
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json=CUSTOMER)

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http_client:
        await MijnKlantportaal(http_client=http_client).customers.get(CUSTOMER_ID)
        await MijnKlantportaal(api_key="mine", base_url="https://example.org", http_client=http_client).customers.get(
            CUSTOMER_ID
        )
    assert [(str(request.url), request.headers["authorization"]) for request in seen] == [
        (f"https://sandbox.example.org/v9/customers/{CUSTOMER_ID}", "Bearer key-of-the-environment"),
        (f"https://example.org/customers/{CUSTOMER_ID}", "Bearer mine"),
    ]


def test_client_shows_and_pickles_no_secret() -> None:
    """Its repr is its base URL; a pickle would have to hold the key."""
    portal = MijnKlantportaal(api_key=TOKEN)
    assert repr(portal) == "<MijnKlantportaal https://api.mijnklantportaal.nl/v1>"
    assert repr(portal.with_options(timeout=1)).endswith(", a copy>")
    assert TOKEN not in f"{portal._options!r}{portal._options.auth!r}"
    for what in (portal, portal._options.auth):
        with pytest.raises(TypeError, match="pickled"):
            pickle.dumps(what)


async def test_waiting_for_the_pool_of_a_given_client_is_not_sent() -> None:
    """Once a transport has told how far it is, silence means that nothing was sent."""
    from mijnklantportaal_client._wire import Progress

    reached = asyncio.Event()
    calls = 0

    class Telling(httpx.AsyncBaseTransport):
        """Tells as httpcore does, and then has no connection."""

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            nonlocal calls
            calls += 1
            if calls == 1:
                await request.extensions["trace"]("http11.send_request_headers.started", {"request": request})
                return httpx.Response(200, json=CUSTOMER)
            reached.set()
            await asyncio.Event().wait()
            raise AssertionError

    seen: list[Progress] = []
    async with httpx.AsyncClient(transport=Telling()) as http_client:
        portal = MijnKlantportaal(api_key=TOKEN, http_client=http_client)
        await portal.customers.get(CUSTOMER_ID)
        task = asyncio.create_task(portal.tickets.close("tic_1"))
        await reached.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError) as caught:
            await task
    assert seen == []
    assert "outcome not_sent" in caught.value.__notes__[0]


async def test_asking_a_proxy_for_a_tunnel_is_not_sending() -> None:
    """CONNECT to a proxy that then breaks off has carried nothing of the request."""

    class Proxied(httpx.AsyncBaseTransport):
        calls = 0

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            Proxied.calls += 1
            trace = request.extensions["trace"]
            await trace("connection.connect_tcp.started", {})
            tunnel = httpx.Request("CONNECT", "https://api.mijnklantportaal.nl")
            tunnel.method = b"CONNECT"  # type: ignore[assignment]
            await trace("http11.send_request_headers.started", {"request": tunnel})
            await trace("http11.receive_response_headers.complete", {"return_value": (b"HTTP/1.1", 200, b"OK", [])})
            raise httpx.RemoteProtocolError("broken off")

    async with httpx.AsyncClient(transport=Proxied()) as http_client:
        portal = MijnKlantportaal(api_key=TOKEN, http_client=http_client, retry=RetryPolicy(initial=0))
        with pytest.raises(errors.APIConnectionError) as caught:
            await portal.tickets.close("tic_1")
    assert (caught.value.outcome, caught.value.attempts) == (Outcome.NOT_SENT, 4)


async def test_transport_that_tries_again_itself() -> None:
    """A given transport that sent the request before it could not connect again has sent it."""

    class Stubborn(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            trace = request.extensions["trace"]
            await trace("http11.send_request_headers.started", {"request": request})
            await trace("connection.connect_tcp.started", {})
            raise httpx.ConnectError("refused")

    async with httpx.AsyncClient(transport=Stubborn()) as http_client:
        portal = MijnKlantportaal(api_key=TOKEN, http_client=http_client)
        with pytest.raises(errors.APIConnectionError) as caught:
            await portal.tickets.close("tic_1")
    assert (caught.value.outcome, caught.value.attempts) == (Outcome.UNKNOWN, 1)


async def test_a_path_that_no_url_can_hold(bench: MakeBench) -> None:
    """A `ValueError` of Python, not one of the HTTP library."""
    it = bench(CUSTOMER)
    with pytest.raises(ValueError, match="can't be sent") as caught:
        await it.portal.request("GET", "/" + "a" * 70_000)
    assert type(caught.value) is ValueError
    assert it.server.requests == []
