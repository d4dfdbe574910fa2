"""Models for tests that need no HTTP."""

from __future__ import annotations

import datetime
import json
import re
import subprocess
import sys
from decimal import Decimal
from typing import Any, assert_type
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mijnklantportaal_client import UNSET, Page, models
from mijnklantportaal_client._codec import Codec
from mijnklantportaal_client._codecs import BOOLEAN, INTEGER, STRING, EnumOf, ListOf, MapOf, ModelOf
from mijnklantportaal_client._drift import Drift
from mijnklantportaal_client._field import Field
from mijnklantportaal_client._model import Model
from mijnklantportaal_client._moments import Date, Moment
from mijnklantportaal_client._money import Money
from mijnklantportaal_client._reading import absent
from mijnklantportaal_client.models import (
    Agreement,
    AgreementSignerInput,
    Customer,
    CustomerInvoice,
    CustomerInvoiceLinks,
    CustomerOffer,
    CustomerSubscription,
    FileShare,
    InvoiceLineInput,
    Link,
    MijnKlantportaalInvoice,
    PunchCard,
    RequestedFileInput,
    Ticket,
    TicketStatus,
)
from mijnklantportaal_client.testing import make

CLASSES: list[type[Model]] = [
    kind for name in dir(models) if isinstance(kind := getattr(models, name), type) and issubclass(kind, Model)
]
FIELDS = [pytest.param(kind, field, id=f"{kind.__name__}.{field.name}") for kind in CLASSES for field in kind._fields]
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
AMOUNTS = st.decimals(-(10**12), 10**12, places=2)


def values(codec: Codec) -> st.SearchStrategy[Any]:
    """What a field of this kind can hold."""
    if isinstance(codec, ListOf):
        return st.lists(values(codec.item), max_size=3)
    if isinstance(codec, MapOf):
        return st.dictionaries(st.text(), values(codec.item), max_size=3)
    if isinstance(codec, ModelOf):
        members = {field.name: values(field.codec) for field in codec.kind._fields}
        return st.fixed_dictionaries({}, optional=members).map(lambda given: make(codec.kind, **given))
    if isinstance(codec, EnumOf):
        return st.sampled_from(list(codec.kind)) | (st.text() if codec.base is str else st.integers())
    if isinstance(codec, Money):
        return AMOUNTS
    if isinstance(codec, Moment):
        # Python calls no moment of another zone equal to one in the hour that comes twice.
        zones = st.sampled_from([datetime.UTC, datetime.timezone(datetime.timedelta(hours=2))])
        least, most = datetime.datetime(1990, 1, 1), datetime.datetime(2090, 1, 1)  # noqa: DTZ001 - the zone is drawn
        return st.datetimes(least, most, timezones=zones)
    if isinstance(codec, Date):
        return st.dates()
    return {STRING: st.text(), INTEGER: st.integers(), BOOLEAN: st.booleans()}[codec]


@pytest.mark.parametrize("kind", CLASSES)
def test_every_model_can_be_made(kind: type[Model]) -> None:
    """Whole, readable, without unknown fields, the same each time, and as strictly read as can be."""
    made = make(kind)
    assert type(made) is kind
    assert made == make(kind) == kind.from_dict(made.to_dict())
    assert made is not make(kind)
    assert made.to_dict().keys() == kind._wire_names
    assert (made.additional_properties, dict(made.unreadable)) == ({}, {})
    drift = Drift()
    kind._read(made.to_dict(), drift, "")
    assert drift.found == []


@pytest.mark.parametrize("kind", CLASSES)
@given(data=st.data())
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_field_comes_back_as_it_was_given(kind: type[Model], data: st.DataObject) -> None:
    """As the attribute and in JSON, given as either; the others stay as they are."""
    field = data.draw(st.sampled_from(kind._fields))
    value = data.draw(values(field.codec))
    made = make(kind, **{field.name: value})
    assert getattr(made, field.name) == value
    assert dict(made.unreadable) == {}
    assert made == kind.from_dict(json.loads(json.dumps(made.to_dict())))
    if not nested(field.codec):
        assert made == make(kind, **{field.name: made.to_dict()[field.wire]})
    assert made.to_dict() | {field.wire: 0} == make(kind).to_dict() | {field.wire: 0}


def nested(codec: Codec) -> bool:
    """Whether objects are in it, whose mappings have the names of attributes instead of those in JSON."""
    return isinstance(codec.item if isinstance(codec, ListOf) else codec, ModelOf)


