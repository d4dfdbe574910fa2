"""The examples for webhooks: the sandbox calls them over HTTP, as it is called by them."""

from __future__ import annotations

import asyncio
import importlib.util
from types import ModuleType
from typing import Any

import httpx
import pytest

from mijnklantportaal_client import blocking
from mijnklantportaal_client.models import CustomerInvoice, Webhook
from mijnklantportaal_client.testing import RemoteSandbox, make, no_waiting, sign_webhook
from tests.frameworks.conftest import Receiver, configure_django, fresh
from tests.waiting import PATIENCE

pytestmark = pytest.mark.slow

FRAMEWORKS = ["starlette", "fastapi", "django"]
OTHER = "x" * 40


class Answered:
    """Lets a test wait until an application is done with a request, background tasks and all."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self.done: asyncio.Queue[str] = asyncio.Queue()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self._app(scope, receive, send)
        if scope["type"] == "http":
            self.done.put_nowait(scope["path"])


class Bench:
    """An example with the one webhook that it knows."""

    def __init__(self, framework: str, receiver: Receiver, webhook: Webhook) -> None:
        self.framework = framework
        self.receiver = receiver
        self.webhook = webhook
        self.module: ModuleType = fresh(f"webhooks_{framework}")
        if framework == "django":
            from django.core.asgi import get_asgi_application

            self.app = Answered(get_asgi_application())
        else:
            self.app = Answered(self.module.app)

    def serving(self) -> Any:
        """Django's application has no lifespan."""
        return self.receiver.serving(self.app, "off" if self.framework == "django" else "on")

    async def looked(self) -> None:
        """Waits for what goes on after the answers."""
        if self.framework == "django":
            await asyncio.to_thread(self.module.later.shutdown)


@pytest.fixture(params=FRAMEWORKS)
def bench(
    request: pytest.FixtureRequest, receiver: Receiver, sandbox: RemoteSandbox, monkeypatch: pytest.MonkeyPatch
) -> Any:
    """Each example, with a webhook registered in the sandbox."""
    if importlib.util.find_spec(request.param) is None:
        pytest.skip(f"{request.param} is not installed")

    async def register() -> Webhook:
        async with sandbox.client() as portal:
            return await portal.webhooks.create(type="invoice-paid", url=f"{receiver.url}/hook")

    webhook = blocking.run(register())
    monkeypatch.setenv("MIJNKLANTPORTAAL_API_KEY", sandbox.key)
    monkeypatch.setenv("MIJNKLANTPORTAAL_BASE_URL", sandbox.base_url)
    monkeypatch.setenv("INVOICE_PAID_SECRET", webhook.secret)
    if request.param != "django":
        yield Bench(request.param, receiver, webhook)
        return
    configure_django()
    from django.test import override_settings

    with override_settings(ROOT_URLCONF="webhooks_django"):
        bench = Bench(request.param, receiver, webhook)
        yield bench
        bench.module.later.shutdown()
        blocking.run(bench.module.portal.aclose())


async def test_a_payment_is_heard_of(bench: Bench, sandbox: RemoteSandbox, caplog: pytest.LogCaptureFixture) -> None:
    """The portal calls, the example answers, and then asks the portal for the invoice."""
    caplog.set_level("INFO", bench.module.__name__)
    invoice = sandbox.state.customer_invoices.add(paid_at=None, amount="12.95")
    async with bench.serving():
        await asyncio.to_thread(sandbox.people.pay, invoice.id)
        assert await asyncio.wait_for(bench.app.done.get(), PATIENCE) == "/hook"
    await bench.looked()
    said = [record.getMessage() for record in caplog.records if record.name == bench.module.__name__]
    assert said == [f"invoice {invoice.id} is paid: 12.95"]


async def test_what_a_body_says_is_not_believed(
    bench: Bench, sandbox: RemoteSandbox, caplog: pytest.LogCaptureFixture
) -> None:
    """It says that an invoice is paid, which the portal knows nothing of; one that is missing breaks nothing."""
    caplog.set_level("INFO", bench.module.__name__)
    unpaid = sandbox.state.customer_invoices.add(paid_at=None)
    async with bench.serving(), httpx.AsyncClient(trust_env=False) as http:
        for id in (unpaid.id, "inv_missing"):
            claimed = make(CustomerInvoice, id=id, paid_at="2026-01-31T12:00:00+01:00")
            headers, body = sign_webhook("invoice-paid", claimed, bench.webhook.secret)
            response = await http.post(f"{bench.receiver.url}/hook", headers=headers, content=body)
            assert (response.status_code, response.content) == (204, b"")
            await asyncio.wait_for(bench.app.done.get(), PATIENCE)
    await bench.looked()
    (record,) = [record for record in caplog.records if record.name == bench.module.__name__]
    assert record.getMessage() == (
        "WebhookEvent(type='invoice-paid', ids=['inv_missing', 'cst_abc12345def678'], "
        f"raw=<{len(body)} bytes>) was not looked at"
    )
    assert {request.operation for request in sandbox.requests} >= {"get-customer-invoice"}


async def test_strangers_are_refused(bench: Bench, sandbox: RemoteSandbox, caplog: pytest.LogCaptureFixture) -> None:
    """With a 403, which no secret is in, and nothing is asked of the portal for them."""
    secret = bench.webhook.secret
    _, body = sign_webhook("invoice-paid", make(CustomerInvoice), secret)
    name = "X-Webhook-Signature"
    async with bench.serving(), httpx.AsyncClient(trust_env=False) as http:
        before = len(sandbox.requests)
        for headers in (
            [],
            [(name, "")],
            [(name, OTHER)],
            [(name, secret.upper())],
            [(name, secret), (name, secret)],
            [(name, secret), (name, OTHER)],
        ):
            response = await http.post(f"{bench.receiver.url}/hook", headers=headers, content=body)
            assert response.status_code == 403
            assert secret not in response.text
        assert len(sandbox.requests) == before
    assert secret not in caplog.text


def test_django_under_wsgi(
    receiver: Receiver, sandbox: RemoteSandbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Where each request has an event loop of its own, the thread does its work all the same."""
    pytest.importorskip("django", reason="Django is not installed")
    monkeypatch.setenv("MIJNKLANTPORTAAL_API_KEY", sandbox.key)
    monkeypatch.setenv("MIJNKLANTPORTAAL_BASE_URL", sandbox.base_url)
    monkeypatch.setenv("INVOICE_PAID_SECRET", OTHER)
    configure_django()
    from django.test import Client, override_settings

    invoice = sandbox.state.customer_invoices.add()
    with override_settings(ROOT_URLCONF="webhooks_django"), no_waiting():
        module = fresh("webhooks_django")
        caplog.set_level("INFO", module.__name__)
        headers, body = sign_webhook("invoice-paid", invoice, OTHER)
        headers = {**headers, "host": "127.0.0.1"}
        response = Client().post("/hook", body, content_type="application/json", headers=headers)
        module.later.shutdown()
        blocking.run(module.portal.aclose())
    assert response.status_code == 204
    said = [record.getMessage() for record in caplog.records if record.name == module.__name__]
    assert said == [f"invoice {invoice.id} is paid: {invoice.amount}"]
