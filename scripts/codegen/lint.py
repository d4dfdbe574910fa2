"""Finds what a generator would stumble over or take in silence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from .names import snake
from .prepare import JSON, MULTIPART, ContractError, operations, resolve, roots, schemas_in

_SCHEMA_WORDS = frozenset(
    (  # noqa: SIM905 - one quoted word a line would fill the screen
        "$ref $schema $id $anchor $comment $defs additionalProperties allOf anyOf const contains contentEncoding "
        "contentMediaType default dependentRequired deprecated description discriminator else enum example examples "
        "exclusiveMaximum exclusiveMinimum externalDocs format if items maxContains maxItems maxLength maxProperties "
        "maximum minContains minItems minLength minProperties minimum multipleOf not oneOf pattern patternProperties "
        "prefixItems properties propertyNames readOnly required then title type unevaluatedItems "
        "unevaluatedProperties uniqueItems writeOnly xml"
    ).split(" ")
)
_KINDS = frozenset({"$ref", "allOf", "anyOf", "const", "enum", "oneOf", "type"})
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_WIRE_NAME = re.compile(r"[A-Za-z_$@][A-Za-z0-9_$@.\-]*")
_RESERVED = frozenset({"d", "cls", "self"})


def lint(document: dict[str, Any]) -> None:
    """Refuses a prepared document that code can't be generated from safely.

    Raises:
        ContractError: With every problem and its place.
    """
    problems = [*_operations(document), *_schemas(document)]
    if problems:
        raise ContractError(
            "the contract needs another overlay action:\n" + "\n".join(f"- {text}" for text in problems)
        )


def _operations(document: dict[str, Any]) -> Iterator[str]:
    ids = Counter(snake(operation["operationId"]) for _, _, operation in operations(document))
    yield from (f"operationId {name}: used {count} times" for name, count in ids.items() if count > 1)
    for path, method, operation in operations(document):
        place = f"{method.upper()} {path}"
        declared = {p["name"] for p in operation["parameters"] if p["in"] == "path"}
        used = set(re.findall(r"{([^}]*)}", path))
        yield from (f"{place}: the path parameter {name} is not declared" for name in sorted(used - declared))
        yield from (f"{place}: the parameter {name} is not in the path" for name in sorted(declared - used))
        yield from (
            f"{place}: a {p['in']} parameter, {p['name']}, can't be sent"
            for p in operation["parameters"]
            if p["in"] not in ("path", "query")
        )
        body = resolve(document, operation.get("requestBody", {}))
        yield from (
            f"{place}: a body of type {kind} can't be sent"
            for kind in body.get("content", {})
            if kind not in (JSON, MULTIPART)
        )


def _schemas(document: dict[str, Any]) -> Iterator[str]:
    components = document["components"]["schemas"]
    yield from (
        f"component {name!r:.60}: no name for a class" for name in components if not _IDENTIFIER.fullmatch(name)
    )
    for name, root, _ in roots(document):
        for schema in schemas_in(root):
            yield from _schema(document, name, schema)


def _schema(document: dict[str, Any], name: str, schema: dict[str, Any]) -> Iterator[str]:
    for word in schema:
        if word not in _SCHEMA_WORDS and not word.startswith("x-"):
            yield f"{name}: unknown keyword {word!r:.60}"
    if "$ref" in schema:
        try:
            resolve(document, schema)
        except ContractError as error:
            yield f"{name}: {error}"
    kinds = schema.get("type")
    if (kinds == "array" or (isinstance(kinds, list) and "array" in kinds)) and "items" not in schema:
        yield f"{name}: an array without items"
    required = schema.get("required", [])
    properties = schema.get("properties", {})
    if not isinstance(required, list):
        yield f"{name}: `required` must be a list of names"
    elif properties and "allOf" not in schema:
        yield from (
            f"{name}: {wire} is required, but there is no such property" for wire in required if wire not in properties
        )
    for wire, member in properties.items():
        # An action of the overlay on a property that the vendor renamed leaves such a ghost.
        if isinstance(member, dict) and not member.keys() & _KINDS:
            yield f"{name}: the property {wire!r:.60} has no type"
    for wire, count in Counter(snake(wire) for wire in properties).items():
        if count > 1:
            yield f"{name}: {count} properties become {wire}"
    for wire in properties:
        if not _WIRE_NAME.fullmatch(wire) or wire in _RESERVED or wire.startswith("__"):
            yield f"{name}: the property {wire!r:.60} can't become a Python name"
