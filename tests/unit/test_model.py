"""What every model class can do, tried on all of them."""

import copy
import datetime
import json
import pickle
import types
import typing
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pydantic
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from mijnklantportaal_client import UNSET, FieldMissingError, models
from mijnklantportaal_client._codec import WriteOptions
from mijnklantportaal_client._drift import ODD_ANSWER, Drift, Odd
from mijnklantportaal_client._json import loads, plain
from mijnklantportaal_client._model import Model
from mijnklantportaal_client.models import (
    AgreementSignerInput,
    Customer,
    CustomerInvoice,
    InvoiceLineInput,
    MijnKlantportaalInvoice,
    RequestedFileInput,
    Ticket,
    TicketStatus,
)

ROOT = Path(__file__).parents[2]
CONTRACT = json.loads((ROOT / "mijnklantportaal_client/_generated/contract.json").read_text("utf-8"))
SCHEMAS: dict[str, dict[str, Any]] = CONTRACT["components"]["schemas"]
OVERRIDES = yaml.safe_load((ROOT / "generator-config.yml").read_text("utf-8"))["class_overrides"]
CLASSES: dict[str, type[Model]] = {
    name: kind
    for name in dir(models)
    if isinstance(kind := getattr(models, name), type) and issubclass(kind, Model) and f"{name}Dict" not in dir(models)
}


def schema_of(kind: type[Model]) -> dict[str, Any]:
    """Return the component that a class was made from."""
    for component, schema in SCHEMAS.items():
        plain_name = component.replace("_", "")
        if OVERRIDES.get(plain_name, {}).get("class_name", plain_name) == kind.__name__:
            return schema
    raise LookupError(kind.__name__)


def example(schema: Mapping[str, Any]) -> Any:
    """Return a value that the contract calls valid, as whole as can be."""
    if "example" in schema:
        return schema["example"]
    if "$ref" in schema:
        return example(SCHEMAS[schema["$ref"].rsplit("/", 1)[-1]])
    for key in ("oneOf", "anyOf"):
        if key in schema:
            return example(next(member for member in schema[key] if member.get("type") != "null"))
    if "enum" in schema:
        return schema["enum"][0]
    kinds = schema.get("type")
    kind = next((k for k in kinds if k != "null"), None) if isinstance(kinds, list) else kinds
    if kind == "object" or "properties" in schema:
        return {wire: example(member) for wire, member in schema.get("properties", {}).items()}
    if kind == "array":
        return [example(schema["items"])]
    if kind == "string":
        by_format = {"date": "2024-04-29", "date-time": "2024-04-29T21:00:00+02:00", "decimal": "12.95"}
        return by_format.get(schema.get("format", ""), "text")
    return {"integer": 1, "number": 12.95, "boolean": True}.get(kind or "", "anything")


EXAMPLES: dict[str, dict[str, Any]] = {
    name: loads(json.dumps(example(schema_of(kind)))) for name, kind in CLASSES.items()
}
every_model = pytest.mark.parametrize("name", CLASSES)


def whole(kind: str, **changes: Any) -> dict[str, Any]:
    """Return the example of a class, with changes."""
    return copy.deepcopy(EXAMPLES[kind]) | changes


def same_json(one: Any, other: Any) -> bool:
    """Compare as JSON texts, so that 1 and 1.0 and True differ."""
    return json.dumps(plain(one), sort_keys=True) == json.dumps(plain(other), sort_keys=True)


