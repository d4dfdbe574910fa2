"""The demo: a web agency and its 40 customers, whose paperwork hangs together."""

from __future__ import annotations

import datetime
import re
import time
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import jsonschema_rs
import pytest

from mijnklantportaal_client.testing._portal import money, shown
from mijnklantportaal_client.testing._portal.clock import PortalClock
from mijnklantportaal_client.testing._portal.contract import shipped
from mijnklantportaal_client.testing._portal.demo import fill
from mijnklantportaal_client.testing._portal.demo.service import Service
from mijnklantportaal_client.testing._portal.portal import Event, Portal
from mijnklantportaal_client.testing._portal.resources import BEHAVIOURS

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOW = datetime.datetime(2026, 11, 22, 20, 0, tzinfo=AMSTERDAM)
CONTRACT = shipped()
SCHEMAS = {name: schema for name, schema in shown.SCHEMAS.items() if name != "webhooks"}
SCHEMAS["sign_ups"] = "PendingSignUp"
NO_SCHEMA = {"subscription_payments", "webhooks"}


def empty(now: datetime.datetime = NOW, seed: int | None = None) -> Portal:
    """A portal at a moment that stands still."""
    return Portal(CONTRACT, BEHAVIOURS, clock=PortalClock(now), seed=seed)


@cache
def demo(seed: int = 1, now: datetime.datetime = NOW) -> Portal:
    """One with the demo; shared, so only looked at."""
    portal = empty(now)
    fill(portal, seed)
    return portal


def dump(portal: Portal) -> Any:
    """All there is in it."""
    return {name: list(each) for name, each in portal.collections.items()}, portal.blobs


def texts(value: Any) -> Iterator[str]:
    """All texts in a record."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from texts(each)


def moment(text: str) -> datetime.datetime:
    """A moment of an answer."""
    return datetime.datetime.fromisoformat(text)


MOMENTS = [
    NOW,
    datetime.datetime(2028, 2, 29, 3, 0, tzinfo=AMSTERDAM),
    datetime.datetime(2030, 1, 31, 23, 59, tzinfo=AMSTERDAM),
    datetime.datetime(2031, 3, 30, 12, 0, tzinfo=AMSTERDAM),
]
every_seed = pytest.mark.parametrize(("seed", "now"), [(1, NOW), *enumerate(MOMENTS, 2)])


def test_a_seed_gives_the_same_demo() -> None:
    """And another one gives another."""
    again = empty(seed=7)
    fill(again, 1)
    assert dump(again) == dump(demo())
    assert dump(demo(2)) != dump(demo())
    names = [[each["companyName"] for each in demo(seed).of("customers")] for seed in (1, 2)]
    assert names[0] != names[1]
    assert sorted(names[0]) == sorted(names[1])


def test_the_portal_goes_on_as_before() -> None:
    """Its clock and its own IDs are left alone, and nobody hears of what was made up."""
    portal, events = empty(seed=1), list[Event]()
    portal.listeners.append(events.append)
    clock = portal.clock
    fill(portal, 1)
    assert (portal.clock, events) == (clock, [])
    assert portal.new_id("cst_") == empty(seed=1).new_id("cst_")
    with portal.changing():
        portal.emit("customer-created", {"id": "cst_1"})
    assert [event.type for event in events] == ["customer-created"]


def test_a_demo_that_fails_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither records nor a clock that stands in the past."""

    def fail(*_: object) -> None:
        raise ArithmeticError

    monkeypatch.setattr(Service, "_ticket", fail)
    portal = empty()
    clock = portal.clock
    with pytest.raises(ArithmeticError):
        fill(portal, 1)
    assert portal.clock is clock
    assert not any(map(len, portal.collections.values()))
    assert not portal.blobs


@every_seed
def test_every_record_is_a_valid_answer(seed: int, now: datetime.datetime) -> None:
    """As the API would show it."""
    portal = demo(seed, now)
    assert portal.collections.keys() == SCHEMAS.keys() | NO_SCHEMA
    for name, component in SCHEMAS.items():
        schema = CONTRACT.component(component)
        whole = {**schema, "components": CONTRACT.document["components"]}
        validator = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
        records = [CONTRACT.show(schema, each, "http://127.0.0.1:8400") for each in portal.of(name)]
        flaws = [(each["id"], error.message) for each in records for error in validator.iter_errors(each)]
        assert (flaws, len(records) > 0) == ([], True), name
        assert all(each["id"].startswith(portal.of(name).prefix) for each in records)


@every_seed
def test_there_are_forty_customers(seed: int, now: datetime.datetime) -> None:
    """With Dutch postal codes, telephone numbers that nobody has, and addresses that lead nowhere."""
    customers = list(demo(seed, now).of("customers"))
    assert len(customers) == len({each["companyName"] for each in customers}) == 40
    for each in customers:
        assert re.fullmatch(r"[1-9]\d{3}(?!SA|SD|SS)[A-EGHJ-NPRSTV-XZ]{2}", each["zipCode"])
        assert re.fullmatch(r"\+31[1-9]\d{1,2}0\d{5,6}", each["phone"])
        assert len(each["phone"]) == 12
    addresses = {text for name in SCHEMAS for each in demo(seed, now).of(name) for text in texts(each) if "@" in text}
    hosts = {each.rpartition("@")[2] for each in addresses if " " not in each}
    assert len(hosts) >= 40
    assert all(host.endswith(".example") for host in hosts)


