"""What a form with files looks like on the wire, read back by the parser of the standard library."""

import asyncio
import io
import math
import re
from collections.abc import AsyncGenerator, AsyncIterator
from decimal import Decimal
from email.parser import BytesParser
from email.policy import HTTP
from enum import Enum, IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mijnklantportaal_client._files import CHUNK_SIZE, FileSource, FileUpload, file_source
from mijnklantportaal_client._multipart import FileChangedError, Multipart, flatten

if TYPE_CHECKING:
    from email.message import Message

Part = tuple[str, str | None, str | None, bytes]


async def body_of(form: Multipart) -> bytes:
    """Read a body to its end, and check its length."""
    body = b"".join([chunk async for chunk in form.open()])
    if form.length is not None:
        assert len(body) == form.length
    return body


def parse(content_type: str, body: bytes) -> list[Part]:
    """Read a body back: of each part the name, the file name, the content type as sent, and the content."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    message = cast("Message[Any, Any]", BytesParser(policy=HTTP).parsebytes(head + body))
    assert message.is_multipart()
    assert not message.defects
    parts = []
    for part in cast("list[Message[Any, Any]]", message.get_payload()):
        raw = str(part["Content-Disposition"])
        found = re.fullmatch(r'form-data; name="([^"]*)"(?:; filename="([^"]*)")?', raw)
        assert found is not None, raw
        content = cast("bytes", part.get_payload(decode=True))
        sent_type = str(part["Content-Type"]) if "Content-Type" in part else None
        parts.append((found[1], found[2], sent_type, content))
    return parts


async def parts_of(form: Multipart) -> list[Part]:
    """Read the parts of a form back from its body."""
    return parse(form.content_type, await body_of(form))


async def stream(*chunks: bytes) -> AsyncIterator[bytes]:
    """Yield the chunks."""
    for chunk in chunks:
        yield chunk


def lying(length: int, *chunks: bytes) -> FileSource:
    """A source whose content isn't as long as it says."""

    async def content() -> AsyncGenerator[bytes, None]:
        for chunk in chunks:
            yield chunk

    return FileSource(content, length=length, replayable=True, filename="log.txt", content_type="text/plain")


async def test_the_bytes_on_the_wire() -> None:
    """The body is byte for byte what the standard asks for."""
    form = Multipart([("title", "Café")], [("file", file_source(FileUpload(b"%PDF", "a.pdf")))])
    boundary = form.content_type.removeprefix("multipart/form-data; boundary=")
    expected = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="title"\r\n\r\nCafé\r\n'
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n'
        f"Content-Type: application/pdf\r\n\r\n%PDF\r\n--{boundary}--\r\n"
    ).encode()
    assert await body_of(form) == expected
    assert form.length == len(expected)


async def test_fields_and_files_keep_their_order_and_repeat() -> None:
    """A name can occur several times, as lists need."""
    form = Multipart(
        [("b[]", "1"), ("a", ""), ("b[]", "2")],
        [("documents[]", file_source(b"one")), ("documents[]", file_source(FileUpload(b"", "two.txt")))],
    )
    assert await parts_of(form) == [
        ("b[]", None, None, b"1"),
        ("a", None, None, b""),
        ("b[]", None, None, b"2"),
        ("documents[]", "upload.bin", "application/octet-stream", b"one"),
        ("documents[]", "two.txt", "text/plain", b""),
    ]


async def test_fields_without_files() -> None:
    """A form of fields alone is a whole body too."""
    assert await parts_of(Multipart([("a", "1")], [])) == [("a", None, None, b"1")]


async def test_a_form_without_anything_is_only_its_end() -> None:
    """No parts leave the closing boundary."""
    form = Multipart([], [])
    boundary = form.content_type.removeprefix("multipart/form-data; boundary=")
    assert await body_of(form) == f"--{boundary}--\r\n".encode()
    assert form.replayable


def test_each_form_has_a_boundary_of_its_own() -> None:
    """Boundaries can't be guessed from earlier ones, and need no quotes in the header."""
    types = {Multipart([], []).content_type for _ in range(50)}
    assert len(types) == 50
    assert all(re.fullmatch(r"multipart/form-data; boundary=[0-9a-f]{32}", value) for value in types)


