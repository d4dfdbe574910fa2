"""Work that can be cancelled, but not while it tidies up."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import anyio
import pytest

from mijnklantportaal_client._interrupt import Interruptible, run


class Work:
    """Something that waits three times: in its own part, for what the caller wrote, and while it tidies up."""

    def __init__(self) -> None:
        self.part = Interruptible()
        self.now = asyncio.Event()
        self.go_on = asyncio.Event()
        self.done: list[str] = []

    async def do(self, what: Callable[[], Awaitable[None]]) -> str:
        with self.part:
            try:
                await what()
            finally:
                with anyio.CancelScope(shield=True):
                    for _ in range(10):
                        await asyncio.sleep(0)
                    self.done.append("tidied up")
        self.done.append("went on")
        return "result"

    async def wait(self) -> None:
        self.now.set()
        await self.go_on.wait()

    async def begin(self, what: Callable[[], Awaitable[None]]) -> asyncio.Task[str]:
        """Runs up to where it waits."""
        task = asyncio.get_running_loop().create_task(run(self.do(what), self.part))
        await self.now.wait()
        return task


async def test_result() -> None:
    """What nobody interrupts is as if it were not there."""
    work = Work()
    work.go_on.set()
    assert await run(work.do(work.wait), work.part) == "result"
    assert work.done == ["tidied up", "went on"]


async def test_error() -> None:
    """An error comes through as it is."""
    error = OSError("no")

    async def fail() -> None:
        raise error

    work = Work()
    with pytest.raises(OSError, match="no") as caught:
        await run(work.do(fail), work.part)
    assert caught.value is error
    assert (error.__cause__, error.__context__) == (None, None)


@pytest.mark.parametrize("times", [1, 5])
async def test_interrupted(times: int) -> None:
    """Whoever cancels, and however often, waits until it has tidied up."""
    work = Work()
    task = await work.begin(work.wait)
    for _ in range(times):
        task.cancel()
        await asyncio.sleep(0)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert work.done == ["tidied up", "went on"]
    assert task.cancelling() == times
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_error_of_interrupted_work() -> None:
    """It is of no interest any more, not even to the event loop."""
    told: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context))
    work = Work()

    async def fail() -> None:
        try:
            await work.wait()
        except asyncio.CancelledError:
            raise OSError("no") from None

    task = await work.begin(fail)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    del task
    assert told == []


async def test_what_the_caller_wrote() -> None:
    """It is cancelled once, and may wait while it ends."""
    work = Work()
    ended: list[str] = []

    async def stream() -> None:
        try:
            await work.wait()
        finally:
            await asyncio.sleep(0)
            ended.append("stream")

    async def read() -> None:
        await work.part.callers(stream)

    task = await work.begin(read)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended == ["stream"]
    assert work.done == ["tidied up"]


async def test_what_the_caller_wrote_is_not_begun() -> None:
    """After an interruption, nothing more of the caller's is asked for."""
    work = Work()
    asked: list[str] = []

    async def stream() -> None:
        asked.append("stream")

    async def read() -> None:
        with anyio.CancelScope(shield=True):
            await work.wait()
        await work.part.callers(stream)

    task = await work.begin(read)
    task.cancel()
    await asyncio.sleep(0)
    work.go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert asked == []


async def test_held() -> None:
    """Where something would be lost, the interruption waits; no longer than that."""
    work = Work()
    reached: list[str] = []

    async def hold() -> None:
        await work.part.hold()
        await work.wait()
        reached.append("held")
        work.part.let_go()
        await asyncio.sleep(0)
        reached.append("let go")

    task = await work.begin(hold)
    task.cancel()
    await asyncio.sleep(0)
    work.go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert reached == ["held"]
    assert work.done == ["tidied up", "went on"]


async def test_interruption_before_it_is_held() -> None:
    """One that is on its way comes first."""
    work = Work()
    reached: list[str] = []

    async def hold() -> None:
        with anyio.CancelScope(shield=True):
            await work.wait()
        await work.part.hold()
        reached.append("held")

    task = await work.begin(hold)
    task.cancel()
    await asyncio.sleep(0)
    work.go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert reached == []


@pytest.mark.parametrize("held", [False, True])
async def test_broken_off_by_somebody_else(held: bool) -> None:
    """Whoever waits for it is not cancelled."""
    work = Work()

    async def wait() -> None:
        if held:
            await work.part.hold()
        await work.wait()
        work.part.let_go()
        await asyncio.sleep(0)
        raise AssertionError("it was broken off before this")

    task = await work.begin(wait)
    work.part.break_off()
    if held:
        await asyncio.sleep(0)
        work.go_on.set()
    assert await task == "result"
    assert work.done == ["tidied up", "went on"]


async def test_nothing_is_interruptible() -> None:
    """Then it is done to its end, and after that cancelled."""
    done: list[str] = []

    async def close() -> None:
        for _ in range(5):
            await asyncio.sleep(0)
        done.append("closed")

    task = asyncio.get_running_loop().create_task(run(close()))
    for _ in range(3):
        await asyncio.sleep(0)
        task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert done == ["closed"]
