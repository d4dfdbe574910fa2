"""From the bytes of a success to its value."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import attrs
import pytest

from mijnklantportaal_client import MijnKlantportaal, Outcome, errors
from mijnklantportaal_client._answer import read_answer, told_drift
from mijnklantportaal_client._call import Call
from mijnklantportaal_client._clock import SYSTEM
from mijnklantportaal_client._codec import Codec
from mijnklantportaal_client._codecs import ANY
from mijnklantportaal_client._hooks import DriftLog
from mijnklantportaal_client._operation import Operation
from mijnklantportaal_client._page import CONTENT, NOTHING, DataOf, PageOf
from mijnklantportaal_client._request import Request
from mijnklantportaal_client._wire import Answer, request_headers

OPERATION: Operation[Any] = Operation(id="do-it", name="things.do", method="POST", path="/things", reader=ANY)
REQUEST = Request(method="POST", path="/things", query="", headers={}, body=None)
TOKEN = "tok-Zeer/Geheim-0123456789"


def call_of(operation: Operation[Any], **options: Any) -> Call:
    """A call under way."""
    portal = MijnKlantportaal(api_key=TOKEN, **options)
    call = Call(operation, REQUEST, portal._options, SYSTEM)
    call.token = TOKEN
    return call


def read(content: bytes, reader: Codec = ANY, status: int = 200, **options: Any) -> Any:
    """The value of an answer."""
    call = call_of(attrs.evolve(OPERATION, reader=reader), **options)
    value, _, error = read_answer(call, Answer(status=status, headers={}, content=content))
    if error is not None:
        raise error
    return value


@pytest.mark.parametrize(
    ("content", "reader", "value"),
    [
        (b'{"a": 1.10}', ANY, {"a": Decimal("1.10")}),
        (b"\xef\xbb\xbf[]", ANY, []),
        (b" 1 ", ANY, 1),
        (b"null", ANY, None),
        (b"\x00\xff", CONTENT, b"\x00\xff"),
        (b"", CONTENT, b""),
        (b"", NOTHING, None),
        (b"<html>", NOTHING, None),
        (b'{"data": [1, 2]}', DataOf(ANY), [1, 2]),
    ],
)
def test_value(content: bytes, reader: Codec, value: Any) -> None:
    """JSON with exact numbers; bytes or nothing where the operation says so."""
    assert read(content, reader) == value


@pytest.mark.parametrize(
    ("content", "reader", "text"),
    [
        (b"", ANY, "the answer is empty"),
        (b" ", ANY, "the answer is no JSON"),
        (b"<html>", ANY, "the answer is no JSON"),
        (b'{"a": 1', ANY, "the answer is no JSON"),
        (b"\xff\xfe", ANY, "the answer is no JSON"),
        (b"[NaN]", ANY, "NaN is no JSON"),
        (b"[-Infinity]", ANY, "-Infinity is no JSON"),
        (b"[" * 100_000, ANY, "nested too deeply"),
        (b"[1]", DataOf(ANY), "another shape than the contract says"),
        (b'{"data": {}}', PageOf(ANY), "another shape than the contract says"),
        (b"null", PageOf(ANY), "another shape"),
    ],
)
@pytest.mark.parametrize("status", [200, 201, 204])
def test_what_can_not_be_read(content: bytes, reader: Codec, text: str, status: int) -> None:
    """A `ResponseDecodeError` with status and outcome: the server carried it out."""
    with pytest.raises(errors.ResponseDecodeError, match=text) as caught:
        read(content, reader, status)
    error = caught.value
    assert (error.status_code, error.outcome, error.operation) == (status, Outcome.ACCEPTED, "do-it")
    assert "do not send it again" in str(error)


def test_error_holds_no_token() -> None:
    """A page that shows the request's headers does not bring the token into the error."""
    with pytest.raises(errors.ResponseDecodeError) as caught:
        read(f"<pre>{TOKEN}</pre>".encode())
    assert caught.value.body == "<pre>***</pre>"


def test_drift_of_a_status() -> None:
    """A status that the contract does not name is told without an answer being read; one from 500 on is not."""
    call = call_of(attrs.evolve(OPERATION, statuses=frozenset({"200", "4XX"})))
    told = {
        status: [
            event.kind for event in told_drift(call, Answer(status=status, headers={}, content=b""), None, DriftLog())
        ]
        for status in (200, 201, 302, 404, 418, 500, 520)
    }
    unknown = ["undocumented_status"]
    assert told == {200: [], 201: unknown, 302: unknown, 404: [], 418: [], 500: [], 520: []}


def test_answer_shows_no_data() -> None:
    """Its repr has neither headers nor content."""
    answer = Answer(status=200, headers={"a": "geheim"}, content=b"geheim")
    assert "geheim" not in repr(answer)


def test_headers_of_a_request() -> None:
    """A caller's own win over the defaults, never over the token or the length."""
    request = attrs.evolve(REQUEST, headers={"accept": "text/plain", "x-a": "b"})
    headers = request_headers(request, TOKEN, None)
    assert (headers["accept"], headers["x-a"], headers["content-length"]) == ("text/plain", "b", "0")
    assert headers["authorization"] == f"Bearer {TOKEN}"
    assert "content-length" not in request_headers(attrs.evolve(request, method="GET"), TOKEN, None)
