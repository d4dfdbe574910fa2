"""How many instructions of Python the decoding of a page takes: the same on every machine, whatever else it does.

`python -m benchmarks.decoding_instructions` counts them, beside those of a function that does the least there is to do.
"""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Callable
from decimal import Decimal
from types import FrameType, SimpleNamespace
from typing import Any

from benchmarks import answers
from mijnklantportaal_client._codecs import ModelOf
from mijnklantportaal_client._drift import Drift
from mijnklantportaal_client._json import loads
from mijnklantportaal_client._page import PageOf
from mijnklantportaal_client.models import Customer, CustomerInvoice


def least(row: dict[str, Any]) -> SimpleNamespace:
    """An invoice without a look at anything: what is wrong in it is found by whoever uses it."""
    invoice = SimpleNamespace(**row)
    invoice.issuedAt = datetime.date.fromisoformat(row["issuedAt"])
    invoice.dueAt = datetime.date.fromisoformat(row["dueAt"])
    invoice.amount = Decimal(row["amount"])
    invoice.paidAt = datetime.datetime.fromisoformat(row["paidAt"]) if row["paidAt"] is not None else None
    invoice.createdAt = datetime.datetime.fromisoformat(row["createdAt"])
    invoice.links = SimpleNamespace(**{name: SimpleNamespace(**link) for name, link in row["links"].items()})
    return invoice


def counted() -> dict[str, int]:
    """Instructions of Python, by what is decoded."""
    invoices = [answers.invoice(number) for number in range(answers.PER_PAGE)]
    customers = [answers.customer(number) for number in range(answers.PER_PAGE)]
    known = [{key: value for key, value in row.items() if value is not None} for row in customers]
    pages = {
        "invoices": (CustomerInvoice, invoices),
        "invoices with a new field": (CustomerInvoice, [row | {"reminders": 1} for row in invoices]),
        "customers": (Customer, customers),
        "customers without what is not known": (Customer, known),
    }

    def reading(kind: Any, rows: list[dict[str, Any]]) -> Callable[[], object]:
        reader, content = PageOf(ModelOf(kind)), answers.page("rows", rows)
        return lambda: reader.read_whole(loads(content), Drift())

    content = answers.page("rows", invoices)
    result = {"least": _count(lambda: [least(row) for row in loads(content)["data"]])}
    return result | {name: _count(reading(kind, rows)) for name, (kind, rows) in pages.items()}


def _count(work: Callable[[], object]) -> int:
    count = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        if event == "opcode":
            count += 1
        else:
            frame.f_trace_opcodes = True
            frame.f_trace_lines = False
        return trace

    # In the first run, Python 3.12 does not tell of every instruction.
    for _ in range(2):
        count = 0
        sys.settrace(trace)
        try:
            work()
        finally:
            sys.settrace(None)
    return count


if __name__ == "__main__":
    print(json.dumps(counted()))
