"""Applications of third parties: the page that lets them in, and their tokens."""

from __future__ import annotations

import contextlib
import datetime
import json
import re
import sqlite3
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path
from threading import Barrier, Thread
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest
from starlette.applications import Starlette

from mijnklantportaal_client import AuthenticationError, PermissionDeniedError
from mijnklantportaal_client.testing import RemoteSandbox, Sandbox, StateFileError
from mijnklantportaal_client.testing._api.keys import SCOPES, Keys
from mijnklantportaal_client.testing._api.oauth import IssuedTokens, OAuth
from mijnklantportaal_client.testing._api.oauth_grants import TokenError
from mijnklantportaal_client.testing._api.oauth_http import routes
from mijnklantportaal_client.testing._api.oauth_request import back_to
from mijnklantportaal_client.testing._portal.clock import PortalClock
from tests.conftest import NEW_CUSTOMER

APP = {"client_id": "sandbox-app", "client_secret": "sandbox-secret"}
BACK = "http://127.0.0.1:8000/back"
ASKED = {
    "client_id": "sandbox-app",
    "redirect_uri": BACK,
    "response_type": "code",
    "scope": "customers.read offers.write",
    "state": "s/1 &=é",
}


class Server:
    """An OAuth server, its clock and its keys."""

    def __init__(self) -> None:
        self.clock = PortalClock(datetime.datetime(2030, 3, 1, 12, tzinfo=datetime.UTC))
        self.keys = Keys(self.clock)
        self.changes = 0
        self.oauth = OAuth(self.clock, self.keys, self.changed)

    def changed(self) -> None:
        self.changes += 1

    def code(self, **changes: str) -> str:
        """A code that somebody agreed to."""
        return answer_at(self.oauth.approve(url(**changes)))["code"]

    def exchange(self, code: str, **changes: Any) -> dict[str, Any]:
        return self.oauth.exchange(
            {**APP, "grant_type": "authorization_code", "redirect_uri": BACK, "code": code, **changes}
        )

    def refresh(self, refresh_token: str, **changes: Any) -> dict[str, Any]:
        return self.oauth.exchange({**APP, "grant_type": "refresh_token", "refresh_token": refresh_token, **changes})

    def is_in(self, access_token: str) -> bool:
        return self.keys.holder(f"Bearer {access_token}") is not None


@pytest.fixture
def server() -> Server:
    """An OAuth server with a clock that stands still."""
    return Server()


@pytest.fixture
async def browser(server: Server) -> AsyncIterator[httpx.AsyncClient]:
    """Speaks HTTP to the server, and shows where it is sent instead of going there."""
    transport = httpx.ASGITransport(Starlette(routes=routes(server.oauth)))
    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as client:
        yield client


def query(*left_out: str, **changes: str) -> str:
    """What an application asks for."""
    return urlencode({name: value for name, value in {**ASKED, **changes}.items() if name not in left_out})


def url(*left_out: str, **changes: str) -> str:
    """The same, as the address that the application sends a browser to."""
    return "https://manage.mijnklantportaal.nl/oauth/authorize?" + query(*left_out, **changes)


def answer_at(location: str) -> dict[str, str]:
    """What the application reads from where the browser was sent."""
    return dict(parse_qsl(urlsplit(location).query, strict_parsing=True))


def consent_of(page: str) -> str:
    """The number that a page asks its decision with."""
    found = re.search(r'name="consent" value="([^"]+)"', page)
    assert found is not None
    return found[1]


async def decide(browser: httpx.AsyncClient, consent: str, decision: str = "approve") -> httpx.Response:
    """Presses a button."""
    return await browser.post("/oauth/authorize", data={"consent": consent, "decision": decision})


async def test_the_page_asks(browser: httpx.AsyncClient) -> None:
    """It names the application, what it wants and where one goes; nothing of it can be framed or scripted."""
    response = await browser.get(
        "/oauth/authorize?" + query(scope="customers.read invoices.read x.<b>", prompt="login")
    )
    text = unescape(re.sub(r"<[^>]*>", "", response.text))
    assert response.status_code == 200
    assert "sandbox-app wants to:" in text
    assert "See customers and their groups (klanten) customers.read" in text
    assert "Something that has no description x.<b>" in text
    assert "you go on to 127.0.0.1:8000" in text
    assert "sign in again" in text
    assert "<b>" not in response.text
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
    assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(("decision", "name", "length"), [("approve", "code", 36), ("deny", "error", 13)])
