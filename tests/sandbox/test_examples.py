"""Examples out of the contract: valid, and what an operation without behaviour of its own answers."""

from __future__ import annotations

import copy
import subprocess
import sys
from typing import Any

import jsonschema_rs
import pytest

from mijnklantportaal_client.ids import PREFIXES
from mijnklantportaal_client.testing._portal.behaviour import Asked
from mijnklantportaal_client.testing._portal.contract import Contract, Operation, shipped
from mijnklantportaal_client.testing._portal.examples import Examples

CONTRACT = shipped()
EXAMPLES = Examples(CONTRACT)
FORMATS = {"decimal": lambda text: text.replace(".", "", 1).removeprefix("-").isdigit()}


def flaws(contract: Contract, schema: Any, value: Any) -> list[str]:
    """What a validator of the whole of JSON Schema says."""
    whole = {**schema, "components": contract.document.get("components", {})}
    validator = jsonschema_rs.Draft202012Validator(whole, validate_formats=True, formats=FORMATS)
    return [f"{list(error.instance_path)}: {error.message}" for error in validator.iter_errors(value)]


def ids_in(value: Any) -> list[str]:
    """The IDs of a value and of all that is in it."""
    if isinstance(value, list):
        return [found for each in value for found in ids_in(each)]
    if not isinstance(value, dict):
        return []
    own = [value["id"]] if "id" in value else []
    return own + [found for each in value.values() for found in ids_in(each)]


def without_examples(node: Any) -> Any:
    """A document whose properties have no examples."""
    if isinstance(node, list):
        return [without_examples(each) for each in node]
    if not isinstance(node, dict):
        return node
    return {name: without_examples(each) for name, each in node.items() if name != "example"}


BARE = Examples(Contract(without_examples(CONTRACT.document)))
every_operation = pytest.mark.parametrize("name", CONTRACT.operations)


def small(schema: dict[str, Any], *, path: str = "/notes/{customerId}", **more: Any) -> tuple[Examples, Operation]:
    """A contract of one operation, which answers this."""
    document = {
        "paths": {
            path: {
                "post": {
                    "operationId": "do",
                    "responses": {"404": {}, "2XX": {"content": {"application/json": {"schema": schema, **more}}}},
                }
            }
        },
        "components": {
            "schemas": {
                "CustomerGroup": {"type": "object", "properties": {"id": {"type": "string"}}},
                "Tree": {
                    "type": "object",
                    "required": ["name"],
                    "properties": {
                        "name": {"type": "string"},
                        "parent": {"$ref": "#/components/schemas/Tree"},
                        "next": {"oneOf": [{"$ref": "#/components/schemas/Tree"}, {"type": "null"}]},
                        "children": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}},
                    },
                },
            }
        },
        "x-id-rules": {"names": {"customerGroupId": ["cug_"]}},
    }
    examples = Examples(Contract(document))
    return examples, examples.contract.operations["do"]


def test_there_are_seventy_operations() -> None:
    """The tests below are about all of them."""
    assert len(CONTRACT.operations) == 70


@every_operation
@pytest.mark.parametrize("examples", [EXAMPLES, BARE], ids=["contract", "bare"])
def test_every_answer_is_valid(examples: Examples, name: str) -> None:
    """With the contract's examples, and made up where it has none."""
    operation = examples.contract.operations[name]
    assert operation.answer is not None
    answer = examples.answer(operation)
    assert flaws(CONTRACT, operation.answer, answer) == []
    if examples is EXAMPLES and "non-customer" not in name:
        assert {found[: found.find("_") + 1] for found in ids_in(answer)} <= set(PREFIXES)


@pytest.mark.parametrize("name", CONTRACT.document["components"]["schemas"])
def test_every_component_has_an_example(name: str) -> None:
    """The parts of requests too."""
    schema = CONTRACT.component(name)
    assert flaws(CONTRACT, schema, EXAMPLES.of(schema)) == []


def test_the_contract_s_own_examples_are_taken() -> None:
    """As far as they are valid, and with every field."""
    invoice = EXAMPLES.of(CONTRACT.component("CustomerInvoice"))
    assert (invoice["invoiceNumber"], invoice["dueAt"]) == ("2024-001", "2024-05-28")
    assert invoice["links"]["onlinePaymentLink"]["type"] == "text/html"
    assert invoice.keys() == CONTRACT.component("CustomerInvoice")["properties"].keys()


