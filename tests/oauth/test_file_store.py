"""Tokens in files: who can read them, what is refused, and that they are whole whatever happens."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mijnklantportaal_client import ConfigurationError, OAuthUnavailableError
from mijnklantportaal_client.oauth import FileTokenStore, Token, _file_store
from mijnklantportaal_client.oauth._file_lock import FileLock
from mijnklantportaal_client.oauth._store import until
from tests import waiting

posix = pytest.mark.skipif(os.name != "posix", reason="files here have no such rights")
TOKEN = Token("geheim-a", "geheim-r", 1_900_000_000)
KEYS = st.text(st.characters(), min_size=1)


@pytest.fixture
def store(tmp_path: Path) -> FileTokenStore:
    """A store in a directory that is not there yet."""
    return FileTokenStore(tmp_path / "a" / "tokens")


def file_of(store: FileTokenStore) -> Path:
    """The one token file."""
    (path,) = store.directory.glob("*.json")
    return path


async def test_kept_and_given_back(store: FileTokenStore) -> None:
    """For each tenant its own, also by another object; nothing where there is none."""
    assert await store.load("portal-42") is None
    await store.save("portal-42", TOKEN)
    await store.save("portal-43", Token("b"))
    other = FileTokenStore(str(store.directory))
    assert await other.load("portal-42") == TOKEN
    assert await other.load("portal-43") == Token("b")
    assert (other, hash(other)) == (store, hash(store))
    assert other != FileTokenStore(store.directory.parent)
    await store.delete("portal-42")
    await store.delete("portal-42")
    assert await other.load("portal-42") is None
    assert "geheim" not in repr(store)


@posix
async def test_rights(store: FileTokenStore) -> None:
    """Nobody but the owner reads anything, whatever the umask is."""
    before = os.umask(0)
    try:
        async with store.lock("portal-42"):
            await store.save("portal-42", TOKEN)
    finally:
        os.umask(before)
    assert stat.S_IMODE(store.directory.stat().st_mode) == 0o700
    names = {path.suffix: stat.S_IMODE(path.stat().st_mode) for path in store.directory.iterdir()}
    assert names == {".json": 0o600, ".lock": 0o600}


@given(KEYS, KEYS)
def test_names_of_files(one: str, other: str) -> None:
    """Safe on every file system, and different for different keys, also where case does not count."""
    store = FileTokenStore("/nowhere")
    names = [store._path(key, ".json").name for key in (one, other)]
    for name in names:
        assert name == name.lower()
        assert name.isascii()
        assert len(name) <= 80
        assert set(name).isdisjoint('/\\:*?"<>|\0 ')
    assert (names[0] == names[1]) is (one == other)


@pytest.mark.parametrize("key", ["../../etc/passwd", "a/b", "..", "CON", "Portal", "portal", "é", "\ud800", "x" * 500])
async def test_odd_keys(store: FileTokenStore, key: str) -> None:
    """Each has a file in the directory, and no other key gets it."""
    await store.save(key, TOKEN)
    assert file_of(store).parent == store.directory
    assert await store.load(key) == TOKEN
    assert await store.load(key.swapcase() + "x") is None


@pytest.mark.parametrize("key", ["", None, 42, b"k"])
async def test_keys_that_are_none(store: FileTokenStore, key: Any) -> None:
    """A clear error for each method."""
    for work in (store.load(key), store.save(key, TOKEN), store.delete(key)):
        with pytest.raises(ConfigurationError, match="key must be a text that names the tenant"):
            await work
    with pytest.raises(ConfigurationError, match="key must be a text"):
        async with store.lock(key):
            pass


async def test_what_is_no_token(store: FileTokenStore) -> None:
    """Nothing else is kept."""
    not_a_token: Any = {"access_token": "geheim"}
    with pytest.raises(TypeError, match="token must be a Token, not dict"):
        await store.save("portal-42", not_a_token)
    assert not store.directory.exists()


@posix
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o610, 0o777])
async def test_file_that_others_can_read_or_change(store: FileTokenStore, mode: int) -> None:
    """Refused with what to do."""
    await store.save("portal-42", TOKEN)
    file_of(store).chmod(mode)
    with pytest.raises(ConfigurationError, match=r"can be read or changed by others.*chmod 600"):
        await store.load("portal-42")


@posix
async def test_directory_into_which_others_can_put_files(store: FileTokenStore) -> None:
    """Refused, before anything is written."""
    store.directory.mkdir(parents=True)
    store.directory.chmod(0o770)
    for work in (store.save("portal-42", TOKEN), store.lock("portal-42").__aenter__()):
        with pytest.raises(ConfigurationError, match=r"others can put files into .*chmod 700"):
            await work
    assert list(store.directory.iterdir()) == []


@posix
async def test_links(store: FileTokenStore, tmp_path: Path) -> None:
    """What they lead to is neither read, written nor locked."""
    await store.save("portal-42", TOKEN)
    path = file_of(store)
    target = tmp_path / "target"
    path.rename(target)
    path.symlink_to(target)
    path.with_suffix(".lock").symlink_to(target)
    before = target.read_bytes()
    for work in (store.load("portal-42"), store.save("portal-42", Token("b")), store.lock("portal-42").__aenter__()):
        with pytest.raises(ConfigurationError, match="is a link, which could lead anywhere"):
            await work
    assert target.read_bytes() == before
    assert sorted(each.suffix for each in store.directory.iterdir()) == [".json", ".lock"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b'{"key": "portal-42"}',
        b'{"key": "portal-42", "access_token": "geheim x"}',
        b'{"key": "portal-43", "access_token": "geheim"}',
        b"[" * 5000,
        b'{"key": "portal-42", "access_token": "geheim"}' + b" " * 70000 + b"x",
    ],
)
async def test_damaged_file(store: FileTokenStore, content: bytes) -> None:
    """A clear error that shows nothing of it; nothing is changed."""
    await store.save("portal-42", TOKEN)
    path = file_of(store)
    path.write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"is damaged, or no token of 'portal-42'.*backup") as caught:
        await store.load("portal-42")
    assert "geheim" not in str(caught.value)
    assert path.read_bytes() == content


@posix
async def test_other_things_in_the_place_of_the_file(store: FileTokenStore, tmp_path: Path) -> None:
    """A directory where the file should be, and a file where the directory should be."""
    await store.save("portal-42", TOKEN)
    path = file_of(store)
    path.unlink()
    path.mkdir()
    with pytest.raises(ConfigurationError, match="is no file"):
        await store.load("portal-42")
    with pytest.raises(ConfigurationError, match="can't be used: Is a directory"):
        await store.save("portal-42", TOKEN)
    (tmp_path / "file").write_text("")
    wrong = FileTokenStore(tmp_path / "file")
    with pytest.raises(ConfigurationError, match=r"takes a directory, and .* is something else"):
        await wrong.save("portal-42", TOKEN)
    with pytest.raises(ConfigurationError, match="can't be used: Not a directory"):
        await wrong.load("portal-42")
    nothing: Any = 5
    with pytest.raises(ConfigurationError, match="directory must be a path"):
        FileTokenStore(nothing)


@posix
async def test_file_of_somebody_else(store: FileTokenStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may hold anything."""
    await store.save("portal-42", TOKEN)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(ConfigurationError, match="belongs to another user"):
        await store.load("portal-42")


