"""The hook for OpenTelemetry by itself: what it makes of single events."""

from __future__ import annotations

import decimal
import enum
import subprocess
import sys
import threading
import types
from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from mijnklantportaal_client import ConfigurationError, Outcome, otel
from mijnklantportaal_client.events import DriftEvent, OutcomeEvent, RequestEvent, ResponseEvent, RetryEvent
from mijnklantportaal_client.otel import OpenTelemetryHook

HALF_A_PAIR = "\ud83d"


def about(call_id: str = "c1", attempt: int = 1, **changes: Any) -> dict[str, Any]:
    """What every event of a call tells."""
    return {
        "call_id": call_id,
        "operation": "get-customer",
        "name": "customers.get",
        "method": "GET",
        "path": "/customers/{customerId}",
        "base_url": "https://api.mijnklantportaal.nl/v1",
        "tags": {},
        "attempt": attempt,
        **changes,
    }


class Probe:
    """The hook, with everything that it exports."""

    def __init__(self) -> None:
        self.exporter = InMemorySpanExporter()
        self.tracers = TracerProvider()
        self.tracers.add_span_processor(SimpleSpanProcessor(self.exporter))
        self.reader = InMemoryMetricReader()
        self.meters = MeterProvider([self.reader])
        self.hook = OpenTelemetryHook(tracer_provider=self.tracers, meter_provider=self.meters)

    def request(self, **changes: Any) -> None:
        self.hook.on_request(RequestEvent(**about(**changes)))

    def response(self, status: int, **changes: Any) -> None:
        self.hook.on_response(ResponseEvent(**about(**changes), status_code=status, elapsed=0.0, request_id=None))

    def retry(self, error: str, **changes: Any) -> None:
        self.hook.on_retry(RetryEvent(**about(**changes), delay=1.0, reason="no", error=error))

    def outcome(
        self,
        error: str | None = None,
        status: int | None = None,
        elapsed: float = 0.0,
        waited: float = 0.0,
        **changes: Any,
    ) -> None:
        outcome = Outcome.UNKNOWN if error else Outcome.ACCEPTED
        told = about(**changes, outcome=outcome, error=error, status_code=status, elapsed=elapsed, waited=waited)
        self.hook.on_outcome(OutcomeEvent(**told))

    @property
    def spans(self) -> tuple[ReadableSpan, ...]:
        """The spans that were exported, the attempts of a call before the call."""
        return self.exporter.get_finished_spans()

    @property
    def attributes(self) -> list[dict[str, Any]]:
        """The attributes of each span."""
        return [dict(span.attributes or {}) for span in self.spans]

    def points(self, name: str) -> list[tuple[dict[str, Any], float]]:
        """What a metric holds: attributes, and the sum of a counter or the count of a histogram."""
        data = self.reader.get_metrics_data()
        return [
            (dict(point.attributes or {}), getattr(point, "value", 0) or getattr(point, "count", 0))
            for resource in (data.resource_metrics if data else ())
            for scope in resource.scope_metrics
            for metric in scope.metrics
            if metric.name == name
            for point in metric.data.data_points
        ]


@pytest.fixture
def probe() -> Iterator[Probe]:
    """A hook to feed with events."""
    made = Probe()
    yield made
    made.tracers.shutdown()
    made.meters.shutdown()


def test_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who lacks the extra is told what to install."""
    monkeypatch.setitem(sys.modules, "opentelemetry", None)
    with pytest.raises(ConfigurationError) as caught:
        OpenTelemetryHook()
    assert str(caught.value) == 'OpenTelemetry is not installed: pip install "mijnklantportaal-client[otel]"'
    assert caught.value.__cause__ is None


def test_importing_the_module_does_not_import_the_package() -> None:
    """It can be imported where the extra is not installed, and comes without the HTTP library."""
    code = "import sys, mijnklantportaal_client.otel; print({'opentelemetry', 'httpx', 'asyncio'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_only_the_api_is_needed() -> None:
    """Without an SDK nothing is recorded, and nothing of the SDK is imported."""
    code = """