async def test_a_decision_in_the_browser(browser: httpx.AsyncClient, decision: str, name: str, length: int) -> None:
    """It leads back with the state as it came, and can be made once."""
    page = (await browser.get("/oauth/authorize?" + query(prompt="consent"))).text
    assert "sign in again" not in page
    assert [label in page for label in (">Approve</button>", ">Deny</button>")] == [True, True]
    response = await decide(browser, consent_of(page), decision)
    location = response.headers["location"]
    assert response.status_code == 302
    assert location.startswith(BACK + "?")
    assert answer_at(location)["state"] == ASKED["state"]
    assert len(answer_at(location)[name]) == length
    again = await decide(browser, consent_of(page), decision)
    assert (again.status_code, "used before" in again.text) == (400, True)


async def test_a_decision_comes_too_late(server: Server, browser: httpx.AsyncClient) -> None:
    """The next page that is asked for forgets it."""
    old, waiting = [consent_of((await browser.get("/oauth/authorize?" + query())).text) for _ in range(2)]
    server.clock.advance(600)
    assert (await decide(browser, old)).status_code == 400
    fresh = consent_of((await browser.get("/oauth/authorize?" + query())).text)
    assert [(await decide(browser, each)).status_code for each in (waiting, fresh)] == [400, 302]


@pytest.mark.parametrize(
    "content", [b"", b"consent=x&decision=maybe", b"decision=approve&decision=deny", b"a=1&" * 50, b"x" * 70_000]
)
async def test_a_form_that_decides_nothing(browser: httpx.AsyncClient, content: bytes) -> None:
    """It gets no further than the form."""
    response = await browser.post("/oauth/authorize", content=content)
    assert (response.status_code, "neither approve nor deny" in response.text) == (400, True)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"client_id": "other"}, "No application is registered with this client_id."),
        ({"client_id": ""}, "The request has no client_id."),
        ({"redirect_uri": ""}, "The request has no redirect_uri."),
        ({"redirect_uri": "https://evil.example/"}, "This redirect_uri is not registered for the application."),
    ],
)
async def test_nobody_is_sent_to_an_unknown_address(
    server: Server, browser: httpx.AsyncClient, changes: dict[str, str], problem: str
) -> None:
    """What is wrong stands on a page, in the browser and in `approve`."""
    response = await browser.get("/oauth/authorize?" + query(**changes))
    assert response.status_code == 400
    assert "location" not in response.headers
    assert problem in response.text
    with pytest.raises(ValueError, match=re.escape(problem)):
        server.oauth.approve(url(**changes))


@pytest.mark.parametrize("more", ["&client_id=sandbox-app", "&redirect_uri=http://127.0.0.1/", "&x" * 60])
async def test_odd_queries(browser: httpx.AsyncClient, more: str) -> None:
    """What is given twice is not guessed at."""
    response = await browser.get("/oauth/authorize?" + query() + more)
    assert (response.status_code, "location" in response.headers) == (400, False)


async def test_a_query_that_is_no_text(server: Server) -> None:
    """Servers hand over bytes as they came."""
    app = Starlette(routes=routes(server.oauth))

    async def raw(scope: Any, receive: Any, send: Any) -> None:
        await app({**scope, "query_string": query().encode() + b"\xff"}, receive, send)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(raw)) as browser:
        response = await browser.get("http://sandbox/oauth/authorize")
    assert (response.status_code, ">Approve</button>" in response.text) == (200, True)


@pytest.mark.parametrize(
    "address",
    [
        "http://localhost/",
        "http://LOCALHOST:1/a?b=c",
        "https://127.0.0.1:65535/back",
        "http://127.1.2.3/",
        "http://[::1]:8000/",
    ],
)
def test_the_application_of_the_sandbox_takes_any_loopback_address(server: Server, address: str) -> None:
    """Whatever the port."""
    location = server.oauth.approve(url(redirect_uri=address))
    assert location.startswith(f"{address}{'&' if '?' in address else '?'}code=")


