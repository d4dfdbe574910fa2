"""How many instructions of Python a call takes: the same on every machine, whatever else it does.

`python -m benchmarks.instructions` counts them for a call over loopback, of the client's thread only.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import threading
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Any

import aiohttp
import httpx

from benchmarks.costs import Hook
from benchmarks.peers import HEADERS, KEY, bare, ours, raw
from benchmarks.slow_server import Connection, Server
from mijnklantportaal_client import MijnKlantportaal

if TYPE_CHECKING:
    from benchmarks.rounds import Call

CALLS = 7


class _Counter:
    def __init__(self) -> None:
        self.count = 0

    def trace(self, frame: FrameType, event: str, _: Any) -> Any:
        if event == "opcode":
            self.count += 1
        else:
            frame.f_trace_opcodes = True
            frame.f_trace_lines = False
        return self.trace

    async def of(self, call: Call) -> int:
        """The instructions of a call, once everything that it needs is loaded and connected."""
        for _ in range(3):
            await call()
        counts: list[int] = []
        for _ in range(CALLS):
            self.count = 0
            sys.settrace(self.trace)
            try:
                await call()
            finally:
                sys.settrace(None)
            counts.append(self.count)
        return round(statistics.median(counts))


@contextmanager
def _server() -> Iterator[str]:
    """A server in a thread of its own, which is not counted."""
    loop = asyncio.new_event_loop()
    server = Server(0.0, 1, 1)
    # A customer in place of a page.
    server.pages = [json.dumps(json.loads(server.pages[0])["data"][0]).encode()]
    listener = loop.run_until_complete(loop.create_server(lambda: Connection(server), "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}/v1"
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        listener.close()
        loop.run_until_complete(listener.wait_closed())
        loop.close()


async def _counts(url: str) -> dict[str, int]:
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        client = await enter(httpx.AsyncClient(headers=HEADERS, trust_env=False))
        session = await enter(aiohttp.ClientSession(headers=HEADERS))
        unpaced = await enter(MijnKlantportaal(api_key=KEY, base_url=url, rate_limit=None))
        calls = {
            "httpx": bare(client, url),
            "raw aiohttp": raw(session, url),
            "default": ours(await enter(MijnKlantportaal(api_key=KEY, base_url=url))),
            "unpaced": ours(unpaced),
            "hooked": ours(unpaced.with_options(hooks=[Hook()])),
            "fast": ours(await enter(MijnKlantportaal(api_key=KEY, base_url=url, transport="fast"))),
        }
        counter = _Counter()
        return {name: await counter.of(call) for name, call in calls.items()}


def counted() -> dict[str, int]:
    """Instructions of a call, by what makes it."""
    # httpcore looks for it at every lock that it makes; how long that takes depends on the length of a path.
    sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type]
    with _server() as url:
        return asyncio.run(_counts(url))


if __name__ == "__main__":
    print(json.dumps(counted()))
