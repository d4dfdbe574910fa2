"""What the script on the Redis server is told, and what it answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import attrs


class Report(NamedTuple):
    """How a request ended, or that it is still under way.

    Attributes:
        what: `renew`, `put_back`, `answered`, `given_up` or `refused`.
        ended: When; on the clock of the line.
        lasted: Seconds from its leave to its answer.
        one: The limit of an answer, the microseconds to wait of a refusal, whether one that was put back was tried.
        two: How many requests are left, of an answer.
    """

    what: str
    slot: str
    ended: float
    lasted: float = 0.0
    one: int | None = None
    two: int | None = None

    def words(self, now: float) -> tuple[str, ...]:
        """How the script reads it."""
        numbers = ("" if value is None else f"{value}" for value in (self.one, self.two))
        return (self.what, self.slot, micros(max(0.0, now - self.ended)), micros(max(0.0, self.lasted)), *numbers)


@attrs.frozen
class Reply:
    """The window as the server showed it last; times are seconds from `at` on.

    Attributes:
        granted: How many may go.
        wait: When one more may.
        again: When to look again.
        limit: How many the window holds.
        processes: How many processes were heard in the last window.
        paused: How long everybody pauses.
        others: How many queues there are elsewhere.
        wanted_by_others: How many requests wait in them.
        times: When those may go that wait, one by one; empty where all were granted.
    """

    at: float = 0.0
    granted: int = 0
    wait: float = 0.0
    again: float = 0.0
    limit: int = 1
    processes: int = 1
    paused: float = 0.0
    others: int = 0
    wanted_by_others: int = 0
    times: tuple[float, ...] = ()

    @classmethod
    def read(cls, at: float, numbers: Sequence[int]) -> Reply:
        """Reads what the script answered."""
        granted, wait, again, limit, processes, paused, others, wanted, *times = numbers
        seconds = tuple(each / 1e6 for each in times)
        return cls(at, granted, wait / 1e6, again / 1e6, limit, processes, paused / 1e6, others, wanted, seconds)

    def estimate(self, now: float, index: int, per: float) -> float:
        """About how many seconds somebody waits who has so many before him in his queue."""
        if not self.times:
            return max(0.0, self.at + self.wait - now)
        rank = index + min(self.wanted_by_others, self.others * (index + 1))
        rounds, place = divmod(rank, len(self.times))
        return max(0.0, self.at + self.times[place] - now) + rounds * per


def micros(seconds: float) -> str:
    """Microseconds, in which the script counts."""
    return f"{round(seconds * 1e6)}"
