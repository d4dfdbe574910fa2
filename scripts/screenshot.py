"""Takes the picture of the sandbox's page for the README: `python scripts/screenshot.py`. Needs Chromium."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import expect, sync_playwright

from mijnklantportaal_client import APIConnectionError, MijnKlantportaal, NotFoundError, RetryPolicy
from mijnklantportaal_client.testing import RemoteSandbox

PICTURE = Path(__file__).parents[1] / "docs" / "images" / "sandbox.png"
AT = datetime(2026, 3, 12, 10, 24, 7, tzinfo=ZoneInfo("Europe/Amsterdam"))
SIZE = (1440, 1000)


class _Receiver(BaseHTTPRequestHandler):
    """Takes any webhook."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def receiver() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), _Receiver) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/hooks/mijnklantportaal"
        server.shutdown()


async def work(sandbox: RemoteSandbox, hook: str) -> None:
    """What somebody's program does, so that there is something to see."""
    retry = RetryPolicy(initial=0.01)
    async with MijnKlantportaal(api_key="sandbox", base_url=sandbox.base_url, retry=retry) as portal:
        for event in ("customer-created", "invoice-paid"):
            await portal.webhooks.create(type=event, url=hook)
        await portal.webhooks.create(type="invoice-created", url="https://hooks.example/mijnklantportaal")
        sandbox.clock.advance(3)
        customer = await portal.customers.create(
            company_name="Bakkerij De Gouden Korst",
            address="Marktstraat 8",
            zip_code="5611 EC",
            city="Eindhoven",
            primary_email="info@degoudenkorst.example",
        )
        sandbox.fail("customers.get", status=503)
        await portal.customers.get(customer.id)
        sandbox.clock.advance(2)
        invoice = await portal.customer_invoices.create_from_lines(
            customer_id=customer.id,
            invoice_number="2026-118",
            issued_at=AT.date(),
            lines=[{"description": "Webshop", "amount_excl_vat": "2450.00", "vat_rate": 21}],
        )
        with suppress(NotFoundError):
            await portal.customer_offers.get("off_bestaatniet1")
        sandbox.clock.advance(4)
        await portal.customer_invoices.mark_paid(invoice.id, paid_at=AT)
        sandbox.drop("customer_groups.create", when="after")
        with suppress(APIConnectionError):
            await portal.customer_groups.create(name="Bakkers", customers=[customer.id])
        await portal.customers.list()


def main() -> None:
    with (
        receiver() as hook,
        RemoteSandbox.start(port=8400, demo=True, at=AT) as sandbox,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": SIZE[0], "height": SIZE[1]}, reduced_motion="reduce")
        page.goto(sandbox.url)
        # Playwright has a loop in this thread.
        with ThreadPoolExecutor() as threads:
            threads.submit(asyncio.run, work(sandbox, hook)).result()
        expect(page.locator("#requests li").first.locator(".path")).to_have_text("/customers?page=1")
        expect(page.locator("#deliveries")).not_to_contain_text("pending")
        PICTURE.parent.mkdir(exist_ok=True)
        page.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    main()
