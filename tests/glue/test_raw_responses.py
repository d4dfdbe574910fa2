"""`with_raw_response` and `portal.request`."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mijnklantportaal_client import APIResponse, Outcome, Page, errors, models

if TYPE_CHECKING:
    from tests.conftest import MakeBench

CUSTOMER = {"id": "cst_abc12345def678", "companyName": "Test Company BV", "city": "Amsterdam"}
CUSTOMER_ID = "cst_abc12345def678"


async def test_raw_response(bench: MakeBench) -> None:
    """Status, headers, bytes and IDs as they came, without cookies."""
    headers = [("X-Request-Id", "req-1"), ("Set-Cookie", "a=b"), ("X-Two", "1"), ("X-Two", "2")]
    it = bench(httpx.Response(200, json=CUSTOMER, headers=headers))
    response = await it.portal.with_raw_response.customers.get(CUSTOMER_ID)
    assert isinstance(response, APIResponse)
    assert (response.status_code, response.request_id) == (200, "req-1")
    assert json.loads(response.content) == CUSTOMER
    assert (response.headers["x-two"], "set-cookie" in response.headers) == ("1, 2", False)
    assert response.call_id == it.hook.of("on_outcome")[0].call_id
    assert response.parsed.id == CUSTOMER_ID
    assert response.parsed is response.parsed
    assert repr(response) == f"<APIResponse [200] customers.get, {len(response.content)} bytes>"


async def test_raw_page(bench: MakeBench) -> None:
    """A list gives one page."""
    envelope = {"data": [CUSTOMER], "current_page": 3, "per_page": 15, "next_page_url": None}
    it = bench(envelope)
    response = await it.portal.with_raw_response.customers.list(page=3)
    assert isinstance(response.parsed, Page)
    assert (response.parsed.current_page, response.parsed.has_next) == (3, False)
    assert it.server.last.url.query == b"page=3"


@pytest.mark.parametrize("content", [b"", b"<html>", b"[1]", b"null", b"\xff"])
async def test_raw_response_is_read_when_asked_for(bench: MakeBench, content: bytes) -> None:
    """What can't be read is an error only then, and each time; the bytes are there anyway."""
    it = bench(content)
    response = await it.portal.with_raw_response.customers.get(CUSTOMER_ID)
    assert response.content == content
    for _ in range(2):
        with pytest.raises(errors.ResponseDecodeError) as caught:
            _ = response.parsed
        assert (caught.value.outcome, caught.value.call_id) == (Outcome.ACCEPTED, response.call_id)
        assert caught.value.operation == "get-customer"


async def test_raw_response_is_strict_when_read(bench: MakeBench) -> None:
    """Strictness counts for `.parsed` too."""
    it = bench(CUSTOMER, strict=True)
    response = await it.portal.with_raw_response.customers.get(CUSTOMER_ID)
    with pytest.raises(errors.ResponseDecodeError, match="strict: missing at /address"):
        _ = response.parsed


async def test_raw_response_tells_drift_when_read(bench: MakeBench) -> None:
    """Hooks hear of drift once, when it is found; async ones as soon as the loop runs."""
    told: list[str] = []

    class Async:
        async def on_drift(self, event: Any) -> None:
            await asyncio.sleep(0)
            told.append(event.location)

    it = bench(CUSTOMER, hooks=[Async()])
    response = await it.portal.with_raw_response.customers.get(CUSTOMER_ID)
    assert it.hook.of("on_drift") == []
    assert response.parsed.id == response.parsed.id == CUSTOMER_ID
    plain = [event.location for event in it.hook.of("on_drift")]
    assert "/address" in plain
    for _ in range(3):
        await asyncio.sleep(0)
    assert told == plain


def test_raw_response_read_without_a_loop(bench: Any, caplog: pytest.LogCaptureFixture) -> None:
    """An async hook that can't run is left out with a warning; the value is read all the same."""

    class Async:
        async def on_drift(self, event: Any) -> None:
            raise AssertionError

    async def fetch() -> Any:
        it = bench(CUSTOMER, hooks=[Async()])
        return await it.portal.with_raw_response.customers.get(CUSTOMER_ID)

    with asyncio.Runner() as runner:
        response = runner.run(fetch())
    assert response.parsed.id == CUSTOMER_ID
    warnings = [record for record in caplog.records if "left out" in record.getMessage()]
    assert warnings
    assert warnings[0].levelno == logging.WARNING


