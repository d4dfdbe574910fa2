"""The forms in which a file is accepted, and how it is read."""

import asyncio
import codecs
import gzip
import io
import os
import tempfile
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, BinaryIO, cast

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mijnklantportaal_client._files import CHUNK_SIZE, FileSource, FileUpload, _PathReader, file_source
from tests.waiting import PATIENCE

BIG = bytes(range(256)) * 700 + b"the end"


async def read(source: FileSource) -> bytes:
    """Read a source to its end, and check the size of its chunks."""
    chunks = [chunk async for chunk in source.open()]
    assert all(0 < len(chunk) <= CHUNK_SIZE for chunk in chunks)
    return b"".join(chunks)


async def stream(*chunks: Any) -> AsyncIterator[bytes]:
    """Yield the chunks."""
    for chunk in chunks:
        yield chunk


class Unseekable(io.RawIOBase):
    """A stream such as a pipe or the body of an answer."""

    def __init__(self, content: bytes) -> None:
        self._content = io.BytesIO(content)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._content.readinto(buffer)


class ReadOnly:
    """An object with nothing but `read`."""

    def __init__(self, *chunks: Any) -> None:
        self._chunks = [*chunks, b""]

    def read(self, size: int = -1) -> Any:
        return self._chunks.pop(0)


class Upload:
    """An upload as web frameworks hand it over: its `read` is async."""

    filename = "x.pdf"

    async def read(self, size: int = -1) -> bytes:
        raise AssertionError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Write a file of more than one chunk."""
    file = tmp_path / "report.pdf"
    file.write_bytes(BIG)
    return file


def test_the_repr_of_an_upload_shows_no_content() -> None:
    """The content of a file, which may be a contract or a passport, stays out of logs."""
    upload = FileUpload(b"very secret", "a.pdf", "application/pdf")
    assert repr(upload) == "FileUpload(filename='a.pdf', content_type='application/pdf')"
    assert "very secret" not in repr(file_source(upload))


def test_an_upload_is_frozen_and_has_slots() -> None:
    """An upload can be shared, and a misspelt attribute isn't accepted in silence."""
    upload = FileUpload(b"x")
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        upload.filename = "y"  # type: ignore[misc]
    assert not hasattr(upload, "__dict__")
    assert upload == FileUpload(content=b"x", filename=None, content_type=None)


@pytest.mark.parametrize(
    "content", [b"", b"x", b"x" * (CHUNK_SIZE - 1), b"x" * CHUNK_SIZE, b"x" * (CHUNK_SIZE + 1), BIG]
)
async def test_bytes(content: bytes) -> None:
    """Bytes have a length, are split in chunks and can be read again."""
    source = file_source(content)
    assert (source.length, source.replayable) == (len(content), True)
    assert (source.filename, source.content_type) == ("upload.bin", "application/octet-stream")
    assert await read(source) == content
    assert await read(source) == content


async def test_a_path(path: Path) -> None:
    """A file by its path has the length and name of the file, and can be read again."""
    source = file_source(path)
    assert (source.length, source.replayable) == (len(BIG), True)
    assert (source.filename, source.content_type) == ("report.pdf", "application/pdf")
    assert await read(source) == BIG
    assert await read(source) == BIG


async def test_two_readings_of_a_path_do_not_disturb_each_other(path: Path) -> None:
    """Each opening of a path has a position of its own."""
    source = file_source(path)
    first, second = await asyncio.gather(read(source), read(source))
    assert first == second == BIG


async def test_a_relative_path_stays_the_same_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Changing the working directory between two attempts doesn't change the file."""
    monkeypatch.chdir(path.parent)
    source = file_source(Path("report.pdf"))
    monkeypatch.chdir("/")
    assert await read(source) == BIG


async def test_an_empty_file(tmp_path: Path) -> None:
    """An empty file yields nothing, and is no error."""
    (tmp_path / "empty").touch()
    source = file_source(tmp_path / "empty")
    assert source.length == 0
    assert await read(source) == b""


def test_a_missing_file_is_found_at_once(tmp_path: Path) -> None:
    """A wrong path is an error before anything is sent, and the error names it."""
    with pytest.raises(FileNotFoundError, match=r"nowhere\.pdf"):
        file_source(tmp_path / "nowhere.pdf")


def test_a_directory_is_found_at_once(tmp_path: Path) -> None:
    """A directory can't be sent, and the error names it."""
    with pytest.raises(IsADirectoryError) as caught:
        file_source(tmp_path)
    assert caught.value.filename == str(tmp_path)


