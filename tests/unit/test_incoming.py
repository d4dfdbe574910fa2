"""Headers, queries and bodies, in every shape in which a framework hands them over."""

from __future__ import annotations

import email.message
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict, CIMultiDictProxy
from starlette.datastructures import Headers, QueryParams
from starlette.requests import Request

from mijnklantportaal_client import InvalidCallbackError, WebhookVerificationError
from mijnklantportaal_client._incoming import body_bytes, one_header, read_json
from mijnklantportaal_client._incoming_fields import query_fields
from mijnklantportaal_client.errors import ConfigurationError

NAME = "X-Webhook-Signature"
VALUE = "s3cret"


def scope(*values: str) -> dict[str, Any]:
    """An ASGI scope."""
    headers = [(b"host", b"app.example"), *((NAME.lower().encode(), value.encode()) for value in values)]
    return {"type": "http", "method": "POST", "headers": headers}


def message(*values: str) -> email.message.Message:
    """Headers as `http.server` has them."""
    made = email.message.Message()
    made["Host"] = "app.example"
    for value in values:
        made[NAME] = value
    return made


def django(*values: str) -> Any:
    """Headers of a Django request, which joins those that are there twice."""
    request = pytest.importorskip("django.http.request")
    meta = {"HTTP_HOST": "app.example", "CONTENT_TYPE": "application/json", "wsgi.version": (1, 0)}
    return request.HttpHeaders(meta | ({"HTTP_X_WEBHOOK_SIGNATURE": ",".join(values)} if values else {}))


def werkzeug(*values: str) -> Any:
    """Headers of a Flask request."""
    headers = pytest.importorskip("werkzeug.datastructures").Headers([("Host", "app.example")])
    for value in values:
        headers.add(NAME, value)
    return headers


def requests(*values: str) -> Any:
    """Headers as requests has them."""
    made = pytest.importorskip("requests.structures").CaseInsensitiveDict({"Host": "app.example"})
    for value in values:
        made[NAME] = value
    return made


def pairs(*values: str) -> list[tuple[str, str]]:
    """The plainest shape that can hold a header twice."""
    return [("Host", "app.example"), *((NAME, value) for value in values)]


MULTI: dict[str, Callable[..., Any]] = {
    "pairs": pairs,
    "lists": lambda *values: [list(pair) for pair in pairs(*values)],
    "generator": lambda *values: (pair for pair in pairs(*values)),
    "byte pairs": lambda *values: scope(*values)["headers"],
    "ASGI scope": scope,
    "ASGI scope with an iterator": lambda *values: scope(*values) | {"headers": iter(scope(*values)["headers"])},
    "Starlette": lambda *values: Headers(raw=scope(*values)["headers"]),
    "Starlette request": lambda *values: Request(scope(*values)),
    "httpx": lambda *values: httpx.Headers(pairs(*values)),
    "aiohttp": lambda *values: CIMultiDictProxy(CIMultiDict(pairs(*values))),
    "http.server": message,
    "Flask": werkzeug,
    "API Gateway": lambda *values: {"host": ["app.example"], NAME.lower(): list(values)},
}
SINGLE: dict[str, Callable[..., Any]] = {
    "Django": django,
    "requests": requests,
    "META": lambda *values: {
        "wsgi.input": object(),
        **dict.fromkeys(["HTTP_X_WEBHOOK_SIGNATURE"][: len(values)], *values),
    },
    **{
        f"dict {name}": (lambda *values, name=name: {name: values[0]} if values else {"Host": "app.example"})
        for name in (NAME, NAME.lower(), NAME.upper(), "x-WEBHOOK-signature")
    },
    "None in a dict": lambda *values: {NAME: values[0] if values else None, "X-Other": None},
}


@pytest.mark.parametrize("shape", [*MULTI, *SINGLE])
def test_a_header_is_found(shape: str) -> None:
    """Whatever hands it over."""
    make = (MULTI | SINGLE)[shape]
    assert one_header(make(VALUE), NAME, WebhookVerificationError) == VALUE


@pytest.mark.parametrize("shape", [*MULTI, *SINGLE])
@pytest.mark.parametrize("value", [None, "", " \t"])
def test_a_header_is_missing(shape: str, value: str | None) -> None:
    """An empty one proves nothing either."""
    headers = (MULTI | SINGLE)[shape](*([] if value is None else [value]))
    with pytest.raises(WebhookVerificationError, match=r"is missing$|is empty$") as caught:
        one_header(headers, NAME, WebhookVerificationError)
    assert caught.value.reason == "missing_header"


