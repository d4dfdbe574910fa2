"""From arguments to a request: paths, queries, headers, bodies."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mijnklantportaal_client import InvalidIDError, Outcome
from mijnklantportaal_client._codec import WriteOptions
from mijnklantportaal_client._codecs import STRING
from mijnklantportaal_client._multipart import Multipart
from mijnklantportaal_client._operation import Argument, Operation, PathParameter
from mijnklantportaal_client._page import NOTHING
from mijnklantportaal_client._request import (
    NO_EXTRAS,
    Extras,
    JSONBody,
    Request,
    build,
    build_raw,
    check_headers,
    encode_query,
)
from mijnklantportaal_client._unset import UNSET

WRITING = WriteOptions(ZoneInfo("Europe/Amsterdam"), validate_ids=True)
UPDATE: Operation[None] = Operation(
    id="update-note",
    name="notes.update",
    method="PATCH",
    path="/customers/{customerId}/notes/{noteId}",
    reader=NOTHING,
    path_parameters=(PathParameter("customer_id", "customerId", "cst_"), PathParameter("note_id", "noteId")),
    query=(Argument("sort", "sortBy", STRING),),
    body=(Argument("text", "noteText", STRING), Argument("title", "title", STRING, nullable=True)),
    encoding="json",
    changes=True,
    docs="https://example.org/update-note",
)


def update(
    ids: tuple[object, ...] = ("cst_1", "n1"),
    query: dict[str, Any] | None = None,
    body: dict[str, Any] | None = None,
    extras: Extras = NO_EXTRAS,
) -> Request:
    """A request of the example operation."""
    return build(UPDATE, ids, query or {}, {"text": "x"} if body is None else body, extras, WRITING)


def content(request: Request) -> bytes:
    """The JSON of a request."""
    assert isinstance(request.body, JSONBody)
    return request.body.content


def test_request() -> None:
    """Everything in its place under its wire name; what is unset is left out."""
    request = update(query={"sort": "a b&c"}, body={"text": "é", "title": None})
    assert (request.method, request.path, request.query) == ("PATCH", "/customers/cst_1/notes/n1", "sortBy=a%20b%26c")
    assert content(request) == '{"noteText":"é","title":null}'.encode()
    assert (request.headers, request.replayable, request.streams) == ({}, True, False)
    assert content(update(body={"text": UNSET, "title": "t"})) == b'{"title":"t"}'


def test_ids_are_checked_first_and_in_order() -> None:
    """The first wrong ID is the error, before any other argument."""
    for ids, parameter in ((("inv_1", ""), "customer_id"), (("cst_1", "a/b"), "note_id")):
        with pytest.raises(InvalidIDError) as caught:
            update(ids, query={"sort": 5}, body={"text": 5})
        error = caught.value
        assert (error.parameter, error.outcome) == (parameter, Outcome.NOT_SENT)


@pytest.mark.parametrize("body", [{}, {"text": UNSET}, {"text": UNSET, "title": UNSET}])
def test_update_that_changes_nothing(body: dict[str, Any]) -> None:
    """It is refused, unless the caller adds something of their own."""
    with pytest.raises(ValueError, match=r"notes\.update: nothing to change"):
        update(body=body)
    assert content(update(body=body, extras=Extras(body={"new": 1}))) == b'{"new":1}'


@pytest.mark.parametrize(
    ("extras", "problem"),
    [
        (Extras(query=[("a", 1)]), "extra_query must be a mapping"),  # type: ignore[arg-type]
        (Extras(body="x"), "extra_body must be a mapping"),  # type: ignore[arg-type]
        (Extras(headers=["x"]), "extra_headers must be a mapping"),  # type: ignore[arg-type]
        (Extras(query={"a": object()}), "can't be of the type object"),
        (Extras(body={"a": {1, 2}}), r"extra_body\['a'\]: a set is no JSON"),
        (Extras(body={"a": [{"b": b"x"}]}), r"extra_body\['a'\]\[0\]\['b'\]: a bytes is no JSON"),
        (Extras(body={5: "x"}), "extra_body: a name must be a str, not int"),  # type: ignore[dict-item]
        (Extras(query={"a": None}), "the query parameter `a` can't be None"),
    ],
)
def test_extras_of_the_wrong_type(extras: Extras, problem: str) -> None:
    """They are refused by name."""
    with pytest.raises(TypeError, match=problem):
        update(extras=extras)


def test_half_a_surrogate_pair() -> None:
    """Text that is no Unicode can't be sent as JSON."""
    with pytest.raises(ValueError, match="surrogate"):
        update(body={"text": "\ud800"})


