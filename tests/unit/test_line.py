"""Waiting in line: in which order, on which loops, and what is left where somebody goes away."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Callable
from typing import Any

import pytest

from mijnklantportaal_client._clock import Clock
from mijnklantportaal_client._line import LocalLine, Place, TooLongError
from tests.waiting import PATIENCE

PER = 60.0


class SteppedClock(Clock):
    """Time that moves when the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.waiting: list[tuple[float | None, asyncio.AbstractEventLoop, asyncio.Event]] = []

    def monotonic(self) -> float:
        return self.now

    async def wait(self, event: asyncio.Event, seconds: float | None) -> None:
        until = None if seconds is None else self.now + seconds
        entry = (until, asyncio.get_running_loop(), event)
        self.waiting.append(entry)
        try:
            await event.wait()
        finally:
            self.waiting.remove(entry)

    def at(self, now: float) -> None:
        """It is that time; timers that are due go off."""
        self.now = now
        for until, loop, event in list(self.waiting):
            if until is not None and until <= now:
                loop.call_soon_threadsafe(event.set)


async def settle() -> None:
    """Lets everybody go on as far as they can."""
    for _ in range(10):
        await asyncio.sleep(0)


class Scene:
    """A line with a window of two."""

    def __init__(self, limit: int = 2, *, learns: bool = False) -> None:
        self.clock = SteppedClock()
        self.line = LocalLine(self.clock, limit, PER, learns=learns)
        self.order: list[int] = []
        self.places: dict[int, Place] = {}
        self.tasks: list[asyncio.Task[None]] = []

    async def come(self, number: int, max_wait: float | None = None) -> None:
        """Somebody comes."""
        self.places[number] = await self.line.acquire(max_wait)
        self.order.append(number)

    def start(self, *numbers: int) -> None:
        """Some come at once."""
        self.tasks.extend(asyncio.create_task(self.come(number)) for number in numbers)

    def left(self) -> tuple[int, int, int]:
        """What is in the line, under way, and under way for the window."""
        under_way = sum(len(places) for places in self.line._under_way.values())
        return len(self.line._queue), under_way, self.line.window.in_flight


async def test_first_come_first_served() -> None:
    """Two go at once, the others in their order, as slots become free."""
    scene = Scene()
    scene.start(*range(6))
    await settle()
    assert scene.order == [0, 1]
    scene.line.answered(scene.places[0], None, None)
    scene.clock.at(10.0)
    scene.line.given_up(scene.places[1])
    await settle()
    assert scene.order == [0, 1]
    scene.clock.at(60.0)
    await settle()
    assert scene.order == [0, 1, 2]
    scene.line.put_back(scene.places[2], tried=True)
    await settle()
    assert scene.order == [0, 1, 2, 3]
    scene.clock.at(70.0)
    await settle()
    assert scene.order == [0, 1, 2, 3, 4]
    scene.clock.at(1000.0)
    scene.line.answered(scene.places[3], None, None)
    scene.line.answered(scene.places[4], None, None)
    await settle()
    assert scene.left() == (1, 0, 0)
    scene.clock.at(1060.0)
    await settle()
    assert scene.order == [0, 1, 2, 3, 4, 5]


async def test_nobody_overtakes() -> None:
    """A newcomer waits behind those who are there, though a slot has just become free."""
    scene = Scene(limit=1)
    scene.start(0, 1)
    await settle()
    scene.line.put_back(scene.places[0], tried=False)
    scene.start(2)
    await settle()
    assert scene.order == [0, 1]


@pytest.mark.parametrize("gone", [1, 2, 3])
async def test_cancelled_in_line(gone: int) -> None:
    """Whoever goes away leaves no place behind, at the head of the line as well as in it."""
    scene = Scene(limit=1)
    scene.start(0, 1, 2, 3)
    await settle()
    scene.tasks[gone].cancel()
    await settle()
    assert scene.left() == (2, 1, 1)
    for _ in range(3):
        scene.line.put_back(scene.places[scene.order[-1]], tried=False)
        await settle()
    assert scene.order == [number for number in range(4) if number != gone]
    assert scene.left() == (0, 0, 0)


async def test_cancelled_with_the_slot_in_hand() -> None:
    """A slot that was given in the moment of the cancellation goes to the next."""
    scene = Scene(limit=1)
    scene.start(0, 1, 2)
    await settle()
    scene.line.put_back(scene.places[0], tried=False)
    scene.tasks[1].cancel()
    await settle()
    assert scene.order == [0, 2]
    assert scene.left() == (0, 1, 1)


