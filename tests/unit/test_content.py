"""The content of an answer, while it comes in."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator

import pytest

from mijnklantportaal_client._content import Content, TooLongError
from mijnklantportaal_client._inflate import BrokenError, EndsTooEarlyError


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    """What comes in."""
    for part in parts:
        yield part


async def test_plain() -> None:
    """As much as the limit allows is what it was."""
    content = Content(6)
    await content.read(chunks(b"abc", b"", b"def"), "")
    assert content.received == b"abcdef"


async def test_compressed() -> None:
    """It is what was compressed, wherever it was parted."""
    data = gzip.compress(b"abcdef" * 100)
    content = Content(600)
    await content.read(chunks(data[:5], data[5:]), "gzip")
    assert content.received == b"abcdef" * 100


@pytest.mark.parametrize("part", [b"abcdefg", gzip.compress(b"abcdefg")], ids=["plain", "compressed"])
async def test_too_long(part: bytes) -> None:
    """One byte more is too much, before and after decompression."""
    with pytest.raises(TooLongError):
        await Content(6).read(chunks(part), "gzip" if part.startswith(b"\x1f") else "")
    with pytest.raises(TooLongError):
        await Content(6).read_whole(b"abcdefg")


async def test_too_long_without_content() -> None:
    """What follows the end of what was compressed counts as well."""
    data = gzip.compress(b"")
    with pytest.raises(TooLongError):
        await Content(100).read(chunks(data, bytes(100)), "gzip")


async def test_broken() -> None:
    """What can't be decompressed, or lacks its end, is told apart."""
    with pytest.raises(BrokenError):
        await Content(100).read(chunks(b"\x1f\x8b\x08" + b"x" * 20), "gzip")
    content = Content(100)
    with pytest.raises(EndsTooEarlyError):
        await content.read(chunks(gzip.compress(b"abcdef")[:-1]), "gzip")
    assert content.received == b"abcdef"
