"""A server with latency and a list of pages; `GET /count` tells how many requests came since it was last asked."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from typing import Any, cast

from benchmarks.servers import CUSTOMER

_PAGE = re.compile(rb"[?&]page=(\d+)")


def page(number: int, pages: int, per_page: int) -> bytes:
    """A page of customers, each with an ID of its own."""
    data = [{**CUSTOMER, "id": f"cst_page{number}row{row}"} for row in range(per_page)]
    more = f"http://127.0.0.1/v1/customers?page={number + 1}" if number < pages else None
    return json.dumps({"current_page": number, "data": data, "per_page": per_page, "next_page_url": more}).encode()


class Server:
    """Its answers, and how many were asked for."""

    def __init__(self, latency: float, pages: int, per_page: int) -> None:
        self.latency = latency
        self.pages = [page(number, pages, per_page) for number in range(1, pages + 1)]
        self.count = 0

    def answer(self, head: bytes) -> tuple[bytes, float]:
        """The answer to a request, and after how many seconds."""
        target = head.split(b" ", 2)[1]
        if target.endswith(b"/count"):
            content, self.count, wait = str(self.count).encode(), 0, 0.0
        else:
            self.count += 1
            found = _PAGE.search(target)
            content, wait = self.pages[min(int(found[1]), len(self.pages)) - 1 if found else 0], self.latency
        headers = f"content-type: application/json\r\ncontent-length: {len(content)}\r\n\r\n"
        return b"HTTP/1.1 200 OK\r\n" + headers.encode() + content, wait


class Connection(asyncio.Protocol):
    """Answers requests without a body, one after another."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        while b"\r\n\r\n" in self._received:
            head, self._received = self._received.split(b"\r\n\r\n", 1)
            answer, wait = self._server.answer(head)
            asyncio.get_running_loop().call_later(wait, self._send, answer)

    def _send(self, answer: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(answer)


async def main(details: dict[str, Any]) -> None:
    """Serve until the end, on a port that is told on the standard output."""
    server = Server(**details)
    listener = await asyncio.get_running_loop().create_server(lambda: Connection(server), "127.0.0.1", 0, backlog=1024)
    print(listener.sockets[0].getsockname()[1], flush=True)
    await listener.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
