"""How each kind of value is read, written and dumped."""

import datetime
import enum
import json
from collections import OrderedDict
from collections.abc import Callable
from decimal import Decimal
from types import MappingProxyType
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mijnklantportaal_client._codec import Codec, WriteOptions, wrong_type
from mijnklantportaal_client._codecs import (
    ANY,
    BOOLEAN,
    DATE,
    INTEGER,
    INTEGER_OR_STRING,
    LOCAL_DATE_MINUTE,
    LOCAL_DATE_TIME,
    MOMENT,
    MONEY,
    NUMBER,
    STRING,
    EnumOf,
    IdOf,
    ListOf,
    MapOf,
    ModelOf,
    Nullable,
)
from mijnklantportaal_client._drift import Drift, Unreadable
from mijnklantportaal_client._json import loads, plain
from mijnklantportaal_client.errors import InvalidIDError
from mijnklantportaal_client.models import InvoiceLineInput, Link, TicketStatus

OPTIONS = WriteOptions(ZoneInfo("Europe/Amsterdam"))
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.decimals(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


class Text(str, enum.Enum):  # noqa: UP042 - of a StrEnum, str() is the value
    """An enum whose `str()` is not its value."""

    AMOUNT = "12.95"
    DATE = "2024-04-29"
    MOMENT = "2024-04-29 21:00:00"
    STATUS = "open"


class Level(enum.IntEnum):
    """A closed list of numbers."""

    LOW = 1
    HIGH = 2


ALL: dict[str, Codec] = {
    "any": ANY,
    "string": STRING,
    "integer": INTEGER,
    "boolean": BOOLEAN,
    "integer or string": INTEGER_OR_STRING,
    "money": MONEY,
    "number": NUMBER,
    "date": DATE,
    "moment": MOMENT,
    "status": EnumOf(TicketStatus),
    "level": EnumOf(Level),
    "nullable money": Nullable(MONEY),
    "dates": ListOf(DATE),
    "numbers by name": MapOf(Nullable(NUMBER)),
    "link": ModelOf(Link),
    "links": ListOf(ModelOf(lambda: Link)),
}


def read(codec: Codec, raw: object) -> Any:
    """Return what a codec reads, or `Unreadable`."""
    try:
        return codec.read(raw, Drift(), "")
    except Unreadable:
        return Unreadable


def write(codec: Codec, value: object) -> Any:
    """Return what a codec writes."""
    return codec.write(value, "it", OPTIONS)


@pytest.mark.parametrize(
    ("codec", "raw", "expected"),
    [
        (STRING, "a", "a"),
        (STRING, 1, Unreadable),
        (STRING, None, Unreadable),
        (STRING, ["a"], Unreadable),
        (INTEGER, 3, 3),
        (INTEGER, True, Unreadable),
        (INTEGER, "3", Unreadable),
        (INTEGER, Decimal("3.0"), Unreadable),
        (BOOLEAN, False, False),
        (BOOLEAN, 0, Unreadable),
        (INTEGER_OR_STRING, 3, 3),
        (INTEGER_OR_STRING, "3", "3"),
        (INTEGER_OR_STRING, True, Unreadable),
        (INTEGER_OR_STRING, Decimal("3.5"), Unreadable),
        (MONEY, "12.950", Decimal("12.950")),
        (MONEY, "-0.01", Decimal("-0.01")),
        (MONEY, "007.50", Decimal("7.50")),
        (MONEY, 12, Decimal(12)),
        (MONEY, 12.95, Decimal("12.95")),
        (MONEY, Decimal("12.95"), Decimal("12.95")),
        (MONEY, "1e3", Unreadable),
        (MONEY, "12,95", Unreadable),
        (MONEY, " 12", Unreadable),
        (MONEY, "12\n", Unreadable),
        (MONEY, "٣", Unreadable),
        (MONEY, "NaN", Unreadable),
        (MONEY, "", Unreadable),
        (MONEY, True, Unreadable),
        (MONEY, float("nan"), Unreadable),
        (MONEY, float("inf"), Unreadable),
        (MONEY, Decimal("sNaN"), Unreadable),
        (MONEY, Decimal("1E+999999"), Unreadable),
        (MONEY, 10**4000, Unreadable),
        (NUMBER, Decimal("0.1"), Decimal("0.1")),
        (NUMBER, "0.10", Decimal("0.10")),
        (NUMBER, Decimal("1E-999999"), Unreadable),
        (DATE, "2024-04-29", datetime.date(2024, 4, 29)),
        (DATE, "2024-04-31", Unreadable),
        (DATE, "2024-04-29T00:00:00", Unreadable),
        (DATE, 20240429, Unreadable),
        (DATE, {}, Unreadable),
        (MOMENT, "2024-04-29T21:00:00", Unreadable),
        (MOMENT, "2024-04-29", Unreadable),
        (MOMENT, "garbage", Unreadable),
        (MOMENT, "2024-04-29T21:00:00+99:00", Unreadable),
        (MOMENT, 1714417200, Unreadable),
        (ListOf(STRING), ["a", "b"], ["a", "b"]),
        (ListOf(STRING), ["a", None], Unreadable),
        (ListOf(STRING), "ab", Unreadable),
        (ListOf(Nullable(STRING)), ["a", None], ["a", None]),
        (MapOf(INTEGER), {"a": 1}, {"a": 1}),
        (MapOf(INTEGER), {"a": "1"}, Unreadable),
        (MapOf(INTEGER), [], {}),
        (MapOf(INTEGER), [1], Unreadable),
        (Nullable(MONEY), None, None),
        (ModelOf(Link), "text", Unreadable),
        (ModelOf(Link), None, Unreadable),
    ],
)
def test_what_is_read(codec: Codec, raw: object, expected: object) -> None:
    """A value of the right kind is read exactly, any other is told apart."""
    found = read(codec, raw)
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(
    "text",
    [
        "2024-04-29T21:00:00+02:00",
        "2024-04-29T19:00:00Z",
        "2024-04-29T19:00:00.000Z",
        "2024-04-29T21:00:00.123456+02:00",
        "20240429T210000+0200",
        "2024-W18-1T21:00:00+02:00",
        "2024-04-29T19:00:00-00:00",
    ],
)
def test_moments_in_any_iso_form(text: str) -> None:
    """All forms of one moment are read as that moment, and only the usual one is its own dump."""
    moment = read(MOMENT, text)
    assert moment.replace(microsecond=0) == datetime.datetime(2024, 4, 29, 19, tzinfo=datetime.UTC)
    assert MOMENT.exact(moment, text) == (MOMENT.dump(moment) == text)


@given(raw=json_values)
def test_reading_raises_nothing_but_unreadable(raw: object) -> None:
    """Whatever is read, a codec either says so or its dump of an exact value is the raw value."""
    for codec in ALL.values():
        value = read(codec, raw)
        if value is not Unreadable and codec.exact(value, raw):
            assert plain(codec.dump(value)) == plain(raw)


@pytest.mark.parametrize("known", [EnumOf(TicketStatus), EnumOf(Level)])
@pytest.mark.parametrize("raw", [True, None, [], {}, Decimal(1), 1.0, b"open"])
def test_enums_refuse_other_kinds(known: EnumOf, raw: object) -> None:
    """A value of another JSON type is unreadable, hashable or not, equal to a member or not."""
    assert read(known, raw) is Unreadable


@pytest.mark.parametrize(
    ("codec", "raw", "expected", "drift"),
    [
        (EnumOf(TicketStatus), "open", TicketStatus("open"), []),
        (EnumOf(TicketStatus), "brand_new", "brand_new", [("unknown_value", "/a~1b", False)]),
        (EnumOf(Level), 2, Level.HIGH, []),
        (EnumOf(Level), 9, 9, [("unknown_value", "/a~1b", False)]),
    ],
)
def test_enums_are_open(codec: EnumOf, raw: object, expected: object, drift: list[object]) -> None:
    """A known value is a member, an unknown one a plain value and noted."""
    found = Drift()
    value = codec.read(raw, found, "/a~1b")
    assert (value, type(value), found.found) == (expected, type(expected), drift)
    assert (codec.dump(value), type(codec.dump(value))) == (raw, type(raw))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("12.95"), "12.95"),
        (Decimal("1E+2"), "100"),
        (Decimal("-0.5"), "-0.5"),
        (Decimal("0E-2"), "0.00"),
        (12, "12"),
        (-3, "-3"),
        (Level.HIGH, "2"),
        ("12.95", "12.95"),
        ("12.9", "12.9"),
        ("-12", "-12"),
        (Text.AMOUNT, "12.95"),
        (9999999999999999, "9999999999999999"),
    ],
)
def test_money_that_goes_out(value: object, text: str) -> None:
    """Exact amounts are written in digits, as the exact type `str`."""
    written = write(MONEY, value)
    assert (written, type(written)) == (text, str)


