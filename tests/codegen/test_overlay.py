"""The corrections of the contract, and the code that applies them."""

import copy
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonpath_ng.ext.parser import parse
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from codegen.overlay import OverlayError, apply, load_yaml

# The generator runs on one Python; what it makes is tested on every one.
pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
METHODS = {"get", "put", "post", "delete", "patch", "head", "options", "trace"}
ENVELOPE = {"$ref": "#/components/schemas/PageEnvelope"}


@pytest.fixture(scope="module")
def extended(published: dict[str, Any], overlay: dict[str, Any]) -> dict[str, Any]:
    """The corrected contract of a vendor who has added things, none of which the overlay names."""
    document = copy.deepcopy(published)
    page = copy.deepcopy(document["paths"]["/customers"]["get"]["responses"]["200"])
    page["content"]["application/json"]["schema"]["properties"]["data"]["items"] = {"type": "string"}
    document["paths"] |= {
        "/notes": {
            "get": {"operationId": "list-notes", "responses": {"200": page}},
            "post": {
                "operationId": "create-note",
                "requestBody": {
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "properties": {
                                    "vatRate": {"type": "integer"},
                                    "lines": {"type": "array", "items": {"type": "string"}},
                                },
                            }
                        }
                    }
                },
                "responses": {"201": {"description": "Made"}},
            },
        },
        "/notes/{noteId}": {
            "parameters": [{"name": "noteId", "in": "path", "required": True, "schema": {"type": "string"}}],
            "get": {
                "operationId": "get-note",
                "responses": {"200": {"description": "It"}, "429": {"description": "The vendor's own text"}},
            },
        },
        "/notes/all": {
            "get": {
                "operationId": "list-all-notes",
                "responses": {
                    "200": {
                        "description": "A bare list",
                        "content": {"application/json": {"schema": {"type": "array", "items": {"type": "string"}}}},
                    }
                },
            }
        },
    }
    document["components"]["schemas"]["Customer"]["properties"] |= {
        "nickname": {"type": "string", "nullable": True, "example": "TC"},
        "birthday": {"type": "string", "example": "2001-02-03"},
        "seenAt": {"type": "string", "example": "2024-04-28T21:00:00+02:00"},
        "credit": {"type": "string", "example": "0.50"},
        "interval": {"type": "string", "example": "1 year"},
    }
    return apply(document, overlay)


def values(document: dict[str, Any], path: str) -> list[Any]:
    """Whatever a JSONPath finds."""
    return [match.value for match in parse(path).find(document)]


def nodes(value: Any, path: str = "$") -> Iterator[tuple[str, Any]]:
    """Every object and list, with where it stands."""
    if isinstance(value, dict):
        yield path, value
        for key, member in value.items():
            yield from nodes(member, f"{path}.{key}")
    elif isinstance(value, list):
        yield path, value
        for index, member in enumerate(value):
            yield from nodes(member, f"{path}[{index}]")


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Path, path item and operation of every operation."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method in METHODS:
                yield path, item, operation


