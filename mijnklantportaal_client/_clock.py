"""Time, in one place, so that tests can bring their own."""

from __future__ import annotations

import asyncio
import time


class Clock:
    """The machine's clock."""

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return time.monotonic()

    def time(self) -> float:
        """UNIX time."""
        return time.time()

    async def sleep(self, seconds: float) -> None:
        """Waits."""
        await asyncio.sleep(seconds)


SYSTEM = Clock()
