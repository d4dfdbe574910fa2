"""The file: what is wrong with it is told, and nothing is sent; several processes and forks share it."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from mijnklantportaal_client import Outcome
from mijnklantportaal_client.ledger import EntryState, Ledger, LedgerStoreError, SQLiteStore, UnresolvedError
from mijnklantportaal_client.ledger.__main__ import main
from mijnklantportaal_client.ledger._owners import Owners
from tests.conftest import CUSTOMER, MakeBench
from tests.ledger.conftest import Looks, MakeLedger
from tests.ledger.test_once import Find
from tests.waiting import PATIENCE, until, wait_until

ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


def statements(path: Path, *lines: str) -> None:
    """Changes a file as somebody else."""
    database = sqlite3.connect(path)
    for line in lines:
        database.execute(line)
    database.commit()
    database.close()


async def fill(path: Path) -> None:
    """Makes a ledger that holds something."""

    async def call() -> str:
        return "done"

    async with Ledger(path) as ledger:
        await ledger.once("k", call)


def flip(path: Path) -> None:
    """Damages what is in the file."""
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (lambda path: path.write_bytes(b"no SQLite file at all" * 100), "is damaged, or no ledger"),
        (lambda path: statements(path, "PRAGMA application_id = 5"), "SQLite file of something else"),
        (lambda path: statements(path, "PRAGMA user_version = 2"), "has version 2, and this release reads version 1"),
        (lambda path: statements(path, "UPDATE entries SET entry = '{}'"), "entry of 'k' can't be read"),
        (lambda path: statements(path, "UPDATE entries SET version = 7"), "is that of another"),
        (lambda path: statements(path, "DROP TABLE entries"), "can't be used"),
        (flip, "is damaged"),
        (lambda path: (path.unlink(), path.mkdir()), "can't be used"),
    ],
)
async def test_what_is_wrong_with_a_file(
    path: Path, bench: MakeBench, harm: Any, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A clear error, nothing is sent, and the command says the same."""
    await fill(path)
    harm(path)
    it = bench(CUSTOMER)
    async with Ledger(path) as ledger:
        with pytest.raises(LedgerStoreError, match=words) as caught:
            await ledger.once("k", it.create)
    assert (caught.value.outcome, it.server.requests) == (Outcome.NOT_SENT, [])
    assert main([str(path)]) == 2 or words == "entry of 'k' can't be read" or "another" in words
    assert str(path) in capsys.readouterr().err or main([str(path), "--all"]) == 2


