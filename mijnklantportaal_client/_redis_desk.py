"""What one event loop has to do with a window that is shared: its queue, and what it has to tell."""

from __future__ import annotations

import asyncio
import contextvars
import secrets
import time
from typing import TYPE_CHECKING

import attrs

from ._line import Place, TooLongError
from ._redis_message import Reply, Report, micros
from ._redis_server import PAUSE, AwayError

if TYPE_CHECKING:
    from ._redis import RedisLine

# An event loop's timer may be a little early.
_TICK = 0.001
# Seconds until those look again who wait for an answer while the server is away.
_SOON = 0.1
_MOST_WANTED = 1000
_MOST_REPORTS = 200
_RENEW = 1 / 3


@attrs.define
class _Held:
    """A request that is under way."""

    slot: str
    own: int
    begun: float
    renewed: float


class Desk:
    """The places of one event loop; used on that loop only."""

    def __init__(self, line: RedisLine) -> None:
        self._line = line
        self._loop = asyncio.get_running_loop()
        self._caller = secrets.token_hex(8)
        # Each with the number of the last exchange that began before it came.
        self._queue: dict[Place, int] = {}
        self._held: dict[Place, _Held] = {}
        self._reports: list[Report] = []
        self._task: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._numbers = 0
        self._begun = 0
        self._done = 0
        self._ask_at = float("-inf")
        self._reply = Reply()
        # Whether the server knows that this desk waits, and whether it may have missed something.
        self._waits = False
        self._missed = False

    async def acquire(self, max_wait: float | None) -> Place:
        """Waits for a slot, first come, first served."""
        clock = self._line.clock
        begun = clock.monotonic()
        place = Place()
        if not self._queue:
            self._ask_at = float("-inf")
        self._queue[place] = self._begun
        try:
            while (delay := self._delay(place, begun, max_wait)) != 0:
                await place.wait(clock, delay)
        except BaseException:
            self._withdraw(place)
            raise
        return place

    def estimate(self) -> float:
        """About how many seconds a newcomer waits."""
        return self._estimate(self._line.clock.monotonic(), len(self._queue))

    def put_back(self, place: Place, *, tried: bool) -> None:
        if held := self._held.pop(place, None):
            with self._line.own.lock:
                self._line.own.put_back(held.own, tried=tried)
            self._report("put_back", held, int(tried))

    def answered(self, place: Place, limit: int | None, remaining: int | None) -> None:
        if held := self._held.pop(place, None):
            with self._line.own.lock:
                self._line.own.answered(held.own, self._line.clock.monotonic(), None, None)
            self._report("answered", held, limit, remaining)

    def given_up(self, place: Place) -> None:
        if held := self._held.pop(place, None):
            with self._line.own.lock:
                self._line.own.given_up(held.own, self._line.clock.monotonic())
            self._report("given_up", held)

    def refused(self, place: Place, wait: float | None) -> None:
        if held := self._held.pop(place, None):
            with self._line.own.lock:
                self._line.own.refused(held.own, self._line.clock.monotonic(), wait)
            self._report("refused", held, None if wait is None else int(micros(wait)))

    def take_over(self, gone: Desk) -> None:
        """Tells what a desk left untold whose loop is closed."""
        for place in list(gone._held):
            gone.given_up(place)
        self._reports += gone._reports

    @property
    def has_work(self) -> bool:
        """Whether there is something to send, which can be sent."""
        return self._is_at_work or (bool(self._reports) and self._line.server.answers)

    @property
    def is_idle(self) -> bool:
        """Whether nothing will have to be sent unless there are new calls."""
        return not self._queue and not self._held and (not self._reports or self._line.server.answers)

    @property
    def _is_at_work(self) -> bool:
        # One that is cancelled before its first step, as a loop does that ends, can't say itself that it is over.
        return self._task is not None and not self._task.done()

    async def flush(self) -> None:
        """Sends what there is to send."""
        self._start()
        if self._task is not None:
            await asyncio.wait([self._task])

    def _delay(self, place: Place, begun: float, max_wait: float | None) -> float | None:
        """How long to wait for this place: 0 if it may go, None until it is called."""
        now = self._line.clock.monotonic()
        delay = self._lead(now) if place.number == 0 and next(iter(self._queue)) is place else None
        if place.number != 0:
            return 0
        place.will_wait()
        known = self._line.server.away or self._done > self._queue[place] or now < self._ask_at
        if max_wait is None or not known:
            return delay
        left = begun + max_wait - now
        estimate = self._estimate(now, self._index(place))
        if left <= 0 or estimate > left:
            raise TooLongError(now - begun + estimate)
        return left if delay is None else min(delay, left)

    def _index(self, place: Place) -> int:
        if next(reversed(self._queue)) is place:
            return len(self._queue) - 1
        return next(index for index, each in enumerate(self._queue) if each is place)

    def _lead(self, now: float) -> float | None:
        """What the first one in the queue does for all: asks, or waits until it is time to."""
        if not self._line.server.away and now < self._ask_at:
            return max(self._ask_at - now, _TICK)
        self._start()
        if not self._line.server.away:
            return None
        own, self._missed = self._line.own, True
        with own.lock:
            while True:
                at = own.free_at(now)
                if not self._queue or at is None or at > now:
                    break
                self._numbers += 1
                self._let_go(self._numbers, own.take(now), now)
        return _SOON if at is None else min(max(at - now, _TICK), PAUSE)

    def _estimate(self, now: float, index: int) -> float:
        if not self._line.server.away:
            return self._reply.estimate(now, index, self._line.per)
        with self._line.own.lock:
            return self._line.own.estimate(now, index)

    def _let_go(self, number: int, own: int, now: float) -> None:
        place = next(iter(self._queue))
        del self._queue[place]
        place.number = number
        self._held[place] = _Held(self._slot(number), own, now, time.monotonic())
        self._arm()
        place.call()
        self._call_first()

    def _withdraw(self, place: Place) -> None:
        if place.number != 0:
            self.put_back(place, tried=False)
        else:
            self._queue.pop(place, None)
            self._start()
        self._call_first()

    def _call_first(self) -> None:
        for place in self._queue:
            place.call()
            break

    def _report(self, what: str, held: _Held, one: int | None = None, two: int | None = None) -> None:
        now = self._line.clock.monotonic()
        self._reports.append(Report(what, held.slot, now, now - held.begun, one, two))
        self._start()
        self._arm()
        if self._line.server.away:
            self._call_first()

    def _slot(self, number: int) -> str:
        return f"{self._caller}:{number}"

    def _start(self) -> None:
        if not self._is_at_work and not self._loop.is_closed() and self._is_due():
            # Not in the context of a call, whose trace this is no part of.
            self._task = self._loop.create_task(self._work(), context=contextvars.Context())

    def _is_due(self) -> bool:
        """Whether it is time to talk to the server."""
        server = self._line.server
        tells = bool(self._reports) or bool(self._lapsing()) or (self._waits and not self._queue)
        if tells and server.answers:
            return True
        asks = bool(self._queue) and self._line.clock.monotonic() >= self._ask_at
        return (tells or asks) and (not server.away or server.may_try())

    def _lapsing(self) -> list[_Held]:
        """Those whose lease has to be renewed; all of them after the server was away."""
        if self._missed:
            return list(self._held.values())
        before = time.monotonic() - self._line.lease * _RENEW
        return [held for held in self._held.values() if held.renewed <= before]

    def _arm(self) -> None:
        """Sees to it that leases are renewed, and that what could not be told is told later."""
        if self._loop.is_closed() or not (self._held or self._reports):
            return
        at = self._loop.time() + (PAUSE if self._line.server.away else self._line.lease * _RENEW)
        if self._timer is not None:
            if self._timer.when() <= at:
                return
            self._timer.cancel()
        self._timer = self._loop.call_at(at, self._on_time, context=contextvars.Context())

    def _on_time(self) -> None:
        self._timer = None
        self._start()
        self._arm()

    async def _work(self) -> None:
        try:
            while True:
                await self._exchange()
                if not self._is_due():
                    break
        finally:
            self._task = None
            self._arm()
            self._call_first()

    async def _exchange(self) -> None:
        """Tells the server what ended, and asks for those who wait."""
        line, now = self._line, self._line.clock.monotonic()
        reports, self._reports = self._reports[:_MOST_REPORTS], self._reports[_MOST_REPORTS:]
        # What is older than that is free again, whether it is told or not.
        reports = [each for each in reports if now - each.ended < 2 * line.per]
        renewed = self._lapsing()
        # While it is away, those who wait are let go without it.
        wanted = 0 if line.server.away else min(len(self._queue), _MOST_WANTED)
        self._begun += 1
        number, first = self._begun, self._numbers + 1
        self._numbers += wanted
        lengths = (micros(each) for each in (line.ahead, line.per, line.lease))
        counts = (line.own.whole, line.ceiling, int(self._missed), wanted, first)
        arguments = [self._caller, line.process, *lengths, *(f"{each}" for each in counts)]
        for each in [*(Report("renew", held.slot, now) for held in renewed), *reports]:
            arguments += each.words(now)
        try:
            reply = await line.server.run(self, line.keys, arguments)
        except BaseException as error:
            # It may have let them go, and the answer got lost.
            unused = [Report("put_back", self._slot(number), now) for number in range(first, first + wanted)]
            self._reports = [*reports, *unused, *self._reports]
            if not isinstance(error, AwayError):
                raise
            if error.stale:
                # There is something to tell now, so that it is tried again at once.
                return
            self._missed = True
            if self._waits:
                # What was not free then, is not free now.
                line.own.pause(self._reply.at + self._reply.wait)
            share = f"until it is back, this process sends at most {line.own.limit} of {line.own.whole} requests"
            line.server.went_away(error, f"{share} in {line.per:g} s")
            return
        self._missed = False
        for held in renewed:
            held.renewed = time.monotonic()
        self._done = number
        self._heard(Reply.read(line.clock.monotonic(), reply), wanted, first)

    def _heard(self, reply: Reply, wanted: int, first: int) -> None:
        line, now, self._reply = self._line, reply.at, reply
        if not line.server.away:
            # One that has just come back does not know yet who else there is.
            line.own.learn(reply.limit, reply.processes)
        line.own.pause(now + reply.paused)
        self._waits = reply.granted < wanted
        # For those who came while only something was told, nothing was asked yet.
        self._ask_at = now + reply.again if reply.again and (wanted or not self._queue) else float("-inf")
        for number in range(first, first + reply.granted):
            if self._queue:
                with line.own.lock:
                    own = line.own.take(now)
                self._let_go(number, own, now)
            else:
                self._reports.append(Report("put_back", self._slot(number), now))
        self._call_first()
