"""Webhooks: who is believed, and what is read from a body whose shape nobody knows."""

from __future__ import annotations

import copy
import hmac
import json
import pickle
import traceback
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mijnklantportaal_client import (
    AsyncPager,
    ConfigurationError,
    FieldMissingError,
    WebhookVerificationError,
    models,
)
from mijnklantportaal_client.ids import PREFIXES
from mijnklantportaal_client.models import CustomerInvoice, Webhook
from mijnklantportaal_client.testing import make, sign_webhook
from mijnklantportaal_client.webhooks import EventType, WebhookEvent, parse, verify

SECRET = "a secret of the portal"
OTHER = "the secret of another"
NAME = "X-Webhook-Signature"
NO_SECRET = "a secret must be a str, or a Webhook that has one, not Webhook wbh_1"
PAID = make(Webhook, id="wbh_paid", type="invoice-paid", secret=SECRET)
CREATED = make(Webhook, id="wbh_created", type="customer-created", secret=OTHER)


def signed(secret: str = SECRET) -> dict[str, str]:
    """The header of a call."""
    return {NAME: secret}


def event(body: Any = b"{}", secret: Any = SECRET) -> WebhookEvent:
    """A call that is believed."""
    content = body if isinstance(body, (bytes, str)) else json.dumps(body)
    return parse(signed(), content, secret)


def everything(error: BaseException) -> str:
    """All that an error shows anywhere, and all that hangs on to it."""
    shown = [str(error), repr(error), repr(vars(error)), repr(pickle.dumps(error)), repr(error.__context__)]
    return "\n".join([*shown, *traceback.format_exception(error)])


@pytest.mark.parametrize(
    ("secret", "event_type"),
    [
        (SECRET, None),
        ([SECRET], None),
        ((OTHER, SECRET), None),
        ({OTHER, SECRET}, None),
        (iter([OTHER, SECRET]), None),
        ({SECRET: "invoice-paid"}, EventType.INVOICE_PAID),
        ({OTHER: "customer-created", SECRET: EventType.INVOICE_PAID}, EventType.INVOICE_PAID),
        ({SECRET: "form-sent"}, "form-sent"),
        (PAID, EventType.INVOICE_PAID),
        ([CREATED, PAID], EventType.INVOICE_PAID),
        ([OTHER, PAID], EventType.INVOICE_PAID),
        ([make(Webhook, type="form-sent", secret=SECRET)], "form-sent"),
        (SimpleNamespace(secret=SECRET, type="invoice-paid"), EventType.INVOICE_PAID),
        (SimpleNamespace(secret=SECRET), None),
        # Nobody can tell which of them it was.
        ([PAID, make(Webhook, type="invoice-created", secret=SECRET)], None),
        ([PAID, SECRET], EventType.INVOICE_PAID),
        ([PAID, copy.copy(PAID)], EventType.INVOICE_PAID),
    ],
)
def test_a_secret_in_every_form(secret: Any, event_type: str | None) -> None:
    """Which secret it was tells the type, a known one as a member."""
    found = event(secret=secret).type
    assert found == event_type
    assert type(found) is type(event_type)


@pytest.mark.parametrize("secret", [SECRET, [OTHER, SECRET], {SECRET: "invoice-paid"}, [CREATED, PAID]])
def test_who_is_believed(secret: Any) -> None:
    """Nobody but who knows one of the secrets exactly."""
    verify(signed(), secret)
    for wrong in (
        SECRET[:-1],
        SECRET + "x",
        SECRET.upper(),
        SECRET.replace("a", "á"),
        "invoice-paid",
        "wbh_paid",
        "\0",
    ):
        for call in (verify, lambda headers, secret: parse(headers, b"{}", secret)):
            with pytest.raises(WebhookVerificationError) as caught:
                call(signed(wrong), secret)
            assert caught.value.reason == "wrong_secret"
            assert str(caught.value) == "the header X-Webhook-Signature holds another secret"


