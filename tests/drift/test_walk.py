"""How the probe goes through a portal, what it never does, and what ends it early."""

from __future__ import annotations

import asyncio
from typing import Any

import attrs
import httpx
import pytest

from mijnklantportaal_client import UNSET
from mijnklantportaal_client._contract import operations_table, shipped
from mijnklantportaal_client._pacing import Registry
from mijnklantportaal_client.contract._guard import NotReadingError
from mijnklantportaal_client.contract._plan import IDs, selected, spread, steps
from mijnklantportaal_client.contract._probe import Probe
from mijnklantportaal_client.contract._run import DRIFT, INCOMPLETE, NOTHING
from mijnklantportaal_client.testing import Sandbox
from mijnklantportaal_client.testing._transport import SandboxTransport
from tests.conftest import NEW_CUSTOMER, FakeClock
from tests.drift.conftest import KEY, NOON, Watched

EVERY = steps(operations_table())
ROW = {"id": "cst_abc", "companyName": "x"}
PAGE: dict[str, Any] = {"current_page": 1, "per_page": 15, "next_page_url": None, "data": []}


def of(transport: Any, agency: Sandbox) -> Watched:
    """The probe on a server that is a function."""
    return Watched(httpx.MockTransport(transport), agency)


def timeless(probe: Probe) -> FakeClock:
    """Lets its waits take no time; answers the clock that they went by."""
    dispatcher = probe._portal._dispatcher
    dispatcher.clock = clock = FakeClock()
    dispatcher.registry = Registry(clock)
    return clock


def test_every_operation_that_reads_is_a_step() -> None:
    """Lists come before what is in them."""
    assert {step.id for step in EVERY} == {each["id"] for each in operations_table() if each["method"] == "GET"}
    assert [len(step.prefixes) for step in EVERY] == sorted(len(step.prefixes) for step in EVERY)
    assert {step.id for step in EVERY if len(step.prefixes) == 2} == {
        "download-agreement-document",
        "get-bought-punch-card",
    }


@pytest.mark.parametrize(
    ("only", "asked"),
    [
        (["tickets"], {"list-tickets", "get-ticket"}),
        (["customers.list"], {"list-customers"}),
        (["get-customer"], {"list-customers", "get-customer"}),
        (["punch_cards.get_issued"], {"list-punch-cards", "list-bought-punch-cards", "get-bought-punch-card"}),
        (["agreements.get_document_link"], {"list-agreements", "get-agreement", "download-agreement-document"}),
        (["files.get_download_link"], {"list-file-requests", "list-file-shares", "download-file"}),
    ],
)
def test_what_is_selected(only: list[str], asked: set[str]) -> None:
    """What is named, and where it finds its IDs."""
    assert {step.id for step in selected(EVERY, only, shipped())} == asked


def test_a_name_that_means_nothing() -> None:
    """It is named; an operation that writes is none to read."""
    with pytest.raises(ValueError, match=r"to read named 'customers\.create'"):
        selected(EVERY, ["customers", "customers.create"], shipped())


def test_the_ids_of_a_path_belong_together() -> None:
    """The ID of something inside goes with that of what it is in, from the request or from the objects around it."""
    ids = IDs()
    ids.learn(
        {"data": [{"id": "agr_1", "documents": [{"id": "agd_1"}, {"id": "agd_2"}]}, {"id": "agr_2", "by": "cst_9"}]}
    )
    ids.learn([{"id": "pcb_1", "customerId": "cst_1"}], ("pcd_7",))
    ids.learn({"name": "agd_3 is no ID", "link": "xyz_1", "number": 3, "id": None})
    assert ids.choose((), 3) == [()]
    assert ids.choose((("agr_",),), 3) == [("agr_1",), ("agr_2",)]
    assert ids.choose((("agr_",), ("agd_",)), 3) == [("agr_1", "agd_1"), ("agr_1", "agd_2")]
    assert ids.choose((("pcd_",), ("pcb_",)), 3) == [("pcd_7", "pcb_1")]
    assert ids.choose((("pcd_",), ("agd_",)), 3) == []
    assert ids.choose((("agr_", "cst_"),), 1) == [("agr_1",), ("cst_9",)]
    assert ids.choose((("xyz_",),), 3) == []


def test_ids_are_not_kept_without_end() -> None:
    """A portal of any size takes the same memory."""
    ids = IDs()
    ids.learn([f"cst_{number}" for number in range(1000)])
    assert len(ids.choose((("cst_",),), 1000)) == 200


@pytest.mark.parametrize(
    ("most", "values"), [(1, [0]), (2, [0, 9]), (3, [0, 4, 9]), (9, [0, 1, 2, 3, 4, 6, 7, 8, 9]), (10, [*range(10)])]
)
def test_spread(most: int, values: list[int]) -> None:
    """From the first to the last."""
    assert spread(range(10), most) == values


