"""How tests wait for what others do: for a condition, never for a time, so that they pass on any machine.

Looking again and again is for what happens in another process or thread, which can't be told to say so; and for what
somebody does in turns of his own, such as looking at a key that is taken.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

PATIENCE = 60.0
"""Seconds after which a test has failed that waits; nothing takes as long, be the machine as busy as it may."""
_PAUSE = 0.002


async def until(holds: Callable[[], Any], what: str = "what the test waits for") -> None:
    """Waits until something holds, and fails where it never does."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, f"{what} did not come about in {PATIENCE:g} s"
        await asyncio.sleep(_PAUSE)


def wait_until(holds: Callable[[], Any], what: str = "what the test waits for") -> None:
    """The same, without a loop."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, f"{what} did not come about in {PATIENCE:g} s"
        time.sleep(_PAUSE)


async def turns(count: int = 20) -> None:
    """Lets everything else on the loop go as far as it gets without anything from outside."""
    for _ in range(count):
        await asyncio.sleep(0)


def hold_up(seconds: float) -> None:
    """Keeps this thread and its loop from everything for at least so long: for tests of what is late for that."""
    time.sleep(seconds)
