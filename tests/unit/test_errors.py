"""The errors themselves: their tree, their text, and that they survive copying and pickling."""

from __future__ import annotations

import copy
import pickle
import re
from typing import Any

import pytest

import mijnklantportaal_client
from mijnklantportaal_client import Outcome, errors

ABOUT: dict[str, Any] = {
    "operation": "get-customer",
    "method": "GET",
    "path": "/customers/{customerId}",
    "request_id": "req-1",
    "call_id": "c0ffee",
    "tags": {"tenant": 7},
    "attempts": 3,
    "elapsed": 1.25,
    "outcome": Outcome.UNKNOWN,
    "page": 4,
    "_name": "customers.get",
    "_docs": "https://example.org/docs",
    "_certainty": "The contract of customers.get is partly inferred (success status).",
}
STATUS: dict[str, Any] = {"status_code": 400, "headers": {"a": "b"}, "body": {"x": [1]}, "message": "No."}
CLASSES = [getattr(errors, name) for name in errors.__all__]


def make(kind: type[errors.MijnKlantportaalError]) -> errors.MijnKlantportaalError:
    """An error of a class with everything it can have."""
    details: dict[str, Any] = {}
    if issubclass(kind, errors.InvalidIDError):
        return kind("wrong", value="x/y", parameter="customer_id", expected=("cst_",))
    if issubclass(kind, (errors.APIStatusError, errors.ResponseDecodeError)):
        details = dict(STATUS)
    if kind is errors.ValidationError:
        details["errors"] = {"city": ["No."]}
    if issubclass(kind, errors.OAuthError):
        details = {"error": "invalid_grant", "error_description": "No.", "status_code": 400}
    if kind is errors.ReauthorizationRequiredError:
        details["key"] = "portal-42"
    if kind is errors.RateLimitError:
        details["retry_after"] = 2.5
    return kind("wrong", **details)


@pytest.mark.parametrize(
    ("kind", "bases"),
    [
        ("InvalidIDError", [ValueError]),
        ("FieldMissingError", [AttributeError]),
        ("APITimeoutError", [errors.APIConnectionError, TimeoutError, OSError]),
        ("ResponseTooLargeError", [errors.ResponseDecodeError]),
        ("OAuthUnavailableError", [errors.OAuthError, errors.APIConnectionError]),
        *[(kind.__name__, [errors.APIStatusError]) for kind in errors.APIStatusError.__subclasses__()],
    ],
)
def test_bases(kind: str, bases: list[type]) -> None:
    """Errors can be caught by the names of Python and of the package."""
    found = getattr(mijnklantportaal_client, kind)
    assert issubclass(found, errors.MijnKlantportaalError)
    assert [base for base in bases if not issubclass(found, base)] == []


def test_tree_in_the_docstring_is_the_tree() -> None:
    """The picture on top of the module shows every class, under its parent."""
    found: dict[str, str | None] = {}
    above: list[str] = []
    for line in str(errors.__doc__).splitlines():
        match = re.match(r"([│ ]*)(?:[├└]── )?([A-Z]\w+Error)\b", line)
        if match:
            depth = (match.start(2)) // 4
            above = [*above[:depth], match[2]]
            found[match[2]] = above[depth - 1] if depth else None
    assert sorted(found) == sorted(errors.__all__)
    for name, parent in found.items():
        expected = Exception if parent is None else getattr(errors, parent)
        assert getattr(errors, name).__bases__[0] is expected


@pytest.mark.parametrize("kind", CLASSES)
def test_top_level_has_it(kind: type[Exception]) -> None:
    """Everything that an `except` clause needs can be imported from the package itself."""
    assert getattr(mijnklantportaal_client, kind.__name__) is kind
    assert kind.__doc__


@pytest.mark.parametrize("kind", CLASSES)
@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_pickling_keeps_everything(kind: type[errors.MijnKlantportaalError], protocol: int) -> None:
    """Class, text, every attribute and notes come back from a pickle."""
    error = make(kind)
    error.__dict__.update(ABOUT)
    error.add_note("a note")
    found = pickle.loads(pickle.dumps(error, protocol))
    assert type(found) is kind
    assert (str(found), found.args) == (str(error), error.args)
    assert vars(found) == vars(error)
    assert found.__notes__ == ["a note"]


@pytest.mark.parametrize("kind", CLASSES)
def test_copying_keeps_everything(kind: type[errors.MijnKlantportaalError]) -> None:
    """Copies are equal in text and attributes, and have a dict of their own."""
    error = make(kind)
    for found in (copy.copy(error), copy.deepcopy(error)):
        assert type(found) is kind
        assert vars(found) == vars(error)
        found.attempts = 9
    assert error.attempts == 0


def test_defaults() -> None:
    """An error that belongs to no call has every attribute nevertheless, and just its text."""
    error = errors.MijnKlantportaalError("wrong")
    names = ("operation", "method", "path", "request_id", "call_id", "page")
    assert [getattr(error, name) for name in names] == [None] * 6
    assert error.outcome is Outcome.NOT_SENT
    assert (dict(error.tags), error.attempts, error.elapsed) == ({}, 0, 0.0)
    assert str(error) == "wrong"
    assert repr(error) == "MijnKlantportaalError('wrong')"


@pytest.mark.parametrize(
    ("outcome", "method", "meaning"),
    [
        (Outcome.NOT_SENT, "GET", "Nothing reached the server."),
        (Outcome.NOT_SENT, "POST", "Nothing reached the server."),
        (Outcome.REJECTED, "POST", "The server refused the call, so nothing was carried out."),
        (Outcome.UNKNOWN, "POST", "It may have been carried out: look before sending it again."),
        (
            Outcome.ACCEPTED,
            "POST",
            "The server carried it out, only its answer could not be read: do not send it again.",
        ),
        (Outcome.REJECTED, "GET", "Nothing was changed, since this call only reads."),
        (Outcome.UNKNOWN, "GET", "Nothing was changed, since this call only reads."),
        (Outcome.ACCEPTED, "HEAD", "Nothing was changed, since this call only reads."),
    ],
)
def test_text_says_what_the_outcome_means(outcome: Outcome, method: str, meaning: str) -> None:
    """What happened, what that means, what to do, what is inferred, where to read on: in that order."""
    error = errors.ServerError("500, server error", **STATUS)
    error.__dict__.update(ABOUT, outcome=outcome, method=method)
    # What never reached the server has nothing to do with what is known of it.
    certainty = "The contract of customers.get is partly inferred (success status). "
    assert str(error) == (
        f"customers.get: 500, server error. {meaning} If it goes on, tell the vendor. "
        f"{certainty if outcome is not Outcome.NOT_SENT else ''}See https://example.org/docs"
    )


@pytest.mark.parametrize(
    "kind", [k for k in CLASSES if issubclass(k, (errors.APIConnectionError, errors.APIStatusError))]
)
def test_every_error_of_a_call_says_what_to_do(kind: type[errors.MijnKlantportaalError]) -> None:
    """Whatever the class, the text has advice and somewhere to read on, also where the operation names no page."""
    error = make(kind)
    error.__dict__.update(ABOUT, _docs=None, _certainty=None)
    assert error._advice
    assert str(error).endswith(f"{error._advice} See https://docs.developers.mijnklantportaal.nl")
