"""Files to upload: the forms they are accepted in, and the one way the rest of the client reads them."""

import errno
import io
import os
import stat
from collections.abc import AsyncGenerator, AsyncIterable, Callable
from typing import Any, BinaryIO, Protocol, TypeAlias, cast

import attrs

CHUNK_SIZE = 64 * 1024
_BLOCK_SIZE = 4 * CHUNK_SIZE
DEFAULT_FILENAME = "upload.bin"
DEFAULT_PDF_NAME = "document.pdf"
DEFAULT_CONTENT_TYPE = "application/octet-stream"

FileContent: TypeAlias = bytes | os.PathLike[str] | BinaryIO | AsyncIterable[bytes]
"""The content of a file: the bytes, the path of a file, a file opened in binary mode, or an async stream of bytes."""


@attrs.frozen
class FileUpload:
    """A file with a name or a content type of its own.

    Attributes:
        content: The content, in any of the forms of `FileContent`.
        filename: The name to send. By default that of the path or of the opened file, else `document.pdf` for bytes
            that are a PDF and `upload.bin` for others.
        content_type: The content type to send. By default it is guessed from the name.
    """

    content: FileContent = attrs.field(repr=False)
    filename: str | None = None
    content_type: str | None = None


FileInput: TypeAlias = FileContent | FileUpload
"""What an argument that takes a file accepts."""


class FileSource:
    """A file that is ready to be sent.

    Attributes:
        length: The number of bytes that `open` will yield, or `None` if that is not known beforehand.
        replayable: Whether `open` can be called again, for another attempt.
        in_memory: Whether the content is there already.
        filename: The name to send.
        content_type: The content type to send.
    """

    __slots__ = ("_opened", "_opener", "content_type", "filename", "in_memory", "length", "replayable")

    def __init__(
        self,
        opener: Callable[[], AsyncGenerator[bytes, None]],
        *,
        length: int | None,
        replayable: bool,
        filename: str,
        content_type: str,
        in_memory: bool = False,
    ) -> None:
        self._opener = opener
        self._opened = False
        self.length = length
        self.replayable = replayable
        self.in_memory = in_memory
        self.filename = filename
        self.content_type = content_type

    def open(self) -> AsyncGenerator[bytes, None]:
        """Return the content from its start, in chunks of at most 64 KiB.

        Raises:
            RuntimeError: The source isn't replayable and was opened before.
        """
        if self._opened and not self.replayable:
            raise RuntimeError(f"the content of {self.filename!r} can be read only once, and was read before")
        self._opened = True
        return self._opener()


def file_source(file: FileInput, *, parameter: str = "file") -> FileSource:
    """Make a file ready to be sent. All that can be found wrong with it is found here, before anything is sent.

    Args:
        file: The file as the caller gave it.
        parameter: The name of the argument, for the text of errors.

    Returns:
        The source to read it from.

    Raises:
        TypeError: The file is a `str`, is opened in text mode or is of another unsuitable type.
        ValueError: The file is closed, or not opened for reading.
        FileNotFoundError: There is no file at the path.
        IsADirectoryError: The path is that of a directory.
        OSError: The file can't be read.
    """
    upload = file if isinstance(file, FileUpload) else FileUpload(file)
    texts: dict[str, object] = {"filename": upload.filename, "content_type": upload.content_type}
    for name, value in texts.items():
        if value is not None and not isinstance(value, str):
            raise TypeError(f"`{name}` of `{parameter}` must be a str, not {type(value).__name__}")
    opener, length, replayable, default_name = _examine(upload.content, parameter)
    is_pdf = isinstance(upload.content, bytes) and upload.content.startswith(b"%PDF-")
    filename = upload.filename or default_name or (DEFAULT_PDF_NAME if is_pdf else DEFAULT_FILENAME)
    return FileSource(
        opener,
        length=length,
        replayable=replayable,
        filename=filename,
        content_type=upload.content_type or _guess_content_type(filename),
        in_memory=isinstance(upload.content, bytes),
    )


_Examined: TypeAlias = tuple[Callable[[], AsyncGenerator[bytes, None]], int | None, bool, str | None]


def _examine(content: object, parameter: str) -> _Examined:
    if isinstance(content, bytes):
        data = content
        return lambda: _slices(data), len(data), True, None
    if isinstance(content, str):
        raise TypeError(
            f"`{parameter}` is a str, which could be a path or the content: "
            "pass pathlib.Path(...) for a path, or bytes (text.encode()) for content"
        )
    if isinstance(content, os.PathLike):
        return _examine_path(cast("Any", content), parameter)
    if isinstance(content, AsyncIterable):
        stream = cast("AsyncIterable[object]", content)
        return lambda: _relay(stream, parameter), None, False, None
    if callable(getattr(content, "read", None)):
        return _examine_file(content, parameter)
    raise TypeError(
        f"`{parameter}` must be bytes, a pathlib.Path, a file opened in binary mode, an async iterable of bytes "
        f"or a FileUpload, not {type(content).__name__}"
    )


