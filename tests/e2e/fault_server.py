"""A server that does everything wrong, and counts what it carried out.

Run as a process of its own, it prints the ports it listens on as JSON and ends when its standard input does. The fault
and a key to count by are the start of the path: `/{fault}/{key}/v1/customers`. A request is carried out, that is
counted, once it was read to its end; `/_count/{key}` tells how often that was.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
import struct
import sys
import zlib
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any

CUSTOMER: dict[str, Any] = {
    "id": "cst_abc12345def678",
    "companyName": "Test Company BV",
    "address": "Teststreet 123",
    "zipCode": "1234AB",
    "city": "Amsterdam",
    "countryCode": "NL",
    "primaryEmail": "john.doe@test.com",
    "phone": None,
    "integration": None,
    "integrationId": None,
    "customerGroups": [],
    "createdAt": "2024-04-28T21:00:00+02:00",
}
# A file and a customer at once, so that one answer fits each of the calls.
FILE = {"name": "a.pdf", "type": "file", "size": 1, "parentId": None, "mimeType": "application/pdf"}
GOOD = json.dumps(CUSTOMER | FILE).encode()
MESSAGE = b'{"message": "No."}'
MIB = 1024 * 1024


def answer(status: str, body: bytes = b"", *headers: str, length: int | None = None) -> bytes:
    """A whole answer, or one that lies about its length."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


@cache
def bomb() -> bytes:
    """64 MiB of nothing in 64 KiB."""
    return gzip.compress(bytes(64 * MIB), 6)


def raw_deflate(data: bytes) -> bytes:
    """Deflate without a header, as some servers send it."""
    compress = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return compress.compress(data) + compress.flush()


GZIP = "Content-Encoding: gzip"
DEFLATE = "Content-Encoding: deflate"
JSON = "Content-Type: application/json"
PLAIN: dict[str, Callable[[], bytes]] = {
    "ok": lambda: answer("200 OK", GOOD, JSON),
    "created": lambda: answer("201 Created", GOOD, JSON),
    "gzip": lambda: answer("200 OK", gzip.compress(GOOD), JSON, GZIP),
    "deflate": lambda: answer("200 OK", zlib.compress(GOOD), DEFLATE),
    "raw_deflate": lambda: answer("200 OK", raw_deflate(GOOD), DEFLATE),
    "gzip_404": lambda: answer("404 Not Found", gzip.compress(MESSAGE), GZIP),
    "chunked": lambda: (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(GOOD), GOOD)
    ),
    "early_hints": lambda: b"HTTP/1.1 103 Early Hints\r\n\r\n" + answer("200 OK", GOOD),
    "junk": lambda: b"SSH-2.0-OpenSSH_9.6\r\n",
    "binary_junk": lambda: bytes(range(256)) * 8,
    "cut_headers": lambda: b"HTTP/1.1 200 OK\r\nContent-Le",
    "endless_headers": lambda: b"HTTP/1.1 200 OK\r\n" + b"X-Header: more of it\r\n" * 20_000,
    "cut_200": lambda: answer("200 OK", GOOD[:20], length=len(GOOD)),
    "cut_204": lambda: answer("204 No Content", b"")[:-2],
    "cut_303": lambda: answer("303 See Other", b"x", "Location: /ok/elsewhere", length=100),
    "cut_404": lambda: answer("404 Not Found", MESSAGE[:9], length=len(MESSAGE)),
    "cut_422": lambda: answer("422 Unprocessable", MESSAGE[:9], length=len(MESSAGE)),
    "cut_500": lambda: answer("500 Internal Server Error", MESSAGE[:9], length=len(MESSAGE)),
    "cut_chunked": lambda: b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n" % (len(GOOD), GOOD),
    "bad_chunk": lambda: b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n",
    "length_too_long": lambda: answer("200 OK", GOOD, length=len(GOOD) + 1),
    "length_too_short": lambda: answer("200 OK", GOOD, length=len(GOOD) - 1),
    "length_odd": lambda: b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n" + GOOD,
    "html_200": lambda: answer("200 OK", b"<html>Log in</html>", "Content-Type: text/html"),
    "html_502": lambda: answer("502 Bad Gateway", b"<html>Bad Gateway</html>", "Content-Type: text/html"),
    "empty_200": lambda: answer("200 OK"),
    "status_204": lambda: b"HTTP/1.1 204 No Content\r\n\r\n",
    "status_303": lambda: answer("303 See Other", b"", "Location: /ok/elsewhere"),
    "status_308": lambda: answer("308 Permanent Redirect", b"", "Location: /ok/elsewhere"),
    "bad_location": lambda: answer("302 Found", b"", "Location: http://[what:/"),
    "status_101": lambda: b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: chat\r\nConnection: Upgrade\r\n\r\n",
    "status_304": lambda: b"HTTP/1.1 304 Not Modified\r\n\r\n",
    "status_404": lambda: answer("404 Not Found", MESSAGE),
    "status_408": lambda: answer("408 Request Timeout"),
    "status_418": lambda: answer("418 I'm a Teapot"),
    "status_422": lambda: answer("422 Unprocessable", b'{"message": "No.", "errors": {"city": ["No."]}}'),
    "status_429": lambda: answer("429 Too Many Requests", b'{"code": 429, "message": "Too many requests."}'),
    "status_500": lambda: answer("500 Internal Server Error", MESSAGE),
    "status_520": lambda: answer("520 <none>", b"error code: 520"),
    "status_999": lambda: answer("999 Request denied"),
    "broken_gzip": lambda: answer("200 OK", b"\x1f\x8b\x08" + bytes(range(200)), GZIP),
    "no_gzip": lambda: answer("200 OK", GOOD, GZIP),
    "short_gzip": lambda: answer("200 OK", gzip.compress(GOOD)[:-9], GZIP),
    "broken_gzip_404": lambda: answer("404 Not Found", b"\x1f\x8b\x08" + bytes(range(200)), GZIP),
    "bomb": lambda: answer("200 OK", bomb(), GZIP),
    "bomb_404": lambda: answer("404 Not Found", bomb(), GZIP),
    "tail_after_gzip": lambda: answer("200 OK", gzip.compress(b"{}") + bytes(2 * MIB), GZIP),
    "large": lambda: answer("200 OK", b'{"a": "' + b"x" * (2 * MIB) + b'"}'),
    "large_500": lambda: answer("500 Internal Server Error", b"x" * (2 * MIB)),
    "not_utf8": lambda: answer("200 OK", GOOD.replace(b"Test", b"T\xe9st"), JSON),
    "a_list": lambda: answer("200 OK", b"[1, 2]", JSON),
    "a_null": lambda: answer("200 OK", b"null", JSON),
    "nan": lambda: answer("200 OK", GOOD.replace(b'"NL"', b"NaN"), JSON),
    "deep": lambda: answer("200 OK", b"[" * MIB, JSON),
    "cookie": lambda: answer("200 OK", GOOD, "Set-Cookie: session=secret", "Set-Cookie: b=c", "X-Request-Id: req-7"),
}

