"""From status, headers and body to error and outcome."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mijnklantportaal_client import Outcome, errors
from mijnklantportaal_client import _failures as failures

TOKEN = "tok-Zeer/Geheim-0123456789"
N, R, U, A = Outcome.NOT_SENT, Outcome.REJECTED, Outcome.UNKNOWN, Outcome.ACCEPTED
WRITES = ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def error_of(status: int, content: bytes = b"", **headers: str) -> errors.APIStatusError:
    """The error for an answer."""
    return failures.status_error(status, headers, content, token=TOKEN, retry_after=None)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, errors.BadRequestError),
        (401, errors.AuthenticationError),
        (403, errors.PermissionDeniedError),
        (404, errors.NotFoundError),
        (409, errors.ConflictError),
        (422, errors.ValidationError),
        (426, errors.LicenceError),
        (429, errors.RateLimitError),
        *[(status, errors.ServerError) for status in (500, 501, 502, 503, 504, 520, 599)],
        *[(status, errors.APIStatusError) for status in (101, 300, 301, 303, 304, 307, 399)],
        *[(status, errors.APIStatusError) for status in (402, 405, 408, 410, 418, 451, 499, 600, 999)],
    ],
)
def test_class_of_a_status(status: int, kind: type[errors.APIStatusError]) -> None:
    """Each status has exactly its class."""
    error = error_of(status)
    assert type(error) is kind
    assert (error.status_code, error.body, error.message) == (status, None, None)


@given(st.integers(min_value=100, max_value=999), st.binary(max_size=200))
def test_any_status_with_any_body_is_an_error(status: int, content: bytes) -> None:
    """No status and no body crashes the mapping."""
    error = error_of(status, content)
    assert isinstance(error, errors.APIStatusError)
    assert str(status) in str(error)


@pytest.mark.parametrize("method", ["GET", "HEAD", *WRITES])
@pytest.mark.parametrize(
    ("statuses", "read", "write"),
    [
        ((200, 201, 202, 204, 226, 299), A, A),
        ((300, 301, 302, 303, 304, 307, 308, 399), R, U),
        ((408,), R, U),
        ((400, 401, 403, 404, 407, 409, 418, 422, 426, 429, 499), R, R),
        ((500, 502, 503, 504, 520, 599, 100, 101, 600, 999), U, U),
    ],
)
def test_outcome_of_a_status(method: str, statuses: tuple[int, ...], read: Outcome, write: Outcome) -> None:
    """What a status means for a call that reads and for one that writes."""
    expected = write if method in WRITES else read
    assert {status: failures.status_outcome(method, status) for status in statuses} == dict.fromkeys(statuses, expected)


@pytest.mark.parametrize(
    ("content", "body", "message"),
    [
        (b"", None, None),
        (b'{"message": "No."}', {"message": "No."}, "No."),
        (b'{"message": ""}', {"message": ""}, None),
        (b'{"message": 5}', {"message": 5}, None),
        (b'{"message": {"a": 1}}', {"message": {"a": 1}}, None),
        (b"[1.50]", [Decimal("1.50")], None),
        (b"null", None, None),
        (b"<html>Bad Gateway</html>", "<html>Bad Gateway</html>", None),
        (b"\xff\xfe", None, None),
        (b'{"a": NaN}', '{"a": NaN}', None),
        (b"[" * 100_000, "[" * 100_000, None),
        (b'\xef\xbb\xbf{"message": "x"}', {"message": "x"}, "x"),
    ],
)
def test_body_of_an_error(content: bytes, body: Any, message: str | None) -> None:
    """The body is JSON, else text, else None, and never a reason to fail."""
    error = error_of(500, content)
    assert (error.body, error.message) == (body, message)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b'{"errors": {"city": ["Too short.", "No."]}}', {"city": ["Too short.", "No."]}),
        (b'{"errors": {"city": "Too short."}}', {"city": ["Too short."]}),
        (b'{"errors": {"city": [1, null]}}', {"city": ["1", "None"]}),
        (b'{"errors": []}', {}),
        (b'{"errors": "all wrong"}', {}),
        (b"[]", {}),
        (b"<html>", {}),
    ],
)
def test_field_errors_of_a_422(content: bytes, expected: dict[str, list[str]]) -> None:
    """Laravel's field errors are read in every form that PHP gives them."""
    error = error_of(422, content)
    assert isinstance(error, errors.ValidationError)
    assert error.errors == expected


