"""Decompression that never makes more than it is asked for: a few bytes can hold a gigabyte."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

_STEP = 256 * 1024
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

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yields what the next bytes give.

        Raises:
            BrokenError: They can't be a part of compressed content.
        """
        if self._encoding not in _ENCODINGS:
            yield data
            return
        # What follows the end of the content belongs to nothing.
        while data and (self._stream is None or not self._stream.eof):
            if self._stream is None:
                # Servers send both zlib's format and the bare one under the name of deflate.
                bare = self._encoding == "deflate" and data[0] & 0x0F != zlib.DEFLATED
                form = 16 + zlib.MAX_WBITS if self._encoding != "deflate" else zlib.MAX_WBITS
                self._stream = zlib.decompressobj(-zlib.MAX_WBITS if bare else form)
            try:
                piece = self._stream.decompress(data, _STEP)
            except zlib.error as error:
                raise BrokenError(f"the compressed content is broken ({error})") from None
            yield piece
            data = self._stream.unconsumed_tail

    def finish(self) -> None:
        """Checks that the content came to its end.

        Raises:
            EndsTooEarlyError: It did not.
        """
        if self._stream is not None and not self._stream.eof:
            raise EndsTooEarlyError("the compressed content ends too early")
