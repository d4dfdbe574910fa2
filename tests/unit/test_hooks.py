"""Hooks by themselves, and the log of drift."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from mijnklantportaal_client._hooks import HOOKS, DriftLog, Hooks
from mijnklantportaal_client.events import DriftEvent, Event

EVENT: Any = object()


def drift(location: str, kind: Any = "missing", operation: str = "get-customer", status: int = 200) -> DriftEvent:
    """An event of drift."""
    return DriftEvent(
        call_id="c",
        operation=operation,
        name=operation,
        method="GET",
        path="/customers/{customerId}",
        base_url="https://api.mijnklantportaal.nl/v1",
        tags={},
        attempt=1,
        kind=kind,
        location=location,
        status_code=status,
    )


async def test_hooks_are_called_in_their_order() -> None:
    """One after another, plain and async mixed."""
    told: list[str] = []

    class First:
        async def on_request(self, event: Event) -> None:
            await asyncio.sleep(0)
            told.append("first")

    class Second:
        def on_request(self, event: Event) -> None:
            told.append("second")

        def on_outcome(self, event: Event) -> None:
            told.append("outcome")

    hooks = Hooks((First(), Second()))
    assert [name for name in HOOKS if hooks.wants(name)] == ["on_request", "on_outcome"]
    await hooks.tell("on_request", EVENT)
    await hooks.tell("on_retry", EVENT)
    assert told == ["first", "second"]


async def test_cancelling_a_call_passes_through_a_hook() -> None:
    """A call that is cancelled while a hook runs is cancelled."""
    reached = asyncio.Event()

    class Slow:
        async def on_request(self, event: Event) -> None:
            reached.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(Hooks((Slow(),)).tell("on_request", EVENT))
    await reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
async def test_hooks_can_end_the_process(error: type[BaseException]) -> None:
    """Only errors are held back."""

    class Fatal:
        def on_request(self, event: Event) -> None:
            raise error

    with pytest.raises(error):
        await Hooks((Fatal(),)).tell("on_request", EVENT)


def test_places_are_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    """The same kind at the same place of the same operation, whichever row of a list it was."""
    caplog.set_level(logging.DEBUG)
    log = DriftLog()
    for event in (
        drift("/data/0/city"),
        drift("/data/17/city"),
        drift("/data/0/city", "wrong_type"),
        drift("/data/0/city", operation="list-customers"),
        drift("/data/0/0"),
        drift("/data/5/3"),
        drift("", "undocumented_status", status=202),
        drift("", "undocumented_status", status=202),
        drift("", "undocumented_status", status=418),
        drift("", "wrong_type"),
        drift("/new1", "unknown_field"),
        drift("/new1", "unknown_field"),
    ):
        log.note(event)
    start = "the answer differs from the contract"
    assert all(record.getMessage().endswith(" (call c)") for record in caplog.records)
    assert [(record.levelname, record.getMessage().removesuffix(" (call c)")) for record in caplog.records] == [
        ("WARNING", f"get-customer: {start}: missing at /data/*/city"),
        ("WARNING", f"get-customer: {start}: wrong_type at /data/*/city"),
        ("WARNING", f"list-customers: {start}: missing at /data/*/city"),
        ("WARNING", f"get-customer: {start}: missing at /data/*/*"),
        ("WARNING", f"get-customer: {start}: undocumented_status at status 202"),
        ("WARNING", f"get-customer: {start}: undocumented_status at status 418"),
        ("WARNING", f"get-customer: {start}: wrong_type at the answer as a whole"),
        ("DEBUG", f"get-customer: {start}: unknown_field at /new1"),
    ]


def test_names_of_a_server_do_no_harm_in_a_log(caplog: pytest.LogCaptureFixture) -> None:
    """Line breaks are not written, nor names of any length."""
    caplog.set_level(logging.DEBUG)
    DriftLog().note(drift("/a\nERROR b\x1b" + "x" * 1000, "unknown_field"))
    message = caplog.records[0].getMessage()
    assert "/a?ERROR b?xxx" in message
    assert len(message) < 300


def test_log_forgets_nothing_and_grows_no_further(caplog: pytest.LogCaptureFixture) -> None:
    """A server that makes up new names all the time does not fill the memory."""
    log = DriftLog()
    for number in range(10_050):
        log.note(drift(f"/name{number}", "unknown_field"))
    assert len(log._seen) == 10_000
