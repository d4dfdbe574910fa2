"""What several processes that share a window through Redis may do, and when."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from mijnklantportaal_client._clock import Clock
from mijnklantportaal_client._line import TooLongError
from mijnklantportaal_client._pacing import Server
from mijnklantportaal_client._redis import RedisLine
from tests.redis_pacing.conftest import Leaps, asked, told
from tests.waiting import PATIENCE, turns, until

Lines = Callable[..., list[RedisLine]]
Async = Callable[..., Awaitable[Any]]
TAKER = Path(__file__).with_name("taker.py")


async def test_under_contention_no_slot_is_given_twice(redis: Any, lines: Lines, make_api: Any, clock: Leaps) -> None:
    """A hundred tasks of four processes want a slot each, of twenty in a window; the server refuses none."""
    api = make_api(20, 60.0, clock)
    four = lines(redis, 4, clock=clock)
    calls = asyncio.gather(*(api.call(line) for _ in range(25) for line in four))
    for number in range(1, 5):
        await api.took(20 * number)
        await told(*four)
        await clock.passes(50, *four)
        assert len(api.times) == 20 * number
        await clock.passes(11, *four)
    await calls
    assert (len(api.times), api.refused) == (100, 0)


async def test_the_first_request_of_all_goes_alone(redis: Any, lines: Lines, take: Async) -> None:
    """Nobody knows anything of the last window, until an answer tells how much of it is left."""
    one, other = lines(redis, 2)
    (first,) = await take(one)
    assert await take(other) == []
    assert await take(one) == []
    one.answered(first, 10, 4)
    await told(one)
    assert len(await take(other)) == 4
    assert await take(one) == []


async def test_everybody_waits_for_the_first_answer_and_goes_on_with_it(redis: Any, lines: Lines) -> None:
    """Those of other processes hear of it within moments, though they may look only now and then."""
    three = lines(redis, 3, per=3600.0)
    calls = [asyncio.create_task(line.acquire(None)) for line in three]
    await until(lambda: any(call.done() for call in calls))
    (first,) = [number for number, call in enumerate(calls) if call.done()]
    await asked(*three[:first], *three[first + 1 :], times=2)
    assert [call.done() for call in calls].count(True) == 1
    three[first].answered(calls[first].result(), 60, 59)
    await until(lambda: all(call.done() for call in calls))


async def test_a_probe_that_teaches_nothing_is_followed_by_another(redis: Any, lines: Lines, take: Async) -> None:
    """A request that was put back before the network was tried leaves everything unknown."""
    one, other = lines(redis, 2)
    (first,) = await take(one)
    one.put_back(first, tried=False)
    await told(one)
    (second,) = await take(other)
    assert await take(one) == []
    other.put_back(second, tried=True)
    await told(other)
    assert len(await take(one)) == 60


async def test_a_slot_is_free_one_window_after_its_answer(redis: Any, lines: Lines, learn: Async, clock: Leaps) -> None:
    """Not after it was sent, and for everybody."""
    one, other = lines(redis, 2, clock=clock, lease=600.0)

    async def takes_a_window(line: RedisLine) -> Any:
        waiting = asyncio.create_task(line.acquire(None))
        await until(lambda: bool(line._desks) and redis.read("waiting"))
        await clock.passes(50, line)
        assert not waiting.done()
        await clock.passes(11, line)
        return await waiting

    await learn(one, 1)
    await told(one)
    place = await takes_a_window(other)
    clock.leap(50)
    other.answered(place, 1, 0)
    await told(other)
    await takes_a_window(one)


async def test_the_limit_is_learned_from_an_answer_to_anybody(
    redis: Any, lines: Lines, learn: Async, take: Async
) -> None:
    """It may be lower than what is known, or higher."""
    one, other = lines(redis, 2)
    await learn(one, 3)
    taken = await take(other)
    assert len(taken) == 2
    other.answered(taken[0], 8, 5)
    await told(other)
    assert len(await take(one)) == 5


async def test_a_ceiling_holds_for_all_together(redis: Any, lines: Lines, learn: Async, take: Async) -> None:
    """However many somebody else uses of the limit, which the ceiling does not count."""
    one, other = lines(redis, 2, ceiling=5)
    await learn(one, 60, remaining=20)
    assert len(await take(one, 2)) == 2
    assert len(await take(other)) == 2
    assert await take(one) == []


async def test_what_somebody_else_uses_is_counted(redis: Any, lines: Lines, learn: Async, take: Async) -> None:
    """With the same key, and without this package: an answer tells how much is left."""
    one, other = lines(redis, 2)
    await learn(one, 10)
    (place,) = await take(other, 1)
    other.answered(place, 10, 5)
    await told(other)
    assert len(await take(one)) == 5
    assert await take(other) == []


async def test_an_answer_is_no_news_of_slots_that_became_free_after_its_request(
    redis: Any, lines: Lines, learn: Async, clock: Leaps
) -> None:
    """A request that takes long tells of a moment when they were still used, by this process and nobody else."""
    (line,) = lines(redis, clock=clock, lease=600.0)
    await learn(line, 5)
    early = await line.acquire(None)
    slow = await line.acquire(None)
    line.answered(early, 5, 3)
    await told(line)
    clock.leap(61)
    line.answered(slow, 5, 2)
    await told(line)
    assert redis.read("foreign") == {}
    assert float(redis.read("state")["foreign_until"]) == 0


async def test_a_refusal_pauses_everybody_and_one_tries_first(
    redis: Any, lines: Lines, learn: Async, clock: Leaps
) -> None:
    """Two processes, each with several who wait; the pause ends with the reset."""
    one, other = lines(redis, 2, per=3600.0, clock=clock)
    await learn(one, 60)
    unlucky = await one.acquire(None)
    one.refused(unlucky, 18.0)
    await told(one)
    calls = {asyncio.create_task(line.acquire(None)): line for line in (one, other) for _ in range(3)}
    await until(lambda: len(redis.read("waiting")) == 2)
    # Not less than a sixtieth of the window.
    await clock.passes(40, one, other)
    assert not any(call.done() for call in calls)
    await clock.passes(21, one, other)
    await until(lambda: any(call.done() for call in calls))
    (probe,) = [call for call in calls if call.done()]
    await asked(one, other)
    assert [call for call in calls if call.done()] == [probe]
    calls[probe].answered(probe.result(), 60, 50)
    await asyncio.gather(*calls)


async def test_refusals_in_a_row_pause_longer_and_longer(redis: Any, lines: Lines, clock: Leaps) -> None:
    """Where the server says no time, or one that does not help; those under way together are one refusal."""
    (line,) = lines(redis, per=3600.0, clock=clock)
    pauses: list[float] = []
    for _ in range(3):
        place = await line.acquire(None)
        line.refused(place, 0.0)
        await told(line)
        state = redis.read("state")
        pauses.append((float(state["pause"]) - float(state["seen"])) / 1e6)
        clock.leap(pauses[-1] + 1)
    assert pauses == [pytest.approx(60.0, abs=20.0), pytest.approx(120.0, abs=20.0), pytest.approx(240.0, abs=20.0)]


async def test_refused_together_is_refused_once(redis: Any, lines: Lines, learn: Async, take: Async) -> None:
    """By two processes, with requests that were under way at the same time."""
    one, other = lines(redis, 2)
    await learn(one, 60)
    places = [(line, place) for line in (one, other) for place in await take(line, 3)]
    for line, place in places:
        line.refused(place, 5.0)
    await told(one, other)
    assert int(redis.read("state")["refusals"]) == 1
    # None of them counts as used.
    assert len(redis.read("used")) == 1
    assert redis.read("flying") == {}


async def test_what_did_not_go_is_free_at_once(redis: Any, lines: Lines, learn: Async, take: Async) -> None:
    """In every process."""
    one, other = lines(redis, 2)
    await learn(one, 3)
    first, second = await take(one)
    assert await take(other) == []
    one.put_back(first, tried=True)
    one.given_up(second)
    await told(one)
    assert len(await take(other)) == 1
    assert len(redis.read("used")) == 2


async def test_first_come_first_served(redis: Any, lines: Lines, learn: Async, clock: Leaps) -> None:
    """Within a process, also where some give up."""
    (line,) = lines(redis, clock=clock)
    await learn(line, 2)
    order: list[int] = []

    async def wait(number: int) -> None:
        place = await line.acquire(None)
        order.append(number)
        line.answered(place, 2, None)

    waiting = [asyncio.create_task(wait(number)) for number in range(7)]
    await until(lambda: order)
    waiting[1].cancel()
    waiting[3].cancel()
    for _ in range(2):
        await told(line)
        await clock.passes(61, line)
    await asyncio.wait(waiting)
    assert order == [0, 2, 4, 5, 6]


async def test_no_process_starves(redis: Any, lines: Lines, make_api: Any, clock: Leaps) -> None:
    """A single call in one process comes in between many of another one: it waits for one window, and not for two."""
    api = make_api(10, 60.0, clock)
    greedy, modest = lines(redis, 2, clock=clock)
    batch = asyncio.gather(*(api.call(greedy) for _ in range(80)))
    for number in range(1, 5):
        await api.took(10 * number)
        single = asyncio.create_task(api.call(modest))
        await until(lambda: len(redis.read("waiting")) == 2)
        await clock.passes(50, greedy, modest)
        assert not single.done()
        await clock.passes(11, greedy, modest)
        await single
    assert not batch.done()
    for number in range(5, 9):
        await api.took(10 * number)
        await told(greedy)
        await clock.passes(61, greedy)
    await batch
    assert (len(api.times), api.refused) == (84, 0)


async def test_a_killed_process_gives_its_slots_back(
    redis: Any, lines: Lines, learn: Async, take: Async, clock: Leaps
) -> None:
    """They count as used from the end of their lease, as nobody knows what became of them."""
    (line,) = lines(redis, per=600.0, lease=2.0, clock=clock)
    await learn(line, 5)
    await told(line)
    arguments = [redis.url, "https://api.example.com/v1", "api-key-0123456789abcdef", "600", "2", "4"]
    command = [sys.executable, str(TAKER), *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as taker:  # noqa: ASYNC220 - begins at once
        try:
            assert taker.stdout is not None
            assert await asyncio.to_thread(taker.stdout.readline) == b"taken\n"
            # It lives, and renews them beyond the end of all their leases.
            ends = redis.read("flying").values()
            await until(lambda: min(redis.read("flying").values()) > max(ends) + 2e6)
            assert await take(line) == []
        finally:
            taker.kill()
    clock.leap(3)
    assert await take(line) == []
    clock.leap(500)
    assert await take(line) == []
    clock.leap(110)
    assert len(await take(line)) == 5


async def test_a_request_that_takes_longer_than_a_lease_keeps_its_slot(
    redis: Any, lines: Lines, learn: Async, take: Async
) -> None:
    """As long as its process lives."""
    one, other = lines(redis, 2, lease=0.3)
    await learn(one, 2)
    (place,) = await take(one)
    (end,) = redis.read("flying").values()
    await until(lambda: max(redis.read("flying").values()) > end + 0.3e6)
    assert await take(other) == []
    await until(lambda: len(redis.read("flying")) == 1)
    one.put_back(place, tried=True)
    await told(one)
    assert len(await take(other)) == 1


async def test_an_answer_after_the_end_of_the_lease_counts(
    redis: Any, lines: Lines, learn: Async, clock: Leaps
) -> None:
    """The process was held up, and could not renew it."""
    (line,) = lines(redis, lease=2.0, clock=clock)
    await learn(line, 60)
    place = await line.acquire(None)
    clock.leap(4)
    line.answered(place, 60, 58)
    await told(line)
    assert redis.read("flying") == {}
    assert len(redis.read("used")) == 2


async def test_max_wait(redis: Any, lines: Lines, learn: Async, take: Async) -> None:
    """A wait that would be too long is refused at once, with about the time that it would take."""
    one, other = lines(redis, 2, per=3600.0)
    await learn(one, 3)
    place, _ = await take(one)
    one.given_up(place)
    await told(one)
    with pytest.raises(TooLongError) as caught:
        await asyncio.wait_for(other.acquire(600.0), PATIENCE)
    assert caught.value.wait == pytest.approx(3600.0, abs=PATIENCE)
    await told(other)
    assert redis.read("waiting") == {}


async def test_max_wait_that_is_long_enough(redis: Any, lines: Lines, learn: Async, clock: Leaps) -> None:
    """It waits, and nobody waits for what would be longer."""
    one, other = lines(redis, 2, clock=clock, lease=600.0)
    await learn(one, 1)
    await told(one)
    waits = asyncio.create_task(other.acquire(400.0))
    await until(lambda: redis.read("waiting"))
    await clock.passes(61, other)
    place = await waits
    with pytest.raises(TooLongError):
        await asyncio.wait_for(one.acquire(50.0), PATIENCE)
    other.put_back(place, tried=True)


async def test_who_comes_while_something_is_told_asks_anew(redis: Any, lines: Lines, learn: Async, take: Async) -> None:
    """What the server answers was so before; by now a slot may be free, as one that another process put back."""
    one, other = lines(redis, 2)
    await learn(one, 3)
    (ends,), (comes_back,) = await take(one, 1), await take(other, 1)
    run, answered, arrives = one.server.run, asyncio.Event(), asyncio.Event()

    async def slow(*arguments: Any) -> list[int]:
        reply = await run(*arguments)
        answered.set()
        await arrives.wait()
        return reply

    one.server.run = slow  # type: ignore[assignment, method-assign]
    one.given_up(ends)
    await answered.wait()
    comes = asyncio.create_task(one.acquire(0.0))
    await turns()
    other.put_back(comes_back, tried=True)
    await told(other)
    arrives.set()
    assert (await comes).number > 0


async def test_estimates(redis: Any, lines: Lines, learn: Async) -> None:
    """Nothing at first, then what the server said last, with those who wait already."""
    one, other = lines(redis, 2, per=3600.0)
    assert one.estimate() == 0.0
    await learn(one, 2)
    await told(one)
    assert one.estimate() == 0.0
    one.given_up(await one.acquire(None))
    await told(one)
    assert one.estimate() == pytest.approx(3600.0, abs=PATIENCE)
    waiting = [asyncio.create_task(one.acquire(None)) for _ in range(3)]
    await until(lambda: redis.read("waiting"))
    await told(one)
    assert one.estimate() == pytest.approx(7200.0, abs=PATIENCE)
    waiting.append(asyncio.create_task(other.acquire(None)))
    await until(lambda: len(redis.read("waiting")) == 2)
    await told(other)
    assert other.estimate() > 3600.0
    for each in waiting:
        each.cancel()
    await asyncio.wait(waiting)


async def test_no_time_passes_where_waits_are_skipped(redis: Any, lines: Lines, learn: Async) -> None:
    """The shared window goes along."""
    clock = Clock()
    (line,) = lines(redis, clock=clock, per=3600.0)
    await learn(line, 2)
    clock.skip_waits(True)
    begun = time.monotonic()
    for _ in range(6):
        line.given_up(await line.acquire(None))
    assert time.monotonic() - begun < PATIENCE
    assert clock.monotonic() - time.monotonic() > 3 * 3600.0 - PATIENCE


async def test_a_call_costs_two_exchanges(redis: Any, lines: Lines, learn: Async) -> None:
    """One before it, and one after it, which it does not wait for."""
    (line,) = lines(redis)
    await learn(line, 60)
    await told(line)
    with redis.look() as client:
        client.config_resetstat()
        for _ in range(10):
            place = await line.acquire(None)
            await turns()
            line.answered(place, 60, None)
            await told(line)
        stats: Any = client.info("commandstats")
    assert stats["cmdstat_evalsha"]["calls"] == 20
    assert "cmdstat_eval" not in stats


async def test_slots_that_are_free_together_are_asked_for_together(redis: Any, lines: Lines, learn: Async) -> None:
    """By all who wait in a process."""
    (line,) = lines(redis)
    await learn(line, 60)
    await told(line)
    with redis.look() as client:
        client.config_resetstat()
        await asyncio.gather(*(line.acquire(None) for _ in range(40)))
        stats: Any = client.info("commandstats")
    assert stats["cmdstat_evalsha"]["calls"] == 1


async def test_keys_tell_nothing_and_vanish(redis: Any, lines: Lines) -> None:
    """They bear the package's name and a digest, and live as long as what they say matters."""
    line = RedisLine(Clock(), redis.url, Server("https://api.example.com/v1", "name of a tenant"), 3600.0)
    line.answered(await line.acquire(None), 60, 20)
    place = await line.acquire(None)
    with redis.look() as client:
        names = [name.decode() for name in client.keys("*")]
        assert {name.split("{")[0] for name in names} == {"mijnklantportaal:"}
        assert {len(name.split("{")[1].split("}")[0]) for name in names} == {32}
        assert not any("tenant" in name or "example" in name for name in names)
        # Two windows and a lease; the server removes them by itself.
        assert [client.pttl(name) for name in names] == [pytest.approx(7_230_000, abs=PATIENCE * 1000)] * len(names)
        values = "".join(str(redis.read(part)) for part in ("state", "used", "foreign", "flying", "waiting", "active"))
        assert "tenant" not in values
        assert "example" not in values
    line.given_up(place)
    await line.server.leave()