@pytest.mark.parametrize("secret", ["geheimé", "geheim€"])
def test_a_secret_beyond_ascii(secret: str) -> None:
    """The bytes count, whichever way a framework reads them; a text that can't be encoded is just wrong."""
    verify([(NAME.encode(), secret.encode())], secret)
    for encoding in ("utf-8", "latin-1"):
        verify({NAME: secret.encode().decode(encoding)}, secret)
    for wrong in ("geheim\ud800", "gehéim", "geheim\u20ac\u20ac"):
        for known in (secret, "gehe?m", "geheim?", "geheim??"):
            with pytest.raises(WebhookVerificationError):
                verify({NAME: wrong}, known)


@pytest.mark.parametrize("at", [0, 1, 2, None])
def test_every_secret_is_compared(monkeypatch: pytest.MonkeyPatch, at: int | None) -> None:
    """In constant time, with values of one length, whichever it is and whether it is any."""
    compared: list[tuple[int, int]] = []
    genuine = hmac.compare_digest

    def compare(one: bytes, other: bytes) -> bool:
        compared.append((len(one), len(other)))
        return genuine(one, other)

    monkeypatch.setattr(hmac, "compare_digest", compare)
    secrets = ["short", "of another length", "x" * 200]
    try:
        verify(signed("wrong" if at is None else secrets[at]), secrets)
    except WebhookVerificationError:
        assert at is None
    assert compared == [(32, 32)] * 3


@pytest.mark.parametrize(
    ("secret", "problem"),
    [
        ("", "the secret is empty, so that everybody would know it"),
        (" \n", "the secret is empty, so that everybody would know it"),
        (SECRET + "\n", "the secret starts or ends with white space, as a file read whole does; strip it"),
        (None, "a secret must be a str, or a Webhook that has one, not NoneType"),
        (SECRET.encode(), "a secret must be a str, or a Webhook that has one, not bytes"),
        (7, "a secret must be a str, or a Webhook that has one, not int"),
        ([], "no secret was given, so that no caller can be told from another"),
        ({}, "no secret was given, so that no caller can be told from another"),
        ([SECRET, ""], "the secret is empty, so that everybody would know it"),
        ([SECRET, None], "a secret must be a str, or a Webhook that has one, not NoneType"),
        ([PAID.to_dict()], "a secret must be a str, or a Webhook that has one, not dict"),
        (PAID.to_dict(), "a mapping goes from secret to type; make an object with Webhook.from_dict(...)"),
        ({"invoice-paid": SECRET}, "a mapping goes from secret to type, and 'invoice-paid' is a type"),
        ({EventType.INVOICE_PAID: SECRET}, "a mapping goes from secret to type, and 'invoice-paid' is a type"),
        ({SECRET: ""}, "a mapping goes from secret to type, and one has no type"),
        ({SECRET: None}, "a mapping goes from secret to type, and one has no type"),
        (
            Webhook.from_dict({"id": "wbh_1", "type": "invoice-paid"}),
            NO_SECRET,
        ),
        (
            [PAID, Webhook.from_dict({"id": "wbh_1", "secret": None})],
            NO_SECRET,
        ),
        (SimpleNamespace(id=7), "a secret must be a str, or a Webhook that has one, not SimpleNamespace 7"),
        (SimpleNamespace(secret=7), "the secret must be a str, not int"),
        ({7: "invoice-paid"}, "the secret must be a str, not int"),
    ],
)
def test_a_secret_that_proves_nothing(secret: Any, problem: str) -> None:
    """That is a mistake of one's own, told before the caller's; no secret is in the text."""
    for headers in ({}, signed(""), signed(SECRET)):
        with pytest.raises(ConfigurationError) as caught:
            verify(headers, secret)
        assert str(caught.value) == problem
        assert SECRET not in everything(caught.value)


def test_a_pager_is_to_be_awaited() -> None:
    """Its own error says how."""
    pager: Any = AsyncPager.__new__(AsyncPager)
    with pytest.raises(TypeError, match=r"await pager\.collect\(\)"):
        verify(signed(), pager)


