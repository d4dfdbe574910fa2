"""A server that fails at random and keeps a ledger of what it carried out.

Run as a process of its own with the path of the ledger and a seed, it prints its port as JSON, and ends when its
standard input does; then it prints what it did. What it does with a request depends on nothing but the seed, the
reference in the request's head and how often that came before. What it carried out is committed before it answers.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import socket
import sqlite3
import struct
import sys
from collections import Counter
from random import Random

LIMIT = 40
"""Requests in a window, as the headers tell; nothing is refused by it."""
WEIGHTS: dict[str, int] = {
    "ok": 100, "created": 10, "drip": 6, "early_hints": 3, "gzip": 3, "chunked": 3, "closes_when_idle": 6,
    # Not carried out.
    "reset_before": 4, "close_before": 4, "busy": 8, "busy_503": 4, "refused_422": 4, "refused_404": 3,
    "refused_early": 4, "timeout_408": 2, "stale_token": 3,
    # Carried out.
    "reset_after": 6, "close_after": 6, "hang": 2, "hang_in_body": 2, "cut_head": 4, "cut_body": 4, "cut_chunked": 2,
    "junk": 3, "broken_json": 3, "broken_gzip": 2, "nothing_204": 2, "error_500": 4, "error_520": 2, "moved_303": 2,
}  # fmt: skip
REFUSED = {
    "busy": ("429 Too Many Requests", "Retry-After: 0"),
    "busy_503": ("503 Service Unavailable", "Retry-After: 0"),
    "refused_422": ("422 Unprocessable", ""),
    "refused_404": ("404 Not Found", ""),
    "timeout_408": ("408 Request Timeout", ""),
    "stale_token": ("401 Unauthorized", ""),
}
"""What is answered instead of carrying it out."""
FAILED = {
    "error_500": "500 Internal Server Error",
    "error_520": "520 <none>",
    "moved_303": "303 See Other",
    "nothing_204": "204 No Content",
}
_REFERENCE = re.compile(rb"ref[0-9]{7}z")
_NAMES, _SHARES = tuple(WEIGHTS), tuple(WEIGHTS.values())
_PAGES = 3
_ROWS = 5


def reference_of(number: int) -> str:
    """What a call is known by; also part of an ID."""
    return f"ref{number:07}z"


def fault_of(seed: int, reference: str, attempt: int) -> str:
    """What happens to a request."""
    return Random(f"{seed}/{reference}/{attempt}").choices(_NAMES, _SHARES)[0]  # noqa: S311


def answer(status: str, body: bytes, *headers: str) -> bytes:
    """A whole answer."""
    given = (header for header in headers if header)
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", f"X-RateLimit-Limit: {LIMIT}", *given]
    return "\r\n".join([*lines, "", ""]).encode() + body


def content(target: str, reference: str) -> bytes:
    """A page of customers, or one object that fits every call and bears its reference."""
    if target.startswith("GET /v1/customers?"):
        page = int(target.partition("page=")[2].partition("&")[0])
        rows = [customer(f"cst_{reference}_{page}_{row}", reference) for row in range(_ROWS)]
        following = None if page == _PAGES else f"https://example.com/?page={page + 1}"
        return json.dumps({"current_page": page, "per_page": _ROWS, "next_page_url": following, "data": rows}).encode()
    others = {"name": reference, "title": reference, "attendeeName": reference}
    return json.dumps(customer(f"cst_{reference}", reference) | others).encode()


def customer(own_id: str, reference: str) -> dict[str, object]:
    """A customer."""
    texts = {"id": own_id, "companyName": reference, "address": "Teststreet 123", "zipCode": "1234AB"}
    more = {"city": "Amsterdam", "countryCode": "NL", "primaryEmail": "john.doe@test.com", "customerGroups": []}
    nothing = dict.fromkeys(("phone", "integration", "integrationId"))
    return {**texts, **more, **nothing, "createdAt": "2024-04-28T21:00:00+02:00"}


class SoakServer:
    """The server, its ledger, and what it remembers of each reference."""

    def __init__(self, ledger: str, seed: int) -> None:
        self.seed = seed
        self.attempts: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()
        self.open: set[asyncio.Task[object]] = set()
        # Each statement is a transaction that other processes see at once.
        self.ledger = sqlite3.connect(ledger, isolation_level=None)
        self.ledger.execute("PRAGMA journal_mode = WAL")
        self.ledger.execute("PRAGMA synchronous = NORMAL")
        self.ledger.execute("CREATE TABLE executed (reference TEXT NOT NULL, method TEXT NOT NULL)")

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answers the requests of one connection."""
        task = asyncio.current_task()
        assert task is not None
        self.open.add(task)
        try:
            while await self.request(await reader.readuntil(b"\r\n\r\n"), reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self.open.discard(task)
            writer.close()

    async def request(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One request; whether the connection can take another."""
        target = head.partition(b" HTTP/")[0].decode("latin-1")
        found = _REFERENCE.search(head)
        assert found is not None
        reference = found[0].decode()
        self.attempts[reference] += 1
        fault = fault_of(self.seed, reference, self.attempts[reference])
        self.faults[fault] += 1
        rng = Random(f"{self.seed}/{reference}/{self.attempts[reference]}/how")  # noqa: S311
        if fault == "reset_before":
            await reader.read(rng.choice((1, 1000)) if has_body(head) else 0)
            return reset(writer)
        if fault == "refused_early":
            writer.write(answer("413 Content Too Large", b"{}", "Connection: close"))
            await writer.drain()
            await reader.read(-1)
            return False
        body = await read_body(reader, head)
        if rng.random() < 0.2:
            await asyncio.sleep(rng.random() * 0.005)
        if fault == "close_before":
            return False
        if fault in REFUSED:
            status, header = REFUSED[fault]
            writer.write(answer(status, b'{"message": "No."}', header))
            await writer.drain()
            return True
        self.carry_out(target, reference, body)
        return await self.respond(fault, content(target, reference), rng, reader, writer)

    def carry_out(self, target: str, reference: str, body: bytes) -> None:
        """Does what was asked, which is to write it down, by the reference in the body where there is one."""
        inside = _REFERENCE.search(body)
        done = inside[0].decode() if inside else reference
        if done != reference:
            done = f"{done} in the request of {reference}"
        self.ledger.execute("INSERT INTO executed VALUES (?, ?)", (done, target.partition(" ")[0]))

    async def respond(
        self, fault: str, body: bytes, rng: Random, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """Answers what was carried out, or does not."""
        good = answer("200 OK", body)
        if fault == "reset_after":
            return reset(writer)
        if fault in ("hang", "hang_in_body"):
            writer.write(good[:-20] if fault == "hang_in_body" else b"")
            # Until the client goes away.
            await reader.read(-1)
            return False
        if fault == "drip":
            for start in range(0, len(good), 200):
                writer.write(good[start : start + 200])
                await writer.drain()
                await asyncio.sleep(0.001)
            return True
        if fault in FAILED:
            writer.write(b"HTTP/1.1 204 No Content\r\n\r\n" if fault == "nothing_204" else answer(FAILED[fault], b"{}"))
            await writer.drain()
            return True
        chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n" % (len(body), body)
        whole = {
            "ok": good,
            "closes_when_idle": good,
            "created": answer("201 Created", body),
            "early_hints": b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + good,
            "gzip": answer("200 OK", gzip.compress(body), "Content-Encoding: gzip"),
            "chunked": chunked + b"0\r\n\r\n",
            "broken_json": answer("200 OK", body[: rng.randrange(len(body))]),
            "broken_gzip": answer("200 OK", b"\x1f\x8b\x08" + body, "Content-Encoding: gzip"),
        }
        broken = {
            "close_after": b"",
            "cut_head": good[: rng.randrange(1, good.index(b"\r\n\r\n"))],
            "cut_body": good[: rng.randrange(len(good) - len(body), len(good))],
            "cut_chunked": chunked,
            "junk": rng.randbytes(rng.randrange(1, 500)),
        }
        writer.write((whole | broken)[fault])
        await writer.drain()
        return fault in whole and fault != "closes_when_idle"


def has_body(head: bytes) -> bool:
    """Whether more follows."""
    return b"content-length: 0" not in head.lower() and re.search(rb"content-length|chunked", head.lower()) is not None


async def read_body(reader: asyncio.StreamReader, head: bytes) -> bytes:
    """The whole body."""
    lower = head.lower()
    if b"transfer-encoding: chunked" in lower:
        body = b""
        while size := int(await reader.readuntil(b"\r\n"), 16):
            body += (await reader.readexactly(size + 2))[:-2]
        await reader.readuntil(b"\r\n")
        return body
    length = re.search(rb"content-length: ([0-9]+)", lower)
    return await reader.readexactly(int(length[1])) if length else b""


def reset(writer: asyncio.StreamWriter) -> bool:
    """Ends a connection with RST in place of FIN; it takes no other request."""
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
    return False


async def main(ledger: str, seed: int) -> None:
    """Listens until standard input ends."""
    it = SoakServer(ledger, seed)
    server = await asyncio.start_server(it.serve, "127.0.0.1", 0)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()
    # By now the client has closed every connection; what is still here was left open.
    if it.open:
        await asyncio.wait(it.open, timeout=5)
    it.ledger.close()
    print(json.dumps({"open": len(it.open), "faults": it.faults}), flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
