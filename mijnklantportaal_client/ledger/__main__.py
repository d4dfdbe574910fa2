"""What is open in a ledger: `python -m mijnklantportaal_client.ledger billing.db`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from ._errors import LedgerStoreError


def main(arguments: Sequence[str] | None = None) -> int:
    """Answers 0 where nothing is open, 1 where something is, and 2 where the file can't be read."""
    options = _parser().parse_args(arguments)
    from ._table import read, table

    try:
        entries = read(options.file, everything=options.all)
    except LedgerStoreError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    if entries:
        print(table(entries))  # noqa: T201
    number = sum(entry.is_open for entry, _ in entries)
    print(f"{number} open" if number else "Nothing is open.")  # noqa: T201
    return 1 if number else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m mijnklantportaal_client.ledger",
        description="Shows what is open in the file of a ledger, and what to do about it. Changes nothing.",
        epilog="Exit status: 0 where nothing is open, 1 where something is, 2 where the file can't be read.",
    )
    parser.add_argument("file", type=Path, help="the file of a ledger")
    parser.add_argument("--all", action="store_true", help="show what is done, too")
    return parser


if __name__ == "__main__":
    sys.exit(main())