def fits(value: Any, hint: Any) -> bool:
    """Tell whether a value is what an annotation says."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if hint is Any:
        return True
    if origin in (types.UnionType, typing.Union):
        return any(fits(value, member) for member in arguments)
    if origin is list:
        return type(value) is list and all(fits(member, arguments[0]) for member in value)
    if origin is dict:
        return type(value) is dict and all(type(k) is str and fits(v, arguments[1]) for k, v in value.items())
    return value is None if hint in (None, type(None)) else type(value) is hint


def nested_models(model: Model) -> Iterator[Model]:
    """Yield an object and the objects inside it."""
    yield model
    for _, value in model._values():
        for member in value if isinstance(value, list) else [value]:
            if isinstance(member, Model):
                yield from nested_models(member)


ODD_VALUES: list[Any] = [
    None, True, False, 0, 1, -1, 10**30, Decimal("1E+400"), Decimal("0.10"), Decimal("1E-300"),
    Decimal("12.950"), Decimal(-7),
    "", "garbage", "12.95", "12.950", "007.50", "-0.00", "1e3", "NaN", "0", "٣", "\ud800", "\x00", "9" * 500,
    "2025-04-12", "20250412", "2025-W15-6", "2025-02-30", "2025-04-12T00:00:00.000Z", "2025-04-12T00:00:00+02:00",
    "2025-04-12T00:00:00-00:00", "2025-W15-6T00:00:00+02:00", "2025-04-12T000000.1+02:00", "2025-04-12T24:00:00+02:00",
    "2025-04-12T00:00:00+02:80",
    "2025-04-12T00:00:00Z", "2025-04-12 00:00:00+02:00", "2025-04-12T00:00:00-05:30", "2025-04-12T00:00:00", "open",
    [], {}, [None], [[]], ["a", 1], [{}], {"": None}, {"id": {"id": []}}, [{"id": 1}, "x"], {"0": "a"},
]  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn, name: str) -> dict[str, Any]:
    """Draw a valid example with a few things wrong, anywhere in it."""
    data = whole(name)
    for _ in range(draw(st.integers(0, 3))):
        place: Any = data
        while True:
            inner: list[Any] = [key for key, value in place.items() if value and isinstance(value, dict)]
            inner += [
                (key, i)
                for key, v in place.items()
                if isinstance(v, list)
                for i, m in enumerate(v)
                if m and isinstance(m, dict)
            ]
            step = draw(st.sampled_from([None, *inner]))
            if step is None:
                break
            place = place[step[0]][step[1]] if isinstance(step, tuple) else place[step]
        what = draw(st.sampled_from(["drop", "odd", "odd", "extra"]))
        key = draw(st.sampled_from(sorted(place))) if place else "new"
        if what == "drop":
            place.pop(key, None)
        elif what == "odd":
            place[key] = copy.deepcopy(draw(st.sampled_from(ODD_VALUES)))
        else:
            new = draw(st.sampled_from(["brandNew", "_x", "self", "to_dict", "a/b~c", "", *NAMES]))
            place[new] = copy.deepcopy(draw(st.sampled_from(ODD_VALUES)))
    return data


NAMES = [field.name for field in Customer._fields]


@every_model
def test_examples_come_back_whole(name: str) -> None:
    """The contract's own example of a class is read without drift, on the fast path, and written as it was."""
    kind, data, drift = CLASSES[name], whole(name), Drift()
    model = kind._read_slowly(data, drift, "")
    assert drift.found == []
    assert same_json(model.to_dict(), data)
    assert dict(model.unreadable) == {}
    # The one class without a fast decoder, and the one whose moment has milliseconds.
    if name not in ("ApiError", "MijnKlantportaalInvoice"):
        assert not hasattr(model, "_oddities")
        assert kind._fast(data) == model
    for field in kind._fields:
        assert getattr(model, field.name) == dict(model._values())[field.name]


@settings(max_examples=400)
@given(data=st.data())
def test_any_answer_is_read_and_comes_out_again(data: st.DataObject) -> None:
    """Whatever differs from the contract: no error, nothing lost, annotations true, both decoders agree."""
    name = data.draw(st.sampled_from(sorted(CLASSES)))
    kind = CLASSES[name]
    raw = data.draw(mutated(name))
    before = copy.deepcopy(raw)
    model = kind.from_dict(raw)
    assert same_json(model.to_dict(), before)
    for part in nested_models(model):
        hints = typing.get_type_hints(type(part))
        for field, value in part._values():
            assert fits(value, hints[field]), field
        for field in part.unreadable:
            assert not hasattr(part, field)
        json.dumps(plain(part.to_dict(by="python")), default=str)
    drift = Drift()
    slow = kind._read_slowly(raw, drift, "")
    try:
        fast = kind._fast(raw)
    except ODD_ANSWER:
        pass
    else:
        assert drift.found == []
        assert (fast, repr(fast)) == (slow, repr(slow))
        assert same_json(fast.to_dict(), slow.to_dict())
    for twin in (
        copy.copy(model),
        copy.deepcopy(model),
        pickle.loads(pickle.dumps(model)),
    ):
        assert (twin, repr(twin), twin.unreadable) == (model, repr(model), model.unreadable)
        assert same_json(twin.to_dict(), before)
    assert same_json(kind.from_dict(model.to_dict()).to_dict(), before)
    assert same_json(raw, before)