@pytest.mark.parametrize(("kind", "field"), FIELDS)
def test_none_is_taken_where_the_annotation_allows_it(kind: type[Model], field: Field) -> None:
    """Null where the contract allows null, else absence; elsewhere it is refused."""
    if field.nullable:
        made = make(kind, **{field.name: None})
        assert (getattr(made, field.name), made.to_dict()[field.wire]) == (None, None)
    elif field.optional and absent(kind, field) is None:
        made = make(kind, **{field.name: None})
        assert getattr(made, field.name) is None
        assert field.wire not in made.to_dict()
    else:
        with pytest.raises(TypeError, match=f"^{field.name} can't be None: the contract promises a value$"):
            make(kind, **{field.name: None})


def test_the_type_is_known() -> None:
    """Of what was made, to type checkers and at run time."""
    invoice = make(CustomerInvoice, amount="12.95", paid_at=None)
    assert_type(invoice, CustomerInvoice)
    assert (invoice.amount, invoice.paid_at, invoice.currency) == (Decimal("12.95"), None, "EUR")
    customer = make(Customer, city="Utrecht", customer_groups=["cug_1"])
    assert_type(customer, Customer)
    assert (customer.city, customer.customer_groups) == ("Utrecht", ["cug_1"])


@pytest.mark.parametrize(
    ("kind", "name", "given", "held", "written"),
    [
        (CustomerInvoice, "amount", Decimal("7.5"), Decimal("7.5"), "7.5"),
        (CustomerInvoice, "amount", 7, Decimal(7), "7"),
        (CustomerInvoice, "issued_at", "2030-07-01", datetime.date(2030, 7, 1), "2030-07-01"),
        (
            CustomerInvoice,
            "paid_at",
            datetime.datetime(2030, 7, 1, 12, 0, 0, 5, AMSTERDAM),
            datetime.datetime(2030, 7, 1, 10, 0, 0, 5, datetime.UTC),
            "2030-07-01T12:00:00.000005+02:00",
        ),
        (
            CustomerInvoice,
            "paid_at",
            "2025-04-12T00:00:00.000Z",
            datetime.datetime(2025, 4, 12, tzinfo=datetime.UTC),
            "2025-04-12T00:00:00.000Z",
        ),
        (MijnKlantportaalInvoice, "total_amount", 12.95, Decimal("12.95"), 12.95),
        (MijnKlantportaalInvoice, "total_amount", "12.95", Decimal("12.95"), 12.95),
        (Ticket, "status", "closed", TicketStatus.CLOSED, "closed"),
        (Ticket, "status", TicketStatus.CLOSED, TicketStatus.CLOSED, "closed"),
        (Ticket, "status", "archived", "archived", "archived"),
        (Customer, "customer_groups", ("cug_1",), ["cug_1"], ["cug_1"]),
        (Agreement, "name", None, None, UNSET),
        (AgreementSignerInput, "should_identify", UNSET, UNSET, UNSET),
    ],
)
def test_values_of_python_and_of_json(kind: type[Model], name: str, given: Any, held: Any, written: Any) -> None:
    """Both are taken, and what was written in another way stays written so."""
    made = make(kind, **{name: given})
    wire = next(field.wire for field in kind._fields if field.name == name)
    assert getattr(made, name) == held
    assert made.to_dict().get(wire, UNSET) == written


def test_objects_inside() -> None:
    """An object of the class, or a mapping with what is different in it."""
    link = make(Link, href="https://example.com/", additional_properties={"rel": "self"})
    one = make(CustomerInvoice, links={"customer": link})
    other = make(CustomerInvoice, links={"customer": {"href": "https://example.com/"}})
    assert one.links.customer == link
    assert one.to_dict()["links"]["customer"] == {
        "href": "https://example.com/",
        "type": "application/json",
        "rel": "self",
    }
    assert other.links.customer == make(Link, href="https://example.com/")
    assert other.links.online_payment_link == make(CustomerInvoiceLinks).online_payment_link
    share = make(FileShare, shared_content=[{"name": "a.pdf"}, {"id": "fsd_1", "type": "directory", "size": None}])
    assert [each.name for each in share.shared_content] == ["a.pdf", "contract_v2.pdf"]
    assert (share.shared_content[1].id, share.shared_content[1].size) == ("fsd_1", None)


