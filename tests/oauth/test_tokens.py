"""The tokens of a tenant: when they are refreshed, what a call gets where that fails, and what is kept."""

from __future__ import annotations

import asyncio
import copy
import logging
import math
import pickle
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from mijnklantportaal_client import (
    APIConnectionError,
    AuthenticationError,
    ConfigurationError,
    MijnKlantportaal,
    MijnKlantportaalError,
    OAuthError,
    OAuthUnavailableError,
    Outcome,
    ReauthorizationRequiredError,
    errors,
)
from mijnklantportaal_client.oauth import FileTokenStore, MemoryTokenStore, OAuthApp, OAuthTokens, Token, _tokens
from mijnklantportaal_client.oauth._flight import PROCESS
from mijnklantportaal_client.oauth._trip import broken_off
from mijnklantportaal_client.testing import no_waiting
from tests.oauth.conftest import BACK, SECRET, Place


async def test_from_the_consent_to_a_call(place: Place) -> None:
    """The whole way, with the tokens kept and a call made."""
    app = place.app()
    callback = place.oauth.approve(app.authorize_url("customers.read", "s1"))
    tokens = place.tokens()
    token = await tokens.connect(app.parse_callback(callback, "s1"))
    assert token == await place.store.load("portal-42")
    assert token.seconds_left(place.clock.time()) == 3600
    async with MijnKlantportaal(auth=tokens) as portal:
        assert (await portal.customers.list()).data == []
    assert place.asked == [None]


async def test_exchange_alone(place: Place) -> None:
    """It gives the token to whoever keeps it otherwise."""
    app = place.app()
    code = app.parse_callback(place.oauth.approve(app.authorize_url("customers.read", "s1")), "s1")
    token = await app.exchange(code)
    assert token.refresh_token is not None
    with pytest.raises(OAuthError, match="the code was used before") as caught:
        await app.exchange(code)
    assert (type(caught.value), caught.value.error, caught.value.outcome) == (
        OAuthError,
        "invalid_grant",
        Outcome.REJECTED,
    )
    assert code not in f"{caught.value!r}{vars(caught.value)}"


async def test_code_whose_answer_is_lost_is_not_sent_again(place: Place) -> None:
    """It may have been used, and the outcome says so; one that certainly was not is sent again."""
    app = place.app()
    place.oauth.fail(503, when="after")
    code = app.parse_callback(place.oauth.approve(app.authorize_url("a.read", "s1")), "s1")
    with pytest.raises(OAuthUnavailableError) as caught:
        await place.tokens().connect(code)
    assert (caught.value.outcome, place.asked) == (Outcome.UNKNOWN, ["server_error"])
    place.oauth.fail(429)
    code = app.parse_callback(place.oauth.approve(app.authorize_url("a.read", "s1")), "s1")
    await place.tokens().connect(code)
    assert place.asked == ["server_error", "server_error", None]


@pytest.mark.parametrize(("lasts", "refreshes"), [(3600, 0), (61, 0), (60, 1), (1, 1), (0, 1), (-9999, 1)])
async def test_refreshed_a_minute_ahead(place: Place, lasts: float, refreshes: int) -> None:
    """And not earlier."""
    old = await place.consented(lasts=lasts)
    given = await place.tokens().token()
    assert (len(place.asked), given != old.access_token) == (refreshes, bool(refreshes))
    kept = await place.store.load("portal-42")
    assert kept is not None
    assert (kept.access_token, kept.refresh_token) == (given, old.refresh_token)


async def test_token_whose_end_is_not_known(place: Place) -> None:
    """It is used until it is refused."""
    old = await place.consented()
    await place.store.save("portal-42", Token(old.access_token, old.refresh_token))
    assert await place.tokens().token() == old.access_token
    assert place.asked == []


async def test_new_refresh_token_is_kept(place: Place) -> None:
    """Where they rotate, each one works once, and the next one is in the store."""
    place.oauth.rotate = True
    old = await place.consented(lasts=-1)
    for _ in range(3):
        await place.tokens().refresh(min_validity=math.inf)
    kept = await place.store.load("portal-42")
    assert kept is not None
    assert kept.refresh_token != old.refresh_token
    assert place.asked == [None] * 3


