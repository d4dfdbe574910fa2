"""The portal's time."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ..._clock import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Callable

ZONE = ZoneInfo("Europe/Amsterdam")
_BEYOND = "the portal's clock does not go beyond the years 1 to 9999"


class PortalClock:
    """What time it is in the portal, and how to change that.

    Args:
        start: Where it begins: an aware moment, at which it stands still until told otherwise, or a function that
            tells the time. By default it goes with the machine's clock.
    """

    def __init__(self, start: datetime.datetime | Callable[[], datetime.datetime] | None = None) -> None:
        if start is not None and not callable(start) and not isinstance(start, datetime.datetime):
            raise ValueError("the clock is an aware datetime, or a function that tells the time")
        self._given = _system if start is None else start if callable(start) else lambda: start
        _aware(self._given())
        self._ahead = datetime.timedelta()
        try:
            # That of the machine passes by itself, for the rate limit too.
            self._start = None if start is None else self._tell()
            self.now()
        except OverflowError:
            raise ValueError(_BEYOND) from None

    def now(self) -> datetime.datetime:
        """The moment, in Amsterdam, in whole seconds."""
        return (self._tell() + self._ahead).astimezone(ZONE).replace(microsecond=0)

    def advance(self, by: datetime.timedelta | float) -> None:
        """Lets time pass at once: a `timedelta`, or seconds.

        Raises:
            ValueError: It would go back.
        """
        try:
            step = by if isinstance(by, datetime.timedelta) else datetime.timedelta(seconds=by)
            (self._tell() + self._ahead + step).astimezone(ZONE)
        except OverflowError:
            raise ValueError(_BEYOND) from None
        if step < datetime.timedelta():
            raise ValueError("the portal's clock can't go back")
        self._ahead += step

    def set(self, moment: datetime.datetime) -> None:
        """Lets time pass until an aware moment.

        Raises:
            ValueError: That moment has passed, or has no zone.
        """
        self.advance(_aware(moment) - (self._tell() + self._ahead))

    def reset(self) -> None:
        """Takes back all that passed on demand."""
        self._ahead = datetime.timedelta()

    def seconds(self) -> float:
        """Seconds that never go back, for the rate limit; waits that a client skipped are among them."""
        told = 0.0 if self._start is None else (self._tell() - self._start).total_seconds()
        return SYSTEM.monotonic() + self._ahead.total_seconds() + told

    def _tell(self) -> datetime.datetime:
        # In Amsterdam, an hour that is added where clocks are changed would be another one.
        return self._given().astimezone(datetime.UTC)


def _system() -> datetime.datetime:
    return datetime.datetime.now(ZONE)


def _aware(moment: datetime.datetime) -> datetime.datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment of the portal's clock needs a time zone")
    return moment