async def test_too_long_is_told_at_once() -> None:
    """The estimate counts those who are before one in the line."""
    scene = Scene(limit=1)
    scene.start(0, 1, 2)
    await settle()
    scene.line.answered(scene.places[0], None, None)
    scene.clock.at(10.0)
    with pytest.raises(TooLongError) as caught:
        await scene.line.acquire(100.0)
    assert caught.value.wait == 170.0
    assert scene.line.estimate() == 170.0
    assert scene.left() == (2, 0, 0)


async def test_too_long_is_told_when_it_is_clear() -> None:
    """A refusal of somebody else's request can make a wait too long that was not."""
    scene = Scene(learns=True)
    scene.start(0)
    await settle()
    waits = asyncio.create_task(scene.come(1, max_wait=30.0))
    await settle()
    assert scene.left() == (1, 1, 1)
    scene.line.refused(scene.places[0], 40.0)
    with pytest.raises(TooLongError) as caught:
        await waits
    assert caught.value.wait == 40.0
    assert scene.left() == (0, 0, 0)


async def test_max_wait_where_nothing_can_be_foreseen() -> None:
    """The first request takes long; whoever waits for its answer waits no longer than they wanted to."""
    scene = Scene(learns=True)
    scene.start(0)
    await settle()
    waits = asyncio.create_task(scene.come(1, max_wait=30.0))
    await settle()
    scene.clock.at(30.0)
    with pytest.raises(TooLongError):
        await waits
    assert scene.left() == (0, 1, 1)


def in_thread(work: Callable[[], Any]) -> Any:
    """The result of some work in a thread."""
    results: list[Any] = []
    thread = threading.Thread(target=lambda: results.append(work()))
    thread.start()
    thread.join(PATIENCE)
    return results[0]


async def test_a_loop_that_is_gone_gives_its_slots_back() -> None:
    """Neither those of its calls that were under way nor those in line are waited for."""
    scene = Scene(limit=2)

    async def leave() -> None:
        scene.start(0, 1, 2)
        await settle()

    loop = asyncio.new_event_loop()
    in_thread(lambda: loop.run_until_complete(leave()))
    assert scene.left() == (1, 2, 2)
    loop.close()
    scene.start(3)
    await settle()
    # What was under way may have been counted, so it is used, from now on.
    assert scene.left() == (1, 0, 0)
    scene.clock.at(60.0)
    await settle()
    assert scene.order == [0, 1, 3]
    for task in scene.tasks[:3]:
        task._log_destroy_pending = False  # type: ignore[attr-defined]


async def test_a_loop_that_is_blocked_holds_nobody_up() -> None:
    """Its call at the head of the line gets its slot, and the next one, on another loop, the one after."""
    scene = Scene(limit=1)
    queued, go_on = threading.Event(), threading.Event()

    async def block() -> None:
        task = asyncio.create_task(scene.come(1))
        await settle()
        queued.set()
        go_on.wait(PATIENCE)
        await task
        scene.line.put_back(scene.places[1], tried=False)

    scene.start(0)
    await settle()
    thread = threading.Thread(target=lambda: asyncio.run(block()))
    thread.start()
    await asyncio.to_thread(queued.wait, PATIENCE)
    scene.start(2)
    await settle()
    scene.line.answered(scene.places[0], None, None)
    scene.clock.at(60.0)
    await settle()
    # The slot is the blocked one's; this loop has kept the time for it.
    assert scene.left() == (1, 1, 1)
    go_on.set()
    await asyncio.to_thread(thread.join, PATIENCE)
    await settle()
    assert sorted(scene.order) == [0, 1, 2]


async def test_a_call_that_is_collected_ends_its_slot() -> None:
    """Also where the collector begins while the line is locked."""
    scene = Scene(limit=1)

    async def call() -> None:
        place = await scene.line.acquire(None)
        try:
            await asyncio.Event().wait()
        finally:
            scene.line.given_up(place)

    running = call()
    running.send(None)
    assert scene.left() == (0, 1, 1)
    with scene.line._lock:
        del running
        gc.collect()
    assert scene.left() == (0, 0, 0)


async def test_a_fork_forgets_who_waits() -> None:
    """The child has the parent's used slots, but neither its line nor its calls."""
    scene = Scene(limit=2)
    scene.start(0, 1, 2)
    await settle()
    scene.line.after_fork()
    assert scene.left() == (0, 0, 0)
    assert not scene.line.is_idle()
    assert scene.line.estimate() == 60.0
    # The parent's own ends mean nothing here.
    scene.line.answered(scene.places[0], None, None)
    assert scene.left() == (0, 0, 0)
    scene.tasks[2].cancel()
    await settle()
    scene.clock.at(60.0)
    assert scene.line.is_idle()
