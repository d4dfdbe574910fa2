"""What OpenTelemetry is told of whole calls, however they go."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import httpx
import pytest
from opentelemetry import trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF
from opentelemetry.trace import SpanKind, StatusCode

from mijnklantportaal_client import InvalidIDError, RateLimit, RetryPolicy, blocking, errors
from mijnklantportaal_client.otel import OpenTelemetryHook
from tests.conftest import TOKEN, Alarms, Bench, MakeBench

CUSTOMER: dict[str, Any] = {
    "id": "cst_abc12345def678",
    "companyName": "Geheime Klant BV",
    "address": "Teststreet 123",
    "zipCode": "1234AB",
    "city": "Amsterdam",
    "countryCode": "NL",
    "primaryEmail": "john.doe@test.com",
    "phone": None,
    "integration": None,
    "integrationId": None,
    "customerGroups": [],
    "createdAt": "2024-04-28T21:00:00+02:00",
}
SECRETS = ["tok-", "Geheim", "cst_", "abc12345", "john", "test.com", "Teststreet", "1234AB", "Bearer"]
CALL = "mijnklantportaal.customers.get"
GET = "GET /v1/customers/{customerId}"
NAME = {"mijnklantportaal.operation.name": "customers.get"}
SERVER = {"server.address": "api.mijnklantportaal.nl", "server.port": 443}
REQUEST = {"http.request.method": "GET", **SERVER, "url.template": "/v1/customers/{customerId}"}
OK = {"http.response.status_code": 200}
Attributes = dict[str, Any]


class Telemetry:
    """The hook, with everything that it exports."""

    def __init__(self) -> None:
        self.exporter = InMemorySpanExporter()
        self.tracers = TracerProvider()
        self.tracers.add_span_processor(SimpleSpanProcessor(self.exporter))
        self.tracer = self.tracers.get_tracer("test")
        self.reader = InMemoryMetricReader()
        self.meters = MeterProvider([self.reader])
        self.hook = OpenTelemetryHook(tracer_provider=self.tracers, meter_provider=self.meters)

    @property
    def spans(self) -> list[ReadableSpan]:
        """The spans that were exported, but those of the tests themselves."""
        return [span for span in self.exporter.get_finished_spans() if span.instrumentation_scope != self.own]

    @property
    def own(self) -> Any:
        return getattr(self.tracer, "_instrumentation_scope", None)

    @property
    def calls(self) -> list[ReadableSpan]:
        """The spans of whole calls."""
        return [span for span in self.spans if span.kind is SpanKind.INTERNAL]

    @property
    def attempts(self) -> list[ReadableSpan]:
        """The spans of their attempts, in the order in which they began."""
        return sorted((s for s in self.spans if s.kind is SpanKind.CLIENT), key=lambda span: span.start_time or 0)

    def metrics(self) -> dict[str, list[Any]]:
        """Every metric's points."""
        data = self.reader.get_metrics_data()
        return {
            metric.name: list(metric.data.data_points)
            for resource in (data.resource_metrics if data else ())
            for scope in resource.scope_metrics
            for metric in scope.metrics
        }

    def everything(self) -> str:
        """All that was exported, as text."""
        data = self.reader.get_metrics_data()
        return "\n".join([*(span.to_json() for span in self.spans), data.to_json() if data else ""])


def told(span: ReadableSpan) -> Attributes:
    """A span's attributes, but those that are made up anew for each call."""
    return {name: value for name, value in (span.attributes or {}).items() if name != "mijnklantportaal.call.id"}


def call_details(attempts: int, outcome: str = "accepted", error: str | None = None, waited: float = 0.0) -> Attributes:
    """The attributes that every call of `customers.get` has."""
    return {
        **NAME,
        "mijnklantportaal.operation.id": "get-customer",
        "mijnklantportaal.call.outcome": outcome,
        "mijnklantportaal.call.attempts": attempts,
        "mijnklantportaal.call.waited": waited,
        **({} if error is None else {"error.type": error}),
    }


@pytest.fixture
def telemetry() -> Iterator[Telemetry]:
    """An in-memory SDK; nothing may be left of a call in the hook."""
    made = Telemetry()
    yield made
    assert made.hook._calls == {}
    made.tracers.shutdown()
    made.meters.shutdown()


