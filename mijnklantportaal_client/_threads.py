"""Steps that may block, such as those with files, while the event loop goes on."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
from typing import TypeVar

T = TypeVar("T")


async def in_thread(step: Callable[..., T], *args: object, executor: Executor | None = None) -> T:
    """Does it in a thread, of that executor if one is given; where this is cancelled it may go on, or never begin."""
    work = _begun(partial(step, *args), executor)
    return step(*args) if work is None else await work


async def to_the_end(step: Callable[[], T]) -> T:
    """Does it in a thread, also where this is cancelled."""
    work = _begun(step)
    # Cancelled before its thread begins, it would never come to it.
    return step() if work is None else await asyncio.shield(work)


def _begun(step: Callable[[], T], executor: Executor | None = None) -> asyncio.Future[T] | None:
    """What a thread does; None where there are no more threads, as the interpreter is about to end.

    It waits for threads that are no daemons after it has ended those of the event loop, so a call may still go on.
    """
    try:
        return asyncio.get_running_loop().run_in_executor(executor, contextvars.copy_context().run, step)
    except RuntimeError as error:
        # Where the system has no more threads, one that is there may come to it later.
        if "shutdown" not in str(error):
            raise
    return None
