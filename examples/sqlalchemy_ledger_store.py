"""A ledger in a database of your own, such as PostgreSQL, for processes on several machines.

    engine = create_engine("postgresql+psycopg://billing@localhost/billing")
    store = SQLAlchemyLedgerStore(engine)
    async with Ledger(store) as ledger:
        ...
    await store.aclose()

It needs SQLAlchemy 2. Every commit must be on the disk when it returns, as it is in PostgreSQL unless you changed
`synchronous_commit`, and reads must go to the primary. Make engine and store after a fork, such as in each worker of
Celery: neither the connections nor the thread that tells who is alive go along.
"""

import asyncio
import json
import threading
import time
import uuid
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from mijnklantportaal_client.ledger import Entry, LedgerStoreError

T = TypeVar("T")
METADATA = MetaData()
ENTRIES = Table(
    "ledger_entries",
    METADATA,
    Column("key", String(500), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("open", Boolean, nullable=False, index=True),
    Column("entry", Text, nullable=False),
)
OWNERS = Table(
    "ledger_owners",
    METADATA,
    Column("owner", String(32), primary_key=True),
    Column("beats", Integer, nullable=False),
)


class SQLAlchemyLedgerStore:
    """A `LedgerStore`.

    Who is alive counts up in a table, twice in `patience`. Nobody's clock is compared with anybody else's: an owner is
    dead when somebody has seen its number stand still for that long.

    Args:
        engine: The database; its tables are made where they are missing.
        patience: Seconds without a sign of life after which an owner counts as dead.
    """

    def __init__(self, engine: Engine, *, patience: float = 60.0) -> None:
        self._engine = engine
        self._patience = patience
        self._mine: set[str] = set()
        self._seen: dict[str, tuple[int, float]] = {}
        self._closed = threading.Event()
        self._heart: threading.Thread | None = None
        self._lock = threading.Lock()
        self._has_tables = False

    async def load(self, key: str) -> Entry | None:
        """As `LedgerStore.load`."""
        query = select(ENTRIES.c.entry).where(ENTRIES.c.key == key)
        text = await self._do(lambda database: database.scalar(query))
        return None if text is None else Entry.from_dict(json.loads(text))

    async def save(self, entry: Entry, *, replaces: int | None) -> bool:
        """As `LedgerStore.save`."""
        row = {"version": entry.version, "open": entry.is_open, "entry": json.dumps(entry.to_dict())}

        def write(database: Connection) -> bool:
            if replaces is None:
                try:
                    database.execute(insert(ENTRIES).values(key=entry.key, **row))
                except IntegrityError:
                    return False
                return True
            # Look and write are one statement, and the database lets one of them in at a time.
            of_key = (ENTRIES.c.key == entry.key) & (ENTRIES.c.version == replaces)
            return database.execute(update(ENTRIES).where(of_key).values(**row)).rowcount == 1

        return await self._do(write)

    async def open(self) -> list[Entry]:
        """As `LedgerStore.open`."""
        query = select(ENTRIES.c.entry).where(ENTRIES.c.open)
        texts = await self._do(lambda database: database.scalars(query).all())
        return sorted((Entry.from_dict(json.loads(text)) for text in texts), key=lambda entry: entry.begun_at)

    async def join(self) -> str:
        """As `LedgerStore.join`."""
        if self._closed.is_set():
            raise LedgerStoreError("the store is closed, and would give no sign of life: make a new one")
        owner = uuid.uuid4().hex
        await self._do(lambda database: database.execute(insert(OWNERS).values(owner=owner, beats=0)))
        with self._lock:
            self._mine.add(owner)
            if self._heart is None:
                self._heart = threading.Thread(target=self._beat, daemon=True)
                self._heart.start()
        return owner

    async def leave(self, owner: str) -> None:
        """As `LedgerStore.leave`."""
        with self._lock:
            self._mine.discard(owner)
        await self._do(lambda database: database.execute(delete(OWNERS).where(OWNERS.c.owner == owner)))

    async def alive(self, owner: str) -> bool:
        """As `LedgerStore.alive`."""
        query = select(OWNERS.c.beats).where(OWNERS.c.owner == owner)
        # Before the look: what this process was held up with after it proves nothing.
        asked = time.monotonic()
        beats = await self._do(lambda database: database.scalar(query))
        if beats is None:
            return False
        last, since = self._seen.get(owner, (None, asked))
        if last != beats:
            self._seen[owner] = (beats, time.monotonic())
            return True
        return asked - since < self._patience

    async def aclose(self) -> None:
        """Ends the signs of life; the engine is the caller's to dispose of."""
        self._closed.set()
        if self._heart is not None:
            await asyncio.to_thread(self._heart.join)

    def _beat(self) -> None:
        while not self._closed.wait(self._patience / 2):
            with self._lock:
                mine = list(self._mine)
            try:
                with self._engine.begin() as database:
                    database.execute(update(OWNERS).where(OWNERS.c.owner.in_(mine)).values(beats=OWNERS.c.beats + 1))
            except SQLAlchemyError:
                # Whoever is taken for dead on that account finds out before it sends.
                continue

    async def _do(self, work: Callable[[Connection], T]) -> T:
        def in_transaction() -> T:
            try:
                with self._lock:
                    if not self._has_tables:
                        METADATA.create_all(self._engine)
                        self._has_tables = True
                with self._engine.begin() as database:
                    return work(database)
            except SQLAlchemyError as error:
                # The text of the library holds the values of the statement.
                raise LedgerStoreError(f"the database can't be used: {type(error).__name__}") from None

        return await asyncio.to_thread(in_transaction)
