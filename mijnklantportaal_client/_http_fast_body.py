"""The body of a request as aiohttp wants it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any

from aiohttp import Payload

from ._interrupt import run

if TYPE_CHECKING:
    from aiohttp.abc import AbstractStreamWriter

    from ._request import Body

# A write that is no longer than this is progress, or none.
_PIECE = 64 * 1024


class Outgoing:
    """A body on its way; remembers what went wrong on our side of it.

    Attributes:
        error: What the caller's stream or file failed with.
        late: Whether the server took nothing for too long.
        sent: Whether all of it was written.
    """

    def __init__(self, body: Body, timeout: float) -> None:
        self.error: Exception | None = None
        self.late = False
        self.sent = False
        self._body = body
        self._timeout = timeout
        self._writing: asyncio.Event | None = None
        self.content = _Payload(self)

    @property
    def size(self) -> int | None:
        """How many bytes there are, where that is known."""
        return self._body.length

    @property
    def content_type(self) -> str:
        """What they are."""
        return self._body.content_type

    async def write(self, writer: AbstractStreamWriter) -> None:
        """Writes everything; runs in a task of the library's own, which ends it by cancelling."""
        self._writing = asyncio.Event()
        chunks = self._body.open()
        try:
            while (chunk := await self._next(chunks)) is not None:
                for start in range(0, len(chunk), _PIECE):
                    await self._in_time(writer.write(memoryview(chunk)[start : start + _PIECE]))
            # What goes wrong with it outside of here is told to nobody but the event loop.
            await self._in_time(writer.write_eof())
            self.sent = True
        finally:
            try:
                await chunks.aclose()
            finally:
                self._writing.set()

    async def _next(self, chunks: Any) -> bytes | None:
        try:
            found: bytes = await anext(chunks)
        except StopAsyncIteration:
            return None
        except Exception as error:
            self.error = error
            raise
        return found

    async def _in_time(self, write: Awaitable[None]) -> None:
        try:
            async with asyncio.timeout(self._timeout):
                await write
        except TimeoutError:
            self.late = True
            raise

    async def ended(self) -> None:
        """Waits until files and streams are closed."""
        if self._writing is not None and not self._writing.is_set():
            await run(self._writing.wait())


class _Payload(Payload):
    """Lends a body to the library."""

    def __init__(self, body: Outgoing) -> None:
        super().__init__(body, content_type=body.content_type)
        self._body = body
        self._size = body.size

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """Shown to nobody."""
        raise TypeError("the content of a request is not shown")

    async def write(self, writer: AbstractStreamWriter) -> None:
        await self._body.write(writer)

    async def write_with_length(self, writer: AbstractStreamWriter, content_length: int | None) -> None:
        await self._body.write(writer)
