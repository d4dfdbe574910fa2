"""What the portal holds, in an SQLite file that survives a process that is killed."""

from __future__ import annotations

import json
import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from .blobs import Blob
from .errors import StateFileError

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from .portal import Change, Portal

_APPLICATION = 0x6D6B7001
_VERSION = 1
_TABLES = """
CREATE TABLE notes (name TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE records (collection TEXT, id TEXT, position INTEGER NOT NULL, record TEXT NOT NULL,
                      PRIMARY KEY (collection, id)) WITHOUT ROWID;
CREATE TABLE blobs (id TEXT PRIMARY KEY, filename TEXT NOT NULL, content_type TEXT NOT NULL, content BLOB NOT NULL);
"""


class SQLiteDisk:
    """A state file.

    Raises:
        StateFileError: It is no state file, damaged, of another version, in use, or can't be written.
    """

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path)
        try:
            self._database = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False, timeout=0)
        except sqlite3.Error as error:
            raise StateFileError(f"{self._path} can't be opened: {error}") from None
        try:
            self._open()
        except sqlite3.OperationalError as error:
            self._database.close()
            what = "is in use by another sandbox" if "locked" in str(error) else f"can't be used: {error}"
            raise StateFileError(f"{self._path} {what}") from None
        except sqlite3.DatabaseError as error:
            self._database.close()
            raise StateFileError(f"{self._path} is damaged or no state file of a sandbox: {error}") from None
        except StateFileError:
            self._database.close()
            raise

    def _open(self) -> None:
        run = self._database.execute
        run("PRAGMA locking_mode = EXCLUSIVE")
        application, version = (run(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version"))
        is_empty = not run("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if not is_empty and application != _APPLICATION:
            raise StateFileError(f"{self._path} is an SQLite file of something else")
        if not is_empty and version != _VERSION:
            raise StateFileError(
                f"{self._path} has version {version} of the state, and this sandbox reads version {_VERSION}: "
                "use the release that made it, or begin a new file"
            )
        run("PRAGMA journal_mode = WAL")
        run("BEGIN EXCLUSIVE")
        if is_empty:
            for statement in _TABLES.split(";\n"):
                run(statement)
            run(f"PRAGMA application_id = {_APPLICATION}")
            run(f"PRAGMA user_version = {_VERSION}")
        run("COMMIT")
        broken = run("PRAGMA quick_check").fetchone()[0]
        if broken != "ok":
            raise StateFileError(f"{self._path} is damaged: {broken}")

    def load(self, portal: Portal) -> None:
        """Fills a portal with what was kept."""
        try:
            kept = self._database.execute("SELECT collection, id, position, record FROM records").fetchall()
            blobs = self._database.execute("SELECT id, content, filename, content_type FROM blobs").fetchall()
            by_kind: dict[str, dict[int, dict[str, object]]] = {}
            for collection, id, position, text in kept:
                record = json.loads(text)
                if not isinstance(record, dict) or record.get("id") != id:
                    raise ValueError(f"{id} is no record")
                by_kind.setdefault(collection, {})[position] = record
        except (sqlite3.DatabaseError, ValueError) as error:
            raise StateFileError(f"{self._path} is damaged: {error}") from None
        if unknown := sorted(by_kind.keys() - portal.collections.keys()):
            raise StateFileError(f"{self._path} holds {unknown[0]}, which this sandbox does not know")
        for name, records in by_kind.items():
            portal.of(name).load(records)
        portal.blobs.update({id: Blob(content, *rest) for id, content, *rest in blobs})

    def save(self, changes: Iterable[Change], blobs: Iterable[tuple[str, Blob]], gone: Iterable[str]) -> None:
        """Keeps changes, all or none."""
        run = self._database.execute
        with self._transaction():
            for change in changes:
                if change.after is None:
                    run("DELETE FROM records WHERE collection = ? AND id = ?", (change.collection, change.id))
                else:
                    row = (change.collection, change.id, change.position, json.dumps(change.after))
                    run("INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?)", row)
            for id, blob in blobs:
                run("INSERT INTO blobs VALUES (?, ?, ?, ?)", (id, blob.filename, blob.content_type, blob.content))
            for id in gone:
                run("DELETE FROM blobs WHERE id = ?", (id,))

    def clear(self) -> None:
        """Throws away all records and bytes."""
        with self._transaction():
            self._database.execute("DELETE FROM records")
            self._database.execute("DELETE FROM blobs")

    def note(self, name: str, text: str) -> None:
        """Keeps a text under a name."""
        self._database.execute("INSERT OR REPLACE INTO notes VALUES (?, ?)", (name, text))

    def noted(self, name: str) -> str | None:
        """The text under a name."""
        row = self._database.execute("SELECT text FROM notes WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def close(self) -> None:
        """Closes the file."""
        self._database.close()

    @contextmanager
    def _transaction(self) -> Generator[None, None, None]:
        """All of what happens inside, or none of it."""
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._database.execute("COMMIT")
        except BaseException:
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")
            raise