@pytest.mark.parametrize(
    "value", [12.95, True, None, b"12", [12], object(), float("nan"), 1j, datetime.date(2024, 1, 1)]
)
@pytest.mark.parametrize("codec", [MONEY, NUMBER])
def test_money_of_the_wrong_type(codec: Codec, value: object) -> None:
    """What is no exact number is a `TypeError` that names the argument."""
    with pytest.raises(TypeError, match=r"^it\b"):
        write(codec, value)


@pytest.mark.parametrize(
    "value",
    [
        "12,95", "12.955", "1e2", "1E+2", "NaN", "Infinity", "", " 12", "12 ", "12\n", "+12", ".5", "12.", "--1",
        "1_000", "٣", Decimal("12.955"), Decimal("12.950"), Decimal("NaN"), Decimal("sNaN"), Decimal("-Infinity"),
        Decimal("1E+16"), Decimal("1E+999999"), Decimal("0E+999999"), Decimal("1E-999999"), 10**16, 10**4000, "9" * 17,
    ],
)  # fmt: skip
@pytest.mark.parametrize("codec", [MONEY, NUMBER])
def test_money_that_can_not_be_sent(codec: Codec, value: object) -> None:
    """What is no amount, or none that can be told exactly, is a short `ValueError`."""
    with pytest.raises(ValueError, match=r"^it\b") as caught:
        write(codec, value)
    assert len(str(caught.value)) < 200


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**13), max_value=10**13))
def test_money_is_exact_both_ways(amount: Decimal) -> None:
    """An amount comes back from the wire as it went, as text and as a JSON number."""
    for codec in (MONEY, NUMBER):
        sent = json.dumps(write(codec, amount))
        assert codec.read(loads(sent), Drift(), "") == amount
        assert "e" not in sent.lower()