@pytest.mark.parametrize(
    "address",
    [
        "http://localhost.evil.example/",
        "http://127.0.0.1.evil.example/",
        "http://127.0.0.1@evil.example/",
        "http://evil.example\\@127.0.0.1/",
        "http://evil.example#@127.0.0.1/",
        "http://user@127.0.0.1/",
        "http://127.0.0.1/#part",
        "http://127.0.0.1\n.evil.example/",
        "http://127.0.0.1:0/",
        "http://127.0.0.1:99999/",
        "http://[::1/",
        "http://10.0.0.1/",
        "//127.0.0.1/",
        "javascript:alert(1)//127.0.0.1",
        "ftp://127.0.0.1/",
        "http:///back",
    ],
)
def test_what_only_looks_like_a_loopback_address(server: Server, address: str) -> None:
    """To Python, to a browser, or to somebody who reads quickly."""
    with pytest.raises(ValueError, match="not registered"):
        server.oauth.approve(url(redirect_uri=address))


@pytest.mark.parametrize(
    ("address", "is_right"),
    [
        ("https://app.example/back", True),
        ("https://app.example/back/", False),
        ("https://app.example/back?x=1", False),
        ("http://app.example/back", False),
        ("http://127.0.0.1/", False),
    ],
)
def test_registered_addresses_are_compared_as_text(server: Server, address: str, is_right: bool) -> None:
    """An application with an address of its own has no other, loopback included."""
    server.oauth.register("app", "secret", "https://app.example/back")
    if is_right:
        assert answer_at(server.oauth.deny(url(client_id="app", redirect_uri=address)))["error"] == "access_denied"
    else:
        with pytest.raises(ValueError, match="not registered"):
            server.oauth.deny(url(client_id="app", redirect_uri=address))


@pytest.mark.parametrize(
    ("changes", "left_out", "error", "description"),
    [
        ({}, "state", "invalid_request", "state is missing"),
        ({}, "response_type", "invalid_request", "response_type is missing"),
        ({"response_type": "token"}, "", "unsupported_response_type", "response_type must be code"),
        ({"prompt": "none"}, "", "invalid_request", "prompt must be consent or login"),
        ({}, "scope", "invalid_scope", "scope must be one or more scopes with single spaces between them"),
        ({"scope": "a  b"}, "", "invalid_scope", "scope must be one or more scopes with single spaces between them"),
        ({"scope": 'a"b'}, "", "invalid_scope", "scope must be one or more scopes with single spaces between them"),
        ({"prompt": "login&prompt=login"}, "", "invalid_request", "prompt is given more than once"),
    ],
)
async def test_the_application_is_told_what_is_wrong(
    server: Server, browser: httpx.AsyncClient, changes: dict[str, str], left_out: str, error: str, description: str
) -> None:
    """At its own address, in the browser and in `approve`."""
    asked = query(left_out, **changes).replace("%26prompt%3D", "&prompt=")
    expected = {"error": error, "error_description": description, "state": ASKED["state"]}
    expected = {name: value for name, value in expected.items() if name != left_out}
    response = await browser.get(f"/oauth/authorize?{asked}")
    assert response.status_code == 302
    assert answer_at(response.headers["location"]) == expected
    assert answer_at(server.oauth.approve(f"http://127.0.0.1:8400/oauth/authorize?{asked}")) == expected


def test_approve_takes_the_address_of_the_page(server: Server) -> None:
    """Nothing else is one."""
    with pytest.raises(ValueError, match="no address of the authorize page"):
        server.oauth.approve("http://127.0.0.1/oauth/tokens?" + query())


