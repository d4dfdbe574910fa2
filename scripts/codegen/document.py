"""Finding one's way in an OpenAPI document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

METHODS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")
JSON = "application/json"
MULTIPART = "multipart/form-data"
COMPONENTS = "#/components/schemas/"
Schema = dict[str, Any]


class ContractError(Exception):
    """The document can't be turned into code; the text names the place."""


def operations(document: Schema) -> Iterator[tuple[str, str, Schema]]:
    """Every `(path, method, operation)` in the document's order."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def resolve(document: Schema, node: Any) -> Any:
    """Follows `$ref`s inside the document until something else comes."""
    seen: set[str] = set()
    while isinstance(node, dict) and "$ref" in node:
        reference = node["$ref"]
        if not isinstance(reference, str) or not reference.startswith("#/") or reference in seen:
            raise ContractError(
                f"{reference}: only references into the document, and no circles of references, can be followed"
            )
        seen.add(reference)
        node = document
        for part in (escaped.replace("~1", "/").replace("~0", "~") for escaped in reference[2:].split("/")):
            if not isinstance(node, dict) or part not in node:
                raise ContractError(f"{reference} points to nothing")
            node = node[part]
        if not isinstance(node, dict):
            raise ContractError(f"{reference} points to something that is no object")
    return node


def merged(document: Schema, schema: Schema, inside: tuple[int, ...] = ()) -> Schema:
    """An object schema with its `allOf` parts in one."""
    schema = resolve(document, schema)
    if "allOf" not in schema:
        return schema
    if id(schema) in inside:
        raise ContractError(f"{schema.get('title', 'a schema')}: an `allOf` that holds itself")
    result: Schema = {key: value for key, value in schema.items() if key != "allOf"}
    properties: Schema = {}
    required: list[str] = []
    for part in [*schema["allOf"], {key: schema[key] for key in ("properties", "required") if key in schema}]:
        flat = merged(document, part, (*inside, id(schema)))
        properties |= flat.get("properties", {})
        required += [name for name in flat.get("required", []) if name not in required]
        result = {**{key: value for key, value in flat.items() if key not in result and key != "allOf"}, **result}
    return result | {"properties": properties, "required": required}


def component(reference: object) -> str | None:
    """The name of the component that a `$ref` points to."""
    if not isinstance(reference, str) or not reference.startswith(COMPONENTS):
        return None
    name = reference.removeprefix(COMPONENTS)
    return None if "/" in name else name


def is_json(content_type: str) -> bool:
    """Whether content of this type is read as JSON."""
    kind = content_type.split(";", maxsplit=1)[0].strip().lower()
    return kind == JSON or kind.endswith("+json")


def pascal(text: str) -> str:
    """`create-customer` or `requestedFiles` as `CreateCustomer`, `RequestedFiles`."""
    words = re.findall(r"[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*|[0-9]+", text)
    return "".join(word[0].upper() + word[1:] for word in words)


def schemas_in(node: Any) -> Iterator[Schema]:
    """Every schema below a schema, itself first."""
    if not isinstance(node, dict):
        return
    yield node
    for member in node.get("properties", {}).values():
        yield from schemas_in(member)
    for key in ("items", "additionalProperties"):
        yield from schemas_in(node.get(key))
    for key in ("allOf", "oneOf", "anyOf"):
        for member in node.get(key, []):
            yield from schemas_in(member)


def roots(document: Schema) -> Iterator[tuple[str, Schema, str]]:
    """Every outermost schema with a name to build names from and its role: component, body, answer or parameter."""
    for name, schema in list(document.get("components", {}).get("schemas", {}).items()):
        yield name, schema, "component"
    for _, _, operation in operations(document):
        base = pascal(operation["operationId"])
        for parameter in operation.get("parameters", []):
            if isinstance(parameter.get("schema"), dict):
                yield base + pascal(parameter["name"]), parameter["schema"], "parameter"
        body = resolve(document, operation.get("requestBody", {}))
        for media in body.get("content", {}).values():
            if isinstance(media.get("schema"), dict):
                yield base, media["schema"], "body"
        for status, response in operation["responses"].items():
            for media in resolve(document, response).get("content", {}).values():
                if isinstance(media.get("schema"), dict):
                    yield base, media["schema"], "answer" if status.startswith("2") else "error"