@given(st.decimals(allow_nan=False, allow_infinity=False) | st.integers() | st.text())
def test_money_is_written_in_digits_or_refused(value: object) -> None:
    """Whatever is passed, only digits with at most two decimals come out."""
    try:
        text = write(MONEY, value)
    except ValueError:
        return
    whole, _, decimals = text.removeprefix("-").partition(".")
    assert text.isascii()
    assert whole.isdigit()
    assert len(decimals) <= 2
    assert Decimal(text) == Decimal(value)  # type: ignore[arg-type]


def test_a_number_that_json_can_not_keep() -> None:
    """An amount that would change on its way through a JSON number is refused, not rounded."""
    with pytest.raises(ValueError, match="more digits"):
        write(NUMBER, "9999999999999999.99")
    assert write(MONEY, "9999999999999999.99") == "9999999999999999.99"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (datetime.date(2024, 4, 29), "2024-04-29"),
        (datetime.date(5, 4, 29), "0005-04-29"),
        ("2024-02-29", "2024-02-29"),
        (Text.DATE, "2024-04-29"),
    ],
)
def test_dates_that_go_out(value: object, text: str) -> None:
    """A date is written as ISO text of the exact type `str`."""
    assert (write(DATE, value), type(write(DATE, value))) == (text, str)


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (datetime.datetime(2024, 4, 29, tzinfo=datetime.UTC), TypeError),
        (datetime.datetime(2024, 4, 29), TypeError),  # noqa: DTZ001 - that is the point
        (datetime.time(), TypeError),
        (20240429, TypeError),
        (None, TypeError),
        ("2024-02-30", ValueError),
        ("2024-2-03", ValueError),
        ("2024-04- 9", ValueError),
        ("20240429", ValueError),
        ("2024-W18-1", ValueError),
        ("29-04-2024", ValueError),
        ("2024-04-29T21:00:00", ValueError),
        ("2024-04-29\n", ValueError),
        ("٢٠٢٤-04-29", ValueError),
        ("", ValueError),
        ("\ud800", ValueError),
        ("9" * 10_000, ValueError),
    ],
)
def test_dates_that_can_not_be_sent(value: object, error: type[Exception]) -> None:
    """A moment where a date is due, and text in another form, are refused by name."""
    with pytest.raises(error, match=r"^it\b") as caught:
        write(DATE, value)
    assert len(str(caught.value)) < 200


