"""Waiting for one window: first come, first served, in any thread and on any event loop."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol, cast

from ._window import Window

if TYPE_CHECKING:
    from ._clock import Clock

_ABSENT = object()
# An event loop's timer may be a little early.
_TICK = 0.001


class TooLongError(Exception):
    """The wait would be longer than `max_wait`."""

    def __init__(self, wait: float) -> None:
        super().__init__(wait)
        self.wait = wait


class Place:
    """A place in a line, and then under way; belongs to an event loop, which may die before it ends."""

    __slots__ = ("_called", "loop", "number")

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.number = 0
        """What the window calls the request, once it may go; 0 before."""
        self._called: asyncio.Event | None = None

    def will_wait(self) -> None:
        """From now on it has to be woken."""
        if self._called is None:
            self._called = asyncio.Event()

    def call(self) -> None:
        """Wakes whoever waits here, from any thread."""
        if (called := self._called) is None:
            return
        if asyncio._get_running_loop() is self.loop:
            called.set()
            return
        # Its loop may be closed by now.
        with suppress(RuntimeError):
            self.loop.call_soon_threadsafe(called.set)

    async def wait(self, clock: Clock, seconds: float | None) -> None:
        """Waits to be called, and no longer than so many seconds."""
        self.will_wait()
        called = cast("asyncio.Event", self._called)
        await clock.wait(called, seconds)
        called.clear()


class Line(Protocol):
    """A window that is waited for; each request that was let through has to be ended in one of four ways."""

    def estimate(self) -> float:
        """About how many seconds a newcomer waits; 0 for one that may go at once."""
        ...

    async def acquire(self, max_wait: float | None) -> Place:
        """Waits for a slot and takes it.

        Raises:
            TooLongError: It would take longer than `max_wait` seconds.
        """
        ...

    def take(self) -> Place | None:
        """Takes a slot where one may go at once; None where it has to be waited for, or nobody knows."""
        ...

    def put_back(self, place: Place, *, tried: bool) -> None:
        """The request did not go after all; `tried` where that was the network's fault."""
        ...

    def answered(self, place: Place, limit: int | None, remaining: int | None) -> None:
        """An answer came, with what the server says of its limit."""
        ...

    def given_up(self, place: Place) -> None:
        """The request went, and no answer came."""
        ...

    def refused(self, place: Place, wait: float | None) -> None:
        """The server answered 429, and said to wait so many seconds."""
        ...

    def is_idle(self) -> bool:
        """Whether nothing is lost when this line is forgotten."""
        ...

    def after_fork(self) -> None:
        """A child process keeps what was used; those who wait are the parent's."""
        ...


