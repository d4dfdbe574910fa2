"""The content of an answer, while it comes in."""

from __future__ import annotations

from collections.abc import AsyncIterator

from ._inflate import Inflater


class TooLongError(Exception):
    """There is more content than the limit allows."""

    def __init__(self, limit: float) -> None:
        super().__init__(limit)
        self.limit = limit


class Content:
    """What has been received, after decompression.

    Args:
        limit: How many bytes there may be, before and after decompression.
    """

    def __init__(self, limit: float) -> None:
        self.limit = limit
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
        await self.begin()
        async for chunk in chunks:
            length += len(chunk)
            for piece in inflater.feed(chunk):
                await self.add(piece)
            self.check(length)
        inflater.finish()
        await self.end()

    async def read_whole(self, data: bytes) -> None:
        """Takes what came in one piece, decompressed.

        Raises:
            TooLongError: There is more than the limit allows.
        """
        await self.begin()
        await self.add(data)
        await self.end()

    async def begin(self) -> None:
        """Before the first piece."""

    async def add(self, piece: bytes) -> None:
        """Takes what needs no decompression."""
        self.received += piece
        self.check(len(self.received))

    async def end(self) -> None:
        """After the last piece."""

    def check(self, length: int) -> None:
        """Refuses what is too long."""
        if length > self.limit:
            raise TooLongError(self.limit)
