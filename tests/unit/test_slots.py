"""Slots that are free are taken without standing in line."""

from __future__ import annotations

from mijnklantportaal_client._line import LocalLine
from mijnklantportaal_client._pacing import Pacer
from mijnklantportaal_client._wire import Progress
from tests.conftest import FakeClock


def line(clock: FakeClock, limit: int) -> LocalLine:
    """A line that is told its limit."""
    return LocalLine(clock, limit, 60.0, learns=False)


async def test_as_many_as_there_are() -> None:
    """The next one has to wait until an answer is a window old."""
    clock = FakeClock()
    pacer = Pacer((line(clock, 2),), None)
    slots = [pacer.take() for _ in range(3)]
    assert [slot is None for slot in slots] == [False, False, True]
    answered = Progress()
    answered.answered("GET", 200, {})
    assert slots[0] is not None
    slots[0].end(answered, None, tried=False)
    clock.now += 59.0
    assert pacer.take() is None
    clock.now += 1.0
    assert pacer.take() is not None


async def test_a_share_is_given_back_where_the_rest_is_full() -> None:
    """Who has to wait after all holds nothing meanwhile."""
    clock = FakeClock()
    share, base = line(clock, 5), line(clock, 1)
    pacer = Pacer((share, base), None)
    assert pacer.take() is not None
    assert (share.window.in_flight, base.window.in_flight) == (1, 1)
    assert pacer.take() is None
    assert (share.window.in_flight, base.window.in_flight) == (1, 1)


async def test_nobody_is_passed_by() -> None:
    """While others stand in line, a newcomer stands behind them, though a slot has become free."""
    clock = FakeClock()
    only = line(clock, 1)
    first = only.take()
    assert first is not None
    waiting = only.acquire(None)
    assert waiting.send(None) is not None
    only.window.put_back(first.number, tried=False)
    assert only.take() is None
    waiting.close()
    assert only.take() is not None


async def test_the_first_goes_alone() -> None:
    """Whoever knows nothing of the server's limit learns it from one answer."""
    clock = FakeClock()
    base = LocalLine(clock, 60, 60.0, learns=True)
    assert base.take() is not None
    assert base.take() is None