def test_a_file_that_may_not_be_read_is_found_at_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The right to read a file is tried before anything is sent."""

    def refuse(self: Path, mode: str) -> BinaryIO:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr("pathlib.Path.open", refuse)
    with pytest.raises(PermissionError, match=r"report\.pdf"):
        file_source(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
async def test_a_named_pipe_can_be_read_once(tmp_path: Path) -> None:
    """A path that isn't a regular file has no length, and what was read from it is gone."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    source = file_source(pipe)
    assert (source.length, source.replayable, source.filename) == (None, False, "pipe")
    writer = threading.Thread(target=pipe.write_bytes, args=(b"through the pipe",), daemon=True)
    writer.start()
    assert await read(source) == b"through the pipe"
    writer.join()
    with pytest.raises(RuntimeError):
        source.open()


def test_a_path_of_bytes_is_refused() -> None:
    """A path that isn't text can't give a file name."""

    class BytesPath:
        def __fspath__(self) -> bytes:
            return b"/"

    with pytest.raises(TypeError, match="path of str, not of bytes"):
        file_source(cast("Any", BytesPath()))


@pytest.mark.parametrize("value", ["report.pdf", "", "some text"])
def test_a_str_is_refused(value: str) -> None:
    """A str could be a path or the content, so the error says how to write either."""
    with pytest.raises(TypeError, match=r"`document` is a str.*pathlib\.Path.*bytes"):
        file_source(cast("Any", value), parameter="document")
    with pytest.raises(TypeError, match="is a str"):
        file_source(FileUpload(cast("Any", value)))


@pytest.mark.parametrize("value", [None, 5, bytearray(b"x"), memoryview(b"x"), [b"x"], iter([b"x"]), {"file": b"x"}])
def test_other_types_are_refused(value: Any) -> None:
    """The error names the type that was given and the ones that are accepted."""
    with pytest.raises(TypeError, match=rf"`file` must be bytes, .*FileUpload, not {type(value).__name__}$"):
        file_source(value)


def test_an_upload_in_an_upload_is_refused() -> None:
    """The content of an upload is no upload."""
    with pytest.raises(TypeError, match="not FileUpload"):
        file_source(FileUpload(cast("Any", FileUpload(b"x"))))


@pytest.mark.parametrize("position", [0, 1, CHUNK_SIZE + 5, len(BIG), len(BIG) + 10])
async def test_an_opened_file_is_sent_from_its_position(path: Path, position: int) -> None:
    """What was read before isn't sent, in none of the attempts, and the file stays open."""
    with path.open("rb") as file:
        file.seek(position)
        source = file_source(file)
        assert file.tell() == position
        assert (source.length, source.replayable) == (len(BIG[position:]), True)
        assert (source.filename, source.content_type) == ("report.pdf", "application/pdf")
        assert await read(source) == BIG[position:]
        assert await read(source) == BIG[position:]
        assert not file.closed


async def test_an_attempt_that_was_given_up_does_not_disturb_the_next() -> None:
    """A reading that stopped halfway, or still goes on, leaves the next one whole."""
    source = file_source(io.BytesIO(BIG))
    first = source.open()
    start = await anext(first)
    assert await read(source) == BIG
    assert start + b"".join([chunk async for chunk in first]) == BIG


async def test_a_buffer_in_memory_has_the_default_name() -> None:
    """An opened file without a name is called upload.bin."""
    source = file_source(io.BytesIO(b"abc"))
    assert (source.filename, source.content_type) == ("upload.bin", "application/octet-stream")
    assert await read(source) == b"abc"


def test_the_name_of_an_opened_file_is_without_its_directory(tmp_path: Path) -> None:
    """The layout of the sender's disk isn't sent along."""
    with (tmp_path / "photo.png").open("wb+") as file:
        assert file_source(file).filename == "photo.png"


@pytest.mark.parametrize("name", [7, b"a.pdf", None, ""])
def test_a_name_that_is_no_text_is_not_used(name: object) -> None:
    """Files opened by number or by bytes have no usable name."""
    file = cast("Any", io.BytesIO(b"x"))
    named = type("Named", (io.BytesIO,), {"name": name})(file.read())
    assert file_source(named).filename == "upload.bin"


async def test_temporary_files() -> None:
    """The files of tempfile, which only delegate to a real one, work like it."""
    with tempfile.NamedTemporaryFile(suffix=".csv") as named, tempfile.SpooledTemporaryFile() as spooled:
        for file in (named, spooled):
            file.write(b"a;b")
            file.seek(1)
            source = file_source(cast("BinaryIO", file))
            assert (source.length, source.replayable) == (2, True)
            assert await read(source) == b";b"
        assert file_source(cast("BinaryIO", named)).filename == Path(named.name).name
        assert file_source(cast("BinaryIO", spooled)).filename == "upload.bin"