async def test_401_is_one_more_attempt(place: Place) -> None:
    """The clocks differ: the token is good by ours, and ended by the server's."""
    old = await place.consented()
    place.oauth.expire(old.access_token)
    async with MijnKlantportaal(auth=place.tokens()) as portal:
        assert (await portal.customers.list()).data == []
    assert [each.status for each in place.sandbox.requests] == [401, 200]
    assert place.asked == [None]


async def test_401_while_somebody_else_was_quicker(place: Place) -> None:
    """What the store has by then is used, and nothing is refreshed."""
    old = await place.consented()
    place.oauth.expire(old.access_token)
    tokens = place.tokens()
    async with MijnKlantportaal(auth=tokens) as portal:
        sent = await tokens.token()
        new = await place.consented()
        assert await tokens.refused(sent) is True
        assert await tokens.token() == new.access_token
        assert (await portal.customers.list()).data == []
    assert place.asked == []


async def test_tenant_that_never_gave_its_consent(place: Place) -> None:
    """The error names it, and nothing was asked or sent."""
    async with MijnKlantportaal(auth=place.tokens("portal-7")) as portal:
        with pytest.raises(ReauthorizationRequiredError, match="there is no token of 'portal-7'") as caught:
            await portal.customers.list()
    assert (caught.value.key, caught.value.outcome) == ("portal-7", Outcome.NOT_SENT)
    assert caught.value.operation == "list-customers"
    assert (place.asked, list(place.sandbox.requests)) == ([], [])


async def test_revoked_consent(place: Place) -> None:
    """An error that only a new consent ends; a call whose token has ended was not sent."""
    old = await place.consented(lasts=-1)
    assert old.refresh_token is not None
    place.oauth.revoke(old.refresh_token)
    async with MijnKlantportaal(auth=place.tokens()) as portal:
        for _ in range(3):
            with pytest.raises(ReauthorizationRequiredError, match="Nothing reached the server") as caught:
                await portal.customers.list()
            assert (caught.value.key, caught.value.error) == ("portal-42", "invalid_grant")
        # Everybody who asks within half a minute gets to hear the same.
        assert place.asked == ["invalid_grant"]
        await place.consented()
        assert (await portal.customers.list()).data == []


async def test_revoked_while_the_token_is_good_by_our_clock(place: Place) -> None:
    """The API refuses the call, and the OAuth server the refresh."""
    old = await place.consented()
    assert old.refresh_token is not None
    place.oauth.revoke(old.refresh_token)
    async with MijnKlantportaal(auth=place.tokens()) as portal:
        with pytest.raises(ReauthorizationRequiredError) as caught:
            await portal.customers.list()
    assert (caught.value.outcome, caught.value.attempts) == (Outcome.REJECTED, 1)


@pytest.mark.parametrize("status", [500, 503, 429, 408])
async def test_refresh_that_gets_no_answer(place: Place, status: int) -> None:
    """Tried three times; the error is no refusal, and the call was not sent."""
    await place.consented(lasts=-1)
    place.oauth.fail(status, times=3)
    async with MijnKlantportaal(auth=place.tokens()) as portal:
        with pytest.raises(OAuthUnavailableError, match=f"the OAuth server answered {status}") as caught:
            await portal.customers.create(
                company_name="A", address="B 1", zip_code="1234AB", city="C", primary_email="a@b.example"
            )
        assert not isinstance(caught.value, ReauthorizationRequiredError)
        assert isinstance(caught.value, APIConnectionError)
        assert (caught.value.outcome, caught.value.status_code) == (Outcome.NOT_SENT, status)
        assert place.asked == ["server_error"] * 3
        assert len(place.sandbox.requests) == 0
        # It is over as soon as the trouble is.
        assert (await portal.customers.list()).data == []


