"""Telling how far a file is."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from mijnklantportaal_client._progress import Teller, ToldBody
from mijnklantportaal_client._request import JSONBody


class Body(JSONBody):
    """A body of three chunks, which notes what became of it."""

    in_memory = False

    def __init__(self) -> None:
        super().__init__("abcd")
        self.closed = 0

    async def open(self) -> AsyncGenerator[bytes, None]:
        try:
            for chunk in (b"ab", b"", b"cdef"):
                yield chunk
        finally:
            self.closed += 1


async def test_what_is_told() -> None:
    """It begins with nothing, and counts what was taken: a chunk counts once the next one is asked for."""
    told: list[tuple[int, int | None]] = []
    body = ToldBody(Body(), Teller(lambda *numbers: told.append(numbers)))
    chunks = body.open()
    assert await anext(chunks) == b"ab"
    assert told == [(0, 6)]
    assert await anext(chunks) == b""
    assert told == [(0, 6), (2, 6)]
    assert [chunk async for chunk in chunks] == [b"cdef"]
    assert told == [(0, 6), (2, 6), (2, 6), (6, 6)]


async def test_each_opening_begins_anew() -> None:
    """As another attempt does; and one that is broken off closes the body."""
    told: list[int] = []
    inner = Body()
    body = ToldBody(inner, Teller(lambda done, _: told.append(done)))
    first = body.open()
    await anext(first)
    await first.aclose()
    assert inner.closed == 1
    assert [chunk async for chunk in body.open()] == [b"ab", b"", b"cdef"]
    assert told == [0, 0, 2, 2, 6]


def test_it_is_the_body_in_all_else() -> None:
    """What a request has to know of it."""
    body = ToldBody(Body(), Teller(None))
    assert (body.content_type, body.length, body.replayable, body.in_memory) == ("application/json", 6, True, False)


async def test_async() -> None:
    """An async function is waited for, so that it can hold the transfer up."""
    told: list[int] = []

    async def slow(done: int, _: int | None) -> None:
        await asyncio.sleep(0)
        told.append(done)

    teller = Teller(slow)
    await teller.tell(1, None)
    assert told == [1]


@pytest.mark.parametrize("asynchronous", [False, True])
async def test_one_that_fails_breaks_nothing(asynchronous: bool, caplog: pytest.LogCaptureFixture) -> None:
    """It is logged once, and called no more."""
    calls: list[int] = []

    def fail(done: int, _: int | None) -> None:
        calls.append(done)
        raise RuntimeError("the bar is broken")

    async def fail_later(done: int, total: int | None) -> None:
        fail(done, total)

    teller = Teller(fail_later if asynchronous else fail)
    await teller.tell(1, 2)
    await teller.tell(2, 2)
    assert calls == [1]
    assert not teller.listens
    expected = "on_progress failed and is called no more, the transfer goes on: RuntimeError"
    assert [(record.levelno, record.getMessage()) for record in caplog.records] == [(logging.ERROR, expected)]


async def test_something_that_it_waits_for_is_cancelled(caplog: pytest.LogCaptureFixture) -> None:
    """That is its own trouble, and not the transfer's."""

    async def waits(*_: object) -> None:
        raise asyncio.CancelledError

    await Teller(waits).tell(1, 2)
    assert "CancelledError" in caplog.text


async def test_a_transfer_that_is_cancelled_while_it_is_told() -> None:
    """It ends."""
    begun = asyncio.Event()

    async def hang(*_: object) -> None:
        begun.set()
        await asyncio.Event().wait()

    task = asyncio.ensure_future(Teller(hang).tell(1, 2))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize("given", [1, "print", True])
def test_what_can_not_be_called(given: Any) -> None:
    """It is an error at once."""
    with pytest.raises(TypeError, match=f"on_progress must be a function of two numbers, not {type(given).__name__}"):
        Teller(given)


async def test_nobody_to_tell() -> None:
    """Nothing happens."""
    teller = Teller(None)
    await teller.tell(1, 2)
    assert not teller.listens