@pytest.mark.parametrize("shape", MULTI)
@pytest.mark.parametrize("values", [(VALUE, VALUE), (VALUE, "other"), ("other", VALUE), ("", VALUE), (VALUE, "")])
def test_a_header_is_there_twice(shape: str, values: tuple[str, str]) -> None:
    """Nobody can know which of them another program would take, not even where one is empty."""
    with pytest.raises(InvalidCallbackError, match=f"^the header {NAME} is there 2 times$") as caught:
        one_header(MULTI[shape](*values), NAME, InvalidCallbackError)
    assert caught.value.reason == "duplicate_header"


@pytest.mark.parametrize("other", [NAME.lower(), "HTTP_X_WEBHOOK_SIGNATURE", NAME.lower().encode()])
def test_two_spellings_are_one_header(other: Any) -> None:
    """A dict may hold both."""
    headers: Any = {NAME: VALUE, other: VALUE}
    with pytest.raises(WebhookVerificationError, match="is there 2 times"):
        one_header(headers, NAME, WebhookVerificationError)


@pytest.mark.parametrize("name", ["X_Webhook_Signature", "X-Webhook-Signature-2", "Http-X-Webhook-Signature", "", 7])
def test_another_header_is_another(name: Any) -> None:
    """Proxies that guard a header let one with underscores through."""
    headers: Any = {name: VALUE}
    with pytest.raises(WebhookVerificationError, match="is missing"):
        one_header(headers, NAME, WebhookVerificationError)


def test_a_header_may_have_any_name() -> None:
    """Also such as make an ASGI scope of what is none."""
    headers = {"type": ["http"], "headers": ["x"], NAME: [VALUE]}
    assert one_header(headers, NAME, WebhookVerificationError) == VALUE
    plain = {"type": "http", "headers": "x", NAME: VALUE}
    assert one_header(plain, NAME, WebhookVerificationError) == VALUE


@pytest.mark.parametrize(
    "headers", [None, 7, VALUE, VALUE.encode(), [VALUE], ["ab"], [(NAME,)], [(NAME, VALUE, VALUE)], {NAME}, {NAME: 7}]
)
def test_what_are_no_headers(headers: Any) -> None:
    """A mistake in one's own program is told apart from one of the caller's, without a value in it."""
    with pytest.raises(TypeError, match=r"headers must be a mapping or pairs|must be str or bytes, not int") as caught:
        one_header(headers, NAME, WebhookVerificationError)
    assert VALUE not in str(caught.value)


@pytest.mark.parametrize("make", [bytes, bytearray, memoryview, lambda body: body.decode()])
def test_bodies(make: Any) -> None:
    """Any kind of bytes, or text, up to the limit and no longer."""
    body = '{"naam": "Noël"}'.encode()
    assert body_bytes(make(body), 17, WebhookVerificationError) == body
    with pytest.raises(WebhookVerificationError, match=r"^the body is longer than 16 bytes$") as caught:
        body_bytes(make(body), 16, WebhookVerificationError)
    assert caught.value.reason == "body_too_large"


def test_a_long_body_is_not_copied() -> None:
    """Its length is known before; a view is measured in bytes, whatever its items are."""

    class Long(str):
        __slots__ = ()

        def encode(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
            pytest.fail("it was copied")

    with pytest.raises(WebhookVerificationError):
        body_bytes(Long("x" * 9), 8, WebhookVerificationError)
    with pytest.raises(WebhookVerificationError):
        body_bytes(memoryview(b"x" * 16).cast("Q"), 8, WebhookVerificationError)


@pytest.mark.parametrize("body", [None, 7, [b"x"], {"id": 1}])
def test_what_is_no_body(body: Any) -> None:
    """Such as JSON that a framework has read already."""
    with pytest.raises(TypeError, match=f"^the body must be bytes or str, not {type(body).__name__}$"):
        body_bytes(body, 8, WebhookVerificationError)


@pytest.mark.parametrize("limit", [0, -1, True, 1.5, None, "8"])
def test_what_is_no_limit(limit: Any) -> None:
    """A limit that lets nothing or everything through was not meant."""
    with pytest.raises(ConfigurationError, match=r"^max_bytes must be a whole number of at least 1$"):
        body_bytes(b"", limit, WebhookVerificationError)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "the body is empty"),
        (b" \r\n", "the body is empty"),
        (b"\xef\xbb\xbf", "the body is not JSON"),
        (b"{", "the body is not JSON"),
        (b"id=1&type=x", "the body is not JSON"),
        (b'{"a": NaN}', "the body is not JSON"),
        (b"[-Infinity]", "the body is not JSON"),
        (b'{"naam": "No\xebl"}', "the body is not UTF-8"),
        ('{"a": 1}'.encode("utf-16"), "the body is not UTF-8"),
        ('{"a": 1}'.encode("utf-16-le"), "the body is not JSON"),
        (b"\x1f\x8b\x08\x00", "the body is not UTF-8"),
        ("\ud800".encode("utf-8", "surrogatepass"), "the body is not UTF-8"),
        (b"[" * 101 + b"]" * 101, "the body is nested too deeply"),
        (b"[" * 100_000, "the body is nested too deeply"),
    ],
)
def test_bodies_that_are_no_json(content: bytes, problem: str) -> None:
    """The words say what is wrong, and hold nothing of it."""
    assert read_json(content) == (None, problem)


