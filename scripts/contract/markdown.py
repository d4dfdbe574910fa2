"""Words that others chose, as they may stand in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_LONGEST = 400


def plain(text: str) -> str:
    """One line without anything that is markup beyond code: a name may hold HTML, bars, or links."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    line = line if len(line) <= _LONGEST else f"{line[:_LONGEST]}..."
    for character, instead in (("&", "&amp;"), ("<", "&lt;"), ("|", "\\|"), ("](", "] (")):
        line = line.replace(character, instead)
    return line


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Lines of a table."""
    lines = [f"| {' | '.join(heads)} |", f"| {' | '.join('---' for _ in heads)} |"]
    return [*lines, *(f"| {' | '.join(plain(cell) for cell in row)} |" for row in rows), ""]


def section(title: str, lines: Iterable[str]) -> list[str]:
    """A heading and what belongs to it; nothing where there is nothing."""
    content = [*lines]
    return [f"## {title}", "", *content, *([""] if content[-1] else [])] if content else []