@given(
    name=st.sampled_from(sorted(CLASSES)),
    junk=st.dictionaries(st.text() | st.integers(), st.sampled_from(ODD_VALUES), max_size=5),
)
def test_any_mapping_is_read(name: str, junk: dict[Any, Any]) -> None:
    """A mapping that has nothing to do with the class makes an object that holds it all."""
    model = CLASSES[name].from_dict(MappingProxyType(junk))
    assert model.to_dict() == plain(junk)


@pytest.mark.parametrize("data", [None, [], "text", 1, [("id", "x")]])
def test_only_mappings_are_read(data: Any) -> None:
    """`from_dict` of anything else is a `TypeError`."""
    with pytest.raises(TypeError, match=r"Customer\.from_dict takes a mapping"):
        Customer.from_dict(data)


@every_model
def test_repr_holds_nothing_sensitive(name: str) -> None:
    """No value of a field that the contract marks as secret or personal is shown, however deep."""
    marks: dict[str, str] = {}

    def mark(schema: Any, path: str) -> Any:
        """Build an example in which every sensitive text is one that can be found again."""
        if "$ref" in schema:
            return mark(SCHEMAS[schema["$ref"].rsplit("/", 1)[-1]], path)
        if "oneOf" in schema:
            return mark(schema["oneOf"][0], path)
        if "properties" not in schema:
            return [mark(schema["items"], path)] if schema.get("type") == "array" else example(schema)
        result = {}
        for wire, member in schema["properties"].items():
            result[wire] = mark(member, f"{path}.{wire}")
            if "x-sensitive" in member:
                marks[f"SECRET{len(marks)}X"] = f"{path}.{wire}"
                result[wire] = f"SECRET{len(marks) - 1}X" if isinstance(result[wire], str) else result[wire]
        return result

    data = mark(schema_of(CLASSES[name]), name)
    model = CLASSES[name].from_dict(data | {"unknown": "SECRET-unknown", "id": data.get("id", "x")})
    shown = repr(model)
    assert shown.startswith(f"{name}(")
    assert [place for text, place in marks.items() if text in shown] == []
    assert "SECRET-unknown" not in shown


def test_repr_of_the_real_examples() -> None:
    """The type, the ID and what is harmless are shown."""
    assert repr(CustomerInvoice.from_dict(whole("CustomerInvoice"))).startswith(
        "CustomerInvoice(id='inv_abc12345def678', customer_id='cst_abc12345def678', invoice_number='2024-001'"
    )
    customer = whole("Customer")
    shown = repr(Customer.from_dict(customer))
    assert customer["id"] in shown
    for wire, schema in SCHEMAS["Customer"]["properties"].items():
        if "x-sensitive" in schema and isinstance(customer[wire], str) and len(customer[wire]) > 2:
            assert customer[wire] not in shown, wire


