"""Pages and forms of the CMS: what is read from a call, and what is answered."""

from __future__ import annotations

import hashlib
import hmac
import json
import pickle
import traceback
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mijnklantportaal_client import ConfigurationError, InvalidCallbackError, InvalidIDError
from mijnklantportaal_client.cms import CallbackResponse, FormRequest, FormSubmission, PageRequest, checksum

KEY = "secret"
CUSTOMER = "cst_123abc456def"
PAGE = "pag_123abc456def"
FORM = "frm_123abc456def"
CHECKSUM = "28163cf04cd158b05e0dd25d843664f12267d2e8212208a44db079b8ca44bb93"
PAGE_HEADERS = {"Accept": "text/html", "X-Customer-Id": CUSTOMER, "X-Page-Id": PAGE}
FORM_HEADERS = {"X-Customer-Id": CUSTOMER, "X-Form-Id": FORM}
JSON = {**FORM_HEADERS, "Content-Type": "application/json"}
PRIVATE = "Noël de Vries"


def submitted(body: Any, content_type: str = "application/json") -> FormSubmission:
    """A form that came in the body of a POST."""
    content = body if isinstance(body, (bytes, str)) else json.dumps(body)
    return FormSubmission.from_request("POST", {**JSON, "Content-Type": content_type}, body=content)


def test_checksum() -> None:
    """The vector, and any other by the rule: no space, lower case, nothing of the HTML."""
    assert checksum(KEY, CUSTOMER, PAGE) == CHECKSUM
    expected = hmac.new("sleutel é".encode(), b"cst_1,pag_2", hashlib.sha256).hexdigest()
    assert checksum("sleutel é", "cst_1", "pag_2") == expected


@pytest.mark.parametrize(
    ("customer_id", "page_id", "parameter"),
    [
        (PAGE, CUSTOMER, "customer_id"),
        ("cst_1,pag_2", "pag_2", "customer_id"),
        (CUSTOMER, "cst_1", "page_id"),
        (CUSTOMER, "", "page_id"),
        (CUSTOMER, None, "page_id"),
    ],
)
def test_a_checksum_of_what_are_no_ids(customer_id: Any, page_id: Any, parameter: str) -> None:
    """Such as IDs in the wrong order."""
    with pytest.raises(InvalidIDError) as caught:
        checksum(KEY, customer_id, page_id)
    assert caught.value.parameter == parameter


def test_locals_of_the_traceback_hold_no_key() -> None:
    """Tools that show the variables of each frame do not find it, whatever IDs a stranger sends."""
    with pytest.raises(InvalidIDError) as caught:
        checksum("a key of the block", "cst_a", "../")
    told = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    frames = [frame for frame in told.stack if "mijnklantportaal_client" in frame.filename]
    assert frames
    assert "a key of the block" not in str([frame.locals for frame in frames])


def test_a_key_that_is_no_unicode() -> None:
    """Half of a character is a key like any other: an error of encoding would hold it."""
    assert checksum("key \udcff", CUSTOMER, PAGE) != checksum("key \udcfe", CUSTOMER, PAGE)


@pytest.mark.parametrize(
    ("key", "problem"),
    [("", "is empty"), ("k\n", "white space"), (None, "must be a str"), (b"secret", "must be a str")],
)
def test_a_key_that_proves_nothing(key: Any, problem: str) -> None:
    """For the checksum and for the answer."""
    page = PageRequest(CUSTOMER, PAGE)
    for call in (lambda: checksum(key, CUSTOMER, PAGE), lambda: page.respond("", key)):
        with pytest.raises(ConfigurationError, match=f"^the key of the block .*{problem}"):
            call()


def test_a_page() -> None:
    """Who asks for what, and the answer as it goes out."""
    page = PageRequest.from_headers(PAGE_HEADERS)
    assert page == PageRequest(CUSTOMER, PAGE)
    status, headers, body = page.respond("<p>Noël</p>", KEY)
    assert (status, body) == (200, "<p>Noël</p>".encode())
    assert headers == {
        "Content-Type": "text/html; charset=utf-8",
        "X-Checksum": CHECKSUM,
        "Cache-Control": "no-store",
    }


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_X_CUSTOMER_ID": CUSTOMER, "HTTP_X_PAGE_ID": PAGE},
        {"type": "http", "headers": [(b"x-customer-id", CUSTOMER.encode()), (b"x-page-id", PAGE.encode())]},
        [("x-page-id", PAGE), ("x-customer-id", CUSTOMER)],
    ],
)
def test_headers_of_any_framework(headers: Any) -> None:
    """As for webhooks."""
    assert PageRequest.from_headers(headers) == PageRequest(CUSTOMER, PAGE)


def test_forms() -> None:
    """First values go out as JSON; one that is handed in has the same two IDs."""
    form = FormRequest.from_headers(FORM_HEADERS)
    assert form == FormRequest(CUSTOMER, FORM)
    status, headers, body = form.respond({"naam": "Noël", "bedrag": Decimal("12.95"), "leeg": None, "lijst": ["a", 1]})
    assert (status, headers) == (200, {"Content-Type": "application/json", "Cache-Control": "no-store"})
    assert body == '{"naam":"Noël","bedrag":12.95,"leeg":null,"lijst":["a",1]}'.encode()
    assert submitted({}) == FormSubmission(CUSTOMER, FORM, {})