def test_the_boundary_comes_from_the_secure_source(monkeypatch: pytest.MonkeyPatch) -> None:
    """The boundary is made by `secrets`, of at least 16 bytes."""
    asked: list[int] = []

    def token_hex(size: int) -> str:
        asked.append(size)
        return "ab" * size

    monkeypatch.setattr("secrets.token_hex", token_hex)
    assert Multipart([], []).content_type == f"multipart/form-data; boundary={'ab' * asked[0]}"
    assert asked[0] >= 16


async def test_content_that_imitates_a_boundary_adds_no_field() -> None:
    """A file or value that holds a whole other form stays one part."""
    other = Multipart([("role", "admin")], [("file", file_source(b"evil"))])
    attack = b"x\r\n" + await body_of(other) + b'\r\n--\r\nContent-Disposition: form-data; name="role"\r\n\r\nadmin\r\n'
    text = attack.decode()
    form = Multipart([("note", text)], [("file", file_source(FileUpload(attack, "a.bin")))])
    assert await parts_of(form) == [
        ("note", None, None, attack),
        ("file", "a.bin", "application/octet-stream", attack),
    ]


@pytest.mark.parametrize(
    ("given_name", "sent"),
    [
        ('a"b.pdf', "a%22b.pdf"),
        ("a\rb.pdf", "a%0Db.pdf"),
        ("a\nb.pdf", "a%0Ab.pdf"),
        ('"; name="role', "%22; name=%22role"),
        ('x"\r\nContent-Type: text/html\r\n\r\n<script>', "x%22%0D%0AContent-Type: text/html%0D%0A%0D%0A<script>"),
        ("100%22.pdf", "100%22.pdf"),
        ("back\\slash.pdf", "back\\slash.pdf"),
        ("at the end\\", "at the end%5C"),
        ("nul\x00tab\tdel\x7f.pdf", "nul%00tab%09del%7F.pdf"),
        ("café €.pdf", "café €.pdf"),
        ("lone \udce9.pdf", "lone ?.pdf"),
    ],
)
async def test_file_names_are_escaped(given_name: str, sent: str) -> None:
    """A file name can't end its header or add another one; everything else goes as UTF-8."""
    source = file_source(FileUpload(b"x", given_name, "text/plain"))
    body = await body_of(Multipart([], [("file", source)]))
    line = f'Content-Disposition: form-data; name="file"; filename="{sent}"'.encode()
    assert body.split(b"\r\n")[1:5] == [line, b"Content-Type: text/plain", b"", b"x"]


async def test_field_names_are_escaped() -> None:
    """A name of a field or of a file's field can't end its header either."""
    name, sent = 'a"\r\nb', b'name="a%22%0D%0Ab"'
    body = await body_of(Multipart([(name, "1")], [(name, file_source(b"2"))]))
    assert [line.split(b"; ")[1] for line in body.split(b"\r\n") if b"form-data" in line] == [sent, sent]


async def test_values_are_sent_as_they_are() -> None:
    """Line ends and quotes in a value are content, and stay as they were."""
    value = 'one\ntwo\r\nthree\r"four" \t€'
    assert await parts_of(Multipart([("text", value)], [])) == [("text", None, None, value.encode())]


@pytest.mark.parametrize(
    "content_type", ["text/plain\r\nX-Evil: 1", "text/plain\n", "text/plain\r", "text/plàin", "a\x00b", "a\tb", "\x7f"]
)
def test_a_content_type_that_is_no_header_is_refused(content_type: str) -> None:
    """A content type can't add lines, and the error comes before anything is sent."""
    source = file_source(FileUpload(b"x", "a.txt", content_type))
    with pytest.raises(ValueError, match="content type"):
        Multipart([], [("file", source)])


async def test_a_content_type_with_parameters_is_sent() -> None:
    """Parameters of a content type go along."""
    source = file_source(FileUpload(b"x", "a.txt", 'text/plain; charset="utf-8"'))
    assert (await parts_of(Multipart([], [("f", source)])))[0][2] == 'text/plain; charset="utf-8"'


