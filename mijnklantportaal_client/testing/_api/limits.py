"""The rate limit as the server keeps it: a rolling window per key."""

from __future__ import annotations

import math
import threading
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable


class Meter(NamedTuple):
    """How much of the limit a key has used."""

    limit: int
    remaining: int
    wait: float
    """Seconds until a request is let in again; 0 where one would be now."""


class ServerLimit:
    """So many requests per key in any `per` seconds; None as the limit lets everything in."""

    def __init__(self, limit: int | None, per: float, now: Callable[[], float]) -> None:
        self.limit = limit
        self.per = per
        self._now = now
        self._taken: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def take(self, key: str) -> Meter | None:
        """Counts a request; one that comes too early is not counted, and its meter says how long to wait."""
        if self.limit is None:
            return None
        with self._lock:
            taken = self._within(key)
            if len(taken) >= self.limit:
                return self._meter(taken)
            taken.append(self._now())
            return self._meter(taken)._replace(wait=0.0)

    def meters(self) -> dict[str, Meter]:
        """How each key that asked within the window stands."""
        if self.limit is None:
            return {}
        with self._lock:
            return {key: self._meter(taken) for key in tuple(self._taken) if (taken := self._within(key))}

    def clear(self) -> None:
        """Forgets what was asked."""
        self._taken.clear()

    def _within(self, key: str) -> deque[float]:
        taken = self._taken.setdefault(key, deque())
        while taken and taken[0] <= self._now() - self.per:
            taken.popleft()
        for other in [each for each, times in self._taken.items() if not times and each != key]:
            del self._taken[other]
        return taken

    def _meter(self, taken: deque[float]) -> Meter:
        limit = self.limit or 0
        remaining = max(0, limit - len(taken))
        wait = 0.0 if remaining or not taken else taken[0] + self.per - self._now()
        return Meter(limit, remaining, wait)


def headers(meter: Meter | None, is_refused: bool, time: float) -> dict[str, str]:
    """What an answer tells of the limit; `time` is the UNIX time."""
    if meter is None:
        return {}
    told = {"X-RateLimit-Limit": str(meter.limit), "X-RateLimit-Remaining": str(meter.remaining)}
    if is_refused:
        wait = max(1, math.ceil(meter.wait))
        told |= {"Retry-After": str(wait), "X-RateLimit-Reset": str(math.ceil(time + wait))}
    return told