async def test_success(bench: MakeBench, telemetry: Telemetry) -> None:
    """A span of the call, named by resource and method, and one of its attempt, by the conventions for HTTP."""
    it = bench(httpx.Response(200, json=CUSTOMER, headers={"x-request-id": "req-1"}), hooks=[telemetry.hook])
    await it.get()
    attempt, call = telemetry.spans
    assert (call.name, call.kind, call.status.status_code) == (CALL, SpanKind.INTERNAL, StatusCode.UNSET)
    assert (attempt.name, attempt.kind, attempt.status.status_code) == (GET, SpanKind.CLIENT, StatusCode.UNSET)
    assert told(call) == {**call_details(1), **OK}
    assert told(attempt) == {**REQUEST, **OK, "mijnklantportaal.request.id": "req-1"}
    assert (call.attributes or {})["mijnklantportaal.call.id"] == it.hook.of("on_outcome")[0].call_id
    assert attempt.parent == call.context
    assert (call.start_time or 0) <= (attempt.start_time or 0) <= (attempt.end_time or 0) <= (call.end_time or 0)
    assert (call.events, attempt.events) == ((), ())
    scope = call.instrumentation_scope
    assert scope is not None
    assert (scope.name, scope.schema_url) == ("mijnklantportaal_client", "https://opentelemetry.io/schemas/1.36.0")


async def test_metrics_of_a_success(bench: MakeBench, telemetry: Telemetry) -> None:
    """Requests as the conventions have them, and calls by operation and outcome; units and buckets included."""
    it = bench(CUSTOMER, hooks=[telemetry.hook])
    await it.get()
    await it.get()
    found = telemetry.metrics()
    assert set(found) == {"http.client.request.duration", "mijnklantportaal.call.duration"}
    (requests,) = found["http.client.request.duration"]
    assert (dict(requests.attributes), requests.count) == ({**REQUEST, **OK}, 2)
    assert requests.explicit_bounds == (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)
    assert 0 < requests.sum < 5
    (calls,) = found["mijnklantportaal.call.duration"]
    accepted = {**NAME, "mijnklantportaal.call.outcome": "accepted", **OK}
    assert (dict(calls.attributes), calls.count, calls.sum) == (accepted, 2, 0.0)
    data = telemetry.reader.get_metrics_data()
    assert data is not None
    await it.get()
    data = telemetry.reader.get_metrics_data()
    units = {metric.unit for metric in data.resource_metrics[0].scope_metrics[0].metrics} if data else set()
    assert units == {"s"}


async def test_retries(bench: MakeBench, telemetry: Telemetry) -> None:
    """Each attempt has its span, with its own error; the call that came through in the end has none."""
    it = bench(httpx.ConnectError("no"), 503, CUSTOMER, hooks=[telemetry.hook])
    await it.get()
    (call,) = telemetry.calls
    assert told(call) == {**call_details(3), **OK}
    assert call.status.status_code is StatusCode.UNSET
    assert [told(span) for span in telemetry.attempts] == [
        {**REQUEST, "error.type": "APIConnectionError"},
        {**REQUEST, "http.response.status_code": 503, "error.type": "503", "http.request.resend_count": 1},
        {**REQUEST, **OK, "http.request.resend_count": 2},
    ]
    assert [span.status.status_code.name for span in telemetry.attempts] == ["ERROR", "ERROR", "UNSET"]
    assert [span.parent for span in telemetry.attempts] == [call.context] * 3
    found = telemetry.metrics()
    assert [(dict(point.attributes), point.value) for point in found["mijnklantportaal.call.retries"]] == [
        ({**NAME, "error.type": "APIConnectionError"}, 1),
        ({**NAME, "error.type": "503"}, 1),
    ]
    assert [(dict(point.attributes), point.count) for point in found["http.client.request.duration"]] == [
        ({**REQUEST, "error.type": "APIConnectionError"}, 1),
        ({**REQUEST, "http.response.status_code": 503, "error.type": "503"}, 1),
        ({**REQUEST, **OK}, 1),
    ]


