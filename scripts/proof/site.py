"""What the proofs by faults share: the fault server, clients, kinds of calls, and a look at what is left behind."""

from __future__ import annotations

import asyncio
import gc
import itertools
import json
import logging
import os
import socket
import ssl
import subprocess
import sys
import time
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

from mijnklantportaal_client import MijnKlantportaal
from mijnklantportaal_client._clock import Clock
from mijnklantportaal_client._line import LocalLine
from mijnklantportaal_client._pacing import Registry
from proof import pools
from proof.fault_answers import CUSTOMER_ID

TOKEN = "tok-Zeer-Geheim-0123456789"  # noqa: S105 - of nobody
TRANSPORT: str = os.environ.get("TRANSPORT", "httpx")
"""What the clients send with."""
_PLACES = 20
_TURNS = 20
_PATIENCE = 50
METHODS = {
    "get": "GET",
    "create": "POST",
    "update": "PATCH",
    "cancel": "DELETE",
    "upload": "POST, multipart",
    "stream": "POST, a stream",
}
"""The kinds of calls, and what they are in HTTP."""
UPLOAD = b"x" * 200_000
_SCRIPTS = Path(__file__).parents[1]
_OPEN = Path("/proc/self/fd")
_keys = (f"key{number}" for number in itertools.count())


class Site:
    """The fault server, as another process."""

    def __init__(self, ports: dict[str, int], control: socket.socket) -> None:
        self.ports = ports
        self._control = control
        self._lines = control.makefile("rb")

    def order(self, do: str, **details: Any) -> Any:
        """Has the server do or tell something, which blocks; it is not for what the client is to be busy with."""
        self._control.sendall(json.dumps({"do": do, **details}).encode() + b"\n")
        return json.loads(self._lines.readline())

    def told(self, key: str, *, settle: bool = True) -> dict[str, Any]:
        """What the server knows of a key; by default, once everything that arrived has been dealt with."""
        told: dict[str, Any] = self.order("tell", key=key, settle=settle)
        return told

    def executed(self, key: str) -> int:
        """How many requests were read to their end."""
        told = self.told(key)
        assert told["settled"], f"the server still waits for the rest of a request with {key}"
        count: int = told["executed"]
        return count

    def url(self, fault: str, key: str, port: int | None = None, *, tls: bool = False) -> str:
        """The base URL under which every call meets the fault."""
        kind = "https" if tls else "http"
        return f"{kind}://127.0.0.1:{port or self.ports['tls' if tls else 'main']}/{fault}/{key}/v1"

    def close(self) -> None:
        """Ends the control connection."""
        self._lines.close()
        self._control.close()


@cache
def _authority() -> Any:
    """Who vouches for the server, to those who trust in it."""
    import trustme

    return trustme.CA()


@cache
def tls_context() -> ssl.SSLContext:
    """What the clients are to use; made once, since that takes longer than all the rest of a call."""
    context = ssl.create_default_context()
    _authority().configure_trust(context)
    return context


