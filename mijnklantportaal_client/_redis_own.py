"""What one process used of a window that it shares, which is all it knows while the Redis server is away."""

from __future__ import annotations

import threading

from ._pacing import DEFAULT_LIMIT
from ._window import Window


class OwnUse(Window):
    """The requests of this process, and its fair share; the lock has to be held for whatever is done with it."""

    def __init__(self, per: float, ceiling: int | None) -> None:
        super().__init__(DEFAULT_LIMIT, per, learns=False)
        # Reentrant, as a call that is collected ends its slot wherever the collector happens to begin.
        self.lock = threading.RLock()
        self.whole = DEFAULT_LIMIT
        """How many requests the server allows all of them together."""
        self._ceiling = ceiling
        self._share(1)
        # Until the Redis server was heard, nothing is known of the last window.
        self._blind, self._heard_server = True, False

    def learn(self, whole: int, processes: int) -> None:
        """Remembers what the server allows, and among how many it is shared."""
        with self.lock:
            self.whole = whole
            self._share(processes)
            self._blind, self._heard_server = self._blind and self._heard_server, True

    def pause(self, until: float) -> None:
        """Lets nothing go before a moment."""
        with self.lock:
            self._paused_until = max(self._paused_until, until)

    def _share(self, processes: int) -> None:
        most = self.whole if self._ceiling is None else min(self.whole, self._ceiling)
        self._limit = max(1, most // max(1, processes))

    def is_forgotten(self, now: float) -> bool:
        """Whether it holds nothing that matters any more."""
        with self.lock:
            return self.is_empty(now)

    def after_fork(self, now: float) -> None:
        """A child process keeps what was used."""
        self.lock = threading.RLock()
        self.forget_in_flight(now)
