"""The hook that counts where answers differ."""

from __future__ import annotations

import asyncio
import json
import os
import threading
from typing import Any

import pytest

from mijnklantportaal_client.contract import DriftCollector, Findings, Found
from mijnklantportaal_client.events import DriftEvent, ResponseEvent
from tests.conftest import CUSTOMER, MakeBench

ABOUT: dict[str, Any] = {
    "call_id": "1",
    "operation": "list-customers",
    "name": "customers.list",
    "method": "GET",
    "path": "/customers",
    "base_url": "http://localhost/v1",
    "tags": {},
    "attempt": 1,
}


def drift(location: str = "/data/0/phone", **changes: Any) -> DriftEvent:
    """What a hook is told of a difference."""
    return DriftEvent(**{**ABOUT, "kind": "wrong_type", "location": location, "status_code": 200, **changes})


def answer(operation: str = "list-customers", status: int = 200) -> ResponseEvent:
    """What a hook is told of an answer."""
    return ResponseEvent(**{**ABOUT, "operation": operation}, status_code=status, elapsed=0.1, request_id=None)


def places(findings: Findings) -> dict[tuple[str, str, str, int], int]:
    """How often what was where."""
    return {(each.operation, each.kind, each.place, each.status): each.times for each in findings.drifts}


async def test_it_counts_what_a_client_meets(bench: MakeBench) -> None:
    """Every time, though the log has each place once; and the answers there were."""
    collector = DriftCollector()
    odd = {**CUSTOMER, "city": None, "extra": 1}
    desk = bench(odd, odd, CUSTOMER, 404, 404, hooks=[collector])
    for _ in range(3):
        await desk.get()
    with pytest.raises(Exception, match="404"):
        await desk.get()
    findings = collector.snapshot()
    assert places(findings) == {
        ("get-customer", "unexpected_null", "/city", 200): 2,
        ("get-customer", "unknown_field", "/extra", 200): 2,
    }
    assert findings.answers == {"get-customer": {200: 3, 404: 1}}
    assert "| `get-customer` | unexpected_null | `/city` | string | 2 |" in collector.report()
    assert "| answers | 4 |\n| operations | 1 |" in collector.report()
    assert "| `get-customer` | 200, inferred | 200 x 3, 404 x 1 |" in collector.report()


async def test_an_answer_that_cannot_be_read_is_counted(bench: MakeBench) -> None:
    """Once, as a whole, also by a client that is strict and for one that reads the answer itself."""
    collector = DriftCollector()
    for options in ({}, {"strict": True}):
        with pytest.raises(Exception, match="no JSON"):
            await bench(b"<html>", hooks=[collector], **options).get()
    raw = await bench([1], hooks=[collector]).portal.with_raw_response.customers.get("cst_abc")
    for _ in range(2):
        with pytest.raises(Exception, match="another shape"):
            _ = raw.parsed
    assert places(collector.snapshot()) == {("get-customer", "wrong_type", "", 200): 3}
    assert "| `get-customer` | wrong_type | `(the whole)` | object | 3 |" in collector.report()


async def test_requests_that_the_contract_does_not_know(bench: MakeBench) -> None:
    """Are counted too, without what may be data."""
    from mijnklantportaal_client.models import Customer

    collector = DriftCollector()
    desk = bench({"id": "cst_abc", "jansen": 1}, hooks=[collector])
    response = await desk.portal.request("GET", "/people/cst_abc", cast_to=Customer)
    _ = response.parsed
    found = {(each.operation, each.kind, each.place) for each in collector.snapshot().drifts}
    assert ("GET /people/{id}", "unknown_field", "/*") in found
    assert ("GET /people/{id}", "missing", "/companyName") in found
    assert "| `GET /people/{id}` | missing | `/companyName` | nothing | 1 |" in collector.report()


def test_indexes_and_names_that_may_be_data() -> None:
    """Make no places of their own."""
    collector = DriftCollector()
    for location in ("/data/0/phone", "/data/17/phone", "/data/0/Jan Jansen", "/data/1/cst_abc", "/data/2/jan@a.nl"):
        collector.on_drift(drift(location))
    assert {each.place: each.times for each in collector.snapshot().drifts} == {
        "/data/*/phone": 2,
        "/data/*/{withheld}": 3,
    }


