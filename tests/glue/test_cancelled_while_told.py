"""A call that is cancelled while a hook is told how it ended."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.conftest import MakeBench


class SlowHook:
    """Waits for ever where it is told of the end."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self.told: list[Any] = []

    async def on_outcome(self, event: Any) -> None:
        """Notes it, and waits."""
        self.told.append(event.outcome.value)
        self.reached.set()
        await asyncio.Event().wait()


@pytest.mark.parametrize(
    ("status", "outcome"), [(200, "accepted"), (404, "rejected"), (500, "unknown"), (302, "unknown"), (204, "accepted")]
)
async def test_cancelled_in_the_last_hook(bench: MakeBench, status: int, outcome: str) -> None:
    """The CancelledError tells the outcome once, be it in place of a value or of an error."""
    hook = SlowHook()
    it = bench({"id": "cst_abc12345def678"} if status == 200 else status, hooks=[hook])
    task = asyncio.create_task(it.create())
    await hook.reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError) as caught:
        await task
    assert [f"outcome {outcome}:" in note for note in caught.value.__notes__] == [True]
    assert hook.told == [outcome]


async def test_cancelled_twice(bench: MakeBench) -> None:
    """A call that is cancelled again, while a hook is told of the first time, still tells its outcome."""
    hook = SlowHook()
    begun = asyncio.Event()

    async def hang(_: Any) -> None:
        begun.set()
        await asyncio.Event().wait()

    it = bench(hang, hooks=[hook])
    task = asyncio.create_task(it.create())
    await begun.wait()
    task.cancel()
    await hook.reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError) as caught:
        await task
    assert "outcome unknown: it may have been carried out" in caught.value.__notes__[-1]
    assert hook.told == ["unknown"]