async def test_a_code_is_exchanged_for_tokens(server: Server, browser: httpx.AsyncClient) -> None:
    """Over HTTP, with what the guide lists and no more."""
    body = {**APP, "grant_type": "authorization_code", "redirect_uri": BACK, "code": server.code()}
    response = await browser.post("/oauth/tokens", json=body)
    answer = response.json()
    holder = server.keys.holder(f"Bearer {answer['access_token']}")
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    assert answer.keys() == {"access_token", "refresh_token", "expires_in"}
    assert answer["expires_in"] == 3600
    assert holder is not None
    assert (holder.scopes, holder.client_id) == (frozenset(["customers.read", "offers.write"]), "sandbox-app")
    server.clock.advance(3600)
    assert not server.is_in(answer["access_token"])


def test_a_code_is_used_once(server: Server) -> None:
    """Using it again revokes what it gave, and nothing else."""
    other = server.exchange(server.code())
    code = server.code()
    first = server.exchange(code)
    fresh = server.refresh(first["refresh_token"])
    with pytest.raises(TokenError, match="used before; the tokens that it gave are revoked") as caught:
        server.exchange(code)
    assert (caught.value.error, caught.value.status) == ("invalid_grant", 400)
    given = [first["access_token"], fresh["access_token"], other["access_token"]]
    assert [server.is_in(each) for each in given] == [False, False, True]
    with pytest.raises(TokenError, match="unknown, revoked"):
        server.refresh(first["refresh_token"])


def test_a_code_is_used_once_by_threads_too(server: Server) -> None:
    """One of many that come at the same time gets the tokens."""
    code, barrier = server.code(), Barrier(8)
    got: list[object] = []

    def use() -> None:
        barrier.wait()
        try:
            got.append(server.exchange(code)["expires_in"])
        except TokenError as error:
            got.append(error.error)

    threads = [Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, got)) == ["3600", *["invalid_grant"] * 7]


@pytest.mark.parametrize(
    ("changes", "seconds", "problem"),
    [
        ({"code": "oac_unknown"}, 0, "the code is unknown"),
        ({"redirect_uri": "http://127.0.0.1:8000/other"}, 0, "the redirect_uri is not the one"),
        ({"client_id": "other", "client_secret": "o"}, 0, "belongs to another application"),
        ({}, 600, "the code has expired"),
    ],
)
def test_a_code_that_does_not_fit(server: Server, changes: dict[str, str], seconds: int, problem: str) -> None:
    """It is left as it was."""
    server.oauth.register("other", "o")
    code = server.code()
    server.clock.advance(seconds)
    with pytest.raises(TokenError, match=problem) as caught:
        server.exchange(**{"code": code, **changes})
    assert caught.value.error == "invalid_grant"
    assert seconds or server.exchange(code)["expires_in"] == 3600


def test_a_refresh_keeps_the_refresh_token(server: Server) -> None:
    """And what the person agreed to; the old access token lasts as long as it would have."""
    server.oauth.expires_in = 60
    assert server.oauth.expires_in == 60
    first = server.exchange(server.code())
    server.clock.advance(59)
    second, third = (server.refresh(first["refresh_token"]) for _ in range(2))
    assert second.keys() == {"access_token", "expires_in"}
    assert len({first["access_token"], second["access_token"], third["access_token"]}) == 3
    holder = server.keys.holder(f"Bearer {second['access_token']}")
    assert holder is not None
    assert holder.scopes == frozenset(["customers.read", "offers.write"])
    server.clock.advance(1)
    assert [server.is_in(each["access_token"]) for each in (first, second)] == [False, True]


def test_refresh_tokens_may_rotate(server: Server) -> None:
    """The old one is refused, and the new one can be revoked with all that came before."""
    server.oauth.rotate = True
    assert server.oauth.rotate
    first = server.exchange(server.code())
    second = server.refresh(first["refresh_token"])
    with pytest.raises(TokenError, match="unknown, revoked"):
        server.refresh(first["refresh_token"])
    third = server.refresh(second["refresh_token"])
    server.oauth.revoke(third["refresh_token"])
    assert not any(server.is_in(each["access_token"]) for each in (first, second, third))


def test_a_refresh_token_belongs_to_its_application(server: Server) -> None:
    """Another application gets nothing for it."""
    server.oauth.register("other", "o")
    with pytest.raises(TokenError, match="another application's"):
        server.refresh(server.oauth.token().refresh_token, client_id="other", client_secret="o")


