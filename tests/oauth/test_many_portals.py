"""Many portals in one process: shared connections, a pace for each, no portal by mistake, and little memory."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks import tenants
from mijnklantportaal_client import ConfigurationError, MijnKlantportaal, RateLimit
from mijnklantportaal_client._pacing import _FEW_LINES, Registry
from mijnklantportaal_client.oauth import MemoryTokenStore, OAuthApp, OAuthTokens, Token
from mijnklantportaal_client.testing import RemoteSandbox
from proof import pools
from tests.conftest import NEW_CUSTOMER, TOKEN, FakeClock
from tests.oauth.conftest import BACK, SECRET

if TYPE_CHECKING:
    from tests.conftest import MakeBench

PAGE = {"current_page": 1, "data": [], "per_page": 15, "next_page_url": None}
APP = OAuthApp("our-app", SECRET, BACK)
CALLS: dict[str, Callable[[MijnKlantportaal], Any]] = {
    "read": lambda portal: portal.customers.list(),
    "write": lambda portal: portal.customers.create(**NEW_CUSTOMER),
    "raw": lambda portal: portal.with_raw_response.customers.create(**NEW_CUSTOMER),
    "request": lambda portal: portal.request("POST", "/customers", json={}),
    "copy": lambda portal: portal.with_options(tags={"a": 1}).customers.create(**NEW_CUSTOMER),
}


async def store_of(*keys: str) -> MemoryTokenStore:
    """A store with a token that lasts for each tenant."""
    store = MemoryTokenStore()
    for key in keys:
        await store.save(key, Token(f"access-{key}", None, time.time() + 1e9))
    return store


@pytest.mark.parametrize("call", CALLS)
async def test_base_client_bills_nobody(bench: MakeBench, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    """It has no portal, though the environment holds a key: no call is sent, a tenant's is, and then again none is."""
    monkeypatch.setenv("MIJNKLANTPORTAAL_API_KEY", "key-of-somebody")
    it = bench(PAGE, api_key=None)
    store = await store_of("portal-42")
    with pytest.raises(ConfigurationError, match="this client has no credentials"):
        await CALLS[call](it.portal)
    assert it.server.requests == []
    tenant = it.portal.with_options(auth=OAuthTokens(APP, store=store, key="portal-42"))
    # The answer fits only one of the calls; what counts is what was sent.
    with suppress(Exception):
        await CALLS[call](tenant)
    with pytest.raises(ConfigurationError, match="this client has no credentials"):
        await CALLS[call](it.portal)
    with pytest.raises(ConfigurationError, match="this client has no credentials"):
        await CALLS[call](tenant.with_options(api_key=None))
    assert [request.headers["authorization"] for request in it.server.requests] == ["Bearer access-portal-42"]


async def test_each_tenant_sends_its_own_token(bench: MakeBench) -> None:
    """A hundred at once, also one that has an API key."""
    keys = [f"portal-{number}" for number in range(100)]
    store = await store_of(*keys)
    it = bench(PAGE, api_key=None)
    portals = [it.portal.with_options(auth=OAuthTokens(APP, store=store, key=key)) for key in keys]
    await asyncio.gather(
        *(each.customers.list() for each in portals), it.portal.with_options(api_key=TOKEN).customers.list()
    )
    sent = [request.headers["authorization"] for request in it.server.requests]
    assert sorted(sent) == sorted([*(f"Bearer access-{key}" for key in keys), f"Bearer {TOKEN}"])


async def test_pace_of_each_tenant(bench: MakeBench) -> None:
    """One that has used up its window holds up nobody else; a new object for it waits all the same."""
    store = await store_of("portal-1", "portal-2")
    it = bench(PAGE, api_key=None, rate_limit=RateLimit(2))

    def portal(key: str) -> MijnKlantportaal:
        return it.portal.with_options(auth=OAuthTokens(APP, store=store, key=key))

    for key in ("portal-1", "portal-1", "portal-2", "portal-2"):
        await portal(key).customers.list()
    assert it.clock.waits == []
    await portal("portal-1").customers.list()
    assert sum(it.clock.waits) == pytest.approx(60)


async def test_connections_are_shared(sandbox: RemoteSandbox) -> None:
    """A hundred tenants need no more than one would, over real HTTP; closing a copy closes nothing."""
    keys = [f"portal-{number}" for number in range(100)]
    store = MemoryTokenStore()
    issued = sandbox.oauth.token()
    for key in keys:
        await store.save(key, Token(issued.access_token, issued.refresh_token, time.time() + 3600))
    async with MijnKlantportaal(api_key=None, base_url=sandbox.base_url) as base:
        portals = [base.with_options(auth=OAuthTokens(APP, store=store, key=key)) for key in keys]
        await asyncio.gather(*(each.customers.list() for each in portals))
        for each in portals:
            await each.aclose()
        assert (await portals[0].customers.list()).data == []
        assert 1 <= len(pools.idle(base)) <= 20
        with pytest.raises(ConfigurationError, match="no credentials"):
            await base.customers.list()
    assert len(sandbox.requests) == 101


def test_pacing_forgets_tenants_that_are_not_heard_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten thousand who call once each leave some hundred lines; those who still wait or count keep theirs."""
    from mijnklantportaal_client._pacing import Server

    clock = FakeClock()
    registry = Registry(clock)
    busy: Any = registry.base(Server("https://a", "busy"), 60.0)
    for number in range(10_000):
        clock.now += 1
        # One request every minute keeps the window from being empty.
        if number % 30 == 0:
            busy.window.take(clock.now)
        line: Any = registry.base(Server("https://a", f"portal-{number}"), 60.0)
        line.window.answered(line.window.take(clock.now), clock.now, 60, 59)
    assert len(registry._lines) <= 2 * _FEW_LINES
    assert registry.base(Server("https://a", "busy"), 60.0) is busy


def test_line_that_is_put_away_while_somebody_is_about_to_wait_in_it() -> None:
    """Whoever comes next gets the same one, so that both are counted together."""
    from mijnklantportaal_client._pacing import Server

    registry = Registry(FakeClock())
    about_to = registry.base(Server("https://a", "portal"), 60.0)
    registry._put_away_idle()
    assert len(registry._lines) == 0
    assert registry.base(Server("https://a", "portal"), 60.0) is about_to
    registry._put_away_idle()
    registry.after_fork()
    assert registry.base(Server("https://a", "portal"), 60.0) is not about_to


def test_memory_of_a_tenant() -> None:
    """A thousand tenants whose clients are kept take less than 6 MiB, and less than 4 MiB when those are gone."""
    kept, gone, anew = tenants.measure(quick=True)
    assert (kept.unit, kept.target, gone.unit, gone.target) == ("KiB", "<= 6", "KiB", "<= 4")
    assert 0 < kept.low <= kept.value <= kept.high < 6
    assert gone.high < 4
    assert (anew.unit, anew.value > 0) == ("µs", True)