async def test_trouble_that_a_second_try_mends(place: Place) -> None:
    """A call never hears of it."""
    await place.consented(lasts=-1)
    place.oauth.fail(503, times=2, when="after")
    await place.tokens().token()
    assert place.asked == ["server_error", "server_error", None]


async def test_pauses_between_refreshes_that_fail(place: Place) -> None:
    """The second failure in a row begins a pause that doubles, in which nothing is asked."""
    await place.consented(lasts=-1)
    place.oauth.fail(503, times=None)
    asked = []
    for seconds in (0, 0, 0.9, 0.2, 1.9, 0.2, 0):
        place.clock.now += seconds
        with pytest.raises(OAuthUnavailableError):
            await place.tokens().token()
        asked.append(len(place.asked) // 3)
    assert asked == [1, 2, 2, 3, 3, 4, 4]
    place.oauth.calm()
    place.clock.now += 60
    await place.tokens().token()


async def test_wrong_secret_is_not_the_tenants_problem(place: Place) -> None:
    """It says what to look at."""
    await place.consented(lasts=-1)
    app = OAuthApp("our-app", "another-secret", BACK)
    with pytest.raises(OAuthError, match=r"invalid_client.*Check the App ID, the App Secret") as caught:
        await OAuthTokens(app, store=place.store, key="portal-42").token()
    assert (type(caught.value), caught.value.error, caught.value.status_code) == (OAuthError, "invalid_client", 401)


@pytest.mark.parametrize("gone", [True, False])
async def test_early_refresh_that_fails_fails_no_call(
    place: Place, caplog: pytest.LogCaptureFixture, gone: bool
) -> None:
    """As long as there is a token that works."""
    old = await place.consented(lasts=30)
    assert old.refresh_token is not None
    place.oauth.fail(503, times=None)
    if gone:
        place.oauth.calm()
        place.oauth._grants._grants.clear()
    async with MijnKlantportaal(auth=place.tokens()) as portal:
        assert (await portal.customers.list()).data == []
    assert [record.levelname for record in caplog.records if record.name == "mijnklantportaal_client"] == ["WARNING"]
    assert re.search(r"portal-42, which lasts (30|2\d) s more, could not be refreshed yet: the ", caplog.text)
    with pytest.raises(ReauthorizationRequiredError if gone else OAuthUnavailableError):
        await place.tokens().refresh()


@pytest.mark.parametrize("lasts", [0, 1, 30, 59])
async def test_tokens_that_last_a_moment(place: Place, lasts: int) -> None:
    """No call refreshes more than once, and none at all while most of the moment is left."""
    place.oauth.expires_in = lasts
    await place.consented(lasts=-1)
    for _ in range(5):
        await place.tokens().token()
    assert len(place.asked) == (5 if lasts == 0 else 1)
    place.clock.now += lasts * 0.95
    await place.tokens().token()
    assert len(place.asked) == (6 if lasts == 0 else 2)


async def test_api_that_refuses_every_token(place: Place) -> None:
    """Each call ends with its 401, and refreshes end after ten a minute."""
    await place.consented()
    place.sandbox.fail("*", 401, times=None)
    async with MijnKlantportaal(auth=place.tokens()) as portal:
        for _ in range(15):
            with pytest.raises(AuthenticationError):
                await portal.customers.list()
        assert len(place.asked) == 10
        place.clock.now += 61
        with pytest.raises(AuthenticationError):
            await portal.customers.list()
    assert len(place.asked) == 11


@pytest.mark.parametrize(("lasts", "refreshes"), [(601, 0), (600, 1), (10, 1)])
async def test_idle_tenant(place: Place, lasts: float, refreshes: int) -> None:
    """It is refreshed where it would not last."""
    await place.consented(lasts=lasts)
    token = await place.tokens().refresh(min_validity=600)
    assert token == await place.store.load("portal-42")
    assert len(place.asked) == refreshes


async def test_idle_tenant_whose_end_is_not_known(place: Place) -> None:
    """It is refreshed to be on the safe side."""
    old = await place.consented()
    await place.store.save("portal-42", Token(old.access_token, old.refresh_token))
    assert (await place.tokens().refresh()).access_token != old.access_token


@pytest.mark.parametrize("seconds", [-1, math.nan, True, "600", None])
async def test_validity_that_is_none(place: Place, seconds: Any) -> None:
    """Refused before anything is asked."""
    with pytest.raises(ValueError, match="min_validity must be a number of seconds"):
        await place.tokens().refresh(seconds)


async def test_token_without_a_refresh_token(place: Place) -> None:
    """Once it has ended, only a new consent helps."""
    old = await place.consented()
    await place.store.save("portal-42", Token(old.access_token, None, place.clock.time() - 1))
    with pytest.raises(ReauthorizationRequiredError, match="without a refresh token"):
        await place.tokens().token()


async def test_no_server_at_all(place: Place) -> None:
    """What can't be reached is no refusal, and says what happened."""
    await place.consented(lasts=-1)
    app = OAuthApp("our-app", SECRET, BACK, "http://127.0.0.1:1")
    with no_waiting(), pytest.raises(OAuthUnavailableError, match="could not be asked: could not connect") as caught:
        await OAuthTokens(app, store=place.store, key="portal-42").token()
    assert caught.value.outcome is Outcome.NOT_SENT


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"app": "our-app"}, "app must be an OAuthApp, not str"),
        ({"store": {}}, "store: dict lacks load, save, lock of a TokenStore"),
        ({"store": MemoryTokenStore}, "store: MemoryTokenStore is a class; give an instance"),
        ({"key": ""}, "key must be a text that names the tenant"),
        ({"key": 42}, "key must be a text that names the tenant"),
    ],
)
def test_settings_that_can_not_be(place: Place, changes: dict[str, Any], problem: str) -> None:
    """Clear errors."""
    given = {"app": place.app(), "store": place.store, "key": "portal-42", **changes}
    with pytest.raises(ConfigurationError, match=problem):
        OAuthTokens(given.pop("app"), **given)