@pytest.mark.parametrize(
    ("body", "status", "error", "description"),
    [
        ({"client_id": None}, 400, "invalid_request", "client_id is missing"),
        ({"client_secret": ""}, 400, "invalid_request", "client_secret is missing"),
        ({"client_secret": 7}, 400, "invalid_request", "client_secret is no text"),
        ({"client_id": "x"}, 401, "invalid_client", "the client_id is unknown or the client_secret is wrong"),
        ({"client_secret": "é"}, 401, "invalid_client", "the client_id is unknown or the client_secret is wrong"),
        ({"grant_type": None}, 400, "invalid_request", "grant_type is missing"),
        (
            {"grant_type": "password"},
            400,
            "unsupported_grant_type",
            "grant_type must be authorization_code or refresh_token",
        ),
        ({"grant_type": "refresh_token"}, 400, "invalid_request", "refresh_token is missing"),
        ({"code": None}, 400, "invalid_request", "code is missing"),
        ({"redirect_uri": ["a"]}, 400, "invalid_request", "redirect_uri is no text"),
    ],
)
async def test_the_token_endpoint_says_no(
    browser: httpx.AsyncClient, body: dict[str, Any], status: int, error: str, description: str
) -> None:
    """In the words of RFC 6749."""
    whole = {**APP, "grant_type": "authorization_code", "redirect_uri": BACK, "code": "oac_x", **body}
    response = await browser.post("/oauth/tokens", json=whole)
    assert response.status_code == status
    assert response.json() == {"error": error, "error_description": description}


@pytest.mark.parametrize(
    ("content", "kind", "status", "description"),
    [
        (b"grant_type=x", "application/x-www-form-urlencoded", 400, "the body must be application/json, not a form"),
        (b"--x--", "multipart/form-data; boundary=x", 400, "the body must be application/json, not a form"),
        (b"{}", "text/plain", 400, "the body must be application/json, not something else"),
        (b"{", "application/json", 400, "the body is not JSON"),
        (b"\xff", "application/json", 400, "the body is not JSON"),
        (b"[" * 60_000, "application/json", 400, "the body is not JSON"),
        (b'{"client_id": "\\ud800"}', "application/json", 400, "the body is not JSON"),
        (b"[]", "Application/JSON; charset=utf-8", 400, "the body is no JSON object"),
        (b" " * 70_000, "application/json", 413, "the body has more than 65536 bytes"),
    ],
)
async def test_bodies_that_are_no_json(
    browser: httpx.AsyncClient, content: bytes, kind: str, status: int, description: str
) -> None:
    """The guide wants JSON; a form, which RFC 6749 has, is told so."""
    response = await browser.post("/oauth/tokens", content=content, headers={"Content-Type": kind})
    assert response.status_code == status
    assert response.json() == {"error": "invalid_request", "error_description": description}


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/oauth/tokens"), ("PUT", "/oauth/authorize"), ("DELETE", "/oauth/tokens")]
)
async def test_other_methods(browser: httpx.AsyncClient, method: str, path: str) -> None:
    """There are none."""
    assert (await browser.request(method, path)).status_code == 405


async def test_a_token_at_the_api() -> None:
    """It may do what its scopes say, until it expires."""
    async with Sandbox(clock=datetime.datetime(2030, 3, 1, tzinfo=datetime.UTC)) as sandbox:
        portal = sandbox.client(api_key=sandbox.oauth.token("customers.read").access_token)
        assert (await portal.customers.list()).data == []
        with pytest.raises(PermissionDeniedError, match=r"customers\.write"):
            await portal.customers.create(**NEW_CUSTOMER)
        sandbox.clock.advance(3600)
        with pytest.raises(AuthenticationError):
            await portal.customers.list()
        assert [each.status for each in sandbox.requests] == [200, 403, 401]


