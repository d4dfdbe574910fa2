"""Two at one key, owners that die, hang and come back, and calls that are cancelled."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine, Iterator
from typing import Any, TypeVar

import attrs
import httpx
import pytest

from mijnklantportaal_client import APIConnectionError, Outcome, blocking, models
from mijnklantportaal_client.ledger import (
    Entry,
    EntryState,
    Ledger,
    LedgerError,
    LedgerStoreError,
    SQLiteStore,
    UnresolvedError,
    _book,
)
from mijnklantportaal_client.ledger._execution import execute
from tests.conftest import CUSTOMER, MakeBench
from tests.ledger.conftest import Looks, MakeLedger
from tests.ledger.test_once import FOUND, Find, kept
from tests.waiting import turns, until

T = TypeVar("T")
OTHER = {**CUSTOMER, "id": "cst_other"}


class Door:
    """An answer that comes when it is let through."""

    def __init__(self, answer: Any = CUSTOMER) -> None:
        self.answer = answer
        self.reached = asyncio.Event()
        self.open = asyncio.Event()

    async def __call__(self, request: httpx.Request) -> Any:
        self.reached.set()
        await self.open.wait()
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer


def dead(ledger: Ledger) -> None:
    """Lets a ledger look as if its process had ended, though it goes on."""
    assert isinstance(ledger._own, SQLiteStore)
    ledger._own._owners.leave(str(ledger._book._owner))


@pytest.mark.parametrize("ledgers", [1, 2])
async def test_two_at_one_key(make_ledger: MakeLedger, bench: MakeBench, ledgers: int) -> None:
    """The second one waits for the first one's result, and sends nothing."""
    door = Door()
    it = bench(door)
    one = make_ledger()
    other = make_ledger() if ledgers == 2 else one
    first = asyncio.create_task(one.once("k", it.create))
    await door.reached.wait()
    second = asyncio.create_task(other.once("k", it.create))
    await Looks(other).more()
    assert not second.done()
    door.open.set()
    assert await first == await second
    assert len(it.server.requests) == 1


async def test_many_at_one_key(make_ledger: MakeLedger, bench: MakeBench) -> None:
    """Of twenty on two ledgers one sends."""
    it, ledgers = bench(CUSTOMER), [make_ledger(), make_ledger()]
    results = await asyncio.gather(*[ledgers[number % 2].once("k", it.create) for number in range(20)])
    assert [each.id for each in results] == [CUSTOMER["id"]] * 20
    assert len(it.server.requests) == 1


@pytest.mark.parametrize(
    ("state", "sent_before"), [(EntryState.BEGUN, 1), (EntryState.READY, 0), (EntryState.SENDING, 1)]
)
async def test_an_owner_that_died(
    make_ledger: MakeLedger, bench: MakeBench, state: EntryState, sent_before: int
) -> None:
    """What was ready is sent; the rest is looked up after a wait."""
    ledger, it, find = make_ledger(), bench(CUSTOMER), Find(None)
    claimed = await ledger._book.claim("k", None)
    assert claimed is not None
    await ledger._book.advance(attrs.evolve(claimed, state=state), claimed)
    ledger._book.release(claimed)
    await ledger.aclose()
    heir = make_ledger()
    assert (await heir.once("k", it.create, find)).id == CUSTOMER["id"]
    assert (find.calls, len(it.server.requests)) == (sent_before, 1)


async def test_who_was_taken_for_dead_sends_nothing(make_ledger: MakeLedger, bench: MakeBench) -> None:
    """It looks into the ledger just before it sends, and takes the result of the other one."""
    one, other, it = make_ledger(), make_ledger(), bench(CUSTOMER)
    waits, goes_on = asyncio.Event(), asyncio.Event()

    async def slow() -> Any:
        waits.set()
        await goes_on.wait()
        return await it.create()

    first = asyncio.create_task(one.once("k", slow))
    await waits.wait()
    dead(one)
    assert (await other.once("k", it.create, Find(None))).id == CUSTOMER["id"]
    goes_on.set()
    assert (await first).id == CUSTOMER["id"]
    assert len(it.server.requests) == 1