import sys
from mijnklantportaal_client import Outcome
from mijnklantportaal_client.events import OutcomeEvent, RequestEvent
from mijnklantportaal_client.otel import OpenTelemetryHook
about = dict(call_id="c", operation="o", name="customers.get", method="GET", path="/customers", tags={}, attempt=1,
    base_url="https://example.com")
hook = OpenTelemetryHook()
hook.on_request(RequestEvent(**about))
hook.on_outcome(OutcomeEvent(**about, outcome=Outcome.UNKNOWN, error="E", status_code=None, elapsed=1.0, waited=1.0))
print([name for name in sys.modules if name.startswith(("opentelemetry.sdk", "opentelemetry.semconv"))])
"""
    done = subprocess.run(
        [sys.executable, "-I", "-W", "error", "-c", code], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_global_providers_that_are_set_later() -> None:
    """A hook that was made first reports to them."""
    code = """
from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from mijnklantportaal_client import Outcome
from mijnklantportaal_client.events import OutcomeEvent
from mijnklantportaal_client.otel import OpenTelemetryHook
hook = OpenTelemetryHook()
exporter, reader = InMemorySpanExporter(), InMemoryMetricReader()
tracers = TracerProvider()
tracers.add_span_processor(SimpleSpanProcessor(exporter))
trace.set_tracer_provider(tracers)
metrics.set_meter_provider(MeterProvider([reader]))
hook.on_outcome(OutcomeEvent(call_id="c", operation="o", name="customers.get", method="GET", path="/customers", tags={},
    attempt=0, base_url="https://example.com", outcome=Outcome.ACCEPTED, error=None, status_code=200, elapsed=1.0,
    waited=0.0))
print([span.name for span in exporter.get_finished_spans()])
print([m.name for m in reader.get_metrics_data().resource_metrics[0].scope_metrics[0].metrics])
"""
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout.splitlines(), done.stderr) == (
        ["['mijnklantportaal.customers.get']", "['mijnklantportaal.call.duration']"],
        "",
    )


@pytest.mark.parametrize(
    ("base_url", "address", "port", "template"),
    [
        ("https://api.mijnklantportaal.nl/v1", "api.mijnklantportaal.nl", 443, "/v1/customers/{customerId}"),
        ("https://example.com", "example.com", 443, "/customers/{customerId}"),
        ("http://localhost", "localhost", 80, "/customers/{customerId}"),
        ("http://127.0.0.1:8080/a/b", "127.0.0.1", 8080, "/a/b/customers/{customerId}"),
        ("http://[::1]:9", "::1", 9, "/customers/{customerId}"),
    ],
)
def test_server(probe: Probe, base_url: str, address: str, port: int, template: str) -> None:
    """Host, port and path template come from the base URL, the port of its scheme where it names none."""
    probe.request(base_url=base_url)
    probe.response(200)
    probe.outcome(status=200)
    attempt = probe.attributes[0]
    assert (attempt["server.address"], attempt["server.port"]) == (address, port)
    assert attempt["url.template"] == template
    assert probe.spans[0].name == f"GET {template}"


def test_success_that_broke_off_is_an_error(probe: Probe) -> None:
    """The status was good, but its content never came whole: both is told, on the attempt that it happened to."""
    probe.request()
    probe.response(200)
    probe.retry("APIConnectionError")
    probe.request(attempt=2)
    probe.response(200, attempt=2)
    probe.outcome(status=200, attempt=2)
    first, second, call = probe.attributes
    assert (first["http.response.status_code"], first["error.type"]) == (200, "APIConnectionError")
    assert (second["http.response.status_code"], second.get("error.type")) == (200, None)
    assert call.get("error.type") is None
    assert [span.status.status_code.name for span in probe.spans] == ["ERROR", "UNSET", "UNSET"]
    assert [value for _, value in probe.points("http.client.request.duration")] == [1, 1]


@pytest.mark.parametrize("error", ["ResponseDecodeError", "CancelledError", "FieldMissingError"])
def test_whole_answer_is_no_error_of_its_attempt(probe: Probe, error: str) -> None:
    """What is done with it later is the call's business."""
    probe.request()
    probe.response(200)
    probe.outcome(error, 200)
    attempt, call = probe.attributes
    assert (attempt.get("error.type"), call["error.type"]) == (None, error)
    assert [span.status.status_code.name for span in probe.spans] == ["UNSET", "ERROR"]