async def test_wait_after_429(bench: MakeBench, telemetry: Telemetry) -> None:
    """The seconds that the rate limit took are the call's and a metric; the refused attempt is an error."""
    it = bench(httpx.Response(429, headers={"retry-after": "30"}), CUSTOMER, hooks=[telemetry.hook])
    await it.get()
    (call,) = telemetry.calls
    assert told(call) == {**call_details(2, waited=call_waited(it)), **OK}
    assert call_waited(it) >= 30
    assert (call.end_time or 0) - (call.start_time or 0) == round(it.hook.of("on_outcome")[0].elapsed * 1e9)
    assert [told(span) for span in telemetry.attempts] == [
        {**REQUEST, "http.response.status_code": 429, "error.type": "429"},
        {**REQUEST, **OK, "http.request.resend_count": 1},
    ]
    found = telemetry.metrics()
    assert "mijnklantportaal.call.retries" not in found
    (waits,) = found["mijnklantportaal.call.wait"]
    assert (dict(waits.attributes), waits.count, waits.sum) == (NAME, 1, call_waited(it))
    assert waits.explicit_bounds[-1] == 600
    (calls,) = found["mijnklantportaal.call.duration"]
    assert calls.explicit_bounds[-1] == 300


def call_waited(it: Any) -> float:
    """What the call's last event says."""
    waited: float = it.hook.of("on_outcome")[0].waited
    return waited


async def test_wait_that_is_refused(bench: MakeBench, telemetry: Telemetry) -> None:
    """A call that never got its turn has a span, and no attempt."""
    it = bench(CUSTOMER, hooks=[telemetry.hook], rate_limit=RateLimit(1, max_wait=1))
    await it.get()
    with pytest.raises(errors.PacingTimeoutError):
        await it.get()
    assert told(telemetry.calls[1]) == call_details(0, "not_sent", "PacingTimeoutError")
    assert len(telemetry.attempts) == 1


@pytest.mark.parametrize(
    ("step", "outcome", "status", "attempt_error", "call_error"),
    [
        (404, "rejected", 404, "404", "NotFoundError"),
        (500, "unknown", 500, "500", "ServerError"),
        (303, "rejected", 303, None, "APIStatusError"),
        (b"<html>", "accepted", 200, None, "ResponseDecodeError"),
        (httpx.ReadTimeout("slow"), "unknown", None, "APITimeoutError", "APITimeoutError"),
        (httpx.ReadError("lost"), "unknown", None, "APIConnectionError", "APIConnectionError"),
        (httpx.ConnectError("no"), "not_sent", None, "APIConnectionError", "APIConnectionError"),
    ],
)
async def test_failures(
    bench: MakeBench,
    telemetry: Telemetry,
    step: Any,
    outcome: str,
    status: int | None,
    attempt_error: str | None,
    call_error: str,
) -> None:
    """Status, kind of error and outcome; the status of a span is an error exactly where it has a kind of error."""
    it = bench(step, hooks=[telemetry.hook], retry=RetryPolicy(max_attempts=1))
    with pytest.raises(errors.MijnKlantportaalError):
        await it.get()
    (attempt,), (call,) = telemetry.attempts, telemetry.calls
    code = {} if status is None else {"http.response.status_code": status}
    assert told(attempt) == {**REQUEST, **code, **({"error.type": attempt_error} if attempt_error else {})}
    assert told(call) == {**call_details(1, outcome), **code, "error.type": call_error}
    expected = StatusCode.ERROR if attempt_error else StatusCode.UNSET
    assert (attempt.status.status_code, call.status.status_code) == (expected, StatusCode.ERROR)
    assert (attempt.status.description, call.status.description) == (None, None)
    (calls,) = telemetry.metrics()["mijnklantportaal.call.duration"]
    labels = {**NAME, "mijnklantportaal.call.outcome": outcome, "error.type": call_error}
    assert dict(calls.attributes) == {**labels, **code}


