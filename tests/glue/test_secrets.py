"""Neither the token nor the body of a request gets out of a call by way of its errors, logs or events."""

from __future__ import annotations

import asyncio
import logging
import pickle
import traceback
from collections.abc import Iterator
from typing import TYPE_CHECKING

import httpx
import pytest

from mijnklantportaal_client import errors

if TYPE_CHECKING:
    from tests.conftest import Alarms, MakeBench

TOKEN = "tok-Zeer/Geheim-0123456789"
BODY = "Geheime Klant BV"
CUSTOMER = {"id": "cst_abc12345def678"}
ECHO = {"x-echo": f"Bearer {TOKEN}"}


def lost(request: httpx.Request) -> None:
    """An error of the library that holds the request and shows the token."""
    raise httpx.ReadError(f"lost after {request.headers['authorization']}", request=request)


def unreachable(request: httpx.Request) -> None:
    """The same before anything was sent."""
    raise httpx.ConnectError(f"no route for {request.headers['authorization']}", request=request)


def odd(request: httpx.Request) -> None:
    """The same, of no known kind."""
    raise RuntimeError(request.headers["authorization"], request)


FAILURES = {
    "lost": lost,
    "unreachable": unreachable,
    "odd": odd,
    "json": httpx.Response(422, json={"message": f"Bearer {TOKEN}", "errors": {TOKEN: [TOKEN]}}, headers=ECHO),
    "slashes": httpx.Response(401, content=f'{{"message": "{TOKEN}"}}'.replace("/", "\\/"), headers=ECHO),
    "page": httpx.Response(500, html=f"<pre>Authorization: Bearer {TOKEN}</pre>", headers=ECHO),
    "busy": httpx.Response(429, json={"message": TOKEN}, headers=ECHO),
    "redirect": httpx.Response(303, headers={"location": f"/?token={TOKEN}"}),
    "success": httpx.Response(200, text=f"Hello, Bearer {TOKEN}", headers=ECHO),
    "shape": httpx.Response(200, json=[TOKEN], headers=ECHO),
}


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error and everything that can be reached from it."""
    while error is not None:
        yield error
        if error.__cause__ is not None:
            yield from chain(error.__cause__)
        error = error.__context__


def everything(error: BaseException) -> str:
    """All that an error shows anywhere."""
    shown = [str(error), repr(error), repr(error.args), repr(vars(error)), repr(pickle.dumps(error))]
    told = traceback.TracebackException.from_exception(error, capture_locals=False)
    return "\n".join([*shown, *told.format()])


@pytest.mark.parametrize("name", ["get", "create", "upload"])
@pytest.mark.parametrize("failure", FAILURES)
async def test_error_holds_no_secret(
    bench: MakeBench, caplog: pytest.LogCaptureFixture, failure: str, name: str
) -> None:
    """Not in its text, attributes, pickle, traceback or chain; nor in any event or log line."""
    caplog.set_level(logging.DEBUG)
    it = bench(FAILURES[failure])
    with pytest.raises(errors.MijnKlantportaalError) as caught:
        await getattr(it, name)(**({"content": BODY.encode()} if name == "upload" else {}))
    error = caught.value
    assert list(chain(error)) == [error]
    told = everything(error) + repr(it.hook.events) + "\n".join(record.getMessage() for record in caplog.records)
    for secret in (TOKEN, TOKEN.replace("/", "\\/"), BODY):
        assert secret not in told
    assert "httpx" not in repr(vars(error))


async def test_locals_of_the_traceback_hold_no_token(bench: MakeBench) -> None:
    """Tools that show the variables of each frame find no token in the frames of an error."""
    for failure in ("lost", "page", "success"):
        it = bench(FAILURES[failure])
        with pytest.raises(errors.MijnKlantportaalError) as caught:
            await it.get()
        told = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
        frames = [frame for frame in told.stack if "mijnklantportaal_client" in frame.filename]
        assert frames
        assert [frame for frame in frames if TOKEN in str(frame.locals)] == []


async def test_overdue_call_holds_no_secret(bench: MakeBench, alarms: Alarms) -> None:
    """What the deadline interrupted, down to the headers that were sent, can't be reached from its error."""

    async def hang(request: httpx.Request) -> None:
        alarms.ring()
        await asyncio.Event().wait()

    it = bench(hang, deadline=60)
    with pytest.raises(errors.APITimeoutError) as caught:
        await it.create()
    assert list(chain(caught.value)) == [caught.value]
    assert TOKEN not in everything(caught.value)


async def test_path_in_errors_and_events_is_the_template(bench: MakeBench, caplog: pytest.LogCaptureFixture) -> None:
    """IDs are the caller's business: our texts name the operation."""
    caplog.set_level(logging.DEBUG, "mijnklantportaal_client")
    it = bench(500)
    with pytest.raises(errors.ServerError) as caught:
        await it.get()
    ours = [record.getMessage() for record in caplog.records if record.name == "mijnklantportaal_client"]
    assert ours
    assert CUSTOMER["id"] not in f"{caught.value} {vars(caught.value)} {it.hook.events} {ours}"


async def test_details_of_every_error_of_a_call(bench: MakeBench) -> None:
    """All of them know the call, and still do after pickling."""
    headers = {"x-request-id": "req-9"}
    it = bench(httpx.Response(404, json={"message": "No such customer."}, headers=headers), tags={"tenant": 7})
    with pytest.raises(errors.NotFoundError) as caught:
        await it.get()
    for error in (caught.value, pickle.loads(pickle.dumps(caught.value))):
        assert (error.operation, error.method, error.path) == ("get-customer", "GET", "/customers/{customerId}")
        assert (error.request_id, error.tags, error.attempts, error.elapsed) == ("req-9", {"tenant": 7}, 1, 0.0)
        assert error.call_id == it.hook.of("on_outcome")[0].call_id
        assert (error.body, error.message) == ({"message": "No such customer."}, "No such customer.")
        assert error.headers["x-request-id"] == "req-9"
        assert str(error).startswith("customers.get: 404, not found: No such customer. Nothing was changed")
        assert "is partly inferred (" in str(error)
        assert str(error).endswith("/customers-api/get-customer")


async def test_operation_without_inferred_facts_does_not_speak_of_them(bench: MakeBench) -> None:
    """Only what is inferred says so."""
    it = bench(404)
    with pytest.raises(errors.NotFoundError) as caught:
        await it.portal.request("GET", "/things")
    assert "inferred" not in str(caught.value)
