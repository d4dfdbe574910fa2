"""Batches: each item once, what is in doubt looked up together, and a report at the end."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from mijnklantportaal_client import (
    APIConnectionError,
    AsyncPager,
    MijnKlantportaal,
    RetryPolicy,
    ValidationError,
    models,
)
from mijnklantportaal_client.ledger import (
    Ending,
    EntryState,
    KeyReusedError,
    Ledger,
    LedgerStoreError,
    Progress,
    SQLiteStore,
    UnresolvedError,
    find_created,
)
from mijnklantportaal_client.testing import Sandbox
from tests.conftest import CUSTOMER, NEW_CUSTOMER, Bench, FakeClock, MakeBench
from tests.ledger.conftest import MakeLedger
from tests.ledger.test_takeover import Failing
from tests.waiting import until

LOST = httpx.ReadError("lost")


class Portal:
    """A server that makes customers, and does what is wrong with some of them."""

    def __init__(self, bench: MakeBench, **wrong: Any) -> None:
        self.wrong = {name: list(what) if isinstance(what, list) else [what] for name, what in wrong.items()}
        self.made: list[str] = []
        self.lists = 0
        self.it: Bench = bench(self.answer, retry=RetryPolicy(max_attempts=1))
        self.customers: AsyncPager[models.Customer] = self.it.portal.customers.list()

    async def answer(self, request: httpx.Request) -> Any:
        import json

        if request.method == "GET":
            self.lists += 1
            rows = [{**CUSTOMER, "id": f"cst_{name}", "companyName": name} for name in reversed(self.made)]
            return {"current_page": 1, "per_page": 15, "next_page_url": None, "data": rows}
        name = json.loads(request.content)["companyName"]
        wrong = self.wrong.get(name, [])
        what = wrong.pop(0) if wrong else None
        if what is None or what == "lost":
            self.made.append(name)
        if what == "lost":
            raise LOST
        if isinstance(what, BaseException):
            raise what
        return httpx.Response(what, json={}) if isinstance(what, int) else {**CUSTOMER, "companyName": name}

    def create(self, name: str) -> Any:
        return self.it.portal.customers.create(**{**NEW_CUSTOMER, "company_name": name})

    def find(self, name: str) -> Any:
        return find_created(self.customers, lambda customer: customer.company_name == name)

    async def run(self, ledger: Ledger, names: str, **options: Any) -> Any:
        return await ledger.run(names, key=lambda name: f"customer {name}", call=self.create, find=self.find, **options)


@pytest.mark.parametrize("boot", ["one", None])
async def test_a_batch(ledger: Ledger, bench: MakeBench, clock: FakeClock, boot: str | None) -> None:
    """Everything is made once in spite of all; one wait and one scan for what was in doubt, with any clock."""
    ledger._book.clocks.boot = boot
    portal = Portal(bench, b="lost", c=LOST, d=422, e="lost")
    told: list[Progress] = []
    report = await portal.run(ledger, "abcdef", on_progress=told.append)
    assert sorted(portal.made) == list("abcef")
    assert (list(report.found), list(report.done)) == (
        ["customer b", "customer e"],
        ["customer a", "customer f", "customer c"],
    )
    assert isinstance(report.failed["customer d"], ValidationError)
    assert (report.complete, report.unresolved, report.earlier, report.left) == (False, {}, {}, [])
    assert (sum(clock.waits), portal.lists) == (180.0, 1)
    assert str(report) == "6 items: 3 done, 0 done earlier, 2 found, 0 unresolved, 1 failed"
    assert [each.finished for each in told] == [1, 2, 3, 4, 5, 6]
    assert {each.key: each.ending for each in told}["customer d"] is Ending.FAILED
    again = await portal.run(ledger, "abcdef")
    assert (again.complete, list(again.done), len(again.earlier)) == (True, ["customer d"], 5)
    assert {key: each.company_name for key, each in again.results.items()} == {f"customer {c}": c for c in "abcdef"}
    assert sorted(portal.made) == list("abcdef")


async def test_doubt_that_stays(ledger: Ledger, bench: MakeBench) -> None:
    """Where sending it again ends in doubt once more, and where the search fails; the next run goes on."""
    portal = Portal(bench, a=[LOST, LOST], b="lost")
    report = await portal.run(ledger, "ab")
    assert (list(report.unresolved), list(report.found)) == (["customer a"], ["customer b"])
    assert isinstance(report.unresolved["customer a"], APIConnectionError)

    def broken(name: str) -> Any:
        raise RuntimeError(name)

    report = await ledger.run(["a"], key=lambda name: f"customer {name}", call=portal.create, find=broken)
    assert repr(report.unresolved) == "{'customer a': RuntimeError('a')}"
    assert (await portal.run(ledger, "ab")).complete
    assert sorted(portal.made) == ["a", "b"]


async def test_without_find(ledger: Ledger, bench: MakeBench, clock: FakeClock) -> None:
    """What is in doubt is in the report, and is not sent again."""
    portal = Portal(bench, a="lost")
    for kind in (APIConnectionError, UnresolvedError):
        report = await ledger.run("ab", key=str, call=portal.create)
        assert {key: type(error) for key, error in report.unresolved.items()} == {"a": kind}
    assert (portal.made, clock.waits) == (["a", "b"], [])


async def test_what_is_not_wanted_twice(ledger: Ledger, bench: MakeBench) -> None:
    """Two items with one key, before anything is sent; and a key of another change."""
    portal = Portal(bench)
    with pytest.raises(ValueError, match="two items have the key 'customer a'"):
        await portal.run(ledger, "aba")
    assert portal.made == []
    await portal.run(ledger, "a")
    report = await ledger.run(["b"], key=lambda _: "customer a", call=portal.create, find=portal.find)
    assert isinstance(report.failed["customer a"], KeyReusedError)
    assert portal.made == ["a"]

    async def twice(name: str) -> Any:
        await portal.create(name)
        return await portal.create(name)

    report = await ledger.run(["b"], key=str, call=twice)
    assert (list(report.unresolved), report.failed, portal.made) == (["b"], {}, ["a", "b"])


async def test_stopping_at_the_first_error(ledger: Ledger, bench: MakeBench) -> None:
    """What has not begun is left, and told."""
    portal = Portal(bench, b=422, a="lost")
    report = await portal.run(ledger, "abcd", concurrency=1, stop_on_error=True)
    assert (list(report.failed), list(report.unresolved), report.left) == (
        ["customer b"],
        ["customer a"],
        ["customer c", "customer d"],
    )
    assert str(report).endswith("2 left")


async def test_stopping_while_it_is_looked_up(ledger: Ledger, bench: MakeBench) -> None:
    """What was not looked up stays in doubt, and each item ends once."""
    portal = Portal(bench, a="lost", b=[LOST, 422], c="lost")
    for answers, expected in (([LOST, 422], APIConnectionError), ([422], UnresolvedError)):
        told: list[Progress] = []
        portal.wrong["b"] = list(answers)
        report = await portal.run(ledger, "abc", concurrency=1, stop_on_error=True, on_progress=told.append)
        assert (len(report.found) + len(report.earlier), list(report.failed)) == (1, ["customer b"])
        assert {key: type(error) for key, error in report.unresolved.items()} == {"customer c": expected}
        assert [each.finished for each in told] == [1, 2, 3]
        portal.wrong["b"] = [LOST]
        with pytest.raises(APIConnectionError):
            await ledger.once("customer b", lambda: portal.create("b"), lambda: portal.find("b"))
    assert sorted(portal.made) == ["a", "c"]


async def test_concurrency(ledger: Ledger) -> None:
    """No more at a time than is said."""
    now, most, begun = 0, 0, 0

    async def call(_: int) -> int:
        nonlocal now, most, begun
        now, begun = now + 1, begun + 1
        most = max(most, now)
        await until(lambda: now >= 3 or begun == 20)
        for _ in range(10):
            # As long as a fourth one would need to begin.
            await ledger.entry("another")
        now -= 1
        return 1

    assert (await ledger.run(range(20), key=str, call=call, concurrency=3)).complete
    assert most == 3
    assert (await ledger.run([], key=str, call=call)).complete


async def test_a_batch_that_is_cancelled(ledger: Ledger, bench: MakeBench) -> None:
    """Everything that was under way is recorded, and the next run goes on."""
    reached = asyncio.Event()

    async def never(_: httpx.Request) -> None:
        reached.set()
        await asyncio.Event().wait()

    it = bench(never)
    task = asyncio.create_task(ledger.run("abc", key=str, call=lambda _: it.create(), concurrency=2))
    await reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    states = {entry.key: entry.state for entry in await ledger.open()}
    assert states.keys() == {"a", "b"}
    assert states["a"] is EntryState.UNKNOWN
    assert all(not state.is_running for state in states.values())


async def test_a_file_that_fails_ends_the_batch(make_ledger: MakeLedger, bench: MakeBench, path: Any) -> None:
    """Every other item would fail as well."""
    store, it = SQLiteStore(path), bench(CUSTOMER)
    for state in (EntryState.BEGUN, EntryState.DONE):
        ledger = make_ledger(Failing(store, state))
        with pytest.raises(LedgerStoreError):
            await ledger.run("abc", key=str, call=lambda _: it.create(), concurrency=1)
        await ledger.aclose()
    assert len(it.server.requests) == 1
    await store.aclose()


async def test_a_progress_that_fails(ledger: Ledger, bench: MakeBench, caplog: pytest.LogCaptureFixture) -> None:
    """It is logged, and the batch goes on."""
    portal = Portal(bench)
    assert (await portal.run(ledger, "ab", on_progress=lambda _: 1 / 0)).complete
    assert caplog.text.count("on_progress failed") == 2


async def test_an_async_progress(ledger: Ledger, bench: MakeBench, caplog: pytest.LogCaptureFixture) -> None:
    """It is waited for, and may fail as well."""
    told: list[str] = []

    async def tell(progress: Progress) -> None:
        await asyncio.sleep(0)
        told.append(progress.key)
        raise OSError

    assert (await Portal(bench).run(ledger, "ab", on_progress=tell, concurrency=1)).complete
    assert (told, caplog.text.count("on_progress failed")) == (["customer a", "customer b"], 2)


async def test_a_result_that_is_lost(ledger: Ledger, bench: MakeBench) -> None:
    """It was carried out, and is not told as what was not; a person gives the result."""
    it = bench(CUSTOMER)

    def call(_: str) -> Any:
        return it.portal.request("POST", "/customers", json={})

    assert (await ledger.run("a", key=str, call=call)).complete
    report = await ledger.run("a", key=str, call=call)
    assert (list(report.unresolved), report.failed) == (["a"], {})
    await ledger.resolve("a", carried_out=True, result=CUSTOMER["id"])
    report = await ledger.run("a", key=str, call=call)
    assert (report.earlier, len(it.server.requests)) == ({"a": CUSTOMER["id"]}, 1)


@pytest.mark.parametrize("change", [{"key": 1}, {"call": None}, {"find": 1}, {"on_progress": 1}, {"concurrency": "2"}])
async def test_arguments(ledger: Ledger, change: dict[str, Any]) -> None:
    """What can't be right is refused at once."""
    given: dict[str, Any] = {"key": str, "call": str, **change}
    with pytest.raises(TypeError):
        await ledger.run("abc", **given)
    with pytest.raises(ValueError, match="concurrency"):
        await ledger.run("abc", key=str, call=str, concurrency=0)  # type: ignore[arg-type]