@pytest.mark.parametrize(
    "path",
    [
        *["", "/", "//", "//example.org/x", "///x", "https://example.org/x", "http://x", "https:x/../y", "/a//b"],
        *["/..", "..", "/a/..", "/a/../b", "/./a", ".", "/a/.", "/a/./b", "/%2e%2e/a", "/a%2Fb", "/a\\b", "\\\\host"],
        *[
            "/a?b=1",
            "/a#b",
            "?",
            "#",
            "/a b",
            "/a\n",
            "/a\r\nHost: x",
            "/a\x00",
            "/é",
            "/a\u2215b",
            " /a",
            "/a ",
            "/{id}",
        ],
    ],
)
def test_paths_that_are_refused(path: str) -> None:
    """Nothing leads away from the base URL, and parameters do not hide in a path."""
    with pytest.raises(ValueError, match="is no relative path"):
        build_raw("GET", path, None, None, None)


@pytest.mark.parametrize("path", [None, 5, b"/customers", ["customers"]])
def test_paths_that_are_no_text(path: Any) -> None:
    """A path is a str."""
    with pytest.raises(TypeError, match="path must be a str"):
        build_raw("GET", path, None, None, None)


@given(st.text())
def test_any_path_stays_below_the_base_url(path: str) -> None:
    """Whatever is accepted keeps the host and starts with the base path, as httpx reads it."""
    import httpx

    try:
        request = build_raw("GET", path, None, None, None)
    except ValueError:
        return
    url = httpx.URL(f"https://api.example.org/v1{request.path}")
    assert (url.host, url.query, url.fragment, url.userinfo) == ("api.example.org", b"", "", b"")
    assert url.path.startswith("/v1/")
    assert url.path == f"/v1{request.path}"


@pytest.mark.parametrize("method", ["get", "Post", "PUT", "patch", "DELETE", "head", "OPTIONS"])
def test_methods(method: str) -> None:
    """In upper or lower case."""
    assert build_raw(method, "/x", None, None, None).method == method.upper()


@pytest.mark.parametrize("method", ["", "CONNECT", "TRACE", "FETCH", "GET /x HTTP/1.1\r\n", "GÉT", "G T"])
def test_methods_that_are_refused(method: str) -> None:
    """Those that mean something else to the connection, and those that do not exist."""
    with pytest.raises(ValueError, match="is none of DELETE, GET"):
        build_raw(method, "/x", None, None, None)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"query": "a=1"}, "query must be a mapping"),
        ({"files": [b"x"]}, "files must be a mapping"),
        ({"files": {"a": "path-or-content"}}, "is a str"),
        ({"json": [1], "files": {"a": b"x"}}, "json must be a mapping"),
        ({"json": {"a": None}, "files": {"a": b"x"}}, "can't be None"),
        ({"json": object()}, "json: a object is no JSON"),
    ],
)
def test_arguments_of_request(arguments: dict[str, Any], problem: str) -> None:
    """What can't be sent is refused by name."""
    given = {"query": None, "json": None, "files": None} | arguments
    with pytest.raises(TypeError, match=problem):
        build_raw("POST", "/x", **given)


def test_files_of_request_make_a_form() -> None:
    """With files the JSON is the fields of a form."""
    request = build_raw("POST", "/x", None, {"a": True}, {"doc": b"content"})
    assert isinstance(request.body, Multipart)
    assert (request.streams, request.replayable) == (False, True)
    assert build_raw("POST", "/x", None, None, {"doc": io.BytesIO(b"content")}).streams


@pytest.mark.parametrize(
    ("pairs", "query"),
    [
        ({}, ""),
        ({"a": True, "b": False}, "a=1&b=0"),
        ({"a": 5, "b": 1.5, "c": "x"}, "a=5&b=1.5&c=x"),
        ({"a": "é &=+/?#"}, "a=%C3%A9%20%26%3D%2B%2F%3F%23"),
        ({"a": [1, "x"]}, "a%5B%5D=1&a%5B%5D=x"),
        ({"a[]": [1, "x"], "b[]": 1}, "a%5B%5D=1&a%5B%5D=x&b%5B%5D=1"),
        ({"a": {"b": {"c": 1}}}, "a%5Bb%5D%5Bc%5D=1"),
        ({"a": []}, ""),
        ({"a b": ""}, "a%20b="),
    ],
)
def test_query(pairs: dict[str, Any], query: str) -> None:
    """As Laravel reads it: booleans as 1 and 0, lists as `name[]`."""
    assert encode_query(pairs) == query


