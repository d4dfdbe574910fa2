"""The parts that decide: places, formats, shapes, recordings and what is different between two."""

from __future__ import annotations

import datetime
import json
import re
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mijnklantportaal_client._contract import Contract, shipped
from mijnklantportaal_client.contract import _recording
from mijnklantportaal_client.contract._compare import Change, compare
from mijnklantportaal_client.contract._facts import facts, shown
from mijnklantportaal_client.contract._formats import described, format_of
from mijnklantportaal_client.contract._places import fields_of, locate, schema_at
from mijnklantportaal_client.contract._recording import Recording, contract_digest, is_live, read
from mijnklantportaal_client.contract._report import compared
from mijnklantportaal_client.contract._shapes import Shapes

CONTRACT = shipped()
CUSTOMERS = CONTRACT.answer("list-customers", 200)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("operation", "status", "pointer", "place"),
    [
        ("list-customers", 200, "", ""),
        ("list-customers", 200, "/data/12/phone", "/data/*/phone"),
        ("list-customers", 200, "/data/0/customerGroups/3", "/data/*/customerGroups/*"),
        ("list-customers", 200, "/next_page_url", "/next_page_url"),
        ("list-customers", 200, "/data/0/newField", "/data/*/newField"),
        ("list-customers", 200, "/data/0/new_field2", "/data/*/new_field2"),
        ("list-customers", 200, "/data/0/17", "/data/*/{withheld}"),
        ("list-customers", 200, "/data/0/Jan", "/data/*/{withheld}"),
        ("list-customers", 200, "/data/0/jan~1piet", "/data/*/{withheld}"),
        ("list-customers", 200, "/data/0/cst_abc", "/data/*/{withheld}"),
        ("list-customers", 200, "/data/0/newField/jan", "/data/*/newField/*"),
        ("list-customers", 422, "/errors/customerId", "/errors/*"),
        ("GET /people", 200, "/3/companyName/jan", "/*/companyName/*"),
        ("list-customers", 200, "/a" * 40, "/a" + "/*" * 11),
    ],
)
def test_places(operation: str, status: int, pointer: str, place: str) -> None:
    """Names of the contract, and names like them beside them; nothing else."""
    expected = place.replace("/a/", "/{withheld}/") if pointer.startswith("/a/a") else place
    assert locate(CONTRACT, CONTRACT.answer(operation, status), pointer) == expected


def test_every_field_is_found_again() -> None:
    """The place of each field of each answer leads to its schema."""
    for name, operation in CONTRACT.operations.items():
        for place, schema, _ in fields_of(CONTRACT, operation.answer or {}):
            assert locate(CONTRACT, operation.answer, place.replace("*", "0")) == place, name
            assert schema_at(CONTRACT, operation.answer, place) == schema
    assert schema_at(CONTRACT, CUSTOMERS, "/data/*/newField/*") is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("", "empty"),
        (" \n", "blank"),
        ("2024-04-29", "date"),
        ("2024-04-29T21:00:00+02:00", "date-time"),
        ("2025-04-12T00:00:00.000Z", "date-time in UTC"),
        ("2025-04-12T00:00:00Z", "date-time in UTC"),
        ("2024-04-29 21:00:00", "local date-time"),
        ("2024-04-29T21:00:00", "date-time of another form"),
        ("12.95", "decimal"),
        ("-0.5", "decimal"),
        ("12", "whole number"),
        ("12,95", "decimal comma"),
        ("1.234,95", "text"),
        ("cst_abc12345def678", "ID cst_"),
        ("xyz_abc12345def678", "text"),
        ("cst_", "text"),
        ("https://example.nl/a", "link"),
        ("https://example.nl/a?b=c", "link with a query"),
        ("jan@example.nl", "e-mail"),
        ("123e4567-e89b-12d3-a456-426614174000", "UUID"),
        ("jan", "text"),
        ("1" * 100_000, "text"),
    ],
)
def test_formats(text: str, name: str) -> None:
    """What a text looks like."""
    assert format_of(text) == name


def test_values_of_lists() -> None:
    """Whether a value is one of the contract's, and not which."""
    schema = schema_at(CONTRACT, CONTRACT.answer("list-tickets", 200), "/data/*/status")
    assert format_of("open", schema, CONTRACT) == "listed value"
    assert format_of("simmering", schema, CONTRACT) == "unlisted value"