async def test_deadline(bench: MakeBench, telemetry: Telemetry, alarms: Alarms) -> None:
    """The attempt that was under way ends with the call."""

    async def hang(request: httpx.Request) -> None:
        alarms.ring()
        await asyncio.Event().wait()

    it = bench(hang, deadline=60, hooks=[telemetry.hook])
    with pytest.raises(errors.APITimeoutError):
        await it.get()
    (attempt,), (call,) = telemetry.attempts, telemetry.calls
    assert told(attempt) == {**REQUEST, "error.type": "APITimeoutError"}
    assert told(call) == call_details(1, "unknown", "APITimeoutError")


async def test_cancellation_of_a_request(bench: MakeBench, telemetry: Telemetry) -> None:
    """Both spans end, as errors, with the outcome that the call may have had."""
    reached = asyncio.Event()

    async def hang(request: httpx.Request) -> None:
        reached.set()
        await asyncio.Event().wait()

    it = bench(hang, hooks=[telemetry.hook])
    task = asyncio.create_task(it.get())
    await reached.wait()
    assert telemetry.spans == []
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    (attempt,), (call,) = telemetry.attempts, telemetry.calls
    assert told(attempt) == {**REQUEST, "error.type": "CancelledError"}
    assert told(call) == call_details(1, "unknown", "CancelledError")
    assert {attempt.status.status_code, call.status.status_code} == {StatusCode.ERROR}


async def test_cancellation_between_attempts(bench: MakeBench, telemetry: Telemetry) -> None:
    """What failed before stays what it was."""
    it = bench(503, hooks=[telemetry.hook])
    reached = asyncio.Event()

    async def hang(seconds: float) -> None:
        reached.set()
        await asyncio.Event().wait()

    it.clock.sleep = hang  # type: ignore[method-assign]
    task = asyncio.create_task(it.get())
    await reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    (attempt,), (call,) = telemetry.attempts, telemetry.calls
    assert told(attempt) == {**REQUEST, "http.response.status_code": 503, "error.type": "503"}
    assert told(call) == call_details(1, "unknown", "CancelledError")


async def test_cancellation_in_the_line(bench: MakeBench, telemetry: Telemetry) -> None:
    """A call that only waited has a span of its own and no attempt."""
    it = bench(CUSTOMER, hooks=[telemetry.hook], rate_limit=RateLimit(1))
    await it.get()
    reached = asyncio.Event()

    async def hang(event: asyncio.Event, seconds: float | None) -> None:
        reached.set()
        await asyncio.Event().wait()

    it.clock.wait = hang  # type: ignore[method-assign]
    task = asyncio.create_task(it.get())
    await reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert told(telemetry.calls[1]) == call_details(0, "not_sent", "CancelledError")


class SlowOutcome:
    """A hook that takes its time for the outcome."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()

    async def on_outcome(self, event: Any) -> None:
        self.reached.set()
        await asyncio.Event().wait()


@pytest.mark.parametrize("step", [CUSTOMER, 404])
async def test_cancellation_while_another_hook_hears_the_outcome(
    bench: MakeBench, telemetry: Telemetry, step: Any
) -> None:
    """The hooks behind it hear it too, so nothing is left of the call."""
    slow = SlowOutcome()
    it = bench(step, hooks=[slow, telemetry.hook])
    task = asyncio.create_task(it.get())
    await slow.reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [span.name for span in telemetry.spans] == [GET, CALL]


async def test_closed_client(bench: MakeBench, telemetry: Telemetry) -> None:
    """A call that is refused for it has a span without an attempt."""
    it = bench(CUSTOMER, hooks=[telemetry.hook])
    await it.portal.aclose()
    with pytest.raises(errors.ConfigurationError):
        await it.get()
    assert [told(span) for span in telemetry.spans] == [call_details(0, "not_sent", "ConfigurationError")]


async def test_refused_arguments_make_no_span(bench: MakeBench, telemetry: Telemetry) -> None:
    """A call that was never begun is none."""
    it = bench(CUSTOMER, hooks=[telemetry.hook])
    with pytest.raises(InvalidIDError):
        await it.portal.customers.get("inv_abc12345def678")
    assert (telemetry.spans, telemetry.metrics()) == ([], {})


async def test_raw_request(bench: MakeBench, telemetry: Telemetry) -> None:
    """Its paths are the caller's own: they are in no name and no metric, and no ID is anywhere."""
    it = bench({"name": "Geheim"}, hooks=[telemetry.hook])
    for number in range(3):
        await it.portal.request("GET", f"/things/cst_abc12345{number}/Geheim", query={"q": "john@test.com"})
    assert {span.name for span in telemetry.calls} == {"mijnklantportaal.request"}
    assert {span.name for span in telemetry.attempts} == {"GET"}
    templates = {told(span)["url.template"] for span in telemetry.attempts}
    assert templates == {"/v1/things/{id}/{id}"}
    assert "mijnklantportaal.operation.id" not in told(telemetry.calls[0])
    found = telemetry.metrics()
    assert {name: [dict(point.attributes) for point in points] for name, points in found.items()} == {
        "http.client.request.duration": [{"http.request.method": "GET", **SERVER, **OK}],
        "mijnklantportaal.call.duration": [
            {"mijnklantportaal.operation.name": "request", "mijnklantportaal.call.outcome": "accepted", **OK}
        ],
    }
    assert [secret for secret in SECRETS if secret in telemetry.everything()] == []


