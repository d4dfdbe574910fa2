"""The proof of pacing: it holds, and it fails where the client or its figures are wrong."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import Any

import attrs
import pytest

from mijnklantportaal_client import MijnKlantportaal, RetryPolicy
from mijnklantportaal_client._window import Window
from proof import pacing, pacing_jobs, pacing_rival, window_server
from proof.pacing_figures import FULL, Figure, Job, Size, in_time, judge, judge_time, run
from proof.pacing_jobs import Bench
from proof.window_site import Site, Told, running

SEED = 20261122
TINY = Size(calls=24, tasks=8, limit=12, per=1.0, others=4, share=6, most_ratio=1.25)
TOLD = Told(
    executed=10,
    refused=0,
    bursts=0,
    others_executed=0,
    others_refused=0,
    with_first=1,
    posts={"a": 1, "b": 1},
    phase=0.0,
)
FIGURE = Figure(
    name="A job",
    setting="rolling, 5 requests per 2 s, 3 tasks, seed 7",
    job=Job(calls=9, seconds=2.0, done=9, errors={}),
    told=TOLD,
    shortest=2.0,
    posts=("a", "b"),
    waits=(0.5,),
    most_refused=0,
    most_bursts=0,
    most_ratio=1.05,
    most_wait=1.0,
    alone=True,
)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """A running server in another process."""
    with running() as site:
        yield site


@pytest.mark.slow
def test_a_tenth() -> None:
    """Every job is done to its end, and no row is missing."""
    section = pacing.prove(scale=0.1, seed=SEED)
    assert section.failures == ()
    names, calls, refused = (tuple(row[cell] for row in section.rows) for cell in range(3))
    assert names == (
        "Rolling window, 6 tasks",
        "Fixed window, 6 tasks",
        "A batch on a copy, with a share of 40",
        "The same batch without a share",
        "Fixed window, begun in its middle",
        "Rolling window, a bare `asyncio.gather`",
        "Window that a request begins, a bare `asyncio.gather`",
        "Rolling window, POSTs among the calls",
        "Rolling window, 5 of it used by others",
        "Fixed window, 5 of it used by others",
        "Rolling window, limit changed from 15 to 7",
        "Rolling window, limit changed from 7 to 15",
        "Rolling window, 13 of it used just before",
        "Fixed window, 13 of it used just before",
        "httpx with stamina, defaults",
        "httpx with stamina, without an end",
        "httpx with stamina, `Retry-After` honoured, without an end",
    )
    assert [int(cell) for cell in calls] == [120, 120, 160, 40, *[45] * 6, 37, 37, 15, 15, *[45] * 3]
    assert [cell for row, cell in enumerate(refused) if row not in {8, 9, 10, 14, 15, 16}] == ["0"] * 11
    assert "seed 20261122" in section.text


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"job": Job(calls=10, seconds=2.0, done=9, errors={"APITimeoutError": 1})}, "9 of 10 calls succeeded"),
        ({"told": attrs.evolve(TOLD, executed=11)}, "10 calls succeeded, and the server carried out 11"),
        ({"told": attrs.evolve(TOLD, refused=1)}, "1 requests were refused with 429"),
        ({"bursts": 1}, "refused with 429 1 times, 0 in all"),
        ({"told": attrs.evolve(TOLD, posts={"a": 1, "b": 2})}, "not carried out exactly once: {'b': 2}"),
        ({"told": attrs.evolve(TOLD, posts={"a": 1})}, "not carried out exactly once: {'b': 0}"),
        ({"told": attrs.evolve(TOLD, posts={"a": 1, "b": 1, "c": 1})}, "not carried out exactly once: {'c': 1}"),
        ({"told": attrs.evolve(TOLD, with_first=2)}, "2 requests had come before the first was answered"),
    ],
)
def test_wrong_figures(change: dict[str, Any], found: str) -> None:
    """Whatever should not have happened is told, with what it takes to see it again."""
    (wrong,) = judge(attrs.evolve(FIGURE, **change))
    assert found in wrong
    assert wrong.endswith("(rolling, 5 requests per 2 s, 3 tasks, seed 7)")


def test_right_figures() -> None:
    """What is demanded may just be reached, and nothing is demanded of what is for comparison."""
    assert judge(FIGURE) == []
    assert judge_time(attrs.evolve(FIGURE, job=Job(calls=9, seconds=2.1, done=9, errors={}))) == []
    rival = attrs.evolve(FIGURE, most_refused=None, most_bursts=None, most_wait=None, most_ratio=None, alone=False)
    told = attrs.evolve(TOLD, executed=1, refused=500, posts={})
    job = Job(calls=9, seconds=60.0, done=1, errors={"HTTPStatusError": 8})
    rival = attrs.evolve(rival, has_to_end=False, told=told, job=job)
    assert judge(rival) == judge_time(rival) == []
    assert rival.row == ("A job", "9", "500", "60.00", "2.00", "30.000", "")


def measured(*figures: Figure) -> Callable[[], Awaitable[Figure]]:
    """A job that comes out so, time after time."""
    rest = iter(figures)

    async def measure() -> Figure:
        return next(rest)

    return measure


async def test_too_slow() -> None:
    """A job that is too slow is done three times at most, and the quickest counts."""
    slow, slower, quick = (
        attrs.evolve(FIGURE, job=attrs.evolve(FIGURE.job, seconds=seconds)) for seconds in (2.2, 2.3, 2.1)
    )
    best, wrong = await in_time(measured(slower, slow, slower))
    what = "A job: 2.20 s, 1.100 times the shortest possible 2.00 s, in the quickest of 3 tries"
    assert wrong == [f"{what} ({FIGURE.setting})"]
    assert best == attrs.evolve(slow, tries=3)
    assert await in_time(measured(slow, quick)) == (attrs.evolve(quick, tries=2), [])
    assert await in_time(measured(quick)) == (quick, [])


async def test_single_call_too_slow() -> None:
    """So is one beside which a single call waited too long, though it was quick itself."""
    slow = attrs.evolve(FIGURE, waits=(1.0,))
    _, wrong = await in_time(measured(slow, slow, slow))
    assert wrong == [f"A job: a single call waited 1.00 s, in the quickest of 3 tries ({FIGURE.setting})"]
    quick = attrs.evolve(FIGURE, job=attrs.evolve(FIGURE.job, seconds=2.1))
    assert await in_time(measured(slow, quick)) == (attrs.evolve(quick, tries=2), [])


async def test_refusal_counts_in_every_try() -> None:
    """A 429 is not made good by another try."""
    slow = attrs.evolve(FIGURE, job=attrs.evolve(FIGURE.job, seconds=2.2), told=attrs.evolve(TOLD, refused=1))
    _, wrong = await in_time(measured(slow, FIGURE))
    assert len(wrong) == 1
    assert "1 requests were refused with 429" in wrong[0]


def _freed_at_once(patch: pytest.MonkeyPatch) -> None:
    given_up = Window.given_up
    patch.setattr(Window, "given_up", lambda self, number, now: given_up(self, number, now - self.per))


def _thinks_it_knows(patch: pytest.MonkeyPatch) -> None:
    take = Window.take

    def bold(self: Window, now: float) -> int:
        self._blind = False
        return take(self, now)

    patch.setattr(Window, "take", bold)


def _not_shared(patch: pytest.MonkeyPatch) -> None:
    with_options = MijnKlantportaal.with_options

    def without_share(self: MijnKlantportaal, rate_limit: Any = None, **options: Any) -> MijnKlantportaal:
        return with_options(self, **options)

    patch.setattr(MijnKlantportaal, "with_options", without_share)


def _not_at_all(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Bench, "client", lambda self, account: account.client(None))


Plant = Callable[[pytest.MonkeyPatch], None]
Measure = Callable[[Bench], Awaitable[Figure]]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("plant", "job", "found"),
    [
        (_freed_at_once, partial(pacing_jobs.all_at_once, mode="first"), "requests were refused with 429"),
        (_freed_at_once, partial(pacing_jobs.beside, share=True), "requests were refused with 429"),
        (_not_shared, partial(pacing_jobs.beside, share=True), "a single call waited"),
        (_thinks_it_knows, partial(pacing_jobs.used_before, mode="rolling"), "before the first was answered"),
        (_not_at_all, pacing_jobs.with_posts, "requests were refused with 429"),
    ],
)
async def test_what_is_planted_is_found(
    monkeypatch: pytest.MonkeyPatch, site: Site, plant: Plant, job: Measure, found: str
) -> None:
    """A client with a mistake in it does not pass."""
    plant(monkeypatch)
    figure = await job(Bench(site, TINY, SEED))
    assert any(found in wrong for wrong in [*judge(figure), *judge_time(figure)])


@pytest.mark.slow
async def test_retry_only(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    """The client that only retries is refused; it honours `Retry-After`; and the log is quiet."""
    with caplog.at_level(logging.DEBUG, "stamina"), pacing_rival.quiet():
        figures = [await pacing_rival.retry_only(site, TINY, 1.0, way) for way in pacing_rival.WAYS[1:]]
    assert [(figure.job.done, figure.told.executed) for figure in figures] == [(24, 24)] * 2
    assert min(figure.told.refused for figure in figures) > 0
    assert caplog.records == []


async def test_bursts(site: Site) -> None:
    """Requests that were under way together are refused together, and those that follow are another time."""
    account, hook = site.account("rolling", 2, 60.0), pacing_jobs.Bursts(turn=0.0)
    async with account.client(None, retry=RetryPolicy(max_attempts=1), hooks=[hook]) as portal:
        for together, number in ((2, 0), (6, 1), (3, 2)):
            await run(pacing_jobs.reading(portal), together, together)
            assert hook.number == number
    assert account.told().refused == 9


def test_shortest(site: Site) -> None:
    """It is the windows that have to pass, and the part that is left over."""
    bench = Bench(site, FULL, SEED)
    bench.unpaced = 0.3
    assert bench.shortest(300, 60) == pytest.approx(8.3)
    assert bench.shortest(300, 40) == pytest.approx(14.1)
    assert bench.shortest(60, 60) == pytest.approx(0.3)
    assert bench.shortest(61, 60) == pytest.approx(2.005)


@pytest.mark.parametrize(
    ("mode", "used", "free_at"),
    [
        ("rolling", [2, 2, 1, 1, 0], 90.0),
        ("fixed", [0, 0, 0, 0, 0], 60.0),
        ("first", [2, 2, 0, 0, 0], 90.0),
        ("open", [0, 0, 0, 0, 0], None),
    ],
)
def test_windows(mode: str, used: list[int], free_at: float | None) -> None:
    """What counts of a request at 30 and one at 59 seconds, in windows of a minute."""
    window = window_server.Window(mode, 60.0)
    for moment in (30.0, 59.0):
        window.used(moment)
        window.add(moment)
    assert window.used(59.9) == (0 if mode == "open" else 2)
    assert free_at is None or window.free_at(2) == free_at
    assert [window.used(moment) for moment in (60.0, 89.9, 90.0, 118.9, 119.0)] == used


def test_changed_limit() -> None:
    """A limit changes with the number of requests that were carried out, and refusals count as bursts."""
    account = window_server.Account("rolling", 4, 60.0, 1.0)
    account.do("limit", "2", "3")
    answers = [account.answer("GET", b"") for _ in range(5)]
    assert [answer[9:12] for answer in answers] == [b"200", b"200", b"200", b"429", b"429"]
    assert [b"\r\nX-RateLimit-Limit: 2\r\n" in answer for answer in answers] == [False, False, False, True, True]
    assert b"\r\nX-RateLimit-Remaining: 1\r\n" in answers[2]
    assert b"\r\nRetry-After: 60\r\n" in answers[3]
    assert account.do("tell")["bursts"] == 1
    account.do("pass", "60")
    assert [account.answer("GET", b"")[9:12] for _ in range(3)] == [b"200", b"200", b"429"]
    assert {name: count for name, count in account.do("tell").items() if name != "phase"} == {
        "our_executed": 5,
        "our_refused": 3,
        "bursts": 2,
        "posts": {},
    }