@pytest.mark.parametrize(
    ("change", "kind", "why"),
    [
        ("absent", "missing", "lacked the field 'invoiceNumber'"),
        (None, "unexpected_null", "held NoneType"),
        (["x"], "wrong_type", "held list"),
    ],
)
def test_a_missing_field_is_told_when_it_is_used(change: Any, kind: str, why: str) -> None:
    """A field that the contract promises and the answer lacks raises on use, and only on use."""
    data = whole("CustomerInvoice", invoiceNumber=change)
    if change == "absent":
        del data["invoiceNumber"]
    drift = Drift()
    invoice = CustomerInvoice._read(data, drift, "")
    with pytest.raises(FieldMissingError, match=why) as caught:
        _ = invoice.invoice_number
    assert isinstance(caught.value, AttributeError)
    assert "'x'" not in str(caught.value)
    assert drift.found == [(kind, "/invoiceNumber", False)]
    assert not hasattr(invoice, "invoice_number")
    assert getattr(invoice, "invoice_number", "none") == "none"
    assert dict(invoice.unreadable) == ({} if change == "absent" else {"invoice_number": change})
    assert invoice.amount == Decimal("12.95")
    assert "invoice_number='" not in repr(invoice)
    assert "invoice_number" not in invoice.to_dict(by="python")
    assert invoice.to_dict() == plain(data)
    assert copy.deepcopy(invoice) == invoice != CustomerInvoice.from_dict(whole("CustomerInvoice"))
    with pytest.raises(FieldMissingError):
        _ = pickle.loads(pickle.dumps(invoice)).invoice_number
    invoice.invoice_number = "2024-002"
    assert invoice.to_dict()["invoiceNumber"] == "2024-002"


def test_an_unreadable_nullable_field_is_not_none() -> None:
    """Garbage where a moment or null was promised is never taken for "not paid"."""
    invoice = CustomerInvoice.from_dict(whole("CustomerInvoice", paidAt="garbage"))
    with pytest.raises(FieldMissingError):
        _ = invoice.paid_at
    assert dict(invoice.unreadable) == {"paid_at": "garbage"}
    assert invoice.to_dict()["paidAt"] == "garbage"
    invoice.paid_at = None
    assert invoice.to_dict()["paidAt"] is None


def test_absent_and_null_stay_apart() -> None:
    """Both read as None, and both come out as they were."""
    data = whole("CustomerInvoice", paidAt=None)
    del data["dueAt"]
    invoice = CustomerInvoice.from_dict(data)
    assert (invoice.paid_at, invoice.due_at) == (None, None)
    assert invoice.to_dict() == plain(data)
    invoice.due_at = datetime.date(2025, 1, 2)
    assert invoice.to_dict()["dueAt"] == "2025-01-02"


def test_unreadable_is_read_only() -> None:
    """What came can be looked at and not changed."""
    invoice = CustomerInvoice.from_dict(whole("CustomerInvoice", amount="a lot"))
    with pytest.raises(TypeError):
        invoice.unreadable["amount"] = "12"  # type: ignore[index]
    with pytest.raises(AttributeError):
        invoice.unreadable = {}  # type: ignore[misc]


def test_an_attribute_that_does_not_exist() -> None:
    """A misspelt name is a plain `AttributeError`, and can't be set either."""
    invoice = CustomerInvoice.from_dict(whole("CustomerInvoice"))
    with pytest.raises(AttributeError, match="no attribute 'amont'") as caught:
        _ = invoice.amont  # type: ignore[attr-defined]
    assert not isinstance(caught.value, FieldMissingError)
    with pytest.raises(AttributeError):
        invoice.amont = 1  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("wire", "raw", "name", "value"),
    [
        ("amount", "12.950", "amount", Decimal("12.95")),
        ("amount", "0012.95", "amount", Decimal("12.95")),
        ("amount", Decimal("12.95"), "amount", Decimal("12.95")),
        ("amount", 12, "amount", Decimal(12)),
        ("createdAt", "2025-04-12T00:00:00.000Z", "created_at", datetime.datetime(2025, 4, 12, tzinfo=datetime.UTC)),
        ("createdAt", "2025-04-12T00:00:00-00:00", "created_at", datetime.datetime(2025, 4, 12, tzinfo=datetime.UTC)),
        ("issuedAt", "20250412", "issued_at", datetime.date(2025, 4, 12)),
        ("links", [], "links", models.CustomerInvoiceLinks.from_dict({})),
    ],
)
def test_other_spellings_of_a_value(wire: str, raw: Any, name: str, value: object) -> None:
    """A value in another form is read, comes out as it came, and a new value comes out instead of it."""
    invoice = CustomerInvoice.from_dict(whole("CustomerInvoice", **{wire: raw}))
    assert getattr(invoice, name) == value
    assert same_json(invoice.to_dict()[wire], raw)
    for twin in (copy.deepcopy(invoice), pickle.loads(pickle.dumps(invoice)), copy.copy(invoice)):
        assert same_json(twin.to_dict()[wire], raw)
    other = CustomerInvoice.from_dict(whole("CustomerInvoice", amount="1.00"))
    setattr(invoice, name, getattr(other, name))
    assert invoice.to_dict()[wire] == other.to_dict()[wire]


