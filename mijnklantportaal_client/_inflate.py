"""Decompression that never makes more than it is asked for: a few bytes can hold a gigabyte."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

_STEP = 256 * 1024
_GZIP = 0x1F
_ENCODINGS = frozenset({"gzip", "x-gzip", "deflate"})


class BrokenError(Exception):
    """The content can't be decompressed."""


class EndsTooEarlyError(Exception):
    """The compressed content lacks its end."""


class Inflater:
    """Decompresses gzip and both kinds of deflate in small steps; any other encoding is passed on as it is."""

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding.strip().lower()
        self._stream: Any = None
        self._over = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yields what the next bytes give.

        Raises:
            BrokenError: They can't be a part of compressed content.
        """
        if self._encoding not in _ENCODINGS:
            yield data
            return
        full = False
        while (data or full) and not self._over:
            if self._stream is None or self._stream.eof:
                self._begin(data[0])
                continue
            try:
                piece = self._stream.decompress(data, _STEP)
            except zlib.error as error:
                raise BrokenError(f"the compressed content is broken ({error})") from None
            yield piece
            data = self._stream.unused_data if self._stream.eof else self._stream.unconsumed_tail
            # It may have taken in everything and still hold back what a step had no room for.
            full = len(piece) == _STEP and not self._stream.eof

    def _begin(self, first: int) -> None:
        """Begins the content, or what follows its end: another member of a gzip file, else what belongs to nothing."""
        is_gzip = self._encoding != "deflate"
        if self._stream is not None and not (is_gzip and first == _GZIP):
            self._over = True
        elif is_gzip:
            self._stream = zlib.decompressobj(16 + zlib.MAX_WBITS)
        else:
            # Servers send both zlib's format and the bare one under the name of deflate.
            self._stream = zlib.decompressobj(zlib.MAX_WBITS if first & 0x0F == zlib.DEFLATED else -zlib.MAX_WBITS)

    def finish(self) -> None:
        """Checks that the content came to its end.

        Raises:
            EndsTooEarlyError: It did not.
        """
        if self._stream is not None and not self._stream.eof:
            raise EndsTooEarlyError("the compressed content ends too early")
