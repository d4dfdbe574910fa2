"""While a sandbox is installed, nothing leaves this machine."""

from __future__ import annotations

import asyncio
import pickle
import socket
import sys
import types
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from http.client import HTTPSConnection
from typing import Any

import anyio
import httpx
import pytest

from mijnklantportaal_client.testing._guard import Guard, RealRequestError, is_vendor

# Addresses and names that are nobody's.
IP, IP6, NAME = "198.51.100.7", "2001:db8::7", "shop.example"


@pytest.fixture
def guard() -> Iterator[Guard]:
    """A guard that watches."""
    guard = Guard()
    with guard.watching():
        yield guard


def datagram(how: Callable[[socket.socket], Any], family: int = socket.AF_INET) -> Any:
    """Uses a socket that is connected to nothing."""
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        return how(sock)


STOPPED: dict[str, tuple[Callable[[], Any], str]] = {
    "create_connection": (lambda: socket.create_connection((NAME, 443)), NAME),
    "connect, name": (lambda: datagram(lambda sock: sock.connect((NAME, 443))), NAME),
    "connect, address": (lambda: datagram(lambda sock: sock.connect((IP, 443))), IP),
    "connect, IPv6": (lambda: datagram(lambda sock: sock.connect((IP6, 443)), socket.AF_INET6), IP6),
    "connect_ex": (lambda: datagram(lambda sock: sock.connect_ex((IP, 443))), IP),
    "sendto": (lambda: datagram(lambda sock: sock.sendto(b"?", (IP, 53))), IP),
    "sendto, flags": (lambda: datagram(lambda sock: sock.sendto(b"?", 0, (NAME, 53))), NAME),
    "sendmsg": (lambda: datagram(lambda sock: sock.sendmsg([b"?"], [], 0, (IP, 53))), IP),
    "getaddrinfo": (lambda: socket.getaddrinfo(host=NAME, port=443), NAME),
    "getaddrinfo, bytes": (lambda: socket.getaddrinfo(b"Shop.Example.", 443), NAME),
    "getaddrinfo, address": (lambda: socket.getaddrinfo(IP, 443), IP),
    "gethostbyname": (lambda: socket.gethostbyname(NAME), NAME),
    "gethostbyname_ex": (lambda: socket.gethostbyname_ex(NAME), NAME),
    "gethostbyaddr": (lambda: socket.gethostbyaddr(IP), IP),
    "http.client": (lambda: HTTPSConnection(NAME).request("GET", "/"), NAME),
    "urllib": (lambda: urllib.request.urlopen(f"http://{NAME}/"), NAME),
    "httpx": (lambda: httpx.get(f"https://{NAME}/", trust_env=False), NAME),
    "mapped": (lambda: datagram(lambda sock: sock.connect((f"::ffff:{IP}", 443)), socket.AF_INET6), f"::ffff:{IP}"),
}


@pytest.mark.parametrize("how", STOPPED)
def test_another_machine_can_not_be_reached(guard: Guard, how: str) -> None:
    """Neither asked nor looked up, in whatever way; the error names it."""
    ask, host = STOPPED[how]
    with pytest.raises(RealRequestError, match=f"a request to {host} was stopped") as caught:
        ask()
    assert caught.value.host == host


async def of_httpx(host: str) -> None:
    """The way of httpx with anyio."""
    async with httpx.AsyncClient(trust_env=False) as client:
        await client.get(f"https://{host}/")


ASYNC_STOPPED: dict[str, tuple[Callable[[], Awaitable[Any]], str]] = {
    "httpx, name": (lambda: of_httpx(NAME), NAME),
    "httpx, address": (lambda: of_httpx(IP), IP),
    "anyio": (lambda: anyio.connect_tcp(NAME, 443), NAME),
    "asyncio, name": (lambda: asyncio.open_connection(NAME, 443), NAME),
    "asyncio, address": (lambda: asyncio.open_connection(IP, 443), IP),
    "asyncio, lookup": (lambda: asyncio.get_running_loop().getaddrinfo(NAME, 443), NAME),
    "asyncio, datagrams": (
        lambda: asyncio.get_running_loop().create_datagram_endpoint(asyncio.DatagramProtocol, remote_addr=(IP, 53)),
        IP,
    ),
}