def test_errors_hold_no_secret() -> None:
    """Neither what was sent nor what was expected, wherever one looks."""
    body = json.dumps(PAID.to_dict())
    for headers in (signed(OTHER), [(NAME, OTHER)] * 2, [(NAME, "")], {}):
        with pytest.raises(WebhookVerificationError) as caught:
            parse(headers, body, SECRET)
        for hidden in (SECRET, OTHER, PAID.url):
            assert hidden not in everything(caught.value)


@pytest.mark.parametrize("secret", [SECRET, [SECRET], {SECRET: "customer.created"}])
def test_locals_of_the_traceback_hold_no_secret(secret: Any) -> None:
    """Tools that show the variables of each frame find none, whatever a stranger sends."""
    wrong, right = {"X-Webhook-Signature": "wrong"}, {"X-Webhook-Signature": SECRET}
    for fails in (
        lambda: verify(wrong, secret),
        lambda: parse(wrong, b"{}", secret),
        lambda: parse(right, b"{}", secret, max_bytes=1),
    ):
        with pytest.raises(WebhookVerificationError) as caught:
            fails()
        told = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
        frames = [frame for frame in told.stack if "mijnklantportaal_client" in frame.filename]
        assert frames
        assert [frame.name for frame in frames if SECRET in str(frame.locals)] == []


@pytest.mark.parametrize("event_type", EventType)
def test_a_signed_webhook_is_read(event_type: EventType) -> None:
    """What `sign_webhook` makes is what `parse` takes."""
    headers, body = sign_webhook(event_type, {"id": "inv_1", "customerId": "cst_1"}, SECRET)
    found = parse(headers, body, SECRET)
    assert found.type is event_type
    assert found.payload["data"] == {"id": "inv_1", "customerId": "cst_1"}
    assert found.ids == ("inv_1", "cst_1")


def test_a_model_is_read() -> None:
    """As exactly as the API's own answers."""
    headers, body = sign_webhook("invoice-paid", make(CustomerInvoice, id="inv_1", amount="12.95"), SECRET)
    found = CustomerInvoice.from_dict(parse(headers, body, PAID).payload["data"])
    assert (found.id, found.amount) == ("inv_1", Decimal("12.95"))


def test_there_are_23_types() -> None:
    """They are those of the models."""
    assert EventType is models.EventType
    assert len(EventType) == 23


@pytest.mark.parametrize(
    ("payload", "secret", "event_type"),
    [
        ({"type": "invoice-paid"}, SECRET, EventType.INVOICE_PAID),
        ({"type": "invoice-paid"}, [PAID, {OTHER}.pop()], EventType.INVOICE_PAID),
        ({"type": "customer-created"}, PAID, EventType.INVOICE_PAID),
        ({"type": "form-sent"}, SECRET, None),
        ({"type": "file"}, SECRET, None),
        ({"type": ["invoice-paid"]}, SECRET, None),
        ({"data": {"type": "invoice-paid"}}, SECRET, None),
        (["invoice-paid"], SECRET, None),
        ("invoice-paid", SECRET, None),
    ],
)
def test_the_payload_is_asked_for_the_type_last(payload: Any, secret: Any, event_type: EventType | None) -> None:
    """The secret is certain; that a payload has its type is a guess, so that only what is known is taken."""
    assert event(payload, secret).type is event_type