@pytest.mark.parametrize("kind", [PageRequest, FormRequest, FormSubmission])
@pytest.mark.parametrize(
    ("name", "value", "reason", "problem"),
    [
        ("X-Customer-Id", None, "missing_header", "the header X-Customer-Id is missing"),
        ("other", None, "missing_header", "is missing"),
        ("X-Customer-Id", " ", "missing_header", "the header X-Customer-Id is empty"),
        ("X-Customer-Id", PAGE, "invalid_id", "`X-Customer-Id` must be `cst_...` (the ID of a customer); got"),
        ("other", CUSTOMER, "invalid_id", "is the ID of a customer"),
        ("other", "../../etc", "invalid_id", "has other characters than ASCII letters, digits and underscores"),
        ("X-Customer-Id", "cst_1,pag_1", "invalid_id", "has other characters"),
        ("X-Customer-Id", "cst_é", "invalid_id", "has other characters"),
        ("X-Customer-Id", "cst_", "invalid_id", "has nothing after its prefix"),
        ("X-Customer-Id", [CUSTOMER, CUSTOMER], "duplicate_header", "the header X-Customer-Id is there 2 times"),
        ("other", [FORM, PAGE], "duplicate_header", "is there 2 times"),
    ],
)
def test_headers_that_are_refused(kind: Any, name: str, value: Any, reason: str, problem: str) -> None:
    """With a reason for the program and words for a person."""
    other = "X-Page-Id" if kind is PageRequest else "X-Form-Id"
    headers = {**PAGE_HEADERS, **FORM_HEADERS, other if name == "other" else name: value}
    with pytest.raises(InvalidCallbackError) as caught:
        kind.from_request("GET", headers) if kind is FormSubmission else kind.from_headers(headers)
    assert (caught.value.reason, problem in str(caught.value)) == (reason, True)
    assert isinstance(caught.value, ValueError)
    assert caught.value.__context__ is None


def test_prefixes_may_be_others() -> None:
    """Where one is not what it is thought to be; IDs they are all the same, and the checksum is that of them."""
    headers = {"X-Customer-Id": "klant_1", "X-Page-Id": "blad_2", "X-Form-Id": "7"}
    page = PageRequest.from_headers(headers, validate_ids=False)
    assert page.respond("", KEY).headers["X-Checksum"] == checksum(KEY, "klant_1", "blad_2", validate_ids=False)
    assert FormRequest.from_headers(headers, validate_ids=False).form_id == "7"
    assert FormSubmission.from_request("GET", headers, query="a=1", validate_ids=False).fields == {"a": "1"}
    with pytest.raises(InvalidCallbackError, match="has other characters"):
        PageRequest.from_headers({**headers, "X-Page-Id": "a/b"}, validate_ids=False)


@pytest.mark.parametrize(
    ("content_type", "body", "fields"),
    [
        (
            "application/json",
            b'{"naam": "No\\u00ebl", "bedrag": 12.950}',
            {"naam": "Noël", "bedrag": Decimal("12.950")},
        ),
        ("Application/JSON; Charset=UTF-8", b"{}", {}),
        ('application/json; charset="utf8"', "\ufeff{}", {}),
        ("application/vnd.portal+json", b'{"a": [1, {"b": null}]}', {"a": [1, {"b": None}]}),
        ("", b'{"a": ""}', {"a": ""}),
        ("application/json", b"[]", {}),
    ],
)
def test_fields_of_a_body(content_type: str, body: Any, fields: dict[str, Any]) -> None:
    """With exact numbers, and an empty object as PHP writes it."""
    assert submitted(body, content_type=content_type).fields == fields


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "post"])
def test_the_query_of_other_methods(method: str) -> None:
    """It is the URL's, and holds no field of the form."""
    assert FormSubmission.from_request(method, JSON, query="token=1", body=b'{"a": 1}').fields == {"a": 1}


@pytest.mark.parametrize("method", ["GET", "get"])
def test_fields_of_a_query(method: str) -> None:
    """A body is none of them, whatever it is; a WSGI server makes up a type for the one that is not there."""
    headers = {**FORM_HEADERS, "CONTENT_TYPE": "text/plain"}
    assert FormSubmission.from_request(method, headers, query="a=1", body=b"\xff").fields == {"a": "1"}