@pytest.mark.parametrize("how", ASYNC_STOPPED)
async def test_nor_from_an_event_loop(guard: Guard, how: str) -> None:
    """Names are looked up in other threads there."""
    ask, host = ASYNC_STOPPED[how]
    with pytest.raises(RealRequestError) as caught:
        await ask()
    assert caught.value.host == host


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """A server on this machine that says hello."""

    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello")
        writer.close()

    server = await asyncio.start_server(greet, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::ffff:127.0.0.1", "0.0.0.0"])
async def test_this_machine_can_be_reached(guard: Guard, port: int, host: str) -> None:
    """Over the loopback interface, under each of its names."""
    reader, writer = await asyncio.open_connection(host, port)
    assert await reader.read() == b"hello"
    writer.close()


def test_what_asks_nobody_goes_on(guard: Guard) -> None:
    """Lookups of one's own name, addresses to listen on, and sockets within the machine."""
    assert socket.getaddrinfo(None, 80, flags=socket.AI_PASSIVE)
    assert socket.getaddrinfo("0.0.0.0", 80)[0][4] == ("0.0.0.0", 80)
    assert isinstance(socket.getfqdn(), str)
    left, right = socket.socketpair()
    with left, right:
        left.sendmsg([b"within"])
        assert right.recv(10) == b"within"
    with socket.socket(socket.AF_UNIX) as sock:
        assert sock.connect_ex("/nowhere.sock") != 0


def test_what_is_allowed_can_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    """By its name, and by the addresses that the name has."""
    reached: list[Any] = []
    known = {"db.internal": IP}

    def look_up(host: str, *_: object, **__: object) -> list[Any]:
        if host not in known:
            raise socket.gaierror(f"no {host}")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (known[host], 0))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket.socket, "connect", lambda _, address: reached.append(address))
    guard = Guard()
    with guard.watching():
        guard.allow(["DB.internal", "not.there"])
        socket.create_connection(("db.internal", 5432)).close()
        datagram(lambda sock: sock.connect((IP, 6379)))
        with pytest.raises(RealRequestError):
            datagram(lambda sock: sock.connect(("198.51.100.8", 6379)))
        guard.forbid(["DB.internal"])
        with pytest.raises(RealRequestError):
            socket.create_connection(("db.internal", 5432))
    assert reached == [(IP, 0), (IP, 6379)]


class Loop:
    """What uvloop has in place of asyncio's loop."""

    async def create_connection(self, factory: object, host: str | None = None, port: int | None = None) -> str:
        return f"connected to {host}"

    async def create_datagram_endpoint(
        self, factory: object, local_addr: object = None, remote_addr: object = None
    ) -> str:
        return f"sends to {remote_addr}"

    async def getaddrinfo(self, host: str, port: int) -> str:
        return f"looked {host} up"


async def test_uvloop_goes_round_python(monkeypatch: pytest.MonkeyPatch) -> None:
    """It asks the system itself, so it is watched itself."""
    monkeypatch.setitem(sys.modules, "uvloop", types.SimpleNamespace(Loop=Loop))
    loop = Loop()
    ways: list[Callable[[str], Awaitable[str]]] = [
        lambda host: loop.create_connection(object, host, 80),
        lambda host: loop.create_datagram_endpoint(object, remote_addr=(host, 80)),
        lambda host: loop.getaddrinfo(host, 80),
    ]
    with Guard().watching():
        assert [await ask("localhost") for ask in ways] == [
            "connected to localhost",
            "sends to ('localhost', 80)",
            "looked localhost up",
        ]
        assert await loop.create_datagram_endpoint(object) == "sends to None"
        for ask in ways:
            with pytest.raises(RealRequestError, match=NAME):
                await ask(NAME)
    assert await loop.getaddrinfo(NAME, 80) == f"looked {NAME} up"


def test_everything_is_put_back() -> None:
    """The same functions, and none where there was none; one that was kept does no harm."""

    def present() -> list[Any]:
        names = ["connect", "connect_ex", "sendto", "sendmsg"]
        functions = [socket.getaddrinfo, socket.gethostbyname, socket.gethostbyname_ex, socket.gethostbyaddr]
        return [*functions, *(vars(socket.socket).get(name) for name in names), asyncio.BaseEventLoop.create_connection]

    before = present()
    with Guard().watching():
        kept = socket.getaddrinfo
        assert all(now is not then for now, then in zip(present(), before, strict=True))
    assert present() == before
    assert kept(IP, 80)[0][4] == (IP, 80)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        *((name, True) for name in ("mijnklantportaal.nl", "api.mijnklantportaal.nl", "Manage.MijnKlantportaal.NL.")),
        *((name, False) for name in ("notmijnklantportaal.nl", "mijnklantportaal.nl.example", "localhost", "")),
    ],
)
def test_hosts_of_the_vendor(host: str, expected: bool) -> None:
    """The domain and what is below it, and no name that only looks alike."""
    assert is_vendor(host) is expected


def test_the_error_says_what_to_do() -> None:
    """Which differs for hosts that the sandbox stands in for; it goes to other processes whole."""
    other, vendor = RealRequestError(NAME), RealRequestError("api.mijnklantportaal.nl")
    assert "mkp_allow_hosts" in str(other)
    assert "mkp_allow_hosts" not in str(vendor)
    assert "with httpx" in str(vendor)
    copy = pickle.loads(pickle.dumps(other))
    assert (copy.host, str(copy)) == (NAME, str(other))
    assert not isinstance(other, OSError)
