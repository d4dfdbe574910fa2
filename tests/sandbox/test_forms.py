"""Forms as Laravel reads them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mijnklantportaal_client.testing._api.forms import nested, typed
from mijnklantportaal_client.testing._portal.contract import Contract

EMPTY = Contract({"paths": {}})
PERSON = {"type": "object", "properties": {"name": {"type": "string"}, "is": {"type": "boolean"}}}
SCHEMA = {
    "type": "object",
    "properties": {
        "text": {"type": "string"},
        "count": {"type": "integer"},
        "price": {"type": "number"},
        "maybe": {"type": ["integer", "null"]},
        "texts": {"type": "array", "items": {"type": "string"}},
        "people": {"type": "array", "items": PERSON},
        "one": PERSON,
    },
}


@pytest.mark.parametrize(
    ("fields", "form"),
    [
        ([("a", "1"), ("b", "2")], {"a": "1", "b": "2"}),
        ([("a", "1"), ("a", "2")], {"a": ["1", "2"]}),
        ([("a[]", "1"), ("a[]", "2")], {"a": ["1", "2"]}),
        ([("a[1]", "2"), ("a[0]", "1")], {"a": ["1", "2"]}),
        ([("a[0][b]", "1"), ("a[0][c]", "2"), ("a[1][b]", "3")], {"a": [{"b": "1", "c": "2"}, {"b": "3"}]}),
        ([("a[][b]", "1"), ("a[][b]", "2")], {"a": [{"b": "1"}, {"b": "2"}]}),
        ([("a[x]", "1"), ("a[0]", "2")], {"a": {"x": "1", "0": "2"}}),
        ([("a", "1"), ("a[b]", "2")], {"a": {"b": "2"}}),
        ([("a[0]", "1"), ("a", "2")], {"a": [["1"], "2"]}),
        ([("407", "1"), ("", "2"), ("]", "3"), ("a[b", "4")], {"407": "1", "": "2", "]": "3", "a[b": "4"}),
        ([("a" + "[x]" * 9, "1")], {"a" + "[x]" * 9: "1"}),
    ],
)
def test_nested(fields: list[tuple[str, str]], form: Any) -> None:
    """Brackets make lists and objects; a name that means nothing stays a name."""
    assert nested(fields) == form


@pytest.mark.parametrize(
    ("fields", "body"),
    [
        (
            [("text", "1"), ("count", "1"), ("price", "1.5"), ("maybe", "2")],
            {"text": "1", "count": 1, "price": 1.5, "maybe": 2},
        ),
        ([("count", "x"), ("price", "x"), ("maybe", "x")], {"count": "x", "price": "x", "maybe": "x"}),
        ([("text", "a"), ("text", "b")], {"text": "b"}),
        ([("texts", "a")], {"texts": ["a"]}),
        ([("texts", "a"), ("texts", "b"), ("texts", "c")], {"texts": ["a", "b", "c"]}),
        ([("texts", '["a", "b"]')], {"texts": ["a", "b"]}),
        ([("texts", "[" * 100_000)], {"texts": ["[" * 100_000]}),
        ([("people[0][name]", "Jan"), ("people[0][is]", "1")], {"people": [{"name": "Jan", "is": True}]}),
        ([("people", '{"name": "Jan", "is": false}')], {"people": [{"name": "Jan", "is": False}]}),
        ([("one", '{"name": "Jan"}'), ("other", "1")], {"one": {"name": "Jan"}, "other": "1"}),
        ([("one[is]", "maybe")], {"one": {"is": "maybe"}}),
        ([("text", ""), ("maybe", ""), ("people[0][name]", ""), ("texts[]", "")], {"people": [{}], "texts": [""]}),
    ],
)
def test_typed(fields: list[tuple[str, str]], body: Any) -> None:
    """Texts become what the schema wants; what can't be that stays for the check to refuse."""
    assert typed(EMPTY, SCHEMA, nested(fields)) == body


@given(st.lists(st.tuples(st.text("ab0[]", max_size=8), st.text(max_size=3)), max_size=6))
def test_any_names(fields: list[tuple[str, str]]) -> None:
    """Whatever the names are, what comes out has texts as keys."""

    def keys(value: Any) -> list[Any]:
        if isinstance(value, dict):
            return [*value, *(key for each in value.values() for key in keys(each))]
        return [key for each in value for key in keys(each)] if isinstance(value, list) else []

    assert all(isinstance(key, str) for key in keys(typed(EMPTY, SCHEMA, nested(fields))))
