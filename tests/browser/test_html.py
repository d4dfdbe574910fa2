"""What the pages of the sandbox say, without a browser."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from mijnklantportaal_client.testing import Sandbox
from mijnklantportaal_client.testing._page import stream
from mijnklantportaal_client.testing._page.routes import Page

NOW = datetime(2026, 1, 31, 12, 0, tzinfo=ZoneInfo("Europe/Amsterdam"))
PAGE = "/_sandbox/page"
CUSTOMER = {
    "companyName": "Bakkerij De Vlaam",
    "address": "Markt 1",
    "zipCode": "5611 EC",
    "city": "Eindhoven",
    "primaryEmail": "info@devlaam.example",
}


class Site:
    """A sandbox in this process, at noon of 31 January 2026."""

    def __init__(self, **options: Any) -> None:
        self.sandbox = Sandbox(clock=NOW, **options)
        transport = httpx.ASGITransport(app=self.sandbox.app)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8400")

    async def ask(self, method: str, path: str, key: str = "sandbox", **body: Any) -> Any:
        """The JSON of an answer of the API."""
        headers = {"Authorization": f"Bearer {key}"}
        return (await self.http.request(method, f"/v1{path}", json=body or None, headers=headers)).json()

    async def see(self, path: str = "/", status: int = 200) -> str:
        """What a page says."""
        answer = await self.http.get(path)
        assert answer.status_code == status
        return seen(answer.text)

    async def pay(self, payable_id: str, status: int = 200, form: dict[str, str] | None = None) -> str:
        """What the page behind the Pay button says."""
        answer = await self.http.post(f"/pay/{payable_id}", data=form)
        assert answer.status_code == status
        return seen(answer.text)

    async def invoice(self) -> Any:
        """An invoice of a new customer, of 30 December."""
        customer = await self.ask("POST", "/customers", **CUSTOMER)
        lines: list[Any] = [{"description": "Website", "amountExclVat": "1020.00", "vatRate": 21}]
        fields: dict[str, Any] = {"invoiceNumber": "2025-0042", "issuedAt": "2025-12-30", "lines": lines}
        return await self.ask("POST", "/customer-invoices/manual", customerId=customer["id"], **fields)


def seen(html: str) -> str:
    """The text of a page, without tags and runs of white space."""
    body = re.sub(r"<head>.*</head>", "", html, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", body).split())


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """An empty portal."""
    site = Site()
    async with site.sandbox, site.http:
        yield site


@pytest.mark.parametrize("path", ["/", f"{PAGE}/customers", "/pay/nothing", "/_sandbox/page/static/live.js"])
async def test_nothing_from_elsewhere_is_let_in(site: Site, path: str) -> None:
    """No script but its own, in no frame, and nothing is kept by a cache unasked."""
    headers = (await site.http.get(path)).headers
    policy = dict(rule.split(" ", 1) for rule in headers["Content-Security-Policy"].split("; "))
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] in ("no-store", "no-cache")


async def test_a_page_has_nothing_inline(site: Site) -> None:
    """The policy would keep it from working."""
    await site.invoice()
    html = (await site.http.get("/")).text
    assert re.findall(r"<style|\sstyle=|\son\w+=|<script(?! src=)", html) == []
    assert re.findall(r"(?:src|href)=\"(?!/|#)", html) == []


async def test_the_demo_can_be_walked_through() -> None:
    """Every collection has a table, and every record a page."""
    site = Site(demo=True, rate_limit=None)
    async with site.sandbox, site.http:
        home = await site.see()
        assert "Start the sandbox with --rate-limit 60" in home
        for name, collection in site.sandbox.portal.collections.items():
            shown = await site.see(f"{PAGE}/{name}")
            for record in collection.newest()[:15]:
                assert record["id"] in shown
                assert record["id"] in await site.see(f"{PAGE}/{name}/{record['id']}")


async def test_an_empty_portal_says_how_to_fill_it(site: Site) -> None:
    """All of it, and each collection."""
    home = await site.see()
    assert "The portal is empty. Create a customer with portal.customers.create(…)" in home
    assert "Tickets filled by sandbox.people.open_ticket(…)" in home
    assert "Payments filled by the Pay button of a payment link" in home
    assert "None yet: run the three lines above" in home
    assert "None yet: register a URL with portal.webhooks.create(" in home
    assert "All free: nobody has asked for anything in the last 60 seconds." in home
    assert "None yet: portal.customers.create(…) makes one" in await site.see(f"{PAGE}/customers")
    assert "Requests 0 None here." in await site.see(f"{PAGE}/requests")


async def test_rows_are_dutch(site: Site) -> None:
    """An amount, days and moments; and an invoice that nobody paid in time."""
    await site.invoice()
    assert "2025-0042 inv_" in (home := await site.see())
    assert "Bakkerij De Vlaam € 1.234,20 29-01-2026 overdue" in home
    assert "31-01-2026 12:00 in the portal" in home


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({}, "open"),
        ({"acceptedAt": "2026-01-30T10:00:00+01:00"}, "accepted"),
        ({"rejectedAt": "2026-01-30T10:00:00+01:00"}, "rejected"),
        ({"expiresAt": "2026-01-30"}, "expired"),
    ],
)
async def test_states_of_offers(site: Site, change: dict[str, Any], state: str) -> None:
    """The API has no status of them; the page works it out."""
    invoice = await site.invoice()
    offer = {"customerId": invoice["customerId"], "offerNumber": "O-1", "expiresAt": "2026-01-31", "amount": "5.00"}
    site.sandbox.portal.create("customer_offers", **offer | change)
    assert f"€ 5,00 {change.get('expiresAt', '2026-01-31')[8:]}-01-2026 {state}" in await site.see()


async def test_a_record_is_shown_as_the_api_answers_it(site: Site) -> None:
    """Links have this server's address; what the API does not tell is left out; IDs lead on."""
    invoice = await site.invoice()
    answer = await site.http.get(f"{PAGE}/customer_invoices/{invoice['id']}")
    assert "http://127.0.0.1:8400/pay/" in answer.text
    assert f"GET /v1/customer-invoices/{invoice['id']}" in answer.text
    assert "amountExclVat" not in answer.text
    assert f'href="{PAGE}/customers/{invoice["customerId"]}"' in answer.text