async def test_a_late_result_is_kept(make_ledger: MakeLedger, bench: MakeBench) -> None:
    """Of who was taken for dead while the request was under way; the other one has sent nothing yet, and does not."""
    one, other, door = make_ledger(), make_ledger(), Door()
    it = bench(door)
    first = asyncio.create_task(one.once("k", it.create))
    await door.reached.wait()
    dead(one)
    begun, goes_on = asyncio.Event(), asyncio.Event()

    async def slow() -> Any:
        begun.set()
        await goes_on.wait()
        return await it.create()

    second = asyncio.create_task(other.once("k", slow, Find(None)))
    await begun.wait()
    door.open.set()
    assert (await first).id == CUSTOMER["id"]
    goes_on.set()
    assert (await second).id == CUSTOMER["id"]
    assert len(it.server.requests) == 1
    assert (await kept(one)).state is EntryState.DONE


@pytest.mark.parametrize("found", [False, True])
async def test_a_late_result_of_what_is_in_doubt(make_ledger: MakeLedger, bench: MakeBench, found: bool) -> None:
    """It settles the matter; where it was found meanwhile, that stays."""
    one, other, door = make_ledger(), make_ledger(), Door()
    it = bench(door)
    first = asyncio.create_task(one.once("k", it.create))
    await door.reached.wait()
    dead(one)
    if found:
        assert await other.once("k", it.create, Find(FOUND)) == FOUND
    else:
        with pytest.raises(UnresolvedError):
            await other.once("k", it.create)
    door.open.set()
    assert (await first).id == CUSTOMER["id"]
    entry = await kept(one)
    assert (entry.state, entry.found, entry.late) == (EntryState.DONE, found, None)
    assert (await other.once("k", it.create)).id == ("cst_found" if found else CUSTOMER["id"])


async def test_a_change_that_was_carried_out_twice_is_told(make_ledger: MakeLedger, bench: MakeBench) -> None:
    """Where all else failed, nothing is lost: both results are kept, and everybody hears of it."""
    one, other, door = make_ledger(), make_ledger(), Door()
    it, its = bench(door), bench(OTHER)
    first = asyncio.create_task(one.once("k", it.create))
    await door.reached.wait()
    dead(one)
    assert (await other.once("k", its.create, Find(None))).id == "cst_other"
    door.open.set()
    with pytest.raises(UnresolvedError, match="another ledger sent it as well") as caught:
        await first
    assert caught.value.outcome is Outcome.ACCEPTED
    with pytest.raises(UnresolvedError, match="carried out twice"):
        await other.once("k", its.create)
    (entry,) = await one.open()
    assert "Carried out twice" in entry.advice
    assert CUSTOMER["id"] in str(entry.late)
    resolved = await one.resolve("k", carried_out=True)
    assert (resolved.is_open, (await one.once("k", its.create)).id) == (False, "cst_other")


async def test_a_late_result_waits_for_who_is_sending(make_ledger: MakeLedger, bench: MakeBench) -> None:
    """So that neither overwrites the other."""
    one, other, door, second_door = make_ledger(), make_ledger(), Door(), Door(OTHER)
    it, its = bench(door), bench(second_door)
    first = asyncio.create_task(one.once("k", it.create))
    await door.reached.wait()
    dead(one)
    second = asyncio.create_task(other.once("k", its.create, Find(None)))
    await second_door.reached.wait()
    door.open.set()
    await Looks(one).more()
    assert not first.done()
    second_door.open.set()
    assert (await second).id == "cst_other"
    with pytest.raises(UnresolvedError):
        await first


async def test_a_late_result_of_another_library(make_ledger: MakeLedger) -> None:
    """Two calls that nobody could watch over: it is told, too."""
    one, other = make_ledger(), make_ledger()
    begun, goes_on = asyncio.Event(), asyncio.Event()

    async def slow() -> str:
        begun.set()
        await goes_on.wait()
        return "first"

    async def quick() -> str:
        return "second"

    first = asyncio.create_task(one.once("k", slow))
    await begun.wait()
    dead(one)
    assert await other.once("k", quick, Find(None)) == "second"
    goes_on.set()
    with pytest.raises(UnresolvedError, match="as well"):
        await first


async def test_an_entry_that_is_gone(ledger: Ledger) -> None:
    """A result is written nevertheless, where somebody has emptied the file."""

    async def call() -> str:
        own = ledger._own
        await own._do(lambda database: database.execute("DELETE FROM entries"))
        return "done"

    assert await ledger.once("k", call) == "done"
    assert (await kept(ledger)).state is EntryState.DONE