async def test_only_gets_are_sent_and_no_link_is_followed(watched: Watched) -> None:
    """As the server saw it: every request is a GET of the API, and there are no more records than were asked for."""
    run = await watched.read(samples=2)
    requests = [*watched.sandbox.requests]
    assert {request.method for request in requests} == {"GET"}
    assert {request.operation for request in requests} == {step.id for step in EVERY}
    assert run.requests == len(requests)
    # Lists have at most two pages; files and directories are two kinds.
    assert max(len(watched.sandbox.requests.of(step.id)) for step in EVERY) == 4


@pytest.mark.parametrize(
    "write",
    [
        lambda portal: portal.customers.create(**NEW_CUSTOMER),
        lambda portal: portal.with_options(tags={}).payment_links.close("plk_abc"),
        lambda portal: portal.with_raw_response.customers.create(**NEW_CUSTOMER),
        lambda portal: portal.files.upload(file=b"bytes"),
        lambda portal: portal.request("DELETE", "/customers/cst_abc"),
        lambda portal: portal.request("HEAD", "/customers"),
        lambda portal: portal.request("get", "/customers", json={"a": 1}),
        lambda portal: portal.customers.get("cst_abc", extra_body={"a": 1}),
    ],
)
async def test_nothing_else_can_be_sent(watched: Watched, write: Any) -> None:
    """Whatever a client can do, through this one nothing but a GET without a body leaves."""
    portal = watched.probe()._portal
    with pytest.raises(NotReadingError, match="only GET without a body"):
        await write(portal)
    assert (len(watched.sandbox.requests), portal.sent) == (0, 0)


async def test_as_many_requests_as_are_allowed(watched: Watched) -> None:
    """The rest is told as not reached, and the run as incomplete."""
    run = await watched.read(most=5)
    assert (run.requests, len(watched.sandbox.requests)) == (5, 5)
    assert run.stopped == "5 requests were sent, and no more were allowed"
    assert run.status == INCOMPLETE
    assert "| `get-webhook` | full | not seen | not reached |" in run.report()


async def test_repeated_requests_count(agency: Sandbox) -> None:
    """What is allowed is what the server sees."""
    probe = of(lambda _: httpx.Response(503), agency).probe(most=6)
    timeless(probe)
    await probe.read()
    assert probe.run().requests == 6


async def test_an_empty_portal(agency: Sandbox) -> None:
    """Lists are empty, the rest is not seen, and that is no drift."""
    sandbox = Sandbox(rate_limit=None, keys=[KEY], clock=NOON)
    run = await Watched(SandboxTransport(sandbox), sandbox).read()
    sandbox.close()
    assert {result.state for result in run.results} == {"empty", "not seen"}
    assert "| `get-ticket` | partial | not seen | no record of this kind was found |" in run.report()
    assert run.status == NOTHING


async def test_appointments_are_looked_for_around_today(agency: Sandbox) -> None:
    """Where the coming week has none, sixty days are asked for, once."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url.query, "ascii"))
        return httpx.Response(200, json={"data": []})

    await of(answer, agency).read("appointments.list")
    assert asked == ["", "start_at=2026-01-31%2000%3A00&days=60"]


async def test_the_second_page_is_read_where_there_is_one(agency: Sandbox) -> None:
    """And no third."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        page = int(request.url.params.get("page", 1))
        asked.append(str(page))
        return httpx.Response(200, json={**PAGE, "current_page": page, "next_page_url": "https://x", "data": [ROW]})

    await of(answer, agency).read("customers.list")
    assert asked == ["1", "2"]


async def test_a_server_that_answers_with_another_page(agency: Sandbox) -> None:
    """A walk through that list would end with an error, so it is not judged."""

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={**PAGE, "current_page": 1, "next_page_url": "https://x", "data": [ROW]})

    run = await of(answer, agency).read("customers.list")
    assert run.results[0].told == "200 x 2, ResponseDecodeError x 1, page 2 was asked for, and another one came"
    assert not run.complete


async def test_an_operation_that_needs_more_than_ids(watched: Watched) -> None:
    """Nobody but its caller knows what; it is told as not seen."""
    probe = watched.probe("customers.list", "tickets.list")
    probe._steps = [
        attrs.evolve(step, needs=("year",)) if step.resource == "tickets" else step for step in probe._steps
    ]
    await probe.read()
    assert "| `list-tickets` | partial | not seen | needs year |" in probe.run().report()
    assert watched.told == ["customers.list: 200 x 2", "tickets.list: needs year"]
    assert probe.run().complete