async def test_what_shows(place: Place) -> None:
    """Names, and no secret; nothing of it is pickled."""
    token = await place.consented()
    assert repr(place.tokens()) == "<OAuthTokens of portal-42 for our-app>"
    assert repr(place.store) == "<MemoryTokenStore with 1 tokens>"
    assert token.access_token not in repr(vars(place.store))
    for take in (pickle.dumps, copy.copy):
        with pytest.raises(TypeError, match="not pickled"):
            take(place.tokens())


class Faulty(MemoryTokenStore):
    """A store that fails on demand, with what it was given in its words."""

    def __init__(self) -> None:
        super().__init__()
        self.broken = True
        self.kind: type[Exception] = RuntimeError

    async def save(self, key: str, token: Token) -> None:
        """Keeps a token, or not."""
        if self.broken:
            raise self.kind(f"INSERT {token.access_token}, {token.refresh_token}")
        await super().save(key, token)


async def test_token_that_the_store_does_not_take(place: Place) -> None:
    """It is saved as soon as that works, for with the old refresh token nothing more is to be had."""
    place.oauth.rotate = True
    store = Faulty()
    store.broken = False
    await place.consented(lasts=-1, store=store)
    store.broken = True
    shown = ""
    for _ in range(3):
        with pytest.raises(OAuthError, match="the token store failed: RuntimeError: INSERT") as caught:
            await place.tokens(store=store).token()
        shown += f"{caught.value!r}{vars(caught.value)}"
        assert caught.value.__context__ is None
    assert place.asked == [None]
    store.broken = False
    token = await place.tokens(store=store).token()
    assert token not in shown
    assert shown.count("INSERT ***, ***") == 3
    kept = await store.load("portal-42")
    assert kept is not None
    assert kept.access_token == token
    assert place.asked == [None]
    assert len(PROCESS) == 0


