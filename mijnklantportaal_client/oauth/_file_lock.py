"""Locks between processes, by a file: the system lets go of them when their process ends, however it ends."""

from __future__ import annotations

import sys

if sys.platform == "win32":
    import msvcrt

    def try_lock(file: int) -> bool:
        """Takes the lock of an open file; False where somebody else has it."""
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def unlock(file: int) -> None:
        """Gives the lock back."""
        msvcrt.locking(file, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def try_lock(file: int) -> bool:
        """Takes the lock of an open file; False where somebody else has it.

        Raises:
            OSError: The file system has no locks.
        """
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def unlock(file: int) -> None:
        """Gives the lock back, also if a process that was forked off meanwhile has the file open, too."""
        fcntl.flock(file, fcntl.LOCK_UN)
