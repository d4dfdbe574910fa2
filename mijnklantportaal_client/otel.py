"""Spans and metrics of every call, by OpenTelemetry; needs the extra `otel`.

from mijnklantportaal_client.otel import OpenTelemetryHook

portal = MijnKlantportaal(hooks=[OpenTelemetryHook()])
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import attrs

from ._version import __version__
from .errors import ConfigurationError

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.metrics import MeterProvider
    from opentelemetry.trace import TracerProvider

    from .events import DriftEvent, Event, OutcomeEvent, RequestEvent, ResponseEvent, RetryEvent

__all__ = ["OpenTelemetryHook"]

_SCOPE = "mijnklantportaal_client"
_SCHEMA = "https://opentelemetry.io/schemas/1.36.0"
# The first is the conventions' own; the others reach as far as a deadline and as a wait for the rate limit.
_REQUEST_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)
_CALL_SECONDS = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)
_WAIT_SECONDS = (0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600)
# Less than this is the way to the front of a line in which nobody stands.
_SHORTEST_WAIT = 0.01
# Calls whose attempts are kept at once; the oldest one beyond loses the spans of its attempts, but not its own.
_MOST_CALLS = 10_000
# What ends an attempt although its status was a success.
_BROKEN_OFF = ("APIConnectionError", "APITimeoutError")


@attrs.define
class _Attempt:
    """One request: when it ran, and what came of it.

    Attributes:
        about: What its span and its metric tell.
        details: What only its span tells.
    """

    about: dict[str, Any]
    details: dict[str, Any]
    began: int
    _begun: float
    ended: int = 0
    seconds: float = 0.0
    settled: bool = False

    def stop(self) -> None:
        """Notes the time, unless it had ended before."""
        if not self.ended:
            self.ended = time.time_ns()
            self.seconds = time.perf_counter() - self._begun


class OpenTelemetryHook:
    """A hook that makes spans and metrics.

    A call is one span, named like `mijnklantportaal.customers.get`, under the span that is current where the call is
    awaited. Each of its attempts is a span of kind `CLIENT` under it, by the semantic conventions for HTTP. Spans are
    made when the call ends, with the times at which everything happened, so none stays open however it ends.

    No span and no metric holds a token, an ID, a query, a body or a whole URL. One hook can serve any number of
    clients, event loops and threads.

    Args:
        tracer_provider: Where spans go; by default the global provider, one that is set later included.
        meter_provider: Where metrics go; likewise.

    Raises:
        ConfigurationError: `opentelemetry-api` is not installed.
    """

    def __init__(
        self, *, tracer_provider: TracerProvider | None = None, meter_provider: MeterProvider | None = None
    ) -> None:
        try:
            from opentelemetry import metrics, trace
        except ImportError:
            raise ConfigurationError(
                'OpenTelemetry is not installed: pip install "mijnklantportaal-client[otel]"'
            ) from None
        self._trace = trace
        self._tracer = trace.get_tracer(_SCOPE, __version__, tracer_provider, _SCHEMA)
        meter = metrics.get_meter(_SCOPE, __version__, meter_provider, _SCHEMA)
        self._requests = meter.create_histogram(
            "http.client.request.duration",
            "s",
            "Duration of HTTP client requests.",
            explicit_bucket_boundaries_advisory=_REQUEST_SECONDS,
        )
        self._durations = meter.create_histogram(
            "mijnklantportaal.call.duration",
            "s",
            "Duration of calls, with all their attempts and waits.",
            explicit_bucket_boundaries_advisory=_CALL_SECONDS,
        )
        self._waits = meter.create_histogram(
            "mijnklantportaal.call.wait",
            "s",
            "How long the rate limit made a call wait, of those that waited.",
            explicit_bucket_boundaries_advisory=_WAIT_SECONDS,
        )
        self._retries = meter.create_counter(
            "mijnklantportaal.call.retries", "{retry}", "Attempts that failed and were followed by another one."
        )
        self._drift = meter.create_counter(
            "mijnklantportaal.drift", "{difference}", "Differences between answers and the contract."
        )
        self._calls: dict[str, list[_Attempt]] = {}
        self._lock = threading.Lock()

    def on_request(self, event: RequestEvent) -> None:
        """Begins an attempt."""
        attempt = _attempt(event)
        with self._lock:
            if event.call_id not in self._calls and len(self._calls) >= _MOST_CALLS:
                del self._calls[next(iter(self._calls))]
            self._calls.setdefault(event.call_id, []).append(attempt)

    def on_response(self, event: ResponseEvent) -> None:
        """Ends an attempt that was answered; whether a success came whole is heard later."""
        attempt = self._last(event)
        if attempt is None:
            return
        attempt.stop()
        attempt.about["http.response.status_code"] = event.status_code
        if event.request_id is not None:
            attempt.details["mijnklantportaal.request.id"] = _text(event.request_id)
        if event.status_code >= 400:
            self._settle(attempt, str(event.status_code))

    def on_retry(self, event: RetryEvent) -> None:
        """Ends an attempt that is followed by another one."""
        attempt = self._last(event)
        error = event.error
        if attempt is not None:
            self._judge(attempt, error)
            error = attempt.about.get("error.type", error)
        self._retries.add(1, {**_operation(event), "error.type": error})

    def on_drift(self, event: DriftEvent) -> None:
        """Counts a difference."""
        self._drift.add(1, {**_operation(event), "mijnklantportaal.drift.kind": event.kind})

    def on_outcome(self, event: OutcomeEvent) -> None:
        """Makes the spans of a call that ended."""
        with self._lock:
            attempts = self._calls.pop(event.call_id, [])
        if attempts:
            self._judge(attempts[-1], event.error)
        ended = time.time_ns()
        about = _about_call(event)
        # Hooks that were told before this one may have taken their time.
        began = min([ended - round(event.elapsed * 1e9), *(attempt.began for attempt in attempts)])
        span = self._tracer.start_span(
            f"mijnklantportaal.{_name(event)}", attributes={**about, **_details_of_call(event)}, start_time=began
        )
        context = self._trace.set_span_in_context(span)
        for attempt in attempts:
            self._make_span(attempt, context)
        if event.error is not None:
            span.set_status(self._trace.StatusCode.ERROR)
        span.end(ended)
        self._durations.record(event.elapsed, about, context)
        if event.waited >= _SHORTEST_WAIT:
            self._waits.record(event.waited, _operation(event), context)

    def _make_span(self, attempt: _Attempt, context: Context) -> None:
        about = attempt.about
        span = self._tracer.start_span(
            " ".join(about[key] for key in ("http.request.method", "url.template") if key in about),
            context,
            self._trace.SpanKind.CLIENT,
            attributes={**about, **attempt.details},
            start_time=attempt.began,
        )
        if "error.type" in about:
            span.set_status(self._trace.StatusCode.ERROR)
        span.end(attempt.ended)

    def _last(self, event: Event) -> _Attempt | None:
        attempts = self._calls.get(event.call_id)
        return attempts[-1] if attempts else None

    def _judge(self, attempt: _Attempt, error: str | None) -> None:
        """Ends an attempt by how its call went on, where its own status did not."""
        answered = "http.response.status_code" in attempt.about
        self._settle(attempt, None if answered and error not in _BROKEN_OFF else error)

    def _settle(self, attempt: _Attempt, error: str | None) -> None:
        if attempt.settled:
            return
        attempt.settled = True
        attempt.stop()
        if error is not None:
            attempt.about["error.type"] = error
        self._requests.record(attempt.seconds, attempt.about)


def _is_raw(event: Event) -> bool:
    """Whether it belongs to `portal.request`, of whose paths there may be any number."""
    return event.name.startswith(f"{event.method} ")


def _name(event: Event) -> str:
    return "request" if _is_raw(event) else event.name


def _operation(event: Event) -> dict[str, Any]:
    return {"mijnklantportaal.operation.name": _name(event)}


def _attempt(event: RequestEvent) -> _Attempt:
    url = urlsplit(event.base_url)
    about: dict[str, Any] = {
        "http.request.method": event.method,
        "server.address": url.hostname or "",
        "server.port": url.port or (443 if url.scheme == "https" else 80),
    }
    details: dict[str, Any] = {}
    (details if _is_raw(event) else about)["url.template"] = url.path + event.path
    if event.attempt > 1:
        details["http.request.resend_count"] = event.attempt - 1
    return _Attempt(about, details, time.time_ns(), time.perf_counter())


def _about_call(event: OutcomeEvent) -> dict[str, Any]:
    about = {**_operation(event), "mijnklantportaal.call.outcome": event.outcome.value}
    if event.status_code is not None:
        about["http.response.status_code"] = event.status_code
    if event.error is not None:
        about["error.type"] = event.error
    return about


def _details_of_call(event: OutcomeEvent) -> dict[str, Any]:
    details: dict[str, Any] = {
        "mijnklantportaal.call.id": event.call_id,
        "mijnklantportaal.call.attempts": event.attempt,
        "mijnklantportaal.call.waited": event.waited,
    }
    if not _is_raw(event):
        details["mijnklantportaal.operation.id"] = event.operation
    return details | {f"mijnklantportaal.tag.{_text(name)}": _tag(value) for name, value in event.tags.items()}


def _tag(value: object) -> Any:
    """A tag as an attribute; what can't be one becomes text."""
    if isinstance(value, (list, tuple)) and len({type(each) for each in value}) == 1 and all(map(_fits, value)):
        return [_tag(each) for each in value]
    return value if _fits(value) and not isinstance(value, str) else _text(value)


def _fits(value: object) -> bool:
    # Exporters write whole numbers in 64 bits.
    return type(value) in (str, bool, float) or (type(value) is int and -(2**63) <= value < 2**63)


def _text(value: object) -> str:
    try:
        text = str(value)
    except Exception:  # noqa: BLE001 - a tag is anything
        text = type(value).__name__
    # For half of a surrogate pair an exporter drops everything that it has.
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
