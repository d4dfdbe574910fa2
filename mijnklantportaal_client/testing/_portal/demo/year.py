"""The time in which the demo comes about: what is to be done when, and a clock that goes from one to the next."""

from __future__ import annotations

import datetime
import heapq
import itertools
import random
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from ..clock import ZONE, PortalClock

if TYPE_CHECKING:
    from ..portal import Portal

_T = TypeVar("_T")
DAYS = 330
BEFORE = -3
"""A day that is over, weekend or not, when the first one begins."""


class Year:
    """Almost a year of working days, which ends now."""

    def __init__(self, portal: Portal, rng: random.Random) -> None:
        self.end = portal.now()
        self.start = self.end.date() - datetime.timedelta(DAYS)
        self._portal = portal
        self._rng = rng
        self._agenda: list[tuple[datetime.datetime, int, Callable[[], object]]] = []
        self._order = itertools.count()

    def live(self) -> None:
        """Does everything in its turn; what is planned for later than now never happens."""
        yesterday = self.start
        while self._agenda and self._agenda[0][0] <= self.end:
            moment, _, act = heapq.heappop(self._agenda)
            self._portal.clock = PortalClock(moment)
            if moment.date() > yesterday:
                self._portal.settle()
                yesterday = moment.date()
            act()

    def plan(self, moment: datetime.datetime, act: Callable[[], object]) -> None:
        """Does something at a moment."""
        heapq.heappush(self._agenda, (moment, next(self._order), act))

    def on_day(self, number: int, act: Callable[[], object]) -> None:
        """Does something on a day of the year."""
        self.plan(self.office(self.start + datetime.timedelta(number)), act)

    def later(self, least: int, most: int, act: Callable[[], object]) -> None:
        """Does something so many days from today."""
        self.plan(max(self.soon(least, most), self._portal.now() + datetime.timedelta(minutes=7)), act)

    def spread(self, items: Iterable[_T], act: Callable[[_T], object], *, until: float = 0.99) -> None:
        """Does something with each, evenly over the year, or a part of it, after its first weeks."""
        todo = list(items)
        for number, item in enumerate(todo, 1):
            self.on_day(14 + int((DAYS * until - 15) * number / len(todo)), partial(act, item))

    def soon(self, least: int, most: int, minutes: tuple[int, ...] = tuple(range(60))) -> datetime.datetime:
        """A moment in the office so many days from today."""
        return self.office(self._portal.today() + datetime.timedelta(self._rng.randint(least, most)), minutes)

    def office(self, day: datetime.date, minutes: tuple[int, ...] = tuple(range(60))) -> datetime.datetime:
        """A moment of a day, or of the Monday after a weekend."""
        weekday = day.isoweekday()
        day += datetime.timedelta(8 - weekday if weekday > 5 else 0)
        time = datetime.time(self._rng.randint(9, 16), self._rng.choice(minutes), tzinfo=ZONE)
        return datetime.datetime.combine(day, time)