class LocalLine:
    """The line of one process."""

    def __init__(self, clock: Clock, limit: int, per: float, *, learns: bool) -> None:
        self._clock = clock
        self.window = Window(limit, per, learns=learns)
        self._queue = _Queue()
        self._under_way: dict[asyncio.AbstractEventLoop, set[Place]] = {}
        # Reentrant, as a call that is collected while it runs ends its slot wherever the collector happens to begin.
        self._lock = threading.RLock()

    def estimate(self) -> float:
        with self._lock:
            self._move()
            return self.window.estimate(self._clock.monotonic(), len(self._queue))

    async def acquire(self, max_wait: float | None) -> Place:
        begun = self._clock.monotonic()
        place = Place()
        with self._lock:
            self._queue.append(place)
        try:
            while (delay := self._delay(place, begun, max_wait)) != 0:
                await place.wait(self._clock, delay)
        except BaseException:
            with self._lock:
                if self._end(place):
                    self.window.put_back(place.number, tried=False)
                self._queue.remove(place)
                self._changed()
            raise
        return place

    def take(self) -> Place | None:
        with self._lock:
            if len(self._queue):
                return None
            now = self._clock.monotonic()
            at = self.window.free_at(now)
            if at is None or at > now:
                return None
            place = Place()
            self._let_go(place, now)
            return place

    def put_back(self, place: Place, *, tried: bool) -> None:
        with self._lock:
            if self._end(place):
                self.window.put_back(place.number, tried=tried)
            self._changed()

    def answered(self, place: Place, limit: int | None, remaining: int | None) -> None:
        with self._lock:
            if self._end(place):
                self.window.answered(place.number, self._clock.monotonic(), limit, remaining)
            self._changed()

    def given_up(self, place: Place) -> None:
        with self._lock:
            if self._end(place):
                self.window.given_up(place.number, self._clock.monotonic())
            self._changed()

    def refused(self, place: Place, wait: float | None) -> None:
        with self._lock:
            if self._end(place):
                self.window.refused(place.number, self._clock.monotonic(), wait)
            self._changed()

    def is_idle(self) -> bool:
        with self._lock:
            return not len(self._queue) and self.window.is_empty(self._clock.monotonic())

    def after_fork(self) -> None:
        self._lock = threading.RLock()
        self._queue = _Queue()
        self._under_way.clear()
        self.window.forget_in_flight(self._clock.monotonic())

    def _delay(self, place: Place, begun: float, max_wait: float | None) -> float | None:
        """How long to wait for this place: 0 if it may go, None until it is called."""
        with self._lock:
            self._move()
            if place.number != 0:
                return 0
            place.will_wait()
            now = self._clock.monotonic()
            at = self.window.free_at(now) if self._queue.leads(place) else None
            delay = None if at is None else max(at - now, _TICK)
            if max_wait is None:
                return delay
            left = begun + max_wait - now
            estimate = self.window.estimate(now, self._queue.index(place))
            if left <= 0 or estimate > left:
                raise TooLongError(now - begun + estimate)
            return left if delay is None else min(delay, left)

    def _changed(self) -> None:
        """After something ended: who may go goes, and who keeps the time looks again."""
        if not len(self._queue):
            return
        self._move()
        for leader in self._queue.leaders():
            leader.call()

    def _move(self) -> None:
        """Lets go who may go; whoever looks at the line does it for all."""
        now = self._clock.monotonic()
        self._bury(now)
        while len(self._queue) and (at := self.window.free_at(now)) is not None and at <= now:
            place = self._queue.popleft()
            self._let_go(place, now)
            place.call()
            successor = self._queue.leader(place.loop)
            if successor is not None:
                successor.call()

    def _let_go(self, place: Place, now: float) -> None:
        place.number = self.window.take(now)
        self._under_way.setdefault(place.loop, set()).add(place)

    def _bury(self, now: float) -> None:
        """Gives back what belongs to loops that are gone, which nobody else will."""
        self._queue.bury()
        for loop in [each for each in list(self._under_way) if each.is_closed()]:
            for place in self._under_way.pop(loop):
                self.window.given_up(place.number, now)

    def _end(self, place: Place) -> bool:
        """Whether it was still under way; in a child process it is not."""
        of_loop = self._under_way.get(place.loop, set())
        if place not in of_loop:
            return False
        of_loop.remove(place)
        if not of_loop:
            del self._under_way[place.loop]
        return True


class _Queue:
    """Those who wait, in their order; on each event loop the first one keeps the time for the whole line.

    One would do, but its loop may be blocked by code that is not async, and hold up everybody else.
    """

    def __init__(self) -> None:
        self._places: dict[Place, None] = {}
        self._by_loop: dict[asyncio.AbstractEventLoop, dict[Place, None]] = {}

    def __len__(self) -> int:
        return len(self._places)

    def append(self, place: Place) -> None:
        self._places[place] = None
        self._by_loop.setdefault(place.loop, {})[place] = None

    def remove(self, place: Place) -> None:
        # A loop that was closed was buried with all its places.
        if self._places.pop(place, _ABSENT) is _ABSENT:
            return
        of_loop = self._by_loop[place.loop]
        del of_loop[place]
        if not of_loop:
            del self._by_loop[place.loop]

    def popleft(self) -> Place:
        place = next(iter(self._places))
        self.remove(place)
        return place

    def index(self, place: Place) -> int:
        if next(reversed(self._places)) is place:
            return len(self._places) - 1
        return next((index for index, each in enumerate(self._places) if each is place), 0)

    def leads(self, place: Place) -> bool:
        return self.leader(place.loop) is place

    def leader(self, loop: asyncio.AbstractEventLoop) -> Place | None:
        return next(iter(self._by_loop.get(loop, ())), None)

    def leaders(self) -> list[Place]:
        return [next(iter(of_loop)) for of_loop in self._by_loop.values()]

    def bury(self) -> None:
        """Forgets those whose loops are gone."""
        for loop in [loop for loop in self._by_loop if loop.is_closed()]:
            for place in self._by_loop.pop(loop):
                del self._places[place]
