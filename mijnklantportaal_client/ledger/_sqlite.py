"""Entries in an SQLite file, safe with any number of processes and under a sudden end of each of them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sqlite3
import threading
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar
from weakref import WeakSet

from ._entry import Entry, EntryState
from ._errors import LedgerStoreError
from ._owners import Owners

T = TypeVar("T")
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
_ABANDONED: list[object] = []


class SQLiteStore:
    """The `LedgerStore` of a ledger on a path.

    Every write is on the disk when it returns: WAL, with a sync for each. The file is opened when it is first used,
    and made, readable for its owner only, where there is none.

    Args:
        path: The file. It must be on a disk of this machine: locks of network file systems are not to be relied on.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        given: object = os.fspath(path)
        if not isinstance(given, str) or not given or given == ":memory:" or given.startswith("file:"):
            raise LedgerStoreError(f"a ledger needs the path of a file, not {given!r}: it has to outlive the process")
        # Neither another working directory nor a link to it makes another ledger: the locks are beside the file itself.
        self._path = Path(os.path.realpath(given))
        self._begin()

    def _begin(self) -> None:
        self._process = os.getpid()
        self._database: sqlite3.Connection | None = None
        self._files: list[tuple[int, int] | None] = []
        self._owners = Owners(self._path)
        # One thread: a connection belongs to one, and what was asked first is done first.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="mijnklantportaal-ledger")

    def _rest(self) -> None:
        """Closes the file until it is used again; nobody may be using it."""
        database, self._database = self._database, None
        if database is not None:
            database.close()

    async def load(self, key: str) -> Entry | None:
        """As `LedgerStore.load`."""
        return await self._do(lambda database: _one(self._path, database, key))

    async def save(self, entry: Entry, *, replaces: int | None) -> bool:
        """As `LedgerStore.save`."""
        row = (entry.version, entry.is_open, json.dumps(entry.to_dict()), entry.key)

        def write(database: sqlite3.Connection) -> bool:
            if replaces is None:
                sql = "INSERT INTO entries (version, open, entry, key) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
                return database.execute(sql, row).rowcount == 1
            sql = "UPDATE entries SET version = ?, open = ?, entry = ? WHERE key = ? AND version = ?"
            return database.execute(sql, (*row, replaces)).rowcount == 1

        return await self._do(write)

    async def open(self) -> list[Entry]:
        """As `LedgerStore.open`."""
        return await self._do(lambda database: rows(self._path, database, OPEN))

    async def join(self) -> str:
        """As `LedgerStore.join`."""
        # Not those from before a fork.
        return await self._run(lambda: self._owners.join())  # noqa: PLW0108

    async def leave(self, owner: str) -> None:
        """As `LedgerStore.leave`."""
        await self._run(lambda: self._owners.leave(owner))

    async def alive(self, owner: str) -> bool:
        """As `LedgerStore.alive`."""
        return await self._run(lambda: self._owners.alive(owner))

    async def aclose(self) -> None:
        """Closes the file; it is opened again when it is used again."""
        if self._database is not None and self._process == os.getpid():
            await self._run(self._rest)
        self._thread.shutdown(wait=False)
        self._begin()

    async def _do(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Does something with the file, in the thread.

        Raises:
            LedgerStoreError: The file can't be used.
        """
        return await self._run(lambda: work(self._opened()))

    async def _run(self, work: Callable[[], T]) -> T:
        if self._process != os.getpid():
            # After a fork. What the parent has open is kept for good: closing it here would be at the parent's cost.
            _ABANDONED.append((self._database, self._thread))
            self._begin()

        def done() -> T:
            with _USE, errors_of(self._path):
                return work()

        return await asyncio.get_running_loop().run_in_executor(self._thread, done)

    def _opened(self) -> sqlite3.Connection:
        if self._database is None:
            self._database = _opened(self._path)
            self._files = _files(self._path)
            _STORES.add(self)
        elif _files(self._path) != self._files:
            # What is written to it would be gone with this process.
            raise LedgerStoreError(
                f"the ledger {self._path}, or its -wal file, was removed or replaced while it was open"
            )
        return self._database


_STORES: WeakSet[SQLiteStore] = WeakSet()
_USE = threading.Lock()
"""Held while a file is used, so that no fork comes in between."""


def _before_fork() -> None:
    """Closes all files: a child that inherits an open one loses what it writes once its parent closes that.

    SQLite counts a process's locks by file, so the child, which has none, would take its parent's for its own.
    """
    _USE.acquire()
    for store in list(_STORES):
        with contextlib.suppress(sqlite3.Error):
            store._rest()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_parent=_USE.release, after_in_child=_USE.release)


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


def _files(path: Path) -> list[tuple[int, int] | None]:
    """Which files the ledger and its log are; neither changes while somebody has them open."""
    found: list[tuple[int, int] | None] = []
    for each in (path, path.with_name(f"{path.name}-wal")):
        try:
            about = each.stat()
        except FileNotFoundError:
            found.append(None)
        else:
            found.append((about.st_dev, about.st_ino))
    return found


def _opened(path: Path) -> sqlite3.Connection:
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


def _one(path: Path, database: sqlite3.Connection, key: str) -> Entry | None:
    return next(iter(rows(path, database, _OF_KEY, key)), None)


def _entry(path: Path, key: str, version: int, text: str) -> Entry:
    try:
        entry = Entry.from_dict(json.loads(text))
    except ValueError as error:
        raise LedgerStoreError(f"the ledger {path} is damaged: the entry of {key!r} can't be read ({error})") from None
    if (entry.key, entry.version) != (key, version) or not isinstance(entry.state, EntryState):
        raise LedgerStoreError(f"the ledger {path} is damaged: the entry of {key!r} is that of another")
    return entry