@pytest.mark.parametrize(
    ("operation", "place", "text"),
    [
        ("get-customer-invoice", "/amount", "string (decimal)"),
        ("get-customer-invoice", "/dueAt", "string (date) or null"),
        ("get-customer-invoice", "/customerId", "string (ID cst_)"),
        ("get-customer-invoice", "/links", "object"),
        ("get-customer-invoice", "", "object"),
        ("get-customer-invoice", "/new", "nothing"),
        ("list-customers", "/data", "array"),
    ],
)
def test_what_the_contract_says(operation: str, place: str, text: str) -> None:
    """In a few words."""
    assert described(CONTRACT, schema_at(CONTRACT, CONTRACT.answer(operation, 200), place)) == text


def observed(*answers: Any, operation: str = "list-customers") -> Shapes:
    """The shapes of some answers."""
    shapes = Shapes()
    for answer in answers:
        shapes.observe(CONTRACT, CONTRACT.answer(operation, 200), answer)
    return shapes


def test_shapes() -> None:
    """Types, formats, null and absence are counted at each place."""
    shapes = observed(
        {"data": [{"id": "cst_a", "phone": None}, {"id": "cst_b", "phone": ""}, {"id": 3, "x": {"jan": 1}}]}
    )
    assert shown(shapes.places["/data/*/id"], 3) == "integer 1, string (ID cst_) 2 of 3"
    assert shown(shapes.places["/data/*/phone"]) == "null 1, string (empty) 1"
    assert shapes.absent("/data/*/phone") == 1
    assert shapes.absent("/data/*/city") == 3
    assert "/data/*/{withheld}" in shapes.places  # one letter is too short for a name
    assert not any("jan" in place for place in shapes.places)


@given(st.lists(JSON, max_size=4))
@settings(max_examples=30)
def test_shapes_are_kept_as_they_are(answers: list[Any]) -> None:
    """Whatever came, what is written can be read again and is the same."""
    shapes = observed(*answers)
    again = Shapes.from_dict(json.loads(json.dumps(shapes.to_dict())))
    assert again.places == shapes.places


def test_shapes_take_so_much_memory_and_no_more() -> None:
    """A server that makes up names can't fill it."""
    rows = [{"".join("abcdefghij"[int(digit)] for digit in f"{number:06d}"): 1} for number in range(2000)]
    shapes = observed({"data": rows})
    assert (len(shapes.places), shapes.beyond) == (1000, 2000 - 997)


@given(st.dictionaries(st.sampled_from(["data", "current_page", "new"]), JSON))
@settings(max_examples=30)
def test_facts_of_anything(answer: dict[str, Any]) -> None:
    """No answer is too odd to be judged."""
    for fact in facts(CONTRACT, "list-customers", observed(answer)):
        assert fact.seen


def test_facts_tell_what_differs() -> None:
    """What is absent, of another type, or looks different, and what the contract does not know."""
    row = {"id": "inv_a", "customerId": "x", "amount": "12,95", "issuedAt": 3, "dueAt": None, "newField": {"a": 1}}
    found = {
        fact.place: fact
        for fact in facts(CONTRACT, "get-customer-invoice", observed(row, row, operation="get-customer-invoice"))
    }
    assert {place: fact.differs for place, fact in found.items() if fact.differs} == {
        "/customerId": "looks like text",
        "/amount": "looks like decimal comma",
        "/issuedAt": "is integer",
        "/newField": "not in the contract",
        **{f"/{name}": "absent in 2 of 2" for name in ("invoiceNumber", "currency", "paidAt", "createdAt", "links")},
    }
    assert found["/dueAt"].learned == "always there, always null"


def recording(times: int = 1, *, status: int = 200, **fields: Any) -> Recording:
    """What a run saw that read a customer so often."""
    row = {"id": "cst_a", "companyName": "x", "phone": "1", **fields}
    row = {name: value for name, value in row.items() if value != "gone"}
    shapes = observed(*[row] * times, operation="get-customer")
    return Recording(
        date=datetime.date(2026, 3, 2),
        live=False,
        client="0",
        contract="c",
        shapes={"get-customer": {status: shapes}},
        times={"get-customer": {status: times}},
    )


def no_json() -> Recording:
    """What a run saw that got a page of HTML."""
    return attrs.evolve(recording(), shapes={})