def test_an_offset_of_too_many_minutes_is_kept() -> None:
    """Python reads an offset of +02:80 as +03:20; it is written as it came."""
    data = whole("Ticket", createdAt="2024-04-29T21:00:00+02:80")
    ticket = Ticket.from_dict(data)
    assert ticket.created_at.utcoffset() == datetime.timedelta(hours=3, minutes=20)
    assert ticket.to_dict() == data


def test_an_empty_object_written_by_php_can_be_filled() -> None:
    """`[]` for an object comes out as `[]` until something is put into it."""
    invoice = CustomerInvoice.from_dict(whole("CustomerInvoice", links=[]))
    link = CustomerInvoice.from_dict(whole("CustomerInvoice")).links.customer
    invoice.links.customer = link
    assert invoice.to_dict()["links"] == {"customer": link.to_dict()}


def test_json_numbers_are_exact_amounts() -> None:
    """A JSON number becomes the `Decimal` that its text says, and a number again."""
    data = whole("MijnKlantportaalInvoice")
    wires = [
        wire
        for wire, schema in schema_of(MijnKlantportaalInvoice)["properties"].items()
        if schema.get("format") == "decimal"
    ]
    assert wires
    text = json.dumps(plain(data | dict.fromkeys(wires, 0))).replace(f'"{wires[0]}": 0', f'"{wires[0]}": 1234567890.10')
    invoice = MijnKlantportaalInvoice.from_dict(loads(text))
    name = next(field.name for field in MijnKlantportaalInvoice._fields if field.wire == wires[0])
    assert str(getattr(invoice, name)) == "1234567890.10"
    assert json.dumps(invoice.to_dict()[wires[0]]) == "1234567890.1"


def test_unknown_fields_and_values_survive() -> None:
    """Unknown fields are kept by their wire names, unknown enum values as plain text; an object starts without any."""
    ticket = Ticket.from_dict(whole("Ticket", status="brand_new", extra={"a": [Decimal("1.5")]}))
    assert (ticket.status, type(ticket.status)) == ("brand_new", str)
    assert ticket.additional_properties == {"extra": {"a": [Decimal("1.5")]}}
    assert ticket.to_dict()["extra"] == {"a": [1.5]}
    assert ticket.to_dict(by="python")["extra"] == {"a": [Decimal("1.5")]}
    ticket.status = TicketStatus("open")
    ticket.additional_properties["more"] = 1
    assert (ticket.to_dict()["status"], ticket.to_dict()["more"]) == ("open", 1)
    plain_one = Ticket.from_dict(whole("Ticket"))
    assert plain_one.additional_properties == {}
    assert plain_one == Ticket.from_dict(whole("Ticket"))


def test_a_copy_has_its_own_unknown_fields() -> None:
    """What is added to a shallow copy does not appear in the original."""
    ticket = Ticket.from_dict(whole("Ticket", extra=1))
    copy.copy(ticket).additional_properties["more"] = 2
    assert ticket.additional_properties == {"extra": 1}


def test_python_names_keep_their_values() -> None:
    """`by="python"` gives snake_case names, `Decimal`, dates, enums and nested dicts; a known field wins a clash."""
    data = whole("CustomerInvoice", customer_id="other")
    result = CustomerInvoice.from_dict(data).to_dict(by="python")
    assert result["customer_id"] == "cst_abc12345def678"
    assert (result["amount"], result["issued_at"]) == (Decimal("12.95"), datetime.date(2024, 4, 29))
    assert isinstance(result["links"], dict)
    with pytest.raises(ValueError, match="by must be"):
        CustomerInvoice.from_dict(data).to_dict(by="json")  # type: ignore[arg-type]


def test_from_dict_shares_no_list_with_its_input() -> None:
    """Changing a list of the object leaves the given dict alone."""
    for name, kind in CLASSES.items():
        data = whole(name)
        for field, value in kind.from_dict(data)._values():
            if type(value) is list:
                value.append("new")
                assert same_json(data, whole(name)), (name, field)


