"""The content of an answer, while it comes in."""

from __future__ import annotations

from collections.abc import AsyncIterator

from ._inflate import Inflater


class TooLongError(Exception):
    """There is more content than the limit allows."""


class Content:
    """What has been received, after decompression.

    Args:
        limit: How many bytes there may be, before and after decompression.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self.received = bytearray()

    async def read(self, chunks: AsyncIterator[bytes], encoding: str) -> None:
        """Reads to the end.

        Raises:
            TooLongError: There is more than the limit allows.
            BrokenError: It can't be decompressed.
            EndsTooEarlyError: The compressed content lacks its end.
        """
        inflater = Inflater(encoding)
        length = 0
        async for chunk in chunks:
            length += len(chunk)
            for piece in inflater.feed(chunk):
                self.add(piece)
            self._check(length)
        inflater.finish()

    def add(self, piece: bytes) -> None:
        """Takes what needs no decompression."""
        self.received += piece
        self._check(len(self.received))

    def _check(self, length: int) -> None:
        if length > self._limit:
            raise TooLongError
