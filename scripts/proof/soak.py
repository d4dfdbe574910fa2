"""Thousands of calls from many tasks against a server that fails at random, cancelled at random: nothing runs twice."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import socket
import sqlite3
import subprocess
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from mijnklantportaal_client import MijnKlantportaal, RateLimit, RetryPolicy, errors
from mijnklantportaal_client._clock import SYSTEM, Clock
from mijnklantportaal_client._pacing import Registry

from . import pools
from .report import Section
from .soak_calls import KINDS, Plan, make, plan_of
from .soak_judge import End, Notes, Sample, growth, judge, judge_flat, sample

CALLS = 20_000
TITLE = "Soak"
_BATCHES = 20
_AT_ONCE = 50
_CONNECTIONS = 20
_TIMEOUT = 0.25
_WINDOW = 0.05
_OUTCOME = re.compile(r"outcome (\w+):")
_SETTLE_TURNS = 200
_MOST_FAILURES = 50
LONGEST_BATCH = 120.0
"""Seconds; one takes less than ten."""
_LOGGER = logging.getLogger("mijnklantportaal_client")


class NoBackOff(Clock):
    """Real time, but waits between attempts take none."""

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)


class Source:
    """A token that has a successor, and takes a turn of the loop to get."""

    key = "soak"

    async def token(self) -> str:
        await asyncio.sleep(0)
        return "a-token-of-some-length"

    async def refused(self, token: str) -> bool:
        await asyncio.sleep(0)
        return True


class Hook:
    """Notes every outcome, and makes calls wait where hooks can."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes

    async def on_response(self, event: Any) -> None:
        await asyncio.sleep(0)

    async def on_outcome(self, event: Any) -> None:
        number = event.tags["number"]
        self._notes.told[number] = min(255, self._notes.told[number] + 1)
        self._notes.outcomes[number] = End.of(event.outcome)
        await asyncio.sleep(0)


