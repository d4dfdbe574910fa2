"""Work that ends as it should, whoever is cancelled meanwhile and whichever event loop ends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, TypeVar

from .._session import UNBROKEN
from ..blocking import _BACKGROUND
from ..errors import ConfigurationError

T = TypeVar("T")
# Seconds that a program which ends waits for an answer that is on its way.
_GRACE = 10.0


def aside(work: Coroutine[Any, Any, T]) -> Future[T]:
    """Starts something on the event loop of `blocking.run`, which outlives that of the caller.

    `asyncio.run` cancels every task of its loop when it ends, and with one of them the answer that it waits for.

    Raises:
        ConfigurationError: The interpreter is about to end.
    """
    future: Future[T] = Future()

    def begin() -> None:
        keep(asyncio.get_running_loop().create_task(work)).add_done_callback(lambda task: _pass_on(task, future))

    if not _BACKGROUND.submit(begin):
        work.close()
        raise ConfigurationError("the OAuth server can't be asked while the interpreter ends")
    return future


def keep(task: asyncio.Task[T]) -> asyncio.Task[T]:
    """Holds on to a task until it is done; whoever ends its loop waits for it."""
    UNBROKEN.add(task)
    task.add_done_callback(UNBROKEN.discard)
    return task


def _pass_on(task: asyncio.Task[T], future: Future[T]) -> None:
    if task.cancelled():
        future.set_exception(ConfigurationError("the answer of the OAuth server was not waited for"))
        return
    error = task.exception()
    if error is not None:
        future.set_exception(error)
    else:
        future.set_result(task.result())


async def ended(future: Future[Any], seconds: float | None = None) -> bool:
    """Waits for the end of something on another thread, without a way for a cancellation to reach it.

    Args:
        future: What to wait for.
        seconds: How long to wait at most.

    Returns:
        Whether it has ended.
    """
    loop, event = asyncio.get_running_loop(), asyncio.Event()

    def wake(_: object) -> None:
        # The loop may be closed by then.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(event.set)

    future.add_done_callback(wake)
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
    return future.done()


async def insist(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Does something that may be done twice, and does it again where a cancellation comes in between."""
    try:
        return await work()
    except asyncio.CancelledError:
        return await work()


async def outcome_of(future: Future[T]) -> T:
    """What came of something on another thread; a task that is cancelled waits for it nevertheless, for a while."""
    interruption: asyncio.CancelledError | None = None
    loop = asyncio.get_running_loop()
    until = None
    while not future.done():
        try:
            await ended(future, None if until is None else until - loop.time())
        except asyncio.CancelledError as cancelled:
            interruption = cancelled
            until = loop.time() + _GRACE if until is None else until
        else:
            if interruption is not None and not future.done():
                raise interruption
    return future.result()
