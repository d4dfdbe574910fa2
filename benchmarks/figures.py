"""What a benchmark found."""

from __future__ import annotations

import attrs


@attrs.frozen
class Figure:
    """A number with its spread.

    Attributes:
        name: What was measured.
        value: The median.
        low: The least of all rounds.
        high: The most of all rounds.
        target: What it should be.
        note: How it is meant.
        unit: What it is counted in.
    """

    name: str
    value: float
    low: float
    high: float
    target: str = ""
    note: str = ""
    unit: str = "x"
