"""While the Redis server is away, and when it comes back: no call fails, and nothing that was used is forgotten."""

import asyncio
import logging
import socket
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from mijnklantportaal_client import RateLimit, _redis_server
from mijnklantportaal_client._clock import Clock
from mijnklantportaal_client._line import TooLongError
from mijnklantportaal_client._redis import RedisLine
from mijnklantportaal_client.testing import RemoteSandbox
from proof import redis_site
from tests.conftest import NEW_CUSTOMER
from tests.redis_pacing.conftest import Leaps, told
from tests.waiting import PATIENCE, hold_up, turns, until

Lines = Callable[..., list[RedisLine]]
Async = Callable[..., Awaitable[Any]]
PASSWORD = "geheim-W8woord"
# Before tests change it.
_PATIENCE = _redis_server._PATIENCE


def free_port() -> int:
    """A port where nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Callable[[int], list[str]]:
    """What was logged at a level."""
    caplog.set_level(logging.DEBUG)
    return lambda level: [
        record.getMessage()
        for record in caplog.records
        if record.levelno == level and record.name == "mijnklantportaal_client"
    ]


async def test_a_server_that_was_never_there(
    lines: Lines, take: Async, log: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """The first request goes alone, as nothing is known; then as many as the limit of one process."""
    port = free_port()
    (line,) = lines(f"redis://user:{PASSWORD}@127.0.0.1:{port}/0")
    (first,) = await take(line)
    assert await take(line) == []
    line.answered(first, 60, 59)
    assert len(await take(line)) == 59
    (warning,) = log(logging.WARNING)
    assert warning.startswith(f"the Redis server at 127.0.0.1:{port} can't be used (ConnectionError: Error ")
    assert warning.endswith("): until it is back, this process sends at most 60 of 60 requests in 60 s")
    assert PASSWORD not in caplog.text + repr(line) + repr(line.server)


async def test_a_wrong_password_shows_nowhere(lines: Lines, log: Any) -> None:
    """The server says that it is wrong, and the calls go on."""
    if not redis_site.is_there():
        pytest.skip(redis_site.WHY_NOT)
    with redis_site.running(PASSWORD) as site:
        (line,) = lines(f"redis://:wrong-{PASSWORD}@127.0.0.1:{site.port}/0")
        line.given_up(await line.acquire(None))
        (warning,) = log(logging.WARNING)
        assert "can't be used (AuthenticationError: " in warning
        assert PASSWORD not in warning
        (other,) = lines(site.url)
        other.given_up(await other.acquire(None))
        assert len(log(logging.WARNING)) == 1


async def test_whatever_the_server_says_is_no_failure(lines: Lines, redis: Any, take: Async, log: Any) -> None:
    """Such as that a key holds something else, that it is a replica, or that its memory is full."""
    (line,) = lines(redis)
    with redis.look() as client:
        for key in line.keys:
            client.set(key, "something else")
    assert len(await take(line)) == 1
    (warning,) = log(logging.WARNING)
    assert "can't be used (ResponseError: WRONGTYPE Operation against a key" in warning


async def test_each_goes_on_with_its_share(own_redis: Any, lines: Lines, learn: Async, take: Async, log: Any) -> None:
    """The limit by the number of processes that were there, less what it used itself."""
    three = lines(own_redis, 3)
    await learn(three[0], 30)
    for line in three:
        for place in await asyncio.gather(line.acquire(None), line.acquire(None)):
            line.answered(place, 30, None)
    await told(*three)
    for line in three:
        line.put_back(await line.acquire(None), tried=True)
    await told(*three)
    own_redis.stop()
    assert [len(await take(line)) for line in three] == [7, 8, 8]
    warnings = log(logging.WARNING)
    assert len(warnings) == 3
    assert {text.split("): ")[1] for text in warnings} == {
        "until it is back, this process sends at most 10 of 30 requests in 60 s"
    }


async def test_what_was_used_meanwhile_is_told_when_it_is_back(
    own_redis: Any, lines: Lines, learn: Async, take: Async, log: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What ended, and what is still under way; the server remembers nothing itself."""
    monkeypatch.setattr(_redis_server, "_SETTLE", PATIENCE)
    one, other = lines(own_redis, 2)
    await learn(one, 20)
    before = await take(other, 2)
    own_redis.stop()
    during = await take(other, 4)
    assert len(during) == 4
    other.answered(before[0], 20, None)
    other.answered(during[0], 20, None)
    other.given_up(during[1])
    other.put_back(during[2], tried=True)
    assert log(logging.INFO) == []
    own_redis.start()
    other.answered(during[3], 20, None)
    await until(lambda: len(own_redis.read("used")) == 4)
    assert len(own_redis.read("flying")) == 1
    waiting = asyncio.create_task(other.acquire(None))
    await until(waiting.done)
    other.answered(waiting.result(), 20, None)
    assert log(logging.INFO) == []
    monkeypatch.setattr(_redis_server, "_SETTLE", 0.0)
    other.put_back(await other.acquire(None), tried=True)
    await until(lambda: log(logging.INFO))
    (info,) = log(logging.INFO)
    assert info.startswith(f"the Redis server at 127.0.0.1:{own_redis.port} is back after ")
    assert info.endswith(" s: the rate limit is shared again")
    assert not other.server.away
    assert len(log(logging.WARNING)) == 1


