"""The page of the sandbox in a real Chromium, against a sandbox in another process."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from mijnklantportaal_client.testing import RemoteSandbox
from tests.waiting import PATIENCE

pytest.importorskip("playwright.sync_api", reason="needs playwright: pip install playwright")
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

_CHROMIUM = shutil.which("chromium")
_LIMIT = 50
_CUSTOMER = {
    "companyName": "Bakkerij De Vlaam",
    "address": "Markt 1",
    "zipCode": "5611 EC",
    "city": "Eindhoven",
    "primaryEmail": "info@devlaam.example",
}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(_CHROMIUM is None, reason="needs Chromium: apt-get install chromium"),
]


class Site:
    """A sandbox, asked as somebody's code would ask it."""

    def __init__(self, sandbox: RemoteSandbox) -> None:
        self.sandbox = sandbox
        self.api = httpx.Client(headers={"Authorization": f"Bearer {sandbox.key}"})

    def ask(self, method: str, path: str, **body: Any) -> Any:
        """The JSON of an answer of the API, or None where the connection was lost."""
        try:
            return self.api.request(method, self.sandbox.base_url + path, json=body or None).json()
        except httpx.TransportError:
            return None

    def customer(self, name: str = "Bakkerij De Vlaam") -> Any:
        """A new customer."""
        return self.ask("POST", "/customers", **_CUSTOMER | {"companyName": name})

    def clear(self) -> None:
        """Forgets what tests have made and asked."""
        for collection in ("customers", "customer_invoices", "payment_links", "payments", "webhooks"):
            for record in self.sandbox.command("GET", f"/state/{collection}")["data"]:
                self.sandbox.command("DELETE", f"/state/{collection}/{record['id']}")
        self.sandbox.command("DELETE", "/requests")
        self.sandbox.limit_rate(_LIMIT)