def test_tokens_without_a_consent(server: Server) -> None:
    """For a test that is not about consent."""
    whole = server.oauth.token()
    some = server.oauth.token("tickets.read tickets.write tickets.read")
    assert (whole.scopes, some.scopes) == (SCOPES, ("tickets.read", "tickets.write"))
    assert (whole.expires_in, server.is_in(whole.access_token)) == (3600, True)
    assert server.refresh(some.refresh_token)["expires_in"] == 3600
    server.oauth.expire(whole.access_token)
    assert [server.is_in(each.access_token) for each in (whole, some)] == [False, True]
    server.oauth.expire()
    assert not server.is_in(some.access_token)
    with pytest.raises(ValueError, match="no application 'nobody'"):
        server.oauth.token(client_id="nobody")
    with pytest.raises(ValueError, match="no such refresh token"):
        server.oauth.revoke("ort_unknown")


@pytest.mark.parametrize(
    ("client_id", "secret", "uris"),
    [
        ("", "secret", None),
        ("app", "", None),
        ("app", "secret", []),
        ("app", "secret", ["https://app.example/", "app.example/back"]),
        ("app", "secret", "https://app.example/#part"),
        ("app", "secret", "javascript:alert(1)"),
    ],
)
def test_what_can_not_be_registered(server: Server, client_id: str, secret: str, uris: Any) -> None:
    """Nothing is registered then."""
    with pytest.raises(ValueError, match=r"an application needs|redirect_uris must be"):
        server.oauth.register(client_id, secret, uris)
    assert [each.client_id for each in server.oauth.applications] == ["sandbox-app"]


def test_everything_survives_as_json(server: Server) -> None:
    """Applications, codes, used ones too, and tokens; and each change is told of, so that it can be kept."""
    server.oauth.register("app", "secret", ["https://app.example/back"])
    used, unused = server.code(), server.code()
    first = server.exchange(used)
    assert server.changes == 4
    kept = json.dumps(server.oauth.dump())
    later = Server()
    later.oauth.load(json.loads(kept))
    assert later.oauth.applications == server.oauth.applications
    assert later.oauth.dump() == server.oauth.dump()
    assert later.is_in(first["access_token"])
    assert later.refresh(first["refresh_token"])["expires_in"] == 3600
    assert later.exchange(unused)["expires_in"] == 3600
    with pytest.raises(TokenError, match="used before"):
        later.exchange(used)
    secrets = ["sandbox-secret", used, unused, first["access_token"], first["refresh_token"]]
    assert [each in kept for each in secrets] == [False] * 5


@pytest.mark.parametrize("kept", ["[]", "{", '{"applications": [{}]}', '{"applications": [], "tokens": 5}'])
def test_tokens_that_are_damaged(tmp_path: Path, kept: str) -> None:
    """A state file whose tokens can't be read is refused, each time in the same words."""
    sandbox = Sandbox(state=tmp_path / "state")
    sandbox.oauth.token()
    sandbox.close()
    with contextlib.closing(sqlite3.connect(tmp_path / "state")) as database, database:
        database.execute("UPDATE notes SET text = ? WHERE name = 'oauth'", (kept,))
    for _ in range(2):
        with pytest.raises(StateFileError, match="what it holds of tokens can't be read"):
            Sandbox(state=tmp_path / "state")


def test_reprs_hold_no_secret(server: Server) -> None:
    """Only what is harmless."""
    issued = server.oauth.token(["tickets.read"])
    expected = IssuedTokens("a", "b", 3600, ("tickets.read",))
    assert repr(issued) == repr(expected) == "IssuedTokens(expires_in=3600, scopes=('tickets.read',))"
    assert repr(server.oauth.applications[0]) == "Application(client_id='sandbox-app', redirect_uris=None)"


@pytest.mark.parametrize(
    ("before", "after"), [("http://a/b", "?x=%26+%C3%A9&state=s"), ("http://a/b?c=%20", "&x=%26+%C3%A9&state=s")]
)
def test_what_is_added_to_an_address(before: str, after: str) -> None:
    """The address itself stays as it was registered."""
    assert back_to(before, "s", x="& é") == before + after


