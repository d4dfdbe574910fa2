"""Never twice: changes that are carried out once each, whatever happens to the network and to the process.

    async with Ledger("billing.db") as ledger:
        invoice = await ledger.once(key, lambda: portal.customer_invoices.create_from_lines(...), find=...)

See `docs/ledger.md`. `python -m mijnklantportaal_client.ledger billing.db` shows what is open, and what to do about it.
"""

from __future__ import annotations

from ._entry import Entry, EntryState, Moment
from ._errors import (
    KeyReusedError,
    LedgerError,
    LedgerStoreError,
    ListMovesError,
    ResultError,
    SeveralMatchError,
    UnresolvedError,
)
from ._find import find_created
from ._ledger import Ledger
from ._report import Ending, Progress, Report
from ._sqlite import SQLiteStore
from ._store import LedgerStore

__all__ = [
    "Ending",
    "Entry",
    "EntryState",
    "KeyReusedError",
    "Ledger",
    "LedgerError",
    "LedgerStore",
    "LedgerStoreError",
    "ListMovesError",
    "Moment",
    "Progress",
    "Report",
    "ResultError",
    "SQLiteStore",
    "SeveralMatchError",
    "UnresolvedError",
    "find_created",
]
