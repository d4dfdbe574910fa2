"""Moments of this machine."""

from __future__ import annotations

import functools
from pathlib import Path

from .._clock import SYSTEM, Clock
from ._entry import Moment

_BOOT = Path("/proc/sys/kernel/random/boot_id")


class Clocks:
    """The clocks of this machine; `clock` is the one whose waits tests skip."""

    def __init__(self, clock: Clock = SYSTEM) -> None:
        self.clock = clock
        self.boot = boot_id()

    def now(self) -> Moment:
        """This moment by all of them."""
        return Moment(self.clock.time(), self.clock.real(), self.boot)


@functools.cache
def boot_id() -> str | None:
    """Which start of which machine this is; None where the system does not tell, as only Linux does."""
    try:
        return _BOOT.read_text(encoding="ascii").strip() or None
    except (OSError, ValueError):
        return None
