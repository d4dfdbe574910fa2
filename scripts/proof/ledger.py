"""Billing runs that are killed again and again: is every invoice made once?

`python scripts/prove.py --only ledger` runs it in full.
"""

from __future__ import annotations

import json
import multiprocessing
import random
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path

import attrs

from mijnklantportaal_client.testing import RemoteSandbox

from .ledger_worker import CUSTOMER_ID, Job, numbers, work
from .report import Section

TITLE = "Killed billing runs"
CREATE = "customer_invoices.create_from_lines"
_COMPLETE, _LEFT = 0, 3
_PATIENCE = 300.0
_MOST_STARTS = 100


@attrs.frozen(kw_only=True)
class Size:
    """How much is done.

    Attributes:
        invoices: How many each run makes.
        runs: How many runs of each kind there are.
        kills: How often processes of all runs of a kind are killed at a random point.
        alive: The longest time until that, in seconds.
        settle: As for the ledger.
    """

    invoices: int
    runs: int
    kills: int
    alive: float
    settle: float


FULL = Size(invoices=300, runs=4, kills=200, alive=0.5, settle=0.5)
TENTH = Size(invoices=20, runs=1, kills=4, alive=0.3, settle=0.2)
_SOME = ("before save sending", "after save sending", "before save done")


@attrs.define(kw_only=True)
class Tally:
    """What came of the runs of one kind.

    Attributes:
        name: The kind.
        runs: How many there were.
        wanted: How many invoices there should be.
        kills: How often a process was killed.
        starts: How often one was started.
        troubles: How many requests the server failed or dropped on purpose.
        made: How many invoices there are.
        twice: How many of these are one too many.
        missing: How many are missing.
        points: The kinds of awaits to be killed at, if it is about these.
        killed_at: Those where that was done.
    """

    name: str
    points: set[str] = attrs.field(factory=set)
    killed_at: set[str] = attrs.field(factory=set)
    runs: int = 0
    wanted: int = 0
    kills: int = 0
    starts: int = 0
    troubles: int = 0
    made: int = 0
    twice: int = 0
    missing: int = 0

    def count(self, made: list[str], wanted: list[str]) -> None:
        """Adds what the server has after a run."""
        found = Counter(made)
        self.runs += 1
        self.wanted += len(wanted)
        self.made += len(made)
        self.twice += len(made) - len(found)
        self.missing += len(set(wanted) - found.keys())

    @property
    def row(self) -> tuple[str, ...]:
        """Its row of the table."""
        numbers = (self.runs, self.kills, self.troubles, self.wanted, self.made, self.twice, self.missing)
        return (self.name, *map(str, numbers))