async def test_requests_and_their_bodies(site: Site) -> None:
    """Secrets are masked, and so is what would sign a link."""
    made = await site.ask("POST", "/webhooks", type="invoice-paid", url="https://hooks.example/in?token=t0ps3cret")
    await site.ask("GET", "/nowhere")
    await site.ask("GET", "/customers?page=3")
    first = await site.see(f"{PAGE}/requests/1")
    assert "Request 1 POST /webhooks Status 201 Operation create-webhook Came 31-01-2026 12:00:00 Took" in first
    assert "hooks.example/in?token=••••••••" in first
    second = await site.see(f"{PAGE}/requests/2")
    assert "Status 404 Operation none: the contract has no such path" in second
    assert "Carried out no Request It had no body." in second
    every = [await site.see(path) for path in ("/", f"{PAGE}/requests", f"{PAGE}/requests/1", f"{PAGE}/webhooks")]
    every.append(await site.see(f"{PAGE}/webhooks/{made['id']}"))
    assert [text for text in every if made["secret"] in text or "t0ps3cret" in text] == []
    assert "GET /customers?page=3 200" in every[0]


async def test_trouble_is_told(site: Site) -> None:
    """What was done to a request on demand."""
    site.sandbox.fail("list-customers", status=500)
    await site.ask("GET", "/customers")
    assert "GET /customers fail 500" in await site.see()
    assert "Status 500 Trouble fail Operation list-customers" in await site.see(f"{PAGE}/requests/1")


async def test_a_request_under_way(site: Site) -> None:
    """Its answer has not come yet."""
    site.sandbox.requests.begin(at=NOW, method="GET", path="/customers")
    assert "GET /customers under way" in await site.see()
    assert "Answer No answer came." in await site.see(f"{PAGE}/requests/1")


