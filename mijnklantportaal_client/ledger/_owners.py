"""Who is at work: a lock of the operating system for each open ledger, which goes with its process.

There is no lease and no clock in it: a process that hangs, or sleeps with its laptop, is alive, and one that was
killed is not from that moment on.
"""

from __future__ import annotations

import contextlib
import os
import sys
import uuid
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _lock(file: int, *, shared: bool) -> None:  # noqa: ARG001 - there is only one kind
        os.lseek(file, 0, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(file: int, *, shared: bool) -> None:
        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)


_HELD: set[int] = set()


def _let_go() -> None:
    """After a fork: the locks are the parent's, and must not outlive it."""
    for file in _HELD:
        with contextlib.suppress(OSError):
            os.close(file)
    _HELD.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_let_go)


class Owners:
    """The locks beside one ledger's file.

    Args:
        path: The ledger's file; those of the locks have its name with `-owner-` and a name behind it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._files: dict[str, int] = {}

    def join(self) -> str:
        """Takes a lock with a new name.

        Raises:
            OSError: The file system has no locks, or nothing can be written there.
        """
        self._sweep()
        while True:
            owner = uuid.uuid4().hex
            file = os.open(self._of(owner), os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
            try:
                _lock(file, shared=False)
            except BlockingIOError:
                # Who sweeps holds it at this moment.
                os.close(file)
                continue
            except OSError:
                os.close(file)
                raise
            if self._is_there(owner, file):
                _HELD.add(file)
                self._files[owner] = file
                return owner
            os.close(file)

    def leave(self, owner: str) -> None:
        """Lets a lock go, if it is one of these."""
        file = self._files.pop(owner, None)
        # After a fork it is closed already, and its number may be that of another file.
        if file is None or file not in _HELD:
            return
        if sys.platform != "win32":
            self._of(owner).unlink(missing_ok=True)
        _HELD.discard(file)
        os.close(file)
        if sys.platform == "win32":
            with contextlib.suppress(OSError):
                self._of(owner).unlink(missing_ok=True)

    def alive(self, owner: str) -> bool:
        """Whether somebody holds the lock of this name."""
        try:
            file = os.open(self._of(owner), os.O_RDONLY | getattr(os, "O_BINARY", 0))
        except FileNotFoundError:
            return False
        try:
            _lock(file, shared=True)
        except OSError:
            return True
        finally:
            os.close(file)
        return False

    def _of(self, owner: str) -> Path:
        return self._path.with_name(f"{self._path.name}-owner-{owner}")

    def _is_there(self, owner: str, file: int) -> bool:
        try:
            return os.path.samestat(self._of(owner).stat(), os.fstat(file))
        except FileNotFoundError:
            return False

    def _sweep(self) -> None:
        """Removes what the dead left."""
        for path in self._path.parent.glob(f"{_escaped(self._path.name)}-owner-*"):
            with contextlib.suppress(OSError):
                file = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
                try:
                    _lock(file, shared=True)
                    if sys.platform != "win32":
                        path.unlink()
                finally:
                    os.close(file)
                if sys.platform == "win32":
                    path.unlink()


def _escaped(name: str) -> str:
    import glob

    return glob.escape(name)