class Bench:
    """A sandbox in another process, and the processes that work against it."""

    def __init__(self, sandbox: RemoteSandbox, size: Size, seed: int) -> None:
        self._sandbox = sandbox
        self._size = size
        self._random = random.Random(seed)  # noqa: S311 - a moment to die is no secret
        self._context = multiprocessing.get_context("forkserver")
        # A process that has loaded everything begins at once, and can be killed early.
        self._context.set_forkserver_preload(["proof.ledger_worker"])

    def points(self) -> list[str]:
        """The kinds of awaits that a run meets, with troubles and without."""
        with self._begun("points") as job:
            for when in ("before", "after"):
                self._sandbox.drop(CREATE, when=when, times=2)
            self._sandbox.fail(CREATE, status=422, times=1)
            process = self._start(attrs.evolve(job, invoices=30, point="none"))
            assert self._ended(process) in (_COMPLETE, _LEFT)
            # What a restart meets.
            assert self._ended(self._start(attrs.evolve(job, invoices=30, point="before save done"))) in (-9, _COMPLETE)
            found: list[str] = json.loads((Path(job.folder) / "points.json").read_text(encoding="utf-8"))
            return found

    def random_kills(self, name: str, *, way: str = "ledger", processes: int = 1) -> Tally:
        """Runs whose processes are killed at random moments."""
        tally = Tally(name=name)
        # Where a run was done before it was killed as often as it should be, another one follows.
        while tally.runs < self._size.runs or tally.kills < self._size.kills:
            with self._begun(way) as job, _rain(self._sandbox, self._random.random(), tally):
                kills = -(-(self._size.kills - tally.kills) // max(1, self._size.runs - tally.runs))
                living: dict[int, tuple[BaseProcess, float]] = {}
                complete: set[int] = set()
                while len(complete) < processes:
                    for place in set(range(processes)) - living.keys() - complete:
                        alive = self._random.uniform(0, self._size.alive) if kills > 0 else _PATIENCE
                        kills -= 1
                        living[place] = (self._start(attrs.evolve(job, way=way)), time.monotonic() + alive)
                        tally.starts += 1
                        assert tally.starts < _MOST_STARTS * (tally.runs + 1), "a run does not end"
                    time.sleep(0.002)
                    for place, (process, end) in list(living.items()):
                        if process.exitcode is None and time.monotonic() >= end:
                            process.kill()
                            tally.kills += 1
                            self._ended(process)
                        if process.exitcode is not None:
                            del living[place]
                            if process.exitcode == _COMPLETE:
                                complete.add(place)
                            assert process.exitcode in (_COMPLETE, _LEFT, -9), f"a worker ended with {process.exitcode}"
                            process.close()
            self._count(tally, job)
        return tally

    def kills_at(self, points: list[str], name: str) -> Tally:
        """Runs that are killed once at each kind of await, in any order; each time there is a little more to do."""
        tally = Tally(name=name, points=set(points))
        for _ in range(max(1, self._size.runs // 2)):
            left = self._random.sample(points, len(points))
            with self._begun("points") as job:
                # Once more for those that were not met, such as what comes of a death only.
                for number, point in enumerate([*left, *left]):
                    if point in tally.killed_at and number >= len(left):
                        continue
                    tally.troubles += self._make_trouble()
                    part = max(5, self._size.invoices * (number + 1) // (2 * len(left)))
                    process = self._start(attrs.evolve(job, invoices=part, point=point))
                    tally.starts += 1
                    if self._ended(process) == -9:
                        tally.kills += 1
                        tally.killed_at.add(point)
                self._sandbox.calm()
                while self._ended(self._start(job)) != _COMPLETE:
                    tally.starts += 1
            self._count(tally, job)
        return tally

    def _make_trouble(self) -> int:
        self._sandbox.calm()
        self._sandbox.drop(CREATE, when="after")
        self._sandbox.fail(CREATE, status=422)
        self._sandbox.fail(CREATE, status=503, when="after")
        return 3

    @contextmanager
    def _begun(self, way: str) -> Generator[Job, None, None]:
        self._sandbox.reset()
        self._sandbox.limit_rate(None)
        self._sandbox.state.customers.add(id=CUSTOMER_ID)
        with tempfile.TemporaryDirectory() as folder:
            yield Job(
                url=self._sandbox.base_url,
                folder=folder,
                invoices=self._size.invoices,
                way="retry" if way == "retry" else "ledger",
                settle=self._size.settle,
            )

    def _start(self, job: Job) -> BaseProcess:
        process = self._context.Process(target=work, args=(job,), daemon=True)
        process.start()
        return process

    @staticmethod
    def _ended(process: BaseProcess) -> int | None:
        process.join(_PATIENCE)
        assert process.exitcode is not None, "a worker does not end"
        return process.exitcode

    def _count(self, tally: Tally, job: Job) -> None:
        made = [str(invoice.invoice_number) for invoice in self._sandbox.state.customer_invoices]
        tally.count(made, numbers(job))


@contextmanager
def _rain(sandbox: RemoteSandbox, seed: float, tally: Tally) -> Generator[None, None, None]:
    """Lets answers get lost at random, most of them after the request was carried out."""
    rng = random.Random(seed)  # noqa: S311 - trouble is no secret
    over = threading.Event()

    def fall() -> None:
        while not over.wait(rng.uniform(0.02, 0.2)):
            # One at a time: what nobody has met yet would pile up.
            sandbox.calm()
            kind = rng.choice(["lost", "lost", "never came", "failed late", "failed", "refused"])
            if kind in ("lost", "never came"):
                sandbox.drop(CREATE, when="after" if kind == "lost" else "before")
            elif kind == "refused":
                sandbox.fail(CREATE, status=429, headers={"Retry-After": "0"})
            else:
                sandbox.fail(CREATE, status=503, when="after" if kind == "failed late" else "before")
            tally.troubles += 1

    thread = threading.Thread(target=fall)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        sandbox.calm()


def judge(tally: Tally) -> list[str]:
    """What is wrong with runs on a ledger."""
    found = [f"{tally.name}: {tally.twice} invoices too many"] if tally.twice else []
    found += [f"{tally.name}: {tally.missing} invoices missing"] if tally.missing else []
    found += [f"{tally.name}: nobody was killed {point}" for point in sorted(tally.points - tally.killed_at)]
    return found + ([] if tally.kills else [f"{tally.name}: nobody was killed"])


def prove(*, scale: float, seed: int) -> Section:
    """Runs them in full, or with a smaller scale a few small ones."""
    begun = time.monotonic()
    size = FULL if scale >= 1 else TENTH
    with RemoteSandbox.start(rate_limit=None) as sandbox:
        bench = Bench(sandbox, size, seed)
        some = bench.points() if scale >= 1 else list(_SOME)
        tallies = [
            bench.random_kills("Ledger, killed at random"),
            bench.kills_at(some, "Ledger, killed at each kind of await"),
            bench.random_kills("Ledger, two processes, each killed at random", processes=2),
        ]
        plain = bench.random_kills("Plain retry, killed at random", way="retry")
    failures = [failure for tally in tallies for failure in judge(tally)]
    text = f"""
{size.invoices} invoices a run, by processes that were killed with -9 and started again until the batch was complete,
against a sandbox in another process; meanwhile it lost and failed answers, half of them after the invoice had been
made. Killed at a random moment within {size.alive:g} s of its start; or at each of {len(some)} kinds of awaits: before
and after each read and write of the ledger by state, the token, each step of a connection, of a request and of an
answer, and each wait. `settle` was {size.settle:g} s. "Plain retry" is the loop that people write: what fails is tried
again, and a file says what is done. It took {time.monotonic() - begun:.0f} s.
"""
    columns = ("Way", "Runs", "Kills", "Troubles", "Wanted", "On the server", "Twice", "Missing")
    rows = tuple(tally.row for tally in (*tallies, plain))
    return Section(title=TITLE, text=text, columns=columns, rows=rows, failures=tuple(failures))
