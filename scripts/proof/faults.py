"""Faults times methods: the right error, outcome and number of executions, nothing left, and a good call after it."""

from __future__ import annotations

import asyncio
import random
import sys
import time
from typing import Any

from mijnklantportaal_client import MijnKlantportaal, RetryPolicy, errors
from proof import site
from proof.fault_answers import AFTER_ID, CUSTOMER_ID
from proof.fault_table import FAULTS, fault_of
from proof.judge import Counter, Seen, judge
from proof.report import Section
from proof.site import METHODS, Site, Watch

_WITH_BODY = ("create", "update", "upload", "stream")
_PLANS: dict[str, dict[str, Any]] = {
    "closed_on_accept": {"place": "accept", "how": "fin"},
    "reset_on_accept": {"place": "accept", "how": "rst"},
    "reset_on_first_byte": {"place": "request", "at": 1, "how": "rst"},
}
_DOORS = {"refused": "shut", "full_queue": "full", "silent": "deaf", "tls_silent": "deaf", "tls_refused": "plain"}
# As much as one answer may take, and as much again for what is under way.
_MOST_MEMORY = 256 * 1024 * 1024


class Cell:
    """One fault and one kind of call."""

    def __init__(self, place: Site, name: str, method: str) -> None:
        self.name = name
        self.method = method
        self.seen = Seen(begun=0, executed=0)
        self._error: errors.MijnKlantportaalError | None = None
        self._value: str | None = None
        self.problems: list[str] = []
        self._site = place
        self._fault = fault = fault_of(name, site.TRANSPORT)
        self.slow = fault.slow
        self._tls = name.startswith("tls_")
        self._port: int | None = None
        self._key = site.new_key()
        self._counter = Counter()

    async def begin(self, watch: Watch) -> None:
        """Makes the call."""
        self._portal = self._client()
        watch.clients.append(self._portal)
        try:
            value = await site.call(self._portal, self.method)
        except errors.MijnKlantportaalError as error:
            self._error = error
        else:
            self._value = value.id

    async def finish(self, watch: Watch) -> None:
        """Looks at what came of it and what it left, and makes another call."""
        self.seen = self._what_came()
        self._note(judge(self._fault.expected(self.method), self.seen, either=self._fault.either))
        self._note(await watch.left())
        await self._go_on()
        self._note(await watch.left())
        await self._portal.aclose()
        watch.clients.remove(self._portal)
        self._note(await watch.left())

    def _client(self) -> MijnKlantportaal:
        if self.name in _DOORS:
            self._port = self._site.order("door", kind=_DOORS[self.name])
        elif self.name in _PLANS:
            self._port = self._site.ports["cuts"]
            self._site.order("plan", **_PLANS[self.name])
        url = self._site.url(self.name, self._key, self._port, tls=self._tls)
        again = self._fault.again if self.method == "get" else self._fault.write_again
        retry = RetryPolicy(max_attempts=2 if self._fault.slow or self._fault.heavy else max(again, 4))
        return site.new_client(url, hooks=[self._counter], retry=retry, **self._fault.options)

    def _what_came(self) -> Seen:
        begun, executed = self._counter.begun, self._executed()
        if self._error is not None:
            return Seen.of_error(self._error, begun=begun, executed=executed)
        return Seen(value=self._value, begun=begun, executed=executed)

    def _executed(self) -> int:
        if self.name in _PLANS:
            count: int = self._site.order("cuts")["executed"]
            return count
        return self._site.executed(self._key)

    async def _go_on(self) -> None:
        """The client is as good as before."""
        if self.name in _PLANS:
            self._site.order("plan")
        elif self._port is not None:
            self._site.order("open", port=self._port, tls=self._tls)
        before = self._executed()
        try:
            value = await site.call(self._portal, self.method, fault="after")
        except errors.MijnKlantportaalError as error:
            self._note([f"the call after it failed: {error}"])
            return
        wanted = CUSTOMER_ID if self.name in _PLANS else AFTER_ID
        if value.id != wanted:
            self._note([f"the call after it got the answer {value.id}"])
        if self._executed() != before + 1:
            self._note([f"the call after it was executed {self._executed() - before} times"])

    def _note(self, problems: Any) -> None:
        self.problems.extend(f"{self.name}, {METHODS[self.method]}: {each}" for each in problems)


def cells(place: Site, scale: float = 1.0, seed: int = 0) -> list[Cell]:
    """Every fault with every kind of call that can meet it, in random order, as no fault may depend on what was before.

    With a smaller scale, that share of those that are neither slow nor heavy, and of the heavy ones a GET and a POST.
    """
    rng = random.Random(seed)  # noqa: S311 - an order is no secret
    table = [
        Cell(place, name, method)
        for name, fault in FAULTS.items()
        for method in METHODS
        if (not fault.bodies or method in _WITH_BODY)
        and (scale >= 1 or not fault.heavy or method in ("get", "create"))
        and (scale >= 1 or fault.slow or fault.heavy or rng.random() < scale)
    ]
    rng.shuffle(table)
    return table


async def _run(table: list[Cell]) -> list[str]:
    watch = Watch()
    for cell in table:
        if not cell.slow:
            await cell.begin(watch)
            await cell.finish(watch)
    # Time passes for all of them at once.
    slow = [cell for cell in table if cell.slow]
    await asyncio.gather(*[cell.begin(watch) for cell in slow])
    for cell in slow:
        await cell.finish(watch)
    return await watch.left()


def prove(*, scale: float, seed: int) -> Section:
    """Makes every call meet every fault, or with a smaller scale some of them."""
    begun = time.monotonic()
    memory = _peak()
    with site.quiet() as noise, site.running() as place:
        table = cells(place, scale, seed)
        failures = asyncio.run(_run(table))
    grown = _peak() - memory
    failures += [problem for cell in table for problem in cell.problems] + noise
    if grown > _MOST_MEMORY:
        failures.append(f"memory grew by {grown} bytes")
    seen = [cell.seen for cell in table]
    share = "" if scale >= 1 else f"about one in {round(1 / scale)} of them, "
    text = f"""
Each kind of call met each of {len(FAULTS)} faults over real HTTP, with a fresh client and in random order
({share}seed {seed}): {len(table)} calls, {sum(each.begun for each in seen)} requests,
{sum(each.executed for each in seen)} of them read to their end by the server, which counted them. Every error had to be
of the right class and outcome, with the right number of attempts; afterwards no task, open file, socket, connection or
place in the rate limit's line was left, and the same client made the same call with success. The peak of memory grew by
{grown // 1024 // 1024} MiB, bodies of 1 GiB and a gzip bomb of 1 GiB included, under the default limit of 64 MiB. A
cell is the outcome and the number of executions; `ok` is a value.
It took {time.monotonic() - begun:.0f} s.
"""
    rows = tuple(_row(name, table) for name in FAULTS)
    return Section(
        title="Faults",
        text=text,
        columns=("Fault", "Error", *METHODS.values()),
        rows=rows,
        failures=tuple(failures),
    )


def _row(name: str, table: list[Cell]) -> tuple[str, ...]:
    found = {cell.method: cell.seen for cell in table if cell.name == name}
    kinds = sorted({f"`{seen.error}`" for seen in found.values() if seen.error is not None})
    return (name.replace("_", " "), ", ".join(kinds), *[_text(found.get(method)) for method in METHODS])


def _text(seen: Seen | None) -> str:
    return "" if seen is None else f"{seen.outcome or 'ok'}, {seen.executed}"


def _peak() -> int:
    """The most memory that this process ever had, in bytes."""
    import resource

    # macOS counts in bytes, Linux in units of 1024.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
