"""Tokens in files, for the processes of one machine."""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import stat
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TypeVar

from .._threads import in_thread
from ..errors import ConfigurationError
from ._file_lock import FileLock
from ._store import check_is_token, check_key, until
from ._token import Token

T = TypeVar("T")
_POSIX = os.name == "posix"
# A link in the place of the file would lead to somebody else's; Windows knows none of the two.
_OWN = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_MOST_BYTES = 65_536
_SLUG = re.compile(r"[^a-z0-9_-]+")
_LEFT_BEHIND = 3600.0
_TRIES = 20


class FileTokenStore:
    """Keeps tokens in a directory, a file for each tenant, which nobody but its owner can read.

    For any number of processes on one machine. A file is replaced as a whole and is on the disk when `save` returns:
    whenever the power fails or a process is killed, the old token is there or the new one. A file or directory that
    others could read, change or exchange is refused, and so is a link.

    On Windows the rights are those of the directory, which is yours to choose. A network file system needs locks.

    Args:
        directory: Where the files are; it is made where it is missing, for its owner only.

    Raises:
        ConfigurationError: Of every method: the directory or a file can't be used; the text says why.
    """

    def __init__(self, directory: str | os.PathLike[str]) -> None:
        try:
            path = Path(os.fsdecode(directory))
        except TypeError:
            raise ConfigurationError("FileTokenStore: directory must be a path") from None
        self.directory = path.absolute()

    async def load(self, key: str) -> Token | None:
        """The token of a tenant; None where there is none."""
        path = self._path(key, ".json")
        return await _off_the_loop(path, lambda: _read(path, key))

    async def save(self, key: str, token: Token) -> None:
        """Keeps a token in the place of the one before."""
        path = self._path(key, ".json")
        check_is_token(token)
        await _off_the_loop(path, lambda: _write(path, key, token))

    async def delete(self, key: str) -> None:
        """Forgets a tenant."""
        path = self._path(key, ".json")
        await _off_the_loop(path, lambda: path.unlink(missing_ok=True))

    @asynccontextmanager
    async def lock(self, key: str) -> AsyncGenerator[None, None]:
        """Keeps everyone else out who locks the same tenant, in other processes too."""
        path = self._path(key, ".lock")
        # Not in a thread, where a file would stay open whose caller is cancelled meanwhile.
        lock = FileLock(_usable(path, lambda: _open_lock(path)))
        try:
            await until(lambda: _usable(path, lock.take))
            yield
        finally:
            lock.close()

    def _path(self, key: str, suffix: str) -> Path:
        """A name that is one on every file system, whatever the key holds and whatever it is taken for alike."""
        digest = hashlib.sha256(check_key(key).encode("utf-8", "surrogatepass")).hexdigest()[:32]
        slug = _SLUG.sub("-", key.lower())[:40].strip("-")
        return self.directory / f"{slug}-{digest}{suffix}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FileTokenStore) and self.directory == other.directory

    def __hash__(self) -> int:
        return hash(self.directory)

    def __repr__(self) -> str:
        return f"FileTokenStore({str(self.directory)!r})"


async def _off_the_loop(path: Path, work: Callable[[], T]) -> T:
    """Does something with a file while the event loop goes on."""
    return await in_thread(lambda: _usable(path, work))


def _usable(path: Path, work: Callable[[], T]) -> T:
    """Does something with a file, and tells in plain words what the system says of it."""
    try:
        return work()
    except OSError as error:
        why = error.strerror or type(error).__name__
    raise ConfigurationError(f"the token file {path} can't be used: {why}")


def _read(path: Path, key: str) -> Token | None:
    try:
        # A pipe would keep whoever opens it waiting for somebody to write.
        file = os.open(path, os.O_RDONLY | _OWN | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        return None
    except OSError:
        _refuse_link(path)
        raise
    try:
        _check_private(path, os.fstat(file))
        token = _token(file, key)
    finally:
        os.close(file)
    if token is None:
        raise ConfigurationError(
            f"the token file {path} is damaged, or no token of {key!r:.80}: "
            "put it back from a backup, or delete it and have the tenant give consent again"
        )
    return token


def _token(file: int, key: str) -> Token | None:
    """What the file holds; None where that is no token of this tenant."""
    content = b""
    while len(content) <= _MOST_BYTES and (part := os.read(file, _MOST_BYTES)):
        content += part
    try:
        data = json.loads(content)
        return Token.from_dict(data) if isinstance(data, dict) and data.get("key") == key else None
    except (ValueError, RecursionError):
        return None


def _check_private(path: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise ConfigurationError(f"the token file {path} is no file")
    if not _POSIX:
        return
    if status.st_uid != os.geteuid():
        raise ConfigurationError(f"the token file {path} belongs to another user")
    if status.st_mode & 0o077:
        raise ConfigurationError(
            f"the token file {path} can be read or changed by others, who may have its tokens by now: "
            f"have the tenant give consent again, or make sure of it and run chmod 600 {path}"
        )


def _refuse_link(path: Path) -> None:
    if path.is_symlink():
        raise ConfigurationError(f"the token file {path} is a link, which could lead anywhere")


def _write(path: Path, key: str, token: Token) -> None:
    directory = _ready(path.parent)
    _refuse_link(path)
    _clean_up(path)
    # Nobody else has this name, so that two who save at once don't mix.
    new = path.with_suffix(f".{secrets.token_hex(8)}.tmp")
    file = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _OWN, 0o600)
    try:
        try:
            _fill(file, json.dumps({"key": key, **token.to_dict()}).encode())
        finally:
            os.close(file)
        _replace(new, path)
    except BaseException:
        with suppress(OSError):
            new.unlink(missing_ok=True)
        raise
    _sync(directory)


def _fill(file: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(file, rest) :]
    os.fsync(file)


def _replace(new: Path, path: Path) -> None:
    for left in reversed(range(_TRIES)):
        try:
            new.replace(path)
        except PermissionError:
            # Windows keeps a file in place as long as somebody reads it.
            if _POSIX or not left:
                raise
            time.sleep(0.01)
        else:
            return


def _sync(directory: Path) -> None:
    """Sees to it that the new name is on the disk as well."""
    if not _POSIX:
        return
    file = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def _clean_up(path: Path) -> None:
    """Removes what processes left behind that were killed while they saved."""
    for each in path.parent.glob(f"{path.stem}.*.tmp"):
        with suppress(OSError):
            if time.time() - each.lstat().st_mtime > _LEFT_BEHIND:
                each.unlink()


def _open_lock(path: Path) -> int:
    _ready(path.parent)
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | _OWN, 0o600)
    except OSError:
        _refuse_link(path)
        raise


def _ready(directory: Path) -> Path:
    """The directory, made where it is missing, and safe to keep secrets in."""
    with suppress(FileExistsError):
        directory.mkdir(mode=0o700, parents=True)
    if not directory.is_dir():
        raise ConfigurationError(f"FileTokenStore takes a directory, and {directory} is something else")
    if _POSIX and directory.stat().st_mode & 0o022:
        raise ConfigurationError(
            f"others can put files into {directory}, so that no token in it is safe; run chmod 700 {directory}"
        )
    return directory