class RollingBack(MemoryTokenStore):
    """A store that keeps what was saved when its lock is given back, and undoes it where that fails."""

    def __init__(self) -> None:
        super().__init__()
        self.broken = False

    @asynccontextmanager
    async def lock(self, key: str) -> AsyncGenerator[None, None]:
        """Keeps everyone else out, and what was saved, or not."""
        async with super().lock(key):
            before = await self.load(key)
            yield
            if self.broken:
                assert before is not None
                await self.save(key, before)
                raise RuntimeError("COMMIT: the connection was lost")


async def test_tokens_that_are_undone_one_after_another(place: Place) -> None:
    """The last one is saved in the end, though the store holds the first one still; each works only once."""
    place.oauth.rotate = True
    store = RollingBack()
    first = await place.consented(lasts=-1, store=store)
    store.broken = True
    for _ in range(3):
        with pytest.raises(OAuthError, match="COMMIT"):
            await place.tokens(store=store).token()
        place.clock.now += 4000
    assert await store.load("portal-42") == first
    store.broken = False
    assert await place.tokens(store=store).token() != first.access_token
    assert place.asked == [None] * 4
    assert len(PROCESS) == 0


async def test_token_that_was_not_saved_and_is_outdated(place: Place) -> None:
    """What another process has saved since stays, also where the refresh token is the same still."""
    store = Faulty()
    store.broken = False
    first = await place.consented(lasts=-1, store=store)
    store.broken = True
    with pytest.raises(OAuthError, match="the token store failed"):
        await place.tokens(store=store).token()
    store.broken = False
    newer = Token("the-newer-one", first.refresh_token, place.clock.time() + 30)
    await store.save("portal-42", newer)
    place.oauth.fail(503, times=None)
    assert await place.tokens(store=store).token() == "the-newer-one"
    assert await store.load("portal-42") == newer


@pytest.mark.parametrize("kind", [RuntimeError, ConfigurationError])
async def test_code_whose_token_the_store_does_not_take(place: Place, kind: type[Exception]) -> None:
    """The outcome tells that the code was used, as nothing is to be had with it any more."""
    app, store = place.app(), Faulty()
    store.kind = kind
    code = app.parse_callback(place.oauth.approve(app.authorize_url("customers.read", "state-1")), "state-1")
    with pytest.raises(MijnKlantportaalError) as caught:
        await place.tokens(store=store).connect(code)
    assert caught.value.outcome is Outcome.ACCEPTED
    with pytest.raises(OAuthError, match="was used before") as again:
        await place.tokens(store=store).connect(code)
    assert again.value.outcome is Outcome.REJECTED


async def test_outcome_of_a_call_is_not_that_of_its_refresh(place: Place) -> None:
    """The call was not sent, though a token was refreshed."""
    store = Faulty()
    store.broken = False
    await place.consented(lasts=-1, store=store)
    store.broken = True
    with pytest.raises(OAuthError) as caught:
        await place.tokens(store=store).refresh()
    assert caught.value.outcome is Outcome.ACCEPTED
    async with MijnKlantportaal(auth=place.tokens(store=store)) as portal:
        with pytest.raises(OAuthError) as called:
            await portal.customers.list()
    assert called.value.outcome is Outcome.NOT_SENT
    store.broken = False
    await place.tokens(store=store).token()


async def test_consent_that_comes_while_the_old_one_is_refused(place: Place) -> None:
    """What the store holds by then counts."""
    old = await place.consented(lasts=-1)
    assert old.refresh_token is not None
    place.oauth.revoke(old.refresh_token)
    new = place.oauth.token(client_id="our-app")
    fresh = Token(new.access_token, new.refresh_token, place.clock.time() + 3600)

    class Late(MemoryTokenStore):
        loads = 0

        async def load(self, key: str) -> Token | None:
            """The new token from the third time on."""
            self.loads += 1
            return old if self.loads < 3 else fresh

    assert await place.tokens(store=Late()).token() == fresh.access_token
    assert place.asked == ["invalid_grant"]