def test_redirect_is_no_error_of_its_attempt(probe: Probe) -> None:
    """As the conventions have it; the call failed nevertheless."""
    probe.request()
    probe.response(303)
    probe.outcome("APIStatusError", 303)
    attempt, call = probe.attributes
    assert (attempt.get("error.type"), call["error.type"]) == (None, "APIStatusError")


def test_a_status_is_the_error_whatever_followed(probe: Probe) -> None:
    """A call that was refused and then cancelled has an attempt that failed by its status."""
    probe.request()
    probe.response(429)
    probe.outcome("CancelledError", 429)
    attempt, call = probe.attributes
    assert (attempt["error.type"], call["error.type"]) == ("429", "CancelledError")


def test_only_waits_are_waits(probe: Probe) -> None:
    """What it takes to find that nobody is in line is none; the span of the call tells it all the same."""
    for waited in (0.0, 0.00002, 0.009, 0.01, 30.0):
        probe.outcome(waited=waited)
    assert probe.points("mijnklantportaal.call.wait") == [({"mijnklantportaal.operation.name": "customers.get"}, 2)]
    assert probe.attributes[1]["mijnklantportaal.call.waited"] == 0.00002


def test_calls_without_an_outcome_do_not_fill_the_memory(probe: Probe) -> None:
    """The oldest lose their attempts; the call still gets its span, and its time, when it ends after all."""
    for number in range(10_050):
        probe.request(call_id=f"c{number}")
    assert len(probe.hook._calls) == 10_000
    probe.response(200, call_id="c0")
    probe.retry("ServerError", call_id="c0")
    probe.outcome(status=200, call_id="c0", elapsed=2.0)
    (call,) = probe.spans
    assert (call.end_time or 0) - (call.start_time or 0) == 2_000_000_000
    probe.outcome("APITimeoutError", call_id="c50")
    assert [span.name for span in probe.spans[1:]] == [
        "GET /v1/customers/{customerId}",
        "mijnklantportaal.customers.get",
    ]
    assert len(probe.hook._calls) == 9_999


def test_attempts_of_a_known_call_need_no_room(probe: Probe) -> None:
    """A full memory drops nobody for one more attempt of a call that is in it."""
    for number in range(10_000):
        probe.request(call_id=f"c{number}")
    probe.request(call_id="c9999", attempt=2)
    assert len(probe.hook._calls) == 10_000
    assert "c0" in probe.hook._calls


def test_a_call_begins_before_its_attempts(probe: Probe) -> None:
    """Also where another hook took its time before this one heard of the end."""
    probe.request()
    probe.outcome("APITimeoutError", elapsed=0.0)
    attempt, call = probe.spans
    assert call.start_time == attempt.start_time
    assert (call.end_time or 0) >= (attempt.end_time or 0) >= (attempt.start_time or 0) > 0


