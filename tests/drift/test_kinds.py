"""The probe finds every kind of drift that a server makes, and nothing where the server obeys."""

from __future__ import annotations

import json
from typing import Any, get_args

import httpx
import pytest

from mijnklantportaal_client._drift import DriftKind
from mijnklantportaal_client.contract._run import DRIFT, NOTHING
from mijnklantportaal_client.testing import Sandbox
from tests.drift.conftest import Watched

# Kind, place, status, and what the sandbox is told to do to the answers of an operation.
DRIFTS: list[tuple[DriftKind, str, str, int, dict[str, Any]]] = [
    ("missing", "list-customers", "/data/*/companyName", 200, {"remove": "companyName"}),
    ("missing", "get-customer-invoice", "/amount", 200, {"remove": "amount"}),
    ("missing", "get-agreement", "/signers/*/id", 200, {"remove": "signers.id"}),
    ("unexpected_null", "get-customer", "/companyName", 200, {"change": {"companyName": None}}),
    ("unexpected_null", "list-invoices", "/data/*/id", 200, {"change": {"id": None}}),
    ("wrong_type", "get-ticket", "/messages", 200, {"change": {"messages": "none"}}),
    ("wrong_type", "list-payment-links", "/data/*/amount", 200, {"change": {"amount": {"value": "12.95"}}}),
    ("wrong_type", "get-customer-offer", "/issuedAt", 200, {"change": {"issuedAt": "29 april 2024"}}),
    ("unknown_field", "list-webhooks", "/data/*/newField", 200, {"add": {"newField": [1]}}),
    ("unknown_field", "get-file", "/new_field", 200, {"add": {"new_field": "text"}}),
    ("unknown_value", "list-tickets", "/data/*/status", 200, {"change": {"status": "simmering"}}),
    ("unknown_value", "get-webhook", "/type", 200, {"change": {"type": "invoice-eaten"}}),
]


async def test_nothing_on_a_server_that_obeys(watched: Watched) -> None:
    """Every GET operation answers, and nothing about any of them is remarkable."""
    run = await watched.read()
    assert (run.findings.drifts, [fact for fact in run.facts if fact.differs]) == ((), [])
    assert {result.operation: result.state for result in run.results if result.state != "seen"} == {}
    assert (run.status, run.complete, run.stopped) == (NOTHING, True, None)
    assert (len(run.results), round(run.requests, -1)) == (36, 80)
    assert "None was found." in run.report()


@pytest.mark.parametrize(("kind", "operation", "place", "status", "details"), DRIFTS)
async def test_each_kind(
    watched: Watched, kind: DriftKind, operation: str, place: str, status: int, details: dict[str, Any]
) -> None:
    """It and nothing else, at its place, in both reports."""
    watched.sandbox.drift(operation, **details)
    run = await watched.read(operation)
    (found,) = run.findings.drifts
    assert (found.operation, found.kind, found.place, found.status) == (operation, kind, place, status)
    assert found.times >= 1
    assert run.status == DRIFT
    assert f"| `{operation}` | {kind} | `{place}` |" in run.report()
    (told,) = json.loads(run.to_json())["drift"]
    assert (told["operation"], told["kind"], told["place"]) == (operation, kind, place)


async def test_a_status_that_is_not_documented(watched: Watched) -> None:
    """The status is told, and each call that met it."""
    watched.sandbox.fail("customers.get", 418, times=None)
    run = await watched.read("customers")
    (found,) = run.findings.drifts
    assert (found.kind, found.place, found.status, found.times) == ("undocumented_status", "", 418, 3)
    assert "| `get-customer` | undocumented_status | status 418 | 200, 401, 403, 404, 429 | 418 | 3 |" in run.report()
    assert run.status == DRIFT