async def test_raw_response(bench: MakeBench, telemetry: Telemetry) -> None:
    """`with_raw_response` is the same call; what is read later is no part of it, but its drift is counted."""
    it = bench(CUSTOMER | {"new": 1}, hooks=[telemetry.hook])
    response = await it.portal.with_raw_response.customers.get("cst_abc12345def678")
    assert [span.name for span in telemetry.spans] == [GET, CALL]
    assert response.parsed.id == CUSTOMER["id"]
    assert len(telemetry.spans) == 2
    (drift,) = telemetry.metrics()["mijnklantportaal.drift"]
    assert (dict(drift.attributes), drift.value) == ({**NAME, "mijnklantportaal.drift.kind": "unknown_field"}, 1)


async def test_tags_of_copies(bench: MakeBench, telemetry: Telemetry) -> None:
    """Each copy's own, on the spans of its calls; never on a metric."""
    it = bench(CUSTOMER, hooks=[telemetry.hook], tags={"shop": "a"})
    await asyncio.gather(it.get(tags={"shop": "b", "job": 7}), it.get(), it.get(tags={}))
    tags = [
        {name.removeprefix("mijnklantportaal.tag."): value for name, value in told(span).items() if ".tag." in name}
        for span in telemetry.calls
    ]
    assert sorted(tags, key=len) == [{}, {"shop": "a"}, {"shop": "b", "job": 7}]
    assert all(".tag." not in name for span in telemetry.attempts for name in told(span))
    points = telemetry.metrics().values()
    assert all(".tag." not in name for found in points for point in found for name in point.attributes)


async def test_copy_with_other_hooks(bench: MakeBench, telemetry: Telemetry) -> None:
    """Hooks of a copy are in place of the client's."""
    it = bench(CUSTOMER)
    await it.get()
    assert telemetry.spans == []
    await it.get(hooks=[telemetry.hook])
    assert [span.name for span in telemetry.spans] == [GET, CALL]


async def test_parent_is_the_span_of_the_caller(bench: MakeBench, telemetry: Telemetry) -> None:
    """The one that is current where the call is awaited; none makes a trace of its own; the current span stays."""
    it = bench(503, CUSTOMER, hooks=[telemetry.hook])
    with telemetry.tracer.start_as_current_span("job") as job:
        await it.get()
        assert trace.get_current_span() is job
    await it.get()
    assert trace.get_current_span() is trace.INVALID_SPAN
    first, second = telemetry.calls
    assert first.parent == job.get_span_context()
    assert second.parent is None
    assert {span.context.trace_id for span in telemetry.attempts[:2]} == {job.get_span_context().trace_id}


def test_parent_in_a_thread_without_a_loop(bench_of_thread: Bench, telemetry: Telemetry) -> None:
    """`blocking.run` takes the caller's context along."""
    with telemetry.tracer.start_as_current_span("job") as job:
        assert blocking.run(bench_of_thread.get()).id == CUSTOMER["id"]
    assert [span.parent for span in telemetry.calls] == [job.get_span_context()]


