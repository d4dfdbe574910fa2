"""Time that tests do not spend."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from .._clock import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Generator

__all__ = ["no_waiting"]


@contextmanager
def no_waiting() -> Generator[None, None, None]:
    """Lets the waits of every client in this process take no time: those between attempts and those of the rate limit.

        with no_waiting():
            await portal.customers.get("cst_abc12345def678")

    Everything else happens as it would: attempts are counted, slots are taken, hooks are told the seconds that would
    have passed. What a server needs to answer, and time-outs, take their real time. Also usable as a decorator.
    """
    SYSTEM.skip_waits(True)
    try:
        yield
    finally:
        SYSTEM.skip_waits(False)
