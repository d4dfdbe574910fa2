"""The page about models in FastAPI: its application runs as it is, and does what the page says."""

from __future__ import annotations

from typing import Any

import fastapi
import httpx

from mijnklantportaal_client.models import CustomerInvoice
from mijnklantportaal_client.testing import Sandbox, make
from tests.pages.conftest import page, python

INVOICE = make(CustomerInvoice, amount="12.90").to_dict()


async def test_the_application(mkp_sandbox: Sandbox) -> None:
    """Its three endpoints."""
    [code] = python(page("fastapi"))
    names: dict[str, Any] = {"__name__": "page"}
    exec(compile(code, "page", "exec", dont_inherit=True), names)
    customer = mkp_sandbox.state.customers.add()
    invoice = mkp_sandbox.state.customer_invoices.add(customer_id=customer.id)
    mkp_sandbox.state.customer_invoices.add(customer_id="cst_other")
    mkp_sandbox.state.webhooks.add(secret="geheim")
    transport = httpx.ASGITransport(app=names["app"])
    async with httpx.AsyncClient(transport=transport, base_url="http://app.example") as http:
        report = (await http.get(f"/reports/{customer.id}")).json()
        assert report == {"customer": customer.to_dict(), "invoices": [invoice.to_dict()]}
        assert (await http.post("/totals", json=INVOICE)).json() == "12.90"
        assert (await http.post("/totals", json=[INVOICE])).status_code == 422
        answer = await http.get("/webhooks")
        assert [sorted(each) for each in answer.json()] == [["createdAt", "id", "type", "url"]]
        assert "geheim" not in answer.text


async def test_a_parameter_without_body() -> None:
    """Is one of the query, as the page says, so that a body does not reach it."""
    app = fastapi.FastAPI()

    @app.post("/totals")
    async def total(invoice: CustomerInvoice) -> str:
        return str(invoice.amount)

    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://app.example") as http:
        response = await http.post("/totals", json=INVOICE)
    assert (response.status_code, response.json()["detail"][0]["loc"]) == (422, ["query", "invoice"])
