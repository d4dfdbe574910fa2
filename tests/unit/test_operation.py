"""What is known of an operation, and how its arguments are checked."""

import datetime
from typing import Any

import pytest

from mijnklantportaal_client import UNSET, Unset
from mijnklantportaal_client._codec import WriteOptions
from mijnklantportaal_client._codecs import DATE, MONEY, STRING
from mijnklantportaal_client._operation import Argument, Operation, write_arguments
from mijnklantportaal_client._page import NOTHING

OPTIONS = WriteOptions(datetime.UTC)
ARGUMENTS = (
    Argument("company_name", "companyName", STRING, required=True),
    Argument("due_at", "dueAt", DATE, nullable=True),
    Argument("amount", "amount", MONEY),
)


def operation(**changes: Any) -> Operation[None]:
    """Return an operation."""
    known: dict[str, Any] = {"id": "get-x", "name": "x.get", "method": "GET", "path": "/x", "reader": NOTHING}
    return Operation(**known | changes)


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ({"company_name": "A"}, {"companyName": "A"}),
        ({"company_name": "A", "due_at": None, "amount": UNSET}, {"companyName": "A", "dueAt": None}),
        (
            {"amount": 5, "company_name": "A", "due_at": "2024-01-01"},
            {"companyName": "A", "dueAt": "2024-01-01", "amount": "5"},
        ),
    ],
)
def test_arguments_on_the_wire(given: dict[str, Any], written: dict[str, Any]) -> None:
    """They get their wire names in the contract's order; UNSET is left out, None is null where it may be."""
    found = write_arguments(ARGUMENTS, given, OPTIONS)
    assert (found, list(found)) == (written, list(written))


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({}, "company_name is required"),
        ({"company_name": UNSET}, "company_name is required"),
        ({"company_name": None}, "company_name can't be None: this operation takes no null here$"),
        ({"company_name": "A", "amount": None}, r"amount can't be None.*; leave it out \(UNSET\)"),
        ({"company_name": 1}, "company_name must be a str, not int"),
        ({"company_name": "A", "due_at": datetime.datetime.now(datetime.UTC)}, "due_at must be a datetime.date"),
    ],
)
def test_arguments_that_can_not_be_sent(given: dict[str, Any], why: str) -> None:
    """Each error names its argument and what is expected."""
    with pytest.raises(TypeError, match=why):
        write_arguments(ARGUMENTS, given, OPTIONS)


@pytest.mark.parametrize(
    ("statuses", "status", "known"),
    [
        ({"200", "404"}, 200, True),
        ({"200", "404"}, 201, False),
        ({"2XX"}, 204, True),
        ({"default"}, 500, True),
        (set(), 418, True),
    ],
)
def test_documented_statuses(statuses: set[str], status: int, known: bool) -> None:
    """Statuses are named one by one or by range; a contract that names none says nothing."""
    assert operation(statuses=frozenset(statuses)).documents(status) is known


def test_certainty() -> None:
    """An operation that is partly inferred says so in one sentence."""
    assert operation().certainty is None
    assert operation(inferred=("success status", "schema name")).certainty == (
        "The contract of x.get is partly inferred (success status, schema name)."
    )


def test_unset() -> None:
    """The value for "not sent" is false, one of a kind, and keeps its identity."""
    assert not UNSET
    assert repr(UNSET) == "UNSET"
    assert list(Unset) == [UNSET]