@contextmanager
def running() -> Iterator[Site]:
    """Runs the fault server."""
    command = [sys.executable, "-m", "proof.fault_server"]
    with (
        _authority().issue_cert("127.0.0.1").private_key_and_cert_chain_pem.tempfile() as certificate,
        subprocess.Popen(
            [*command, certificate], cwd=_SCRIPTS, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as process,
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        ports = json.loads(process.stdout.readline())
        site = Site(ports, socket.create_connection(("127.0.0.1", ports["control"])))
        try:
            yield site
        finally:
            site.close()
            process.stdin.close()
            status = process.wait(timeout=10)
        assert status == 0, f"the fault server ended with {status}"


def new_key() -> str:
    """A key that nothing was counted under yet."""
    return next(_keys)


class SkippingClock(Clock):
    """Real time, but back-off and pacing take none of it, and the date is what the server thinks.

    Attributes:
        waits: The seconds that were slept between attempts.
    """

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []
        self.skip_waits(True)

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        await super().sleep(seconds)

    def time(self) -> float:
        return 1_898_596_800.0  # 2030-03-01 12:00:00 UTC


def new_client(url: str, **options: Any) -> MijnKlantportaal:
    """A client that waits for nothing, and shares its pacing with nobody."""
    if "http_client" not in options:
        options.setdefault("transport", TRANSPORT)
    portal = MijnKlantportaal(api_key=TOKEN, base_url=url, **options)
    clock = SkippingClock()
    portal._dispatcher.clock = clock
    portal._dispatcher.registry = Registry(clock)
    return portal


async def call(portal: MijnKlantportaal, method: str, content: Any = UPLOAD, fault: str | None = None) -> Any:
    """Makes one of the kinds of calls.

    Args:
        portal: The client.
        method: One of `METHODS`.
        content: What is uploaded.
        fault: The fault to meet, in place of that of the client.
    """
    headers = {} if fault is None else {"X-Fault": fault}
    if method == "get":
        return await portal.customers.get(CUSTOMER_ID, extra_headers=headers)
    if method == "create":
        return await portal.customers.create(
            company_name="Test Company BV",
            address="Teststreet 123",
            zip_code="1234AB",
            city="Amsterdam",
            primary_email="john.doe@test.com",
            extra_headers=headers,
        )
    if method == "update":
        return await portal.customers.update(CUSTOMER_ID, city="Amsterdam", extra_headers=headers)
    if method == "cancel":
        return await portal.appointments.cancel("apt_abc12345def678", extra_headers=headers)
    file = content if method == "upload" else _in_parts(content)
    return await portal.files.upload(file=file, extra_headers=headers)


async def _in_parts(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 50_000):
        yield content[start : start + 50_000]


def _descriptors() -> int | None:
    """How many files and sockets this process has open; None where the system does not tell."""
    return sum(1 for _ in _OPEN.iterdir()) if _OPEN.is_dir() else None


class Watch:
    """Finds what calls leave behind, on the event loop that made it.

    Attributes:
        clients: Those that are not closed yet.
    """

    def __init__(self) -> None:
        self.clients: list[MijnKlantportaal] = []
        self._tasks = asyncio.all_tasks()
        self._open = _descriptors()
        self._noise: list[str] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: self._noise.append(str(context["message"])))

    async def left(self) -> list[str]:
        """What was left behind, in words; connections that wait for another call are none of it."""
        # What only needs a turn of the event loop, or the end of a thread's work, is not left behind.
        for _ in range(_TURNS):
            await asyncio.sleep(0)
        for _ in range(_PATIENCE):
            if not (found := self._found()):
                break
            await asyncio.sleep(0.002)
        found += [f"left: told the event loop: {each}" for each in self._noise]
        self._noise.clear()
        return found

    def _found(self) -> list[str]:
        found: list[str] = []
        tasks = asyncio.all_tasks() - self._tasks
        if tasks:
            found.append(f"left: tasks {sorted(str(task.get_coro()) for task in tasks)}")
        idle = 0
        for client in self.clients:
            found.extend(f"left: {each}" for each in _held(client))
            idle += len(pools.idle(client))
        now = _descriptors()
        if now is not None and self._open is not None and now != self._open + idle:
            found.append(f"left: {now - self._open - idle} open files or sockets")
        return found


def _held(client: MijnKlantportaal) -> list[str]:
    """What a client still holds, though it does nothing."""
    found: list[str] = []
    dispatcher = client._dispatcher
    session = dispatcher.session
    for sender in pools.senders(client):
        places = sender._places._value
        if places != _PLACES:
            found.append(f"{_PLACES - places} places for connections")
    if session._background or session.waiting:
        found.append("work in the background")
    for line in dispatcher.registry._lines.values():
        assert isinstance(line, LocalLine)
        if line.window.in_flight or line._under_way or len(line._queue):
            found.append("a place in the rate limit's line")
    if pools.busy(client):
        found.append("a connection that is not idle")
    return found


def wait_until_closed(client: MijnKlantportaal) -> None:
    """Blocks until the ends of all connections have come from the server, which takes a while over TLS."""
    end = time.monotonic() + _PATIENCE
    while not all(map(pools.is_over, pools.idle(client))):
        assert time.monotonic() < end, "the server did not close its connections"
        time.sleep(0.001)


@contextmanager
def quiet() -> Iterator[list[str]]:
    """Keeps the log off the screen, and collects what would have been a warning or an error that nobody sees."""
    noise: list[str] = []
    # What others left behind would be counted when it goes.
    gc.collect()
    logger = logging.getLogger("mijnklantportaal_client")
    handler = logging.NullHandler()
    logger.addHandler(handler)
    try:
        with (
            mock.patch.object(sys, "unraisablehook", lambda told: noise.append(f"unraisable: {told.exc_value!r}")),
            mock.patch.object(ssl, "create_default_context", return_value=tls_context()),
            warnings.catch_warnings(record=True) as caught,
        ):
            warnings.simplefilter("always")
            yield noise
            gc.collect()
            noise.extend(f"{each.category.__name__}: {each.message}" for each in caught)
    finally:
        logger.removeHandler(handler)
