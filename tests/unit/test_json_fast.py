"""JSON by msgspec: the same values and the same refusals as without it."""

import importlib
import json
import sys
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mijnklantportaal_client import _json, _json_fast

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=12,
)
tokens = st.sampled_from([
    '"', "\\", "\\u", "\\ud83d", "\\ude00", "\\/", "{", "}", "[", "]", ",", ":", "-", "+", ".", "e", "E", "0", "1",
    "00", "NaN", "Infinity", "-Infinity", "true", "null", " ", "\t", "\n", "\x0c", "\x00", "\x7f", "\ufeff", "é", "'",
    "nul", "1e5", "1E-400", "1e99999999999999999999", "-0", "-0.0", "9" * 4400, '"a":', '{"a":1,"a":', "/**/",
])  # fmt: skip


def outcome(loads: Any, content: bytes) -> Any:
    """Return the value with the class of every part of it, or the words of the refusal."""
    try:
        return repr(loads(content))
    except ValueError as error:
        return str(error)


@settings(max_examples=200)
@given(value=json_values, ascii_only=st.booleans(), indent=st.sampled_from([None, 1]))
def test_json(value: Any, ascii_only: bool, indent: int | None) -> None:
    """Whatever is JSON."""
    content = json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode("utf-8", "surrogatepass")
    assert outcome(_json_fast.loads, content) == outcome(_json.loads, content)


@settings(max_examples=300)
@given(parts=st.lists(tokens, max_size=8), at=st.integers(0, 100), value=json_values, junk=st.binary(max_size=3))
def test_what_looks_like_json(parts: list[str], at: int, value: Any, junk: bytes) -> None:
    """Whatever looks like JSON: tokens by themselves, and put somewhere into a valid text."""
    text = "".join(parts).encode()
    whole = json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
    middle = at % (len(whole) + 1)
    for content in (
        text,
        b"[" + text + b"]",
        whole[:middle] + text + whole[middle:],
        whole[:middle] + junk + whole[middle:],
    ):
        assert outcome(_json_fast.loads, content) == outcome(_json.loads, content)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"1", b"-0", b"1.10", b"1e5", b"1e99999999999999999999", b"9" * 4300, b"9" * 4301, b"-" + b"9" * 5000,
        b"18446744073709551616", b"NaN", b"01", b"1.", b"[1,]", b'"\\ud800"', b'"\\ud800\\u0041"', b'"\xed\xa0\x80"',
        b'"\xff"', b'"\xc0\x80"', b'{"\xff":1}', b'{"a":1,"b":2,"a":3}', b"\xef\xbb\xbf[]",
        b"\xef\xbb\xbf\xef\xbb\xbf[]",
        b"[" * 100 + b"]" * 100, b"[" * 101 + b"]" * 101, b'{"a":' * 101 + b"1" + b"}" * 101, b"[" * 100_000,
        b"[" + b"[]," * 200 + b"[]]", b'["' + b"[" * 200 + b'"]',
    ],
)  # fmt: skip
def test_known_oddities(content: bytes) -> None:
    """Numbers that Python can't hold, halves of surrogate pairs, marks, depth, keys that stand twice."""
    assert outcome(_json_fast.loads, content) == outcome(_json.loads, content)


def test_it_is_msgspec_that_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """A usual answer is not read twice."""
    monkeypatch.delattr(_json, "loads")
    assert _json_fast.loads(b'{"amount": 12.50, "n": [1, null]}') == {"amount": Decimal("12.50"), "n": [1, None]}


def test_without_msgspec(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it is not installed, all is read by Python's own parser."""
    with monkeypatch.context() as without:
        without.setitem(sys.modules, "msgspec", None)
        assert importlib.reload(_json_fast).loads is _json.loads
    assert importlib.reload(_json_fast).loads is not _json.loads