def test_times(probe: Probe, monkeypatch: pytest.MonkeyPatch) -> None:
    """An attempt ends with its answer, however long the call goes on; one without an answer with the next event."""
    now = 0

    def pass_time(seconds: int) -> None:
        nonlocal now
        now += seconds

    clock = types.SimpleNamespace(time_ns=lambda: (1000 + now) * 10**9, perf_counter=lambda: float(now))
    monkeypatch.setattr("mijnklantportaal_client.otel.time", clock)
    pass_time(5)
    probe.request()
    pass_time(2)
    probe.retry("APITimeoutError")
    pass_time(10)
    probe.request(attempt=2)
    pass_time(3)
    probe.response(200, attempt=2)
    pass_time(4)
    probe.outcome(status=200, attempt=2, elapsed=24.0)
    times = [((span.start_time or 0) // 10**9 - 1000, (span.end_time or 0) // 10**9 - 1000) for span in probe.spans]
    assert times == [(5, 7), (17, 20), (0, 24)]
    data = probe.reader.get_metrics_data()
    points = data.resource_metrics[0].scope_metrics[0].metrics[0].data.data_points if data else ()
    assert [getattr(point, "sum", None) for point in points] == [2.0, 3.0]


class Colour(enum.StrEnum):
    RED = "red"


class Odd:
    def __str__(self) -> str:
        raise RuntimeError


@pytest.mark.parametrize(
    ("value", "attribute"),
    [
        ("shop-1", "shop-1"),
        (7, 7),
        (True, True),
        (0.5, 0.5),
        (2**63 - 1, 2**63 - 1),
        (2**63, "9223372036854775808"),
        (None, "None"),
        (decimal.Decimal("1.50"), "1.50"),
        (Colour.RED, "red"),
        (b"raw", "b'raw'"),
        (["a", "b"], ("a", "b")),
        ((1, 2), (1, 2)),
        ([1, "a"], "[1, 'a']"),
        ([True, 1], "[True, 1]"),
        ([[1]], "[[1]]"),
        ([], "[]"),
        ([2**63], "[9223372036854775808]"),
        ({"a": 1}, "{'a': 1}"),
        (HALF_A_PAIR, "\\ud83d"),
        ([HALF_A_PAIR], ("\\ud83d",)),
        (Odd(), "Odd"),
    ],
)
def test_tags(probe: Probe, value: Any, attribute: Any) -> None:
    """What an attribute can hold stays as it is; anything else is text, and nothing makes tracing fail."""
    probe.outcome(tags={"x": value})
    found = probe.attributes[0]["mijnklantportaal.tag.x"]
    assert (found, type(found)) == (attribute, type(attribute))


def test_names_of_tags(probe: Probe) -> None:
    """Any key is one."""
    probe.outcome(tags={7: "a", HALF_A_PAIR: "b"})
    names = [name for name in probe.attributes[0] if name.startswith("mijnklantportaal.tag.")]
    assert names == ["mijnklantportaal.tag.7", "mijnklantportaal.tag.\\ud83d"]


def test_drift_is_counted(probe: Probe) -> None:
    """By operation and kind, without its place, which a server may choose; also after the call."""
    for kind in ("missing", "missing", "unknown_field"):
        probe.hook.on_drift(DriftEvent(**about(), kind=kind, location="/x", status_code=200))
    name = {"mijnklantportaal.operation.name": "customers.get"}
    assert sorted(probe.points("mijnklantportaal.drift"), key=str) == [
        ({**name, "mijnklantportaal.drift.kind": "missing"}, 2),
        ({**name, "mijnklantportaal.drift.kind": "unknown_field"}, 1),
    ]
    assert probe.spans == ()


def test_events_from_many_threads(probe: Probe) -> None:
    """One hook serves them all, and mixes nothing up."""

    def work(thread: int) -> None:
        for number in range(50):
            call = f"c{thread}-{number}"
            probe.request(call_id=call)
            probe.response(200, call_id=call)
            probe.outcome(status=200, call_id=call)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    calls = {span.context.span_id for span in probe.spans if span.name == "mijnklantportaal.customers.get"}
    parents = [span.parent.span_id for span in probe.spans if span.parent is not None]
    assert (len(calls), len(parents)) == (400, 400)
    assert set(parents) == calls
    assert probe.hook._calls == {}


def test_public_names() -> None:
    """The module offers the hook and nothing else."""
    assert otel.__all__ == ["OpenTelemetryHook"]
