"""Models of the portal in an application of FastAPI: as answers, as bodies, as fields, and in its documentation."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Annotated, Any

import fastapi
import httpx
import pydantic
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from mijnklantportaal_client.models import Customer, CustomerInvoice, DownloadLink, TicketWithMessage, Webhook
from mijnklantportaal_client.testing import Sandbox, make

INVOICE: dict[str, Any] = make(CustomerInvoice).to_dict()
SECRET = "https://files.example/x?signature=geheim"


class Report(pydantic.BaseModel):
    """Something of a user's own."""

    invoice: CustomerInvoice
    tickets: list[TicketWithMessage] = []
    customer: Customer | None = None


def application(sandbox: Sandbox) -> Any:
    """An application with models everywhere."""
    app = fastapi.FastAPI()
    portal = sandbox.client()
    log = logging.getLogger("of-the-test")

    @app.get("/customers")
    async def customers() -> list[Customer]:
        return await portal.customers.list().collect()

    @app.get("/customers/{customer_id}")
    async def customer(customer_id: str) -> Customer | None:
        found = [each async for each in portal.customers.list() if each.id == customer_id]
        return found[0] if found else None

    @app.post("/invoices")
    async def invoices(invoice: Annotated[CustomerInvoice, fastapi.Body()]) -> CustomerInvoice:
        assert isinstance(invoice, CustomerInvoice)
        return invoice

    @app.post("/totals")
    async def totals(invoices: list[CustomerInvoice]) -> dict[str, str]:
        return {"total": str(sum((each.amount for each in invoices), Decimal(0)))}

    @app.post("/reports")
    async def reports(report: Report) -> Report:
        return report

    @app.get("/raw", response_model=CustomerInvoice)
    async def raw() -> Any:
        return INVOICE

    @app.get("/link")
    async def link() -> DownloadLink:
        found = make(DownloadLink, link=SECRET)
        log.warning("%s %r", found, {"link": found})
        return found

    @app.get("/webhook", response_model_exclude={"secret", "url", "created_at"})
    async def webhook() -> Webhook:
        return make(Webhook, secret=SECRET)

    @app.get("/webhooks", response_model_exclude={"__all__": {"secret": True, "created_at": True}})
    async def webhooks() -> list[Webhook]:
        return [make(Webhook, secret=SECRET)]

    @app.get("/brief", response_model_include={"id", "due_at", "paidAt"}, response_model_exclude_none=True)
    async def brief() -> CustomerInvoice:
        return make(CustomerInvoice, id="inv_1", due_at="2026-01-31", paid_at=None)

    @app.get("/ticket", response_model_exclude_none=True)
    async def ticket() -> TicketWithMessage:
        attachment = {"id": "tma_1", "size": None}
        return TicketWithMessage.from_dict(
            {"messages": [{"attachments": [attachment], "postedBy": None, "message": "Hoi"}]}
        )

    return app


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A portal in this process."""
    async with Sandbox(rate_limit=None) as sandbox:
        yield sandbox


@pytest.fixture
async def http(sandbox: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    """Asks the application."""
    transport = httpx.ASGITransport(app=application(sandbox))
    async with httpx.AsyncClient(transport=transport, base_url="http://app.example") as http:
        yield http


async def test_what_the_portal_answered_is_answered(http: httpx.AsyncClient, sandbox: Sandbox) -> None:
    """One, several and none; with wire names, and also what the contract does not know or the portal left out."""
    one = sandbox.state.customers.add(company_name="Noël & Zn")
    other = sandbox.state.customers.add()
    with sandbox.drift("customers.list", add={"newField": {"a": [1, None]}}, remove="city"):
        found = (await http.get("/customers")).json()
    assert [each["companyName"] for each in found] == [other.company_name, "Noël & Zn"]
    assert found[1] == {key: value for key, value in one.to_dict().items() if key != "city"} | {
        "newField": {"a": [1, None]}
    }
    assert (await http.get(f"/customers/{one.id}")).json() == one.to_dict()
    assert (await http.get("/customers/cst_missing")).json() is None
    assert (await http.get("/raw")).json() == INVOICE


@pytest.mark.parametrize(
    "change", [{}, {"amount": "0012.950"}, {"amount": 12.95}, {"newField": {"a": 1}}, {"dueAt": None}]
)
async def test_a_body_comes_back_as_it_was(http: httpx.AsyncClient, change: dict[str, Any]) -> None:
    """As the body itself, and as a field of another model."""
    invoice = INVOICE | change
    assert (await http.post("/invoices", json=invoice)).json() == invoice
    tickets = [make(TicketWithMessage).to_dict()]
    report = {"invoice": invoice, "tickets": tickets, "customer": None}
    assert (await http.post("/reports", json=report)).json() == report


async def test_amounts_of_a_body_are_exact(http: httpx.AsyncClient) -> None:
    """Also those that are JSON numbers, which FastAPI reads as floats."""
    invoices = [INVOICE | {"amount": amount} for amount in (0.1, "0.2", 0.7)]
    assert (await http.post("/totals", json=invoices)).json() == {"total": "1.0"}


@pytest.mark.parametrize(
    ("path", "body", "loc"),
    [
        ("/invoices", [INVOICE], ["body"]),
        ("/invoices", "inv_1", ["body"]),
        ("/totals", [INVOICE, 7], ["body", 1]),
        ("/reports", {"invoice": "inv_1"}, ["body", "invoice"]),
        ("/reports", {"invoice": INVOICE, "tickets": [None]}, ["body", "tickets", 0]),
    ],
)
async def test_another_body_is_a_422(http: httpx.AsyncClient, path: str, body: Any, loc: list[Any]) -> None:
    """FastAPI's own, which says where and what."""
    response = await http.post(path, json=body)
    [problem] = response.json()["detail"]
    assert (response.status_code, problem["loc"]) == (422, loc)
    assert "with its wire names" in problem["msg"]


