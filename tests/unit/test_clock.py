"""Waits that are skipped, for the tests of users."""

from __future__ import annotations

import asyncio
import time

import httpx
import pytest

from mijnklantportaal_client import MijnKlantportaal, errors
from mijnklantportaal_client._clock import SYSTEM, Clock
from mijnklantportaal_client.testing import no_waiting


@pytest.fixture
def skipped(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock whose waits are skipped, and on which real time stands still."""
    monkeypatch.setattr(time, "monotonic", lambda: 500.0)
    clock = Clock()
    clock.skip_waits(True)
    return clock


async def test_skipped_sleeps_move_the_clock(skipped: Clock) -> None:
    """What was skipped has passed, for windows and for the time that a call took."""
    await skipped.sleep(60.0)
    assert (skipped.monotonic(), skipped.real()) == (560.0, 500.0)
    skipped.skip_waits(False)
    assert skipped.monotonic() == 560.0


async def test_a_skipped_wait_lets_the_event_come_first(skipped: Clock) -> None:
    """What needs a few steps of the loop is not overtaken by a wait for it."""
    event = asyncio.Event()

    async def come() -> None:
        for _ in range(5):
            await asyncio.sleep(0)
        event.set()

    task = asyncio.create_task(come())
    await skipped.wait(event, 60.0)
    assert (event.is_set(), skipped.monotonic()) == (True, 500.0)
    event.clear()
    await skipped.wait(event, 60.0)
    assert (event.is_set(), skipped.monotonic()) == (False, 560.0)
    await task


async def test_a_wait_without_end_is_not_skipped(skipped: Clock) -> None:
    """There is nothing to skip to."""
    event = asyncio.Event()
    asyncio.get_running_loop().call_soon(event.set)
    await skipped.wait(event, None)
    assert (event.is_set(), skipped.monotonic()) == (True, 500.0)


async def test_a_real_wait_ends_with_the_event_or_the_time() -> None:
    """Whichever comes first."""
    clock, event = Clock(), asyncio.Event()
    await clock.wait(event, 0.001)
    assert not event.is_set()
    event.set()
    await clock.wait(event, 600.0)
    await clock.sleep(0)
    assert clock.real() == pytest.approx(clock.monotonic(), abs=5)


async def test_no_waiting() -> None:
    """Three windows, a back-off and a refusal take no real time, and happen all the same."""
    steps = iter([503, 429, *[200] * 200])
    waits: list[float] = []

    class Watch:
        def on_wait(self, event: object) -> None:
            waits.append(event.delay)  # type: ignore[attr-defined]

    async def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(next(steps), json={"id": "cst_abc12345def678"})

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http_client:
        portal = MijnKlantportaal(api_key="key", http_client=http_client, hooks=[Watch()])
        before, real = SYSTEM.monotonic(), SYSTEM.real()
        with no_waiting():
            await asyncio.gather(*(portal.customers.get("cst_abc12345def678") for _ in range(150)))
        assert SYSTEM.monotonic() - before > 119
        assert SYSTEM.real() - real < 60
        assert len(waits) > 90
        with no_waiting(), no_waiting():
            pass
        assert SYSTEM._skipping == 0


@no_waiting()
def test_no_waiting_as_a_decorator() -> None:
    """It can stand above a test."""
    assert SYSTEM._skipping == 1


async def test_no_waiting_keeps_deadlines(monkeypatch: pytest.MonkeyPatch) -> None:
    """A back-off that was skipped counts for its own call as if it had been waited for, not for others."""
    retry_after = {"retry-after": "50"}

    async def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(503, headers=retry_after)

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http_client:
        portal = MijnKlantportaal(api_key="key", http_client=http_client)
        with no_waiting():
            for _ in range(3):
                with pytest.raises(errors.ServerError) as caught:
                    await portal.customers.get("cst_abc12345def678")
                assert caught.value.attempts == 3
