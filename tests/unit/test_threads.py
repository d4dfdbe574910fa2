"""Steps are done in threads, and without them only where there are none any more."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

import pytest

from mijnklantportaal_client._threads import in_thread, to_the_end

PLACE: ContextVar[str] = ContextVar("place", default="nowhere")
WAYS = [in_thread, to_the_end]


def step() -> tuple[bool, str]:
    """Whether it is on this thread, and what it sees of the caller's context."""
    return threading.current_thread() is threading.main_thread(), PLACE.get()


@pytest.mark.parametrize("way", WAYS)
async def test_a_thread_does_it(way: Callable[..., Any]) -> None:
    """In the context of the caller."""
    PLACE.set("here")
    assert await way(step) == (False, "here")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("said", ["cannot schedule new futures after shutdown", "can't start new thread"])
async def test_there_are_no_threads(monkeypatch: pytest.MonkeyPatch, way: Callable[..., Any], said: str) -> None:
    """It is done all the same where there will be none, and not where one could do it a second time."""

    def refuse(*_: object) -> None:
        raise RuntimeError(said)

    monkeypatch.setattr(asyncio.get_running_loop(), "run_in_executor", refuse)
    if "shutdown" in said:
        assert await way(step) == (True, "nowhere")
    else:
        with pytest.raises(RuntimeError, match="can't start"):
            await way(step)
