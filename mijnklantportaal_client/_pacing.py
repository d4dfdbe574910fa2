"""Which lines a request waits in before it is sent, and how its end is told to them."""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from ._clock import SYSTEM
from ._line import Line, LocalLine, Place
from ._outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._clock import Clock
    from ._wire import Progress
    from .ratelimit import RateLimit

DEFAULT_LIMIT = 60
# With fewer lines nobody looks for idle ones.
_FEW_LINES = 256
_MOST_DIGITS = 9


class Server(NamedTuple):
    """Whose requests are counted together."""

    base_url: str
    key: str


class Slot:
    """Leave to send one request; has to be ended."""

    def __init__(self, places: tuple[tuple[Line, Place], ...]) -> None:
        self._places = places

    def end(self, progress: Progress, wait: float | None, *, tried: bool) -> None:
        """Tells every line what came of the request.

        Args:
            progress: How far it came.
            wait: The seconds to wait, where it was refused with 429.
            tried: Whether the network was tried, where nothing was sent.
        """
        # A share has used its slot whatever the server said; the line of the server itself is the last.
        *shares, (base, place) = self._places
        if progress.status is not None:
            limit, remaining = (_whole(progress.headers, f"x-ratelimit-{name}") for name in ("limit", "remaining"))
            for line, own in shares:
                line.answered(own, None, None)
            if progress.status == 429:
                base.refused(place, wait)
            else:
                base.answered(place, limit or None, remaining)
        elif progress.outcome is Outcome.NOT_SENT:
            for line, own in self._places:
                line.put_back(own, tried=tried)
        else:
            for line, own in self._places:
                line.given_up(own)


def _whole(headers: Mapping[str, str], name: str) -> int | None:
    text = headers.get(name, "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None


class Pacer:
    """The lines that a request waits in: ceiling and share first, the server's own last."""

    def __init__(self, lines: tuple[Line, ...], max_wait: float | None) -> None:
        self._lines = lines
        self._max_wait = max_wait

    def estimate(self) -> float:
        """About how many seconds a call would wait that came now; 0 for one that may go at once."""
        return max(line.estimate() for line in self._lines)

    def take(self) -> Slot | None:
        """Takes a slot where no line has to be waited for."""
        taken: list[tuple[Line, Place]] = []
        for line in self._lines:
            place = line.take()
            if place is None:
                for each, own in taken:
                    each.put_back(own, tried=False)
                return None
            taken.append((line, place))
        return Slot(tuple(taken))

    async def acquire(self, clock: Clock) -> Slot:
        """Waits for a slot.

        Raises:
            TooLongError: It would take longer than `max_wait` seconds.
        """
        begun = clock.monotonic()
        taken: list[tuple[Line, Place]] = []
        try:
            for line in self._lines:
                waited = clock.monotonic() - begun
                left = None if self._max_wait is None else max(0.0, self._max_wait - waited)
                taken.append((line, await line.acquire(left)))
        except BaseException:
            for line, place in taken:
                line.put_back(place, tried=False)
            raise
        return Slot(tuple(taken))


class Registry:
    """The lines of this process."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._lines: dict[tuple[object, ...], Line] = {}
        # Whoever is about to wait in a line that was put away still shares it with those who come.
        self._put_away: weakref.WeakValueDictionary[tuple[object, ...], Line] = weakref.WeakValueDictionary()
        self._clean_at = _FEW_LINES
        self._shares: weakref.WeakSet[LocalLine] = weakref.WeakSet()
        self._lock = threading.Lock()

    def base(self, server: Server, per: float) -> Line:
        """The line of everyone in this process who calls this server with this token."""
        return self._line((server, per), lambda: LocalLine(self.clock, DEFAULT_LIMIT, per, learns=True))

    def shared(self, server: Server, per: float, requests: int | None, redis: str) -> Line:
        """The line that this process shares with others, who have the same ceiling if there is one.

        Raises:
            ConfigurationError: The package is missing that this needs, or the URL can't be used.
        """
        from ._redis import RedisLine

        return self._line((server, per, requests, redis), lambda: RedisLine(self.clock, redis, server, per, requests))

    def ceiling(self, server: Server, per: float, requests: int) -> Line:
        """The line of those among them that were given the same ceiling."""
        return self._line((server, per, requests), lambda: LocalLine(self.clock, requests, per, learns=False))

    def share(self, requests: int, per: float) -> Line:
        """The line of one copy."""
        line = LocalLine(self.clock, requests, per, learns=False)
        self._shares.add(line)
        return line

    def _line(self, place: tuple[object, ...], make: Callable[[], Line]) -> Line:
        with self._lock:
            found = self._lines.get(place)
            if found is None:
                if len(self._lines) >= self._clean_at:
                    self._put_away_idle()
                put_away = self._put_away.get(place)
                found = self._lines[place] = make() if put_away is None else put_away
            return found

    def _put_away_idle(self) -> None:
        """Forgets tenants that are not heard of any more; how often depends on how many there are."""
        idle = {at: line for at, line in self._lines.items() if line.is_idle()}
        self._put_away.update(idle)
        self._lines = {at: line for at, line in self._lines.items() if at not in idle}
        self._clean_at = max(_FEW_LINES, 2 * len(self._lines))

    def after_fork(self) -> None:
        """What a child process takes over: what was used, but nobody's place in a line."""
        self._lock = threading.Lock()
        self._put_away.clear()
        for line in [*self._lines.values(), *self._shares]:
            line.after_fork()


PROCESS = Registry(SYSTEM)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=PROCESS.after_fork)


class Pacing:
    """What one client or copy was told of its pace."""

    def __init__(self, client: RateLimit, own: RateLimit | None = None) -> None:
        self._client = client
        self._own = own
        self._share: Line | None = None

    def of_copy(self, own: RateLimit | None) -> Pacing:
        """The pacing of a copy, with a share of its own or with this one's over again, which a new token needs."""
        return Pacing(self._client, self._own if own is None else own)

    def pacer(self, registry: Registry, base_url: str, key: str) -> Pacer:
        """The lines as they are now."""
        client, own = self._client, self._own
        settings = client if own is None else own
        server = Server(base_url, settings.key or client.key or key)
        lines: list[Line] = []
        if own is not None and own.requests is not None:
            if self._share is None:
                self._share = registry.share(own.requests, own.per)
            lines.append(self._share)
        if redis := settings.redis or client.redis:
            lines.append(registry.shared(server, client.per, client.requests, redis))
            return Pacer(tuple(lines), settings.max_wait)
        if client.requests is not None:
            lines.append(registry.ceiling(server, client.per, client.requests))
        lines.append(registry.base(server, client.per))
        return Pacer(tuple(lines), settings.max_wait)
