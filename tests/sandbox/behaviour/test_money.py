"""Amounts, VAT and dates."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mijnklantportaal_client.testing._portal import money
from mijnklantportaal_client.testing._portal.resources import _dates

INTERVALS = ("14 days", "1 month", "2 months", "6 months", "1 year")
DAYS = st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 12, 31))


def lines(*amounts: tuple[str, int]) -> list[dict[str, Any]]:
    """Lines of an invoice."""
    return [{"amountExclVat": amount, "vatRate": rate} for amount, rate in amounts]


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        (lines(("12.95", 21)), "15.67"),
        (lines(("0.50", 21)), "0.61"),
        (lines(("10", 0)), "10.00"),
        (lines(("100", 21), ("100", 9), ("100", 0)), "330.00"),
        # 3 x 0.05 with VAT line by line would be 0.18.
        (lines(("0.05", 9), ("0.05", 9), ("0.05", 9)), "0.16"),
        (lines(("0.05", 9), ("0.05", 21)), "0.11"),
        (lines(("-0.50", 21)), "-0.61"),
        (lines(("25", 21), ("-25", 21)), "0.00"),
    ],
)
def test_lines_come_to(of: list[dict[str, Any]], expected: str) -> None:
    """VAT is taken of the sum of each rate, and half a cent goes up."""
    assert money.total(of) == expected


@pytest.mark.parametrize(("amount", "expected"), [("5", "5.00"), ("12.9", "12.90"), ("-0", "0.00"), ("-0.00", "0.00")])
def test_amounts_have_two_decimals(amount: str, expected: str) -> None:
    """However they were sent."""
    assert money.written(amount) == expected


def test_long_amounts_are_exact() -> None:
    """No precision of decimal arithmetic cuts them."""
    assert money.total(lines(("1" * 60 + ".01", 0), ("2" * 60 + ".02", 0))) == "3" * 60 + ".03"


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2026-01-31", 2, "2026-03-31"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2026-11-30", 2, "2027-01-30"),
        ("9999-12-01", 1, None),
    ],
)
def test_months_end_where_the_month_does(day: str, months: int, expected: str | None) -> None:
    """As subscriptions and cards count them."""
    later = _dates.later(datetime.date.fromisoformat(day), months=months)
    assert later == (expected and datetime.date.fromisoformat(expected))


def test_days_end_where_the_calendar_does() -> None:
    """Nothing comes after its last day."""
    assert _dates.later(datetime.date(9999, 12, 30), days=1) == datetime.date.max
    assert _dates.later(datetime.date(9999, 12, 31), days=1) is None


@pytest.mark.parametrize(
    ("period", "expected"), [("days", "2026-02-02"), ("months", "2026-04-30"), ("years", "2029-01-31")]
)
def test_expiry_keeps_the_time_of_day(period: str, expected: str) -> None:
    """Whatever the period."""
    moment = datetime.datetime(2026, 1, 31, 16, 30, tzinfo=datetime.UTC)
    value = {"days": 2, "months": 3, "years": 3}[period]
    assert _dates.expiry(moment, value, period) == datetime.datetime.fromisoformat(f"{expected}T16:30:00+00:00")


def test_expiry_beyond_the_calendar() -> None:
    """It never comes."""
    assert _dates.expiry(datetime.datetime(9500, 1, 1, tzinfo=datetime.UTC), 1000, "years") is None


@given(start=DAYS, after=DAYS, interval=st.sampled_from(INTERVALS))
def test_the_next_renewal(start: datetime.date, after: datetime.date, interval: str) -> None:
    """It is the first of all renewals that comes after a day."""
    found = _dates.next_renewal(start, interval, after)
    days, months = {"14 days": (14, 0), "1 year": (0, 12)}.get(interval, (0, int(interval[0])))
    every = (_dates.later(start, days=days * number, months=months * number) for number in range(1, 10_000))
    assert found == next(day for day in every if day is not None and day > after)


def test_a_renewal_beyond_the_calendar() -> None:
    """There is none."""
    assert _dates.next_renewal(datetime.date(9999, 6, 1), "1 year", datetime.date(2026, 1, 1)) is None