@pytest.mark.parametrize(
    ("content_type", "body", "reason", "problem"),
    [
        ("text/plain", b"{}", "content_type", "the Content-Type of the body is not application/json"),
        ("application/x-www-form-urlencoded", b"naam=x", "content_type", "is not application/json"),
        ("text/json-like", b"{}", "content_type", "is not application/json"),
        ("application/json; charset=iso-8859-1", b"{}", "content_type", "the charset in the Content-Type is not UTF-8"),
        ("application/json", b"", "unreadable_body", "the body is empty"),
        ("application/json", b'{"naam": "No\xebl"}', "unreadable_body", "the body is not UTF-8"),
        ("application/json", '{"a": 1}'.encode("utf-16"), "unreadable_body", "the body is not UTF-8"),
        ("application/json", b'{"naam": "Geheime', "unreadable_body", "the body is not JSON"),
        ("application/json", b'{"a": NaN}', "unreadable_body", "the body is not JSON"),
        ("application/json", b"[" * 200 + b"]" * 200, "unreadable_body", "the body is nested too deeply"),
        ("application/json", b"[1]", "unreadable_body", "the body is JSON, but no object"),
        ("application/json", b"null", "unreadable_body", "the body is JSON, but no object"),
        ("application/json", b'"Geheime wens"', "unreadable_body", "the body is JSON, but no object"),
        ("application/json", b" " * (2**20 + 1), "body_too_large", "the body is longer than 1048576 bytes"),
    ],
)
def test_bodies_that_are_refused(content_type: str, body: bytes, reason: str, problem: str) -> None:
    """The error holds on to nothing of them."""
    with pytest.raises(InvalidCallbackError, match=problem) as caught:
        submitted(body, content_type=content_type)
    assert caught.value.reason == reason
    assert caught.value.__context__ is None
    assert "Geheime" not in repr(pickle.dumps(caught.value))


def test_a_type_that_is_there_twice() -> None:
    """Which one counts is not known."""
    headers = [*FORM_HEADERS.items(), ("Content-Type", "application/json"), ("content-type", "text/plain")]
    with pytest.raises(InvalidCallbackError, match=r"^the header Content-Type is there 2 times$") as caught:
        FormSubmission.from_request("POST", headers, body=b"{}")
    assert caught.value.reason == "duplicate_header"


def test_limits_of_a_form() -> None:
    """Of body and query, as they are asked for."""
    assert FormSubmission.from_request("POST", JSON, body=b"{}", max_bytes=2).fields == {}
    for method in ("GET", "POST"):
        with pytest.raises(InvalidCallbackError, match="longer than 2 bytes"):
            FormSubmission.from_request(method, JSON, query="a=1", body=b"{ }", max_bytes=2)


def test_what_is_personal_is_not_shown() -> None:
    """Fields, HTML and first values are personal data."""
    form = submitted({"naam": PRIVATE})
    page = PageRequest(CUSTOMER, PAGE).respond(PRIVATE, KEY)
    assert repr(form) == f"FormSubmission(customer_id='{CUSTOMER}', form_id='{FORM}')"
    assert repr(page) == "CallbackResponse(status=200, headers=..., body=<14 bytes>)"
    assert {form: 1}[submitted({"naam": PRIVATE})] == 1
    assert submitted({"naam": "other"}) != form
    query = f"a={PRIVATE}&a=2"
    with pytest.raises(InvalidCallbackError) as caught:
        FormSubmission.from_request("GET", FORM_HEADERS, query=query)
    assert PRIVATE not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    ("call", "problem"),
    [
        (lambda: PageRequest(CUSTOMER, PAGE).respond(b"<p>", KEY), "html must be a str, not bytes"),  # type: ignore[arg-type]
        (lambda: FormRequest(CUSTOMER, FORM).respond([("a", 1)]), "fields must be a mapping, not list"),  # type: ignore[arg-type]
        (lambda: FormRequest(CUSTOMER, FORM).respond({"a": {1}}), "set is not JSON serializable"),
        (lambda: FormSubmission.from_request("POST", JSON, body={}), "the body must be bytes or str"),  # type: ignore[arg-type]
        (lambda: FormSubmission.from_request(b"GET", FORM_HEADERS), "method must be a str, not bytes"),  # type: ignore[arg-type]
        (lambda: PageRequest.from_headers(None), "headers must be a mapping or pairs"),  # type: ignore[arg-type]
    ],
)
def test_mistakes_in_the_program(call: Any, problem: str) -> None:
    """They are no fault of the caller's."""
    with pytest.raises(TypeError, match=problem):
        call()


@given(st.binary(max_size=60), st.sampled_from(["GET", "POST"]))
@settings(max_examples=60)
def test_only_the_documented_error(content: bytes, method: str) -> None:
    """Whatever comes, it is fields, or that error with a reason that is documented."""
    try:
        form = FormSubmission.from_request(method, JSON, query=content, body=content)
    except InvalidCallbackError as error:
        assert f"`{error.reason}`" in str(InvalidCallbackError.__doc__)  # noqa: PT017 - either may happen
    else:
        assert all(isinstance(name, str) for name in form.fields)


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=5) | st.integers() | st.booleans() | st.none()))
@settings(max_examples=40)
def test_what_was_filled_in_comes_out(fields: dict[str, Any]) -> None:
    """As JSON it goes round, by the answer of the one side and the request of the other."""
    answer: CallbackResponse = FormRequest(CUSTOMER, FORM).respond(fields)
    assert submitted(answer.body).fields == fields