@given(
    st.dictionaries(
        st.text(min_size=1, alphabet=st.characters(codec="utf-8")), st.text(alphabet=st.characters(codec="utf-8"))
    )
)
def test_query_is_read_back(pairs: dict[str, str]) -> None:
    """Any text survives, whatever it holds."""
    from urllib.parse import parse_qsl

    query = encode_query(pairs)
    assert query.isascii()
    assert dict(parse_qsl(query, keep_blank_values=True)) == pairs


@pytest.mark.parametrize(
    ("headers", "kind", "problem"),
    [
        ({"Authorization": "x"}, ValueError, "Authorization is the client's own to set"),
        ({"host": "x"}, ValueError, "host is the client's own"),
        ({"CONTENT-LENGTH": "1"}, ValueError, "is the client's own"),
        ({"Transfer-Encoding": "chunked"}, ValueError, "is the client's own"),
        ({"Connection": "close"}, ValueError, "is the client's own"),
        ({"Accept-Encoding": "br"}, ValueError, "is the client's own"),
        ({"": "x"}, ValueError, "is no header name"),
        ({"a b": "x"}, ValueError, "is no header name"),
        ({"a:b": "x"}, ValueError, "is no header name"),
        ({"a\r\nb": "x"}, ValueError, "is no header name"),
        ({"é": "x"}, ValueError, "is no header name"),
        ({5: "x"}, TypeError, "extra_headers: a name must be a str, not int"),
        ({"Accept": "text/html"}, ValueError, "is the client's own"),
        ({"Cookie": "a=b"}, ValueError, "is the client's own"),
        ({"a": 5}, TypeError, "a must be a str, not int"),
        ({"a": None}, TypeError, "a must be a str"),
        ({"a": b"x"}, TypeError, "a must be a str"),
        ({"a": "x\r\nHost: y"}, ValueError, "characters that a header can't carry"),
        ({"a": "x\x00"}, ValueError, "characters that a header can't carry"),
        ({"a": "é"}, ValueError, "characters that a header can't carry"),
    ],
)
def test_headers_that_are_refused(headers: Any, kind: type[Exception], problem: str) -> None:
    """Ours, what is no header, and what would smuggle in another one."""
    with pytest.raises(kind, match=problem):
        check_headers(headers)


def test_headers() -> None:
    """Names come out in lower case."""
    assert check_headers({"X-One": "a\tb", "accept-language": "nl"}) == {"x-one": "a\tb", "accept-language": "nl"}
    assert check_headers(None) == {}


def test_a_request_shows_no_data() -> None:
    """The repr of a request and of its body holds neither query, headers nor content."""
    extras = Extras(query={"q": "geheim"}, headers={"x-a": "geheim"})
    request = update(query={"sort": "geheim"}, body={"text": "geheim"}, extras=extras)
    assert "geheim" not in f"{request!r}{request.body!r}"
    assert repr(request.body) == "<JSON, 21 bytes>"


def test_dates_in_extra_body_are_refused() -> None:
    """There is no telling which of the formats is meant."""
    with pytest.raises(TypeError, match=r"extra_body\['at'\]: a date is no JSON; pass it as text"):
        update(extras=Extras(body={"at": datetime.date(2024, 1, 1)}))


@pytest.mark.parametrize(("value", "written"), [("12.95", "12.95"), ("12", "12"), ("-0.5", "-0.5"), ("1E+2", "100.0")])
def test_amounts_of_the_callers_own_are_exact(value: str, written: str) -> None:
    """A `Decimal` in `extra_body` goes out as the number that it is."""
    assert content(update(body={}, extras=Extras(body={"new": Decimal(value)}))) == f'{{"new":{written}}}'.encode()


@pytest.mark.parametrize("value", ["12345678901234567.89", "1E+30", "NaN", "1E-9"])
def test_amounts_that_no_number_holds_are_refused(value: str) -> None:
    """Nothing is rounded on the way out, and nothing is written with an exponent."""
    with pytest.raises(ValueError, match="no JSON number holds"):
        update(extras=Extras(body={"new": Decimal(value)}))


def test_what_is_unset_in_extras_is_not_sent() -> None:
    """`UNSET` means the same everywhere."""
    request = update(body={"text": "x"}, extras=Extras(query={"q": UNSET}, body={"new": UNSET}))
    assert (request.query, content(request)) == ("", b'{"noteText":"x"}')