def test_token_endpoint_that_fails_on_demand(server: Server) -> None:
    """Before or after what was asked is carried out; each request is counted, without its secrets."""
    first = server.oauth.token("a.read")
    server.oauth.rotate = True
    server.oauth.fail(503, times=2)
    for _ in range(2):
        with pytest.raises(TokenError) as failed:
            server.refresh(first.refresh_token)
        assert (failed.value.error, failed.value.status) == ("server_error", 503)
    server.oauth.fail(429, when="after")
    with pytest.raises(TokenError) as lost:
        server.refresh(first.refresh_token)
    assert lost.value.status == 429
    # It was carried out, so that the old refresh token is used up.
    with pytest.raises(TokenError) as used:
        server.refresh(first.refresh_token)
    assert used.value.error == "invalid_grant"
    server.oauth.fail(times=None)
    server.oauth.calm()
    server.refresh(server.oauth.token("a.read").refresh_token)
    assert [each.error for each in server.oauth.exchanges] == [*["server_error"] * 3, "invalid_grant", None]
    assert {(each.grant_type, each.client_id) for each in server.oauth.exchanges} == {("refresh_token", "sandbox-app")}
    assert "ort_" not in repr(server.oauth.exchanges)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"status": 200}, "the status of a failure is a whole number from 400 to 599"),
        ({"times": 0}, "times is a whole number from 1 up"),
        ({"when": "never"}, "when is 'before' or 'after'"),
    ],
)
def test_failures_that_can_not_be(server: Server, arguments: dict[str, Any], problem: str) -> None:
    """Clear errors, and nothing fails."""
    with pytest.raises(ValueError, match=problem):
        server.oauth.fail(**arguments)
    assert server.refresh(server.oauth.token("a.read").refresh_token)


@pytest.mark.parametrize(("name", "value"), [("rotate", "yes"), ("expires_in", "60"), ("expires_in", -1)])
def test_settings_that_can_not_be(server: Server, name: str, value: Any) -> None:
    """They stay as they were."""
    with pytest.raises(ValueError, match=f"{name} is"):
        setattr(server.oauth, name, value)
    assert (server.oauth.rotate, server.oauth.expires_in) == (False, 3600)


def test_from_another_process(sandbox: RemoteSandbox) -> None:
    """Everything that a sandbox in the process can do."""
    oauth = sandbox.oauth
    oauth.register("remote-app", "remote-secret", BACK)
    oauth.register("loopback-app", "loopback-secret")
    asked = f"{sandbox.url}/oauth/authorize?{query(client_id='remote-app')}"
    assert "error=access_denied" in oauth.deny(asked)
    assert answer_at(oauth.approve(asked))["code"].startswith("oac_")
    issued = oauth.token("customers.read", "remote-app")
    assert (issued.scopes, issued.expires_in) == (("customers.read",), 3600)
    assert oauth.token().scopes == SCOPES

    def refresh() -> int:
        body = {"grant_type": "refresh_token", "refresh_token": issued.refresh_token}
        about = {"client_id": "remote-app", "client_secret": "remote-secret"}
        return httpx.post(f"{sandbox.url}/oauth/tokens", json={**body, **about}).status_code

    oauth.fail(502, times=None)
    assert refresh() == 502
    oauth.calm()
    assert refresh() == 200
    oauth.expire(issued.access_token)
    with pytest.raises(ValueError, match="no such access token"):
        oauth.expire(issued.access_token)
    oauth.revoke(issued.refresh_token)
    assert refresh() == 400
    assert [(each.client_id, each.error) for each in oauth.exchanges] == [
        ("remote-app", "server_error"),
        ("remote-app", None),
        ("remote-app", "invalid_grant"),
    ]
    assert (oauth.rotate, oauth.expires_in) == (False, 3600)
    oauth.rotate, oauth.expires_in = True, 60
    try:
        assert (oauth.rotate, oauth.expires_in, oauth.token().expires_in) == (True, 60, 60)
        for path, body in {"/oauth": {}, "/oauth/load": {}, "/oauth/token": {"args": "customers.read"}}.items():
            with pytest.raises(ValueError, match=r"the body has|there is no such method|args is a list"):
                sandbox.command("POST", path, body)
    finally:
        oauth.rotate, oauth.expires_in = False, 3600
    sandbox.reset()
    assert oauth.exchanges == []