def test_text_of_a_422_names_the_fields() -> None:
    """The text says which fields are wrong, not what was in them."""
    error = error_of(422, b'{"message": "Invalid.", "errors": {"zipCode": ["x@y.nl is wrong"], "city": ["no"]}}')
    assert str(error) == "422, invalid values: Invalid. (fields: zipCode, city)"


def test_429_knows_when_to_come_back() -> None:
    """The wait is an attribute and a part of the text."""
    error = failures.status_error(429, {}, b"", token=TOKEN, retry_after=17.4)
    assert isinstance(error, errors.RateLimitError)
    assert error.retry_after == 17.4
    assert str(error) == "429, too many requests (allowed again in 17 s)"
    assert getattr(error_of(429), "retry_after", 0) is None


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (303, "303, a redirect, which is not followed"),
        (404, "404, not found"),
        (418, "418"),
        (520, "520, server error"),
        (426, "426, not in the plan"),
    ],
)
def test_text_of_a_status(status: int, text: str) -> None:
    """Without a message the text is the number and what it means."""
    assert str(error_of(status)) == text


@pytest.mark.parametrize(
    "content",
    [
        b'{"message": "Bearer %s is wrong"}' % TOKEN.encode(),
        b'{"message": "Bearer %s is wrong"}' % TOKEN.replace("/", "\\/").encode(),
        b'{"errors": {"%s": ["%s"]}}' % (TOKEN.encode(), TOKEN.encode()),
        b"<pre>authorization: Bearer %s</pre>" % TOKEN.encode(),
    ],
)
@pytest.mark.parametrize("status", [401, 422, 500])
def test_echoed_token_is_hidden(status: int, content: bytes) -> None:
    """A server that shows the token does not bring it into the error, whatever part of it one looks at."""
    error = error_of(status, content, echo=f"Bearer {TOKEN}")
    assert error.headers == {"echo": "Bearer ***"}
    assert TOKEN not in f"{error} {error!r} {vars(error)}"
    assert "***" in str(error.body)


def test_a_word_is_no_token() -> None:
    """A key of three letters, as in tests, does not garble what the server says."""
    error = failures.status_error(404, {}, b'{"message": "no such key"}', token="key", retry_after=None)
    assert error.message == "no such key"


def test_message_fits_on_a_line() -> None:
    """Line breaks, control characters and length of a server's message do no harm in a log."""
    text = failures.scrub("one\ntwo\x1b[31m\u2028" + "x" * 1000, TOKEN)
    assert text.startswith("one two [31m xxx")
    assert len(text) == 303
    assert text.isprintable()


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"x-request-id": "a", "cf-ray": "b"}, "a"),
        ({"cf-ray": "b"}, "b"),
        ({"x-correlation-id": "c"}, "c"),
    ],
)
def test_request_id(headers: dict[str, str], expected: str | None) -> None:
    """The server's ID is found under its usual names."""
    assert failures.request_id(headers) == expected


def test_decode_error() -> None:
    """A success that can't be read keeps status, headers and body, without the token."""
    error = failures.decode_error("no JSON", 200, {"a": TOKEN}, TOKEN.encode(), token=TOKEN)
    assert type(error) is errors.ResponseDecodeError
    assert (error.status_code, error.headers, error.body) == (200, {"a": "***"}, "***")
    large = failures.decode_error("too long", 200, {}, b"", token=TOKEN, too_large=True)
    assert type(large) is errors.ResponseTooLargeError