@pytest.mark.parametrize("field", [("a\ud800", "1"), ("a", "\ud800")])
def test_text_that_is_no_unicode_is_refused_at_once(field: tuple[str, str]) -> None:
    """A lone surrogate can't be written as UTF-8, which is found before anything is sent."""
    with pytest.raises(ValueError, match="surrogates"):
        Multipart([field], [])


async def test_a_form_of_replayable_files_can_be_opened_again(tmp_path: Path) -> None:
    """Another attempt sends the same bytes, with the same boundary and length."""
    path = tmp_path / "a.txt"
    path.write_bytes(b"from disk" * 20_000)
    opened = io.BytesIO(b"skipped, sent")
    opened.seek(9)
    sources = [file_source(b"bytes"), file_source(path), file_source(opened)]
    form = Multipart([("a", "1")], [("files[]", source) for source in sources])
    assert form.replayable
    first = await body_of(form)
    assert await body_of(form) == first
    assert [part[3] for part in parse(form.content_type, first)] == [b"1", b"bytes", b"from disk" * 20_000, b"sent"]


async def test_an_attempt_given_up_halfway_does_not_spoil_the_next() -> None:
    """A body that was sent in part can be sent whole afterwards."""
    form = Multipart([], [("file", file_source(io.BytesIO(b"x" * 3 * CHUNK_SIZE)))])
    started = form.open()
    await anext(started)
    await anext(started)
    await started.aclose()
    assert (await parts_of(form))[0][3] == b"x" * 3 * CHUNK_SIZE


async def test_one_stream_makes_the_whole_form_unreplayable() -> None:
    """With a stream among the files there is no length, and only one attempt."""
    form = Multipart([("a", "1")], [("f[]", file_source(b"bytes")), ("f[]", file_source(stream(b"a", b"b")))])
    assert (form.length, form.replayable) == (None, False)
    assert [part[3] for part in await parts_of(form)] == [b"1", b"bytes", b"ab"]
    with pytest.raises(RuntimeError, match="only once"):
        await body_of(form)


async def test_big_files_are_not_read_at_once() -> None:
    """The body comes in chunks, so that memory doesn't grow with the file."""
    form = Multipart([], [("file", file_source(b"x" * 10 * CHUNK_SIZE))])
    sizes = [len(chunk) async for chunk in form.open()]
    assert max(sizes) == CHUNK_SIZE
    assert len(sizes) == 12


async def test_files_are_opened_one_after_the_other() -> None:
    """A file is opened when its turn comes, and is finished before the next one."""
    events: list[str] = []

    def source(name: str) -> FileSource:
        async def content() -> AsyncGenerator[bytes, None]:
            events.append(f"open {name}")
            try:
                yield b"x"
            finally:
                events.append(f"close {name}")

        return FileSource(content, length=1, replayable=True, filename=name, content_type="text/plain")

    form = Multipart([], [("f", source("a")), ("f", source("b"))])
    assert events == []
    await body_of(form)
    assert events == ["open a", "close a", "open b", "close b"]


async def test_closing_a_body_closes_its_file() -> None:
    """A body that is given up gives its file back at once."""
    closed: list[bool] = []

    async def content() -> AsyncGenerator[bytes, None]:
        try:
            yield b"x"
            yield b"y"
        finally:
            closed.append(True)

    source = FileSource(content, length=2, replayable=True, filename="a", content_type="text/plain")
    body = Multipart([], [("f", source)]).open()
    await anext(body)
    assert await anext(body) == b"x"
    await body.aclose()
    assert closed == [True]


async def cut_off(form: Multipart) -> tuple[bytes, FileChangedError]:
    """Return what was sent before a changed file was noticed, and the error."""
    sent = b""
    try:
        async for chunk in form.open():
            sent += chunk
    except FileChangedError as error:
        return sent, error
    pytest.fail("the change was not noticed")


