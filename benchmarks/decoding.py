"""From the bytes of one page of 15 invoices to typed objects, beside the peers that do the same."""

from __future__ import annotations

import datetime
import gc
import importlib
import json
import time
import types
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec
import pydantic

from benchmarks import answers, stock
from benchmarks.figures import Figure, ratio
from mijnklantportaal_client import _json, _json_fast
from mijnklantportaal_client._codecs import ModelOf
from mijnklantportaal_client._drift import Drift
from mijnklantportaal_client._page import PageOf
from mijnklantportaal_client.models import CustomerInvoice

if TYPE_CHECKING:
    from benchmarks.rounds import Times

Decode = Callable[[], object]
READER = PageOf(ModelOf(CustomerInvoice))
INVOICES = [answers.invoice(number) for number in range(16, 31)]
USUAL = answers.page("customer-invoices", INVOICES)
# As Laravel writes it unless it is told otherwise.
ESCAPED = USUAL.replace(b"/", b"\\/")
SHORT = answers.page("customer-invoices", [{k: v for k, v in each.items() if k != "dueAt"} for each in INVOICES])
NEWER = answers.page("customer-invoices", [each | {"reminders": 1} for each in INVOICES])


def stock_and_hand(content: bytes) -> Decode:
    """The stock package makes dates and moments of the invoices that it is given; amounts are typed by hand."""
    stock.importable()
    invoice = importlib.import_module(f"{stock.NAME}.models.customer_invoice").CustomerInvoice
    envelope = importlib.import_module(f"{stock.NAME}.models.page_envelope").PageEnvelope

    def decode() -> object:
        page = envelope.from_dict(json.loads(content))
        invoices = [invoice.from_dict(row) for row in page.additional_properties["data"]]
        for each in invoices:
            each.amount = Decimal(each.amount)
        return invoices

    return decode


def ours(content: bytes, loads: Callable[[bytes], Any]) -> Decode:
    """As `_answer.read_answer` does it."""
    return lambda: READER.read_whole(loads(content), Drift())


def by_pydantic(content: bytes) -> Decode:
    class Link(pydantic.BaseModel):
        href: str
        type: str

    class Links(pydantic.BaseModel):
        customer: Link
        onlinePaymentLink: Link  # noqa: N815 - the name on the wire

    class Invoice(pydantic.BaseModel):
        id: str
        customer_id: str = pydantic.Field(alias="customerId")
        invoice_number: str = pydantic.Field(alias="invoiceNumber")
        issued_at: datetime.date = pydantic.Field(alias="issuedAt")
        due_at: datetime.date | None = pydantic.Field(None, alias="dueAt")
        currency: str
        amount: Decimal
        paid_at: datetime.datetime | None = pydantic.Field(alias="paidAt")
        created_at: datetime.datetime = pydantic.Field(alias="createdAt")
        links: Links

    class Page(pydantic.BaseModel):
        data: list[Invoice]
        current_page: int
        per_page: int
        next_page_url: str | None

    names = {"datetime": datetime, "Decimal": Decimal, "Link": Link, "Links": Links, "Invoice": Invoice}
    for model in (Link, Links, Invoice, Page):
        model.model_rebuild(_types_namespace=names)
    return lambda: Page.model_validate_json(content)


def by_msgspec(content: bytes) -> Decode:
    link = msgspec.defstruct("Link", [("href", str), ("type", str)])
    links = msgspec.defstruct("Links", [("customer", link), ("online_payment_link", link)], rename="camel")
    invoice = msgspec.defstruct(
        "Invoice",
        [
            ("id", str),
            ("customer_id", str),
            ("invoice_number", str),
            ("issued_at", datetime.date),
            ("currency", str),
            ("amount", Decimal),
            ("paid_at", datetime.datetime | None),
            ("created_at", datetime.datetime),
            ("links", links),
            ("due_at", datetime.date | None, None),
        ],
        rename="camel",
    )
    rows: Any = types.GenericAlias(list, (invoice,))
    page = msgspec.defstruct(
        "Page", [("data", rows), ("current_page", int), ("per_page", int), ("next_page_url", str | None)]
    )
    decoder = msgspec.json.Decoder(page)
    return lambda: decoder.decode(content)


def in_turns(decoders: dict[str, Decode], rounds: int, each: int) -> Times:
    """Seconds of this process for one decoding, by name and round; in another order each time."""
    names = list(decoders)
    times: Times = {name: [] for name in names}
    # What the benchmarks before this one have left is no part of a decoder's garbage.
    gc.freeze()
    try:
        for number in range(rounds):
            start = number % len(names)
            for name in names[start:] + names[:start]:
                decode = decoders[name]
                gc.collect()
                begun = time.process_time()
                for _ in range(each):
                    decode()
                times[name].append((time.process_time() - begun) / each)
    finally:
        gc.unfreeze()
    return times


def measure(quick: bool = False) -> list[Figure]:
    """Ratios to the stock package with amounts typed by hand, each for the same bytes."""
    pages = {"usual": USUAL, "escaped": ESCAPED, "short": SHORT, "newer": NEWER}
    decoders: dict[str, Decode] = {
        "json": lambda: json.loads(USUAL),
        "pydantic": by_pydantic(USUAL),
        "msgspec": by_msgspec(USUAL),
    }
    for name, content in pages.items():
        decoders[f"stock {name}"] = stock_and_hand(content)
        decoders[f"default {name}"] = ours(content, _json.loads)
        decoders[f"fast {name}"] = ours(content, _json_fast.loads)
    times = in_turns(decoders, 10 if quick else 60, 20)

    def figure(label: str, name: str, page: str = "usual", target: str = "", note: str = "") -> Figure:
        return ratio(label, times[name], times[f"stock {page}"], target, note)

    return [
        figure("15 invoices from bytes, default", "default usual", target="<= 0.60"),
        figure("15 invoices from bytes, extra fast", "fast usual", target="<= 0.42"),
        figure("json.loads alone", "json"),
        figure("pydantic v2, from JSON", "pydantic", note="keeps no unknown field, tells no difference"),
        figure("msgspec, typed", "msgspec", note="keeps no unknown field, tells no difference"),
        figure("slashes escaped, default", "default escaped", "escaped", note="as Laravel writes them"),
        figure("slashes escaped, extra fast", "fast escaped", "escaped"),
        figure("no due date in any row, default", "default short", "short"),
        figure("a new field in every row, default", "default newer", "newer", note="each is kept, and noted as drift"),
    ]
