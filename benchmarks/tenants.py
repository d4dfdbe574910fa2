"""What one more tenant costs a process: memory, and the time to make its client anew for a request."""

from __future__ import annotations

import asyncio
import gc
import itertools
import statistics
import time
import tracemalloc
from collections.abc import Callable

import httpx

from benchmarks.figures import Figure
from mijnklantportaal_client import MijnKlantportaal
from mijnklantportaal_client.oauth import MemoryTokenStore, OAuthApp, OAuthTokens, Token

TENANTS = 1000
KIB = 1024
# The pacing of a process remembers tenants, so that each round has others.
_ROUNDS = itertools.count()


def _answer(_: httpx.Request) -> httpx.Response:
    page = {"current_page": 1, "data": [], "per_page": 15, "next_page_url": None}
    return httpx.Response(200, json=page, headers={"x-ratelimit-limit": "60", "x-ratelimit-remaining": "59"})


class Process:
    """A program for many portals, with answers that need no network."""

    def __init__(self, tenants: int) -> None:
        place = next(_ROUNDS)
        self.keys = [f"portal-{place}-{number}" for number in range(tenants)]
        self.app = OAuthApp("our-app", "our-secret", "https://app.example/callback")
        self.store = MemoryTokenStore()
        transport = httpx.MockTransport(_answer)
        self.base = MijnKlantportaal(api_key=None, http_client=httpx.AsyncClient(transport=transport, trust_env=False))

    async def consent(self) -> None:
        """Every tenant has a token that lasts."""
        for key in self.keys:
            await self.store.save(key, Token(f"access-{key}", f"refresh-{key}", time.time() + 86400))

    def portal(self, key: str) -> MijnKlantportaal:
        """A tenant's client."""
        return self.base.with_options(auth=OAuthTokens(self.app, store=self.store, key=key))


async def memory(tenants: int) -> tuple[float, float]:
    """KiB for each tenant whose client is kept and was used, and for each whose client is gone again."""
    process = Process(tenants)
    await process.consent()
    # What the first call loads is nobody's in particular.
    await process.portal(process.keys[0]).customers.list()
    gc.collect()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        clients = [process.portal(key) for key in process.keys]
        for client in clients:
            await client.customers.list()
        gc.collect()
        kept, _ = tracemalloc.get_traced_memory()
        del clients, client
        gc.collect()
        gone, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return (kept - before) / tenants / KIB, (gone - before) / tenants / KIB


def made_anew(times: int) -> list[float]:
    """Microseconds to make a tenant's client for one request."""
    process = Process(1)
    return [_timed(lambda: process.portal(process.keys[0]), times) for _ in range(5)]


def _timed(work: Callable[[], object], times: int) -> float:
    begun = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - begun) / times * 1e6


def measure(quick: bool = False) -> list[Figure]:
    """The figures; quick with a tenth of the tenants."""
    tenants = TENANTS // 10 if quick else TENANTS
    rounds = [asyncio.run(memory(tenants)) for _ in range(1 if quick else 3)]
    kept, gone = ([each[place] for each in rounds] for place in (0, 1))
    anew = made_anew(200 if quick else 2000)
    name = f"memory of a tenant whose client is kept, of {tenants}"
    return [
        _figure(name, kept, "KiB", "its pacing is a part of it", "<= 6"),
        _figure("memory of a tenant whose client is gone", gone, "KiB", "its pacing, for a while", "<= 4"),
        _figure("time to make a tenant's client anew", anew, "µs", "with_options(auth=OAuthTokens(...))"),
    ]


def _figure(name: str, values: list[float], unit: str, note: str, target: str = "") -> Figure:
    return Figure(name, statistics.median(values), min(values), max(values), target, note, unit)


if __name__ == "__main__":
    for figure in measure():
        print(f"{figure.name}: {figure.value:.1f} {figure.unit} ({figure.low:.1f} to {figure.high:.1f}); {figure.note}")