@pytest.mark.parametrize("chunks", [(b"abcdef",), (b"abc", b"de"), (b"abcd", b"e")])
async def test_a_file_that_grew_is_an_error(chunks: tuple[bytes, ...]) -> None:
    """No byte beyond the promised length is sent: it would be read as the next request."""
    form = Multipart([], [("file", lying(4, *chunks))])
    sent, error = await cut_off(form)
    assert "'log.txt' changed while it was sent: it had 4 bytes, and now more" in str(error)
    assert len(sent.partition(b"\r\n\r\n")[2]) <= 4


@pytest.mark.parametrize("chunks", [(), (b"abc",), (b"a", b"b")])
async def test_a_file_that_shrank_is_an_error(chunks: tuple[bytes, ...]) -> None:
    """A file that ends too early isn't followed by the end of the form, as if it were whole."""
    form = Multipart([], [("file", lying(4, *chunks))])
    sent, error = await cut_off(form)
    assert str(error).endswith(f"it had 4 bytes, and now {len(b''.join(chunks))}")
    assert sent.endswith(b"\r\n\r\n" + b"".join(chunks))


async def test_a_file_on_disk_that_changed_is_an_error(tmp_path: Path) -> None:
    """A file that grows after the request was made is noticed, and the error is an OSError."""
    path = tmp_path / "log.txt"
    path.write_bytes(b"one line\n")
    form = Multipart([], [("file", file_source(path))])
    with path.open("ab") as file:
        file.write(b"another\n")
    with pytest.raises(OSError, match="changed while it was sent"):
        await body_of(form)


names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)


@given(
    st.lists(st.tuples(names, st.text(st.characters(codec="utf-8"), max_size=50)), max_size=4),
    st.lists(st.tuples(names, names, st.binary(max_size=200)), max_size=4),
)
def test_every_form_has_its_length_and_its_parts(
    fields: list[tuple[str, str]], files: list[tuple[str, str, bytes]]
) -> None:
    """Whatever the names and contents, the body splits at its boundary in exactly the parts that were put in."""

    def escaped(name: str) -> bytes:
        text = re.sub(r'["\x00-\x1f\x7f]|\\\Z', lambda found: f"%{ord(found[0]):02X}", name)
        return text.encode()

    sources = [(name, file_source(FileUpload(content, filename, "a/b"))) for name, filename, content in files]
    form = Multipart(fields, sources)
    body = asyncio.run(body_of(form))
    assert form.length == len(body)
    delimiter = b"--" + form.content_type.partition("boundary=")[2].encode()
    first, *parts, last = (b"\r\n" + body).split(b"\r\n" + delimiter)
    assert (first, last) == (b"", b"--\r\n")
    disposition = b'\r\nContent-Disposition: form-data; name="'
    assert parts == [
        *(disposition + escaped(name) + b'"\r\n\r\n' + value.encode() for name, value in fields),
        *(
            disposition + escaped(name) + b'"; filename="' + escaped(file) + b'"\r\nContent-Type: a/b\r\n\r\n' + content
            for name, file, content in files
        ),
    ]


class Level(IntEnum):
    """A number with a name."""

    HIGH = 3


class Status(str, Enum):  # noqa: UP042 - of a StrEnum, str() is the value
    """A text with a name, whose `str()` is `Status.OPEN`."""

    OPEN = "open"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("", ""),
        ("text", "text"),
        ("1", "1"),
        (Status.OPEN, "open"),
        (True, "1"),
        (False, "0"),
        (0, "0"),
        (-12, "-12"),
        (10**30, "1" + "0" * 30),
        (Level.HIGH, "3"),
        (12.5, "12.5"),
        (2.0, "2.0"),
        (1e-7, "0.0000001"),
        (1e22, "10000000000000000000000"),
        (Decimal("12.90"), "12.90"),
        (Decimal("1E+2"), "100"),
    ],
)
def test_single_values(value: object, text: str) -> None:
    """Booleans are 1 and 0; numbers are plain digits without an exponent."""
    assert list(flatten("name", value)) == [("name", text)]


