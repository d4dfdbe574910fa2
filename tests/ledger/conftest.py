"""Ledgers on files of their own, whose waits pass at once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from mijnklantportaal_client.ledger import Ledger, _file
from mijnklantportaal_client.ledger._clock import Clocks
from mijnklantportaal_client.ledger._entry import Entry
from tests.conftest import FakeClock
from tests.waiting import until

MakeLedger: TypeAlias = Callable[..., Ledger]


class Looks:
    """How often ledgers looked whether somebody is still at work on a key that they wait for."""

    def __init__(self, *ledgers: Ledger) -> None:
        self.count = 0
        for ledger in ledgers:
            self._watch(ledger)

    def _watch(self, ledger: Ledger) -> None:
        look = ledger._book.is_alive

        async def counted(entry: Entry) -> bool:
            self.count += 1
            return await look(entry)

        ledger._book.is_alive = counted  # type: ignore[method-assign]

    async def more(self, times: int = 3) -> None:
        """Waits until they have looked so many times more."""
        goal = self.count + times
        await until(lambda: self.count >= goal, "a look at a key that is taken")


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test waits for a disk: none of them cuts the power."""
    monkeypatch.setattr(_file, "_SYNCHRONOUS", "OFF")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the ledger is."""
    return tmp_path / "ledger.db"


@pytest.fixture
def clock() -> FakeClock:
    """The time of every ledger of a test."""
    return FakeClock()


@pytest.fixture
async def make_ledger(path: Path, clock: FakeClock) -> AsyncIterator[MakeLedger]:
    """Opens ledgers on one file, and closes them."""
    made: list[Ledger] = []

    def make(store: Any = None, **options: Any) -> Ledger:
        ledger = Ledger(path if store is None else store, **options)
        ledger._book.clocks = Clocks(clock)
        made.append(ledger)
        return ledger

    yield make
    for ledger in made:
        ledger._book._running.clear()
        await ledger.aclose()


@pytest.fixture
def ledger(make_ledger: MakeLedger) -> Ledger:
    """One of them."""
    return make_ledger()
