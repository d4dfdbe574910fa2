"""What hooks are told, in which order, and that they can't break a call."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import attrs
import httpx
import pytest

from mijnklantportaal_client import Outcome, errors, events
from tests.conftest import CUSTOMER

if TYPE_CHECKING:
    from tests.conftest import MakeBench


async def test_order_of_a_success(bench: MakeBench) -> None:
    """Request, response, outcome."""
    it = bench(CUSTOMER)
    await it.get()
    assert it.hook.names == ["on_request", "on_response", "on_outcome"]


async def test_order_of_a_retry(bench: MakeBench) -> None:
    """Each attempt has its request; one that got no answer has no response."""
    it = bench(httpx.ConnectError("no"), 503, CUSTOMER)
    await it.get()
    assert it.hook.names == [
        *["on_request", "on_retry"],
        *["on_request", "on_response", "on_retry"],
        *["on_request", "on_response", "on_outcome"],
    ]
    assert [event.attempt for event in it.hook.of("on_request")] == [1, 2, 3]


async def test_contents(bench: MakeBench) -> None:
    """Every event tells of the same call; each kind tells what belongs to it."""
    busy = httpx.Response(429, headers={"retry-after": "5", "x-request-id": "req-1"})
    it = bench(
        busy, httpx.Response(201, json=CUSTOMER, headers={"x-request-id": "req-2"}), tags={"tenant": 7}, rate_limit=None
    )
    await it.create()
    every = [event for _, event in it.hook.events]
    about = {(event.operation, event.method, event.path, event.call_id) for event in every}
    assert about == {("create-customer", "POST", "/customers", every[0].call_id)}
    assert [event.tags for event in every] == [{"tenant": 7}] * len(every)
    responses = [(event.status_code, event.request_id, event.elapsed) for event in it.hook.of("on_response")]
    assert responses == [(429, "req-1", 0.0), (201, "req-2", 0.0)]
    assert [(event.delay, event.reason, event.attempt) for event in it.hook.of("on_retry")] == [(5.0, "status 429", 1)]
    (outcome,) = it.hook.of("on_outcome")
    assert isinstance(outcome, events.OutcomeEvent)
    assert (outcome.outcome, outcome.error, outcome.status_code) == (Outcome.ACCEPTED, None, 201)
    assert (outcome.elapsed, outcome.attempt) == (5.0, 2)


@pytest.mark.parametrize(
    ("step", "outcome", "error", "status"),
    [
        (CUSTOMER, Outcome.ACCEPTED, None, 200),
        (404, Outcome.REJECTED, "NotFoundError", 404),
        (500, Outcome.UNKNOWN, "ServerError", 500),
        (b"<html>", Outcome.ACCEPTED, "ResponseDecodeError", 200),
        (httpx.ConnectError("no"), Outcome.NOT_SENT, "APIConnectionError", None),
        (httpx.ReadTimeout("slow"), Outcome.UNKNOWN, "APITimeoutError", None),
    ],
)
@pytest.mark.parametrize("raw", [False, True])
async def test_one_outcome_for_each_call(
    bench: MakeBench, step: Any, outcome: Outcome, error: str | None, status: int | None, raw: bool
) -> None:
    """However a call ends, hooks hear it exactly once; what is read later does not count."""
    it = bench(step)
    portal = it.portal.with_raw_response if raw else it.portal
    with suppress(errors.MijnKlantportaalError):
        await portal.customers.create(
            company_name="a", address="b", zip_code="c", city="d", primary_email="e@example.com"
        )
    late = raw and step == b"<html>"
    told = [(event.outcome, event.error, event.status_code) for event in it.hook.of("on_outcome")]
    assert told == [(outcome, None if late else error, status)]


async def test_events_are_frozen(bench: MakeBench) -> None:
    """No hook can change what another one is told."""
    it = bench(CUSTOMER, tags={"a": 1})
    await it.get()
    first = it.hook.events[0][1]
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        first.attempt = 9
    with pytest.raises(TypeError, match="does not support item assignment"):
        first.tags["a"] = 2
    assert it.hook.events[1][1].tags == {"a": 1}


class Async:
    """A hook with async methods."""

    def __init__(self) -> None:
        self.names: list[str] = []

    async def on_request(self, event: events.RequestEvent) -> None:
        await asyncio.sleep(0)
        self.names.append(type(event).__name__)

    async def on_outcome(self, event: events.OutcomeEvent) -> None:
        await asyncio.sleep(0)
        self.names.append(type(event).__name__)


async def test_async_hooks_are_awaited(bench: MakeBench) -> None:
    """They have run when the call is done."""
    hook = Async()
    await bench(CUSTOMER, hooks=[hook]).get()
    assert hook.names == ["RequestEvent", "OutcomeEvent"]


class Failing:
    """A hook whose methods all raise."""

    def __init__(self, error: BaseException, *, later: bool) -> None:
        async def fail_later(event: Any) -> None:
            raise error

        def fail(event: Any) -> None:
            raise error

        for name in ("on_request", "on_response", "on_retry", "on_outcome", "on_drift"):
            setattr(self, name, fail_later if later else fail)


@pytest.mark.parametrize("error", [ValueError("boom"), errors.ConfigurationError("boom"), asyncio.CancelledError()])
@pytest.mark.parametrize("later", [False, True])
async def test_failing_hooks_are_logged_and_harmless(
    bench: MakeBench, caplog: pytest.LogCaptureFixture, error: BaseException, later: bool
) -> None:
    """The call comes through, every other hook is told, and the log says which hook failed and why."""
    it = bench(503, CUSTOMER | {"new": 1}, hooks=[Failing(error, later=later)])
    assert (await it.get()).id == CUSTOMER["id"]
    assert it.hook.names == [
        *["on_request", "on_response", "on_retry"],
        *["on_request", "on_response", "on_drift", "on_outcome"],
    ]
    failures = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert [record.getMessage() for record in failures] == [
        f"an {name} hook failed, the call goes on: {type(error).__name__}" for name in it.hook.names
    ]
    assert {record.exc_info[1] for record in failures if record.exc_info} == {error}


async def test_failing_hook_does_not_change_an_error(bench: MakeBench) -> None:
    """The error of the call stays what it is, without the hook's in its chain."""
    it = bench(404, hooks=[Failing(ValueError("boom"), later=True)])
    with pytest.raises(errors.NotFoundError) as caught:
        await it.get()
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