async def test_uploads_and_invoices(ledger: Ledger) -> None:
    """What can't be looked up, and what can, against a whole portal."""
    async with Sandbox(rate_limit=None) as sandbox, sandbox.client(retry=RetryPolicy(max_attempts=1)) as portal:
        customer = sandbox.state.customers.add()
        sandbox.drop("files.upload", when="after")
        sandbox.drop("customer_invoices.create_from_lines", when="after")
        listing = portal.customer_invoices.list()
        uploads = await ledger.run(
            ["a.pdf", "b.pdf"], key=str, call=lambda name: portal.files.upload(file=f"%PDF- {name}".encode())
        )
        assert (len(uploads.unresolved), len(uploads.done)) == (1, 1)
        invoices = await ledger.run(
            ["2026-1", "2026-2"],
            key=lambda number: f"invoice {number}",
            call=lambda number: invoice(portal, customer.id, number),
            find=lambda number: find_created(listing, match=lambda each: each.invoice_number == number),
        )
        assert (invoices.complete, len(invoices.found)) == (True, 1)
        assert sorted(each.invoice_number for each in sandbox.state.customer_invoices) == ["2026-1", "2026-2"]


async def invoice(portal: MijnKlantportaal, customer_id: str, number: str) -> models.CustomerInvoice:
    """Makes an invoice."""
    return await portal.customer_invoices.create_from_lines(
        customer_id=customer_id,
        invoice_number=number,
        issued_at="2026-01-31",
        lines=[{"description": "Hosting", "amount_excl_vat": "10.00", "vat_rate": 21}],
    )
