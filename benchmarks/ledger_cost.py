"""What a ledger costs per call: the time of a call with it over that of the same call without.

python -m benchmarks.ledger_cost
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.figures import Figure
from mijnklantportaal_client.ledger import Ledger
from mijnklantportaal_client.testing import RemoteSandbox

if TYPE_CHECKING:
    from mijnklantportaal_client import MijnKlantportaal
    from mijnklantportaal_client.models import Customer

_PACE = 1.0
"""Seconds from one call to the next at the API's limit of 60 a minute."""


def measure(quick: bool = False) -> list[Figure]:
    """Calls a sandbox in another process over HTTP, in turns with and without a ledger."""
    rounds, calls = (3, 20) if quick else (9, 100)
    with RemoteSandbox.start(rate_limit=None) as sandbox:
        return asyncio.run(_measure(sandbox, rounds, calls))


async def _measure(sandbox: RemoteSandbox, rounds: int, calls: int) -> list[Figure]:
    plain: list[float] = []
    first: list[float] = []
    again: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        async with sandbox.client(rate_limit=None) as portal, Ledger(Path(folder) / "ledger.db") as ledger:

            async def without(number: int) -> Customer:
                return await _create(portal, number)

            async def with_ledger(number: int) -> Customer:
                return await ledger.once(f"customer {number}", lambda: _create(portal, number))

            await _time(without, range(5))
            for number in range(rounds):
                part = range(number * calls, (number + 1) * calls)
                plain.append(await _time(without, part))
                first.append(await _time(with_ledger, part))
                again.append(await _time(with_ledger, part))
    more = [1000 * (with_it - without) for with_it, without in zip(first, plain, strict=True)]
    note = "one call after another, over HTTP to a sandbox on the same machine; four writes with a sync each"
    return [
        _figure("A call with a ledger, over one without", [f / p for f, p in zip(first, plain, strict=True)], note),
        _figure("The result of an earlier call, over a call", [a / p for a, p in zip(again, plain, strict=True)], note),
        _figure("What a ledger adds to a call", more, "", unit="ms"),
        _figure("At 60 calls a minute", [(_PACE + each / 1000) / _PACE for each in more], "if nothing runs at a time"),
    ]


def _figure(name: str, values: list[float], note: str, unit: str = "x") -> Figure:
    return Figure(name, statistics.median(values), min(values), max(values), note=note, unit=unit)


async def _time(call: Callable[[int], Awaitable[Customer]], numbers: range) -> float:
    """Seconds per call."""
    begun = time.perf_counter()
    for number in numbers:
        await call(number)
    return (time.perf_counter() - begun) / len(numbers)


async def _create(portal: MijnKlantportaal, number: int) -> Customer:
    return await portal.customers.create(
        company_name=f"Test Company {number} BV",
        address="Teststreet 123",
        zip_code="1234AB",
        city="Amsterdam",
        primary_email="john.doe@test.com",
    )


if __name__ == "__main__":
    for figure in measure():
        print(f"{figure.name}: {figure.value:.3g} {figure.unit} ({figure.low:.3g} to {figure.high:.3g})")