async def test_deliveries(site: Site) -> None:
    """One that was not sent says why."""
    hook = await site.ask("POST", "/webhooks", type="customer-created", url="https://hooks.example/in?key=t0ps3cret")
    customer = await site.ask("POST", "/customers", **CUSTOMER)
    assert "customer-created https://hooks.example/in?key=•••••••• held 12:00:00" in await site.see()
    shown = await site.see(f"{PAGE}/deliveries/1")
    assert f"Webhook {hook['id']} Happened 31-01-2026 12:00:00" in shown
    assert "Answer its host is not this machine" in shown
    assert f'href="{PAGE}/customers/{customer["id"]}"' in (await site.http.get(f"{PAGE}/deliveries/1")).text
    site.sandbox.portal.of("webhooks").remove(hook["id"])
    html = (await site.http.get(f"{PAGE}/deliveries/1")).text
    assert f"{PAGE}/webhooks/{hook['id']}" not in html
    assert hook["id"] in html


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("customers/cst_unknown", "There is no cst_unknown among the customers; it may have been deleted."),
        ("spoons", "A portal has no spoons."),
        ("spoons/spn_1", "There is no spn_1 among the spoons; it may have been deleted."),
        ("requests/7", "There is no request 7, or the journal was cleared since."),
        ("deliveries/7", "There is no delivery 7."),
        ("static/secrets.txt", "There is no such file."),
        ("customers/%3Cb%3E", "There is no &lt;b&gt; among the customers; it may have been deleted."),
    ],
)
async def test_what_is_not_there(site: Site, path: str, text: str) -> None:
    """A page says so, with 404."""
    assert text in await site.see(f"{PAGE}/{path}", 404)


async def test_lists_have_pages(site: Site) -> None:
    """Fifteen rows each; a number that makes no sense is the first page."""
    for number in range(31):
        site.sandbox.portal.create("customer_groups", name=f"Groep {number}.")
    path = f"{PAGE}/customer_groups?page="
    first = await site.see(f"{path}1")
    assert "Customer groups 31" in first
    assert re.findall(r"Groep (\d+)\.", first) == [str(number) for number in range(30, 15, -1)]
    assert "Page 1 of 3 Older →" in first
    assert "← Newer Page 2 of 3 Older →" in await site.see(f"{path}2")
    last = await site.see(f"{path}3")
    assert re.findall(r"Groep (\d+)\.", last) == ["0"]
    assert "There is no page 4: the last one is page 3." in await site.see(f"{path}4")
    for nonsense in ("0", "-1", "²", "x", "", "9" * 5000):
        assert await site.see(f"{path}{nonsense}") == first


async def test_keys_have_a_meter_each(site: Site) -> None:
    """Another key is not given away, and who has none has a meter too."""
    site.sandbox.limit_rate(3)
    site.sandbox.keys.add("another-secret-key")
    for key in ("sandbox", "sandbox", "sandbox", "another-secret-key", "wrong"):
        await site.ask("GET", "/customers", key)
    home = await site.see()
    assert "sandbox 0 of 3 left a slot is free in 60 s" in home
    assert re.search(r"another key, [0-9a-f]{6}… 2 of 3 left", home)
    assert "no key 2 of 3 left" in home
    assert "another-secret-key" not in home
    site.sandbox.clock.advance(59.5)
    assert "a slot is free in 1 s" in await site.see()


async def test_a_high_limit_is_one_bar(site: Site) -> None:
    """A thousand slots would not be seen."""
    site.sandbox.limit_rate(1000, 10)
    await site.ask("GET", "/customers")
    html = (await site.http.get("/")).text
    assert '<rect width="1000" height="1"/><rect class="free" width="999" height="1"/>' in html
    assert "1000 requests in any 10 seconds, for each key." in seen(html)


