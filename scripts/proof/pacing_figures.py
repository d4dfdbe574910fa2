"""What is measured of a job under a rate limit, and what is demanded of it."""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from .window_site import Told

COLUMNS = ("Job", "Calls", "429s", "Seconds", "Shortest possible", "Ratio", "Notes")
Call = Callable[[int], Awaitable[object]]


@attrs.frozen(kw_only=True)
class Size:
    """How large the jobs are.

    Attributes:
        calls: Calls of a job.
        tasks: Tasks that make them.
        limit: Requests in a window.
        per: Its seconds.
        others: Those of them that somebody else with the same token uses, where somebody does.
        share: Those that a copy may use, where it has a share.
        most_ratio: How many times the shortest possible time a job may take.
    """

    calls: int
    tasks: int
    limit: int
    per: float
    others: int
    share: int
    most_ratio: float = 1.05

    @property
    def step(self) -> float:
        """What the server rounds waits up to, which is to the window what a second is to a minute."""
        return self.per / 60

    def waits(self, calls: int, limit: int) -> float:
        """The seconds of the windows that have to pass before the last of so many calls can be sent."""
        return (math.ceil(calls / limit) - 1) * self.per


FULL = Size(calls=300, tasks=30, limit=60, per=2.0, others=20, share=40)
# For a machine that does other things too: little enough that not a whole window can be lost.
TENTH = Size(calls=120, tasks=6, limit=60, per=2.0, others=20, share=40, most_ratio=1.5)
# For many jobs at once, whose time is not for the figures.
SMALL = Size(calls=45, tasks=6, limit=15, per=0.8, others=5, share=10, most_ratio=1.5)


@attrs.frozen(kw_only=True)
class Job:
    """What came of many calls.

    Attributes:
        errors: How many ended with which error.
    """

    calls: int
    seconds: float
    done: int
    errors: dict[str, int]


async def run(call: Call, calls: int, tasks: int | None = None) -> Job:
    """Makes so many calls from so many tasks, each with its number; without tasks, all at once."""
    done = 0
    errors: Counter[str] = Counter()

    async def work(numbers: Iterator[int]) -> None:
        nonlocal done
        for number in numbers:
            try:
                await call(number)
            except Exception as error:  # noqa: BLE001 - a client that retries only ends with errors of other libraries
                errors[type(error).__name__] += 1
            else:
                done += 1

    numbers = iter(range(calls))
    begun = time.monotonic()
    await asyncio.gather(*(work(numbers) for _ in range(tasks or calls)))
    return Job(calls=calls, seconds=time.monotonic() - begun, done=done, errors=dict(errors))


@attrs.frozen(kw_only=True)
class Figure:
    """A row of the table, and what has to hold for it.

    Attributes:
        setting: What it takes to run it again.
        told: What the server counted.
        shortest: The shortest possible time.
        posts: The POSTs among the calls, as the server tells them apart.
        waits: How long each call waited for its turn that was made beside the job.
        bursts: How many times there were 429s; those of requests that were under way together are one time.
        tries: How often the job was run; this is the quickest of them.
        also: What else there is to say.
        most_refused: How many 429s there may be; None for any number.
        most_bursts: How many times there may be some.
        most_ratio: How many times the shortest time it may take.
        most_wait: It has to be less than so many seconds.
        alone: Whether the first request has to go alone.
        has_to_end: Whether every call has to succeed.
    """

    name: str
    setting: str
    job: Job
    told: Told
    shortest: float | None = None
    posts: tuple[str, ...] = ()
    waits: tuple[float, ...] = ()
    bursts: int = 0
    tries: int = 1
    also: str = ""
    most_refused: int | None = None
    most_bursts: int | None = None
    most_ratio: float | None = None
    most_wait: float | None = None
    alone: bool = False
    has_to_end: bool = True

    @property
    def ratio(self) -> float | None:
        """Times the shortest possible time."""
        return None if self.shortest is None else self.job.seconds / self.shortest

    @property
    def row(self) -> tuple[str, ...]:
        """Its cells."""
        shortest = "" if self.shortest is None else f"{self.shortest:.2f}"
        ratio = "" if self.ratio is None else f"{self.ratio:.3f}"
        refused = str(self.told.refused)
        return (self.name, str(self.job.calls), refused, f"{self.job.seconds:.2f}", shortest, ratio, self.also)


def judge(figure: Figure) -> list[str]:
    """What should not have happened, apart from the time it took."""
    job, told = figure.job, figure.told
    wrong: list[str] = []
    if figure.has_to_end and (job.done != job.calls or job.errors):
        wrong.append(f"{job.done} of {job.calls} calls succeeded, the others ended with {job.errors}")
    if figure.has_to_end and told.executed != job.done + len(figure.waits):
        wrong.append(f"{job.done + len(figure.waits)} calls succeeded, and the server carried out {told.executed}")
    if figure.most_refused is not None and told.refused > figure.most_refused:
        wrong.append(f"{told.refused} requests were refused with 429")
    if figure.most_bursts is not None and figure.bursts > figure.most_bursts:
        wrong.append(f"requests were refused with 429 {figure.bursts} times, {told.refused} in all")
    if figure.alone and told.with_first != 1:
        wrong.append(f"{told.with_first} requests had come before the first was answered")
    odd = {name: told.posts.get(name, 0) for name in {*figure.posts, *told.posts}}
    odd = {name: times for name, times in sorted(odd.items()) if times != 1 or name not in figure.posts}
    if figure.has_to_end and odd:
        wrong.append(f"POSTs that were not carried out exactly once: {odd}")
    return [f"{figure.name}: {what} ({figure.setting})" for what in wrong]


def judge_time(figure: Figure) -> list[str]:
    """Whether it took too long, or something beside it did, which may be the fault of the machine."""
    wrong: list[str] = []
    if figure.most_ratio is not None and figure.ratio is not None and figure.ratio > figure.most_ratio:
        shortest = f"{figure.ratio:.3f} times the shortest possible {figure.shortest:.2f} s"
        wrong.append(f"{figure.job.seconds:.2f} s, {shortest}")
    if figure.most_wait is not None and max(figure.waits) >= figure.most_wait:
        wrong.append(f"a single call waited {max(figure.waits):.2f} s")
    tries = f"in the quickest of {figure.tries} tries"
    return [f"{figure.name}: {what}, {tries} ({figure.setting})" for what in wrong]


async def in_time(measure: Callable[[], Awaitable[Figure]], tries: int = 3) -> tuple[Figure, list[str]]:
    """Measures again where something took too long; whatever else is wrong counts in every try.

    Returns:
        The one where nothing did, or else the quickest; and everything that is wrong.
    """
    figures: list[Figure] = []
    wrong: list[str] = []
    while len(figures) < tries:
        figures.append(await measure())
        wrong += judge(figures[-1])
        if not judge_time(figures[-1]):
            break
    best = min(figures, key=lambda figure: (len(judge_time(figure)), figure.ratio or 0.0))
    best = attrs.evolve(best, tries=len(figures))
    return best, [*wrong, *judge_time(best)]