def properties(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Place, properties and the schema that holds them, for every object schema."""
    for path, node in nodes(document):
        if isinstance(node, dict) and isinstance(node.get("properties"), dict) and ".example" not in path:
            yield path, node["properties"], node


def test_every_action_matches(corrected: dict[str, Any], overlay: dict[str, Any]) -> None:
    """All actions of the overlay find their target in the published contract."""
    assert len(overlay["actions"]) > 100
    assert corrected["components"]["schemas"]["PageEnvelope"]["x-page-envelope"] is True


def test_the_published_contract_is_untouched(published: dict[str, Any], corrected: dict[str, Any]) -> None:
    """Corrections are made on a copy."""
    assert published == load_yaml(ROOT / "openapi.yaml")
    assert published != corrected


def test_result_is_valid_openapi(corrected: dict[str, Any]) -> None:
    """The corrected contract is valid OpenAPI 3.1, which the published one is not."""
    assert [error.message for error in OpenAPIV31SpecValidator(corrected).iter_errors()] == []


def test_operations_survive(published: dict[str, Any], corrected: dict[str, Any]) -> None:
    """No operation, schema or field is lost on the way, but for the envelopes."""
    before, after = ([o["operationId"] for *_, o in operations(document)] for document in (published, corrected))
    assert before == after
    for name, schema in published["components"]["schemas"].items():
        assert schema.get("properties", {}).keys() <= corrected["components"]["schemas"][name]["properties"].keys()


def test_nothing_is_shared(corrected: dict[str, Any]) -> None:
    """No two places hold the same object, so that changing one later cannot change another."""
    seen: dict[int, str] = {}
    for path, node in nodes(corrected):
        assert id(node) not in seen, f"{path} is also {seen[id(node)]}"
        seen[id(node)] = path


@pytest.mark.parametrize(
    "trace", ["nullable", "nullabe", "x-allowed-values", "punchCaissuedPunchCardIdrdId", "sub__abc12345def678"]
)
def test_mistakes_are_gone(corrected: dict[str, Any], trace: str) -> None:
    """Neither as a key nor as a text does a mistake remain."""
    for path, node in nodes(corrected):
        assert trace not in node, path
        if isinstance(node, dict):
            assert trace not in [value for value in node.values() if isinstance(value, str)], path


def test_descriptions_are_about_the_api(corrected: dict[str, Any]) -> None:
    """No text talks about the making of the contract."""
    for path, node in nodes(corrected):
        if isinstance(node, dict) and isinstance(node.get("description"), str):
            assert not re.search(r"upstream|stated on the schema|in the sample\)", node["description"]), path


INVOICE = "$.components.schemas.CustomerInvoice"
SHARE = "$.components.schemas.FileShare"
ISSUED = "$.paths['/punch-cards/{punchCardId}/issued/{issuedPunchCardId}']"
LINE = "$.paths['/customer-invoices/manual'].post.requestBody.content['application/json'].schema.properties.lines.items"
AGREEMENT = "$.paths['/agreements'].post.requestBody.content['multipart/form-data'].schema"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (f"{INVOICE}.properties.dueAt.type", ["string", "null"]),
        (f"{INVOICE}.properties.dueAt.format", "date"),
        (f"{INVOICE}.properties.paidAt.format", "date-time"),
        (f"{INVOICE}.properties.amount.format", "decimal"),
        (f"{INVOICE}.properties.links.title", "CustomerInvoiceLinks"),
        (f"{INVOICE}.properties.links.properties.customer['$ref']", "#/components/schemas/Link"),
        ("$.components.schemas.Invoice.properties.totalAmount.type", "number"),
        ("$.components.schemas.Invoice.properties.totalAmount.format", "decimal"),
        ("$.components.schemas.InvoiceLine.properties.vatRate.type", "number"),
        (
            f"{SHARE}.properties.sharedContent.items['$ref']",
            "#/components/schemas/FileOrDirectory",
        ),
        (f"{SHARE}.properties.links.properties.customer.oneOf[1].type", "null"),
        ("$.components.schemas.PunchCard.properties.vatRate.oneOf[0].title", "VatRate"),
        ("$.components.schemas.PunchCard.properties.vatRate.oneOf[1].type", "null"),
        ("$.components.schemas.PunchCard.properties.expiryPeriode.oneOf[0].title", "ExpiryPeriod"),
        ("$.components.schemas.PunchCard.properties.price.type", ["string", "null"]),
        ("$.components.schemas.CustomerSubscription.properties.id.example", "sub_abc12345def678"),
        ("$.components.schemas.CustomerSubscription.properties.terminatedAt.type", ["string", "null"]),
        ("$.components.schemas.CustomerOffer.properties.acceptedViaIp.example", "203.0.113.7"),
        ("$.components.schemas.Webhook.properties.type.title", "EventType"),
        ("$.components.schemas.Webhook.properties.secret['x-sensitive']", "secret"),
        ("$.components.schemas.Customer.properties.primaryEmail['x-sensitive']", "personal"),
        ("$.components.schemas.Agreement.required", ["id"]),
        ("$.components.schemas.Error_ApiError.required", ["message"]),
        (f"{LINE}.title", "InvoiceLineInput"),
        (f"{LINE}.required", ["description", "amountExclVat", "vatRate"]),
        (f"{LINE}.properties.vatRate['x-enum-varnames']", ["ZERO", "REDUCED", "STANDARD"]),
        (f"{LINE}.properties.amountExclVat.pattern", r"^-?\d+(\.\d{1,2})?$"),
        (f"{AGREEMENT}.properties.signers.items.required", ["firstName", "lastName", "email"]),
        (f"{AGREEMENT}.properties.signers.maxItems", 5),
        (f"{AGREEMENT}.properties.documents.maxItems", 5),
        ("$.paths['/file-requests'].post..requestedFiles.maxItems", 10),
        ("$.paths['/file-requests'].post..requestedFiles.items.required", ["name"]),
        ("$.paths['/files'].post..['application/json'].schema.required", ["name"]),
        ("$.paths['/files'].post..['multipart/form-data'].schema.required", ["file"]),
        ("$.paths['/punch-cards'].post..requestBody..expiryValue.type", ["integer", "string"]),
        ("$.paths['/appointments'].get.parameters[0].schema.format", "local-date-minute"),
        ("$.paths['/appointments'].post.requestBody..startsAt.format", "local-date-time"),
        ("$.paths['/appointments/{appointmentId}'].patch.requestBody..status.enum", ["scheduled", "canceled"]),
        ("$.paths['/appointments/{appointmentId}'].patch.requestBody..schema.required", ["status"]),
        ("$.paths['/customer-invoices'].post.requestBody..issuedAt.example", "2024-04-30"),
        ("$.paths['/customer-offers/manual'].post.requestBody..expiresAt.example", "2025-04-30"),
        ("$.paths['/customer-invoices/{invoiceId}'].patch.requestBody..paidAt.example", "2024-04-30 14:00:00"),
        ("$.paths['/customers/{customerId}'].patch.requestBody..schema.minProperties", 1),
        ("$.paths['/customers/{customerId}'].patch.requestBody.required", True),
        ("$.paths['/tickets/{ticketId}'].get.responses['426']['$ref']", "#/components/responses/LicenceRequired"),
        (
            f"{ISSUED}.get.parameters[1].name",
            "issuedPunchCardId",
        ),
    ],
)
def test_correction(corrected: dict[str, Any], path: str, expected: Any) -> None:
    """A mistake of the vendor's, or a gap, is mended as the table says."""
    found = [value for value in values(corrected, path) if not isinstance(value, dict) or path.endswith("]")]
    assert found == [expected]


def test_stamps_stay_optional(corrected: dict[str, Any]) -> None:
    """A punch card can be stamped without saying how often."""
    body = corrected["paths"]["/punch-cards/{punchCardId}/issued/{issuedPunchCardId}/stamp"]["post"]["requestBody"]
    assert "required" not in body
    assert "required" not in body["content"]["application/json"]["schema"]


def test_wire_names_stay(corrected: dict[str, Any]) -> None:
    """Names that differ between request and answer, and paths that differ by a slash, are the vendor's."""
    assert "expirePeriod" in values(corrected, "$.paths['/punch-cards'].post.requestBody..schema.properties")[0]
    assert "expiryPeriode" in corrected["components"]["schemas"]["PunchCard"]["properties"]
    assert "startDate" in values(corrected, "$.paths['/customer-subscriptions'].post.requestBody..schema.properties")[0]
    sign_up = "/customer-subscription-packages/{packageId}/sign-up"
    assert {sign_up, f"{sign_up}/"} <= corrected["paths"].keys()


def test_every_page_has_envelope_and_parameter(published: dict[str, Any], corrected: dict[str, Any]) -> None:
    """Each list with `current_page` becomes an envelope with the vendor's own items, and takes `page`."""
    before = {o["operationId"]: o for *_, o in operations(published)}
    paged = 0
    for *_, operation in operations(corrected):
        for status, response in before[operation["operationId"]]["responses"].items():
            schema = response["content"]["application/json"]["schema"]
            if "current_page" not in schema.get("properties", {}):
                continue
            paged += 1
            after = operation["responses"][status]["content"]["application/json"]["schema"]
            assert after["allOf"] == [ENVELOPE]
            assert after["required"] == ["data"]
            assert after["properties"] == {"data": schema["properties"]["data"]}
            assert [p["schema"]["minimum"] for p in operation["parameters"] if p["name"] == "page"] == [1]
    assert paged == len(values(corrected, "$.paths..allOf[?@['$ref'] == '#/components/schemas/PageEnvelope']"))
    assert paged > 0


def test_errors_are_declared(corrected: dict[str, Any]) -> None:
    """401, 403 and 429 everywhere, 404 with a path parameter, 422 with data to send."""
    for path, _, operation in operations(corrected):
        expected = {"401", "403", "429"}
        if "{" in path:
            expected.add("404")
        if "requestBody" in operation or any(p["in"] == "query" for p in operation.get("parameters", [])):
            expected.add("422")
        assert expected <= operation["responses"].keys(), operation["operationId"]


def test_path_parameters_are_those_of_the_path(corrected: dict[str, Any]) -> None:
    """What stands in braces is declared, and nothing else."""
    for path, _, operation in operations(corrected):
        declared = {p["name"] for p in operation.get("parameters", []) if p["in"] == "path"}
        assert declared == set(re.findall(r"{(\w+)}", path))


def test_id_rules_cover_every_path_parameter(corrected: dict[str, Any]) -> None:
    """Each path parameter has prefixes, and each prefix names something."""
    rules = corrected["x-id-rules"]
    for path in corrected["paths"]:
        for name in re.findall(r"{(\w+)}", path):
            below = [found for start, found in rules["paths"].items() if f"{path}/".startswith(f"{start}/")]
            prefixes = next((found[name] for found in below if name in found), None) or rules["names"][name]
            assert set(prefixes) <= rules["prefixes"].keys()
    assert rules["paths"].keys() <= corrected["paths"].keys()


def test_id_rules_agree_with_examples(corrected: dict[str, Any]) -> None:
    """An example of a field that a rule names starts with one of its prefixes."""
    names = corrected["x-id-rules"]["names"]
    checked = 0
    for path, members, _ in properties(corrected):
        for name in members.keys() & names.keys():
            member = members[name]
            examples = member.get("example", member.get("items", {}).get("example"))
            for example in examples if isinstance(examples, list) else [examples]:
                assert example.startswith(tuple(names[name])), f"{path}.{name}"
                checked += 1
    assert checked > 20


def test_fields_are_complete(corrected: dict[str, Any]) -> None:
    """Every field has a type and a text, and `required` names only fields that are there, once."""
    for path, members, schema in properties(corrected):
        for name, member in members.items():
            assert member.keys() & {"type", "$ref", "oneOf"}, f"{path}.{name}"
            assert member.get("description"), f"{path}.{name}"
        required = schema.get("required", [])
        assert len(set(required)) == len(required), path
        assert set(required) <= members.keys(), path


def test_nested_objects_have_names(corrected: dict[str, Any]) -> None:
    """An object inside another carries the name of its class."""
    for path, members, _ in properties(corrected):
        for name, member in members.items():
            for inner in (member, member.get("items", {})):
                assert "title" in inner or inner.get("type") != "object", f"{path}.{name}"


def test_examples_fit_their_schemas(corrected: dict[str, Any]) -> None:
    """Each example is a valid instance of the field that it belongs to."""
    components = corrected["components"]
    checked = 0
    for path, members, _ in properties(corrected):
        for name, member in members.items():
            if "example" in member:
                errors = OAS31Validator({**member, "components": components}).iter_errors(member["example"])
                assert [error.message for error in errors] == [], f"{path}.{name}"
                checked += 1
    assert checked > 200


def test_same_title_same_content(corrected: dict[str, Any]) -> None:
    """Schemas that share a title, and so a class, are alike; each value of an enum has a name of its own."""
    contents: dict[str, Any] = {}
    for path, node in nodes(corrected):
        if isinstance(node, dict) and isinstance(node.get("title"), str) and "version" not in node:
            content = {key: node.get(key) for key in ("type", "description", "enum", "x-enum-varnames", "required")}
            assert contents.setdefault(node["title"], content) == content, path
            assert len(node.get("enum", [])) == len(set(node.get("x-enum-varnames", []))), path
    assert {"AgreementStatus", "SubscriptionInterval", "VatRate", "EventType", "TicketStatus"} <= contents.keys()


def test_a_new_list_is_paged(extended: dict[str, Any]) -> None:
    """A list that the overlay has never heard of gets the envelope and the parameter."""
    operation = extended["paths"]["/notes"]["get"]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    assert schema["allOf"] == [ENVELOPE]
    assert schema["properties"].keys() == {"data"}
    assert schema["properties"]["data"]["items"] == {"type": "string"}
    assert [parameter["name"] for parameter in operation["parameters"]] == ["page"]


@pytest.mark.parametrize(
    ("path", "method", "statuses"),
    [
        ("/notes", "get", {"200", "401", "403", "422", "429"}),
        ("/notes", "post", {"201", "401", "403", "422", "429"}),
        ("/notes/{noteId}", "get", {"200", "401", "403", "404", "429"}),
        ("/notes/all", "get", {"200", "401", "403", "429"}),
    ],
)
def test_a_new_operation_gets_its_errors(extended: dict[str, Any], path: str, method: str, statuses: set[str]) -> None:
    """Every new operation can be refused for the usual reasons."""
    assert extended["paths"][path][method]["responses"].keys() == statuses


def test_a_new_operation_keeps_what_is_its_own(extended: dict[str, Any]) -> None:
    """Neither a response of its own, nor a bare list, nor a field with a familiar name is overwritten."""
    assert extended["paths"]["/notes/{noteId}"]["get"]["responses"]["429"] == {"description": "The vendor's own text"}
    bare = extended["paths"]["/notes/all"]["get"]
    assert "parameters" not in bare
    assert bare["responses"]["200"]["content"]["application/json"]["schema"] == {
        "type": "array",
        "items": {"type": "string"},
    }
    body = extended["paths"]["/notes"]["post"]["requestBody"]
    assert body["content"]["application/json"]["schema"]["properties"]["lines"]["items"] == {"type": "string"}


@pytest.mark.parametrize(
    ("name", "keyword", "expected"),
    [
        ("nickname", "type", ["string", "null"]),
        ("birthday", "format", "date"),
        ("seenAt", "format", "date-time"),
        ("credit", "format", "decimal"),
        ("interval", "title", "SubscriptionInterval"),
    ],
)
def test_a_new_field_is_understood(extended: dict[str, Any], name: str, keyword: str, expected: Any) -> None:
    """Null, formats and shared lists of values are told by shape, so a new field has them too."""
    assert extended["components"]["schemas"]["Customer"]["properties"][name][keyword] == expected


def test_the_extended_contract_is_valid(extended: dict[str, Any]) -> None:
    """General actions leave a larger contract valid as well."""
    assert [error.message for error in OpenAPIV31SpecValidator(extended).iter_errors()] == []
    new = extended["paths"]["/notes"]["post"]["requestBody"]["content"]["application/json"]["schema"]["properties"]
    assert new["vatRate"]["title"] == "VatRate"


def patch(*actions: dict[str, Any], version: str = "1.0.0") -> dict[str, Any]:
    """An overlay around some actions."""
    return {"overlay": version, "info": {"title": "t", "version": "1"}, "actions": list(actions)}


def test_an_action_that_matches_nothing_is_refused() -> None:
    """The error names target and reason of each action that misses, and only of those."""
    actions: list[dict[str, Any]] = [
        {"target": "$.a", "description": "Fits", "update": {"b": 1}},
        {"target": "$.gone", "description": "Was there once", "update": {"b": 1}},
        {"target": "$.a[?@.x == 1]", "description": "Never was", "remove": True},
    ]
    with pytest.raises(OverlayError) as caught:
        apply({"a": {}}, patch(*actions))
    message = str(caught.value)
    assert "$.gone (Was there once): matches nothing" in message
    assert "$.a[?@.x == 1] (Never was): matches nothing" in message
    assert "Fits" not in message


def test_a_broken_path_is_refused() -> None:
    """A target that is no JSONPath is named, too."""
    with pytest.raises(OverlayError, match=r"(?s)\$\.a\[ \(Typo\): not a JSONPath"):
        apply({"a": {}}, patch({"target": "$.a[", "description": "Typo", "update": {}}))


@pytest.mark.parametrize(
    ("overlay", "problem"),
    [
        ({}, "version None"),
        (patch({"target": "$", "description": "d", "update": {}}, version="2.0.0"), "version '2.0.0'"),
        ({"overlay": "1.0.0", "info": {"title": "t"}, "actions": []}, "info lacks"),
        (patch(), "at least one action"),
        (patch() | {"actons": []}, "unknown field 'actons'"),
        (patch({"description": "d", "update": {}}), "its target is not a JSONPath"),
        (patch({"target": "paths", "description": "d", "update": {}}), "starts with"),
        (patch({"target": "$", "update": {}}), "no description"),
        (patch({"target": "$", "description": " ", "update": {}}), "no description"),
        (patch({"target": "$", "description": "d"}), "exactly one of"),
        (patch({"target": "$", "description": "d", "update": {}, "remove": True}), "exactly one of"),
        (patch({"target": "$.a", "description": "d", "remove": False}), "remove is not true"),
        (patch({"target": "$.a", "description": "d", "updat": {}, "remove": True}), "unknown field 'updat'"),
        (patch({"target": "$.a", "description": "d", "copy": "$.b"}), "copy needs version 1.1"),
    ],
)
def test_a_malformed_overlay_is_refused(overlay: dict[str, Any], problem: str) -> None:
    """Each kind of slip in the overlay has its own message."""
    with pytest.raises(OverlayError, match=re.escape(problem)):
        apply({"a": {}, "b": {}}, overlay)


@pytest.mark.parametrize("update", ["text", ["list"]])
def test_an_update_of_another_kind_is_refused(update: Any) -> None:
    """An object is never replaced by something else in silence."""
    with pytest.raises(OverlayError, match="does not fit"):
        apply({"a": {"b": 1}}, patch({"target": "$.a", "description": "d", "update": update}))


def test_updates_are_not_shared() -> None:
    """One action on several places, written with a YAML alias, gives each place an object of its own."""
    shared = {"x": [1]}
    action = {"target": "$.*", "description": "d", "update": {"one": shared, "two": shared}}
    result = apply({"a": {}, "b": {}}, patch(action))
    result["a"]["one"]["x"].append(2)
    assert result == {
        "a": {"one": {"x": [1, 2]}, "two": {"x": [1]}},
        "b": {"one": {"x": [1]}, "two": {"x": [1]}},
    }
    assert shared == {"x": [1]}


def test_lists_are_joined_without_repeats() -> None:
    """An entry that the vendor has added in the meantime does not come twice."""
    action = {"target": "$.a", "description": "d", "update": {"required": ["x", "y"]}}
    assert apply({"a": {"required": ["y", "z"]}}, patch(action)) == {"a": {"required": ["y", "z", "x"]}}


NAMED = {"enum": [0, 9, 21], "x-enum-varnames": ["ZERO", "REDUCED", "STANDARD"]}


@pytest.mark.parametrize("there", [[21, 9, 0], [0, 9, 21, 6], [9], [19]])
@pytest.mark.parametrize("update", [NAMED, {"oneOf": [NAMED, {"type": "null"}]}], ids=["plain", "nullable"])
def test_names_stay_with_their_values(there: list[int], update: dict[str, Any]) -> None:
    """An enum that the vendor adds, in its own order, would make 21 the value of ZERO: joined lists are refused."""
    action = {"target": "$.a", "description": "d", "update": update}
    with pytest.raises(OverlayError, match=r"its names would stand for other values, .* enum at \$\['a'\] already"):
        apply({"a": {"enum": there}}, patch(action))
    gone = {"target": "$.a.enum", "description": "d", "remove": True}
    assert apply({"a": {"enum": there}}, patch(gone, action)) == {"a": update}


def test_names_for_the_same_values() -> None:
    """Where the vendor's list is the same, or the beginning of it, each value keeps its name."""
    action = {"target": "$.a", "description": "d", "update": NAMED}
    for there in ([0, 9, 21], [0, 9], [0]):
        assert apply({"a": {"enum": there}}, patch(action)) == {"a": NAMED}


def test_list_elements_can_be_updated_and_removed() -> None:
    """Elements found by a filter are each changed once, and removing some leaves the others."""
    document = {"a": [{"n": 1}, {"n": 2}, {"n": 1}, {"n": 3}]}
    actions: list[dict[str, Any]] = [
        {"target": "$.a[?@.n == 2]", "description": "d", "update": {"m": 5}},
        {"target": "$.a[0,2]", "description": "d", "remove": True},
        {"target": "$.a", "description": "d", "update": {"n": 4}},
    ]
    assert apply(document, patch(*actions)) == {"a": [{"n": 2, "m": 5}, {"n": 3}, {"n": 4}]}


def test_odd_keys_are_found() -> None:
    """Quotes, slashes and dots in a key do not lead an action astray."""
    document: dict[str, Any] = {"it's": {"a\\b": {}, "/c.d/{e}": {}}}
    action = {"target": "$.*.*", "description": "d", "update": {"x": 1}}
    assert apply(document, patch(action)) == {"it's": {"a\\b": {"x": 1}, "/c.d/{e}": {"x": 1}}}


def test_copies_of_version_1_1() -> None:
    """A copy takes what stands elsewhere; a source that matches nothing is an error."""
    action = {"target": "$.b", "description": "d", "copy": "$.a"}
    assert apply({"a": {"x": 1}, "b": {}}, patch(action, version="1.1.0")) == {"a": {"x": 1}, "b": {"x": 1}}
    with pytest.raises(OverlayError, match="matches nothing"):
        apply({"b": {}}, patch(action, version="1.1.0"))


def test_yaml_is_read_as_json(tmp_path: Path) -> None:
    """What JSON has no such value for stays text: dates, times, statuses, codes of countries, numbers with zeros."""
    file = tmp_path / "a.yaml"
    file.write_text("200: {example: 2024-04-30}\non: [true, False, 0, -1, 1.5, 1e3, null, ~]\n", encoding="utf-8")
    assert load_yaml(file) == {"200": {"example": "2024-04-30"}, "on": [True, False, 0, -1, 1.5, 1000.0, None, None]}
    file.write_text('{\n\t"a": "\\ud83d\\ude80",\n\t"b": 1\n}', encoding="utf-8")
    assert load_yaml(file) == {"a": "\N{ROCKET}", "b": 1}
    texts = ["NO", "yes", "14:30", "0612345678", "0x10", "0b1", "1_000", "+31", ".5", "1."]
    file.write_text(f"a: [{', '.join(texts)}]\nb: {{<<: {{c: 1}}}}\n", encoding="utf-8")
    assert load_yaml(file) == {"a": texts, "b": {"c": 1}}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: 1\na: 2\n", "'a' stands twice"),
        ("[1]: 2\n", "not plain text"),
        ("- a\n", "not an object"),
        ("a: [\n", "expected"),
    ],
)
def test_bad_yaml_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    """A file that would lose something on reading is refused by name."""
    file = tmp_path / "bad.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(OverlayError, match=f"(?s)bad.yaml.*{problem}"):
        load_yaml(file)