@every_model
def test_equality_and_hash(name: str) -> None:
    """Objects are equal by value, never to another class, and not hashable."""
    model, data = CLASSES[name].from_dict(whole(name)), whole(name)
    assert model == CLASSES[name].from_dict(data)
    assert model != data
    assert model != CLASSES[name].from_dict({**data, "brandNew": 1})
    with pytest.raises(TypeError):
        hash(model)


def test_huge_answers_are_read() -> None:
    """Very long texts, lists and numbers are no problem."""
    data = whole("Customer", brandNew=["x" * 1000] * 10_000) | {f"field{i}": i for i in range(10_000)}
    customer = Customer.from_dict(data)
    assert len(customer.additional_properties) == 10_001
    assert len(repr(customer)) < 2000


def test_input_objects() -> None:
    """Objects for arguments are made by keyword, leave out what is not given, and can be read and copied too."""
    line = InvoiceLineInput(description="Uur", amount_excl_vat="12.95", vat_rate=21)
    assert line.to_dict() == {"description": "Uur", "amountExclVat": "12.95", "vatRate": 21}
    assert copy.deepcopy(line) == line
    assert pickle.loads(pickle.dumps(line)) == line
    with pytest.raises(TypeError):
        InvoiceLineInput(description="Uur", amount="12.95", vat_rate=21)  # type: ignore[call-arg]
    for kind in (AgreementSignerInput, RequestedFileInput):
        given = {f.name: "x" for f in kind._fields if f.required}
        made = kind(**given)  # type: ignore[arg-type]
        assert set(made.to_dict(by="python")) == set(given)
        assert "UNSET" not in repr(made)


def test_input_objects_from_a_dict() -> None:
    """What is left out of an argument is `UNSET`, as where it is made by hand; null stands for nothing there."""
    data = {"firstName": "John", "lastName": "Doe", "email": "john.doe@test.com"}
    signer = AgreementSignerInput.from_dict(data)
    assert signer == AgreementSignerInput(first_name="John", last_name="Doe", email="john.doe@test.com")
    assert signer.should_identify is UNSET
    assert signer.to_dict() == data
    assert AgreementSignerInput._write(signer, "signer", WriteOptions(datetime.UTC)) == data
    with_null = AgreementSignerInput.from_dict(data | {"shouldIdentify": None})
    assert dict(with_null.unreadable) == {"should_identify": None}
    assert not hasattr(with_null, "should_identify")
    assert with_null.to_dict() == data | {"shouldIdentify": None}
    assert Customer.from_dict({"id": "cst_1"}).phone is None


def test_the_fast_decoder_of_the_base_gives_up() -> None:
    """Classes without a fast decoder of their own are read slowly."""
    with pytest.raises(Odd):
        InvoiceLineInput._fast({})


def test_as_a_pydantic_field() -> None:
    """A model can be a field: read from an object or a mapping, written by its wire names, described as an object."""

    class Shop(pydantic.BaseModel):
        """A user's own model."""

        invoice: CustomerInvoice
        other: CustomerInvoice | None = None

    data = whole("CustomerInvoice", brandNew=1)
    shop = Shop.model_validate({"invoice": data})
    assert shop.invoice == CustomerInvoice.from_dict(data)
    assert Shop(invoice=shop.invoice).invoice is shop.invoice
    assert json.loads(shop.model_dump_json()) == {"invoice": plain(data), "other": None}
    assert shop.model_dump()["invoice"] == plain(data)
    with pytest.raises(pydantic.ValidationError, match="must be CustomerInvoice"):
        Shop.model_validate({"invoice": "text"})
    for schema in (Shop.model_json_schema(mode="validation"), Shop.model_json_schema(mode="serialization")):
        assert schema["properties"]["invoice"] == {"$ref": "#/$defs/CustomerInvoice"}
        assert schema["$defs"]["CustomerInvoice"]["type"] == "object"
    assert pydantic.TypeAdapter(list[CustomerInvoice]).validate_json(f"[{json.dumps(plain(data))}]") == [shop.invoice]