SUMMER = datetime.datetime(2024, 7, 1, 12, 30, 45, tzinfo=datetime.UTC)
WINTER = datetime.datetime(2024, 1, 1, 23, 30, 45, tzinfo=datetime.UTC)
TWICE = datetime.datetime(2024, 10, 27, 0, 30, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("codec", "value", "text"),
    [
        (LOCAL_DATE_TIME, SUMMER, "2024-07-01 14:30:45"),
        (LOCAL_DATE_TIME, WINTER, "2024-01-02 00:30:45"),
        (LOCAL_DATE_TIME, TWICE, "2024-10-27 02:30:00"),
        (LOCAL_DATE_TIME, TWICE + datetime.timedelta(hours=1), "2024-10-27 02:30:00"),
        (LOCAL_DATE_TIME, datetime.datetime(2024, 3, 31, 1, tzinfo=datetime.UTC), "2024-03-31 03:00:00"),
        (LOCAL_DATE_TIME, datetime.datetime(24, 1, 1, tzinfo=ZoneInfo("Europe/Amsterdam")), "0024-01-01 00:00:00"),
        (LOCAL_DATE_TIME, Text.MOMENT, "2024-04-29 21:00:00"),
        (LOCAL_DATE_MINUTE, SUMMER, "2024-07-01 14:30"),
        (LOCAL_DATE_MINUTE, "2024-04-29 21:00", "2024-04-29 21:00"),
        (MOMENT, SUMMER, "2024-07-01T14:30:45+02:00"),
        (MOMENT, WINTER.replace(microsecond=5), "2024-01-02T00:30:45+01:00"),
        (MOMENT, "2024-01-01T23:30:45.000Z", "2024-01-02T00:30:45+01:00"),
    ],
)
def test_moments_that_go_out(codec: Codec, value: object, text: str) -> None:
    """A moment is sent in the portal's zone, summer time included, in the format of the operation."""
    assert (write(codec, value), type(write(codec, value))) == (text, str)


@pytest.mark.parametrize("codec", [LOCAL_DATE_TIME, LOCAL_DATE_MINUTE, MOMENT])
@pytest.mark.parametrize(
    ("value", "error"),
    [
        (datetime.datetime(2024, 4, 29, 21), ValueError),  # noqa: DTZ001 - that is the point
        (datetime.datetime.max.replace(tzinfo=datetime.UTC), ValueError),
        (datetime.date(2024, 4, 29), TypeError),
        (1714417200, TypeError),
        (None, TypeError),
        ("2024-04-29", ValueError),
        ("2024-04-29T21:00:00", ValueError),
        ("2024-04- 9 21:00:00", ValueError),
        ("2024-04- 9 21:00", ValueError),
        ("٢٠٢٤-04-29 21:00:00", ValueError),
        ("٢٠٢٤-04-29 21:00", ValueError),
        ("2024-02-30 21:00:00", ValueError),
        ("2024-04-29 24:01", ValueError),
        ("tomorrow", ValueError),
    ],
)
def test_moments_that_can_not_be_sent(codec: Codec, value: object, error: type[Exception]) -> None:
    """A naive moment, and text in another form than the operation's, are refused by name."""
    with pytest.raises(error, match=r"^it\b"):
        write(codec, value)