class Soak:
    """The clients and what is noted of their calls."""

    def __init__(self, port: int, dead_port: int, seed: int, calls: int, retry: RetryPolicy) -> None:
        self.seed = seed
        self.calls = calls
        self.notes = Notes.of(calls)
        self.samples: list[Sample] = []
        self.registry = Registry(SYSTEM)
        url = f"http://127.0.0.1:{port}/v1"
        paces = {False: None, True: RateLimit(per=_WINDOW)}
        self.portals = {paced: self._portal(url, limit, retry) for paced, limit in paces.items()}
        self.dead = self._portal(f"http://127.0.0.1:{dead_port}/v1", None, retry)

    def _portal(self, url: str, limit: RateLimit | None, retry: RetryPolicy) -> MijnKlantportaal:
        portal = MijnKlantportaal(
            auth=Source(), base_url=url, timeout=_TIMEOUT, retry=retry, hooks=[Hook(self.notes)], rate_limit=limit
        )
        portal._dispatcher.clock = NoBackOff()
        portal._dispatcher.registry = self.registry
        return portal

    async def run(self) -> None:
        """Makes all calls, in batches after which nothing is under way."""
        numbers = iter(range(self.calls))
        per_batch = -(-self.calls // _BATCHES)
        try:
            for end in range(per_batch, self.calls + per_batch, per_batch):
                async with asyncio.timeout(LONGEST_BATCH):
                    await self._batch(islice(numbers, per_batch))
                self.samples.append(sample(min(end, self.calls), await left_tasks()))
                self._check_places(min(end, self.calls))
        except TimeoutError:
            self.notes.failures.append(f"seed {self.seed}: calls were stuck for {LONGEST_BATCH} s")
        for portal in (*self.portals.values(), self.dead):
            await portal.aclose()

    async def _batch(self, numbers: Iterator[int]) -> None:
        async def work() -> None:
            # What is left of the batch is shared by all.
            for number in numbers:
                await self._one(plan_of(self.seed, number))

        await asyncio.gather(*(work() for _ in range(_AT_ONCE)))

    async def _one(self, plan: Plan) -> None:
        task = asyncio.create_task(self._call(plan))
        handle = None if plan.cancel is None else asyncio.get_running_loop().call_later(plan.cancel, task.cancel)
        if plan.turns is not None:
            for _ in range(plan.turns):
                await asyncio.sleep(0)
            task.cancel()
        try:
            await asyncio.wait([task])
        finally:
            task.cancel()
        if handle is not None:
            handle.cancel()
        # Only a call that never began is cancelled to the outside.
        self.notes.ends[plan.number] = End.NEVER_BEGUN if task.cancelled() else task.result()

    async def _call(self, plan: Plan) -> End:
        portal = self.dead if plan.kind == "dead" else self.portals[plan.paced]
        changes: dict[str, Any] = {} if plan.deadline is None else {"deadline": plan.deadline}
        copy = portal.with_options(tags={"number": plan.number}, **changes)
        try:
            async with asyncio.timeout(plan.give_up):
                await make(plan, copy)
        except asyncio.CancelledError as cancelled:
            return self._interrupted(plan, cancelled)
        except errors.MijnKlantportaalError as error:
            self.notes.errors[type(error).__name__] += 1
            return End.of(error.outcome)
        except TimeoutError as given_up:
            return self._interrupted(plan, given_up.__cause__)
        except Exception as error:  # noqa: BLE001 - whatever else is raised is what this is to find
            self.notes.failures.append(f"seed {self.seed}, call {plan.number}, {plan.kind}: {error!r:.200}")
            return End.NO_NOTE
        return End.VALUE

    def _interrupted(self, plan: Plan, cancelled: BaseException | None) -> End:
        self.notes.interrupted[plan.number] = True
        said = _OUTCOME.findall(" ".join(getattr(cancelled, "__notes__", ())))
        return End[said[-1].upper()] if said else End.NO_NOTE

    def _check_places(self, calls: int) -> None:
        """No connection and no slot of the rate limit is held by a call that ended."""
        for portal in self.portals.values():
            http: Any = portal._dispatcher.session.http
            held = _CONNECTIONS - http._places._value
            used = pools.busy(portal)
            if held or used:
                self.notes.failures.append(f"after {calls} calls {held} places are held, and {used} used in the pool")
        for line in self.registry._lines.values():
            if held := line.window.in_flight:  # type: ignore[attr-defined]
                self.notes.failures.append(f"after {calls} calls {held} slots of the rate limit are held")


async def left_tasks() -> int:
    """The tasks that are left when everything had the time to end."""
    for _ in range(_SETTLE_TURNS):
        if len(asyncio.all_tasks()) == 1:
            break
        await asyncio.sleep(0)
    return len(asyncio.all_tasks())


@contextmanager
def serving(seed: int) -> Iterator[tuple[int, dict[str, Any]]]:
    """A server in another process; what it did is filled in when it ends."""
    script = Path(__file__).with_name("soak_server.py")
    done: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.sqlite"
        command = [sys.executable, str(script), str(path), str(seed)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            yield json.loads(process.stdout.readline())["port"], done
            process.stdin.close()
            done.update(json.loads(process.stdout.readline()))
        ledger = sqlite3.connect(path)
        done["ledger"] = Counter(reference for (reference,) in ledger.execute("SELECT reference FROM executed"))
        ledger.close()


def prove(*, scale: float, seed: int) -> Section:
    """Makes 20,000 calls at full scale."""
    return run(round(CALLS * scale), seed, RetryPolicy())


def run(calls: int, seed: int, retry: RetryPolicy) -> Section:
    """Makes so many calls with this policy."""
    _LOGGER.addFilter(_nothing)
    try:
        # Bound and not listened on: nothing else gets the port, and connecting to it is refused.
        with socket.socket() as dead, serving(seed) as (port, done), warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always", ResourceWarning)
            dead.bind(("127.0.0.1", 0))
            soak = Soak(port, dead.getsockname()[1], seed, calls, retry)
            before, after = asyncio.run(_in_loop(soak))
    finally:
        _LOGGER.removeFilter(_nothing)
    failures = [*soak.notes.failures, *judge(seed, soak.notes, done["ledger"])]
    failures += judge_flat(soak.samples, most_sockets=(before.sockets or 0) + 2 * _CONNECTIONS)
    failures += [f"left to the garbage collector: {each.message}" for each in warned]
    if after.sockets != before.sockets:
        failures.append(f"{after.sockets} sockets are open at the end, {before.sockets} were before")
    if after.tasks != 1:
        failures.append(f"{after.tasks - 1} tasks are left at the end")
    if done["open"]:
        failures.append(f"the server still has {done['open']} connections of the closed clients")
    if len(failures) > _MOST_FAILURES:
        failures[_MOST_FAILURES:] = [f"and {len(failures) - _MOST_FAILURES} more"]
    return _section(seed, soak, done, (before, after), failures)


async def _in_loop(soak: Soak) -> tuple[Sample, Sample]:
    before = sample(0, len(asyncio.all_tasks()))
    await soak.run()
    return before, sample(soak.calls, await left_tasks())


def _nothing(_: logging.LogRecord) -> bool:
    """Keeps the log empty, where every call would be in it."""
    return False


def _section(seed: int, soak: Soak, done: dict[str, Any], ends: tuple[Sample, Sample], failures: list[str]) -> Section:
    by_kind: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
    for number, end in enumerate(soak.notes.ends):
        row = by_kind[plan_of(seed, number).kind]
        executed = done["ledger"][plan_of(seed, number).reference]
        row.update(("calls", End(end).name, "more" if executed > 1 else "once" if executed else "not"))
        row["interrupted"] += soak.notes.interrupted[number] or end == End.NEVER_BEGUN
    ends_shown = ("VALUE", "NOT_SENT", "REJECTED", "UNKNOWN", "ACCEPTED", "NEVER_BEGUN")
    shown = ("calls", *ends_shown, "interrupted", "not", "once", "more")
    rows = [(kind, *(f"{row[name]:,}" for name in shown)) for kind, row in by_kind.items()]
    rows.append(("**all**", *(f"{sum(row[name] for row in by_kind.values()):,}" for name in shown)))
    calls, blocks, resident = growth(soak.samples)
    faults = Counter(done["faults"])
    memory = "" if resident is None else f", and {resident / 2**20:.1f} MiB of real memory more"
    text = f"""
{soak.calls:,} calls from {_AT_ONCE} tasks over HTTP, seed {seed}, half of them paced; {faults.total():,} requests came
to the server, in another process, which did something else than to answer at once {faults.total() - faults["ok"]:,}
times, in {len(faults) - 1} ways. It commits what it carries out to a ledger before it answers. Reads may be carried out
more than once, and nothing else. What was interrupted was cancelled from outside, and its outcome is the one in the
note; a walk that was cancelled between its calls has none. Afterwards {ends[1].sockets} sockets were open,
{ends[0].sockets} before; {ends[1].tasks - 1} tasks were left; from the second to the last quarter, {calls:,} calls,
Python held {blocks:,} blocks of memory more{memory}.
"""
    columns = ("Call", "Calls", "Value", "`NOT_SENT`", "`REJECTED`", "`UNKNOWN`", "`ACCEPTED`")
    carried_out = ("Not begun", "Interrupted", "Not carried out", "Once", "More than once")
    return Section(title=TITLE, text=text, columns=columns + carried_out, rows=tuple(rows), failures=tuple(failures))