@pytest.mark.parametrize("status", [404, 500, 303])
async def test_raw_response_of_a_failure_is_an_error(bench: MakeBench, status: int) -> None:
    """Only a success is a response."""
    with pytest.raises(errors.APIStatusError):
        await bench(status).portal.with_raw_response.customers.get(CUSTOMER_ID)


async def test_request(bench: MakeBench) -> None:
    """Any request, with query and JSON body; the answer is JSON with exact numbers."""
    it = bench(b'{"amount": 12.50}')
    response = await it.portal.request("post", "/new-things", query={"a": [1, 2], "b": True}, json={"x": None})
    sent = it.server.last
    assert (sent.method, sent.url.path, sent.content) == ("POST", "/v1/new-things", b'{"x":null}')
    assert sent.url.query == b"a%5B%5D=1&a%5B%5D=2&b=1"
    assert sent.headers["content-type"] == "application/json"
    assert str(response.parsed["amount"]) == "12.50"


async def test_request_cast(bench: MakeBench) -> None:
    """`cast_to` reads the answer as a model."""
    response = await bench(CUSTOMER).portal.request("GET", f"/customers/{CUSTOMER_ID}", cast_to=models.Customer)
    assert isinstance(response.parsed, models.Customer)
    assert response.parsed.city == "Amsterdam"


@pytest.mark.parametrize("cast_to", [dict, "Customer", 5, CUSTOMER, object()])
async def test_request_cast_to_no_model(bench: MakeBench, cast_to: Any) -> None:
    """Anything else than a model is refused before anything is sent."""
    it = bench(CUSTOMER)
    with pytest.raises(TypeError, match="cast_to must be a model"):
        await it.portal.request("GET", "/customers", cast_to=cast_to)
    assert it.server.requests == []


@pytest.mark.parametrize("path", ["customers", "/customers"])
async def test_request_with_or_without_a_slash(bench: MakeBench, path: str) -> None:
    """Both are below the base URL."""
    it = bench(CUSTOMER)
    await it.portal.request("GET", path)
    assert str(it.server.last.url) == "https://api.mijnklantportaal.nl/v1/customers"


@pytest.mark.parametrize(
    ("path", "masked"),
    [
        ("/customers", "/customers"),
        ("/customers/", "/customers/"),
        (f"/customers/{CUSTOMER_ID}", "/customers/{id}"),
        ("/customers/12345/notes", "/customers/{id}/notes"),
        ("/tickets/tic_1/attachments/tma_2", "/tickets/{id}/attachments/{id}"),
        ("/v2/things/3f2a-77", "/v2/things/{id}"),
        ("/things/john.doe@test.com", "/things/{id}"),
        ("/things/xyz_abc", "/things/{id}"),
        ("/things/Jansen", "/things/{id}"),
        ("/customer-invoices/manual", "/customer-invoices/manual"),
    ],
)
async def test_request_masks_ids(bench: MakeBench, path: str, masked: str) -> None:
    """Events and errors know a path without what may be an ID."""
    it = bench(404)
    with pytest.raises(errors.NotFoundError) as caught:
        await it.portal.request("GET", path)
    assert (caught.value.operation, caught.value.path) == (f"GET {masked}", masked)
    assert {event.path for _, event in it.hook.events} == {masked}
    assert it.server.last.url.path == f"/v1{path}"


async def test_request_is_retried_like_any_other(bench: MakeBench) -> None:
    """A GET is, a POST is not."""
    it = bench(503, {"a": 1})
    assert (await it.portal.request("GET", "/things")).parsed == {"a": 1}
    it = bench(503)
    with pytest.raises(errors.ServerError) as caught:
        await it.portal.request("POST", "/things", json={})
    assert (caught.value.outcome, caught.value.attempts) == (Outcome.UNKNOWN, 1)


async def test_request_with_files(bench: MakeBench) -> None:
    """Files make a form, with the JSON as its fields."""
    it = bench(CUSTOMER)
    await it.portal.request("POST", "/things", json={"a": {"b": True}}, files={"doc": b"content"})
    sent = it.server.last
    assert sent.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert b'name="a[b]"\r\n\r\n1\r\n' in sent.content
    assert b'name="doc"; filename="upload.bin"' in sent.content
