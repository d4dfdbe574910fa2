"""Entries in an SQLite file, safe with any number of processes and under a sudden end of each of them."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from weakref import WeakSet

from .._threads import in_thread
from ._errors import LedgerStoreError
from ._file import OPEN, errors_of, files, one, opened, rows
from ._owners import Owners

if TYPE_CHECKING:
    from ._entry import Entry

T = TypeVar("T")
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
        return await self._do(lambda database: one(self._path, database, key))

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
            # While the interpreter ends it is the thread of the event loop that comes here.
            with _USE, errors_of(self._path):
                return work()

        return await in_thread(done, executor=self._thread)

    def _opened(self) -> sqlite3.Connection:
        if self._database is None:
            self._database = opened(self._path)
            self._files = files(self._path)
            _STORES.add(self)
        elif files(self._path) != self._files:
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
