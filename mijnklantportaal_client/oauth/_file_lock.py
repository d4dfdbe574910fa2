"""Locks between processes, by a file: the system lets go of them when their process ends, however it ends."""

from __future__ import annotations

import os
import sys

if sys.platform == "win32":
    import msvcrt

    def _take(file: int) -> bool:
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _give_back(file: int) -> None:
        msvcrt.locking(file, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _take(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _give_back(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)


class FileLock:
    """The lock of an open file, which is that of the process that opened it.

    A lock lasts as long as any copy of the file is open, and any copy can give it back: a process that is forked off
    meanwhile closes its own, and leaves the lock alone.
    """

    def __init__(self, file: int) -> None:
        self._file = file
        self._process = os.getpid()
        self._taken = False
        _OPEN.add(self)

    def take(self) -> bool:
        """Takes the lock; False where somebody else has it.

        Raises:
            OSError: The file system has no locks.
        """
        self._taken = _take(self._file)
        return self._taken

    def close(self) -> None:
        """Gives the lock back, if it was taken, and closes the file."""
        if self._process != os.getpid():
            return
        _OPEN.discard(self)
        try:
            if self._taken:
                _give_back(self._file)
        finally:
            os.close(self._file)

    def after_fork(self) -> None:
        """Closes the copy of a child process."""
        os.close(self._file)


_OPEN: set[FileLock] = set()


def _after_fork() -> None:
    for lock in _OPEN:
        lock.after_fork()
    _OPEN.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
