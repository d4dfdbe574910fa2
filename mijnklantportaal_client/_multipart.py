"""Request bodies of the type multipart/form-data, which are streamed and can be sent again."""

from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping, Sequence
from typing import Protocol, cast

_ESCAPES = {code: f"%{code:02X}" for code in (*range(32), ord('"'), 127)}


class FileChangedError(OSError):
    """A file had another length while it was sent than when the request was made."""


class Source(Protocol):
    """What a file part needs: see `FileSource`."""

    @property
    def length(self) -> int | None: ...

    @property
    def replayable(self) -> bool: ...

    @property
    def in_memory(self) -> bool: ...

    @property
    def filename(self) -> str: ...

    @property
    def content_type(self) -> str: ...

    def open(self) -> AsyncGenerator[bytes, None]: ...


class Multipart:
    """A form with files.

    Attributes:
        content_type: The value for the `Content-Type` header.
        length: The length of the whole body in bytes, or `None` if that of a file isn't known.
        replayable: Whether `open` can be called more than once, which every file must allow.
        in_memory: Whether the whole body is there already, and nothing has to be read while it is sent.
    """

    __slots__ = ("_boundary", "_end", "_files", "_start", "content_type", "in_memory", "length", "replayable")

    def __init__(self, fields: Iterable[tuple[str, str]], files: Iterable[tuple[str, Source]]) -> None:
        """Build the parts. The fields come first, each in the order given; a name may occur more than once.

        Args:
            fields: Names and values.
            files: Names and sources.

        Raises:
            ValueError: The content type of a file can't be a header, or a name or value can't be written as UTF-8.
        """
        import secrets

        # Nobody can know it beforehand, so no content can end its own part and start another.
        boundary = self._boundary = secrets.token_hex(16)
        delimiter = f"--{boundary}\r\n"
        self.content_type = f"multipart/form-data; boundary={boundary}"
        self._start = b"".join(
            f'{delimiter}Content-Disposition: form-data; name="{_escape(name)}"\r\n\r\n{value}\r\n'.encode()
            for name, value in fields
        )
        self._files = tuple((_file_head(delimiter, name, source), source) for name, source in files)
        self._end = f"--{boundary}--\r\n".encode()
        self.replayable = all(source.replayable for _, source in self._files)
        self.in_memory = all(source.in_memory for _, source in self._files)
        self.length = self._total()

    def _total(self) -> int | None:
        total = len(self._start) + len(self._end)
        for head, source in self._files:
            if source.length is None:
                return None
            total += len(head) + source.length + len(b"\r\n")
        return total

    async def parts(self) -> AsyncGenerator[bytes, None]:
        """Yield what makes this form another one than the next: everything but the boundary, which is random.

        Of a file that can be read only once, that is its name and type.
        """
        boundary = self._boundary.encode()
        yield self._start.replace(boundary, b"")
        for head, source in self._files:
            yield head.replace(boundary, b"")
            if source.replayable:
                chunks = source.open()
                try:
                    async for chunk in chunks:
                        yield chunk
                finally:
                    await chunks.aclose()

    async def open(self) -> AsyncGenerator[bytes, None]:
        """Yield the body from its start.

        Raises:
            FileChangedError: A file is longer or shorter than it was; what was yielded is no whole body then.
            RuntimeError: The body isn't replayable and was opened before.
        """
        pending = self._start
        for head, source in self._files:
            yield pending + head
            chunks = _exactly(source)
            try:
                async for chunk in chunks:
                    yield chunk
            finally:
                await chunks.aclose()
            pending = b"\r\n"
        yield pending + self._end


def flatten(name: str, value: object, *, what: str = "form field") -> Iterator[tuple[str, str]]:
    """Turn a JSON value into form fields, as Laravel reads them.

    A list of simple values becomes `name[]`, once for each; a list with objects or lists in it `name[0][key]`; an
    object `name[key]`. An empty list or object yields nothing, for a form has no way to say it.

    Args:
        name: The name of the field; that of a list may end in `[]` already.
        value: A `str`, `bool`, `int`, `float` or `Decimal`, or a list or mapping of such.
        what: What the field is called in errors.

    Yields:
        The names and texts of the fields.

    Raises:
        TypeError: A value is `None`, which a form can't carry, or is of a type that JSON doesn't know.
        ValueError: A number isn't finite, or a key can't be told from the brackets around it.
    """
    if isinstance(value, Mapping):
        for key, item in cast("Mapping[object, object]", value).items():
            if not isinstance(key, str):
                raise TypeError(f"a key of the {what} `{name}` must be a str, not {type(key).__name__}")
            if not key or "[" in key or "]" in key:
                raise ValueError(f"{key[:40]!r} can't be a key of the {what} `{name}`")
            yield from flatten(f"{name}[{key}]", item, what=what)
    elif isinstance(value, list | tuple):
        items = cast("Sequence[object]", value)
        base = name.removesuffix("[]")
        nested = any(isinstance(item, Mapping | list | tuple) for item in items)
        for index, item in enumerate(items):
            yield from flatten(f"{base}[{index}]" if nested else f"{base}[]", item, what=what)
    else:
        yield name, _text(name, value, what)


def _text(name: str, value: object, what: str) -> str:
    if isinstance(value, str):
        # str() of an enum that is also a str would give the name of its member.
        return str.__str__(value)
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int):
        return int.__repr__(value)
    if value is None:
        raise TypeError(f"the {what} `{name}` can't be None: there is no way to send a null here")
    from decimal import Decimal

    if isinstance(value, float):
        number = Decimal(float.__repr__(value))
    elif isinstance(value, Decimal):
        number = value
    else:
        raise TypeError(f"the {what} `{name}` can't be of the type {type(value).__name__}")
    if not number.is_finite():
        raise ValueError(f"the {what} `{name}` must be a finite number")
    return format(number, "f")


def _escape(name: str) -> str:
    """A name between quotes, as browsers write it; other control characters too, of which PHP takes NUL for the end."""
    escaped = name.translate(_ESCAPES)
    # PHP would take it and the closing quote for a quote that is a part of the name.
    return f"{escaped[:-1]}%5C" if escaped.endswith("\\") else escaped


def _file_head(delimiter: str, name: str, source: Source) -> bytes:
    content_type = source.content_type
    if not (content_type and content_type.isascii() and content_type.isprintable()):
        raise ValueError(f"the content type {content_type[:40]!r} can't be sent: it must be printable ASCII")
    # A file name from the disk may hold bytes that aren't UTF-8, which Python reads as lone surrogates.
    filename = _escape(source.filename).encode("utf-8", "replace")
    start = f'{delimiter}Content-Disposition: form-data; name="{_escape(name)}"; filename="'.encode()
    return start + filename + f'"\r\nContent-Type: {content_type}\r\n\r\n'.encode("ascii")


async def _exactly(source: Source) -> AsyncGenerator[bytes, None]:
    sent = 0
    chunks = source.open()
    try:
        async for chunk in chunks:
            sent += len(chunk)
            if source.length is not None and sent > source.length:
                raise _changed(source, "more")
            yield chunk
    finally:
        await chunks.aclose()
    if source.length is not None and sent < source.length:
        raise _changed(source, f"{sent}")


def _changed(source: Source, found: str) -> FileChangedError:
    return FileChangedError(
        f"the file {source.filename!r} changed while it was sent: it had {source.length} bytes, and now {found}"
    )