async def test_every_write_is_on_the_disk(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """WAL with a sync for each commit, as SQLite itself says."""
    monkeypatch.undo()
    store = SQLiteStore(path)

    def ask(database: sqlite3.Connection) -> list[object]:
        return [database.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]

    assert await store._do(ask) == ["wal", 2]
    await store.aclose()


async def test_there_is_no_folder(tmp_path: Path) -> None:
    """Nothing is made in its place."""
    async with Ledger(tmp_path / "none" / "ledger.db") as ledger:
        with pytest.raises(LedgerStoreError, match="No such file"):
            await ledger.once("k", Find())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(ROOT, reason="root may write everywhere")
async def test_a_read_only_file(path: Path) -> None:
    """It can't keep an intent, so that nothing is sent."""
    await fill(path)
    path.chmod(0o400)
    async with Ledger(path) as ledger:
        with pytest.raises(LedgerStoreError, match=r"denied|read-only"):
            await ledger.once("other", Find())


async def test_a_full_disk(ledger: Ledger, bench: MakeBench) -> None:
    """Before the intent nothing is sent; after the call the result is in the error, and the intent stays."""
    it = bench(CUSTOMER)
    own = ledger._own
    assert isinstance(own, SQLiteStore)
    await ledger.once("first", it.create)

    async def fill_up(pages: int | None) -> None:
        def limit(database: sqlite3.Connection) -> None:
            now = database.execute("PRAGMA page_count").fetchone()[0]
            database.execute(f"PRAGMA max_page_count = {now + pages if pages is not None else 1_000_000}")

        await own._do(limit)

    async def call() -> Any:
        await fill_up(0)
        return await it.create() and "x" * 100_000

    await fill_up(0)
    long = "k" * 500
    results = [
        await asyncio.gather(ledger.once(f"{long[:490]}{n}", it.create), return_exceptions=True) for n in range(20)
    ]
    errors = [each for (each,) in results if isinstance(each, Exception)]
    assert "the disk is full" in str(errors[-1])
    sent = len(it.server.requests)
    assert len(await ledger.open()) == 0 or sent > 1
    await fill_up(None)
    with pytest.raises(LedgerStoreError, match="was carried out") as caught:
        await ledger.once("k", call)
    assert (caught.value.outcome, len(caught.value.result)) == (Outcome.ACCEPTED, 100_000)
    await fill_up(None)
    with pytest.raises(UnresolvedError):
        await ledger.once("k", call)
    assert len(it.server.requests) == sent + 1


async def test_a_file_that_somebody_else_has_locked(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is waited for, and then told."""
    monkeypatch.setattr("mijnklantportaal_client.ledger._file._BUSY_SECONDS", 0.05)
    await fill(path)
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("BEGIN IMMEDIATE")
    async with Ledger(path) as ledger:
        with pytest.raises(LedgerStoreError, match="locked by somebody else"):
            await ledger.once("other", Find())
    database.execute("ROLLBACK")
    database.close()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no modes")
async def test_nobody_else_can_read_it(path: Path) -> None:
    """The file and those beside it are the owner's, and none of them is left but the file."""

    async def call() -> list[int]:
        return [stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()]

    async with Ledger(path) as ledger:
        assert await ledger.once("k", call) == [0o600] * 4
    assert [file.name for file in path.parent.iterdir()] == ["ledger.db"]


async def test_a_store_is_opened_again(path: Path) -> None:
    """After it was closed."""
    store = SQLiteStore(path)
    ledger = Ledger(store)

    async def call() -> str:
        return "done"

    await ledger.once("k", call)
    await store.aclose()
    assert await ledger.once("k", Find()) == "done"
    await ledger.aclose()
    await store.aclose()
    await store.aclose()


def test_owners(path: Path) -> None:
    """A lock says who is alive, and who died leaves nothing behind."""
    one, other = Owners(path), Owners(path)
    name = one.join()
    assert (other.alive(name), one.alive(name), other.alive("nobody")) == (True, True, False)
    stale = path.with_name(f"{path.name}-owner-stale")
    stale.touch()
    second = other.join()
    assert not stale.exists()
    assert one.alive(second)
    other.leave(name)
    assert other.alive(name)
    one.leave(name)
    one.leave(name)
    other.leave(second)
    assert (other.alive(name), list(path.parent.iterdir())) == (False, [])


def test_a_lock_that_was_swept_away_is_taken_anew(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who joins while another one sweeps has a file that is there in the end."""
    owners, checks = Owners(path), [False, True]
    monkeypatch.setattr(Owners, "_is_there", lambda *_: checks.pop(0))
    name = owners.join()
    assert (owners.alive(name), checks) == (True, [])
    owners.leave(name)


WORK = """
import asyncio, sys
from mijnklantportaal_client.ledger import Ledger

async def main():
    async with Ledger(sys.argv[1], settle=0) as ledger:
        look = ledger._book.is_alive
        async def told(entry):
            print("waits", flush=True)
            return await look(entry)
        ledger._book.is_alive = told
        async def call():
            print("called", flush=True)
            if sys.argv[2] == "die":
                import os, signal
                os.kill(os.getpid(), signal.SIGKILL)
            await asyncio.to_thread(sys.stdin.readline)
            return "done"
        print(await ledger.once("k", call))

asyncio.run(main())
"""


def run(path: Path, how: str) -> subprocess.Popen[str]:
    """Another process at the same key."""
    command = [sys.executable, "-W", "error", "-c", textwrap.dedent(WORK), str(path), how]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_processes(path: Path) -> None:
    """Of two at a time one calls; one that is killed leaves its key in doubt."""
    both = [run(path, "work"), run(path, "work")]
    firsts = [process.stdout.readline() for process in both if process.stdout]
    assert sorted(firsts) == ["called\n", "waits\n"]
    caller, waiting = both if firsts[0] == "called\n" else reversed(both)
    assert caller.communicate("go\n", timeout=PATIENCE)[0] == "done\n"
    *looks, result = waiting.communicate(timeout=PATIENCE)[0].split()
    assert (set(looks) <= {"waits"}, result) == (True, "done")
    killed = run(path.with_name("killed.db"), "die")
    assert killed.communicate(timeout=PATIENCE)[0].split() == ["called"]

    async def look() -> EntryState:
        async with Ledger(path.with_name("killed.db")) as ledger:
            with pytest.raises(UnresolvedError, match="process ended"):
                await ledger.once("k", Find())
            return (await ledger.open())[0].state

    assert asyncio.run(look()) is EntryState.UNKNOWN


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_fork(path: Path) -> None:
    """The child has a connection and a name of its own, and does not keep its parent's alive."""
    ledger = Ledger(path)

    async def call() -> str:
        return "done"

    asyncio.run(ledger.once("k", call))
    parent = str(ledger._book._owner)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            known = asyncio.run(ledger.once("k", call))
            asyncio.run(ledger.once("child", call))
            own = str(ledger._book._owner)
            status = 0 if (known, own != parent) == ("done", True) else 2
            os.read(reading, 1)
        finally:
            os._exit(status)
    wait_until(lambda: asyncio.run(ledger.entry("child")) is not None, "the child's entry")
    entry = asyncio.run(ledger.entry("child"))
    assert entry is not None
    asyncio.run(ledger.aclose())
    watcher = Owners(path)
    assert (watcher.alive(parent), watcher.alive(entry.owner)) == (False, True)
    os.write(writing, b"x")
    assert os.waitpid(child, 0)[1] == 0
    assert watcher.alive(entry.owner) is False
    os.close(reading)
    os.close(writing)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
@pytest.mark.parametrize("anew", [False, True])
def test_a_fork_that_outlives_its_parent(path: Path, anew: bool) -> None:
    """What the child writes after the parent has closed the file is in it."""
    ledger = Ledger(path)

    async def call() -> str:
        return "done"

    asyncio.run(ledger.once("parent", call))
    (begun, tell_begun), (closed, tell_closed) = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        try:
            own = Ledger(path) if anew else ledger
            asyncio.run(own.once("child", call))
            os.write(tell_begun, b"x")
            os.read(closed, 1)
            asyncio.run(own.once("later", call))
        finally:
            os._exit(0)
    os.close(tell_begun)
    assert os.read(begun, 1) == b"x"
    asyncio.run(ledger.aclose())
    os.write(tell_closed, b"x")
    os.waitpid(child, 0)
    for file in (begun, closed, tell_closed):
        os.close(file)

    async def states() -> list[EntryState | None]:
        async with Ledger(path) as later:
            entries = [await later.entry(key) for key in ("parent", "child", "later")]
            return [None if entry is None else entry.state for entry in entries]

    assert asyncio.run(states()) == [EntryState.DONE] * 3


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege")
async def test_a_link_to_the_file(path: Path, make_ledger: MakeLedger, capsys: pytest.CaptureFixture[str]) -> None:
    """It is the same ledger: who is at work on it is seen by way of the link, too."""
    link = path.with_name("elsewhere") / "link.db"
    link.parent.mkdir()
    link.symlink_to(path)
    begun, goes_on = asyncio.Event(), asyncio.Event()

    async def call() -> str:
        begun.set()
        await goes_on.wait()
        return "done"

    first = asyncio.create_task(make_ledger().once("k", call))
    # Either may be the first to claim the key.
    await begun.wait()
    other = make_ledger(link)
    second = asyncio.create_task(other.once("k", Find("twice")))
    await Looks(other).more()
    assert not second.done()
    assert (main([str(path)]), main([str(link)])) == (1, 1)
    assert "at work on it: wait" in capsys.readouterr().out
    goes_on.set()
    assert (await first, await second) == ("done", "done")


@pytest.mark.skipif(sys.platform == "win32", reason="an open file can't be removed")
@pytest.mark.parametrize("harm", ["remove", "replace", "remove the log"])
async def test_a_file_that_is_removed_while_it_is_open(path: Path, bench: MakeBench, harm: str) -> None:
    """Nothing is sent that would be forgotten; a result that can't be kept any more is in the error."""
    it, log = bench(CUSTOMER, CUSTOMER), path.with_name(f"{path.name}-wal")

    async def call() -> Any:
        made = await it.create()
        if harm == "replace":
            path.with_name("copy").write_bytes(path.read_bytes())
            path.with_name("copy").replace(path)
        else:
            (log if harm == "remove the log" else path).unlink()
        return made

    async with Ledger(path) as ledger:
        with pytest.raises(LedgerStoreError, match="was removed or replaced while it was open") as caught:
            await ledger.once("k", call)
        assert (caught.value.outcome, caught.value.result.id) == (Outcome.ACCEPTED, CUSTOMER["id"])
        with pytest.raises(LedgerStoreError, match="was removed or replaced while it was open"):
            await ledger.once("other", it.create)
    assert len(it.server.requests) == 1
    assert list(path.parent.glob("*-owner-*")) == []


async def test_two_ledgers_on_one_store(path: Path, make_ledger: MakeLedger) -> None:
    """Each has a name of its own."""
    store = SQLiteStore(path)
    one, other = make_ledger(store), make_ledger(store)
    looks = Looks(one, other)

    async def call() -> str:
        # The other one waits for it.
        await until(lambda: looks.count)
        return "done"

    assert set(await asyncio.gather(one.once("k", call), other.once("k", call))) == {"done"}
    assert one._book._owner != other._book._owner or other._book._owner is None
    await one.aclose()
    await other.aclose()
    await store.aclose()