async def test_the_failure_of_who_was_taken_for_dead(make_ledger: MakeLedger, bench: MakeBench) -> None:
    """It changes nothing of what the other one has written."""
    one, other, door = make_ledger(), make_ledger(), Door(httpx.ReadError("lost"))
    it, its = bench(door), bench(CUSTOMER)
    first = asyncio.create_task(one.once("k", it.create))
    await door.reached.wait()
    dead(one)
    await other.once("k", its.create, Find(None))
    door.open.set()
    with pytest.raises(APIConnectionError):
        await first
    assert (await kept(one)).state is EntryState.DONE


@pytest.mark.parametrize(
    ("moment", "expected"),
    [("turn", EntryState.NOT_SENT), ("answer", EntryState.UNKNOWN), ("after", EntryState.ACCEPTED)],
)
async def test_cancellation(ledger: Ledger, bench: MakeBench, moment: str, expected: EntryState) -> None:
    """The outcome is recorded, and the next run goes by it."""
    door, there = Door(), asyncio.Event()
    it = bench(door if moment == "answer" else CUSTOMER)

    async def call() -> None:
        await it.create()
        there.set()
        await asyncio.Event().wait()

    if moment == "turn":

        class Hook:
            async def on_request(self, event: object) -> None:
                there.set()
                await asyncio.Event().wait()

        it = bench(CUSTOMER, hooks=[Hook()])
    task = asyncio.create_task(ledger.once("k", call))
    await (door.reached if moment == "answer" else there).wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    entry = await kept(ledger)
    assert (entry.state, str(entry.why).partition(",")[0]) == (expected, "CancelledError")


@pytest.mark.parametrize("moment", range(0, 40, 3))
async def test_cancellation_anywhere(make_ledger: MakeLedger, bench: MakeBench, moment: int) -> None:
    """Whatever the moment: the next run makes exactly one, looking first where it has to."""
    made: list[int] = []

    async def answer(request: httpx.Request) -> Any:
        made.append(1)
        await asyncio.sleep(0)
        return CUSTOMER

    async def find() -> Any:
        return models.Customer.from_dict(CUSTOMER) if made else None

    it, ledger = bench(answer), make_ledger()
    task = asyncio.create_task(ledger.once("k", it.create, find))
    for _ in range(moment):
        # The later ones lie beyond several writes, each of which is in another thread.
        await (turns(1) if moment < 20 else asyncio.to_thread(int))
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert (await ledger.once("k", it.create, find)).id == CUSTOMER["id"]
    assert made == [1]
    assert ledger._book._running == {}


async def test_a_change_that_outlives_its_call(ledger: Ledger, bench: MakeBench) -> None:
    """It stays at work until it ends, so that nobody else begins; then its outcome is recorded."""
    door = Door()
    it = bench(door)

    async def call() -> Any:
        change = asyncio.ensure_future(it.create())
        await door.reached.wait()
        return await asyncio.wait_for(asyncio.shield(change), 0.001)

    with pytest.raises(TimeoutError):
        await ledger.once("k", call)
    assert (await kept(ledger)).state is EntryState.SENDING
    second = asyncio.create_task(ledger.once("k", it.create, Find(FOUND)))
    await Looks(ledger).more()
    assert not second.done()
    door.open.set()
    assert await second == FOUND
    assert len(it.server.requests) == 1


async def test_what_a_call_leaves_behind_sends_nothing(ledger: Ledger, bench: MakeBench) -> None:
    """A task that begins its change after the call has returned is refused."""
    it, goes_on = bench(CUSTOMER), asyncio.Event()
    left: list[asyncio.Task[Any]] = []

    async def late() -> Any:
        await goes_on.wait()
        return await it.create()

    async def call() -> str:
        left.append(asyncio.ensure_future(late()))
        return "done"

    assert await ledger.once("k", call) == "done"
    goes_on.set()
    with pytest.raises(LedgerError, match="has ended"):
        await left[0]
    assert it.server.requests == []


class Failing:
    """A store whose saving of one state fails."""

    def __init__(self, store: SQLiteStore, state: EntryState, *, done: bool = False) -> None:
        self._store = store
        self._state = state
        self._done = done

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def save(self, entry: Entry, *, replaces: int | None) -> bool:
        if entry.state is self._state:
            if self._done:
                await self._store.save(entry, replaces=replaces)
            raise LedgerStoreError("the disk is full")
        return await self._store.save(entry, replaces=replaces)


class Gate(Failing):
    """A store whose saving of one state is done, and then waits."""

    def __init__(self, store: SQLiteStore, state: EntryState) -> None:
        super().__init__(store, state)
        self.reached = asyncio.Event()
        self.passes = asyncio.Event()

    async def save(self, entry: Entry, *, replaces: int | None) -> bool:
        saved = await self._store.save(entry, replaces=replaces)
        if entry.state is self._state:
            self.reached.set()
            await self.passes.wait()
        return saved


