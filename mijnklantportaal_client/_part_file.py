"""A file that is written beside its place and takes it only when it is whole."""

from __future__ import annotations

import errno
import os
import stat
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, cast


class PartFile:
    """Written by whichever thread; a lock lets `discard` wait for a step whose caller was cancelled.

    What is in its place is replaced, not written to: whoever has the old file open keeps it, and a symbolic link that
    someone puts there meanwhile is not followed.

    Args:
        target: The place. The directory has to be there.
        overwrite: Whether a file that is there is replaced.

    Raises:
        TypeError: The path is of the wrong type.
    """

    def __init__(self, target: str | os.PathLike[str], *, overwrite: bool) -> None:
        import secrets

        given: object = os.fspath(cast("Any", target))
        if not isinstance(given, str):
            raise TypeError(f"to must be a path of str, not of {type(given).__name__}")
        # The working directory may change while it comes in.
        self.target = Path(given).absolute()
        self._looks_like_directory = given.endswith((os.sep, os.altsep or os.sep))
        self._overwrite = overwrite
        name = f".mijnklantportaal-{secrets.token_hex(8)}.part"
        self._part = self.target.with_name(name) if self.target.name else None
        self._file: Any = None
        self._ended = False
        self._lock = threading.Lock()

    def open(self) -> None:
        """Makes the file, empty, with the rights of the one that it replaces, else those that new files get here.

        Raises:
            FileExistsError: There is a file, which is not to be replaced.
            IsADirectoryError: The place is a directory.
            OSError: The place is a symbolic link or no regular file, or nothing can be written there.
        """
        with self._step():
            if self._looks_like_directory or self._part is None:
                raise self._error(errno.EISDIR, "Is a directory; give the name of the file as well")
            mode: int | None = None
            with suppress(FileNotFoundError):
                mode = self.target.lstat().st_mode
                self._check(mode)
            if not self._ended:
                self._file = self._part.open("xb", buffering=0)
                if mode is not None and os.name == "posix":
                    # While it is empty, so that nobody reads what is in it who may not read the old one.
                    self._part.chmod(mode & 0o777)

    def _check(self, mode: int) -> None:
        if stat.S_ISLNK(mode):
            raise self._error(errno.ELOOP, "Is a symbolic link, which is not written through; give the path behind it")
        if stat.S_ISDIR(mode):
            raise self._error(errno.EISDIR, "Is a directory; give the name of the file as well")
        if not stat.S_ISREG(mode):
            raise self._error(errno.EINVAL, "Is no regular file")
        if not self._overwrite:
            raise self._error(errno.EEXIST, "File exists, and overwrite=False was given")

    def restart(self) -> None:
        """Forgets what was written so far."""
        with self._step():
            if not self._ended:
                self._file.seek(0)
                self._file.truncate()

    def write(self, block: bytes | bytearray) -> None:
        """Writes all of it.

        Raises:
            OSError: It can't be written, as on a full disk.
        """
        with self._step():
            rest = memoryview(block)
            while rest and not self._ended:
                rest = rest[self._file.write(rest) :]

    def take_place(self) -> None:
        """Puts the file into its place, once all of it is on the disk.

        Raises:
            FileExistsError: A file came there meanwhile, which is not to be replaced.
            OSError: It can't be put there.
        """
        with self._step():
            if self._ended or self._part is None:
                return
            os.fsync(self._file.fileno())
            self._file.close()
            if not self._overwrite:
                # Fails where something is there by now, and nobody ever sees a part of the file.
                self._reserve()
            else:
                self._part.replace(self.target)
            self._part = None

    def _reserve(self) -> None:
        part = cast("Path", self._part)
        try:
            os.link(part, self.target)
        except FileExistsError:
            raise
        except OSError:
            # Not every file system has hard links.
            self.target.open("xb").close()
            try:
                part.replace(self.target)
            except OSError:
                # Ours, and empty.
                with suppress(OSError):
                    self.target.unlink()
                raise
        else:
            part.unlink()

    def discard(self) -> None:
        """Ends it, and leaves nothing behind but what took its place."""
        with self._lock:
            self._ended = True
            if self._file is not None:
                with suppress(OSError):
                    self._file.close()
                if self._part is not None:
                    with suppress(OSError):
                        self._part.unlink()

    @contextmanager
    def _step(self) -> Generator[None, None, None]:
        """One step at a time, whose errors name the file that was asked for."""
        with self._lock:
            try:
                yield
            except OSError as error:
                if error.errno is None or error.filename == str(self.target):
                    raise
                raise self._error(error.errno, error.strerror or "") from None

    def _error(self, number: int, text: str) -> OSError:
        return OSError(number, text, str(self.target))