async def test_token_that_ends_while_its_refresh_is_waited_for(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is left but to wait on."""
    monkeypatch.setattr(_tokens, "_PATIENCE", 0.0)
    old = await place.consented(lasts=6)
    lock = place.store.lock

    @asynccontextmanager
    async def slow(key: str) -> AsyncGenerator[None, None]:
        place.clock.now += 10
        async with lock(key):
            yield

    place.store.lock = slow  # type: ignore[method-assign]
    assert await place.tokens().token() != old.access_token
    assert place.asked == [None]


@pytest.mark.parametrize("kind", [RuntimeError, TimeoutError])
async def test_store_that_can_not_be_read(place: Place, kind: type[Exception]) -> None:
    """An error like all others, which tells that nothing was sent; the store's own is not chained."""

    class Unread(MemoryTokenStore):
        async def load(self, key: str) -> Token | None:
            """Fails."""
            raise kind("SELECT: the database is away")

    tokens = place.tokens(store=Unread())
    said = f"the token store failed: {kind.__name__}: SELECT: the database is away"
    async with MijnKlantportaal(auth=tokens) as portal:
        with pytest.raises(OAuthError, match=said) as caught:
            await portal.customers.list()
    assert (caught.value.outcome, caught.value.operation) == (Outcome.NOT_SENT, "list-customers")
    assert caught.value.__context__ is None
    for ask in (tokens.token(), tokens.refused("x"), tokens.refresh()):
        with pytest.raises(OAuthError, match=said):
            await ask


@pytest.mark.parametrize("stored", ["a token", {"access_token": "x"}, 5])
async def test_store_that_gives_something_else(place: Place, stored: Any) -> None:
    """A clear error, which does not show it."""

    class Odd(MemoryTokenStore):
        async def load(self, key: str) -> Any:
            """No token."""
            return stored

    with pytest.raises(ConfigurationError, match=f"gave a {type(stored).__name__} in place of a Token"):
        await place.tokens(store=Odd()).token()


async def test_secrets_are_in_no_log(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    """Not in ours, and not in those of the HTTP library."""
    caplog.set_level(logging.DEBUG)
    app = place.app()
    url = place.oauth.approve(app.authorize_url("customers.read", "state-1"))
    code = app.parse_callback(url, "state-1")
    first = await place.tokens().connect(code)
    place.clock.now += 4000
    second = await place.tokens().token()
    assert second != first.access_token
    assert "refreshed the token of portal-42" in caplog.text
    told = caplog.text + repr([vars(record) for record in caplog.records])
    for secret in (SECRET, code, "state-1", first.access_token, first.refresh_token, second):
        assert str(secret) not in told


async def test_errors_pickle(place: Place) -> None:
    """Each with what it knows."""
    await place.consented(lasts=-1)
    place.oauth.fail(400)
    with pytest.raises(OAuthError) as caught:
        await place.tokens().token()
    again = pickle.loads(pickle.dumps(caught.value))
    assert (type(again), str(again), vars(again)) == (type(caught.value), str(caught.value), vars(caught.value))
    assert errors.OAuthUnavailableError("x").outcome is Outcome.UNKNOWN


async def test_file_that_can_not_be_used(place: Place, tmp_path: Path) -> None:
    """The store's own clear error comes out, of its own for each call, and nothing is asked."""
    store = FileTokenStore(tmp_path / "tokens")
    await place.consented(lasts=-1, store=store)
    (path,) = store.directory.glob("*.json")
    lock = store.lock

    @asynccontextmanager
    async def damaging(key: str) -> AsyncGenerator[None, None]:
        async with lock(key):
            path.write_text("{")
            yield

    store.lock = damaging  # type: ignore[method-assign]
    wanting = (place.tokens(store=store).token() for _ in range(5))
    found = await asyncio.gather(*wanting, return_exceptions=True)
    assert {type(each) for each in found} == {ConfigurationError}
    assert all("is damaged" in str(each) for each in found)
    assert len({id(each) for each in found}) == 5
    assert place.asked == []


def test_refresh_that_something_ended() -> None:
    """Whoever waited gets an error that says so."""
    landing = broken_off(SystemExit())
    assert landing.failure is not None
    error = landing.failure.error()
    assert (type(error), str(error)) == (OAuthError, "the refresh was broken off: SystemExit")