@pytest.mark.parametrize(
    ("body", "payload"),
    [
        (b'{"a": 12.950, "b": 1, "c": 1e2}', {"a": Decimal("12.950"), "b": 1, "c": Decimal("1E+2")}),
        (b"\xef\xbb\xbf{}", {}),
        ("\ufeff{}", {}),
        ('"No\xebl"', "Noël"),
        (b"[]", []),
        (b"null", None),
        (b"7", 7),
        (b'{"a": 1, "a": 2}', {"a": 2}),
        (b"[" * 100 + b"]" * 100, json.loads("[" * 100 + "]" * 100)),
        (b'"\\ud800"', "\ud800"),
    ],
)
def test_payloads(body: bytes | str, payload: Any) -> None:
    """Any JSON value, with exact numbers."""
    found = event(body)
    assert found.payload == payload
    assert str(found.payload) == str(payload)
    assert found.problem is None
    assert found.raw == (body if isinstance(body, bytes) else body.encode())


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "the body is empty"),
        (b"id=inv_1&type=invoice-paid", "the body is not JSON"),
        (b'{"id": "inv_1", "amount": NaN}', "the body is not JSON"),
        (b'{"naam": "No\xebl"}', "the body is not UTF-8"),
        ('"\ud800"', "the body is not UTF-8"),
        (b"[" * 2000 + b"]" * 2000, "the body is nested too deeply"),
    ],
)
def test_a_body_that_can_not_be_read_loses_no_event(body: bytes | str, problem: str) -> None:
    """The type is known from the secret; only the payload is missing, and says so where it is used."""
    found = parse(signed(), body, PAID)
    assert (found.type, found.ids, found.problem) == (EventType.INVOICE_PAID, (), problem)
    assert found.raw == (body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass"))
    assert len(found.fingerprint) == 64
    with pytest.raises(FieldMissingError) as caught:
        _ = found.payload
    assert str(caught.value) == f"WebhookEvent.payload can't be used: {problem} (see .raw)"
    assert getattr(found, "payload", 7) == 7


def test_a_long_body_is_refused() -> None:
    """After the caller was checked; 1 MiB is read unless more is asked for."""
    body = b'"' + b"x" * (2**20 - 2) + b'"'
    assert event(body).raw == body
    with pytest.raises(WebhookVerificationError, match="the body is longer than 1048576 bytes") as caught:
        event(body + b" ")
    assert caught.value.reason == "body_too_large"
    assert parse(signed(), body + b" ", SECRET, max_bytes=2**20 + 1).ids == ()
    with pytest.raises(WebhookVerificationError, match="another secret"):
        parse(signed(OTHER), body + b" ", SECRET)


@pytest.mark.parametrize(
    ("payload", "ids"),
    [
        ({"id": "inv_1", "customerId": "cst_1", "again": ["inv_1", {"deep": ["tic_2"]}]}, ("inv_1", "cst_1", "tic_2")),
        (b'"wbh_1"', ("wbh_1",)),
        ({"sub_total": "12.95", "inv_1": 1}, ()),
        (
            ["inv_", "inv", "INV_1", " inv_1", "inv_1 ", "inv_1\n", "inv-1", "inv_é", "x inv_1", "inv_1/../x"],
            (),
        ),
        ([1, None, True, 1.5, {}], ()),
        ([f"{prefix}x" for prefix in PREFIXES], tuple(f"{prefix}x" for prefix in PREFIXES)),
    ],
)
def test_ids(payload: Any, ids: tuple[str, ...]) -> None:
    """Values that are an ID and nothing else, in order, each once; names of fields are none."""
    assert event(payload).ids == ids


ID = st.builds(str.__add__, st.sampled_from(sorted(PREFIXES)), st.text("abcXYZ019_", min_size=1, max_size=5))
NO_ID = st.text(max_size=5).filter(lambda text: text[:4] not in PREFIXES)
PLAIN = st.none() | st.booleans() | st.integers() | NO_ID


def planted(value: Any) -> list[str]:
    """The IDs in a value, from left to right."""
    if isinstance(value, (dict, list)):
        members = value.values() if isinstance(value, dict) else value
        return [id for member in members for id in planted(member)]
    return [value] if isinstance(value, str) and value[:4] in PREFIXES else []


@given(st.recursive(PLAIN | ID, lambda inner: st.lists(inner) | st.dictionaries(NO_ID | ID, inner), max_leaves=12))
@settings(max_examples=60)
def test_exactly_the_planted_ids_are_found(payload: Any) -> None:
    """Wherever they are, and nothing else."""
    body = json.dumps(payload)
    # A field that is there twice after all has its last value.
    assert event(body).ids == tuple(dict.fromkeys(planted(json.loads(body))))


@given(st.binary(max_size=80))
@settings(max_examples=60)
def test_no_body_raises(body: bytes) -> None:
    """Whatever it is, the event is there, and its payload is there or is said not to be."""
    found = parse(signed(), body, PAID)
    assert (found.raw, found.type) == (body, EventType.INVOICE_PAID)
    assert hasattr(found, "payload") is (found.problem is None)


HEADERS = st.lists(st.tuples(st.sampled_from([NAME, NAME.lower(), "Host"]), st.sampled_from([SECRET, OTHER, ""])))


@given(HEADERS, st.binary(max_size=20))
@settings(max_examples=60)
def test_only_one_right_header_is_believed(headers: list[tuple[str, str]], body: bytes) -> None:
    """Anything else is the documented error, with a reason that is documented."""
    sent = [value for name, value in headers if name != "Host"]
    if sent == [SECRET]:
        assert parse(headers, body, SECRET).raw == body
        return
    with pytest.raises(WebhookVerificationError) as caught:
        parse(headers, body, SECRET)
    assert f"`{caught.value.reason}`" in str(WebhookVerificationError.__doc__)


def test_fingerprints_of_repeats_are_equal() -> None:
    """The order of fields and white space don't count; the value is the same in every process and version."""
    one = event(b'{"type": "invoice-paid", "data": {"id": "inv_1", "amount": 12.950, "naam": "No\\u00ebl"}}')
    other = event('\ufeff{"data":{"naam":"Noël","amount":12.950,"id":"inv_1"},"type":"invoice-paid"}\n')
    assert one.fingerprint == other.fingerprint == "7c2a2ba9187cf01904aa40f6a788f6101aaf69d4f3ce09bd24a708c3068a52b3"
    assert one != other


@pytest.mark.parametrize(
    ("body", "other"),
    [
        (b'{"id": "inv_1"}', b'{"id": "inv_2"}'),
        (b"[1, 2]", b"[2, 1]"),
        (b'{"a": 1}', b'{"a": "1"}'),
        (b'{"a": 1}', b'{"a": 1.0}'),
        (b'{"a": 1.0}', b'{"a": "1.0"}'),
        (b'{"a": null}', b"{}"),
        (b'{"a": {}}', b'{"a": []}'),
        (b'{"a": true}', b'{"a": "true"}'),
        (b"", b"null"),
        (b"", b'""'),
        (b"a=1", b"a=2"),
    ],
)
def test_fingerprints_of_others_differ(body: bytes, other: bytes) -> None:
    """In any value, and in the type."""
    prints = [parse(signed(), each, secret).fingerprint for each in (body, other) for secret in (SECRET, PAID)]
    assert len(set(prints)) == 4


def test_an_event_shows_nothing_of_its_body() -> None:
    """But for IDs; nor the secret."""
    found = event({"id": "inv_1", "email": "info@example.com"}, PAID)
    assert repr(found) == "WebhookEvent(type='invoice-paid', ids=['inv_1'], raw=<44 bytes>)"
    assert repr(event(b"")) == "WebhookEvent(type=None, ids=[], raw=<0 bytes>)"


def test_an_event_can_be_handed_on() -> None:
    """To another process, and into a set."""
    found = event({"id": "inv_1", "amount": 1.5}, PAID)
    for again in (pickle.loads(pickle.dumps(found)), copy.deepcopy(found)):
        assert again == found
        assert (again.payload, again.ids, again.fingerprint) == (found.payload, found.ids, found.fingerprint)
        assert len({again, found}) == 1
    assert SECRET.encode() not in pickle.dumps(found)
    with pytest.raises(AttributeError):
        found.type = None  # type: ignore[misc]