class Window:
    """A browser that notes what went to another host and what was said in the console."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.complaints: list[str] = []
        self._browser = browser
        self._url = url
        self._context = self._new_context()
        self._tab = self._context.new_page()
        self._others: list[BrowserContext] = []

    def open(self, path: str = "/", **options: Any) -> Page:
        """A page of the sandbox, in the tab that is there already where it has no options."""
        tab = self._tab
        if options:
            self._others.append(context := self._new_context(**options))
            tab = context.new_page()
        tab.goto(self._url + path)
        if path == "/" and options.get("java_script_enabled", True):
            expect(tab.locator("#link")).to_have_text("live")
        return tab

    def second_tab(self) -> Page:
        """The page of the sandbox beside the one that is open."""
        tab = self._context.new_page()
        tab.goto(self._url)
        expect(tab.locator("#link")).to_have_text("live")
        return tab

    def end(self) -> None:
        """Closes all but the first tab."""
        for context in self._others:
            context.close()
        for tab in self._context.pages[1:]:
            tab.close()
        self._tab.goto("about:blank")

    def _new_context(self, **options: Any) -> BrowserContext:
        context = self._browser.new_context(reduced_motion="reduce", **options)
        context.set_default_timeout(PATIENCE * 1000)
        context.on("request", lambda request: self._heard(request.url))
        context.on("console", lambda message: self.complaints.append(message.text))
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        return context

    def _heard(self, url: str) -> None:
        if not url.startswith((f"{self._url}/", "about:blank")):
            self.complaints.append(f"asked for {url}")


OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=_CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def shared_site() -> Iterator[Site]:
    """One server for all tests."""
    with RemoteSandbox.start() as sandbox:
        site = Site(sandbox)
        with site.api:
            yield site


@pytest.fixture
def site(shared_site: Site) -> Site:
    """An empty portal."""
    shared_site.clear()
    return shared_site


@pytest.fixture(scope="module")
def shared_window(browser: Browser, shared_site: Site) -> Window:
    """One window for all tests."""
    return Window(browser, shared_site.sandbox.url)


@pytest.fixture
def window(shared_window: Window, site: Site) -> Iterator[Window]:
    """At the end, nothing went to another host and nothing was said in the console."""
    shared_window.complaints.clear()
    yield shared_window
    shared_window.end()
    assert shared_window.complaints == []


@pytest.fixture
def open_page(window: Window) -> OpenPage:
    """Opens a page of the sandbox."""
    return window.open


def test_everything_appears_without_reload(site: Site, open_page: OpenPage) -> None:
    """A customer, the request that made it, the webhook that was sent for it, and what is left of the limit."""
    page = open_page()
    expect(page.locator("#requests")).to_contain_text("None yet")
    expect(page.locator("#portal")).to_contain_text("The portal is empty")
    site.ask("POST", "/webhooks", type="customer-created", url=f"{site.sandbox.url}/pay/nothing")
    customer = site.customer()
    row = page.locator(f"#portal tr[data-key={customer['id']}]")
    expect(row.locator("th a")).to_have_text("Bakkerij De Vlaam")
    expect(page.locator("[data-key=customers] .count")).to_have_text("1")
    newest = page.locator("#requests li").first
    expect(newest.locator(".method")).to_have_text("POST")
    expect(newest.locator(".path")).to_have_text("/customers")
    expect(newest.locator(".state")).to_have_text("201")
    expect(newest.locator(".about > span")).to_have_text(re.compile(r"^\d+,\d\sms$"))
    delivery = page.locator("#deliveries li").first
    expect(delivery.locator("b")).to_have_text("customer-created")
    expect(delivery.locator(".state")).to_have_text("refused 404")
    meter = page.get_by_role("meter", name="Requests left for the key sandbox")
    expect(meter).to_have_attribute("aria-valuenow", str(_LIMIT - 2))
    expect(page.locator("#limit .remaining")).to_have_text(str(_LIMIT - 2))


def test_trouble_is_shown(site: Site, open_page: OpenPage) -> None:
    """A failure on demand, and an answer that was lost though the customer was made."""
    page = open_page()
    site.sandbox.fail("list-customers", status=503)
    site.ask("GET", "/customers")
    newest = page.locator("#requests li").first
    expect(newest.locator(".state")).to_have_text("503")
    expect(newest.locator(".trouble")).to_have_text("fail")
    site.sandbox.drop("create-customer", when="after")
    assert site.customer() is None
    expect(newest.locator(".state")).to_have_text("no answer")
    expect(newest.locator(".trouble")).to_have_text("drop")
    newest.locator("a").click()
    facts = page.locator("dialog .facts div")
    expect(facts.filter(has_text="Carried out").locator("dd")).to_have_text("yes")
    expect(page.locator("[data-key=customers] .count")).to_have_text("1")


def test_a_full_window_says_how_long_to_wait(site: Site, open_page: OpenPage) -> None:
    """The seconds until a slot is free go down by themselves."""
    site.sandbox.limit_rate(2)
    page = open_page()
    for _ in range(3):
        site.ask("GET", "/customers")
    expect(page.locator("#requests li .state").first).to_have_text("429")
    wait = page.locator("#limit .state")
    expect(wait).to_have_text(re.compile(r"a slot is free in \d+ s"))
    before = wait.text_content() or ""
    expect(wait).not_to_have_text(before)
    assert 0 < int((wait.text_content() or "").split()[-2]) < int(before.split()[-2]) <= 60


def test_details_open_beside_the_page_by_keyboard(site: Site, open_page: OpenPage) -> None:
    """Escape closes them, and the focus goes back; news does not take it away."""
    webhook = site.ask("POST", "/webhooks", type="customer-created", url="https://hooks.example/in?token=t0ps3cret")
    page = open_page()
    link = page.locator(f"#portal tr[data-key={webhook['id']}] th a")
    page.locator("[data-key=webhooks] summary").focus()
    page.keyboard.press("Tab")
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    sheet = page.get_by_role("dialog", name="Details")
    expect(sheet.locator("h1")).to_have_text("customer-created")
    expect(sheet.locator("pre")).to_contain_text('"secret": "••••••••"')
    expect(sheet).not_to_contain_text("t0ps3cret")
    site.customer()
    expect(page.locator("#requests li")).to_have_count(2)
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(link).to_be_focused()
    page.locator("#requests li").last.locator("a").click()
    expect(sheet.locator("pre").last).to_contain_text(f'"id": "{webhook["id"]}"')
    assert webhook["secret"] not in page.content()


def test_what_is_open_stays_open(site: Site, open_page: OpenPage) -> None:
    """News changes neither what somebody closed nor where the other rows are."""
    first = site.customer("Eerste klant")
    page = open_page()
    page.locator("[data-key=customers] summary").click()
    site.customer("Tweede klant")
    expect(page.locator("[data-key=customers] .count")).to_have_text("2")
    expect(page.locator(f"tr[data-key={first['id']}]")).to_be_hidden()
    page.locator("[data-key=customers] summary").click()
    expect(page.locator("[data-key=customers] tbody th a")).to_have_text(["Tweede klant", "Eerste klant"])


def test_markup_in_data_is_text(site: Site, open_page: OpenPage) -> None:
    """In the tables, in details, and where it comes live."""
    page = open_page()
    name = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    customer = site.customer(name)
    link = page.locator(f"tr[data-key={customer['id']}] th a")
    expect(link).to_have_text(name)
    link.click()
    expect(page.locator("dialog h1")).to_have_text(name)
    expect(page.locator("dialog pre")).to_contain_text(name)
    page.goto(f"{site.sandbox.url}/_sandbox/page/customers/{customer['id']}")
    expect(page.locator("main h1")).to_have_text(name)
    assert page.locator("main script, main img").count() == 0


@pytest.mark.parametrize(
    "look",
    [
        pytest.param({"viewport": {"width": 320, "height": 640}}, id="small phone"),
        pytest.param({"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"}, id="dark"),
    ],
)
def test_it_fits_and_can_be_read(site: Site, open_page: OpenPage, look: dict[str, Any]) -> None:
    """Nothing is wider than the window, and text stands out from its ground by 4.5 to 1."""
    customer = site.customer("Administratie- en belastingadvieskantoor Van der Meulen-Oosterhuis & Partners")
    lines = [{"description": "Website", "amountExclVat": "1020.00", "vatRate": 21}]
    invoice = {"customerId": customer["id"], "invoiceNumber": "2026-0001", "issuedAt": "2026-01-31", "lines": lines}
    made = site.ask("POST", "/customer-invoices/manual", **invoice)
    site.ask("GET", "/customers/cst_unknown00000")
    page = open_page(**look)
    expect(page.locator(f"tr[data-key={made['id']}]")).to_contain_text("€\u00a01.234,20")
    for path in ("/", f"/_sandbox/page/customer_invoices/{made['id']}", f"/pay/{made['id']}"):
        page.goto(site.sandbox.url + path)
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
        assert page.evaluate(_CONTRAST) == []


# Tells of every text that has too little contrast; grounds are opaque or transparent.
_CONTRAST = """() => {
  const numbers = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = (color) => numbers(color).slice(0, 3).map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
  const ground = (element) => {
    const color = getComputedStyle(element).backgroundColor;
    return numbers(color)[3] === 0 && element.parentElement ? ground(element.parentElement) : color;
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const poor = [];
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility()) continue;
    const pair = [light(getComputedStyle(element).color), light(ground(element))].sort((a, b) => b - a);
    const contrast = (pair[0] + 0.05) / (pair[1] + 0.05);
    if (contrast < 4.5) poor.push(`${walker.currentNode.data.trim()}: ${contrast.toFixed(2)}`);
  }
  return poor;
}"""


def test_it_works_without_script(site: Site, open_page: OpenPage) -> None:
    """Links lead to pages, and a reload shows what is new."""
    page = open_page(java_script_enabled=False)
    for number in range(17):
        site.customer(f"Klant {number}")
    page.reload()
    expect(page.locator("[data-key=customers] tbody th a")).to_have_text([f"Klant {n}" for n in range(16, 11, -1)])
    page.get_by_role("link", name="All 17 Customers").click()
    page.get_by_role("link", name="Older").click()
    expect(page.locator("tbody th a")).to_have_text(["Klant 1", "Klant 0"])
    page.get_by_role("link", name="Klant 1", exact=True).click()
    expect(page.locator("pre")).to_contain_text('"companyName": "Klant 1"')
    page.go_back()
    page.get_by_role("link", name="Sandbox", exact=False).first.click()
    page.locator("#requests li a").first.click()
    expect(page.locator("h1")).to_have_text("POST /customers")


def test_the_lines_are_copied(site: Site, open_page: OpenPage) -> None:
    """They are Python that connects to this sandbox."""
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy the lines").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.splitlines() == [
        "from mijnklantportaal_client import MijnKlantportaal",
        f'portal = MijnKlantportaal(api_key="sandbox", base_url="{site.sandbox.base_url}")',
        "print(await portal.customers.list())",
    ]


def test_somebody_pays(site: Site, window: Window) -> None:
    """The payment has the name and appears at once, and the link can't be paid again."""
    home = window.second_tab()
    link = site.ask("POST", "/payment-links", description="Aanbetaling <b>webshop</b>", amount="1750.00")
    page = window.open(f"/pay/{link['id']}")
    expect(page.locator("h1")).to_have_text("Aanbetaling <b>webshop</b>")
    page.get_by_label("Your name").fill("Sanne de Vries")
    page.get_by_role("button", name="Pay €\u00a01.750,00").click()
    expect(page.locator("h1")).to_have_text("Thank you")
    payments = site.ask("GET", f"/payment-links/{link['id']}/payments")["data"]
    assert [(each["payersName"], each["amount"]) for each in payments] == [("Sanne de Vries", "1750.00")]
    expect(home.locator("[data-key=payments] tbody th a")).to_have_text("Sanne de Vries")
    page.goto(f"{site.sandbox.url}/pay/{link['id']}")
    expect(page.locator("h1")).to_have_text("Paid already")


def test_a_server_with_open_tabs_stops(browser: Browser) -> None:
    """At once, though tabs listen to it; they say that it is gone."""
    with RemoteSandbox.start() as sandbox, browser.new_context() as context:
        tabs = [context.new_page() for _ in range(2)]
        for tab in tabs:
            tab.goto(sandbox.url)
            expect(tab.locator("#link")).to_have_text("live")
        process = sandbox.process
        assert process is not None
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(timeout=PATIENCE) == 0
        for tab in tabs:
            expect(tab.locator("#link")).to_have_text("the sandbox does not answer")
