"""What a benchmark found: a ratio, its spread, and what it should be."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterable

import attrs

_LIMIT = re.compile(r"(<=|>=) *([0-9.]+)")


@attrs.frozen
class Figure:
    """One line of the table.

    Attributes:
        name: What was measured, and in which of two things.
        value: The median of all rounds.
        low: The lower quartile.
        high: The upper quartile.
        target: What it should be, like `<= 1.10`; empty where it is only reported.
        note: What else there is to know, in a few words.
        unit: `x` for a ratio.
    """

    name: str
    value: float
    low: float
    high: float
    target: str = ""
    note: str = ""
    unit: str = "x"

    @property
    def met(self) -> bool | None:
        """Whether the median is what it should be; None where there is nothing that it should be."""
        limit = _LIMIT.match(self.target)
        if limit is None:
            return None
        kind, number = limit.groups()
        return self.value <= float(number) if kind == "<=" else self.value >= float(number)


def summary(name: str, values: Iterable[float], target: str = "", note: str = "", unit: str = "x") -> Figure:
    """The median of several rounds, with its quartiles."""
    every = sorted(values)
    if len(every) < 2:
        return Figure(name, every[0], every[0], every[0], target, note, unit)
    low, middle, high = statistics.quantiles(every, n=4, method="inclusive")
    return Figure(name, middle, low, high, target, note, unit)


def ratio(name: str, ours: Iterable[float], theirs: Iterable[float], target: str = "", note: str = "") -> Figure:
    """Ours divided by theirs, round by round: what disturbs the machine for a while disturbs both."""
    return summary(name, (mine / yours for mine, yours in zip(ours, theirs, strict=True)), target, note)
