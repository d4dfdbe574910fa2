"""A billing run in a process of its own, which is killed: with a ledger, or the way that people write it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from mijnklantportaal_client import MijnKlantportaal, MijnKlantportaalError
from mijnklantportaal_client._auth import APIKey
from mijnklantportaal_client._clock import Clock
from mijnklantportaal_client._http import _Watch
from mijnklantportaal_client.ledger import Ledger, SQLiteStore, find_created

if TYPE_CHECKING:
    from mijnklantportaal_client.models import CustomerInvoice

CUSTOMER_ID = "cst_proof0000000"
TRIES = 5
"""How often a plain retry tries one invoice."""


@attrs.frozen(kw_only=True)
class Job:
    """A billing run.

    Attributes:
        url: Base URL of the sandbox.
        folder: Where it keeps what it has done.
        invoices: How many there are to make.
        way: `ledger`, or `retry` for the usual loop with a list of what is done.
        settle: As for the ledger.
        point: The kind of await at which it kills itself; None for none.
        nth: The how manieth of these.
    """

    url: str
    folder: str
    invoices: int
    way: str = "ledger"
    settle: float = 1.0
    point: str | None = None
    nth: int = 1


def work(job: Job) -> None:
    """Does the job; the end of the process tells the rest."""
    points = Points(job)
    points.plant()
    begin = {"ledger": with_ledger, "retry": with_retry}[job.way]
    complete = asyncio.run(begin(job))
    if job.point is not None:
        (Path(job.folder) / "points.json").write_text(json.dumps(sorted(points.seen)), encoding="utf-8")
    # What is left of the batch is for another run.
    os._exit(0 if complete else 3)


async def with_ledger(job: Job) -> bool:
    """Whether every invoice is made."""
    async with (
        MijnKlantportaal(api_key="sandbox", base_url=job.url, rate_limit=None) as portal,
        Ledger(Path(job.folder) / "ledger.db", settle=job.settle) as ledger,
    ):
        listing = portal.customer_invoices.list()

        async def find(number: str) -> CustomerInvoice | None:
            return await find_created(listing, match=lambda invoice: invoice.invoice_number == number)

        report = await ledger.run(numbers(job), key=str, call=lambda number: create(portal, number), find=find)
        return report.complete


async def with_retry(job: Job) -> bool:
    """The same as it is usually written: what fails is tried again, and a file says what is done."""
    done = Path(job.folder) / "done.txt"
    before = set(done.read_text(encoding="utf-8").split()) if done.exists() else set()
    places = asyncio.Semaphore(8)
    with done.open("a", encoding="utf-8") as file:

        async def one(portal: MijnKlantportaal, number: str) -> bool:
            async with places:
                for _ in range(TRIES):
                    try:
                        await create(portal, number)
                    except MijnKlantportaalError:
                        continue
                    file.write(f"{number}\n")
                    file.flush()
                    return True
                return False

        async with MijnKlantportaal(api_key="sandbox", base_url=job.url, rate_limit=None) as portal:
            left = [number for number in numbers(job) if number not in before]
            return all(await asyncio.gather(*[one(portal, number) for number in left]))


def numbers(job: Job) -> list[str]:
    """The invoice numbers, which are the keys too."""
    return [f"2026-{number:04}" for number in range(job.invoices)]


async def create(portal: MijnKlantportaal, number: str) -> CustomerInvoice:
    """Makes an invoice."""
    return await portal.customer_invoices.create_from_lines(
        customer_id=CUSTOMER_ID,
        invoice_number=number,
        issued_at="2026-01-31",
        lines=[{"description": "Hosting", "amount_excl_vat": "10.00", "vat_rate": 21}],
    )


class Points:
    """The kinds of awaits that were met, at one of which the process kills itself.

    Attributes:
        seen: Their names.
    """

    def __init__(self, job: Job) -> None:
        self._job = job
        self._counts: Counter[str] = Counter()
        self.seen: set[str] = set()

    def plant(self) -> None:
        """Puts them where the ledger, the client and its HTTP library wait."""
        if self._job.point is None:
            return
        for name in ("load", "join", "alive", "leave"):
            self._around(SQLiteStore, name, partial(_always, name))
        self._around(SQLiteStore, "save", lambda arguments: f"save {arguments[1].state.value}")
        self._around(APIKey, "token", partial(_always, "token"))
        self._around(Clock, "sleep", partial(_always, "wait"))
        self._around(_Watch, "__call__", _event)

    def _around(self, kind: type, name: str, label: Callable[[tuple[Any, ...]], str]) -> None:
        inner: Callable[..., Awaitable[Any]] = getattr(kind, name)

        async def outer(*args: Any, **kwargs: Any) -> Any:
            at = label(args)
            self.at(f"before {at}")
            try:
                return await inner(*args, **kwargs)
            finally:
                self.at(f"after {at}")

        setattr(kind, name, outer)

    def at(self, point: str) -> None:
        """Ends the process without a word, if this is where."""
        self.seen.add(point)
        self._counts[point] += 1
        if point == self._job.point and self._counts[point] == self._job.nth:
            os.kill(os.getpid(), signal.SIGKILL)


def _always(label: str, _: tuple[Any, ...]) -> str:
    return label


def _event(arguments: tuple[Any, ...]) -> str:
    watch, event = arguments[:2]
    return f"{watch._method} {event.partition('.')[2]}"
