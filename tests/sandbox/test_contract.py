"""The contract as the sandbox reads it."""

from __future__ import annotations

from typing import Any

import pytest

from mijnklantportaal_client.testing._portal.contract import Contract, shipped


def test_it_has_all_operations() -> None:
    """The 70 operations, each with its first success status and what its IDs begin with."""
    operations = shipped().operations
    assert len(operations) == 70
    create, stamp = operations["create-customer"], operations["stamp-an-issued-punch-card"]
    assert (create.method, create.status, create.area, create.has_pages) == ("POST", 201, "customers", False)
    assert stamp.prefixes == {"punchCardId": ("pcd_",), "issuedPunchCardId": ("pcb_",)}
    assert stamp.status == 200
    assert operations["list-customers"].has_pages
    assert (operations["list-appointments"].has_pages, operations["list-appointments"].has_list) == (False, True)


@pytest.mark.parametrize(
    ("responses", "status", "answers"),
    [
        (
            {"200": {"description": ""}, "201": {"content": {"application/json": {"schema": {"type": "object"}}}}},
            201,
            True,
        ),
        ({"202": {"content": {"application/json": {"schema": {"type": "object"}}}}, "200": {"content": {}}}, 202, True),
        ({"200": {"content": {"Application/vnd.api+json; v=1": {"schema": {"type": "object"}}}}}, 200, True),
        ({"200": {"content": {"text/html": {"schema": {"type": "string"}}}}}, 200, False),
        ({"204": {"description": ""}, "404": {"description": ""}}, 204, False),
        ({"404": {"description": ""}}, 200, False),
    ],
)
def test_which_success_it_means(responses: dict[str, Any], status: int, answers: bool) -> None:
    """The one that the generated code reads: the first with content, whatever it calls its JSON."""
    node = {"operationId": "x", "responses": responses}
    found = Contract({"paths": {"/x": {"get": node}}}).operations["x"]
    assert (found.status, found.answer is not None) == (status, answers)
    assert found.media == ({"schema": found.answer} if answers else {})


@pytest.mark.parametrize(
    ("path", "template", "ids"),
    [
        ("/customers", "/customers", {}),
        ("/customers/cst_1", "/customers/{customerId}", {"customerId": "cst_1"}),
        ("/customers/a%2Fb", "/customers/{customerId}", {"customerId": "a/b"}),
        ("/customer-invoices/manual", "/customer-invoices/manual", {}),
        (
            "/customer-subscription-packages/spg_1/sign-up",
            "/customer-subscription-packages/{packageId}/sign-up",
            {"packageId": "spg_1"},
        ),
        (
            "/customer-subscription-packages/spg_1/sign-up/",
            "/customer-subscription-packages/{packageId}/sign-up/",
            {"packageId": "spg_1"},
        ),
    ],
)
def test_match(path: str, template: str, ids: dict[str, str]) -> None:
    """A literal path goes before one with parameters, and a slash at the end counts."""
    found = shipped().match(path)
    assert found is not None
    assert ({each.template for each in found[0].values()}, found[1]) == ({template}, ids)


@pytest.mark.parametrize("path", ["/", "/customers/", "/customers/cst_1/x", "/customers/a/b", "/nothing"])
def test_no_match(path: str) -> None:
    """What the contract lacks is not found."""
    assert shipped().match(path) is None


@pytest.mark.parametrize("name", ["create-customer", "customers.create"])
def test_named(name: str) -> None:
    """An operation has its operationId, and the name of the client's method."""
    assert shipped().named(name).id == "create-customer"


def test_unknown_name() -> None:
    """A name that is nearly right is told."""
    with pytest.raises(ValueError, match=r"there is no operation 'customer.create'; did you mean 'customers.create'\?"):
        shipped().named("customer.create")
    with pytest.raises(ValueError, match=r"there is no operation 'xyzzy'$"):
        shipped().named("xyzzy")


SCHEMAS: dict[str, Any] = {
    "Thing": {"type": "object", "required": ["id", "note"], "properties": {"id": {}, "note": {}, "more": {}}},
    "Odd/one~": {"type": "string"},
}


@pytest.mark.parametrize(
    ("schema", "value", "shown"),
    [
        ({"$ref": "#/components/schemas/Thing"}, {"id": 1, "hidden": 2}, {"id": 1, "note": None}),
        ({"type": "array", "items": {"$ref": "#/components/schemas/Thing"}}, [{"id": 1}], [{"id": 1, "note": None}]),
        ({"oneOf": [{"$ref": "#/components/schemas/Thing"}, {"type": "null"}]}, None, None),
        (
            {"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Thing"}]},
            {"more": 1},
            {"id": None, "note": None, "more": 1},
        ),
        (
            {"allOf": [{"$ref": "#/components/schemas/Thing"}, {"properties": {"x": {}}, "required": ["x"]}]},
            {"id": 1},
            {"id": 1, "note": None, "x": None},
        ),
        ({"$ref": "#/components/schemas/Odd~1one~0"}, "sandbox:/pay/plk_1", "http://here:1/pay/plk_1"),
        ({}, {"free": "form"}, {"free": "form"}),
    ],
)
def test_show(schema: Any, value: Any, shown: Any) -> None:
    """An answer has what its schema has, and the sandbox's own address where it is meant."""
    contract = Contract({"paths": {}, "components": {"schemas": SCHEMAS}})
    assert contract.show(schema, value, "http://here:1") == shown