class TestCheckout:
    @pytest.mark.parametrize(
        ("change", "title"),
        [
            ({"status": "closed"}, "Closed"),
            ({"status": "expired"}, "Expired"),
            ({"status": "paid"}, "Paid already"),
            ({"expiresAt": "2026-01-30T23:59:59+01:00"}, "Expired"),
        ],
    )
    async def test_a_link_that_can_t_be_paid(self, site: Site, change: dict[str, Any], title: str) -> None:
        """It says why, and the button of a tab that was open refuses."""
        link = await site.ask("POST", "/payment-links", description="Aanbetaling", amount="750")
        site.sandbox.portal.of("payment_links").change(link["id"], **change)
        shown = await site.see(f"/pay/{link['id']}")
        assert title in shown
        assert "Pay" not in shown.replace("Paid", "").replace("payment", "").replace("pay this", "")
        assert title in await site.pay(link["id"], 409)
        assert len(site.sandbox.portal.of("payments")) == 0

    async def test_an_invoice(self, site: Site) -> None:
        """The customer's name stands there already; paid once, it is paid."""
        invoice = await site.invoice()
        html = (await site.http.get(f"/pay/{invoice['id']}")).text
        assert 'value="Bakkerij De Vlaam"' in html
        assert "Invoice 2025-0042 € 1.234,20 Your name Pay € 1.234,20" in seen(html)
        assert "Thank you € 1.234,20 is paid: Invoice 2025-0042." in await site.pay(invoice["id"], form={"name": "x"})
        paid = await site.ask("GET", f"/customer-invoices/{invoice['id']}")
        assert paid["paidAt"] == "2026-01-31T12:00:00+01:00"
        assert "Paid already" in await site.see(f"/pay/{invoice['id']}")

    async def test_a_sign_up(self, site: Site) -> None:
        """Who pays is a customer from then on."""
        terms: dict[str, Any] = {"name": "Onderhoud", "interval": "1 month", "amount": "89.00", "vatRate": 21}
        package = await site.ask("POST", "/customer-subscription-packages", **terms)
        who = {"email" if name == "primaryEmail" else name: value for name, value in CUSTOMER.items()}
        pending = await site.ask("POST", f"/customer-subscription-packages/{package['id']}/sign-up/", **who)
        record = await site.see(f"{PAGE}/sign_ups/{pending['id']}")
        assert pending["paymentLink"] == f"http://127.0.0.1:8400/pay/{pending['id']}"
        assert "Bakkerij De Vlaam Package Onderhoud Expires 01-02-2026 12:00 Checkout Pay JSON" in record
        assert pending["paymentLink"] in record
        shown = await site.see(f"/pay/{pending['id']}")
        assert "Onderhoud € 89,00 A subscription, € 89,00 per 1 month. This is the first payment." in shown
        assert "Thank you" in await site.pay(pending["id"])
        assert [each["companyName"] for each in (await site.ask("GET", "/customers"))["data"]] == ["Bakkerij De Vlaam"]
        assert "Nothing to pay" in await site.pay(pending["id"], 404)

    async def test_a_sign_up_whose_package_is_gone(self, site: Site) -> None:
        """There is nothing to pay."""
        made = site.sandbox.portal.of("sign_ups").add(
            {"id": "x", "packageId": "spg_gone", "expiresAt": "2027-01-01T00:00:00+01:00"}
        )
        assert "Nothing to pay" in await site.see(f"/pay/{made['id']}", 404)

    @pytest.mark.parametrize(
        ("form", "name"),
        [({"name": " Sanne "}, "Sanne"), ({"name": "  "}, None), ({}, None), ({"name": "x" * 20_000}, None)],
    )
    async def test_the_name_of_who_pays(self, site: Site, form: dict[str, str], name: str | None) -> None:
        """None where nobody gave one that can be."""
        link = await site.ask("POST", "/payment-links", description="Strippenkaart", amount="10", reusable=True)
        assert "Thank you € 10,00 is paid: Strippenkaart." in await site.pay(link["id"], form=form)
        assert [each["payersName"] for each in site.sandbox.portal.of("payments")] == [name]


async def test_a_busy_meter_beats_each_second(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slots get free without anybody's doing, so the page looks again."""
    monkeypatch.setattr(stream, "_BUSY_HEARTBEAT", 0.01)
    await site.ask("GET", "/customers")
    events = Page(site.sandbox)._stream.events()
    assert await anext(events) == "retry: 1000\n\n"
    first = await anext(events)
    assert re.findall(r"^event: (\w+)$", first, re.MULTILINE) == ["clock", "limit", "portal", "requests", "deliveries"]
    assert "59</b> of 60 left" in first
    later = asyncio.ensure_future(anext(events))
    await asyncio.sleep(0)
    site.sandbox.clock.advance(timedelta(seconds=60))
    assert re.findall(r"^event: (\w+)$", await later, re.MULTILINE) == ["clock", "limit"]
    await events.aclose()