@pytest.mark.parametrize(
    ("before", "now", "place", "what", "allowed"),
    [
        (recording(), recording(newField=1), "/newField", "new field", False),
        (recording(phone="gone"), recording(), "/phone", "now there", True),
        (recording(), recording(companyName="gone"), "/companyName", "gone", False),
        (recording(), recording(companyName=None), "/companyName", "type", False),
        (recording(), recording(phone=None), "/phone", "type", True),
        (recording(newField=1), recording(newField="a"), "/newField", "type", False),
        (recording(), recording(createdAt="2024-04-29"), "/createdAt", "now there", True),
        (
            recording(createdAt="2024-04-29T21:00:00+02:00"),
            recording(createdAt="2024-04-29 21:00:00"),
            "/createdAt",
            "format",
            False,
        ),
        (
            recording(createdAt="2024-04-29T21:00:00+02:00"),
            recording(createdAt="2024-04-29T21:00:00Z"),
            "/createdAt",
            "format",
            True,
        ),
        (recording(5, primaryEmail="a@b.nl"), recording(primaryEmail="none"), "/primaryEmail", "format", False),
        (recording(), recording(status=201), "", "status", False),
        (recording(), recording(status=404), "", "status", True),
        (recording(), recording(status=410), "", "status", False),
        (recording(), no_json(), "", "content", False),
        (no_json(), recording(), "", "content", True),
    ],
)
def test_what_changed(before: Recording, now: Recording, place: str, what: str, allowed: bool) -> None:
    """It and nothing else, and whether the contract says that it may be."""
    (change,) = compare(CONTRACT, before, now)
    assert (change.operation, change.place, change.what) == ("get-customer", place, what)
    assert change.allowed is allowed
    assert ("may be" if allowed else "unexpected") in compared([change])


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (recording(), recording(3)),
        # Free text is what it is, and a few texts that look alike may be a chance.
        (recording(5, companyName="x"), recording(companyName="2024-04-29")),
        (recording(4, primaryEmail="a@b.nl"), recording(primaryEmail="none")),
        # Nothing was there to have the field.
        (recording(status=404), recording(newField=1)),
        (no_json(), no_json()),
    ],
)
def test_what_is_no_change(before: Recording, now: Recording) -> None:
    """Other counts, free text, and what one of the two did not see."""
    assert compare(CONTRACT, before, now) == []


def test_unexpected_changes_come_first() -> None:
    """Whatever the alphabet says."""
    changes = compare(CONTRACT, recording(), recording(phone=None, zField=1))
    assert [change.allowed for change in changes] == [False, True]
    assert isinstance(changes[0], Change)


def test_a_recording_is_kept_as_it_is(tmp_path: Path) -> None:
    """In a file, as JSON."""
    before = recording(2, newField=[1])
    (tmp_path / "r.json").write_text(before.to_json(), encoding="utf-8")
    assert read(tmp_path / "r.json") == before


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "No such file"),
        (b"{", "it is no JSON"),
        (b"[" * 100_000, "it is no JSON"),
        (b"\xff", "can't decode"),
        (b"[]", "no recording of format 1"),
        (b'{"format": 2}', "no recording of format 1"),
        (b'{"format": 1}', "damaged"),
        (b'{"format": 1, "date": "x", "live": true, "client": "", "contract": "", "operations": {}}', "damaged"),
    ],
)
def test_what_is_no_recording(tmp_path: Path, content: bytes | None, reason: str) -> None:
    """Is refused with its name and the reason."""
    file = tmp_path / "r.json"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ValueError, match=reason) as caught:
        read(file)
    assert str(file) in str(caught.value)


@pytest.mark.parametrize("counts", [{"string": "3"}, {"string": -1}, {"string": True}, []])
def test_damaged_counts(tmp_path: Path, counts: Any) -> None:
    """Are found."""
    data = recording().to_dict()
    data["operations"]["get-customer"]["200"]["shapes"]["/id"]["types"] = counts
    (tmp_path / "r.json").write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(ValueError, match="damaged"):
        read(tmp_path / "r.json")


def test_what_is_live() -> None:
    """Only the vendor's own server."""
    assert is_live("https://api.mijnklantportaal.nl/v1")
    assert not is_live("http://localhost:8400/v1")


def test_the_digest_of_the_contract(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tells it from another one, and is the same each time."""
    digest = contract_digest()
    assert re.fullmatch("[0-9a-f]{16}", digest)
    assert contract_digest() == digest
    monkeypatch.setattr(_recording, "shipped", lambda: Contract({**CONTRACT.document, "tags": []}))
    assert contract_digest() != digest
