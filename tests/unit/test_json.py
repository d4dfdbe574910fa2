"""JSON with exact numbers."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mijnklantportaal_client._json import dumps, loads, number, plain


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1),
        ("1.0", Decimal("1.0")),
        ("12.950", Decimal("12.950")),
        ("0.1", Decimal("0.1")),
        ("1e2", Decimal("1E+2")),
        ("123456789012345678901234567890.12", Decimal("123456789012345678901234567890.12")),
        ('"é"', "é"),
        ("true", True),
        ("null", None),
        ('{"a": 1, "a": 2}', {"a": 2}),
        ("  [ ]  ", []),
        ('"\\ud800"', "\ud800"),
        ("-0", 0),
        ("1e99999999999999999999", "1e99999999999999999999"),
        ("9" * 5000, "9" * 5000),
        (f"[{'9' * 4100}, {'9' * 5000}]", [int("9" * 4100), "9" * 5000]),
    ],
)
def test_what_is_parsed(text: str, value: object) -> None:
    """Numbers keep the value of their text; one that Python can't hold stays text, and costs no other field."""
    found = loads(text.encode())
    assert (found, type(found)) == (value, type(value))
    assert loads(text) == value
    assert loads(f'[{text}, "other", 1.5]'.encode()) == [value, "other", Decimal("1.5")]


def test_a_byte_order_mark_is_skipped() -> None:
    """Some PHP servers send one."""
    assert loads(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


@pytest.mark.parametrize(
    "content",
    [
        b"", b" ", b"<html>", b"{", b"[1,]", b"{'a': 1}", b"\xff\xfe", b'"\xff"', b"NaN", b"[Infinity]", b"[-Infinity]",
        b'{"a": NaN, "b": 1e99999999999999999999}', b"01", b"1 2", b'"\n"', b"[" * 100_000, b'{"a":' * 50_000,
        b"[" + b"9" * 5000 + b"," + b"[" * 100_000, b"[1e99999999999999999999," + b"[" * 100_000,
        b"[" * 101 + b"]" * 101, b'{"a":[' * 60 + b"]}" * 60, b"[" * 990 + b"]" * 990,
    ],
)  # fmt: skip
def test_what_is_refused(content: bytes) -> None:
    """Everything that is no JSON, no UTF-8, no finite number or nested without end is a `ValueError`."""
    with pytest.raises(ValueError, match=r".") as caught:
        loads(content)
    assert len(str(caught.value)) < 200


def test_depth_and_width() -> None:
    """Any number of members is fine, and more levels than any answer has."""
    wide: list[Any] = [[{"a": []}] * 1000]
    assert loads(json.dumps(wide)) == wide
    assert loads("[" * 100 + "]" * 100) is not None


@given(st.binary())
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    """Nothing but `ValueError` comes out."""
    try:
        value = loads(content)
    except ValueError:
        return
    assert plain(value) == json.loads(content.decode("utf-8-sig"))


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal(12), "12"),
        (Decimal("12.50"), "12.5"),
        (Decimal("1E+2"), "100.0"),
        (Decimal("1E+400"), '"1E+400"'),
        (Decimal("9" * 30), "9" * 30),
        (Decimal("9" * 4000), "9" * 4000),
        (Decimal("9" * 5000), '"' + "9" * 5000 + '"'),
        (Decimal("NaN"), '"NaN"'),
        (Decimal("sNaN"), '"sNaN"'),
        (Decimal("-Infinity"), '"-Infinity"'),
    ],
)
def test_decimals_become_numbers(value: Decimal, written: str) -> None:
    """A `Decimal` is written as the number it was, or as text where JSON has no such number."""
    assert json.dumps(number(value)) == written
    assert json.loads(json.dumps(plain({"a": [value, (value,)]}))) == {
        "a": [json.loads(written), [json.loads(written)]]
    }


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"]))
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
)  # fmt: skip


@given(json_values)
def test_round_trip(value: Any) -> None:
    """What was written is read as the same value."""
    again = plain(loads(dumps(value)))
    assert again == value


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [float("-inf")]])
def test_what_is_no_json_is_not_written(value: object) -> None:
    """NaN and Infinity are refused, not written as JavaScript."""
    with pytest.raises(ValueError, match="JSON compliant"):
        dumps(value)


def test_text_is_written_as_utf8() -> None:
    """Compact, and without escapes for letters."""
    assert dumps({"naam": "café", "n": [1, 2]}) == '{"naam":"café","n":[1,2]}'.encode()