@given(st.datetimes(timezones=st.timezones(), allow_imaginary=False))
def test_moments_keep_their_moment(moment: datetime.datetime) -> None:
    """A moment with its offset on the wire is read back as the same second."""
    try:
        text = write(MOMENT, moment)
    except ValueError:
        assert moment.year in (1, 9999)
        return
    offset = datetime.datetime.fromisoformat(text).utcoffset()
    if offset is not None and offset.seconds % 60 == 0:
        assert read(MOMENT, text) == moment.astimezone(datetime.UTC).replace(microsecond=0)


@pytest.mark.parametrize(
    ("codec", "value", "written"),
    [
        (STRING, "a", "a"),
        (STRING, Text.STATUS, "open"),
        (INTEGER, Level.HIGH, 2),
        (BOOLEAN, True, True),
        (INTEGER_OR_STRING, 3, 3),
        (INTEGER_OR_STRING, "3", "3"),
        (INTEGER_OR_STRING, Text.STATUS, "open"),
        (EnumOf(TicketStatus), TicketStatus("open"), "open"),
        (EnumOf(TicketStatus), "brand_new", "brand_new"),
        (EnumOf(TicketStatus), Text.STATUS, "open"),
        (EnumOf(Level), Level.LOW, 1),
        (EnumOf(Level), 7, 7),
        (IdOf("cst_"), "cst_abc123", "cst_abc123"),
        (ListOf(STRING), ("a", "b"), ["a", "b"]),
        (ListOf(MONEY), [Decimal("1E+2"), "1.5"], ["100", "1.5"]),
        (MapOf(DATE), MappingProxyType({Text.STATUS: datetime.date(2024, 1, 1)}), {"open": "2024-01-01"}),
        (ANY, {"a": (Decimal("1.5"), None)}, {"a": [1.5, None]}),
        (Nullable(MONEY), None, None),
        (Nullable(MONEY), 3, "3"),
    ],
)
def test_what_is_written(codec: Codec, value: object, written: object) -> None:
    """Arguments become JSON values of exactly the JSON types."""
    found = write(codec, value)
    assert (found, type(found)) == (written, type(written))
    assert json.loads(json.dumps(found)) == written


@pytest.mark.parametrize(
    ("codec", "value"),
    [
        (STRING, 1),
        (STRING, b"a"),
        (STRING, None),
        (INTEGER, True),
        (INTEGER, "1"),
        (INTEGER, 1.0),
        (BOOLEAN, 1),
        (BOOLEAN, "true"),
        (INTEGER_OR_STRING, True),
        (INTEGER_OR_STRING, 1.5),
        (EnumOf(TicketStatus), 1),
        (EnumOf(Level), "1"),
        (EnumOf(Level), True),
        (ListOf(STRING), "ab"),
        (ListOf(STRING), b"ab"),
        (ListOf(STRING), {"a": "b"}),
        (ListOf(STRING), {"a"}),
        (ListOf(STRING), iter(["a"])),
        (ListOf(STRING), None),
        (ListOf(STRING), ["a", 1]),
        (MapOf(STRING), [("a", "b")]),
        (MapOf(STRING), {1: "b"}),
        (ModelOf(InvoiceLineInput), "text"),
        (ModelOf(InvoiceLineInput), [("amount", 1)]),
    ],
)
def test_arguments_of_the_wrong_type(codec: Codec, value: object) -> None:
    """Each is a `TypeError` that begins with, or holds, the name of the argument."""
    with pytest.raises(TypeError, match=r"\bit\b"):
        write(codec, value)


def test_the_place_in_a_list_is_named() -> None:
    """Of several items, the error names the wrong one."""
    with pytest.raises(ValueError, match=r"^it\[1\]: "):
        write(ListOf(DATE), ["2024-01-01", "never"])
    with pytest.raises(InvalidIDError, match=r"it\[1\]"):
        write(ListOf(IdOf("cst_")), ["cst_abc123", "inv_abc123"])


LINE: dict[str, Callable[[], dict[str, Any]]] = {
    "mapping": lambda: {"amount_excl_vat": Decimal("1E+2"), "description": "Uur", "vat_rate": 21},
    "proxy": lambda: cast("dict[str, Any]", MappingProxyType(LINE["mapping"]())),
    "ordered": lambda: OrderedDict(LINE["mapping"]()),
    "object": lambda: cast("dict[str, Any]", InvoiceLineInput(**LINE["mapping"]())),
}


