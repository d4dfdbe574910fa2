"""Figures as a table in the terminal, as a page, and as plots."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.figures import Figure

_HEAD = """# Results

Made by `make bench`, on one machine, with server and client on it: each figure compares two things that were measured
in turns in the same run. Median of all rounds, with its quartiles. What was tried on the way is in `NOTES.md`.
"""
_COLUMNS = ("figure", "median", "quartiles", "target", "", "note")


def _rows(figures: Sequence[Figure]) -> list[tuple[str, ...]]:
    marks = {True: "met", False: "missed", None: ""}
    return [
        (
            each.name,
            f"{_number(each.value)} {each.unit}",
            f"{_number(each.low)} - {_number(each.high)}",
            each.target,
            marks[each.met],
            each.note,
        )
        for each in figures
    ]


def _number(value: float) -> str:
    return f"{value:.3f}" if abs(value) < 10 else f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}"


def text(title: str, figures: Sequence[Figure]) -> str:
    """A table for the terminal."""
    rows = [_COLUMNS, *_rows(figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_COLUMNS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([title, *lines])


def markdown(title: str, figures: Sequence[Figure]) -> str:
    """A section of the page."""
    machine = f"{platform.system()}, {os.cpu_count()} cores, Python {platform.python_version()}."
    lines = [f"## {title}", "", f"| {' | '.join(_COLUMNS)} |", f"|{' --- |' * len(_COLUMNS)}"]
    lines += [f"| {' | '.join(row)} |" for row in _rows(figures)]
    return "\n".join([*lines, "", machine, ""])


def write(page: Path, order: Sequence[str], name: str, section: str) -> None:
    """Puts a section into the page, in the place of the old one."""
    old = page.read_text(encoding="utf-8") if page.exists() else ""
    sections = dict(re.findall(r"<!-- (\w+) -->\n(.*?)(?=\n<!-- |\Z)", old, re.DOTALL))
    sections[name] = section
    names = [*order, *sorted(set(sections) - set(order))]
    ordered = (f"<!-- {each} -->\n{sections[each].rstrip()}\n" for each in names if each in sections)
    page.write_text("\n".join([_HEAD, *ordered]), encoding="utf-8")


def plot(target: Path, title: str, figures: Sequence[Figure]) -> None:
    """Ratios with their spread, and a mark where each should be; nothing where there is no ratio."""
    ratios = [each for each in figures if each.unit == "x"]
    if not ratios:
        return
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot as plt

    # The same figures give the same file.
    mpl.rcParams["svg.hashsalt"] = "benchmarks"
    # Text as text, which is a tenth of its outlines.
    mpl.rcParams["svg.fonttype"] = "none"
    figure, axes = plt.subplots(figsize=(9, 1.0 + 0.42 * len(ratios)), layout="constrained")
    colours = {True: "#2a7f62", False: "#b3402f", None: "#5b6b7b"}
    places = range(len(ratios), 0, -1)
    for place, each in zip(places, ratios, strict=True):
        axes.barh(place, each.value, height=0.5, color=colours[each.met], alpha=0.85)
        axes.plot([each.low, each.high], [place, place], color="black", linewidth=1.5)
        if limit := re.search(r"[0-9.]+", each.target):
            axes.plot([float(limit[0])] * 2, [place - 0.38, place + 0.38], color="black", linestyle=":", linewidth=2)
        axes.text(max(each.value, each.high), place, f"  {_number(each.value)}", va="center", fontsize=9)
    axes.set_yticks(list(places), [each.name for each in ratios], fontsize=9)
    axes.set_title(f"{title} (dotted: what it should be)", fontsize=10, loc="left")
    axes.margins(x=0.12)
    low, high = (edge(each.value for each in ratios if each.value > 0) for edge in (min, max))
    if high > 8 * low:
        # Small ones would not be seen beside the large ones.
        axes.set_xscale("log")
        axes.set_xlim(low / 1.5, high * 4)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    target.parent.mkdir(exist_ok=True, parents=True)
    figure.savefig(target, format="svg", metadata={"Date": None})
    plt.close(figure)
