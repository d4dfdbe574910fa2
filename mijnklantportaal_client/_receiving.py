"""What a link points to, while it comes in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from ._content import Content
from ._inflate import BrokenError, EndsTooEarlyError
from ._threads import in_thread

if TYPE_CHECKING:
    from ._interrupt import Interruptible
    from ._progress import Teller

# So much is handed to a thread at once.
_BLOCK = 1024 * 1024
_ENCODINGS = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})


class Place(Protocol):
    """Where it goes; what these do is done in a thread."""

    def restart(self) -> None:
        """Forgets what was written."""
        ...

    def write(self, block: bytearray) -> None:
        """Takes the next part."""
        ...

    def take_place(self) -> None:
        """Ends it; it is whole."""
        ...


class Memory:
    """A place in memory."""

    def __init__(self) -> None:
        self.content = bytearray()

    def restart(self) -> None:
        self.content.clear()

    def write(self, block: bytearray) -> None:
        self.content += block

    def take_place(self) -> None:
        """Nothing is left to do."""


class Incoming(Content):
    """The content of one answer, on its way to its place.

    Args:
        place: Where it goes.
        limit: How many bytes there may be.
        teller: Is told how far it is.
        headers: Those of the answer.
        part: What can be interrupted.

    Raises:
        TooLongError: The server says that it is longer than the limit allows.
        BrokenError: It is encoded in a way that was not asked for and is not known.
    """

    def __init__(
        self, place: Place, limit: float, teller: Teller, headers: Mapping[str, str], part: Interruptible
    ) -> None:
        super().__init__(limit)
        self._place = place
        self._teller = teller
        self._part = part
        self._length = 0
        self._block = bytearray()
        self.error: Exception | None = None
        """Why it could not be written."""
        encoding = headers.get("content-encoding", "").strip().lower()
        if encoding not in _ENCODINGS:
            raise BrokenError("the content is encoded in a way that was not asked for")
        told = headers.get("content-length", "") if encoding in ("", "identity") else ""
        self._total = int(told) if told.isascii() and told.isdigit() else None
        if self._total is not None:
            self.check(self._total)

    async def begin(self) -> None:
        await self._in_thread(self._place.restart)
        await self._tell()

    async def add(self, piece: bytes) -> None:
        self._length += len(piece)
        self.check(self._length)
        self._block += piece
        if len(self._block) >= _BLOCK:
            await self._flush()
        await self._tell()

    async def end(self) -> None:
        if self._total is not None and self._length != self._total:
            raise EndsTooEarlyError(f"{self._length} of {self._total} bytes came")
        await self._flush()

    async def _flush(self) -> None:
        block, self._block = self._block, bytearray()
        await self._in_thread(self._place.write, block)

    async def _tell(self) -> None:
        if self._teller.listens:
            await self._part.callers(lambda: self._teller.tell(self._length, self._total))

    async def _in_thread(self, step: Callable[..., None], *args: Any) -> None:
        try:
            await in_thread(step, *args)
        except Exception as error:
            self.error = error
            raise