@pytest.mark.parametrize("kind", LINE)
def test_nested_objects(kind: str) -> None:
    """A nested object is given as its class or as any mapping."""
    assert write(ModelOf(InvoiceLineInput), LINE[kind]()) == {
        "amountExclVat": "100",
        "description": "Uur",
        "vatRate": 21,
    }


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"vatRate": 21}, "did you mean 'vat_rate'"),
        ({"discription": "x"}, "did you mean 'description'"),
        ({"zzz": 1}, "it has .*amount"),
        ({7: 1}, "no field 7"),
        ({"amount_excl_vat": None}, r"it\.amount_excl_vat"),
        ({"amount_excl_vat": 12.95}, r"it\.amount_excl_vat: a float"),
    ],
)
def test_nested_objects_that_can_not_be_sent(change: dict[Any, Any], error: str) -> None:
    """A misspelt key is a `TypeError` with the nearest name, a wrong value one with its place."""
    with pytest.raises(TypeError, match=error):
        write(ModelOf(InvoiceLineInput), LINE["mapping"]() | change)


def test_a_nested_object_lacks_a_field() -> None:
    """A missing required key is named."""
    with pytest.raises(TypeError, match=r"it\.amount_excl_vat is missing"):
        write(ModelOf(InvoiceLineInput), {"description": "Uur", "vat_rate": 21})


def test_id_rules_of_arguments() -> None:
    """`validate_ids=False` turns off the prefix rule of IDs in bodies, and no other rule."""
    lenient = WriteOptions(datetime.UTC, validate_ids=False)
    assert IdOf("cst_").write("inv_abc123", "it", lenient) == "inv_abc123"
    with pytest.raises(InvalidIDError):
        IdOf("cst_").write("../x", "it", lenient)
    with pytest.raises(InvalidIDError):
        write(IdOf("cst_"), "inv_abc123")


@given(value=json_values)
def test_dumping_takes_what_users_assign(value: object) -> None:
    """A value of another kind that a user put in a field is dumped as it is."""
    for codec in ALL.values():
        dumped = json.loads(json.dumps(codec.dump(value)))
        if isinstance(value, Decimal) and isinstance(dumped, str):
            # An amount of money, or a number that a float can't hold.
            assert Decimal(dumped) == value
        else:
            assert dumped == json.loads(json.dumps(plain(value)))


@pytest.mark.parametrize("codec", [LOCAL_DATE_TIME, LOCAL_DATE_MINUTE, MOMENT, DATE])
def test_dumped_moments_are_text(codec: Codec) -> None:
    """Dates and moments in an object become JSON text."""
    assert codec.dump(SUMMER) == "2024-07-01T12:30:45+00:00"
    assert codec.dump("as given") == "as given"


def test_the_type_of_a_secret_is_told_not_its_value() -> None:
    """An error for a wrong type shows no value."""
    assert "hunter2" not in str(wrong_type("secret", "an int", "hunter2"))


@pytest.mark.parametrize(("count", "fits"), [(0, True), (5, True), (6, False)])
def test_a_list_has_no_more_than_the_api_takes(count: int, fits: bool) -> None:
    """A longer one is refused before anything is sent; answers may be longer."""
    codec = ListOf(STRING, most=5)
    assert codec.read(["a"] * 6, Drift(), "") == ["a"] * 6
    if fits:
        assert codec.write(["a"] * count, "signers", OPTIONS) == ["a"] * count
    else:
        with pytest.raises(ValueError, match="signers: 6 are too many, the API takes 5 at most"):
            codec.write(["a"] * count, "signers", OPTIONS)


@pytest.mark.parametrize(("value", "text"), [("-0", "0"), ("-0.00", "0.00"), ("-0.01", "-0.01"), ("0", "0")])
def test_a_negative_zero_is_zero(value: str, text: str) -> None:
    """It comes of rounding, and is no amount of anything."""
    assert MONEY.write(Decimal(value), "amount", OPTIONS) == text
