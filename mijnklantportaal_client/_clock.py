"""Time, in one place, so that tests can bring their own."""

from __future__ import annotations

import asyncio
import threading
import time

_TURNS = 20


class Clock:
    """The machine's clock, whose waits can be skipped."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._skipping = 0
        self._skipped = 0.0

    def monotonic(self) -> float:
        """Seconds that never go back; waits that were skipped are among them."""
        return time.monotonic() + self._skipped

    def real(self) -> float:
        """Seconds that never go back, without what others skipped."""
        return time.monotonic()

    def time(self) -> float:
        """UNIX time."""
        return time.time()

    async def sleep(self, seconds: float) -> None:
        """Waits."""
        if self._skipping:
            self._skip(seconds)
            seconds = 0.0
        await asyncio.sleep(seconds)

    async def wait(self, event: asyncio.Event, seconds: float | None) -> None:
        """Waits for an event, and no longer than so many seconds; None for as long as it takes."""
        if self._skipping and seconds is not None:
            # What is under way may come first.
            for _ in range(_TURNS):
                if event.is_set():
                    return
                await asyncio.sleep(0)
            self._skip(seconds)
            return
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            pass

    def skip_waits(self, on: bool) -> None:
        """Begins or ends to skip waits; what was skipped stays, as time never goes back."""
        with self._lock:
            self._skipping += 1 if on else -1

    def _skip(self, seconds: float) -> None:
        with self._lock:
            self._skipped += seconds


SYSTEM = Clock()
