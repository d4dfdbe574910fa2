"""Connections over TLS that are cut: how far things had come, only the server can tell."""

from __future__ import annotations

import random

from mijnklantportaal_client import MijnKlantportaal, RetryPolicy, errors
from proof import site
from proof.judge import Counter, honest
from proof.site import METHODS, Site, Watch

# A handshake is long, and mostly keys.
STRIDE = 8
_ATTEMPTS = 2
_ALL = 10**9
_CONTENT = b"a small file"
WAYS = ("way_there", "way_back")


class TLSBatch:
    """One way to cut, at many bytes, with one client."""

    def __init__(self, place: Site, method: str, way: str, how: str) -> None:
        self.calls = self.requests = self.executed = self.values = 0
        self.failures: list[str] = []
        self._site = place
        self._method = method
        self._way = way
        self._how = how
        self._counter = Counter()

    async def run(self, scale: float, rng: random.Random) -> None:
        """Cuts at each position."""
        watch = Watch()
        length = await self._measure()
        step = round(STRIDE / scale)
        retry = RetryPolicy(max_attempts=_ATTEMPTS)
        for at in range(rng.randrange(step), length, step):
            key = site.new_key()
            url = self._site.url("ok", key, self._site.ports["cuts"], tls=True)
            async with site.new_client(url, hooks=[self._counter], retry=retry) as portal:
                watch.clients.append(portal)
                problems = await self._at(portal, key, at)
                problems += await watch.left()
                watch.clients.clear()
            problems += await watch.left()
            where = f"{METHODS[self._method]}, {self._way} cut by {self._how} after byte {at} of TLS"
            self.failures.extend(f"{where}: {problem}" for problem in problems)

    async def _measure(self) -> int:
        self._plan(_ALL)
        url = self._site.url("ok", site.new_key(), self._site.ports["cuts"], tls=True)
        async with site.new_client(url) as portal:
            await site.call(portal, self._method, _CONTENT)
        length = 0
        while not length:
            # The end of the connection has to get through to the other side first.
            length = self._site.order("cuts")["length"]
        return length

    async def _at(self, portal: MijnKlantportaal, key: str, at: int) -> list[str]:
        self._plan(at)
        self._counter.begun = 0
        outcome: str | None = None
        problems: list[str] = []
        try:
            await site.call(portal, self._method, _CONTENT)
            self.values += 1
        except errors.APIConnectionError as error:
            outcome = error.outcome.value
            again = self._method == "get" or outcome == "not_sent"
            if error.attempts != self._counter.begun or (again and error.attempts != _ATTEMPTS):
                problems.append(f"{error.attempts} attempts, {outcome}")
        executed = self._site.executed(key)
        self.calls += 1
        self.requests += self._counter.begun
        self.executed += executed
        return problems + honest(self._method, outcome, executed)

    def _plan(self, at: int) -> None:
        self._site.order("plan", place=self._way, at=at, how=self._how, port=self._site.ports["tls"])

    def row(self) -> tuple[str, ...]:
        """Its line of the table."""
        place = "to TLS server" if self._way == "way_there" else "from TLS server"
        counts = (self.calls, self.requests, self.executed, self.values, len(self.failures))
        return (place, METHODS[self._method], "", self._how.upper(), *map(str, counts))