@pytest.mark.parametrize(
    ("content", "seen"), [(b"<html>", "not JSON"), (b"", "not JSON"), (b"[]", "array 1"), (b'{"data": {}}', "object 1")]
)
async def test_an_answer_of_another_shape(watch: type[Watched], agency: Sandbox, content: bytes, seen: str) -> None:
    """What can't be read at all is drift of the answer as a whole."""
    run = await watch(httpx.MockTransport(lambda _: httpx.Response(200, content=content)), agency).read("tickets.list")
    (found,) = run.findings.drifts
    assert (found.kind, found.place, found.times) == ("wrong_type", "", 1)
    assert f"| `list-tickets` | wrong_type | `(the whole)` | object | {seen} | 1 |" in run.report()
    assert (run.results[0].state == "failed") == (seen == "not JSON")
    assert run.status == DRIFT


async def test_some_and_not_all(watch: type[Watched], agency: Sandbox) -> None:
    """How many had it is told beside how many did not."""
    rows = [{"id": "cst_a", "companyName": "x"}, {"id": "cst_b"}, {"id": "cst_c"}]
    page = {"current_page": 1, "per_page": 15, "next_page_url": None, "data": rows}
    run = await watch(httpx.MockTransport(lambda _: httpx.Response(200, json=page)), agency).read("customers.list")
    row = "| `list-customers` | missing | `/data/*/companyName` | string | string (text) 1 of 3 | 2 |"
    assert row in run.report()


def test_every_kind_is_here() -> None:
    """None is left out above."""
    assert {kind for kind, *_ in DRIFTS} | {"undocumented_status"} == set(get_args(DriftKind))


@pytest.mark.parametrize(
    ("operation", "details", "place", "differs"),
    [
        ("list-customers", {"change": {"id": "inv_abc"}}, "", ""),
        ("list-customer-invoices", {"change": {"customerId": "inv_abc"}}, "/data/*/customerId", "looks like ID inv_"),
        ("list-customer-invoices", {"change": {"amount": 12.95}}, "/data/*/amount", "is number"),
    ],
)
async def test_what_the_client_copes_with(
    watched: Watched, operation: str, details: dict[str, Any], place: str, differs: str
) -> None:
    """It is told, as what is not as the contract says, and is no drift."""
    watched.sandbox.drift(operation, **details)
    run = await watched.read(operation)
    assert run.findings.drifts == ()
    assert [(fact.place, fact.differs) for fact in run.facts if fact.differs] == ([(place, differs)] if place else [])
    assert run.status == NOTHING


async def test_what_becomes_certain(watched: Watched) -> None:
    """A success status that was inferred, errors as they are, and fields that were only thought to be optional."""
    watched.sandbox.fail("customers.get", 403, body={"message": "no", "errors": {"x": ["y"]}})
    run = await watched.read("customers", "agreements.list")
    report = run.report()
    assert "| `get-customer` | success status | 200 x 2, as inferred |" in report
    assert "| `get-customer` | error responses | 403 x 1 with `/errors`, `/message` |" in report
    assert "| `list-agreements` | `/data/*/name` | always there; string (text) 14 of 14 |" in report
    facts = {(fact.operation, fact.place): fact for fact in run.facts}
    assert facts["list-customers", "/data/*/phone"].learned == "always there, never null"
    assert facts["list-customers", "/data/*/companyName"].learned == ""
    assert facts["list-customers", "/data/*/companyName"].seen == "string (text) 30 of 30"


async def test_another_success_status(watch: type[Watched], agency: Sandbox) -> None:
    """Where the contract infers it, another one is no drift; the report says what it is."""
    customer = {"id": "cst_abc", "companyName": "x"}

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/customers"):
            page = {"current_page": 1, "per_page": 15, "next_page_url": None, "data": [customer]}
            return httpx.Response(200, json=page)
        return httpx.Response(203, json=customer)

    run = await watch(httpx.MockTransport(answer), agency).read("customers.get")
    assert "| `get-customer` | success status | 203 x 1, not as inferred |" in run.report()