WHOLE = frozenset({"ok", "created", "gzip", "cookie", "html_502", "large_500"}) | {
    name for name in PLAIN if name.startswith("status_") and name != "status_101"
}


class Faults:
    """What the server remembers."""

    def __init__(self) -> None:
        self.executed: Counter[str] = Counter()
        self.connections: Counter[str] = Counter()
        self.headers: dict[str, list[str]] = {}
        self.closed = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answers the requests of one connection."""
        number = 0
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                number += 1
                target, headers = parse(head)
                fault, key = target.split("/")[1:3]
                if fault == "_count":
                    await self.count(key, writer)
                    continue
                if fault == "lost_when_reused" and number > 1:
                    reset(writer)
                    return
                if fault == "reset_in_body":
                    await reader.read(1)
                    reset(writer)
                    return
                if fault == "refuses_body":
                    # It answers before it read the body, and does not carry it out.
                    writer.write(answer("413 Content Too Large", MESSAGE, "Connection: close"))
                    await writer.drain()
                    await reader.read(-1)
                    return
                await read_body(reader, headers)
                self.executed[key] += 1
                self.connections[key] += number == 1
                self.headers[key] = head.decode().split("\r\n")[1:-2]
                if not await self.act(fault, self.executed[key], writer):
                    return
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def act(self, fault: str, time: int, writer: asyncio.StreamWriter) -> bool:
        """Answers one request; whether the connection can take another."""
        special: dict[str, Callable[[int, asyncio.StreamWriter], Awaitable[bool]]] = {
            "reset": self.reset,
            "closes_when_idle": self.close_when_idle,
            "lost_when_reused": self.good,
            "hang": self.hang,
            "hang_200": self.hang_after("200 OK"),
            "hang_404": self.hang_after("404 Not Found"),
            "drip": self.drip,
            "drip_head": self.drip_head,
            "endless": self.endless,
            "endless_gzip": self.endless_gzip,
            "retry_seconds": self.limited("Retry-After: 7"),
            "retry_date": self.limited("Retry-After: Fri, 01 Mar 2030 12:00:30 GMT"),
            "busy_once": self.busy_once,
            "close": self.close,
        }
        if fault in special:
            return await special[fault](time, writer)
        writer.write(PLAIN[fault]())
        await writer.drain()
        # A whole answer leaves the connection open. Closing it unannounced would race with the next request on it,
        # which is a fault of its own: `lost_when_reused`.
        return fault in WHOLE

    async def count(self, key: str, writer: asyncio.StreamWriter) -> None:
        """Tells what was carried out."""
        if key == "closed":
            await self.closed.wait()
        told = {"executed": self.executed[key], "connections": self.connections[key], "headers": self.headers.get(key)}
        writer.write(answer("200 OK", json.dumps(told).encode()))
        await writer.drain()

    async def good(self, time: int, writer: asyncio.StreamWriter) -> bool:
        writer.write(PLAIN["ok"]())
        await writer.drain()
        return True

    async def close(self, time: int, writer: asyncio.StreamWriter) -> bool:
        return False

    async def reset(self, time: int, writer: asyncio.StreamWriter) -> bool:
        reset(writer)
        return False

    async def close_when_idle(self, time: int, writer: asyncio.StreamWriter) -> bool:
        await self.good(time, writer)
        writer.close()
        await writer.wait_closed()
        self.closed.set()
        return False

    async def hang(self, time: int, writer: asyncio.StreamWriter) -> bool:
        # Until the client goes away.
        return True

    def hang_after(self, status: str) -> Callable[[int, asyncio.StreamWriter], Awaitable[bool]]:
        async def act(time: int, writer: asyncio.StreamWriter) -> bool:
            writer.write(answer(status, MESSAGE[:5], length=100))
            await writer.drain()
            return True

        return act

    async def drip(self, time: int, writer: asyncio.StreamWriter) -> bool:
        writer.write(answer("200 OK", b"", length=10**9))
        return await self.forever(writer, b" ", 0.002)

    async def drip_head(self, time: int, writer: asyncio.StreamWriter) -> bool:
        writer.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        return await self.forever(writer, b"x", 0.002)

    async def endless(self, time: int, writer: asyncio.StreamWriter) -> bool:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        return await self.forever(writer, bytes(64 * 1024), 0)

    async def endless_gzip(self, time: int, writer: asyncio.StreamWriter) -> bool:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"{}"))
        return await self.forever(writer, bytes(64 * 1024), 0)

    async def forever(self, writer: asyncio.StreamWriter, data: bytes, pause: float) -> bool:
        while not writer.is_closing():
            writer.write(data)
            await writer.drain()
            await asyncio.sleep(pause)
        return False

    def limited(self, header: str) -> Callable[[int, asyncio.StreamWriter], Awaitable[bool]]:
        async def act(time: int, writer: asyncio.StreamWriter) -> bool:
            writer.write(answer("429 Too Many Requests", b"", header) if time == 1 else PLAIN["ok"]())
            await writer.drain()
            return True

        return act

    async def busy_once(self, time: int, writer: asyncio.StreamWriter) -> bool:
        writer.write(answer("503 Service Unavailable", b"", "Retry-After: 3") if time == 1 else PLAIN["ok"]())
        await writer.drain()
        return True


def parse(head: bytes) -> tuple[str, dict[str, str]]:
    """Target and headers of a request."""
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.split(":", 1) for line in lines if line)
    return first.split(" ")[1], {name.lower(): value.strip() for name, value in pairs}


async def read_body(reader: asyncio.StreamReader, headers: dict[str, str]) -> None:
    """Reads a request to its end."""
    if headers.get("transfer-encoding") == "chunked":
        while size := int(await reader.readline(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    else:
        await reader.readexactly(int(headers.get("content-length", "0")))


def reset(writer: asyncio.StreamWriter) -> None:
    """Ends a connection with RST in place of FIN."""
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def main() -> None:
    """Listens until standard input ends."""
    faults = Faults()

    async def slam(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # Earlier than the first byte, the client might still be connecting.
        await reader.read(1)
        faults.executed["slammed"] += 1
        reset(writer)

    server = await asyncio.start_server(faults.serve, "127.0.0.1", 0, limit=2 * MIB)
    slammed = await asyncio.start_server(slam, "127.0.0.1", 0)
    ports: dict[str, Any] = {
        name: each.sockets[0].getsockname()[1] for name, each in (("main", server), ("slammed", slammed))
    }
    sys.stdout.write(f"{json.dumps(ports)}\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
