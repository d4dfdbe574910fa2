"""What is said of requests that are not as the contract wants them."""

from __future__ import annotations

from typing import Any

import pytest

from mijnklantportaal_client.testing._portal.blobs import Upload
from mijnklantportaal_client.testing._portal.check import Checker
from mijnklantportaal_client.testing._portal.contract import shipped
from mijnklantportaal_client.testing._portal.problems import Invalid

CHECKER = Checker(shipped())
FILE = Upload("a.pdf", "application/pdf", b"%PDF")
LINE = {"description": "Hosting", "amountExclVat": "10.00", "vatRate": 21}
INVOICE: dict[str, Any] = {"customerId": "cst_1", "invoiceNumber": "1", "issuedAt": "2026-01-31", "lines": [LINE]}


def errors(operation: str, value: Any, kind: str = "application/json") -> dict[str, list[str]]:
    """What is wrong with a body."""
    try:
        CHECKER.body(shipped().operations[operation].bodies[kind], value)
    except Invalid as problem:
        return problem.errors
    return {}


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, {}),
        ({"issuedAt": "2026-02-30"}, {"issuedAt": "The issued at field must match the format Y-m-d."}),
        ({"lines": 3}, {"lines": "The lines field must be an array."}),
        ({"lines": [3]}, {"lines.0": "The lines.0 field must be an object."}),
        ({"lines": [{**LINE, "vatRate": 20}]}, {"lines.0.vatRate": "The selected lines.0.vatRate is invalid."}),
        (
            {"lines": [{**LINE, "amountExclVat": "1,5"}]},
            {"lines.0.amountExclVat": "The lines.0.amountExclVat field must be an amount such as 12.95."},
        ),
        ({"customerId": None}, {"customerId": "The customer id field must be a string."}),
        ({"sendNotification": "yes"}, {"sendNotification": "The send notification field must be true or false."}),
    ],
)
def test_fields(changes: dict[str, Any], found: dict[str, str]) -> None:
    """Each field that is wrong is named, with Laravel's words."""
    expected = {name: [text] for name, text in found.items()}
    assert {
        name: told[:1] for name, told in errors("create-customer-invoice-manual", {**INVOICE, **changes}).items()
    } == expected


@pytest.mark.parametrize(
    ("operation", "body", "found"),
    [
        ("create-customer-group", {}, {"name": ["The name field is required."]}),
        ("edit-customer", {}, {"body": ["At least one field must be present."]}),
        ("edit-customer", [], {"body": ["The body field must be an object."]}),
        (
            "create-file-request",
            {"name": "x", "requestedFiles": [{"name": "y"}] * 11},
            {"requestedFiles": ["The requested files field must not have more than 10 items."]},
        ),
        (
            "mark-customer-invoice-paid",
            {"paidAt": "2026-01-01"},
            {"paidAt": ["The paid at field must match the format Y-m-d H:i:s."]},
        ),
        (
            "mark-customer-invoice-paid",
            {"paidAt": "2026-13-01 10:00:00"},
            {"paidAt": ["The paid at field must match the format Y-m-d H:i:s."]},
        ),
    ],
)
def test_bodies(operation: str, body: Any, found: dict[str, list[str]]) -> None:
    """A body as a whole is judged as well, and a limit is told."""
    assert errors(operation, body) == found


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"file": FILE}, {}),
        ({"file": "text"}, {"file": ["The file field must be a file."]}),
        ({}, {"file": ["The file field is required."]}),
    ],
)
def test_files(fields: dict[str, Any], found: dict[str, list[str]]) -> None:
    """A file is no text, and a text no file."""
    assert errors("post-files", fields, "multipart/form-data") == found


def test_file_in_place_of_a_text() -> None:
    """A file where a text is wanted is refused."""
    fields = {"customerId": FILE, "invoiceNumber": "1", "issuedAt": "2026-01-31", "amount": "1.00", "pdf": FILE}
    found = errors("create-customer-invoice", fields, "multipart/form-data")
    assert found == {"customerId": ["The customer id field must be a string."]}


@pytest.mark.parametrize(
    ("operation", "given", "result"),
    [
        ("list-customers", {}, {}),
        ("list-customers", {"page": "3", "other": "x"}, {"page": 3}),
        ("list-customers", {"page": "0"}, {"page": ["The page field must be at least 1."]}),
        ("list-customers", {"page": "two"}, {"page": ["The page field must be an integer."]}),
        (
            "list-appointments",
            {"start_at": "2026-01-31 10:00", "days": "-1"},
            {"start_at": "2026-01-31 10:00", "days": -1},
        ),
        (
            "list-appointments",
            {"start_at": "2026-02-31 10:00"},
            {"start_at": ["The start at field must match the format Y-m-d H:i."]},
        ),
        (
            "list-appointments",
            {"start_at": "tomorrow"},
            {"start_at": ["The start at field must match the format Y-m-d H:i."]},
        ),
    ],
)
def test_query(operation: str, given: dict[str, str], result: dict[str, Any]) -> None:
    """Parameters become what they are; those that the operation lacks are left out."""
    try:
        found: Any = CHECKER.query(shipped().operations[operation], given)
    except Invalid as problem:
        found = problem.errors
    assert found == result


@pytest.mark.parametrize(("count", "message"), [(1, "a"), (2, "a (and 1 more error)"), (3, "a (and 2 more errors)")])
def test_message(count: int, message: str) -> None:
    """The first message stands for all, with their number."""
    assert str(Invalid({str(number): ["a"] for number in range(count)})) == message