def _examine_path(content: os.PathLike[Any], parameter: str) -> _Examined:
    from pathlib import Path

    given = os.fspath(content)
    if not isinstance(given, str):
        raise TypeError(f"`{parameter}` must be a path of str, not of {type(given).__name__}")
    path = Path(given)
    status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, "Is a directory, not a file", given)
    # Another attempt may come after the working directory has changed.
    path = path.absolute()
    regular = stat.S_ISREG(status.st_mode)
    if regular:
        # The size says nothing of the right to read it; a refusal halfway through a request would come too late.
        path.open("rb").close()
    length = status.st_size if regular else None
    return lambda: _chunks(_PathReader(str(path))), length, regular, path.name


def _examine_file(content: Any, parameter: str) -> _Examined:
    import inspect
    import threading
    from pathlib import PurePath

    if isinstance(content, io.TextIOBase) or isinstance(getattr(content, "encoding", None), str):
        raise TypeError(f"`{parameter}` is a file opened in text mode: open it in binary mode, open(path, 'rb')")
    if inspect.iscoroutinefunction(content.read):
        raise TypeError(
            f"`{parameter}` has an async read(): pass the file underneath it (`upload.file`), "
            "an async iterable of bytes, or the bytes themselves"
        )
    if getattr(content, "closed", False):
        raise ValueError(f"`{parameter}` is a closed file")
    readable = getattr(content, "readable", None)
    if callable(readable) and not readable():
        raise ValueError(f"`{parameter}` is a file that was not opened for reading")
    name = getattr(content, "name", None)
    filename = PurePath(name).name if isinstance(name, str) else None
    position, length = _measure(content)
    lock = threading.Lock()
    return lambda: _chunks(_FileReader(content, lock, position, parameter)), length, position is not None, filename


def _measure(file: Any) -> tuple[int | None, int | None]:
    """Return the position of an opened file and the bytes from there to its end, or two times `None`."""
    seekable = getattr(file, "seekable", None)
    if not callable(seekable) or not seekable():
        return None, None
    position: int = file.tell()
    file.seek(0, os.SEEK_END)
    end: int = file.tell()
    file.seek(position)
    return position, max(0, end - position)


def _guess_content_type(filename: str) -> str:
    import mimetypes

    # Without the slash a name such as "data:text/html,x" would be read as a URL.
    guessed, encoding = mimetypes.guess_type("/" + filename)
    return DEFAULT_CONTENT_TYPE if guessed is None or encoding is not None else guessed


class _Reader(Protocol):
    def read(self) -> bytes: ...

    def close(self) -> None: ...


class _PathReader:
    """Reads a file by its path, from whichever thread.

    The lock lets `close` wait for a read whose caller was cancelled, so that no file stays open.
    """

    def __init__(self, path: str) -> None:
        import threading

        self._path = path
        self._file: io.FileIO | None = None
        self._closed = False
        self._lock = threading.Lock()

    def read(self) -> bytes:
        with self._lock:
            if self._closed:
                return b""
            if self._file is None:
                self._file = io.FileIO(self._path)
            return self._file.read(_BLOCK_SIZE)

    def close(self) -> None:
        with self._lock:
            self._closed = True
            if self._file is not None:
                self._file.close()


class _FileReader:
    """Reads a file that the caller opened, and leaves it open.

    It seeks before each read: a cancelled attempt may still be reading in its thread while the next one starts.
    """

    def __init__(self, file: Any, lock: Any, position: int | None, parameter: str) -> None:
        self._file = file
        self._lock = lock
        self._position = position
        self._parameter = parameter

    def read(self) -> bytes:
        with self._lock:
            if self._position is not None:
                self._file.seek(self._position)
            chunk = self._file.read(_BLOCK_SIZE)
            if not isinstance(chunk, bytes):
                raise TypeError(f"read() of `{self._parameter}` must return bytes, not {type(chunk).__name__}")
            if self._position is not None:
                self._position += len(chunk)
            return chunk

    def close(self) -> None:
        """Do nothing: the file is the caller's to close."""


async def _chunks(reader: _Reader) -> AsyncGenerator[bytes, None]:
    from ._threads import in_thread, to_the_end

    try:
        while block := await in_thread(reader.read):
            async for chunk in _slices(block):
                yield chunk
    finally:
        await to_the_end(reader.close)


async def _slices(data: bytes) -> AsyncGenerator[bytes, None]:
    for start in range(0, len(data), CHUNK_SIZE):
        yield data[start : start + CHUNK_SIZE]


async def _relay(stream: AsyncIterable[object], parameter: str) -> AsyncGenerator[bytes, None]:
    iterator = aiter(stream)
    try:
        async for chunk in iterator:
            if not isinstance(chunk, bytes):
                raise TypeError(f"`{parameter}` must yield bytes, not {type(chunk).__name__}")
            for start in range(0, len(chunk), CHUNK_SIZE):
                yield chunk[start : start + CHUNK_SIZE]
    finally:
        if isinstance(iterator, AsyncGenerator):
            await iterator.aclose()