async def test_disk_that_is_full(store: FileTokenStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """The old token stays, and nothing is left lying about."""
    await store.save("portal-42", TOKEN)

    def full(file: int, content: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(ConfigurationError, match="can't be used: No space left on device"):
        await store.save("portal-42", Token("b"))
    monkeypatch.undo()
    assert await store.load("portal-42") == TOKEN
    assert [path.suffix for path in store.directory.iterdir()] == [".json"]


async def test_disk_that_takes_little_at_a_time(store: FileTokenStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it is written."""
    write = os.write
    monkeypatch.setattr(os, "write", lambda file, content: write(file, bytes(content[:7])))
    await store.save("portal-42", TOKEN)
    monkeypatch.undo()
    assert await store.load("portal-42") == TOKEN


async def test_what_killed_processes_left_behind(store: FileTokenStore) -> None:
    """It goes with the next save, once it can't be in use any more."""
    await store.save("portal-42", TOKEN)
    path = file_of(store)
    old, young = path.with_suffix(".aa.tmp"), path.with_suffix(".bb.tmp")
    for each in (old, young):
        each.write_text("x")
    os.utime(old, (time.time() - 7200, time.time() - 7200))
    await store.save("portal-42", TOKEN)
    assert (old.exists(), young.exists()) == (False, True)


async def test_lock(store: FileTokenStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """One at a time for a tenant, in their order or another one; other tenants don't wait."""
    inside: list[str] = []
    tries, take = 0, FileLock.take

    def counted(lock: FileLock) -> bool:
        nonlocal tries
        tries += 1
        return take(lock)

    monkeypatch.setattr(FileLock, "take", counted)

    async def work(name: str) -> None:
        async with FileTokenStore(store.directory).lock("portal-42"):
            inside.append(name)
            await asyncio.sleep(0)
            assert inside[-1] == name

    async with store.lock("portal-42"):
        tasks = [asyncio.create_task(work(str(number))) for number in range(5)]
        async with store.lock("portal-43"):
            before = tries
            await waiting.until(lambda: tries >= before + 10)
        assert inside == []
    await asyncio.gather(*tasks)
    assert sorted(inside) == ["0", "1", "2", "3", "4"]


def open_files() -> int:
    """How many this process has open."""
    return len([*Path("/proc/self/fd").iterdir()])


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="tells nothing of open files")
@pytest.mark.parametrize("turns", range(1, 5))
async def test_lock_whose_owner_is_cancelled(store: FileTokenStore, turns: int) -> None:
    """No file stays open, and the lock is free, wherever that happens."""

    async def locked() -> None:
        async with store.lock("portal-42"):
            await asyncio.Event().wait()

    before = open_files()
    for _ in range(10):
        task = asyncio.create_task(locked())
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    # A thread, if there is one, comes to its end.
    await asyncio.get_running_loop().shutdown_default_executor()
    assert open_files() == before
    async with asyncio.timeout(waiting.PATIENCE), store.lock("portal-42"):
        pass


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
async def test_process_that_is_forked_off_while_a_lock_is_kept(store: FileTokenStore) -> None:
    """It has the file open, too, and keeps nobody out."""
    there, here = os.pipe()
    async with store.lock("portal-42"):
        child = os.fork()
        if child == 0:
            os.close(here)
            os.read(there, 1)
            os._exit(0)
    async with asyncio.timeout(waiting.PATIENCE), store.lock("portal-42"):
        pass
    # It was there until now.
    os.close(here)
    os.close(there)
    assert await asyncio.to_thread(os.waitpid, child, 0) == (child, 0)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
async def test_lock_of_the_parent_is_not_given_back_by_a_child(store: FileTokenStore) -> None:
    """Also where the child leaves the block in which it was forked off, as it does when it ends."""
    async with store.lock("portal-42"):
        child = os.fork()
        if child != 0:
            await asyncio.to_thread(os.waitpid, child, 0)
            other = FileLock(os.open(store._path("portal-42", ".lock"), os.O_RDWR))
            assert not other.take()
            other.close()
    if child == 0:
        os._exit(0)


LOCKS = """
import asyncio, os, sys
from mijnklantportaal_client.oauth import FileTokenStore
async def main():
    async with FileTokenStore(sys.argv[1]).lock("portal-42"):
        child = os.fork()
        if child == 0:
            sys.stdin.readline()
        else:
            print("locked", flush=True)
        os._exit(0)
asyncio.run(main())
"""


@posix
@pytest.mark.slow
async def test_lock_of_a_process_that_ended_while_its_child_lives(store: FileTokenStore) -> None:
    """It is free, although the child was forked off while it was kept."""
    command = [sys.executable, "-c", LOCKS, str(store.directory)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as program:  # noqa: ASYNC220
        assert program.stdout is not None
        assert await asyncio.to_thread(program.stdout.readline) == b"locked\n"
        assert await asyncio.to_thread(program.wait) == 0
        async with asyncio.timeout(waiting.PATIENCE), store.lock("portal-42"):
            pass
        program.communicate(b"\n")


async def test_lock_that_nobody_gives_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """After as long as no refresh takes it is an error, which may be better later."""
    with pytest.raises(OAuthUnavailableError, match="was not to be had for 0 s"):
        await until(lambda: False, longest=0.01)


STAGES: dict[str, tuple[Any, str]] = {
    "half is written": (os, "write"),
    "all is written": (os, "fsync"),
    "it is to be replaced": (Path, "replace"),
    "it was replaced": (_file_store, "_sync"),
}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
@pytest.mark.parametrize("stage", STAGES)
def test_killed_at_each_moment_of_a_save(store: FileTokenStore, stage: str) -> None:
    """The old token is there or the new one, and the next save works."""
    old, new = Token("old", "r"), Token("new" * 9000, "r")
    asyncio.run(store.save("portal-42", old))
    where, name = STAGES[stage]
    write = os.write
    child = os.fork()
    if child == 0:

        def killed(*arguments: Any) -> None:
            if name == "write":
                write(arguments[0], bytes(arguments[1][:9000]))
            os.kill(os.getpid(), signal.SIGKILL)

        setattr(where, name, killed)
        _file_store._write(store._path("portal-42", ".json"), "portal-42", new)
        os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL
    assert asyncio.run(store.load("portal-42")) == (new if stage == "it was replaced" else old)
    asyncio.run(store.save("portal-42", new))
    assert asyncio.run(store.load("portal-42")) == new


@posix
async def test_pipe_in_the_place_of_the_file(store: FileTokenStore) -> None:
    """Nobody waits for what comes out of it."""
    store.directory.mkdir(parents=True)
    os.mkfifo(store._path("portal-42", ".json"))
    with pytest.raises(ConfigurationError, match="is no file"):
        await store.load("portal-42")


SAVES = """
import asyncio, sys
from mijnklantportaal_client.oauth import FileTokenStore, Token
async def main():
    store = FileTokenStore(sys.argv[1])
    number = 0
    while True:
        number += 1
        async with store.lock("portal-42"):
            await store.save("portal-42", Token(f"{number}-" + "x" * 30000, f"{number}", number))
        print(number, flush=True)
asyncio.run(main())
"""


@posix
@pytest.mark.slow
def test_killed_while_it_saves(tmp_path: Path) -> None:
    """The file is whole each time, and not older than what was said to be saved; the lock is free."""
    directory = tmp_path / "tokens"
    store = FileTokenStore(directory)
    for moment in range(2):
        with subprocess.Popen([sys.executable, "-c", SAVES, str(directory)], stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            for _ in range(3 + 4 * moment):
                told = int(process.stdout.readline())
            # Somewhere in the middle of a save, which is all that it does.
            process.send_signal(signal.SIGKILL)
            told = max([told, *map(int, process.stdout.read().split())])
        token = asyncio.run(store.load("portal-42"))
        assert token is not None
        assert int(token.refresh_token or 0) in (told, told + 1)
        assert token.access_token == f"{token.refresh_token}-" + "x" * 30000
        (content,) = [json.loads(path.read_bytes()) for path in directory.glob("*.json")]
        assert content["key"] == "portal-42"

        async def is_free() -> None:
            async with asyncio.timeout(waiting.PATIENCE), store.lock("portal-42"):
                pass

        asyncio.run(is_free())