def test_an_example_is_the_caller_s_own() -> None:
    """What is done to one is not seen in the next."""
    operation = CONTRACT.operations["get-customer-invoice"]
    before = copy.deepcopy(EXAMPLES.answer(operation))
    EXAMPLES.answer(operation)["links"]["customer"]["href"] = "changed"
    assert EXAMPLES.answer(operation) == before


@pytest.mark.parametrize(
    ("schema", "name", "expected"),
    [
        ({"type": "string", "format": "date", "example": "2024-04-31"}, "", "2024-04-29"),
        ({"type": "string", "format": "date-time", "example": "2024-04-29"}, "", "2024-04-29T21:00:00+02:00"),
        ({"type": "string", "format": "date-time", "example": "2024-02-30T21:00:00Z"}, "", "2024-04-29T21:00:00+02:00"),
        ({"type": "string", "format": "decimal", "example": 12.95}, "", "12.95"),
        ({"type": "number", "example": "12.95"}, "", 12.95),
        ({"type": "number", "example": float("nan")}, "", 12.95),
        ({"type": "number", "examples": ["x", 7]}, "", 7),
        ({"type": "number", "exclusiveMaximum": 0}, "", -1),
        ({"type": "integer", "minimum": 15}, "", 15),
        ({"type": "integer", "exclusiveMinimum": 15}, "", 16),
        ({"type": "integer", "example": True}, "", 1),
        ({"type": "boolean", "example": 1}, "", True),
        ({"type": "boolean", "const": False}, "", False),
        ({"type": "string", "enum": ["open", "closed"], "example": "opened"}, "", "open"),
        ({"type": ["string", "null"], "example": None}, "", None),
        ({"type": "null"}, "", None),
        ({"type": "string"}, "paidAt", "2024-04-29T21:00:00+02:00"),
        ({"type": "string"}, "primaryEmail", "john.doe@test.com"),
        ({"type": "string"}, "customerGroupId", "cug_abc12345def678"),
        ({"type": "string", "x-id-prefixes": ["fsd_"]}, "parent", "fsd_abc12345def678"),
        ({"type": "string", "minLength": 6}, "", "textttt"[:6]),
        ({"type": "string", "maxLength": 2}, "", "te"),
        ({"type": "string", "pattern": r"^\d+\.\d\d$"}, "", "12.95"),
        ({"type": "string", "pattern": "^no such$"}, "", "text"),
        ({"type": "string", "default": "usual"}, "", "usual"),
        ({"type": "array", "items": {"type": "integer"}, "minItems": 2}, "", [1, 1]),
        ({"type": "array", "items": {"type": "integer"}, "example": ["x"]}, "", [1]),
        ({"type": "array", "items": {"type": "integer"}, "maxItems": 0}, "", []),
        ({"type": "array", "example": ["anything"]}, "", ["anything"]),
        ({"items": {"type": "integer"}}, "", [1]),
        ({"type": "object", "required": ["a"], "example": {}, "properties": {"a": {"type": "integer"}}}, "", {"a": 1}),
        ({"type": "object", "additionalProperties": False, "example": {"a": 1}}, "", {}),
        ({"type": "object", "additionalProperties": {"type": "string"}, "example": {"a": 1}}, "", {}),
        ({"type": "object", "additionalProperties": {"type": "string"}, "example": {"a": "b"}}, "", {"a": "b"}),
        ({"$ref": "#/components/schemas/CustomerGroup"}, "", {"id": "cug_abc12345def678"}),
        ({"anyOf": [{"type": "null"}, {"type": "integer"}]}, "", 1),
        ({"type": "mystery"}, "", None),
    ],
)
def test_a_wrong_or_missing_example_is_made_up(schema: dict[str, Any], name: str, expected: Any) -> None:
    """By type, format, name and prefix; what nothing is known of is a text."""
    examples, operation = small({"type": "object", "properties": {name or "value": schema}})
    assert operation.answer is not None
    found = examples.of(operation.answer)[name or "value"]
    assert (found, type(found)) == (expected, type(expected))


def test_a_schema_that_contains_itself() -> None:
    """Some levels are shown, and the answer stays valid."""
    examples, operation = small({"$ref": "#/components/schemas/Tree"})
    assert operation.answer is not None
    tree = examples.answer(operation)
    assert flaws(examples.contract, operation.answer, tree) == []
    assert tree["parent"]["children"][0]["next"]["name"] == "text"