async def test_another_server_key_or_window_is_another_line(redis: Any, lines: Lines, take: Async) -> None:
    """Each has a window of its own."""
    (line,) = lines(redis)
    servers = [
        Server("https://a.example/v1", "k"),
        Server("https://b.example/v1", "k"),
        Server("https://a.example/v1", "l"),
    ]
    others = [RedisLine(line.clock, redis.url, server, per) for server in servers for per in (30.0, 60.0)]
    keys = {each.keys for each in [line, *others, RedisLine(line.clock, redis.url, servers[0], 60)]}
    assert len(keys) == 7


async def test_a_redis_clock_that_is_set_back(
    redis: Any, lines: Lines, learn: Async, take: Async, clock: Leaps
) -> None:
    """As at a switch to another Redis server: nothing lasts longer than a window for it."""
    (line,) = lines(redis, per=600.0, clock=clock)
    await learn(line, 2)
    (place,) = await take(line)
    line.answered(place, 2, 0)
    await told(line)
    hour = 3_600_000_000
    with redis.look() as client:
        (used,) = client.keys("*:used")
        (state,) = client.keys("*:state")
        for name, score in client.zrange(used, 0, -1, withscores=True):
            client.zadd(used, {name: score + hour})
        for field in ("seen", "heard"):
            client.hset(state, field, int(float(client.hget(state, field) or 0)) + hour)
        client.hset(state, "pause", int(time.time() * 1e6) + hour + 400_000_000)
    waiting = asyncio.create_task(line.acquire(None))
    await until(lambda: redis.read("waiting"))
    await clock.passes(500, line)
    assert not waiting.done()
    await clock.passes(101, line)
    await waiting
