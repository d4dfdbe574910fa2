"""News for the tabs that are open, as server-sent events."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Callable, Mapping

import attrs

_LEAST_PAUSE = 0.05
_HEARTBEAT = 10.0
_BUSY_HEARTBEAT = 1.0


@attrs.define(eq=False)
class _Tab:
    loop: asyncio.AbstractEventLoop
    news: asyncio.Event
    is_over: bool = False


class Stream:
    """Tells each tab which parts of the page have changed.

    A tab that reads slowly misses what it had no time for and gets the newest next: nothing piles up for it.
    """

    def __init__(self, render: Callable[[], Mapping[str, str]], is_busy: Callable[[], bool]) -> None:
        self._render = render
        self._is_busy = is_busy
        self._tabs: set[_Tab] = set()
        self._version = 0
        self._rendered: tuple[int, float, Mapping[str, str]] = (-1, 0.0, {})

    def notify(self) -> None:
        """Something is new; from any thread."""
        self._version += 1
        for tab in tuple(self._tabs):
            try:
                tab.loop.call_soon_threadsafe(tab.news.set)
            except RuntimeError:  # its loop has ended
                self._tabs.discard(tab)

    def close(self) -> None:
        """Ends what the tabs listen to, so that a server can stop."""
        for tab in self._tabs:
            tab.is_over = True
        self.notify()

    async def events(self) -> AsyncGenerator[str, None]:
        """What one tab hears: first everything, then each part that has changed."""
        tab = _Tab(asyncio.get_running_loop(), asyncio.Event())
        self._tabs.add(tab)
        sent: dict[str, str] = {}
        try:
            yield "retry: 1000\n\n"
            while not tab.is_over:
                tab.news.clear()
                changed = {part: event for part, event in self._events().items() if sent.get(part) != event}
                sent.update(changed)
                # A comment shows that the tab is still there.
                yield "".join(changed.values()) or ": nothing new\n\n"
                await self._wait(tab)
        finally:
            self._tabs.discard(tab)

    async def _wait(self, tab: _Tab) -> None:
        try:
            await asyncio.wait_for(tab.news.wait(), _BUSY_HEARTBEAT if self._is_busy() else _HEARTBEAT)
        except TimeoutError:
            return
        if not tab.is_over:
            await asyncio.sleep(_LEAST_PAUSE)  # what comes together is shown together

    def _events(self) -> Mapping[str, str]:
        """The parts as they are now; tabs that ask at the same time share them."""
        version, at, events = self._rendered
        if version != self._version or time.monotonic() - at > _BUSY_HEARTBEAT / 2:
            version = self._version
            events = {part: _event(part, html) for part, html in self._render().items()}
            self._rendered = (version, time.monotonic(), events)
        return events


def _event(part: str, html: str) -> str:
    return f"event: {part}\ndata: {json.dumps(html)}\n\n"