@pytest.mark.parametrize(
    ("state", "answer", "expected", "sent"),
    [
        (EntryState.BEGUN, CUSTOMER, EntryState.NOT_SENT, 0),
        (EntryState.READY, CUSTOMER, EntryState.NOT_SENT, 0),
        (EntryState.SENDING, CUSTOMER, EntryState.NOT_SENT, 0),
        (EntryState.DONE, CUSTOMER, EntryState.DONE, 1),
        (EntryState.UNKNOWN, httpx.ReadError("lost"), EntryState.UNKNOWN, 1),
    ],
)
async def test_cancellation_while_it_is_written(
    make_ledger: MakeLedger,
    bench: MakeBench,
    path: Any,
    state: EntryState,
    answer: Any,
    expected: EntryState,
    sent: int,
) -> None:
    """What is being written is written, and the cancellation comes after it."""
    store, it = SQLiteStore(path), bench(answer)
    gate = Gate(store, state)
    ledger = make_ledger(gate)
    task = asyncio.create_task(ledger.once("k", it.create))
    await gate.reached.wait()
    task.cancel()
    await turns()
    assert not task.done()
    gate.passes.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ((await kept(ledger)).state, len(it.server.requests)) == (expected, sent)
    assert ledger._book._running == {}
    await ledger.aclose()
    await store.aclose()


async def test_a_call_that_is_closed(make_ledger: MakeLedger) -> None:
    """Nothing can be waited for, so that it is in doubt; others don't wait for it."""
    ledger, begun = make_ledger(), asyncio.Event()

    async def call() -> None:
        begun.set()
        await asyncio.Event().wait()

    claimed = await ledger._book.claim("k", None)
    assert claimed is not None
    work = execute(ledger._book, claimed, call)
    work.send(None)
    with contextlib.suppress(ValueError):
        work.close()
    assert ledger._book._running == {}
    await ledger._book.tidy()
    with pytest.raises(UnresolvedError, match="process ended"):
        await make_ledger().once("k", call)


