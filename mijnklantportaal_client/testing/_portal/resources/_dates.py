"""Dates that are some days or months later, and those on which a subscription renews."""

from __future__ import annotations

import calendar
import datetime

_INTERVALS = {"14 days": (14, 0), "1 month": (0, 1), "2 months": (0, 2), "6 months": (0, 6), "1 year": (0, 12)}
_PERIODS = {"days": (1, 0), "months": (0, 1), "years": (0, 12)}


def later(day: datetime.date, *, days: int = 0, months: int = 0) -> datetime.date | None:
    """A later date; the last of its month where that month is too short, None where the calendar ends before it."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > datetime.MAXYEAR:
        return None
    last = calendar.monthrange(year, month + 1)[1]
    try:
        return day.replace(year=year, month=month + 1, day=min(day.day, last)) + datetime.timedelta(days)
    except OverflowError:
        return None


def expiry(moment: datetime.datetime, value: int, period: str) -> datetime.datetime | None:
    """A moment some days, months or years later, at the same time of day; None where the calendar ends before it."""
    days, months = _PERIODS[period]
    day = later(moment.date(), days=days * value, months=months * value)
    return None if day is None else datetime.datetime.combine(day, moment.time(), moment.tzinfo)


def next_renewal(start: datetime.date, interval: str, after: datetime.date) -> datetime.date | None:
    """The first renewal after a day; the start is none.

    Each is counted from the start: what starts on 31 January renews on 28 February and then on 31 March.
    """
    days, months = _INTERVALS[interval]
    # No more than have passed, whatever the months' lengths.
    number = max(1, (after - start).days // (days + 31 * months))
    while True:
        found = later(start, days=days * number, months=months * number)
        if found is None or found > after:
            return found
        number += 1


def is_due(moment: str | None, now: datetime.datetime) -> bool:
    """Whether the day of a moment has come, which is soon told; the moment itself may be later on that day."""
    return moment is not None and moment[:10] <= now.isoformat()[:10]
