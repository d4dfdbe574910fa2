"""A server that cuts its connections after exactly so many bytes of the request, or of its answer."""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
import struct
from typing import Any

import attrs

from proof.fault_answers import CHUNKED, CUSTOMER, GZIP, JSON, MESSAGE, answer, chunk
from proof.fault_relay import relay

GOOD = json.dumps(CUSTOMER, separators=(",", ":")).encode()
_HALF = len(GOOD) // 2
FORMS: dict[str, bytes] = {
    "length": answer("200 OK", GOOD, JSON),
    "chunked": CHUNKED + chunk(GOOD[:_HALF]) + chunk(GOOD[_HALF:]) + chunk(b""),
    "gzip": answer("200 OK", gzip.compress(GOOD, mtime=0), GZIP),
    "until_close": b"HTTP/1.1 200 OK\r\n\r\n" + GOOD,
    "gzip_until_close": f"HTTP/1.1 200 OK\r\n{GZIP}\r\n\r\n".encode() + gzip.compress(GOOD, mtime=0),
    "early_hints": b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + answer("201 Created", GOOD),
    "refusal": answer("422 Unprocessable", MESSAGE, JSON),
    "failure": answer("503 Service Unavailable", MESSAGE, JSON),
    "redirect": answer("303 See Other", MESSAGE, "Location: /elsewhere"),
}


@attrs.frozen
class Plan:
    """What happens to every connection until there is another plan.

    Attributes:
        place: Where it is cut: in the `request`, in the `answer`, at its `accept`, or `nowhere`; or between here and a
            server that encrypts, on the `way_there` or on the `way_back`.
        at: After how many bytes.
        how: By `fin`, which ends the server's side only, or by `rst`.
        form: Which answer.
        port: Where the server is that encrypts.
    """

    place: str = "nowhere"
    at: int = 0
    how: str = "fin"
    form: str = "length"
    port: int = 0


class Cutter:
    """The server, and what it counted since its last plan."""

    def __init__(self) -> None:
        self.port = 0
        self.plan = Plan()
        self.executed = 0
        self.connections = 0
        self.length = 0
        self._running: set[asyncio.Task[None]] = set()

    def follow(self, **plan: Any) -> None:
        """Starts to count anew."""
        self.plan = Plan(**plan)
        self.executed = self.connections = self.length = 0

    def told(self) -> dict[str, int]:
        """The counts, and the length of the last whole request."""
        return {"executed": self.executed, "connections": self.connections, "length": self.length}

    async def listen(self) -> asyncio.Task[None]:
        """Begins to accept."""
        listener = socket.create_server(("127.0.0.1", 0), backlog=100)
        listener.setblocking(False)
        self.port = listener.getsockname()[1]
        return asyncio.create_task(self._accept(listener))

    async def _accept(self, listener: socket.socket) -> None:
        with listener:
            while True:
                visitor, _ = await asyncio.get_running_loop().sock_accept(listener)
                task = asyncio.create_task(self._serve(visitor))
                self._running.add(task)
                task.add_done_callback(self._running.discard)

    async def _serve(self, visitor: socket.socket) -> None:
        self.connections += 1
        plan = self.plan
        with visitor:
            try:
                await self._follow(plan, visitor)
                if plan.how == "rst":
                    visitor.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    return
                visitor.shutdown(socket.SHUT_WR)
                # Closing with something unread would send RST as well.
                while await asyncio.get_running_loop().sock_recv(visitor, 65536):
                    pass
            except (EOFError, ConnectionError):
                pass

    async def _follow(self, plan: Plan, visitor: socket.socket) -> None:
        if plan.place == "request":
            # Earlier than the first byte, the client might still be connecting.
            await _readable(visitor)
            begun = bytearray()
            while len(begun) < plan.at:
                begun += await _read(visitor, plan.at - len(begun))
            self.executed += _is_whole(bytes(begun))
        elif plan.place == "answer":
            await self._read_request(visitor)
            await asyncio.get_running_loop().sock_sendall(visitor, FORMS[plan.form][: plan.at])
        elif plan.place == "nowhere":
            while True:
                await self._read_request(visitor)
                await asyncio.get_running_loop().sock_sendall(visitor, FORMS[plan.form])
        elif plan.place.startswith("way_"):
            self.length = await relay(visitor, plan.port, plan.at, back=plan.place == "way_back")

    async def _read_request(self, visitor: socket.socket) -> None:
        request = b""
        while not _is_whole(request):
            request += await _read(visitor, 65536)
        self.executed += 1
        self.length = len(request)


def _is_whole(request: bytes) -> bool:
    head, end, body = request.partition(b"\r\n\r\n")
    if not end:
        return False
    headers = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    if headers.get(b"transfer-encoding") == b"chunked":
        return body.endswith(b"\r\n0\r\n\r\n")
    return len(body) >= int(headers.get(b"content-length", b"0"))


async def _read(visitor: socket.socket, most: int) -> bytes:
    data = await asyncio.get_running_loop().sock_recv(visitor, most)
    if not data:
        raise EOFError
    return data


async def _readable(visitor: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    ready = loop.create_future()

    def arrived() -> None:
        if not ready.done():
            ready.set_result(None)

    loop.add_reader(visitor, arrived)
    try:
        await ready
    finally:
        loop.remove_reader(visitor)
