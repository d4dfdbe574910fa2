"""No token, code or secret gets out by way of an error, however a refresh or an exchange ends."""

from __future__ import annotations

import traceback
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
import respx

from mijnklantportaal_client import MijnKlantportaal, errors
from mijnklantportaal_client.oauth import FileTokenStore, MemoryTokenStore, OAuthApp, OAuthTokens, Token
from mijnklantportaal_client.testing import no_waiting
from tests.glue.test_secrets import chain, everything
from tests.oauth.conftest import BACK, SECRET

ACCESS, REFRESH, CODE, NEW = "access/zeer+geheim", "refresh/zeer+geheim", "code/zeer+geheim", "new/zeer+geheim"
SECRETS = (SECRET, ACCESS, REFRESH, CODE, NEW)
# What a server was sent, and may repeat.
SENT = "<sent>"
ECHO = f"{SECRET} {SENT}"


class BrokenStore(MemoryTokenStore):
    """A store that shows what it can't keep."""

    async def save(self, key: str, token: Token) -> None:
        """Fails."""
        raise RuntimeError(f"{token.access_token} {token.refresh_token}")


def lost(request: httpx.Request) -> httpx.Response:
    """An error that shows the body of the request."""
    raise httpx.ReadError(f"lost after {request.content!r}", request=request)


def odd(request: httpx.Request) -> httpx.Response:
    """The same, of no known kind."""
    raise RuntimeError(request.content, request)


ANSWERS: dict[str, Any] = {
    "lost": lost,
    "odd": odd,
    "refused": httpx.Response(400, json={"error": "invalid_grant", "error_description": ECHO}),
    "odd code": httpx.Response(400, json={"error": ECHO}),
    "message": httpx.Response(401, json={"message": ECHO}, headers={"x-echo": ECHO}),
    "page": httpx.Response(500, html=f"<pre>{ECHO}</pre>"),
    "redirect": httpx.Response(302, headers={"location": f"https://elsewhere.example/?{ECHO}"}),
    "not JSON": httpx.Response(200, text=f"{ECHO} {NEW}"),
    "no token": httpx.Response(200, json={"access_token": f"{NEW} {NEW}", "refresh_token": NEW}),
    "not saved": httpx.Response(200, json={"access_token": NEW, "refresh_token": NEW, "expires_in": 60}),
}


def answered(answer: Any, sent: str) -> Callable[[httpx.Request], httpx.Response]:
    """An answer that repeats what was sent."""

    def handler(request: httpx.Request) -> httpx.Response:
        if callable(answer):
            return answer(request)  # type: ignore[no-any-return]
        headers = {name: value.replace(SENT, sent) for name, value in answer.headers.items()}
        headers.pop("content-length", None)
        content = answer.content.replace(SENT.encode(), sent.encode())
        return httpx.Response(answer.status_code, headers=headers, content=content)

    return handler


async def stored(lasts: float, place: MemoryTokenStore | None = None) -> MemoryTokenStore:
    """A store with a token."""
    store = MemoryTokenStore() if place is None else place
    await MemoryTokenStore.save(store, "portal-42", Token(ACCESS, REFRESH, lasts))
    return store


async def refresh(store: MemoryTokenStore) -> None:
    """Refreshes by itself."""
    await OAuthTokens(OAuthApp("our-app", SECRET, BACK), store=store, key="portal-42").refresh()


async def call(store: MemoryTokenStore) -> None:
    """Makes a call, which is refused, or whose token has ended."""
    transport = httpx.MockTransport(lambda _: httpx.Response(401, text=ACCESS))
    async with httpx.AsyncClient(transport=transport) as http:
        auth = OAuthTokens(OAuthApp("our-app", SECRET, BACK), store=store, key="portal-42")
        async with MijnKlantportaal(auth=auth, http_client=http) as portal:
            await portal.customers.list()


async def exchange(store: MemoryTokenStore) -> None:
    """Exchanges a code."""
    await OAuthTokens(OAuthApp("our-app", SECRET, BACK), store=store, key="portal-42").connect(CODE)


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("work", [refresh, call, exchange])
@pytest.mark.parametrize("lasts", [1.0, 4e9])
async def test_error_holds_no_secret(
    clock: object, answer: str, work: Callable[[MemoryTokenStore], Awaitable[None]], lasts: float
) -> None:
    """Not in its text, attributes, pickle or chain, nor in the variables of any of our frames."""
    store = await stored(lasts, BrokenStore())
    if work is refresh and lasts > 1:
        return
    with respx.mock(assert_all_called=False) as router, no_waiting():
        route = router.post("https://manage.mijnklantportaal.nl/oauth/tokens")
        route.mock(side_effect=answered(ANSWERS[answer], CODE if work is exchange else REFRESH))
        with pytest.raises(errors.MijnKlantportaalError) as caught:
            await work(store)
        assert route.called
    told = everything(caught.value)
    assert [secret for secret in SECRETS if secret in told or repr(secret) in told] == []
    assert list(chain(caught.value)) == [caught.value]
    frames = traceback.TracebackException.from_exception(caught.value, capture_locals=True).stack
    ours = [frame for frame in frames if "mijnklantportaal_client/" in frame.filename]
    assert ours
    shown = [frame.name for frame in ours if any(secret in str(frame.locals) for secret in SECRETS)]
    assert shown == []


async def test_file_store_shows_nothing(tmp_path: Any) -> None:
    """Neither of a file that is damaged, nor of a token that can't be saved."""
    store = FileTokenStore(tmp_path / "tokens")
    await store.save("portal-42", Token(ACCESS, REFRESH))
    (path,) = store.directory.glob("*.json")
    path.write_text(path.read_text()[:-1])
    with pytest.raises(errors.ConfigurationError) as damaged:
        await store.load("portal-42")
    path.unlink()
    path.mkdir()
    with pytest.raises(errors.ConfigurationError) as unsaved:
        await store.save("portal-42", Token(ACCESS, REFRESH))
    for caught in (damaged, unsaved):
        frames = traceback.TracebackException.from_exception(caught.value, capture_locals=True).stack
        shown = everything(caught.value) + "".join(
            str(frame.locals) for frame in frames if "mijnklantportaal_client/" in frame.filename
        )
        assert [secret for secret in SECRETS if secret in shown] == []
