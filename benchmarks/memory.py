"""Bytes that 10,000 decoded customers take, each time in a fresh process.

`python -m benchmarks.memory ours|stock|dicts|rest`
"""

from __future__ import annotations

import gc
import importlib
import json
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import answers, stock
from benchmarks.figures import Figure, summary

ROOT = Path(__file__).parents[1]
CUSTOMERS = 10_000
ABSENT = "absent"
Read = Callable[[bytes], list[Any]]


def ours() -> Read:
    from mijnklantportaal_client._codecs import ModelOf
    from mijnklantportaal_client._drift import Drift
    from mijnklantportaal_client._json import loads
    from mijnklantportaal_client._page import PageOf
    from mijnklantportaal_client.models import Customer

    reader = PageOf(ModelOf(Customer))
    return lambda content: reader.read_whole(loads(content), Drift()).data


def by_stock() -> Read:
    stock.importable()
    customer = importlib.import_module(f"{stock.NAME}.models.customer").Customer
    envelope = importlib.import_module(f"{stock.NAME}.models.page_envelope").PageEnvelope

    def read(content: bytes) -> list[Any]:
        rows = envelope.from_dict(json.loads(content)).additional_properties["data"]
        return [customer.from_dict(row) for row in rows]

    return read


def dicts() -> Read:
    return lambda content: json.loads(content)["data"]


READERS: dict[str, Callable[[], Read]] = {"ours": ours, "stock": by_stock, "dicts": dicts}


def taken(name: str, count: int, *, absent: bool) -> int:
    """Bytes that so many customers take, read page by page; where nothing is known, null is sent or nothing."""
    read = READERS[name]()

    def content(first: int) -> bytes:
        rows = [answers.customer(number) for number in range(first, first + answers.PER_PAGE)]
        if absent:
            rows = [{key: value for key, value in row.items() if value is not None} for row in rows]
        return answers.page("customers", rows)

    kept = read(content(0))
    kept.clear()
    gc.collect()
    tracemalloc.start()
    for first in range(0, count, answers.PER_PAGE):
        kept += read(content(first))
    gc.collect()
    return tracemalloc.get_traced_memory()[0] * count // len(kept)


def _in_a_fresh_process(*arguments: str) -> int:
    command = [sys.executable, "-m", "benchmarks.memory", *arguments]
    return int(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)


def measure(quick: bool = False) -> list[Figure]:
    """Ratios to the stock package; the same in each run, so that there is no spread."""
    count = str(CUSTOMERS // 10 if quick else CUSTOMERS)
    result = []
    for label, rest in (("with null where nothing is known", ()), ("with nothing there", (ABSENT,))):
        base, *others = (_in_a_fresh_process(name, count, *rest) for name in ("stock", "ours", "dicts"))
        names = (("default", "<= 0.6"), ("plain dicts", ""))
        for (name, target), found in zip(names, others, strict=True):
            note = f"{found // int(count)} bytes each"
            result.append(summary(f"{CUSTOMERS:,} customers {label}, {name}", [found / base], target, note))
    return result


if __name__ == "__main__":
    print(taken(sys.argv[1], int(sys.argv[2]), absent=ABSENT in sys.argv))