async def test_a_compressed_file_is_sent_as_it_reads(tmp_path: Path) -> None:
    """The length of a gzip file opened with gzip is that of its content, not of the file on disk."""
    with gzip.open(tmp_path / "x.gz", "wb") as file:
        file.write(BIG)
    with gzip.open(tmp_path / "x.gz", "rb") as file:
        source = file_source(cast("BinaryIO", file))
        assert source.length == len(BIG)
        assert await read(source) == BIG


@pytest.mark.parametrize("make", [Unseekable, ReadOnly, lambda content: io.BufferedReader(Unseekable(content))])
async def test_a_stream_that_cannot_seek_is_read_once(make: Any) -> None:
    """Such a stream has no length, and a second opening is refused at once."""
    source = file_source(make(b"once only"))
    assert (source.length, source.replayable) == (None, False)
    assert await read(source) == b"once only"
    with pytest.raises(RuntimeError, match="only once"):
        source.open()


def test_text_files_are_refused(tmp_path: Path) -> None:
    """A text file has characters, not bytes, and the error says how to open it."""
    text = tmp_path / "x.txt"
    text.write_text("x")
    with (
        text.open() as opened,
        tempfile.TemporaryFile("w+") as temporary,
        tempfile.SpooledTemporaryFile(mode="w+") as spooled,
        codecs.open(str(text), encoding="utf-8") as decoded,
    ):
        for file in (io.StringIO("x"), opened, temporary, spooled, decoded):
            with pytest.raises(TypeError, match="text mode"):
                file_source(cast("BinaryIO", file))


def test_an_async_read_is_refused() -> None:
    """The upload of a web framework isn't a file, and the error says what to pass."""
    with pytest.raises(TypeError, match=r"async read.*upload\.file"):
        file_source(cast("Any", Upload()))


def test_a_closed_file_is_refused(path: Path) -> None:
    """A file that is closed already is found before anything is sent."""
    with path.open("rb") as file:
        pass
    with pytest.raises(ValueError, match="closed"):
        file_source(file)


def test_a_file_opened_for_writing_is_refused(path: Path) -> None:
    """A file that can't be read is found before anything is sent."""
    with path.open("ab") as file, pytest.raises(ValueError, match="not opened for reading"):
        file_source(file)


@pytest.mark.parametrize("chunk", ["text", None, bytearray(b"x")])
async def test_a_read_that_gives_no_bytes_is_an_error(chunk: object) -> None:
    """An object whose read doesn't return bytes is no binary file."""
    with pytest.raises(TypeError, match=rf"read\(\) of `file` must return bytes, not {type(chunk).__name__}"):
        await read(file_source(cast("Any", ReadOnly(chunk))))


async def test_an_error_of_the_file_comes_through() -> None:
    """An error while reading isn't taken for the end of the file."""

    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(5, "Input/output error")

    with pytest.raises(OSError, match="Input/output error"):
        await read(file_source(Broken(b"abc")))


async def test_an_async_stream() -> None:
    """A stream has no length and is read once; big chunks are split, and empty ones left out."""
    source = file_source(stream(b"", b"a", BIG, b"", b"z"))
    assert (source.length, source.replayable) == (None, False)
    assert (source.filename, source.content_type) == ("upload.bin", "application/octet-stream")
    assert await read(source) == b"a" + BIG + b"z"
    with pytest.raises(RuntimeError, match="only once"):
        source.open()


async def test_a_second_opening_is_refused_before_the_first_is_read() -> None:
    """Opening counts, not reading: two readers would share the content between them."""
    source = file_source(stream(b"a"))
    first = source.open()
    with pytest.raises(RuntimeError):
        source.open()
    assert [chunk async for chunk in first] == [b"a"]


@pytest.mark.parametrize("chunk", ["text", 5, None])
async def test_an_async_stream_of_something_else_is_an_error(chunk: object) -> None:
    """A stream must yield bytes."""
    with pytest.raises(TypeError, match=f"`file` must yield bytes, not {type(chunk).__name__}"):
        await read(file_source(stream(b"a", chunk)))


async def test_an_async_iterator_of_its_own_class() -> None:
    """A stream needn't be a generator."""

    class Countdown:
        left = 3

        def __aiter__(self) -> AsyncIterator[bytes]:
            return self

        async def __anext__(self) -> bytes:
            if not self.left:
                raise StopAsyncIteration
            self.left -= 1
            return b"%d" % self.left

    assert await read(file_source(Countdown())) == b"210"


async def test_a_stream_that_is_given_up_is_closed() -> None:
    """The caller's generator runs its clean-up when the sending ends early."""
    closed = []

    async def generator() -> AsyncIterator[bytes]:
        try:
            yield b"a"
            yield b"b"
        finally:
            closed.append(True)

    opened = file_source(generator()).open()
    assert await anext(opened) == b"a"
    await opened.aclose()
    assert closed == [True]


