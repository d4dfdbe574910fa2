"""Changes of the contract: each kind is found, and classed as what it is for callers."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from codegen.document import operations
from contract.change import CALLS, CODE, NOTHING, Change, Effect
from contract.changes import changes
from contract.content import reached

CONTRACT: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "mijnklantportaal_client/_generated/contract.json").read_text("utf-8")
)
AREAS = ("/customers", "/customer-subscription-packages", "/punch-cards", "/tickets", "/webhooks")
TEXT = {"type": "string"}
BOTH = CODE | CALLS
Document = dict[str, Any]
LIST, CREATE = ("/customers", "get"), ("/customers", "post")


def operation(document: Document, place: tuple[str, str] = CREATE) -> Document:
    """One operation."""
    found: Document = document["paths"][place[0]][place[1]]
    return found


def body(document: Document) -> Document:
    """The schema of its body."""
    found: Document = operation(document)["requestBody"]["content"]["application/json"]["schema"]
    return found


def schemas(document: Document) -> Document:
    """The named schemas."""
    found: Document = document["components"]["schemas"]
    return found


def fields(document: Document) -> Document:
    """The fields of a customer."""
    found: Document = schemas(document)["Customer"]["properties"]
    return found


def move(node: Document, old: str, new: str) -> None:
    """Gives something another key."""
    node[new] = node.pop(old)


def parameter(**details: Any) -> Document:
    """A query parameter."""
    return {"name": "q", "in": "query", "schema": TEXT} | details


def key_in_header(document: Document) -> None:
    """Asks for another credential."""
    document["components"]["securitySchemes"]["Key"] = {"type": "apiKey", "in": "header", "name": "X-Key"}
    document["security"] = [{"Key": []}]


def another_way_in(document: Document) -> None:
    """Takes another credential too."""
    key_in_header(document)
    document["security"] = [*CONTRACT["security"], {"Key": []}]


def path_ids_swapped(document: Document) -> None:
    """Puts the IDs of a path in another order."""
    path = next(path for path in document["paths"] if "{punchCardId}" in path and "{issuedPunchCardId}" in path)
    document["paths"]["/issued/{issuedPunchCardId}/of/{punchCardId}"] = document["paths"].pop(path)


def rows_elsewhere(document: Document, items: str) -> None:
    """Moves what a list holds into a part without a name."""
    content = operation(document, LIST)["responses"]["200"]["content"]["application/json"]
    part = {key: content["schema"].pop(key) for key in ("properties", "required")}
    part["properties"]["data"]["items"] = {"$ref": f"#/components/schemas/{items}"}
    content["schema"]["allOf"].append(part)


# kind, action, effect, a part of the text
CASES: dict[str, tuple[Callable[[Document], Any], str, str, Effect, str]] = {
    "operation added": (
        lambda d: d["paths"].update({"/x": {"get": operation(d, LIST) | {"operationId": "list-x"}}}),
        "operation", "added", NOTHING, "GET /x"),
    "operation removed": (
        lambda d: d["paths"]["/customers"].pop("post"), "operation", "removed", BOTH, "POST /customers"),
    "operationId": (
        lambda d: operation(d).update(operationId="new-customer"), "operation", "changed", CODE, "`new-customer`"),
    "operation deprecated": (
        lambda d: operation(d).update(deprecated=True), "operation", "changed", NOTHING, "deprecated"),
    "parameter added": (
        lambda d: operation(d, LIST)["parameters"].append(parameter()), "parameter", "added", NOTHING, "`q` (query)"),
    "required parameter added": (
        lambda d: operation(d, LIST)["parameters"].append(parameter(required=True)),
        "parameter", "added", BOTH, "`q` (query), required"),
    "parameter removed": (
        lambda d: operation(d, LIST)["parameters"].clear(), "parameter", "removed", CODE, "`page` (query)"),
    "parameter required": (
        lambda d: operation(d, LIST)["parameters"][0].update(required=True), "required", "changed", BOTH, "`page`"),
    "parameter type": (
        lambda d: operation(d, LIST)["parameters"][0]["schema"].update(type="string"),
        "type", "changed", BOTH, "`page` (query) `integer` became `string`"),
    "sent field added": (
        lambda d: body(d)["properties"].update(q=TEXT), "field", "added", NOTHING, "`q`, optional"),
    "required sent field added": (
        lambda d: (body(d)["properties"].update(q=TEXT), body(d)["required"].append("q")),
        "field", "added", BOTH, "`q`, required"),
    "sent field removed": (
        lambda d: body(d)["properties"].pop("countryCode"), "field", "removed", CODE, "`countryCode`"),
    "sent field required": (
        lambda d: body(d)["required"].append("countryCode"), "required", "changed", BOTH, "became required"),
    "sent field optional": (
        lambda d: body(d)["required"].remove("city"), "required", "changed", NOTHING, "became optional"),
    "sent field nullable": (
        lambda d: body(d)["properties"]["city"].update(type=["string", "null"]),
        "nullability", "changed", NOTHING, "`city` may be null"),
    "sent field of more types": (
        lambda d: body(d)["properties"]["city"].update(type=["string", "integer"]),
        "type", "changed", NOTHING, "`city`"),
    "sent number": (
        lambda d: operation(d, LIST)["parameters"][0]["schema"].update(type="number"),
        "type", "changed", NOTHING, "`page`"),
    "sent field of another type": (
        lambda d: body(d)["properties"]["city"].update(type="integer"),
        "type", "changed", BOTH, "`city` `string` became `integer`"),
    "sent field with a limit": (
        lambda d: body(d)["properties"]["city"].update(maxLength=5),
        "limit", "changed", CALLS, "`maxLength` none became 5"),
    "sent field with a format": (
        lambda d: body(d)["properties"]["city"].update(format="email"),
        "limit", "changed", CALLS, "`city` `format` none became email"),
    "sent field with one value": (
        lambda d: body(d)["properties"]["city"].update(const={"a": 1}), "limit", "changed", CALLS, "`city` `const`"),
    "sent field with a condition": (
        lambda d: body(d)["properties"]["city"].update({"not": {"const": ""}}),
        "limit", "changed", CALLS, "`city` `not` none became"),
    "sent fields and no others": (
        lambda d: body(d).update(additionalProperties=False),
        "limit", "changed", CALLS, "`additionalProperties` none became False"),
    "sent field that is not taken": (
        lambda d: body(d)["properties"]["city"].update(readOnly=True),
        "limit", "changed", CALLS, "`city` is read-only"),
    "sent field with a default": (
        lambda d: body(d)["properties"]["countryCode"].update(default="NL"),
        "default", "changed", NOTHING, "`countryCode` `default` none became NL"),
    "parameter deprecated": (
        lambda d: operation(d, LIST)["parameters"][0].update(deprecated=True),
        "deprecation", "changed", NOTHING, "`page` (query) deprecated"),
    "sent field with known values only": (
        lambda d: body(d)["properties"]["city"].update(enum=["a"]), "enum", "changed", CALLS, "closed list"),
    "read field added": (lambda d: fields(d).update(q=TEXT), "field", "added", NOTHING, "`q`"),
    "read field removed": (lambda d: fields(d).pop("city"), "field", "removed", BOTH, "`city`"),
    "read field removed that might be absent": (
        lambda d: fields(d).pop("phone"), "field", "removed", CODE, "`phone`"),
    "read field optional": (
        lambda d: schemas(d)["Customer"]["required"].remove("city"), "required", "changed", BOTH, "became optional"),
    "read field required": (
        lambda d: schemas(d)["Customer"]["required"].append("phone"),
        "required", "changed", NOTHING, "became required"),
    "read field of another type": (
        lambda d: fields(d)["city"].update(type="integer"), "type", "changed", BOTH, "`string` became `integer`"),
    "read field of another format": (
        lambda d: fields(d)["createdAt"].update(format="date"), "type", "changed", BOTH, "`string (date)`"),
    "read field nullable": (
        lambda d: fields(d)["city"].update(type=["string", "null"]), "nullability", "changed", BOTH, "may be null"),
    "read field not nullable": (
        lambda d: fields(d)["phone"].update(type="string"), "nullability", "changed", NOTHING, "never null"),
    "read field with a limit": (
        lambda d: fields(d)["city"].update(maxLength=5), "limit", "changed", NOTHING, "`maxLength`"),
    "read field with known values": (
        lambda d: fields(d).update(city={"$ref": "#/components/schemas/TicketStatus"}),
        "enum", "changed", NOTHING, "became a closed list"),
    "read field with a format": (
        lambda d: fields(d)["city"].update(format="hostname"), "limit", "changed", NOTHING, "`city` `format`"),
    "read field that is not told": (
        lambda d: fields(d)["city"].update(writeOnly=True), "limit", "changed", CALLS, "`city` is write-only"),
    "read field deprecated": (
        lambda d: fields(d)["phone"].update(deprecated=True), "deprecation", "changed", NOTHING, "`phone` deprecated"),
    "read field as an object": (
        lambda d: fields(d).update(city={"$ref": "#/components/schemas/Ticket"}), "type", "changed", BOTH, "`Ticket`"),
    "items of another type": (
        lambda d: fields(d)["customerGroups"].update(items={"$ref": "#/components/schemas/CustomerGroup"}),
        "type", "changed", BOTH, "`customerGroups`[]"),
    "value of a read enum added": (
        lambda d: schemas(d)["TicketStatus"]["enum"].append("new"), "enum", "added", NOTHING, "`new`"),
    "value of a read enum removed": (
        lambda d: schemas(d)["TicketStatus"]["enum"].remove("closed"), "enum", "removed", CODE, "`closed`"),
    "value of a sent enum removed": (
        lambda d: schemas(d)["SubscriptionInterval"]["enum"].remove("1 year"), "enum", "removed", BOTH, "`1 year`"),
    "status added": (
        lambda d: operation(d)["responses"].update({"409": {"description": ""}}), "status", "added", NOTHING, "`409`"),
    "status removed": (
        lambda d: operation(d)["responses"].pop("422"), "status", "removed", NOTHING, "`422`"),
    "path": (
        lambda d: move(d["paths"], "/tickets/{ticketId}", "/issues/{ticketId}"),
        "path", "changed", CALLS, "became `GET /issues/{ticketId}`"),
    "path with IDs in another order": (path_ids_swapped, "path", "changed", BOTH, "/of/{punchCardId}"),
    "base URL": (
        lambda d: d["servers"].__setitem__(0, {"url": "https://x.test"}), "path", "changed", CALLS, "`https://x.test`"),
    "content type of a body": (
        lambda d: move(operation(d)["requestBody"]["content"], "application/json", "multipart/form-data"),
        "content type", "removed", CALLS, "body `application/json`"),
    "body added": (
        lambda d: operation(d, LIST).update(requestBody={"content": {"application/json": {"schema": body(d)}}}),
        "field", "added", BOTH, "`city`, required"),
    "body removed": (lambda d: operation(d).pop("requestBody"), "field", "removed", CODE, "`city`"),
    "answer of another type": (
        lambda d: operation(d)["responses"].update({"201": operation(d, LIST)["responses"]["200"]}),
        "type", "changed", BOTH, "the answer `Customer` became `object (with PageEnvelope)`"),
    "answer without pages": (
        lambda d: operation(d, LIST)["responses"]["200"]["content"]["application/json"]["schema"].pop("allOf"),
        "type", "changed", BOTH, "the answer `object (with PageEnvelope)` became `object`"),
    "answer with other items, beside which nothing stands": (
        lambda d: rows_elsewhere(d, "Ticket"), "type", "changed", BOTH, "answer `data`[] `Customer` became `Ticket`"),
    "calls to you": (
        lambda d: d.update(webhooks={"paid": {"post": {"responses": {"200": {"description": ""}}}}}),
        "operation", "changed", NOTHING, "`webhooks`, which say how the API calls you, are new"),
    "calls to you of an operation": (
        lambda d: operation(d).update(callbacks={"done": {"{$request.body#/url}": {}}}),
        "operation", "changed", NOTHING, "`callbacks`, which say how the API calls you, are new"),
    "another content type of a body": (
        lambda d: operation(d)["requestBody"]["content"].update({"multipart/form-data": {"schema": body(d)}}),
        "content type", "added", NOTHING, "body `multipart/form-data`"),
    "content type of an answer": (
        lambda d: move(operation(d, LIST)["responses"]["200"]["content"], "application/json", "application/pdf"),
        "content type", "removed", BOTH, "answer `application/json`"),
    "security": (key_in_header, "security", "changed", CALLS, "`Key`"),
    "another way in": (another_way_in, "security", "changed", NOTHING, "`Key`"),
    "security of one operation": (
        lambda d: operation(d).update(security=[{"Admin": ["write"]}]),
        "security", "changed", CALLS, "`Admin` with `write`"),
    "no security": (lambda d: operation(d).update(security=[]), "security", "changed", NOTHING, "became nothing"),
    "scheme": (
        lambda d: d["components"]["securitySchemes"]["APIKey"].update(scheme="basic"),
        "security", "changed", CALLS, "APIKey"),
    "schema added": (lambda d: schemas(d).update(New={"type": "object"}), "type", "added", NOTHING, "`New`"),
    "schema removed": (lambda d: schemas(d).pop("Webhook"), "type", "removed", CODE, "`Webhook`"),
}  # fmt: skip


def some() -> Document:
    """A few areas of the contract, which is quicker than all of it."""
    document = CONTRACT | {"paths": {path: item for path, item in CONTRACT["paths"].items() if path.startswith(AREAS)}}
    needed = reached(document, "sent") | reached(document, "read")
    schemas = {name: schema for name, schema in CONTRACT["components"]["schemas"].items() if name in needed}
    return document | {"components": CONTRACT["components"] | {"schemas": schemas}}


def changed(change: Callable[[Document], Any], document: Document | None = None) -> list[Change]:
    """The changes that a change of the document makes."""
    old = some() if document is None else document
    new = copy.deepcopy(old)
    change(new)
    return changes(old, new)


@pytest.mark.parametrize("case", CASES)
def test_found_and_classed(case: str) -> None:
    """The change is told with its kind and place, and nothing that breaks more is told beside it."""
    change, kind, action, effect, text = CASES[case]
    found = changed(change)
    fitting = [one for one in found if (one.kind, one.action) == (kind, action) and text in one.text]
    assert fitting, found
    assert {one.effect for one in fitting} == {effect}
    worst = NOTHING
    for one in found:
        worst |= one.effect
    assert worst == effect, found


def test_the_same_contract() -> None:
    """Words are no change, and neither is their order."""

    def reworded(document: Document) -> None:
        fields(document)["city"].update(description="Town", example="Rotterdam")
        operation(document).update(summary="New", description="words")
        document["paths"] = dict(reversed(document["paths"].items()))

    assert changed(lambda document: None) == []
    assert changed(reworded) == []


def test_what_might_be_none_before() -> None:
    """A field that may be absent is read as None already, so null is nothing new; and the other way round."""
    loose = copy.deepcopy(some())
    schemas(loose)["Customer"]["required"].remove("city")
    null = changed(lambda document: fields(document)["city"].update(type=["string", "null"]), loose)
    assert [(one.kind, one.effect) for one in null] == [("nullability", NOTHING)]
    tight = copy.deepcopy(some())
    schemas(tight)["Customer"]["required"].append("phone")
    gone = changed(lambda document: schemas(document)["Customer"]["required"].remove("phone"), tight)
    assert [(one.kind, one.effect) for one in gone] == [("required", NOTHING)]


def test_anything_that_becomes_something() -> None:
    """What took every value before is narrower now, and the other way round wider."""
    free = copy.deepcopy(some())
    body(free)["properties"]["q"] = {}
    told = changed(lambda document: body(document)["properties"].update(q=TEXT), free)
    assert [(one.text, one.effect) for one in told] == [("`q` `anything` became `string`", BOTH)]
    told = changed(lambda document: body(document)["properties"].update(city={}))
    assert [(one.text, one.effect) for one in told] == [("`city` `string` became `anything`", NOTHING)]


def test_an_answer_where_there_was_none() -> None:
    """Whoever took nothing from it is not bothered; the other way round, something is gone."""
    full = some()
    empty = copy.deepcopy(full)
    content = operation(empty)["responses"]["201"].pop("content")
    come = changed(lambda document: operation(document)["responses"]["201"].update(content=content), empty)
    assert come == [Change("content type", "added", come[0].place, "answer `application/json`", NOTHING)]
    gone = changed(lambda document: operation(document)["responses"]["201"].pop("content"))
    assert gone == [Change("content type", "removed", gone[0].place, "answer `application/json`", BOTH)]


def test_a_default_that_is_another_one() -> None:
    """Whoever leaves it out asks for something else than before."""
    before = copy.deepcopy(some())
    operation(before, LIST)["parameters"][0]["schema"]["default"] = 1
    told = changed(lambda document: operation(document, LIST)["parameters"][0]["schema"].update(default=0), before)
    assert [(one.kind, one.text, one.effect) for one in told] == [
        ("default", "`page` (query) `default` 1 became 0", CALLS)
    ]


def test_calls_to_you_come_and_go() -> None:
    """Each time the report says so."""
    before = some() | {"webhooks": {"paid": {}}}
    told = changed(lambda document: document["webhooks"].update(sent={}), before)
    assert [one.text for one in told] == ["`webhooks`, which say how the API calls you, changed"]
    told = changed(lambda document: document.pop("webhooks"), before)
    assert [one.text for one in told] == ["`webhooks`, which say how the API calls you, are gone"]


def test_fields_that_move_to_a_part_without_a_name() -> None:
    """They say the same there."""
    assert changed(lambda document: rows_elsewhere(document, "Customer")) == []


def test_a_reference_in_a_part() -> None:
    """As documents write it that say something beside a reference: no other type, neither here nor in the code."""

    def wrapped(document: Document) -> None:
        fields(document)["integration"] = {"allOf": [{"$ref": "#/components/schemas/Ticket"}], "description": "words"}

    plain = copy.deepcopy(some())
    fields(plain)["integration"] = {"$ref": "#/components/schemas/Ticket"}
    assert changed(wrapped, plain) == []
    told = changed(wrapped)
    assert [(one.kind, one.text) for one in told if one.kind == "type"] == [
        ("type", "`integration` `string` became `Ticket`")
    ]


def test_a_change_is_told_once() -> None:
    """A field of a schema that five operations use is one change of the schema."""
    found = changed(lambda document: fields(document).pop("city"))
    assert [(one.place.name, one.text) for one in found] == [("Customer", "`city`")]


def test_what_is_documented() -> None:
    """Each change says whether the vendor documents the place in full."""

    def deprecate(document: Document) -> None:
        for _, _, node in operations(document):
            node["deprecated"] = True

    found = changed(deprecate, CONTRACT)
    documented = {one.place.name for one in found if one.place.documented}
    full = {node["operationId"] for _, _, node in operations(CONTRACT) if node["x-documented"] == "full"}
    assert (len(found), len(documented)) == (70, 13)
    assert documented == full