def test_its_memory_is_bounded() -> None:
    """What there is beyond is only counted, and the report says so; a place that is known is still counted."""
    collector = DriftCollector(max_places=2)
    for name in ("a", "b", "c", "d", "a"):
        collector.on_drift(drift(f"/data/0/{name * 2}"))
    for operation in ("list-customers", "get-customer", "get-ticket", "list-customers"):
        collector.on_response(answer(operation))
    findings = collector.snapshot()
    assert [(each.place, each.times) for each in findings.drifts] == [("/data/*/aa", 2), ("/data/*/bb", 1)]
    assert findings.beyond == 2
    assert findings.answers == {"get-customer": {200: 1}, "list-customers": {200: 2}}
    assert "2 more were only counted." in collector.report()
    assert json.loads(collector.to_json())["beyond"] == 2


@pytest.mark.parametrize(("value", "error"), [(0, ValueError), (-1, ValueError), (True, TypeError), (1.5, TypeError)])
def test_senseless_bounds(value: Any, error: type[Exception]) -> None:
    """Are refused at once."""
    with pytest.raises(error, match="max_places"):
        DriftCollector(max_places=value)


def test_reset() -> None:
    """Answers what was found, and counts from nothing."""
    collector = DriftCollector()
    collector.on_drift(drift())
    collector.on_response(answer())
    before = collector.reset()
    after = collector.snapshot()
    assert (len(before.drifts), before.answers) == (1, {"list-customers": {200: 1}})
    assert (after.drifts, after.answers, after.beyond) == ((), {}, 0)
    assert after.since >= before.until
    assert "None was found." in collector.report()
    assert "None came." in collector.report()


def test_a_snapshot_stays() -> None:
    """Whatever is counted later."""
    collector = DriftCollector()
    collector.on_drift(drift())
    snapshot = collector.snapshot()
    collector.on_drift(drift())
    assert [each.times for each in snapshot.drifts] == [1]
    (found,) = snapshot.drifts
    assert isinstance(found, Found)
    assert snapshot.since <= found.first <= found.last <= snapshot.until


def test_json() -> None:
    """The same as the report has, and whoever reads it needs nothing of this package."""
    collector = DriftCollector()
    collector.on_drift(drift())
    collector.on_response(answer())
    told = json.loads(collector.to_json())
    assert (
        told["drift"][0].items()
        >= {
            "operation": "list-customers",
            "kind": "wrong_type",
            "place": "/data/*/phone",
            "status": 200,
            "times": 1,
        }.items()
    )
    assert told["answers"] == {"list-customers": {"200": 1}}
    assert {"client", "contract", "since", "until", "beyond"} <= told.keys()


def test_threads_and_loops() -> None:
    """Nothing is lost or counted twice, while others look and reset."""
    collector = DriftCollector()
    totals: list[int] = []

    async def tell() -> None:
        for number in range(200):
            collector.on_drift(drift(f"/data/{number}/phone"))
            collector.on_response(answer())
            await asyncio.sleep(0)

    def look() -> None:
        totals.extend(sum(each.times for each in collector.reset().drifts) for _ in range(50))

    threads = [threading.Thread(target=asyncio.run, args=(tell(),)) for _ in range(8)]
    threads += [threading.Thread(target=look) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(totals) + sum(each.times for each in collector.snapshot().drifts) == 8 * 200


def test_another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """A child counts from nothing, also where a thread of the parent held the lock as it was forked."""
    collector = DriftCollector()
    collector.on_drift(drift())
    parent = os.getpid()
    with collector._lock:
        monkeypatch.setattr(os, "getpid", lambda: parent + 1)
        collector.on_drift(drift())
        assert [each.times for each in collector.snapshot().drifts] == [1]
        assert collector.snapshot().answers == {}


def test_a_report_fits_into_an_issue() -> None:
    """However much drifts; what is left out is counted, and the JSON has it."""
    collector = DriftCollector(max_places=5000)
    for number in range(3000):
        name = "".join("abcdefghij"[int(digit)] for digit in f"{number:030d}")
        collector.on_drift(drift(f"/data/0/{name}", kind="unknown_field"))
    report = collector.report()
    assert len(report) < 40_000
    assert "2900 more rows are left out." in report
    assert len(json.loads(collector.to_json())["drift"]) == 3000
