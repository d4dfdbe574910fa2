"""Keeps this process from asking anybody but its own machine.

Functions of `socket` are replaced, through which asyncio, httpx, requests, urllib and aiohttp reach the network. An
audit hook would see more, but it can't be taken out again, hears of a name that a socket connects to only after it was
looked up, and of nothing that uvloop does.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import sys
from contextlib import ExitStack, contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any
from unittest import mock

import anyio

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

VENDOR = "mijnklantportaal.nl"
_INTERNET = (socket.AF_INET, socket.AF_INET6)


class RealRequestError(AssertionError):
    """Something wanted to reach another machine while a sandbox is installed; nothing was sent.

    It is none of the errors that network code expects, catches and tries again after.

    Attributes:
        host: The name or address of that machine.
    """

    def __init__(self, host: str) -> None:
        super().__init__(host)
        self.host = host

    def __str__(self) -> str:
        why = "only this machine can be reached; allow others with install(allow=[...]), or mkp_allow_hosts of pytest"
        if is_vendor(self.host):
            why = "its hosts can be asked with a MijnKlantportaal client or with httpx, and in no other way"
        return f"a request to {self.host} was stopped: while a MijnKlantportaal sandbox is installed, {why}"


def is_vendor(host: str) -> bool:
    """Whether a host is one of MijnKlantportaal's."""
    name = _text(host)
    return name == VENDOR or name.endswith(f".{VENDOR}")


class Guard:
    """Lets nothing through but what stays on this machine, and what is allowed."""

    def __init__(self) -> None:
        self._allowed: list[str] = []
        self._on = False

    def allow(self, hosts: Iterable[str]) -> None:
        """Lets more through: names or addresses of other machines."""
        self._allowed += map(_text, hosts)

    def forbid(self, hosts: Iterable[str]) -> None:
        """Takes that back."""
        for host in hosts:
            self._allowed.remove(_text(host))

    @contextmanager
    def watching(self) -> Generator[None, None, None]:
        """Stops what is not allowed from now on."""
        with ExitStack() as stack:
            for target, name, check in self._places():
                stack.enter_context(mock.patch.object(target, name, self._checked(getattr(target, name), check)))
            self._on = True
            stack.callback(setattr, self, "_on", False)
            yield

    def _places(self) -> Iterable[tuple[Any, str, Callable[..., None]]]:
        yield from ((socket.socket, name, self._address) for name in ("connect", "connect_ex", "sendto"))
        if hasattr(socket.socket, "sendmsg"):
            yield socket.socket, "sendmsg", self._message
        for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "gethostbyaddr"):
            yield socket, name, self._lookup
        # It would wrap the error in a group of several.
        yield anyio, "connect_tcp", self._remote
        # Windows connects addresses in another way, and uvloop everything.
        yield asyncio.BaseEventLoop, "create_connection", self._connection
        if "uvloop" in sys.modules:
            loop: Any = sys.modules["uvloop"].Loop
            yield loop, "create_connection", self._connection
            yield loop, "create_datagram_endpoint", self._datagrams
            yield loop, "getaddrinfo", self._lookup_of_loop

    def _checked(self, original: Callable[..., Any], check: Callable[..., None]) -> Callable[..., Any]:
        @wraps(original)
        def checked(*args: Any, **kwargs: Any) -> Any:
            # What others have put in the place of this, and put back too late, does no harm.
            if self._on:
                check(*args, **kwargs)
            return original(*args, **kwargs)

        return checked

    def _address(self, sock: socket.socket, *args: Any) -> None:
        if sock.family in _INTERNET and args and isinstance(args[-1], tuple):
            self._peer(args[-1][0])

    def _message(self, sock: socket.socket, *args: Any) -> None:
        if len(args) > 3:
            self._address(sock, args[3])

    def _lookup(self, host: object, *_: object, **__: object) -> None:
        # Much asks for the full name of its own machine, such as what writes the ID of an e-mail.
        if _text(host) != _text(socket.gethostname()):
            self._peer(host)

    def _lookup_of_loop(self, loop: object, host: object, *_: object, **__: object) -> None:
        self._lookup(host)

    def _remote(self, remote_host: object, *_: object, **__: object) -> None:
        self._peer(remote_host)

    def _connection(self, loop: object, factory: object, host: object = None, *_: object, **__: object) -> None:
        self._peer(host)

    def _datagrams(
        self, loop: object, factory: object, local_addr: object = None, remote_addr: Any = None, **_: object
    ) -> None:
        if isinstance(remote_addr, tuple):
            self._peer(remote_addr[0])

    def _peer(self, host: object) -> None:
        name = _text(host)
        if not (_is_here(name) or name in self._allowed or name in self._allowed_addresses()):
            raise RealRequestError(name)

    def _allowed_addresses(self) -> set[str]:
        found: set[str] = set()
        for name in self._allowed:
            try:
                found.update(str(info[4][0]) for info in socket.getaddrinfo(name, None))
            except OSError:
                continue
        return found


def _text(host: object) -> str:
    if isinstance(host, (bytes, bytearray)):
        host = host.decode("ascii", "replace")
    return "" if host is None else str(host).lower().rstrip(".")


def _numeric(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _is_here(name: str) -> bool:
    if name in ("", "localhost") or name.endswith(".localhost"):
        return True
    address = _numeric(name)
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or address
    # 0.0.0.0 is where servers listen, and for who connects to it the machine itself.
    return address is not None and (address.is_loopback or address.is_unspecified)
