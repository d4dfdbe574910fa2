"""A window that several processes share through Redis."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import threading
import time
from typing import TYPE_CHECKING

from ._redis_desk import Desk
from ._redis_own import OwnUse
from ._redis_server import redis_server

if TYPE_CHECKING:
    from ._clock import Clock
    from ._line import Place
    from ._pacing import Server

_PARTS = ("state", "used", "foreign", "flying", "waiting", "active")
# How long a request counts as under way where nobody renews it, as a share of a window and in seconds.
_LEASE = 0.5
_LEAST_LEASE = 3.0
_LONGEST_LEASE = 30.0
_ABANDONED: list[object] = []


class RedisLine:
    """The line of all processes that use the same Redis server; within a process, each event loop has its own queue.

    `ceiling` is the most that all of them together may use of the window.
    """

    def __init__(self, clock: Clock, url: str, server: Server, per: float, ceiling: int | None = None) -> None:
        self.clock = clock
        self.per = per
        self.ceiling = ceiling or 0
        self.lease = min(max(per * _LEASE, _LEAST_LEASE), _LONGEST_LEASE)
        self.server = redis_server(url)
        # The key may be anything, and others may read the names.
        name = hashlib.sha256(f"{server.base_url}\0{server.key}\0{float(per)!r}".encode()).hexdigest()[:32]
        self.keys = tuple(f"mijnklantportaal:{{{name}}}:{part}" for part in _PARTS)
        self.own = OwnUse(per, ceiling)
        self.process = secrets.token_hex(8)
        self._began = clock.monotonic() - time.monotonic()
        self._desks: dict[asyncio.AbstractEventLoop, Desk] = {}
        self._lock = threading.Lock()

    @property
    def ahead(self) -> float:
        """Seconds by which waits that were skipped have put the clock ahead."""
        return max(0.0, self.clock.monotonic() - time.monotonic() - self._began)

    def estimate(self) -> float:
        desk = self._desks.get(asyncio.get_running_loop())
        return 0.0 if desk is None else desk.estimate()

    async def acquire(self, max_wait: float | None) -> Place:
        return await self._desk().acquire(max_wait)

    def take(self) -> Place | None:
        # Only the server knows.
        return None

    def put_back(self, place: Place, *, tried: bool) -> None:
        if (desk := self._desks.get(place.loop)) is not None:
            desk.put_back(place, tried=tried)

    def answered(self, place: Place, limit: int | None, remaining: int | None) -> None:
        if (desk := self._desks.get(place.loop)) is not None:
            desk.answered(place, limit, remaining)

    def given_up(self, place: Place) -> None:
        if (desk := self._desks.get(place.loop)) is not None:
            desk.given_up(place)

    def refused(self, place: Place, wait: float | None) -> None:
        if (desk := self._desks.get(place.loop)) is not None:
            desk.refused(place, wait)

    def is_idle(self) -> bool:
        with self._lock:
            desks = list(self._desks.values())
        return all(desk.is_idle for desk in desks) and self.own.is_forgotten(self.clock.monotonic())

    def after_fork(self) -> None:
        # Kept for good, with the tasks and timers of the parent's loops.
        _ABANDONED.append(self._desks)
        self._desks = {}
        self._lock = threading.Lock()
        self.process = secrets.token_hex(8)
        self.own.after_fork(self.clock.monotonic())

    def _desk(self) -> Desk:
        loop = asyncio.get_running_loop()
        found = self._desks.get(loop)
        if found is None:
            with self._lock:
                gone = [self._desks.pop(each) for each in list(self._desks) if each.is_closed()]
                found = self._desks[loop] = Desk(self)
            for desk in gone:
                found.take_over(desk)
        return found