@pytest.mark.parametrize(
    ("media", "expected"),
    [
        ({"example": {"id": 1}}, {"id": 1}),
        ({"example": {"id": "x"}, "examples": {"good": {"value": {"id": 2}}}}, {"id": 2}),
        ({"example": {"id": "x"}}, {"id": 7}),
        ({}, {"id": 7}),
    ],
)
def test_the_example_of_a_whole_answer(media: dict[str, Any], expected: dict[str, Any]) -> None:
    """Goes before those of its fields, where it is valid."""
    schema = {"type": "object", "properties": {"id": {"type": "integer", "example": 7}}}
    examples, operation = small(schema, **media)
    assert examples.answer(operation) == expected
    assert examples.answer(operation, Asked("do")) == expected


def test_answers_that_are_no_record() -> None:
    """A plain value, and nothing at all."""
    examples, operation = small({"type": "integer"})
    assert examples.answer(operation, Asked("do", body={"a": 1})) == 1
    silent = Examples(Contract({"paths": {"/a": {"post": {"operationId": "do", "responses": {"204": {}}}}}}))
    assert silent.answer(silent.contract.operations["do"]) is None


def test_what_was_sent_is_shown() -> None:
    """In the fields of the same name, written as an answer writes them; what does not fit stays an example."""
    answer = EXAMPLES.answer(
        CONTRACT.operations["create-customer-invoice"],
        Asked(
            "create-customer-invoice",
            body={"customerId": "cst_mine", "paidAt": "2030-07-01 12:00:00", "amount": 7, "issuedAt": 1, "links": b""},
        ),
    )
    example = EXAMPLES.answer(CONTRACT.operations["get-customer-invoice"])
    sent = {"customerId": "cst_mine", "paidAt": "2030-07-01T12:00:00+02:00", "amount": "7"}
    assert answer == example | sent


@pytest.mark.parametrize(
    ("schema", "sent", "expected"),
    [
        ({"type": ["integer", "null"]}, "3", 3),
        ({"type": ["integer", "null"]}, None, None),
        ({"type": "integer"}, None, "example"),
        ({"type": "integer"}, "[" * 100_000, "example"),
        ({"type": "number"}, "12.95", 12.95),
        ({"type": "string"}, True, "example"),
        ({"type": "boolean"}, "true", True),
        ({"type": "string", "format": "date-time"}, "2030-01-01", "2030-01-01T00:00:00+01:00"),
        ({"type": "string", "format": "date-time"}, "2030-01-01T00:00:00Z", "2030-01-01T00:00:00Z"),
        ({"type": "array", "items": {"type": "string"}}, ["a"], ["a"]),
        ({}, b"a file", "example"),
    ],
)
def test_the_ways_to_write_what_was_sent(schema: dict[str, Any], sent: Any, expected: Any) -> None:
    """Types may differ between a request and its answer."""
    assert EXAMPLES.echo(schema, sent, "example") == expected


def test_the_ids_of_the_path_are_shown() -> None:
    """As the record's own where they are of its kind, else in the field of that name."""
    properties = {"id": {"type": "string", "example": "not_1"}, "customerId": {"type": "string"}}
    schema: dict[str, Any] = {"type": "object", "properties": properties}
    examples, operation = small(schema)
    ids = {"customerId": "cst_2", "noteId": "not_2"}
    assert examples.answer(operation, Asked("do", ids, body=["a list"])) == {"id": "not_2", "customerId": "cst_2"}  # type: ignore[arg-type]


def test_a_page() -> None:
    """There is one, with one record; those after it are empty."""
    operation = CONTRACT.operations["list-bought-punch-cards"]
    ids = {"punchCardId": "pcd_1"}
    first = EXAMPLES.answer(operation, Asked(operation.id, ids))
    second = EXAMPLES.answer(operation, Asked(operation.id, ids, query={"page": 2}))
    url = "sandbox:/v1/punch-cards/pcd_1/issued"
    envelope = {"first_page_url": f"{url}?page=1", "next_page_url": None, "path": url, "per_page": 15}
    card = EXAMPLES.of(CONTRACT.component("PunchCardBought"))
    assert first == envelope | {"current_page": 1, "data": [card], "from": 1, "prev_page_url": None, "to": 1}
    assert second == envelope | {
        "current_page": 2,
        "data": [],
        "from": None,
        "prev_page_url": f"{url}?page=1",
        "to": None,
    }
    assert operation.answer is not None
    assert flaws(CONTRACT, operation.answer, second) == []


def test_nothing_heavy_is_imported() -> None:
    """Neither a validator nor the client's transport."""
    code = (
        "import sys, mijnklantportaal_client.testing._portal.examples\n"
        "print({'jsonschema_rs', 'httpx', 'starlette', 'mijnklantportaal_client.models'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