async def test_closing_waits_for_what_is_at_work(
    make_ledger: MakeLedger, bench: MakeBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And takes nothing new meanwhile."""
    looks = 0

    def pauses() -> Iterator[float]:
        nonlocal looks
        while True:
            looks += 1
            yield 0.0

    monkeypatch.setattr(_book, "pauses", pauses)
    ledger, door = make_ledger(), Door()
    it = bench(door)
    first = asyncio.create_task(ledger.once("k", it.create))
    await door.reached.wait()
    closing = asyncio.create_task(ledger.aclose())
    await until(lambda: looks >= 3)
    assert not closing.done()
    with pytest.raises(LedgerError, match="closed"):
        await ledger.once("other", it.create)
    door.open.set()
    await closing
    assert (await first).id == CUSTOMER["id"]


@pytest.mark.parametrize("state", [EntryState.BEGUN, EntryState.READY, EntryState.SENDING])
@pytest.mark.parametrize("done", [False, True])
async def test_what_can_not_be_written_is_not_sent(
    make_ledger: MakeLedger, bench: MakeBench, path: Any, state: EntryState, done: bool
) -> None:
    """The intent comes first; also where the write was done although it failed."""
    store, it = SQLiteStore(path), bench(CUSTOMER)
    ledger = make_ledger(Failing(store, state, done=done))
    with pytest.raises(LedgerStoreError, match="disk is full") as caught:
        await ledger.once("k", it.create)
    assert (caught.value.outcome, it.server.requests) == (Outcome.NOT_SENT, [])
    assert (await make_ledger().once("k", it.create, Find(None))).id == CUSTOMER["id"]
    await ledger.aclose()
    await store.aclose()


async def test_a_result_that_can_not_be_written(
    make_ledger: MakeLedger, bench: MakeBench, path: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """The error carries it and says that the change was carried out; the intent stays, so that nobody sends again."""
    store, it = SQLiteStore(path), bench(CUSTOMER)
    ledger = make_ledger(Failing(store, EntryState.DONE))
    with pytest.raises(LedgerStoreError, match="was carried out") as caught:
        await ledger.once("k", it.create)
    assert (caught.value.result.id, caught.value.outcome) == (CUSTOMER["id"], Outcome.ACCEPTED)
    assert "was carried out" in caplog.text
    with pytest.raises(UnresolvedError):
        await make_ledger().once("k", it.create)
    assert len(it.server.requests) == 1
    await ledger.aclose()
    await store.aclose()


async def test_a_failure_that_can_not_be_written(make_ledger: MakeLedger, bench: MakeBench, path: Any) -> None:
    """It is raised all the same, and the key is in doubt."""
    store, it = SQLiteStore(path), bench(httpx.ConnectError("no"))
    ledger = make_ledger(Failing(store, EntryState.NOT_SENT))
    with pytest.raises(APIConnectionError) as caught:
        await ledger.once("k", it.create)
    assert any("could not record" in note for note in caught.value.__notes__)
    with pytest.raises(UnresolvedError):
        await make_ledger().once("k", it.create)
    await ledger.aclose()
    await store.aclose()


class Away(Failing):
    """A store that can't be used from the saving of one state on, until it is back."""

    is_away = False

    async def save(self, entry: Entry, *, replaces: int | None) -> bool:
        self.is_away = self.is_away or entry.state is self._state
        return await self._asked(self._store.save(entry, replaces=replaces))

    async def load(self, key: str) -> Entry | None:
        return await self._asked(self._store.load(key))

    async def leave(self, owner: str) -> None:
        await self._asked(self._store.leave(owner))

    async def _asked(self, work: Coroutine[Any, Any, T]) -> T:
        if self.is_away:
            work.close()
            raise LedgerStoreError("the database is away")
        return await work


async def test_a_store_that_was_away(make_ledger: MakeLedger, bench: MakeBench, path: Any) -> None:
    """Nobody waits for the name of a ledger that could not even be given up: neither the ledger itself nor others."""
    store, it = SQLiteStore(path), bench(CUSTOMER)
    away = Away(store, EntryState.SENDING)
    ledger, other = make_ledger(away), make_ledger()
    for key in "ab":
        with pytest.raises(LedgerStoreError, match="away"):
            await ledger.once(key, it.create)
        away.is_away = False
    away._state = EntryState.REJECTED
    async with asyncio.timeout(10):
        await ledger.once("a", it.create, Find(None))
        await other.once("b", it.create, Find(None))
    assert len(it.server.requests) == 2
    await ledger.aclose()
    await store.aclose()


async def test_a_change_that_outlives_its_call_and_can_not_be_written(
    make_ledger: MakeLedger, bench: MakeBench, path: Any
) -> None:
    """Nobody waits for it once it has ended."""
    store, door = SQLiteStore(path), Door(httpx.ReadError("lost"))
    ledger, it, other = make_ledger(Failing(store, EntryState.UNKNOWN)), bench(door), make_ledger()
    left: list[asyncio.Future[Any]] = []

    async def call() -> None:
        left.append(asyncio.ensure_future(it.create()))
        await door.reached.wait()
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - it has no words
        await ledger.once("k", call)
    door.open.set()
    with pytest.raises(APIConnectionError):
        await left[0]
    async with asyncio.timeout(10):
        assert await other.once("k", it.create, Find(FOUND)) == FOUND
    await ledger.aclose()
    await store.aclose()


async def test_what_could_not_be_written_beside_another_key(
    make_ledger: MakeLedger, bench: MakeBench, path: Any
) -> None:
    """The name of the ledger is given up as soon as nothing is at work under it, and nobody waits for it any more."""
    store, door = SQLiteStore(path), Door()
    ledger, other = make_ledger(Failing(store, EntryState.NOT_SENT)), make_ledger()
    it, refused = bench(door), bench(httpx.ConnectError("no"))
    task = asyncio.create_task(ledger.once("b", it.create))
    await door.reached.wait()
    with pytest.raises(APIConnectionError):
        await ledger.once("a", refused.create)
    door.open.set()
    await task
    async with asyncio.timeout(10):
        await other.once("a", it.create, Find(None))
    await ledger.aclose()
    await store.aclose()


def test_from_code_that_is_not_async(path: Any) -> None:
    """`blocking.run` in any number of threads, on one ledger."""
    from concurrent.futures import ThreadPoolExecutor

    ledger = Ledger(path)
    calls: list[int] = []
    looks = Looks(ledger)

    async def call() -> int:
        calls.append(1)
        # The others wait for it.
        await until(lambda: looks.count >= 3)
        return 5

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: blocking.run(ledger.once("k", call)), range(4))) == [5] * 4
    assert asyncio.run(ledger.once("k", call)) == 5
    blocking.run(ledger.aclose())
    assert calls == [1]
