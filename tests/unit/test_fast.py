"""What the straight-line decoders are made of: never more lenient than the codecs, and exact."""

import collections
import copy
import datetime
import decimal
import json
import pickle
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mijnklantportaal_client import Page, models
from mijnklantportaal_client._codecs import DATE, MOMENT, MONEY, ModelOf
from mijnklantportaal_client._drift import ODD_ANSWER, Drift
from mijnklantportaal_client._fast import date_of, moment_of
from mijnklantportaal_client._moments import is_moment
from mijnklantportaal_client._money import amount_of
from mijnklantportaal_client._page import PageOf
from mijnklantportaal_client.models import Customer, CustomerInvoice, Link

CUSTOMER: dict[str, Any] = {
    "id": "cst_1", "companyName": "Bakkerij", "address": "Dorpsstraat 1", "zipCode": "1234AB", "city": "Utrecht Noord",
    "countryCode": "NL", "primaryEmail": "a@b.nl", "customerGroups": ["cug_1"],
    "createdAt": "2024-04-29T21:00:00+02:00",
}  # fmt: skip
LINKS: dict[str, Any] = {name: {"href": "x", "type": "y"} for name in ("customer", "onlinePaymentLink")}
INVOICE: dict[str, Any] = {
    "id": "inv_1", "customerId": "cst_1", "invoiceNumber": "1", "issuedAt": "2024-04-29", "currency": "EUR",
    "amount": "1.00", "paidAt": None, "createdAt": "2024-04-29T21:00:00+02:00", "links": LINKS,
}  # fmt: skip
dates = st.sampled_from(["2024-04-29", "20240429", "2024-W18-1", "2024W181", "2024-W18", "2024-4-29", "2024-W1-1"])
times = st.sampled_from(
    ["21:00:00", "210000", "21:00", "21", "210000.1", "21:00:00.5", "24:00:00", "23:59:60", "2100.123", "21:00:0"]
)
offsets = st.sampled_from(
    ["+02:00", "-02:00", "+0200", "+02", "Z", "+02:80", "+24:00", "+02:00:01", "+00:00", "-00:00", ""]
)
amounts = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "-", "+", " ", "--"]),
    st.text("0123456789", min_size=1, max_size=5),
    st.sampled_from([".", "", ",", "_", "E", "e-"]),
    st.text("0123456789", max_size=5),
)


def like_an_amount(text: str) -> bool:
    """Tell whether a text is an amount that is written back as it is."""
    whole, dot, cents = text.removeprefix("-").partition(".")
    proper = all(part.isascii() and part.isdigit() for part in ((whole, cents) if dot else (whole,)))
    return proper and (whole == "0" or whole[0] != "0")


@given(
    text=amounts
    | st.decimals(allow_nan=True, allow_infinity=True).map(str)
    | st.text("0123456789.-+eE_NaInfs ٣", max_size=8)
)
def test_amounts(text: str) -> None:
    """A text that is taken is one that the codec takes as the same amount, and that is written as it came."""
    try:
        amount = amount_of(text)
    except ODD_ANSWER:
        # Too small a fraction would be written with an exponent; the codec knows better.
        assert not like_an_amount(text) or "E-" in str(Decimal(text))
        return
    assert like_an_amount(text)
    read = MONEY.read(text, Drift(), "")
    assert (str(amount), type(amount)) == (str(read), Decimal)
    assert MONEY.exact(amount, text)


@pytest.mark.parametrize("value", [5, 1.5, True, None, Decimal("1.5"), (0, (1,), 0), ["1"], {"a": 1}, b"1"])
def test_what_is_no_text_is_no_amount(value: object) -> None:
    """Python makes a `Decimal` of some of these; the codec decides what becomes of them."""
    with pytest.raises(ODD_ANSWER):
        amount_of(value)


@pytest.mark.parametrize("text", ["1E+2", "1e+2", "1E-7", "1e-7", "NaN", "sNaN", "Infinity", "-Infinity", "NaN12"])
@pytest.mark.parametrize("capitals", [0, 1])
def test_amounts_do_not_depend_on_the_callers_decimal_context(text: str, capitals: int) -> None:
    """Whatever a program has set: no exponent and no NaN is an amount."""
    with decimal.localcontext(decimal.Context(capitals=capitals, traps=[])), pytest.raises(ODD_ANSWER):
        amount_of(text)


@given(
    text=st.builds("{}{}{}{}".format, dates, st.sampled_from("T t_"), times, offsets)
    | st.from_regex(r"[0-9W]{4}-[0-9W]{2}-..T..:..:..\+..:[0-5].", fullmatch=True, alphabet="0123456789-:T+.,WZ ")
    | st.datetimes(timezones=st.sampled_from([datetime.UTC, datetime.timezone(datetime.timedelta(hours=2))])).map(str)
)
def test_moments(text: str) -> None:
    """A text that is taken is written as it came."""
    if is_moment(text):
        try:
            moment = moment_of(text)
        except ValueError:
            return
        assert moment.isoformat() == text
        assert MOMENT.read(text, Drift(), "") == moment
        assert moment.tzinfo is not None


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("2024-04-29T21:00:00+02:00", True),
        ("2024-04-29T00:00:00+00:00", True),
        ("2024-04-29T23:59:59+13:45", True),
        ("2024-W18-1T21:00:00+02:00", False),
        ("2024-04-29T24:00:00+02:00", False),
        ("2024-04-29T21:00:00+02:80", False),
        ("2024-04-29T21:00:00-02:00", False),
        ("2024-04-29 21:00:00+02:00", False),
        ("2024-04-29T210000.1+02:00", False),
        ("2024-04-29T21:00:00.0000Z", False),
    ],
)
def test_which_moments_are_quick(text: str, taken: bool) -> None:
    """The documented form is; all others of the same length are left to the codec."""
    assert bool(is_moment(text)) is taken
    assert len(text) == 25
    customer = ModelOf(Customer).read(CUSTOMER | {"createdAt": text}, Drift(), "")
    assert customer.to_dict() == CUSTOMER | {"createdAt": text}


