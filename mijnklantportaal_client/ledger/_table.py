"""What is in a ledger's file, for people. It is only read."""

from __future__ import annotations

import os
import sqlite3
import textwrap
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from ._errors import LedgerStoreError
from ._file import ALL, OPEN, check, errors_of, is_empty, rows
from ._owners import Owners

if TYPE_CHECKING:
    from ._entry import Entry

_HEADS = ("KEY", "STATE", "SENT (UTC)", "CALL")
_WIDEST_KEY = 60
_WIDTH = 110


def read(path: Path, *, everything: bool) -> list[tuple[Entry, bool]]:
    """The entries of a file, those that are done only if asked for; each with whether somebody is at work on it.

    Raises:
        LedgerStoreError: There is none, or it can't be read.
    """
    path = Path(os.path.realpath(path))
    owners = Owners(path)
    with errors_of(path):
        if not path.is_file():
            raise LedgerStoreError(f"there is no ledger at {path}")
        # Without a process that has it open, the files beside it are gone, and reading must not need to make them.
        is_quiet = not path.with_name(f"{path.name}-wal").exists()
        options = "mode=ro&immutable=1" if is_quiet else "mode=ro"
        database = sqlite3.connect(f"{path.as_uri()}?{options}", uri=True, timeout=10)
        try:
            if is_empty(database):
                return []
            check(path, database)
            found = rows(path, database, ALL if everything else OPEN)
        finally:
            database.close()
        return [(entry, entry.state.is_running and owners.alive(entry.owner)) for entry in found]


def table(entries: Iterable[tuple[Entry, bool]]) -> str:
    """A table with what to do below each row."""
    cells = [(_row(entry, alive), _advice(entry, alive)) for entry, alive in entries]
    widths = [max(len(row[column]) for row in (_HEADS, *(row for row, _ in cells))) for column in range(len(_HEADS))]
    lines = [_line(_HEADS, widths)]
    for row, advice in cells:
        lines.append(_line(row, widths))
        lines.extend(textwrap.wrap(advice, _WIDTH, initial_indent="    ", subsequent_indent="    "))
    return "\n".join(lines)


def _line(cells: Iterable[str], widths: list[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _row(entry: Entry, alive: bool) -> tuple[str, str, str, str]:
    state = entry.state.value.replace("_", " ")
    sent = "-" if entry.sent_at is None else f"{entry.sent_at:%Y-%m-%d %H:%M:%S}"
    key = entry.key if len(entry.key) <= _WIDEST_KEY else f"{entry.key[: _WIDEST_KEY - 3]}..."
    return key, f"{state}, at work" if alive else state, sent, entry.operation or "-"


def _advice(entry: Entry, alive: bool) -> str:
    why = f"{entry.why}. " if entry.why else ""
    return "Its process is at work on it: wait." if alive else f"{why}{entry.advice}"
