"""Ports where nobody answers, until they are opened."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from proof.fault_answers import MIB, answer

Serve: TypeAlias = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Doors:
    """The ports of the fault server, those that are not open yet among them."""

    def __init__(self, serve: Serve, certificate: str) -> None:
        self._serve = serve
        self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._context.load_cert_chain(certificate)
        self._doors: dict[int, socket.socket] = {}
        self._plain: dict[int, asyncio.Server] = {}
        self._visitors: list[socket.socket] = []
        self._servers: list[asyncio.Server] = []

    async def make(self, kind: str) -> int:
        """A port that is not open yet.

        It is `shut`, nobody ever answers there (`deaf`), it has a `full` queue before it, or somebody answers who knows
        of no encryption (`plain`).
        """
        door = socket.socket()
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
        if kind != "shut":
            door.listen(0 if kind == "full" else 100)
        if kind == "full":
            # One more than there is room for; whoever comes then tries to connect for ever.
            self._visitors += [_visitor(port) for _ in range(2)]
        if kind == "plain":
            self._plain[port] = await asyncio.start_server(_refuse_to_encrypt, sock=door.dup())
        self._doors[port] = door
        return port

    async def open(self, port: int, *, tls: bool) -> None:
        """Lets the door be a server like the others."""
        if port in self._plain:
            self._plain.pop(port).close()
        await self.listen(sock=self._doors.pop(port), tls=tls)

    async def listen(self, sock: socket.socket | None = None, *, tls: bool = False) -> int:
        """Serves at a port, and tells which."""
        sock = sock or socket.create_server(("127.0.0.1", 0))
        context = self._context if tls else None
        self._servers.append(await asyncio.start_server(self._serve, sock=sock, limit=2 * MIB, ssl=context))
        port: int = sock.getsockname()[1]
        return port


async def _refuse_to_encrypt(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1)
    writer.write(answer("400 Bad Request", b"", "Connection: close"))
    writer.close()


def _visitor(port: int) -> socket.socket:
    visitor = socket.socket()
    visitor.setblocking(False)
    visitor.connect_ex(("127.0.0.1", port))
    return visitor