@pytest.mark.parametrize(
    ("value", "fields"),
    [
        (["a", "b"], [("n[]", "a"), ("n[]", "b")]),
        ((1, True, "x"), [("n[]", "1"), ("n[]", "1"), ("n[]", "x")]),
        ({"a": 1, "b": {"c": "d"}}, [("n[a]", "1"), ("n[b][c]", "d")]),
        (
            [{"firstName": "A", "age": 1}, {"firstName": "B"}],
            [("n[0][firstName]", "A"), ("n[0][age]", "1"), ("n[1][firstName]", "B")],
        ),
        ([{"tags": ["x", "y"]}], [("n[0][tags][]", "x"), ("n[0][tags][]", "y")]),
        ([["a", "b"], ["c"]], [("n[0][]", "a"), ("n[0][]", "b"), ("n[1][]", "c")]),
        (["a", {"b": "c"}], [("n[0]", "a"), ("n[1][b]", "c")]),
        ({"on": False}, [("n[on]", "0")]),
        ({"first_name": "A", "last-name": "B"}, [("n[first_name]", "A"), ("n[last-name]", "B")]),
        ([], []),
        ({}, []),
    ],
)
def test_nested_values(value: object, fields: list[tuple[str, str]]) -> None:
    """Objects in lists are numbered, so that their keys stay together; simple values are not."""
    assert list(flatten("n", value)) == fields


@pytest.mark.parametrize(
    ("value", "named"),
    [(None, "`n`"), ([None], r"`n\[\]`"), ({"a": None}, r"`n\[a\]`"), ([{"a": None}], r"`n\[0\]\[a\]`")],
)
def test_null_is_refused(value: object, named: str) -> None:
    """A form has no null, and an empty text would be something else."""
    with pytest.raises(TypeError, match=named + ".*None"):
        list(flatten("n", value))


@pytest.mark.parametrize("value", [b"x", bytearray(b"x"), {1, 2}, object(), 1j, Path("a")])
def test_other_types_are_refused(value: object) -> None:
    """What JSON doesn't know isn't turned into text by chance."""
    with pytest.raises(TypeError, match=type(value).__name__):
        list(flatten("n", [value]))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, Decimal("NaN"), Decimal("-Infinity")])
def test_numbers_that_are_not_finite_are_refused(value: object) -> None:
    """NaN and infinity are no numbers on the wire."""
    with pytest.raises(ValueError, match="finite"):
        list(flatten("n", value))


@pytest.mark.parametrize("key", ["", "a]", "[b", "a][b"])
def test_keys_that_would_change_the_structure_are_refused(key: str) -> None:
    """A key with brackets would be read as another field."""
    with pytest.raises(ValueError, match="can't be a key of the form field `n`"):
        list(flatten("n", {key: "x"}))


@pytest.mark.parametrize("key", [1, None, b"a", ("a",)])
def test_keys_must_be_text(key: object) -> None:
    """The keys of a JSON object are text."""
    with pytest.raises(TypeError, match="key"):
        list(flatten("n", {key: "x"}))


def rebuild(fields: list[tuple[str, str]]) -> Any:
    """Read fields back as PHP does, with every value a text."""
    root: dict[str, Any] = {}
    for name, text in fields:
        keys = re.findall(r"[^\[\]]+|(?<=\[)(?=\])", name)
        target = root
        for key in keys[:-1]:
            target = target.setdefault(key, {})
        target[keys[-1] or str(len(target))] = text
    return root


keys = st.text("abcXYZ_-09 ", min_size=1, max_size=6)
values = st.recursive(
    st.text(max_size=10),
    lambda inner: st.lists(inner, min_size=1, max_size=3) | st.dictionaries(keys, inner, min_size=1, max_size=3),
    max_leaves=12,
)


@given(values)
def test_php_reads_back_what_was_put_in(value: Any) -> None:
    """Any nesting of lists and objects survives, lists as arrays numbered from 0."""

    def as_php(item: Any) -> Any:
        if isinstance(item, list):
            return {str(index): as_php(entry) for index, entry in enumerate(item)}
        return {key: as_php(entry) for key, entry in item.items()} if isinstance(item, dict) else item

    assert rebuild(list(flatten("root", value))) == {"root": as_php(value)}