async def test_retries_are_logged(bench: MakeBench, caplog: pytest.LogCaptureFixture) -> None:
    """One line at INFO for each, with the operation and what finds the call again, but no ID."""
    caplog.set_level(logging.INFO, "mijnklantportaal_client")
    it = bench(httpx.ConnectError("no"), 503, CUSTOMER)
    await it.get(tags={"job": 7})
    records = [record for record in caplog.records if record.name == "mijnklantportaal_client"]
    call_id = it.hook.of("on_outcome")[0].call_id
    assert [record.getMessage() for record in records] == [
        f"get-customer: attempt 1 failed (could not connect (no)), next in 0.4 s (call {call_id})",
        f"get-customer: attempt 2 failed (status 503), next in 0.8 s (call {call_id})",
    ]
    assert [(vars(r)["call_id"], vars(r)["operation"], vars(r)["tags"]) for r in records] == [
        (call_id, "get-customer", {"job": 7})
    ] * 2


DRIFT = CUSTOMER | {"companyName": None, "city": 5, "newField": "x", "createdAt": "yesterday"}
del DRIFT["address"]
FOUND = {
    ("unexpected_null", "/companyName"),
    ("wrong_type", "/city"),
    ("wrong_type", "/createdAt"),
    ("missing", "/address"),
    ("unknown_field", "/newField"),
}


async def test_drift_events(bench: MakeBench) -> None:
    """Each difference has its kind and place, every time; none holds a value."""
    it = bench(DRIFT)
    await it.get()
    await it.get()
    found = it.hook.of("on_drift")
    assert {(event.kind, event.location) for event in found} == FOUND
    assert len(found) == 2 * len(FOUND)
    assert {(event.status_code, event.operation) for event in found} == {(200, "get-customer")}
    assert "yesterday" not in repr(found)


async def test_drift_is_logged_once_for_each_place(bench: MakeBench, caplog: pytest.LogCaptureFixture) -> None:
    """WARNING for what loses data, DEBUG for a new field; copies share what was logged."""
    caplog.set_level(logging.DEBUG, "mijnklantportaal_client")
    it = bench(DRIFT)
    await it.get()
    await it.get(strict=False)
    logged = {
        (record.levelname, record.getMessage().split(" (call")[0])
        for record in caplog.records
        if "differs" in record.getMessage()
    }
    start = "get-customer: the answer differs from the contract: "
    assert logged == {
        ("DEBUG" if kind == "unknown_field" else "WARNING", f"{start}{kind} at {place}") for kind, place in FOUND
    }
    assert sum("differs" in record.getMessage() for record in caplog.records) == len(FOUND)


@pytest.mark.parametrize(
    ("status", "told"), [(200, False), (201, False), (202, False), (404, True), (418, True), (422, False), (500, False)]
)
async def test_undocumented_status(bench: MakeBench, status: int, told: bool) -> None:
    """A status below 500 that the contract does not name is drift, unless it only infers which success it is."""
    it = bench(httpx.Response(status, json=CUSTOMER))
    with suppress(errors.APIStatusError):
        await it.create()
    found = [(event.kind, event.location, event.status_code) for event in it.hook.of("on_drift")]
    assert found == ([("undocumented_status", "", status)] if told else [])


@pytest.mark.parametrize(
    ("strict", "changed", "lost"),
    [
        (True, {"companyName": None}, "unexpected_null at /companyName"),
        (True, {"city": 5}, "wrong_type at /city"),
        (True, {"id": None}, "unexpected_null at /id"),
        (True, {"new": 1}, None),
        ("money", {"companyName": None}, None),
        ("money", {"city": 5}, None),
        ("money", {"id": 5}, "wrong_type at /id"),
        (False, {"id": 5}, None),
    ],
)
async def test_strict(bench: MakeBench, strict: Any, changed: dict[str, Any], lost: str | None) -> None:
    """Drift that loses data is an error where that was asked for; a new field never is; hooks hear of it anyway."""
    it = bench(httpx.Response(201, json=CUSTOMER | changed), strict=strict)
    if lost is None:
        await it.create()
    else:
        with pytest.raises(errors.ResponseDecodeError, match=f"strict: {lost}") as caught:
            await it.create()
        assert (caught.value.outcome, caught.value.status_code) == (Outcome.ACCEPTED, 201)
        assert caught.value.body == CUSTOMER | changed
    assert len(it.hook.of("on_drift")) == 1


@pytest.mark.parametrize("status", [400, 404, 500])
async def test_strict_does_not_change_the_class_of_a_status(bench: MakeBench, status: int) -> None:
    """Other statuses always map to their class, whatever they hold."""
    it = bench(httpx.Response(status, json=[1]), strict=True)
    with pytest.raises(errors.APIStatusError) as caught:
        await it.create()
    assert caught.value.status_code == status