async def test_a_path_that_is_given_up_is_closed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file stays open when the sending ends early."""
    files: list[io.FileIO] = []

    class Recorded(io.FileIO):
        def __init__(self, name: str) -> None:
            super().__init__(name)
            files.append(self)

    monkeypatch.setattr("io.FileIO", Recorded)
    opened = file_source(path).open()
    assert await anext(opened) == BIG[:CHUNK_SIZE]
    assert [file.closed for file in files] == [False]
    await opened.aclose()
    assert [file.closed for file in files] == [True]


async def test_a_path_is_closed_when_its_reader_is_cancelled(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cancelled call doesn't leave a file open, though its thread was still opening it."""
    loop = asyncio.get_running_loop()
    started, go_on = asyncio.Event(), threading.Event()
    files: list[io.FileIO] = []

    class Slow(io.FileIO):
        def __init__(self, name: str) -> None:
            loop.call_soon_threadsafe(started.set)
            assert go_on.wait(PATIENCE)
            super().__init__(name)
            files.append(self)

    monkeypatch.setattr("io.FileIO", Slow)
    task = asyncio.create_task(read(file_source(path)))
    await started.wait()
    task.cancel()
    loop.call_soon(go_on.set)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [file.closed for file in files] == [True]


def test_a_reading_that_comes_after_the_end_opens_nothing(path: Path) -> None:
    """A thread that gets its turn only after the call was cancelled doesn't open the file any more."""
    reader = _PathReader(str(path))
    reader.close()
    path.unlink()
    assert reader.read() == b""


async def test_the_event_loop_runs_on_while_a_file_is_read() -> None:
    """Reading happens in another thread, so a slow disk doesn't hold up other calls."""
    loop = asyncio.get_running_loop()
    reached = threading.Event()

    class Waiting(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            loop.call_soon_threadsafe(reached.set)
            assert reached.wait(PATIENCE)
            return super().read(size)

    assert await read(file_source(Waiting(b"abc"))) == b"abc"


@pytest.mark.parametrize(
    ("upload", "filename", "content_type"),
    [
        (FileUpload(b"x"), "upload.bin", "application/octet-stream"),
        (FileUpload(b"x", "a.pdf"), "a.pdf", "application/pdf"),
        (FileUpload(b"x", "A.PDF"), "A.PDF", "application/pdf"),
        (FileUpload(b"x", "a.unknown-ending"), "a.unknown-ending", "application/octet-stream"),
        (FileUpload(b"x", "no ending"), "no ending", "application/octet-stream"),
        (FileUpload(b"x", "a.tar.gz"), "a.tar.gz", "application/octet-stream"),
        (FileUpload(b"x", "data:text/html,x"), "data:text/html,x", "application/octet-stream"),
        (FileUpload(b"x", ""), "upload.bin", "application/octet-stream"),
        (FileUpload(b"x", "a.pdf", "text/plain"), "a.pdf", "text/plain"),
        (FileUpload(b"x", content_type="image/png"), "upload.bin", "image/png"),
        (FileUpload(io.BytesIO(b"x"), "b.png"), "b.png", "image/png"),
    ],
)
def test_names_and_types(upload: FileUpload, filename: str, content_type: str) -> None:
    """What is given counts; a missing type is guessed from the name."""
    source = file_source(upload)
    assert (source.filename, source.content_type) == (filename, content_type)


def test_a_given_name_beats_that_of_the_path(path: Path) -> None:
    """A file can be sent under another name, and its type follows from that."""
    source = file_source(FileUpload(path, "other.txt"))
    assert (source.filename, source.content_type, source.length) == ("other.txt", "text/plain", len(BIG))


@pytest.mark.parametrize(("field", "value"), [("filename", b"a.pdf"), ("filename", Path("a")), ("content_type", 5)])
def test_names_and_types_must_be_text(field: str, value: Any) -> None:
    """A name or type that is no str is refused by its name."""
    with pytest.raises(TypeError, match=f"`{field}` of `file` must be a str"):
        file_source(FileUpload(b"x", **{field: value}))


@given(st.binary(max_size=300), st.integers(0, 300), st.integers(1, 40))
def test_every_form_gives_the_same_bytes(content: bytes, position: int, size: int) -> None:
    """Bytes, an opened file and a stream of the same content are read alike."""

    async def check() -> None:
        file = io.BytesIO(content)
        file.seek(position)
        rest = content[position:]
        parts = [rest[start : start + size] for start in range(0, len(rest), size)]
        assert await read(file_source(rest)) == rest
        assert await read(file_source(file)) == rest
        assert await read(file_source(stream(*parts))) == rest

    asyncio.run(check())
