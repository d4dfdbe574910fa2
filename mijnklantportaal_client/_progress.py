"""Telling a caller how far a file is."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncGenerator, Callable
from typing import TYPE_CHECKING, TypeAlias

from ._hooks import logger

if TYPE_CHECKING:
    from ._request import Body

OnProgress: TypeAlias = Callable[[int, int | None], object]
"""Takes the bytes that are done and the bytes there are in all, `None` where that is not known; plain or async."""


class Teller:
    """Calls what a caller gave. It only observes: once it has failed it is called no more, and the transfer goes on.

    Raises:
        TypeError: What was given can't be called.
    """

    def __init__(self, on_progress: OnProgress | None) -> None:
        if on_progress is not None and not callable(on_progress):
            raise TypeError(f"on_progress must be a function of two numbers, not {type(on_progress).__name__}")
        self._call = on_progress

    @property
    def listens(self) -> bool:
        """Whether there is anybody to tell."""
        return self._call is not None

    async def tell(self, done: int, total: int | None) -> None:
        """Calls it, and waits for it if it is async."""
        if self._call is None:
            return
        try:
            result = self._call(done, total)
            if inspect.isawaitable(result):
                await result
        except asyncio.CancelledError as cancelled:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            # Something that it waited for was cancelled, not the transfer.
            self._give_up(cancelled)
        except Exception as error:  # noqa: BLE001 - it only observes
            self._give_up(error)

    def _give_up(self, error: BaseException) -> None:
        self._call = None
        what = "on_progress failed and is called no more, the transfer goes on: %s"
        logger.error(what, type(error).__name__, exc_info=error)


class ToldBody:
    """A request's body that tells how much of it the connection has taken; each attempt begins at 0."""

    def __init__(self, body: Body, teller: Teller) -> None:
        self._body = body
        self._teller = teller
        self.content_type = body.content_type
        self.length = body.length
        self.replayable = body.replayable
        self.in_memory = body.in_memory

    async def open(self) -> AsyncGenerator[bytes, None]:
        """Yields the body from its start."""
        done = 0
        await self._teller.tell(0, self.length)
        chunks = self._body.open()
        try:
            async for chunk in chunks:
                yield chunk
                # Whoever asks for the next one has handed this one on.
                done += len(chunk)
                await self._teller.tell(done, self.length)
        finally:
            await chunks.aclose()