async def test_those_who_wait_go_on_when_it_is_back(
    own_redis: Any, lines: Lines, learn: Async, take: Async, clock: Leaps, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And those who wait when it goes away go on with the share."""
    monkeypatch.setattr(_redis_server, "_SETTLE", 0.0)
    one, other = lines(own_redis, 2, clock=clock, lease=600.0)
    other.put_back(await other.acquire(None), tried=True)
    await learn(one, 8)
    taken = await take(one)
    assert len(taken) == 7
    await told(one)
    waiting = [asyncio.create_task(other.acquire(None)) for _ in range(12)]
    await until(lambda: own_redis.read("waiting"))
    await told(other)
    assert not any(task.done() for task in waiting)
    own_redis.stop()
    for place in taken:
        one.answered(place, 8, None)
    # What was not free is not free now.
    clock.leap(61)
    await until(lambda: sum(task.done() for task in waiting) == 4)
    own_redis.start()
    for task in waiting[:4]:
        other.answered(task.result(), 8, None)
    await until(lambda: not one.server.away and not other.server.away)
    for task in waiting[4:]:
        if not task.done():
            await clock.passes(61, one, other)
        other.answered(await task, 8, None)


async def test_a_server_that_does_not_answer_holds_up_nobody_for_long(
    own_redis: Any, lines: Lines, learn: Async, take: Async, log: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As long as it is waited for, those who find out, and nothing for the others."""
    assert _PATIENCE + _redis_server._GRACE < 2
    monkeypatch.setattr(_redis_server, "_SETTLE", 0.0)
    (line,) = lines(own_redis)
    await learn(line, 60)
    await told(line)
    own_redis.freeze()
    monkeypatch.setattr(_redis_server, "_PATIENCE", 0.2)
    begun = time.monotonic()
    places = await asyncio.gather(*(line.acquire(None) for _ in range(5)))
    assert 0.2 <= time.monotonic() - begun < PATIENCE / 2
    monkeypatch.setattr(_redis_server, "_PATIENCE", PATIENCE)
    begun = time.monotonic()
    for place in [*places, *(await take(line, 20))]:
        line.answered(place, 60, None)
    assert time.monotonic() - begun < PATIENCE / 2
    assert len(log(logging.WARNING)) == 1
    own_redis.thaw()
    await until(lambda: not line.server.away)
    await told(line)
    # It carried out what it was asked in vain, and was told that those slots were not used.
    assert own_redis.read("flying") == {}


async def test_a_loop_that_is_held_up_is_no_outage(
    redis: Any, lines: Lines, learn: Async, log: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer has come long before, and is read now."""
    monkeypatch.setattr(_redis_server, "_PATIENCE", 0.05)
    monkeypatch.setattr(_redis_server, "_GRACE", PATIENCE)
    (line,) = lines(redis)
    await learn(line, 60)
    await told(line)
    for count in (0, 1, 2, 4, 8):
        line.answered(await line.acquire(None), 60, None)
        await turns(count)
        hold_up(0.1)
    line.put_back(await line.acquire(None), tried=True)
    assert log(logging.WARNING) == []


async def test_a_connection_that_was_closed_meanwhile_is_no_outage(
    redis: Any, lines: Lines, learn: Async, log: Any
) -> None:
    """As servers do with idle ones."""
    (line,) = lines(redis)
    await learn(line, 60)
    await told(line)
    with redis.look() as client:
        assert client.client_kill_filter(_type="normal", skipme=True) == 1
        await until(lambda: len(client.client_list(_type="normal")) == 1)
    line.answered(await line.acquire(None), 60, 50)
    await told(line)
    assert log(logging.WARNING) == []
    assert len(redis.read("used")) == 2


async def test_a_refusal_during_an_outage_pauses_the_process(lines: Lines, take: Async, clock: Leaps) -> None:
    """And one request tries first."""
    (line,) = lines(f"redis://127.0.0.1:{free_port()}/0", per=600.0, clock=clock)
    line.answered(await line.acquire(None), 60, 50)
    first, second, *_ = await take(line, 5)
    line.refused(first, 300.0)
    line.refused(second, 300.0)
    waiting = asyncio.create_task(line.acquire(None))
    await turns()
    clock.leap(200)
    await turns()
    assert not waiting.done()
    clock.leap(101)
    probe = await waiting
    assert await take(line) == []
    line.answered(probe, 60, 50)
    assert len(await take(line)) == 60 - 2 - 3


async def test_a_pause_goes_on_through_an_outage(own_redis: Any, lines: Lines, learn: Async) -> None:
    """One that another process brought about."""
    one, other = lines(own_redis, 2, per=3600.0)
    await learn(one, 60)
    one.refused(await one.acquire(None), 1800.0)
    await told(one)
    with pytest.raises(TooLongError):
        await other.acquire(5.0)
    own_redis.stop()
    with pytest.raises(TooLongError) as caught:
        await other.acquire(5.0)
    assert caught.value.wait == pytest.approx(1800.0, abs=PATIENCE)


async def test_no_time_passes_during_an_outage_where_waits_are_skipped(lines: Lines) -> None:
    """As without Redis."""
    clock = Clock()
    (line,) = lines(f"redis://127.0.0.1:{free_port()}/0", clock=clock, per=600.0)
    clock.skip_waits(True)
    begun = time.monotonic()
    for _ in range(200):
        line.given_up(await line.acquire(None))
    assert time.monotonic() - begun < PATIENCE
    assert clock.monotonic() - time.monotonic() == pytest.approx(3 * 600.0, abs=2 * PATIENCE)


async def test_max_wait_and_estimate_during_an_outage(lines: Lines, take: Async) -> None:
    """By what this process used itself."""
    (line,) = lines(f"redis://127.0.0.1:{free_port()}/0", per=3600.0)
    line.given_up(await line.acquire(None))
    for place in await take(line):
        line.given_up(place)
    assert line.estimate() == pytest.approx(3600.0, abs=PATIENCE)
    with pytest.raises(TooLongError) as caught:
        await line.acquire(50.0)
    assert caught.value.wait == pytest.approx(3600.0, abs=PATIENCE)


async def test_reports_do_not_pile_up(lines: Lines, take: Async, clock: Leaps) -> None:
    """What is older than two windows is forgotten, and nothing runs any more then."""
    (line,) = lines(f"redis://127.0.0.1:{free_port()}/0", clock=clock)
    for _ in range(3):
        line.given_up(await line.acquire(None))
    clock.leap(121)
    desk = line._desks[asyncio.get_running_loop()]
    await until(lambda: not desk._reports and desk._task is None and desk._timer is None)
    assert line.is_idle()


async def test_a_client_whose_redis_is_away(sandbox: RemoteSandbox, log: Any) -> None:
    """Works, and says so once."""
    sandbox.limit_rate(60)
    pace = RateLimit(redis=f"redis://:{PASSWORD}@127.0.0.1:{free_port()}/0")
    names = [f"Klant {number}" for number in range(20)]
    async with sandbox.client(rate_limit=pace) as portal:
        fields = ({**NEW_CUSTOMER, "company_name": name} for name in names)
        found = await asyncio.gather(*(portal.customers.create(**each) for each in fields))
    assert [customer.company_name for customer in found] == names
    assert len(log(logging.WARNING)) == 1
    assert PASSWORD not in repr(pace)