def test_unknown_fields_can_be_given() -> None:
    """By their names in JSON, apart from the fields of the class."""
    ticket = make(Ticket, additional_properties={"priority": Decimal("1.5")})
    assert ticket.additional_properties == {"priority": 1.5}
    with pytest.raises(TypeError, match=r"^make\(\): 'customerId' is a field of Ticket, and no additional property$"):
        make(Ticket, additional_properties={"customerId": "cst_1"})


@pytest.mark.parametrize(
    ("kind", "fields", "error", "text"),
    [
        (
            CustomerInvoice,
            {"amuont": 1},
            TypeError,
            "make(): CustomerInvoice has no field 'amuont'; did you mean 'amount'?",
        ),
        (CustomerInvoice, {"customerId": "cst_1"}, TypeError, "did you mean 'customer_id'?"),
        (
            CustomerInvoice,
            {"links": {"customer": {"hraf": ""}}},
            TypeError,
            "links.customer: Link has no field 'hraf'; did you mean 'href'?",
        ),
        (
            FileShare,
            {"shared_content": [{}, {"size": "1"}]},
            TypeError,
            "shared_content[1].size must be an int, not str",
        ),
        (FileShare, {"shared_content": "fsf_1"}, TypeError, "shared_content must be a list or tuple, not str"),
        (CustomerInvoice, {"links": 1}, TypeError, "links must be CustomerInvoiceLinks or a mapping with its fields"),
        (CustomerInvoice, {"id": 1}, TypeError, "id must be a str, not int"),
        (CustomerInvoice, {"id": UNSET}, TypeError, "id can't be UNSET: the contract promises a value"),
        (CustomerInvoice, {"amount": 12.95}, TypeError, "amount: a float can't hold an exact amount"),
        (CustomerInvoice, {"amount": "12,95"}, ValueError, "amount: '12,95' is no amount"),
        (CustomerInvoice, {"issued_at": "2024-04-31"}, ValueError, "issued_at: '2024-04-31' is no date"),
        (CustomerInvoice, {"issued_at": datetime.datetime.now(AMSTERDAM)}, TypeError, "issued_at must be"),
        (CustomerInvoice, {"paid_at": datetime.datetime(2030, 1, 1)}, ValueError, "paid_at: a datetime needs"),  # noqa: DTZ001 - refused
        (CustomerInvoice, {"paid_at": "2030-01-01"}, ValueError, "paid_at: '2030-01-01' is no moment"),
        (CustomerSubscription, {"vat_rate": True}, TypeError, "vat_rate must be VatRate or int, not bool"),
        (CustomerSubscription, {"options": {"create_invoice": 1}}, TypeError, "options.create_invoice must be a bool"),
        (PunchCard, {"punches": "7"}, TypeError, "punches must be an int, not str"),
        (Page, {}, TypeError, "make() takes a model class such as CustomerInvoice, not Page"),
        (TicketStatus, {}, TypeError, "not TicketStatus"),
        (make(Ticket), {}, TypeError, "not Ticket"),
        (Model, {}, TypeError, "make(): the contract has no example of Model"),
    ],
)
def test_what_can_not_be_is_refused(kind: Any, fields: dict[str, Any], error: type[Exception], text: str) -> None:
    """With the name of the field, and of the nearest one where it is unknown."""
    with pytest.raises(error, match=re.escape(text)):
        make(kind, **fields)


def test_a_class_of_one_s_own() -> None:
    """Is made like the one that it stands on."""

    class MyOffer(CustomerOffer):
        """An offer with something of the user's own."""

        @property
        def is_open(self) -> bool:
            return self.accepted_at is None and self.rejected_at is None

    assert make(MyOffer, accepted_at=None, rejected_at=None).is_open
    assert not make(MyOffer).is_open


def test_classes_of_arguments() -> None:
    """They can be made too, and passed on."""
    line = make(InvoiceLineInput, amount_excl_vat="10.00")
    assert line.to_dict() == {"description": "Website template", "amountExclVat": "10.00", "vatRate": 21}
    assert make(RequestedFileInput, description=UNSET).description is UNSET


def test_what_is_imported() -> None:
    """Nothing of the extra: neither the server's libraries nor a validator, and no HTTP."""
    code = (
        "import sys\nfrom mijnklantportaal_client.models import Customer\n"
        "from mijnklantportaal_client.testing import make\nmake(Customer)\n"
        "print({'jsonschema_rs', 'httpx', 'starlette', 'uvicorn', 'sqlite3'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
