"""The site in a real Chromium: nothing fails to load, it fits a phone, and its search finds."""

from __future__ import annotations

import functools
import shutil
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="needs playwright: pip install playwright")
from playwright.sync_api import Browser, Page, expect, sync_playwright

_CHROMIUM = shutil.which("chromium")
_FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(_CHROMIUM is None, reason="needs Chromium: apt-get install chromium"),
]


class Quiet(SimpleHTTPRequestHandler):
    """Serves files without a word."""

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """Where the site is served."""
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for all."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def tab(browser: Browser, address: str) -> Iterator[Page]:
    """A tab as wide as a phone; what failed to load or was said in the console fails the test."""
    complaints: list[str] = []
    context = browser.new_context(viewport={"width": 390, "height": 844}, base_url=address)
    page = context.new_page()
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("requestfailed", lambda request: complaints.append(request.url))
    page.on("request", lambda request: None if request.url.startswith(address) else complaints.append(request.url))
    yield page
    context.close()
    assert complaints == []


@pytest.mark.parametrize(
    "path",
    [
        "index.html",
        "errors.html",
        "sandbox.html",
        "sandbox-on-demand.html",
        "sandbox-server.html",
        "names.html",
        "performance.html",
        "architecture.html",
        "reference/index.html",
        "reference/customer_invoices.html",
        "reference/client.html",
    ],
)
def test_it_fits_a_phone(tab: Page, path: str) -> None:
    """No page is wider than the screen; what is wider scrolls by itself."""
    tab.goto(f"/{path}")
    expect(tab.locator("h1")).to_be_visible()
    assert tab.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize(("width", "layout"), [(390, "-tall"), (1280, "")])
def test_drawings_follow_the_page(tab: Page, width: int, layout: str) -> None:
    """Of each drawing the one for the page's colours and width is shown, in full, and not too small to be read."""
    tab.emulate_media(color_scheme="dark")
    tab.set_viewport_size({"width": width, "height": 844})
    tab.goto("/architecture.html")
    shown = tab.locator("img.drawing").evaluate_all(
        "all => all.filter(e => e.offsetWidth && e.naturalWidth).map(e => [e.src, e.offsetWidth / e.naturalWidth])"
    )
    names = [source.rsplit("/", 1)[1].split("#")[0] for source, _ in shown]
    assert names == [f"architecture{layout}-dark.svg", f"call{layout}-dark.svg"]
    assert all(scale > 0.9 for _, scale in shown)


def test_plots_can_be_read_on_a_phone(tab: Page) -> None:
    """They are as wide as their text needs, and scroll inside of the page."""
    tab.goto("/performance.html")
    plots = tab.locator('img[src*="bench-"]')
    assert plots.evaluate_all("all => all.map(e => e.offsetWidth)") == [648, 648]
    around = plots.first.locator("xpath=..").evaluate("e => [e.clientWidth < 390, e.scrollWidth]")
    assert around == [True, 648]


def test_the_search_finds_a_dutch_word(tab: Page) -> None:
    """The first thing that is found for `strippenkaart` is the page of punch cards."""
    tab.goto("/index.html")
    tab.locator("label.md-header__button[for=__search]").click()
    tab.get_by_role("textbox", name="Search").press_sequentially("strippenkaart")
    first = tab.locator(".md-search-result__item a").first
    expect(first).to_be_visible()
    assert "reference/punch_cards.html" in (first.get_attribute("href") or "")
