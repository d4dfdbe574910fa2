"""Decompression in small steps."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mijnklantportaal_client._inflate import BrokenError, EndsTooEarlyError, Inflater


def raw_deflate(data: bytes) -> bytes:
    """Deflate without a header."""
    compress = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return compress.compress(data) + compress.flush()


def inflate(encoding: str, *chunks: bytes) -> bytes:
    """What comes out of some chunks."""
    inflater = Inflater(encoding)
    result = b"".join(piece for chunk in chunks for piece in inflater.feed(chunk))
    inflater.finish()
    return result


def cut(data: bytes, places: list[int]) -> list[bytes]:
    """Bytes in pieces."""
    ends = sorted(place % (len(data) + 1) for place in places)
    return [data[start:end] for start, end in zip([0, *ends], [*ends, len(data)], strict=True)]


FORMATS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    " GZip ": gzip.compress,
    "deflate": zlib.compress,
}


@pytest.mark.parametrize("encoding", [*FORMATS, "raw", "identity", "", "br", "utf-8"])
@given(data=st.binary(max_size=3000), places=st.lists(st.integers(min_value=0), max_size=5))
def test_round_trip(encoding: str, data: bytes, places: list[int]) -> None:
    """Any content in any pieces comes out whole; what is not compressed by a known name is passed on."""
    compress = raw_deflate if encoding == "raw" else FORMATS.get(encoding, bytes)
    assert inflate("deflate" if encoding == "raw" else encoding, *cut(compress(data), places)) == data


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
@given(data=st.binary(max_size=300), places=st.lists(st.integers(min_value=0), max_size=3))
def test_anything_gives_bytes_or_a_known_error(encoding: str, data: bytes, places: list[int]) -> None:
    """No content makes it fail in another way."""
    try:
        result = inflate(encoding, *cut(data, places))
    except (BrokenError, EndsTooEarlyError):
        return
    assert isinstance(result, bytes)


@given(data=st.binary(min_size=1, max_size=300), left=st.integers(min_value=1, max_value=10_000))
def test_missing_end_is_noticed(data: bytes, left: int) -> None:
    """However little is missing, down to the check sum."""
    whole = gzip.compress(data)
    with pytest.raises(EndsTooEarlyError):
        inflate("gzip", whole[: 1 + left % (len(whole) - 1)])


def test_nothing_at_all_is_not_broken() -> None:
    """A 204 or an answer to HEAD may name an encoding."""
    assert inflate("gzip") == inflate("gzip", b"") == b""


@pytest.mark.parametrize("content", [b"{}", b"\x1f\x8b\x08" + bytes(100), b"\x1f\x8b\x07" + bytes(20), b"<html>"])
def test_what_is_not_compressed(content: bytes) -> None:
    """It says so."""
    with pytest.raises(BrokenError, match="the compressed content is broken"):
        inflate("gzip", content)


def test_wrong_check_sum() -> None:
    """Content that was changed on the way is not taken for what was sent."""
    whole = bytearray(gzip.compress(b"content"))
    whole[-8] ^= 1
    with pytest.raises(BrokenError):
        inflate("gzip", bytes(whole))


def test_bomb_comes_out_in_steps() -> None:
    """64 MiB of zeros are never there at once."""
    inflater = Inflater("gzip")
    sizes = [len(piece) for piece in inflater.feed(gzip.compress(bytes(64 * 1024 * 1024)))]
    assert sum(sizes) == 64 * 1024 * 1024
    assert max(sizes) == 256 * 1024


def test_bomb_is_not_inflated_further_than_it_is_asked() -> None:
    """Who stops asking stops it."""
    pieces = Inflater("gzip").feed(gzip.compress(bytes(1024**2)))
    assert len(next(pieces)) == 256 * 1024


@pytest.mark.parametrize("encoding", [*FORMATS, "raw"])
def test_whatever_a_step_has_no_room_for(encoding: str) -> None:
    """Content that ends just behind a step comes out whole, though all of it was taken in with the step before."""
    compress = raw_deflate if encoding == "raw" else FORMATS[encoding]
    for more in range(259):
        data = b"a" * (256 * 1024 + more)
        assert inflate("deflate" if encoding == "raw" else encoding, compress(data)) == data


@given(parts=st.lists(st.binary(max_size=100), min_size=2, max_size=5), places=st.lists(st.integers(min_value=0)))
def test_gzip_of_several_members(parts: list[bytes], places: list[int]) -> None:
    """A gzip file may be several in a row (RFC 1952); with the first alone, a download would be cut without a word."""
    whole = b"".join(map(gzip.compress, parts))
    assert inflate("gzip", *cut(whole, places)) == b"".join(parts)
    assert inflate("gzip", *cut(whole + bytes(20), places)) == b"".join(parts)
    with pytest.raises(EndsTooEarlyError):
        inflate("gzip", *cut(whole[:-1], places))


def test_what_follows_the_end_is_left_out() -> None:
    """It is not kept either."""
    inflater = Inflater("gzip")
    assert b"".join(inflater.feed(gzip.compress(b"content") + b"tail")) == b"content"
    for _ in range(100):
        assert list(inflater.feed(bytes(1000))) == []
    assert len(inflater._stream.unused_data) == 4
    inflater.finish()
