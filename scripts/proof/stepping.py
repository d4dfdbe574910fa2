"""Runs a call step by step, to cancel it wherever it waits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Generator
from contextlib import ExitStack
from typing import Any
from unittest import mock

from mijnklantportaal_client import MijnKlantportaal, errors

EARLY, LATE, AGAIN, TURNS = "as it waits", "as a wait ends", "again and again", "after turns of the loop"
WAYS = (EARLY, LATE, AGAIN, TURNS)


class _Stepped:
    """Runs a coroutine and tells a function each time when it waits, and for what."""

    def __init__(self, work: Coroutine[Any, Any, Any], waits: Callable[[Any], None]) -> None:
        self._work = work
        self._waits = waits

    def __await__(self) -> Generator[Any, Any, Any]:
        step, argument = self._work.send, None
        while True:
            try:
                awaited = step(argument)
            except StopIteration as end:
                return end.value
            self._waits(awaited)
            try:
                step, argument = self._work.send, (yield awaited)
            except BaseException as error:  # noqa: BLE001 - whatever it is belongs to the coroutine
                step, argument = self._work.throw, error


async def _stepped(work: Coroutine[Any, Any, Any], waits: Callable[[Any], None]) -> Any:
    return await _Stepped(work, waits)


class _Alarm:
    """Cancels a call at one of its waits, those of the exchange over HTTP included."""

    def __init__(self, way: str, number: int) -> None:
        self._way = way
        self._left = number
        self.task: asyncio.Task[Any] | None = None
        self.rung = False

    def __call__(self, awaited: Any) -> None:
        task = self.task
        assert task is not None
        self._left -= 1
        if self._left == -1:
            self.rung = True
            if self._way == LATE and awaited is not None:
                awaited.add_done_callback(lambda _: task.cancel())
            else:
                task.cancel()
        elif self.rung and self._way == AGAIN:
            # Somebody who is in a hurry, while it tidies up.
            task.cancel()

    async def run(self, portal: MijnKlantportaal, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Makes the call; whether it was cancelled is known afterwards."""
        session = portal._dispatcher.session
        with ExitStack() as patches:
            for sender in (session.http, session.fetcher):
                # A task of its own, with one of the transports.
                exchange = getattr(sender, "_exchange", None)
                if exchange is not None:
                    patches.enter_context(mock.patch.object(sender, "_exchange", self._watched(exchange)))
            self.task = asyncio.get_running_loop().create_task(_stepped(work, self))
            await asyncio.wait([self.task])
        return self.task

    def _watched(self, exchange: Callable[..., Coroutine[Any, Any, Any]]) -> Callable[..., Coroutine[Any, Any, Any]]:
        return lambda *args: _stepped(exchange(*args), self)


async def cancelled(portal: MijnKlantportaal, work: Coroutine[Any, Any, Any], way: str, number: int) -> Any:
    """What a call raised or returned that was cancelled somewhere; None for one that ended before."""
    if way == TURNS:
        task = asyncio.get_running_loop().create_task(work)
        # Before the first turn there is no call yet.
        for _ in range(number + 1):
            await asyncio.sleep(0)
        rung = task.cancel()
        await asyncio.wait([task])
    else:
        alarm = _Alarm(way, number)
        task = await alarm.run(portal, work)
        rung = alarm.rung
    try:
        value = task.result()
    except (asyncio.CancelledError, errors.MijnKlantportaalError) as error:
        value = error
    return value if rung else None
