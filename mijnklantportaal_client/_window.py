"""The arithmetic of the rate limit: when may the next request go? Pure; every moment is given."""

from __future__ import annotations

from collections import deque

# Shares of a window: how old the last answer may be where somebody else uses the key too, and the least wait after a
# refusal, which doubles with each one in a row.
_STALE = 1 / 30
_LEAST_PAUSE = 1 / 60


class Window:
    """The requests of one window, as the client knows them.

    A slot is free again one window after its answer came, not after its request went: nobody can tell when in between
    the server counted it. That holds in a rolling window as well as in a fixed one.
    """

    def __init__(self, limit: int, per: float, *, learns: bool) -> None:
        self.per = per
        self._learns = learns
        self._limit = limit
        self._in_flight = 0
        # When each used slot is free again; in order, as the clock never goes back.
        self._busy: deque[float] = deque()
        # Those that became free a moment ago: the server may have counted them still when it wrote an answer.
        self._freed: deque[float] = deque()
        self._went: dict[int, float] = {}
        self._paused_until = float("-inf")
        self._refusals = 0
        # Whoever knows nothing of the last minute, or was refused, sends one request and learns from its answer.
        self._blind = learns
        self._taken = 0
        self._probe: int | None = None
        self._probe_counts_until = float("-inf")
        self._others_until = float("-inf")
        self._heard = float("-inf")

    @property
    def limit(self) -> int:
        """How many requests the window holds."""
        return self._limit

    @property
    def in_flight(self) -> int:
        """How many requests are under way."""
        return self._in_flight

    def free_at(self, now: float) -> float | None:
        """The first moment at which a request may go; None where only an answer can tell."""
        self._expire(now)
        if self._probe is not None and self._probe_counts_until == float("inf"):
            return None
        earliest = max(now, self._paused_until, self._probe_counts_until)
        missing = self._in_flight + len(self._busy) - self._limit + 1
        if missing <= 0:
            return earliest
        if missing > len(self._busy):
            return None
        return max(earliest, self._busy[missing - 1])

    def estimate(self, now: float, ahead: int) -> float:
        """About how many seconds until a request may go that has so many others before it."""
        self._expire(now)
        start = max(now, self._paused_until)
        position = self._in_flight + len(self._busy) + ahead
        if position < self._limit:
            return start - now
        rounds, index = divmod(position - self._limit, self._limit)
        # What is in flight ends about now.
        freed = self._busy[index] if index < len(self._busy) else now + self.per
        return max(start, freed) - now + rounds * self.per

    def take(self, now: float) -> int:
        """A request goes; gives the number that tells its end."""
        self._in_flight += 1
        self._taken += 1
        self._went[self._taken] = now
        if self._blind:
            self._probe, self._probe_counts_until = self._taken, float("inf")
        elif now < self._others_until and now - self._heard > self.per * _STALE:
            # Somebody else may have used what has become free since: one asks, and the rest follows a little later.
            self._probe, self._probe_counts_until = self._taken, now + self.per * _STALE
        return self._taken

    def put_back(self, number: int, *, tried: bool) -> None:
        """It did not go after all; `tried` where that was the network's fault."""
        self._in_flight -= 1
        self._went.pop(number, None)
        # A server that can't be reached teaches nobody, so there is no sense in going one by one.
        self._end_probe(number, knows=tried)

    def answered(self, number: int, now: float, limit: int | None, remaining: int | None) -> None:
        """Its answer came, with what the server says of its limit."""
        went = self._went.get(number, now)
        self.given_up(number, now)
        self._refusals = 0
        self._heard = now
        if self._learns and limit is not None:
            self._limit = limit
            self._note_others(now, limit, remaining, went)

    def given_up(self, number: int, now: float) -> None:
        """It went, and no answer came; the server may have counted it."""
        self._in_flight -= 1
        self._went.pop(number, None)
        self._busy.append(now + self.per)
        self._end_probe(number, knows=True)

    def refused(self, number: int, now: float, wait: float | None) -> None:
        """It was refused with 429: everyone waits until the reset, and goes on with one request."""
        self._in_flight -= 1
        self._went.pop(number, None)
        self._end_probe(number, knows=True)
        self._blind = True
        # Those that were under way together are refused together, which is one refusal.
        if now >= self._paused_until:
            self._refusals = min(self._refusals + 1, 30)
        least = min(self.per, self.per * _LEAST_PAUSE * 2 ** (self._refusals - 1))
        self._paused_until = max(self._paused_until, now + max(least, self.per if wait is None else wait))

    def forget_in_flight(self, now: float) -> None:
        """After a fork: what the parent has in flight counts as answered."""
        self._busy.extend([now + self.per] * self._in_flight)
        self._in_flight = 0
        self._went.clear()
        self._probe, self._probe_counts_until = None, float("-inf")

    def is_empty(self, now: float) -> bool:
        """Whether the window holds nothing that matters any more."""
        self._expire(now)
        return not self._busy and self._in_flight == 0 and self._paused_until <= now

    def _note_others(self, now: float, limit: int, remaining: int | None, went: float) -> None:
        """Counts what somebody else used, who has the same key; it is free again in one window at the latest."""
        # Of an answer that took a whole window, nobody can tell what it counted.
        if remaining is None or now - went >= self.per:
            return
        others = limit - remaining - len(self._busy) - self._in_flight - self._freed_since(went)
        if others > 0:
            self._busy.extend([now + self.per] * others)
            self._others_until = now + 2 * self.per

    def _freed_since(self, moment: float) -> int:
        count = 0
        for free_at in reversed(self._freed):
            if free_at <= moment:
                break
            count += 1
        return count

    def _end_probe(self, number: int, *, knows: bool) -> None:
        if number == self._probe:
            self._probe, self._probe_counts_until = None, float("-inf")
            self._blind = not knows

    def _expire(self, now: float) -> None:
        while self._busy and self._busy[0] <= now:
            self._freed.append(self._busy.popleft())
        while self._freed and self._freed[0] <= now - self.per:
            self._freed.popleft()