@pytest.fixture
def bench_of_thread(telemetry: Telemetry) -> Iterator[Bench]:
    """A client for code that is not async."""
    made = Bench(CUSTOMER, hooks=[telemetry.hook])
    yield made
    blocking.run(made.portal.aclose())


async def test_gather(bench: MakeBench, telemetry: Telemetry) -> None:
    """Fifty calls at once, each with its own parent, attempts and tag: nothing is mixed up."""
    failed: set[str] = set()

    async def answer(request: httpx.Request) -> Any:
        await asyncio.sleep(0)
        page = request.url.params["q"]
        if page not in failed:
            failed.add(page)
            return httpx.Response(503)
        return CUSTOMER

    it = bench(answer, hooks=[telemetry.hook], rate_limit=None, deadline=None)

    async def job(number: int) -> None:
        portal = it.portal.with_options(tags={"number": number})
        with telemetry.tracer.start_as_current_span(f"job {number}"):
            await portal.customers.get("cst_abc12345def678", extra_query={"q": str(number)})

    await asyncio.gather(*(job(number) for number in range(50)))
    jobs = {
        span.context.span_id: int(span.name.removeprefix("job "))
        for span in telemetry.exporter.get_finished_spans()
        if span.name.startswith("job ")
    }
    calls = {span.context.span_id: told(span)["mijnklantportaal.tag.number"] for span in telemetry.calls}
    parents = [jobs[span.parent.span_id] for span in telemetry.calls if span.parent]
    assert parents == list(calls.values())
    assert sorted(parents) == list(range(50))
    attempts = sorted(
        (calls[span.parent.span_id], told(span).get("error.type", "")) for span in telemetry.attempts if span.parent
    )
    assert attempts == [(number, error) for number in range(50) for error in ("", "503")]
    assert len({span.attributes["mijnklantportaal.call.id"] for span in telemetry.calls if span.attributes}) == 50


def page(number: int, last: int) -> dict[str, Any]:
    """A page of ten customers."""
    rows = [CUSTOMER | {"id": f"cst_{number}x{row}"} for row in range(10)]
    following = "https://api.mijnklantportaal.nl/v1/customers?page=9" if number < last else None
    return {"data": rows, "current_page": number, "per_page": 10, "next_page_url": following}


async def test_pages_fetched_ahead(bench: MakeBench, telemetry: Telemetry) -> None:
    """A call for each page, under the span of whoever walks the list, the background ones included."""
    it = bench(
        lambda request: httpx.Response(200, json=page(int(request.url.params["page"]), 3)), hooks=[telemetry.hook]
    )
    with telemetry.tracer.start_as_current_span("walk") as walk:
        rows = [row async for row in it.portal.customers.list(prefetch=1)]
    assert len(rows) == 30
    assert [span.name for span in telemetry.calls] == ["mijnklantportaal.customers.list"] * 3
    assert [span.parent for span in telemetry.calls] == [walk.get_span_context()] * 3
    assert {span.name for span in telemetry.attempts} == {"GET /v1/customers"}


async def test_walk_that_is_broken_off(bench: MakeBench, telemetry: Telemetry) -> None:
    """A page that is still under way when the client is closed ends as a cancelled call."""
    reached = asyncio.Event()

    async def answer(request: httpx.Request) -> httpx.Response:
        number = int(request.url.params["page"])
        if number == 2:
            reached.set()
            await asyncio.Event().wait()
        return httpx.Response(200, json=page(number, 3))

    it = bench(answer, hooks=[telemetry.hook])
    async for _ in it.portal.customers.list(prefetch=1):
        await asyncio.sleep(0)
        if reached.is_set():
            break
    await it.portal.aclose()
    assert [told(span).get("error.type") for span in telemetry.calls] == [None, "CancelledError"]


