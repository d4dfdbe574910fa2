"""The proof of pacing by several processes: it holds, and it fails where the client is wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import partial

import attrs
import pytest

from proof import pacing_redis, redis_site, window_site
from proof.pacing_figures import Figure, Job, Size, judge, judge_time
from proof.pacing_redis import PROCESSES, SharedBench
from proof.redis_site import RedisSite
from proof.window_site import Site, Told

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not redis_site.is_there(), reason=redis_site.WHY_NOT),
]

SEED = 20261122
TINY = Size(calls=24, tasks=8, limit=12, per=0.5, others=4, share=6, most_ratio=1.5)
GRANTS_TWICE = """
from mijnklantportaal_client._redis_desk import Desk
answered = Desk.answered
Desk.answered = lambda self, place, limit, remaining: answered(self, place, 2 * limit, 2 * remaining)
"""
GRANTS_A_THIRD = GRANTS_TWICE.replace("2 * limit, 2 * remaining", "limit // 3, remaining // 3")
EACH_BY_ITSELF = """
from mijnklantportaal_client._pacing import Registry
Registry.shared = lambda self, server, per, requests, redis: self.base(server, per)
"""
FAILS_WITHOUT_REDIS = """
from mijnklantportaal_client._redis_desk import Desk
acquire = Desk.acquire
async def bold(self, max_wait):
    if self._line.server.away:
        raise LookupError("no server")
    return await acquire(self, max_wait)
Desk.acquire = bold
"""


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """A running server with a limit."""
    with window_site.running() as site:
        yield site


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisSite]:
    """A running Redis server."""
    with redis_site.running() as site:
        yield site


Flawed = Callable[[str], SharedBench]


@pytest.fixture
async def flawed(site: Site, redis: RedisSite) -> AsyncIterator[Flawed]:
    """Makes processes that have a mistake in them, and ends them."""
    made: list[SharedBench] = []

    def make(plant: str) -> SharedBench:
        code = f"import runpy\n{plant}\nrunpy.run_module('proof.pacing_redis_worker', run_name='__main__')\n"
        made.append(SharedBench(site, redis, TINY, SEED, ("-c", code)))
        return made[-1]

    yield make
    for bench in made:
        await bench.workers.close()


def test_a_tenth() -> None:
    """Four processes share one window without a refusal, whatever happens to one of them or to Redis."""
    section = pacing_redis.prove(scale=0.1, seed=SEED)
    assert section.failures == ()
    names, calls, refused = (tuple(row[cell] for row in section.rows) for cell in range(3))
    assert names == (
        "Rolling window",
        "Fixed window",
        "Rolling window, each process by itself",
        "55 of it used just before",
        "20 of it used by others",
        "One process killed",
        "Redis stopped and started again",
    )
    assert calls == ("120", "120", "120", "60", "120", "90", "120")
    assert [refused[row] for row in (0, 1, 3, 5)] == ["0"] * 4
    assert int(refused[2]) > 0
    assert f"seed {SEED}, by {PROCESSES} processes of 4 tasks each" in section.text


@pytest.mark.parametrize(
    ("plant", "job", "found"),
    [
        (GRANTS_TWICE, partial(pacing_redis.steady, mode="rolling"), "requests were refused with 429"),
        (GRANTS_A_THIRD, partial(pacing_redis.steady, mode="rolling"), "times the shortest possible"),
        (EACH_BY_ITSELF, pacing_redis.used_before, "requests were refused with 429"),
        (FAILS_WITHOUT_REDIS, pacing_redis.with_outage, "the others ended with {'LookupError': "),
    ],
    ids=["grants twice", "grants a third", "each by itself", "fails without Redis"],
)
async def test_what_is_planted_is_found(
    flawed: Flawed, plant: str, job: Callable[[SharedBench], Awaitable[Figure]], found: str
) -> None:
    """Processes with a mistake in them do not pass."""
    figure = await job(flawed(plant))
    wrong = [*judge(figure), *judge_time(figure), *pacing_redis.complete(figure)]
    assert any(found in each for each in wrong), wrong
    assert f"seed {SEED}, 4 processes" in figure.setting


async def test_workers_without_a_mistake_pass(flawed: Flawed) -> None:
    """With nothing planted the same jobs are right, and one that was killed has a successor."""
    bench = flawed("")
    for job in (partial(pacing_redis.steady, mode="rolling"), pacing_redis.with_death, pacing_redis.used_before):
        figure = await job(bench)
        assert [*judge(figure), *pacing_redis.complete(figure)] == []
        assert figure.told.refused == 0


def test_a_job_that_is_not_done() -> None:
    """Calls that failed are told, and where a process was killed its own do not count."""
    told = Told(executed=9, refused=0, bursts=0, others_executed=0, others_refused=0, with_first=1, posts={}, phase=0.0)
    done = Figure(name="A job", setting="", job=Job(calls=9, seconds=1.0, done=9, errors={}), told=told)
    assert pacing_redis.complete(done) == []
    job = Job(calls=9, seconds=1.0, done=8, errors={"APITimeoutError": 1})
    assert pacing_redis.complete(attrs.evolve(done, job=job)) == [
        "A job: 8 of 9 calls succeeded, the others ended with {'APITimeoutError': 1}"
    ]
