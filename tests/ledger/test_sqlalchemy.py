"""The example of a store, on SQLite and on a PostgreSQL server of its own."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("sqlalchemy", reason="SQLAlchemy is not installed")

from sqlalchemy import Engine, create_engine, text

from mijnklantportaal_client import APIConnectionError
from mijnklantportaal_client.ledger import EntryState, LedgerStoreError, UnresolvedError
from tests.conftest import CUSTOMER, MakeBench
from tests.ledger.conftest import MakeLedger
from tests.ledger.test_once import FOUND, LOST, Find
from tests.ledger.test_takeover import Door
from tests.waiting import until

example: Any = importlib.import_module("sqlalchemy_ledger_store")
METADATA, SQLAlchemyLedgerStore = example.METADATA, example.SQLAlchemyLedgerStore


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database without tables."""
    is_sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'ledger.db'}" if is_sqlite else request.getfixturevalue("postgresql")
    engine = create_engine(url)
    yield engine
    METADATA.drop_all(engine)
    engine.dispose()


async def test_a_ledger_in_a_database(engine: Engine, make_ledger: MakeLedger, bench: MakeBench) -> None:
    """Results, doubt and what is open, as with a file; a key for two at a time."""
    store = SQLAlchemyLedgerStore(engine)
    one, other, it = make_ledger(store), make_ledger(store), bench(CUSTOMER, CUSTOMER, LOST)
    assert await one.entry("a") is None
    results = await asyncio.gather(*[each.once("a", it.create) for each in (one, other) * 5])
    assert [each.id for each in results] == [CUSTOMER["id"]] * 10
    assert len(it.server.requests) == 1
    await one.once("b", it.create)
    with pytest.raises(APIConnectionError):
        await one.once("c", it.create)
    assert [(entry.key, entry.state) for entry in await other.open()] == [("c", EntryState.UNKNOWN)]
    with pytest.raises(UnresolvedError):
        await other.once("c", it.create)
    assert await other.once("c", it.create, Find(FOUND)) == FOUND
    assert (await one.open(), len(it.server.requests)) == ([], 3)
    for ledger in (one, other):
        await ledger.aclose()
    await store.aclose()


async def test_an_owner_without_a_pulse(engine: Engine, make_ledger: MakeLedger, bench: MakeBench) -> None:
    """It counts as dead after a while; its late result is kept, and it lives on under another name."""
    stores = SQLAlchemyLedgerStore(engine, patience=60.0), SQLAlchemyLedgerStore(engine, patience=0.02)
    door = Door()
    one, other, it = make_ledger(stores[0]), make_ledger(stores[1]), bench(door)
    first = asyncio.create_task(one.once("k", it.create))
    await door.reached.wait()
    with pytest.raises(UnresolvedError, match="process ended"):
        await other.once("k", it.create)
    door.open.set()
    assert (await first).id == CUSTOMER["id"]
    assert (await other.once("k", it.create)).id == CUSTOMER["id"]
    for ledger in (one, other):
        await ledger.aclose()
    for store in stores:
        await store.aclose()


async def test_a_pulse(engine: Engine) -> None:
    """Who counts up is alive, until it leaves."""
    # This one has no patience with a number that it has seen before.
    store, watcher = SQLAlchemyLedgerStore(engine, patience=0.02), SQLAlchemyLedgerStore(engine, patience=0.0)
    owner = await store.join()
    assert await watcher.alive(owner)
    (seen, _) = watcher._seen[owner]

    def beats() -> int:
        with engine.connect() as database:
            return int(database.scalar(text("SELECT beats FROM ledger_owners")))

    await until(lambda: beats() > seen)
    assert await watcher.alive(owner)
    await store.leave(owner)
    assert not await watcher.alive(owner)
    await store.aclose()
    await watcher.aclose()


async def test_a_watcher_that_is_held_up(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The number stood still while it was looked at, and not for as long as the look took."""
    store, now = SQLAlchemyLedgerStore(engine, patience=60.0), 0.0
    owner, look = await store.join(), store._do

    async def slowly(work: Any) -> Any:
        nonlocal now
        found = await look(work)
        now += 100
        return found

    monkeypatch.setattr(example, "time", SimpleNamespace(monotonic=lambda: now))
    monkeypatch.setattr(store, "_do", slowly)
    assert [await store.alive(owner) for _ in range(3)] == [True, True, False]
    monkeypatch.undo()
    await store.aclose()
    with pytest.raises(LedgerStoreError, match="the store is closed"):
        await store.join()


async def test_a_database_that_is_gone(make_ledger: MakeLedger, bench: MakeBench, tmp_path: Path) -> None:
    """Nothing is sent, and no value is in the error."""
    engine = create_engine(f"sqlite:///{tmp_path / 'none' / 'ledger.db'}")
    it, ledger = bench(CUSTOMER), make_ledger(SQLAlchemyLedgerStore(engine))
    with pytest.raises(LedgerStoreError, match=r"^the database can't be used: OperationalError$"):
        await ledger.once("k", it.create)
    assert it.server.requests == []
    engine.dispose()
