"""An OAuth server in this process, and what tests know of it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest

from mijnklantportaal_client.oauth import MemoryTokenStore, OAuthApp, OAuthTokens, Token
from mijnklantportaal_client.oauth._flight import PROCESS
from mijnklantportaal_client.testing import Sandbox
from tests.conftest import WALL, FakeClock

BACK = "http://localhost:8000/callback"
SECRET = "app-secret/zeer+geheim"


class Place:
    """A sandbox that every client of the process talks to, with an application and a store."""

    def __init__(self, sandbox: Sandbox, clock: FakeClock) -> None:
        self.sandbox = sandbox
        self.clock = clock
        self.oauth = sandbox.oauth
        self.oauth.register("our-app", SECRET, BACK)
        self.store = MemoryTokenStore()

    def app(self) -> OAuthApp:
        """A new object for the one application."""
        return OAuthApp("our-app", SECRET, BACK)

    def tokens(self, key: str = "portal-42", store: Any = None) -> OAuthTokens:
        """A new object for one tenant."""
        return OAuthTokens(self.app(), store=self.store if store is None else store, key=key)

    async def consented(self, key: str = "portal-42", lasts: float = 3600.0, store: Any = None) -> Token:
        """A tenant that gave its consent, with a token that lasts so long by our clock."""
        issued = self.oauth.token(client_id="our-app")
        token = Token(issued.access_token, issued.refresh_token, self.clock.time() + lasts)
        await (self.store if store is None else store).save(key, token)
        return token

    @property
    def asked(self) -> list[str | None]:
        """The errors that the token endpoint answered, None for each success."""
        return [each.error for each in self.oauth.exchanges]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    """A clock that stands still, for everything about tokens."""
    clock = FakeClock()
    monkeypatch.setattr(PROCESS, "clock", clock)
    monkeypatch.setattr(PROCESS, "_tenants", {})
    monkeypatch.setattr(PROCESS, "_next_look", 0.0)
    return clock


@pytest.fixture
def place(clock: FakeClock) -> Iterator[Place]:
    """A sandbox whose time is that of the tests."""
    moment = datetime.datetime.fromtimestamp(WALL, datetime.UTC)
    sandbox = Sandbox(rate_limit=None, clock=moment)
    with sandbox.install():
        yield Place(sandbox, clock)
    sandbox.close()
