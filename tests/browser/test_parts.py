"""What the pages of the sandbox are made of."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from mijnklantportaal_client.testing._page import code, dutch, stream
from mijnklantportaal_client.testing._page.stream import Stream
from tests.waiting import PATIENCE

NOW = datetime(2026, 1, 31, 12, 0, tzinfo=ZoneInfo("Europe/Amsterdam"))


@pytest.mark.parametrize(
    ("write", "value", "text"),
    [
        (dutch.money, "1234567.5", "€\u00a01.234.567,50"),
        (dutch.money, -12, "€\u00a0-12,00"),
        (dutch.money, 0.1, "€\u00a00,10"),
        (dutch.money, "a lot", "a lot"),
        (dutch.day, "2026-03-01", "01-03-2026"),
        (dutch.day, "soon", "soon"),
        (dutch.moment, "2026-07-01T10:00:00+00:00", "01-07-2026 12:00"),
        (dutch.moment, "2026-07-01 10:00:00", "01-07-2026 10:00"),
        (dutch.moment, "soon", "soon"),
        (dutch.time_of_day, NOW, "12:00:00"),
        (dutch.time_of_day, "soon", "soon"),
        (dutch.size, 999, "999\u00a0bytes"),
        (dutch.size, 1_250_000, "1,2\u00a0MB"),
        (dutch.size, 5 * 10**12, "5000,0\u00a0GB"),
        (dutch.size, None, ""),
        (dutch.duration, 0.00123, "1,2\u00a0ms"),
        (dutch.duration, 2.5, "2,5\u00a0s"),
    ],
)
def test_numbers_and_times_are_dutch(write: Callable[[Any], str], value: object, text: str) -> None:
    """As people write them; what can't be read stays as it is."""
    assert write(value) == text


def test_another_currency() -> None:
    """Its code stands before the amount."""
    assert dutch.money("5", "USD") == "USD\u00a05,00"


def test_json_is_escaped_and_masked() -> None:
    """Markup is text, secrets are dots, records are links."""
    value = {
        "<b>": ['</pre><script>"x"</script>', -1.5e10, True, None],
        "clientSecret": ["s1", {"deeper": "kept"}],
        "access_token": "",
        "link": "http://127.0.0.1/files/x?expires=1&signature=abc#top",
        "ids": ("cst_abc", "zzz_abc"),
    }
    html = str(code.json_html(value, lambda text: f"/{text}" if text.startswith("cst_") else None))
    assert re.sub(r"</?span[^>]*>", "", html).replace("&#34;", '"').splitlines() == [
        "{",
        '  "&lt;b&gt;": [',
        '    "&lt;/pre&gt;&lt;script&gt;\\"x\\"&lt;/script&gt;",',
        "    -15000000000.0,",
        "    true,",
        "    null",
        "  ],",
        '  "clientSecret": [',
        '    "••••••••",',
        "    {",
        '      "deeper": "kept"',
        "    }",
        "  ],",
        '  "access_token": "",',
        '  "link": "http://127.0.0.1/files/x?expires=1&amp;signature=••••••••#top",',
        '  "ids": [',
        '    <a class="text" data-open href="/cst_abc">"cst_abc"</a>,',
        '    "zzz_abc"',
        "  ]",
        "}",
    ]


def test_long_json_is_cut() -> None:
    """A browser need not show all of a large body."""
    html = str(code.json_html("x" * 70_000, lambda _: None))
    assert html.endswith("… 10002 more characters")
    assert len(html) < 61_000


class Parts:
    """A page of two parts, of which one changes."""

    def __init__(self) -> None:
        self.rendered = 0
        self.news = "old"
        self.stream = Stream(self.render, lambda: False)

    def render(self) -> dict[str, str]:
        self.rendered += 1
        return {"clock": "<b>12:00</b>", "requests": self.news}

    def change(self, news: str) -> None:
        self.news = news
        self.stream.notify()


class TestStream:
    @pytest.fixture(autouse=True)
    def at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(stream, "_LEAST_PAUSE", 0)

    async def test_a_tab_hears_what_has_changed(self) -> None:
        """First everything, then only that; two tabs share what was rendered."""
        parts = Parts()
        tabs = [parts.stream.events(), parts.stream.events()]
        for tab in tabs:
            assert await anext(tab) == "retry: 1000\n\n"
            assert await anext(tab) == 'event: clock\ndata: "<b>12:00</b>"\n\nevent: requests\ndata: "old"\n\n'
        assert parts.rendered == 1
        parts.change("first")
        parts.change("line\nline\r\u2028")
        for tab in tabs:
            event = await anext(tab)
            name, data = event.removesuffix("\n\n").split("\n")
            assert (name, json.loads(data.removeprefix("data: "))) == ("event: requests", parts.news)
        assert parts.rendered == 2
        for tab in tabs:
            await tab.aclose()
        assert parts.stream._tabs == set()

    async def test_a_tab_that_hears_nothing_new_hears_a_comment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """So that a server finds out that a tab is gone."""
        monkeypatch.setattr(stream, "_HEARTBEAT", 0)
        tab = Parts().stream.events()
        assert [await anext(tab) for _ in range(3)][2] == ": nothing new\n\n"
        await tab.aclose()

    async def test_closing_ends_all_tabs(self) -> None:
        """At once; a tab that comes after is served."""
        parts = Parts()
        tab = parts.stream.events()
        await anext(tab)
        await anext(tab)
        waiting = asyncio.ensure_future(anext(tab, "over"))
        await asyncio.sleep(0)
        parts.stream.close()
        assert await asyncio.wait_for(waiting, PATIENCE) == "over"
        late = parts.stream.events()
        assert await anext(late) == "retry: 1000\n\n"
        assert "event: clock" in await anext(late)
        await late.aclose()

    def test_a_tab_whose_loop_has_ended_is_forgotten(self) -> None:
        """News from another thread finds none any more."""
        parts = Parts()
        tabs = []

        async def leave_open() -> None:
            tabs.append(tab := parts.stream.events())
            await anext(tab)

        loop = asyncio.new_event_loop()
        loop.run_until_complete(leave_open())
        loop.close()
        parts.change("new")
        assert parts.stream._tabs == set()