@given(text=dates | st.from_regex(r"....-..-..", fullmatch=True, alphabet="0123456789W-"))
def test_dates(text: str) -> None:
    """A date with a dash before its day is written as it came."""
    if text[7:8] == "-":
        try:
            date = date_of(text)
        except ValueError:
            return
        assert date.isoformat() == text
        assert DATE.read(text, Drift(), "") == date


def test_equal_texts_are_kept_once() -> None:
    """Cities, countries and groups repeat in thousands of customers; a name does not."""
    first, second = (Customer.from_dict(json.loads(json.dumps(CUSTOMER))) for _ in range(2))
    assert first.city is second.city
    assert first.country_code is second.country_code
    assert first.customer_groups[0] is second.customer_groups[0]
    assert first.customer_groups is not second.customer_groups
    assert first.company_name is not second.company_name
    assert first == second


def test_an_absent_field_costs_nothing() -> None:
    """A field that may be absent reads as None, is not written, and needs no record beside the object."""
    drift = Drift()
    customer = Customer._read(CUSTOMER, drift, "")
    assert drift.found == []
    assert not hasattr(customer, "_oddities")
    assert (customer.phone, customer.integration) == (None, None)
    with_null = Customer.from_dict(CUSTOMER | {"phone": None})
    for same in (customer, copy.copy(customer), copy.deepcopy(customer), pickle.loads(pickle.dumps(customer))):
        assert same.to_dict() == CUSTOMER
        assert (same, repr(same)) == (with_null, repr(with_null))
        assert same.to_dict(by="python")["phone"] is None
    assert "phone" in with_null.to_dict()
    customer.phone = None
    assert customer.to_dict() == CUSTOMER | {"phone": None}


def test_an_absent_field_beside_something_odd() -> None:
    """It reads as None there too, and what is unreadable does not."""
    customer = Customer.from_dict(CUSTOMER | {"integration": 5, "brandNew": 1})
    assert customer.phone is None
    assert not hasattr(customer, "integration")
    assert customer.to_dict() == CUSTOMER | {"integration": 5, "brandNew": 1}


@pytest.mark.parametrize("wrong", [0, 7, 14])
def test_one_odd_row_in_a_page(wrong: int) -> None:
    """All rows are there, in order, and only the odd one is told."""
    rows = [CUSTOMER | {"id": f"cst_{number}"} for number in range(15)]
    rows[wrong] = rows[wrong] | {"a/b~c": 1, "zipCode": 1234}
    drift = Drift()
    raw = {"current_page": 1, "per_page": 15, "next_page_url": None, "data": rows}
    page: Page[Customer] = PageOf(ModelOf(Customer)).read(raw, drift, "")
    assert [customer.id for customer in page.data] == [f"cst_{number}" for number in range(15)]
    assert [customer.to_dict() for customer in page.data] == rows
    assert drift.found == [
        ("unknown_field", f"/data/{wrong}/a~1b~0c", False),
        ("wrong_type", f"/data/{wrong}/zipCode", False),
    ]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"customer": {"href": "x", "type": 5}}, [("wrong_type", "/links/customer/type", False)]),
        ({"customer": {"href": "x"}}, [("missing", "/links/customer/type", False)]),
        ({"customer": {"href": "x", "type": "y", "z": 1}}, [("unknown_field", "/links/customer/z", False)]),
        ({"customer": {"href": "x", "kind": "y"}}, [
            ("unknown_field", "/links/customer/kind", False), ("missing", "/links/customer/type", False),
        ]),
        ({"customer": ["href", "type"]}, [("wrong_type", "/links/customer", False)]),
        ({"customer": "xy"}, [("wrong_type", "/links/customer", False)]),
        ({"other": {}}, [("unknown_field", "/links/other", False)]),
    ],
)  # fmt: skip
def test_what_is_odd_in_an_object_that_is_read_in_place(change: dict[str, Any], found: list[Any]) -> None:
    """As anywhere else: it is told, the rest is there, and nothing is lost."""
    raw = INVOICE | {"links": LINKS | change}
    with pytest.raises(ODD_ANSWER):
        CustomerInvoice._fast(raw)
    drift = Drift()
    invoice = CustomerInvoice._read(raw, drift, "")
    assert drift.found == found
    assert (invoice.id, invoice.links.online_payment_link) == ("inv_1", Link(href="x", type="y"))
    assert invoice.to_dict() == raw


def test_no_default_of_a_dict_stands_in_for_a_field() -> None:
    """Which a caller's own kind of dict may have; it would take the place of what is there."""
    link = collections.defaultdict(str, href="x", kind="y")
    invoice = CustomerInvoice.from_dict(INVOICE | {"links": LINKS | {"customer": link}})
    assert not hasattr(invoice.links.customer, "type")
    assert invoice.links.customer.additional_properties == {"kind": "y"}


def test_a_class_of_ones_own() -> None:
    """A subclass reads itself, and the objects in it as they are."""

    class Invoice(CustomerInvoice):
        """A user's own."""

    invoice = Invoice.from_dict(INVOICE)
    assert (type(invoice), type(invoice.links), type(invoice.links.customer)) == (
        Invoice,
        models.CustomerInvoiceLinks,
        Link,
    )
    assert invoice.to_dict() == INVOICE