@pytest.mark.parametrize(("status", "note"), [(403, "403 x 1"), (404, "404 x 1"), (426, "426 x 1")])
async def test_what_the_key_may_not_do(watched: Watched, status: int, note: str) -> None:
    """It is told of the operation, the others go on, and the run is complete."""
    watched.sandbox.fail("tickets.list", status, times=None)
    run = await watched.read("tickets", "webhooks")
    assert f"| `list-tickets` | partial | refused | {note} |" in run.report()
    assert {result.state for result in run.results} == {"refused", "not seen", "seen"}
    assert run.complete
    # A list can't be missing.
    assert run.status == (DRIFT if status == 404 else NOTHING)


async def test_a_key_that_is_refused(watched: Watched) -> None:
    """Three operations are enough to see that it is not one of them."""
    run = await watched.read(api_key="wrong")
    assert (run.stopped, run.requests, run.status) == ("the key is refused", 3, INCOMPLETE)


async def test_one_operation_that_takes_no_key(watched: Watched) -> None:
    """Is told like any other refusal."""
    watched.sandbox.fail("customers.get", 401, times=None)
    run = await watched.read("customers", samples=2)
    assert (run.stopped, run.requests) == (None, 4)
    assert "| `get-customer` | partial | refused | 401 x 2 |" in run.report()


async def test_a_server_that_does_not_answer(agency: Sandbox) -> None:
    """Three calls with all their attempts, and it is given up."""

    def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("", request=request)

    probe = of(answer, agency).probe()
    timeless(probe)
    await probe.read()
    run = probe.run()
    assert (run.stopped, run.requests) == ("3 calls one after another got no answer", 12)
    assert "| `list-agreements` | partial | failed | APITimeoutError x 1 |" in run.report()
    assert run.status == INCOMPLETE


async def test_one_call_without_an_answer(watched: Watched) -> None:
    """The others go on, and the run is not complete."""
    watched.sandbox.drop("customers.get", times=4)
    probe = watched.probe("customers", samples=2)
    timeless(probe)
    await probe.read()
    run = probe.run()
    assert "| `get-customer` | partial | seen | 200 x 1, APIConnectionError x 1 |" in run.report()
    assert (run.stopped, run.complete, run.status) == (None, False, INCOMPLETE)


async def test_a_part_of_the_server_that_fails(watched: Watched) -> None:
    """An error of the server is no drift, and what could not be judged makes the run incomplete."""
    watched.sandbox.fail("webhooks.list", 500, times=None)
    probe = watched.probe("webhooks", "tickets.list")
    timeless(probe)
    await probe.read()
    run = probe.run()
    assert "| `list-webhooks` | partial | failed | 500 x 1 |" in run.report()
    assert (run.findings.drifts, run.stopped, run.status) == ((), None, INCOMPLETE)


async def test_refusals_for_the_rate_limit_are_waited_out(agency: Sandbox) -> None:
    """As long as the server says; they are nothing to report."""
    answers = [httpx.Response(429, headers={"Retry-After": "17"}), httpx.Response(200, json=PAGE)]
    probe = of(lambda _: answers.pop(0), agency).probe("customers.list", rate_limit=UNSET)
    clock = timeless(probe)
    await probe.read()
    run = probe.run()
    assert (run.requests, run.complete, run.findings.drifts) == (2, True, ())
    assert 17 <= sum(clock.waits) < 19


async def test_a_rate_limit_that_lets_nothing_through(agency: Sandbox) -> None:
    """It is given up after five refusals, each of which was waited out."""
    refusal: dict[str, Any] = {"headers": {"Retry-After": "30"}, "json": {"message": "Too many requests."}}
    probe = of(lambda _: httpx.Response(429, **refusal), agency).probe(rate_limit=UNSET)
    clock = timeless(probe)
    await probe.read()
    assert (probe.run().stopped, probe.run().requests) == ("the rate limit lets nothing through", 5)
    assert sum(clock.waits) >= 120


async def test_it_can_be_interrupted(watched: Watched) -> None:
    """What was found until then is there."""
    watched.sandbox.drift("customers.list", add={"new": 1})
    watched.sandbox.delay("customers.get", 60)
    probe = watched.probe("customers")
    has_list = asyncio.Event()
    probe._tell = lambda _: has_list.set()
    task = asyncio.create_task(probe.read())
    await has_list.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    run = probe.run()
    assert run.stopped == "interrupted"
    assert [found.kind for found in run.findings.drifts] == ["unknown_field"]
    assert run.status == DRIFT


async def test_progress_is_told(watched: Watched) -> None:
    """A line for each operation."""
    watched.sandbox.fail("customers.get", 403)
    await watched.read("customers", samples=2)
    assert watched.told == ["customers.list: 200 x 2", "customers.get: 200 x 1, 403 x 1"]