async def test_a_link_is_answered_but_not_logged(http: httpx.AsyncClient, caplog: pytest.LogCaptureFixture) -> None:
    """What is answered is the application's to decide; a log or an error shows no secret."""
    assert (await http.get("/link")).json()["link"] == SECRET
    assert "DownloadLink(link=..., expires_at=" in caplog.text
    assert "geheim" not in caplog.text


async def test_fields_can_be_left_out(http: httpx.AsyncClient) -> None:
    """By FastAPI's own means, under either name: a secret that was to be left out is left out."""
    assert sorted((await http.get("/webhook")).json()) == ["id", "type"]
    assert (await http.get("/brief")).json() == {"id": "inv_1", "dueAt": "2026-01-31"}
    [listed] = (await http.get("/webhooks")).json()
    assert sorted(listed) == ["id", "type", "url"]
    assert (await http.get("/ticket")).json()["messages"] == [{"attachments": [{"id": "tma_1"}], "message": "Hoi"}]


async def test_the_documentation_of_the_application(http: httpx.AsyncClient) -> None:
    """It is valid, and names each model once, with the fields of the contract."""
    document = (await http.get("/openapi.json")).json()
    OpenAPIV31SpecValidator(document).validate()
    schemas = document["components"]["schemas"]
    assert {name for name in schemas if "Error" not in name} == {
        *("Customer", "CustomerInvoice", "DownloadLink", "Report", "TicketWithMessage", "Webhook")
    }
    assert schemas["CustomerInvoice"]["properties"]["paidAt"]["anyOf"][0] == {"type": "string", "format": "date-time"}
    assert schemas["Report"]["properties"]["invoice"] == {"$ref": "#/components/schemas/CustomerInvoice"}
    post = document["paths"]["/invoices"]["post"]
    taken = post["requestBody"]["content"]["application/json"]["schema"]
    answered = post["responses"]["200"]["content"]["application/json"]["schema"]
    assert taken == answered == {"$ref": "#/components/schemas/CustomerInvoice"}
    assert document["paths"]["/customers"]["get"]["responses"]["200"]["content"]["application/json"]["schema"][
        "items"
    ] == {"$ref": "#/components/schemas/Customer"}
    assert SECRET not in json.dumps(document)