@given(st.binary(max_size=64) | st.text(max_size=64).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_no_body_raises(content: bytes) -> None:
    """It is read, or there is a problem; never neither, and never an error."""
    value, problem = read_json(content)
    assert problem is None or value is None


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("", {}),
        ("?naam=No%C3%ABl+Jansen&leeg=", {"naam": "Noël Jansen", "leeg": ""}),
        (b"a=1&b", {"a": "1", "b": ""}),
        ("tags[0]=x&tags[1]=y", {"tags[0]": "x", "tags[1]": "y"}),
        ("tags%5B%5D=x&tags[]=y&een[]=z", {"tags[]": ["x", "y"], "een[]": ["z"]}),
        ({"a": "1"}, {"a": "1"}),
        ({"a[]": ["1", "2"]}, {"a[]": ["1", "2"]}),
        ([("a", "1"), (b"b", "Noël".encode())], {"a": "1", "b": "Noël"}),
        (QueryParams("a=1&b[]=2&b[]=3"), {"a": "1", "b[]": ["2", "3"]}),
    ],
)
def test_queries(query: Any, fields: dict[str, Any]) -> None:
    """As text, bytes or a framework's own object."""
    assert query_fields(query, 1000) == fields


def querydict(text: str) -> Any:
    """What Django's own object is, which gives the last of several values unless it is asked for all."""
    made = pytest.importorskip("django.utils.datastructures").MultiValueDict()
    for name, value in parse_qsl(text):
        made.appendlist(name, value)
    return made


def multidict(text: str) -> Any:
    """Flask's own object, which gives the first of several values unless it is asked for all."""
    return pytest.importorskip("werkzeug.datastructures").MultiDict(parse_qsl(text))


@pytest.mark.parametrize("make", [str, str.encode, QueryParams, querydict, multidict])
def test_a_field_is_there_twice(make: Any) -> None:
    """Which of them was meant is not known; the text names neither."""
    assert query_fields(make("geheim=1&b=2"), 1000) == {"geheim": "1", "b": "2"}
    with pytest.raises(InvalidCallbackError, match=r"^a field is in the query more than once$") as caught:
        query_fields(make("geheim=1&b=2&geheim=3"), 1000)
    assert caught.value.reason == "duplicate_field"


@pytest.mark.parametrize(
    ("query", "reason", "problem"),
    [
        ("naam=No%EBl", "unreadable_query", "the query is not UTF-8"),
        (b"naam=No\xebl", "unreadable_query", "the query is not UTF-8"),
        ([(b"naam", b"No\xebl")], "unreadable_query", "the query is not UTF-8"),
        ("&".join(f"f{number}=1" for number in range(1001)), "unreadable_query", "more than 1000 fields"),
        ("a=" + "x" * 20_000, "body_too_large", "longer than 20000 bytes"),
    ],
)
def test_queries_that_can_not_be_read(query: Any, reason: str, problem: str) -> None:
    """The error holds on to nothing of the query."""
    with pytest.raises(InvalidCallbackError, match=problem) as caught:
        query_fields(query, 20_000)
    assert caught.value.reason == reason
    assert (caught.value.__context__, caught.value.__cause__) == (None, None)


@pytest.mark.parametrize("query", [None, 7, {"a": 1}, ["ab"], {"a": None}])
def test_what_is_no_query(query: Any) -> None:
    """A mistake in one's own program."""
    with pytest.raises(TypeError, match=r"^query must"):
        query_fields(query, 1000)