@pytest.mark.parametrize(
    "step",
    [
        CUSTOMER,
        httpx.Response(422, json={"message": "john@test.com", "errors": {"primaryEmail": ["Geheim"]}}),
        httpx.Response(303, headers={"location": "/customers/cst_abc12345def678?token=tok-1"}),
        httpx.Response(429, json={"message": "cst_abc12345def678"}),
        b"Geheim john@test.com",
        httpx.ReadError("Bearer tok-1 john@test.com"),
        httpx.ConnectError("Geheim"),
        RuntimeError("Geheim"),
    ],
)
@pytest.mark.parametrize("name", ["get", "create", "upload"])
async def test_nothing_secret(bench: MakeBench, telemetry: Telemetry, step: Any, name: str) -> None:
    """No token, ID, name or address in any span or metric, whatever was sent and whatever came back."""
    it = bench(step, hooks=[telemetry.hook], rate_limit=None)
    with suppress(errors.MijnKlantportaalError):
        await getattr(it, name)()
    text = telemetry.everything()
    assert "mijnklantportaal.call.outcome" in text
    assert [secret for secret in SECRETS if secret in text] == []


async def test_server_that_sends_the_token_back(bench: MakeBench, telemetry: Telemetry) -> None:
    """Not even in what should be its own ID of the request."""
    it = bench(httpx.Response(200, json=CUSTOMER, headers={"x-request-id": f"for {TOKEN}"}), hooks=[telemetry.hook])
    await it.get()
    assert told(telemetry.attempts[0])["mijnklantportaal.request.id"] == "for ***"
    assert TOKEN not in repr(it.hook.events)


async def test_metrics_do_not_grow_with_calls(bench: MakeBench, telemetry: Telemetry) -> None:
    """No attribute of a metric has a value of its own for each call."""
    it = bench(lambda request: CUSTOMER | {"id": "cst_1"}, hooks=[telemetry.hook], rate_limit=None)
    for number in range(20):
        portal = it.portal.with_options(tags={"n": number})
        await portal.customers.get(f"cst_{number}")
    assert {name: len(points) for name, points in telemetry.metrics().items()} == {
        "http.client.request.duration": 1,
        "mijnklantportaal.call.duration": 1,
    }


async def test_without_sampling(bench: MakeBench, telemetry: Telemetry) -> None:
    """A trace that is not recorded costs no span; metrics go on."""
    off = TracerProvider(sampler=ALWAYS_OFF)
    off.add_span_processor(SimpleSpanProcessor(telemetry.exporter))
    hook = OpenTelemetryHook(tracer_provider=off, meter_provider=telemetry.meters)
    await bench(CUSTOMER, hooks=[hook]).get()
    assert telemetry.spans == []
    assert telemetry.metrics()["http.client.request.duration"][0].count == 1
    off.shutdown()


class Broken:
    """A tracer that can't make spans."""

    def start_span(self, *args: Any, **kwargs: Any) -> None:
        raise RuntimeError("exporter is down")


async def test_failing_telemetry_breaks_nothing(
    bench: MakeBench, telemetry: Telemetry, caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged, as for every hook."""
    break_it: Callable[[str, Any], None] = telemetry.hook.__setattr__
    break_it("_tracer", Broken())
    it = bench(CUSTOMER, hooks=[telemetry.hook])
    assert (await it.get()).id == CUSTOMER["id"]
    failures = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert failures == ["an on_outcome hook failed, the call goes on: RuntimeError"]


async def test_exemplars_lead_to_the_call(bench: MakeBench, telemetry: Telemetry) -> None:
    """The duration of a call points at its span."""
    it = bench(CUSTOMER, hooks=[telemetry.hook])
    await it.get()
    (calls,) = telemetry.metrics()["mijnklantportaal.call.duration"]
    assert [exemplar.span_id for exemplar in calls.exemplars] == [telemetry.calls[0].context.span_id]


async def test_no_context_goes_to_the_server(bench: MakeBench, telemetry: Telemetry) -> None:
    """A trace ends at this client: the vendor gets no `traceparent`."""
    it = bench(CUSTOMER, hooks=[telemetry.hook])
    with telemetry.tracer.start_as_current_span("job"):
        await it.get()
    assert {"traceparent", "tracestate", "baggage"}.isdisjoint(it.server.last.headers)


def test_secrets_are_what_the_tests_send() -> None:
    """The words that are searched for would be found."""
    text = json.dumps(CUSTOMER) + "Bearer tok-"
    assert [secret for secret in SECRETS if secret not in text] == []