@every_seed
def test_what_is_referred_to_exists(seed: int, now: datetime.datetime) -> None:
    """Every ID in every record, and the bytes of every file."""
    portal = demo(seed, now)
    prefixes = {each.prefix for each in portal.collections.values() if each.prefix}
    found = 0
    for collection in portal.collections.values():
        for record in collection:
            for text in texts(record):
                kind = text[: text.find("_") + 1]
                if re.fullmatch(r"[a-z]{3}_[a-z0-9]+", text) and kind in prefixes:
                    assert portal.find(text) is not None, text
                    found += 1
                elif kind == "blb_":
                    assert len(portal.blobs[text].content) > 0
    assert found > 1000
    for file in portal.of("files"):
        assert len(portal.blobs[file["blob"]].content) == file["size"]


@every_seed
def test_amounts_add_up(seed: int, now: datetime.datetime) -> None:
    """Lines to totals, VAT included."""
    portal = demo(seed, now)
    billed = [*portal.of("customer_invoices"), *portal.of("customer_offers")]
    with_lines = [each for each in billed if "lines" in each]
    assert len(with_lines) > 100
    assert [each["amount"] for each in with_lines] == [money.total(each["lines"]) for each in with_lines]
    for invoice in portal.of("mijnklantportaal_invoices"):
        net, vat, gross = (Decimal(repr(invoice[f"{name}Amount"])) for name in ("subtotal", "vat", "total"))
        assert net + vat == gross == sum(Decimal(repr(line["amountInclVat"])) for line in invoice["lines"])
        assert net == sum(Decimal(repr(line["amountExclVat"])) for line in invoice["lines"])


@every_seed
def test_times_are_in_order(seed: int, now: datetime.datetime) -> None:
    """Nothing was made in the future, older records come first, and all of it within a year."""
    portal = demo(seed, now)
    for name, collection in portal.collections.items():
        made = [moment(each["createdAt"]) for each in collection]
        assert made == sorted(made), name
        assert all(now - datetime.timedelta(340) < each <= now for each in made), name
    for invoice in portal.of("customer_invoices"):
        assert invoice["paidAt"] is None or invoice["issuedAt"] <= invoice["paidAt"][:10] <= now.date().isoformat()
    for ticket in portal.of("tickets"):
        posted = [moment(each["postedAt"]) for each in ticket["messages"]]
        assert posted == sorted(posted)
        assert posted[0] == moment(ticket["createdAt"])


@every_seed
def test_there_is_something_of_everything(seed: int, now: datetime.datetime) -> None:
    """Every state that somebody may want to see."""
    portal, today = demo(seed, now), now.date().isoformat()

    def statuses(name: str) -> set[str]:
        return {each["status"] for each in portal.of(name)}

    invoices, offers = list(portal.of("customer_invoices")), list(portal.of("customer_offers"))
    open_invoices = [each for each in invoices if each["paidAt"] is None]
    assert 150 < len(invoices) < 400
    assert 3 < sum(each["dueAt"] < today for each in open_invoices) <= len(open_invoices) < len(invoices) / 5
    assert any(each["acceptedAt"] for each in offers)
    assert any(each["rejectedAt"] for each in offers)
    assert any(not each["acceptedAt"] and not each["rejectedAt"] and each["expiresAt"] >= today for each in offers)
    assert statuses("agreements") >= {"signed"}
    assert statuses("appointments") >= {"scheduled", "canceled"}
    assert any(each["startsAt"] > portal.stamp() for each in portal.of("appointments"))
    assert statuses("customer_subscriptions") == {"planned", "in_progress", "terminated", "ended"}
    assert statuses("payment_links") == {"open", "paid", "expired", "closed"}
    assert statuses("issued_punch_cards") == {"active", "fully_used", "expired"}
    assert statuses("tickets") == {"open", "closed"}
    assert any(message["attachments"] for each in portal.of("tickets") for message in each["messages"])
    assert {each["completedAt"] is None for each in portal.of("file_requests")} == {True, False}
    assert {each["sharedWithCustomerId"] is None for each in portal.of("file_shares")} == {True, False}
    assert {each["isPaid"] for each in portal.of("mijnklantportaal_invoices")} >= {True}
    assert len(portal.of("webhooks")) == 0


def test_nothing_is_left_for_the_next_request() -> None:
    """What time brought about was done."""
    portal = empty()
    fill(portal, 1)
    before = dump(portal)
    portal.settle()
    assert dump(portal) == before


def test_it_is_there_at_once() -> None:
    """Within a tenth of a second on a machine that does nothing else; with room for one that does."""
    portal = empty()
    begin = time.process_time()
    fill(portal, 1)
    assert time.process_time() - begin < 0.5
