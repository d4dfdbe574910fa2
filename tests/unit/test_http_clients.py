"""The httpx clients of our own: how many there are, and when they end."""

from __future__ import annotations

import ssl
import time

import httpx
import pytest

from mijnklantportaal_client import _http_clients
from mijnklantportaal_client._http_clients import OwnClients
from mijnklantportaal_client._interrupt import Interruptible


@pytest.fixture(autouse=True)
def no_certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading them takes long."""
    monkeypatch.setattr(httpx, "create_ssl_context", lambda: ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))


async def test_one_after_another_share_one() -> None:
    """Two at once have two, of which the one that was used last is used next."""
    clients = OwnClients(encrypted=True)
    first = clients.take(Interruptible())
    await clients.give_back(first)
    assert clients.take(Interruptible()) is first
    second = clients.take(Interruptible())
    assert second is not first
    await clients.give_back(first)
    await clients.give_back(second)
    assert clients.take(Interruptible()) is second
    await clients.aclose()


async def test_idle_ones_are_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever nobody has needed for longer than five seconds, when another one is given back."""
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    clients = OwnClients(encrypted=True)
    every = [clients.take(Interruptible()) for _ in range(3)]
    for each in every:
        await clients.give_back(each)
    now = 104.0
    used = clients.take(Interruptible())
    assert used is every[2]
    now = 105.1
    await clients.give_back(used)
    assert [each.is_closed for each in every] == [True, True, False]
    await clients.aclose()


async def test_closing_ends_those_in_use_too() -> None:
    """And one that is given back later is not kept."""
    clients = OwnClients(encrypted=True)
    idle, used = clients.take(Interruptible()), clients.take(Interruptible())
    await clients.give_back(idle)
    await clients.aclose()
    assert (idle.is_closed, used.is_closed) == (True, True)
    await clients.give_back(used)
    assert clients.take(Interruptible()) not in (idle, used)
    await clients.aclose()


async def test_no_cookies() -> None:
    """A server's cookies are not looked at, let alone kept."""
    clients = OwnClients(encrypted=True)
    client = clients.take(Interruptible())
    response = httpx.Response(200, headers={"set-cookie": "a=b"}, request=httpx.Request("GET", "https://example.org/"))
    client.cookies.extract_cookies(response)
    assert dict(client.cookies) == {}
    assert client.timeout == httpx.Timeout(None)
    assert _http_clients._ONE_CONNECTION.keepalive_expiry == 5.0
    await clients.aclose()


@pytest.mark.parametrize(("encrypted", "times"), [(True, 1), (False, 0)])
async def test_whom_to_trust_is_loaded_once_where_it_matters(
    monkeypatch: pytest.MonkeyPatch, encrypted: bool, times: int
) -> None:
    """Where no request may go to https, nobody is trusted: one that went there all the same would fail."""
    loaded: list[ssl.SSLContext] = []

    def load() -> ssl.SSLContext:
        loaded.append(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
        return loaded[0]

    monkeypatch.setattr(httpx, "create_ssl_context", load)
    clients = OwnClients(encrypted=encrypted)
    clients.take(Interruptible())
    clients.take(Interruptible())
    assert len(loaded) == times
    trust = clients._trust
    assert trust is not None
    assert (trust in loaded) is encrypted
    assert (trust.verify_mode, trust.check_hostname, trust.get_ca_certs()) == (ssl.CERT_REQUIRED, True, [])
    await clients.aclose()
