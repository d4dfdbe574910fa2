"""What a ledger's file is and holds, and what can be wrong with it."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from collections.abc import Generator
from pathlib import Path

from ._entry import Entry, EntryState
from ._errors import LedgerStoreError

_APPLICATION = 0x6D6B706C
_VERSION = 1
_BUSY_SECONDS = 30.0
_SYNCHRONOUS = "FULL"
_TABLES = """
CREATE TABLE entries (key TEXT PRIMARY KEY, version INTEGER NOT NULL, open INTEGER NOT NULL, entry TEXT NOT NULL)
WITHOUT ROWID;
CREATE INDEX open_entries ON entries (key) WHERE open
"""
_WORDS = {
    "SQLITE_FULL": "can't be written, as the disk is full",
    "SQLITE_READONLY": "can't be written: it is read-only",
    "SQLITE_BUSY": f"was locked by somebody else for {_BUSY_SECONDS:g} s",
    "SQLITE_NOTADB": "is damaged, or no ledger",
    "SQLITE_CORRUPT": "is damaged",
}
ALL = "SELECT key, version, entry FROM entries"
OPEN = f"{ALL} WHERE open"
_OF_KEY = f"{ALL} WHERE key = ?"


@contextlib.contextmanager
def errors_of(path: Path) -> Generator[None, None, None]:
    """Turns what goes wrong with a file into the ledger's own errors."""
    try:
        yield
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", "")
        # The extended names have more parts.
        words = _WORDS.get("_".join(name.split("_")[:2]), "can't be used")
        raise LedgerStoreError(f"the ledger {path} {words} ({error})") from None
    except OSError as error:
        raise LedgerStoreError(f"the ledger {path} can't be used: {error}") from None


def files(path: Path) -> list[tuple[int, int] | None]:
    """Which files the ledger and its log are; neither changes while somebody has them open."""
    found: list[tuple[int, int] | None] = []
    # It is asked before every look and write, and so without the detour of pathlib.
    for each in (str(path), f"{path}-wal"):
        try:
            about = os.stat(each)  # noqa: PTH116
        except FileNotFoundError:
            found.append(None)
        else:
            found.append((about.st_dev, about.st_ino))
    return found


def opened(path: Path) -> sqlite3.Connection:
    # SQLite gives the files beside it the same mode.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    # It is used by one thread, and closed by whichever forks.
    database = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        if database.execute("PRAGMA journal_mode = WAL").fetchone()[0] != "wal":
            raise LedgerStoreError(f"the ledger {path} can't be used: its file system has no shared memory")
        database.execute(f"PRAGMA synchronous = {_SYNCHRONOUS}")
        # What macOS calls a sync is none without it.
        database.execute("PRAGMA fullfsync = 1")
        database.execute("BEGIN IMMEDIATE")
        if is_empty(database):
            for statement in _TABLES.split(";\n"):
                database.execute(statement)
            database.execute(f"PRAGMA application_id = {_APPLICATION}")
            database.execute(f"PRAGMA user_version = {_VERSION}")
        database.execute("COMMIT")
        check(path, database)
    except BaseException:
        database.close()
        raise
    return database


def is_empty(database: sqlite3.Connection) -> bool:
    """Whether nothing was ever put into a file; a ledger that has lost its table is damaged, not new."""
    tables, application = (
        database.execute(sql).fetchone()[0] for sql in ("SELECT count(*) FROM sqlite_master", "PRAGMA application_id")
    )
    return not tables and not application


def check(path: Path, database: sqlite3.Connection) -> None:
    """Looks whether a file is a ledger of this version, and whole.

    Raises:
        LedgerStoreError: It is not.
    """
    application, version = (
        database.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")
    )
    if application != _APPLICATION:
        raise LedgerStoreError(f"{path} is no ledger, but an SQLite file of something else")
    if version != _VERSION:
        raise LedgerStoreError(
            f"the ledger {path} has version {version}, and this release reads version {_VERSION}: use the release "
            "that made it, or a newer one"
        )
    database.execute(_OF_KEY, ("",))
    broken = database.execute("PRAGMA quick_check(1)").fetchone()[0]
    if broken != "ok":
        raise LedgerStoreError(f"the ledger {path} is damaged: {broken}")


def rows(path: Path, database: sqlite3.Connection, sql: str, *values: str) -> list[Entry]:
    """Entries, in the order in which they were begun.

    Raises:
        LedgerStoreError: One can't be read.
    """
    found = [_entry(path, *row) for row in database.execute(sql, values)]
    return sorted(found, key=lambda entry: (entry.begun.wall, entry.key))


def one(path: Path, database: sqlite3.Connection, key: str) -> Entry | None:
    return next(iter(rows(path, database, _OF_KEY, key)), None)


def _entry(path: Path, key: str, version: int, text: str) -> Entry:
    try:
        entry = Entry.from_dict(json.loads(text))
    except ValueError as error:
        raise LedgerStoreError(f"the ledger {path} is damaged: the entry of {key!r} can't be read ({error})") from None
    if (entry.key, entry.version) != (key, version) or not isinstance(entry.state, EntryState):
        raise LedgerStoreError(f"the ledger {path} is damaged: the entry of {key!r} is that of another")
    return entry
