"""Work that can be cancelled, but not while it tidies up: a connection that is half closed is lost for good."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Generator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, TypeVar

import anyio
from anyio.lowlevel import checkpoint_if_cancelled

T = TypeVar("T")


class Interruptible:
    """The part of some work that may be broken off, used as a context manager inside of it.

    The library below shields its tidying up from anyio's scopes, but not from `Task.cancel`: so the work gets a task of
    its own, and only a scope in there is cancelled. What the caller wrote knows `Task.cancel` only, and gets that.
    """

    def __init__(self) -> None:
        self._scope = anyio.CancelScope()
        self._held = False
        self._wanted = False
        self._ours = False
        self._tidying = False

    def __enter__(self) -> None:
        self._scope.__enter__()
        self._ours = True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool:
        self._ours = False
        return bool(self._scope.__exit__(kind, error, traceback))

    async def hold(self) -> None:
        """Puts every interruption off, where the library would lose something; one that is on its way comes first."""
        self._held = True
        await checkpoint_if_cancelled()

    def let_go(self) -> None:
        """Ends that."""
        self._held = False
        if self._wanted:
            self._scope.cancel()

    async def callers(self, work: Callable[[], Awaitable[T]]) -> T:
        """Waits for something that the caller wrote."""
        await checkpoint_if_cancelled()
        self._ours = False
        try:
            with anyio.CancelScope(shield=True):
                return await work()
        finally:
            self._ours = True
        raise AssertionError("a shield lets everything through")

    @contextmanager
    def tidying(self) -> Generator[None, None, None]:
        """What is done now, after the part itself, is not interrupted at all."""
        self._tidying = True
        try:
            yield
        finally:
            self._tidying = False

    def interrupt(self, task: asyncio.Task[Any]) -> None:
        """Breaks off the work of a task, which tidies up then."""
        if self._tidying:
            return
        if self._ours:
            self.break_off()
        else:
            task.cancel()

    def break_off(self) -> None:
        """Breaks off the part, but not what the caller wrote, which comes to its end first."""
        if self._held:
            self._wanted = True
        else:
            self._scope.cancel()


async def run(work: Coroutine[Any, Any, T], part: Interruptible | None = None) -> T:
    """Runs something to its end, even if this is cancelled: then its interruptible part, if any, is broken off."""
    loop = asyncio.get_running_loop()
    end = loop.create_future()

    def tell(_: object = None) -> None:
        if not end.done():
            end.set_result(None)

    async def tell_soon() -> T:
        try:
            return await work
        finally:
            # A turn of the event loop earlier than the task itself tells.
            tell()

    task = loop.create_task(tell_soon())
    task.add_done_callback(tell)
    interruption: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await end
        except asyncio.CancelledError as cancelled:
            interruption = cancelled
            if part is not None:
                part.interrupt(task)
            end = loop.create_future()
    # Of no effect, unless it was cancelled before it began.
    work.close()
    if interruption is None:
        return task.result()
    if not task.cancelled():
        # It is of no interest any more, and would be reported as never looked at.
        task.exception()
    raise interruption
