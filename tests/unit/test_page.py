"""The page envelope, as it should be and as it may come."""

from typing import Any, cast

import pytest

from mijnklantportaal_client import Page
from mijnklantportaal_client._codec import Codec
from mijnklantportaal_client._codecs import STRING, ModelOf
from mijnklantportaal_client._drift import Drift, Unreadable
from mijnklantportaal_client._page import CONTENT, NOTHING, DataOf, PageOf
from mijnklantportaal_client.models import Link

ENVELOPE: dict[str, Any] = {
    "current_page": 2,
    "per_page": 3,
    "next_page_url": "https://x.test?page=3",
    "data": ["a", "b", "c"],
}


def read(codec: Codec, raw: Any) -> tuple[Any, list[tuple[str, str]]]:
    """Return what is read and what is noted."""
    drift = Drift()
    value = codec.read(raw, drift, "")
    return value, [(kind, pointer) for kind, pointer, _ in drift.found]


def test_a_page() -> None:
    """The usual envelope becomes a page, without drift for the fields that only Laravel needs."""
    page, drift = read(PageOf(STRING), ENVELOPE | {"from": 4, "to": 6, "path": "x", "prev_page_url": None})
    assert page == Page(data=["a", "b", "c"], current_page=2, per_page=3, has_next=True)
    assert drift == []


@pytest.mark.parametrize(
    ("change", "expected", "drift"),
    [
        ({"next_page_url": None}, (2, 3, False), []),
        ({"next_page_url": ""}, (2, 3, False), []),
        ({"next_page_url": "https://x.test?page=3,"}, (2, 3, True), []),
        ({"next_page_url": False}, (2, 3, True), [("wrong_type", "/next_page_url")]),
        ({"next_page_url": {}, "data": ["a"]}, (2, 3, False), [("wrong_type", "/next_page_url")]),
        ({"next_page_url": ...}, (2, 3, True), [("missing", "/next_page_url")]),
        ({"next_page_url": ..., "data": ["a"]}, (2, 3, False), [("missing", "/next_page_url")]),
        ({"next_page_url": ..., "data": [], "per_page": 0}, (2, 0, False), [("missing", "/next_page_url")]),
        ({"current_page": "2"}, (2, 3, True), []),
        ({"per_page": "15"}, (2, 15, True), []),
        ({"current_page": ...}, (0, 3, True), [("missing", "/current_page")]),
        ({"current_page": None}, (0, 3, True), [("unexpected_null", "/current_page")]),
        ({"current_page": True}, (0, 3, True), [("wrong_type", "/current_page")]),
        ({"current_page": "٢"}, (0, 3, True), [("wrong_type", "/current_page")]),
        ({"current_page": "9" * 5000}, (0, 3, True), [("wrong_type", "/current_page")]),
        ({"per_page": [15]}, (2, 3, True), [("wrong_type", "/per_page")]),
    ],
)
def test_odd_envelopes(change: dict[str, Any], expected: object, drift: list[object]) -> None:
    """Missing and odd fields cost nothing but a note; where it is unclear, another page is asked for."""
    raw = {key: value for key, value in (ENVELOPE | change).items() if value is not ...}
    page, found = read(PageOf(STRING), raw)
    assert (page.current_page, page.per_page, page.has_next) == expected
    assert page.data == raw["data"]
    assert found == drift


@pytest.mark.parametrize("codec", [PageOf(STRING), PageOf(STRING, single=True), DataOf(STRING)])
@pytest.mark.parametrize(
    "raw",
    [None, [], "text", 1, {}, {"data": None}, {"data": {}}, {"data": "abc"}, {"data": [1]}, {"data": [None, None]}],
)
def test_what_is_no_list(codec: Codec, raw: Any) -> None:
    """Without a list of the right items there is no page."""
    with pytest.raises(Unreadable):
        codec.read(raw, Drift(), "")


@pytest.mark.parametrize("codec", [PageOf(STRING, single=True), DataOf(STRING)])
def test_an_odd_row_does_not_lose_the_others(codec: Codec) -> None:
    """It is left out and noted."""
    drift = Drift()
    value = codec.read({"data": ["a", None, "b", 5]}, drift, "")
    assert getattr(value, "data", value) == ["a", "b"]
    assert getattr(value, "unreadable", [None, 5]) == [None, 5]
    assert drift.found == [("wrong_type", "/data/1", True), ("wrong_type", "/data/3", True)]


def test_odd_rows_make_a_page_no_shorter() -> None:
    """Where the server does not say whether there is another page, a full one has one behind it."""
    page, _ = read(PageOf(STRING), {"data": ["a", None, "c"], "current_page": 1, "per_page": 3})
    assert (page.data, page.unreadable, page.has_next) == (["a", "c"], [None], True)
    page, _ = read(PageOf(STRING), {"data": ["a", None], "current_page": 1})
    assert (page.per_page, page.has_next) == (2, True)


def test_a_single_page() -> None:
    """A list without paging is one page, the last."""
    page, drift = read(PageOf(STRING, single=True), {"data": ["a", "b"]})
    assert page == Page(data=["a", "b"], current_page=1, per_page=2, has_next=False)
    assert drift == []


def test_a_list_in_data() -> None:
    """`{"data": [...]}` becomes the list, and drift is told with its place."""
    links, drift = read(DataOf(ModelOf(Link)), {"data": [{"extra": 1}]})
    assert links[0].to_dict() == {"extra": 1}
    assert ("unknown_field", "/data/0/extra") in drift


def test_answers_without_json() -> None:
    """Content that is not JSON is never decoded."""
    assert NOTHING.read({"a": 1}, Drift(), "") is None
    assert CONTENT.read(b"%PDF", Drift(), "") == b"%PDF"


def test_a_page_is_not_iterated_itself() -> None:
    """The error says what to write."""
    with pytest.raises(TypeError, match=r"for item in page\.data"):
        iter(cast("Any", Page(data=[], current_page=1, per_page=1, has_next=False)))


@pytest.mark.parametrize(("current", "number"), [(2, 2), (..., 2), (None, 2)])
def test_the_page_that_was_asked_for(current: object, number: int) -> None:
    """An answer that does not say which page it is, is taken for the one that was asked for."""
    raw = {key: value for key, value in (ENVELOPE | {"current_page": current}).items() if value is not ...}
    page, _ = read(PageOf(STRING).at(number), raw)
    assert page.current_page == 2


def test_another_page_than_the_one_that_was_asked_for() -> None:
    """It is no answer to the question."""
    with pytest.raises(Unreadable, match="asked for page 3, the server answered with page 2"):
        PageOf(STRING).at(3).read(ENVELOPE, Drift(), "")
