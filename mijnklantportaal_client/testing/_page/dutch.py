"""Amounts, days and moments the way the Dutch write them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
_SPACE = "\u00a0"  # keeps the sign and the amount on one line


def money(amount: object, currency: object = "EUR") -> str:
    """`"1234.5"` as `€ 1.234,50`; text that is no amount stays as it is."""
    try:
        value = Decimal(str(amount))
        digits = f"{value:,.2f}".translate(str.maketrans(",.", ".,"))
    except InvalidOperation:
        return str(amount)
    return f"{'€' if currency == 'EUR' else currency}{_SPACE}{digits}"


def day(value: object) -> str:
    """`2026-01-31` as `31-01-2026`."""
    try:
        return f"{date.fromisoformat(str(value)[:10]):%d-%m-%Y}"
    except ValueError:
        return str(value)


def moment(value: object) -> str:
    """A moment as `31-01-2026 12:00`, in the time of Amsterdam."""
    at = _read(value)
    return str(value) if at is None else f"{at:%d-%m-%Y %H:%M}"


def time_of_day(value: object) -> str:
    """A moment as `12:00:05`, in the time of Amsterdam."""
    at = _read(value)
    return str(value) if at is None else f"{at:%H:%M:%S}"


def size(count: object) -> str:
    """A number of bytes as `1,2 MB`."""
    if not isinstance(count, int):
        return ""
    value, unit = float(count), "bytes"
    for bigger in ("kB", "MB", "GB"):
        if value < 1000:
            break
        value, unit = value / 1000, bigger
    return f"{count}{_SPACE}bytes" if unit == "bytes" else f"{value:.1f}{_SPACE}{unit}".replace(".", ",")


def duration(seconds: float) -> str:
    """Seconds as `3,2 ms` or `1,5 s`."""
    text = f"{seconds:.1f}{_SPACE}s" if seconds >= 1 else f"{seconds * 1000:.1f}{_SPACE}ms"
    return text.replace(".", ",")


def _read(value: object) -> datetime | None:
    try:
        at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return at.astimezone(AMSTERDAM) if at.tzinfo else at
