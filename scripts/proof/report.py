"""What a proof found, and how it is written down."""

from __future__ import annotations

import attrs


@attrs.frozen(kw_only=True)
class Section:
    """One proof.

    Attributes:
        title: Its heading.
        text: What was done, how often, with which seed; Markdown.
        columns: Heads of its table.
        rows: Its table; every cell is text.
        failures: What should not have happened, a line each; empty where the proof holds.
    """

    title: str
    text: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    failures: tuple[str, ...] = ()

    def markdown(self) -> str:
        """The section of the page."""
        lines = [f"## {self.title}", "", self.text.strip(), ""]
        lines.append(f"| {' | '.join(self.columns)} |")
        lines.append(f"| {' | '.join('---' for _ in self.columns)} |")
        lines.extend(f"| {' | '.join(row)} |" for row in self.rows)
        if self.failures:
            lines += ["", "Failures:", "", *(f"- {failure}" for failure in self.failures)]
        return "\n".join([*lines, ""])
