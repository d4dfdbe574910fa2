"""Finds what a generator would stumble over or take in silence."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from .document import JSON, MULTIPART, ContractError, merged, operations, resolve, roots, schemas_in
from .names import snake

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
# The simple one is that of paths.
_STYLES = ("form", "deepObject", "simple")
_COMPONENT = re.compile(r"[A-Za-z][A-Za-z0-9._-]*")
_WIRE_NAME = re.compile(r"[A-Za-z_$@][A-Za-z0-9_$@.\-]*")
# Of a component, as it becomes the name of a file; some are put together from several names.
_LONGEST, _LONGEST_COMPONENT, _LONGEST_PATH = 80, 120, 300
_PATH = re.compile(r"(?:/(?:[A-Za-z0-9._~-]|\{[A-Za-z_][A-Za-z0-9_]*\})*)+")


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
    shapes = Counter(re.sub(r"{[^}]*}", "{}", path) for path in document["paths"])
    yield from (f"{count} paths are the same but for names: {path}" for path, count in shapes.items() if count > 1)
    for path, method, operation in operations(document):
        place = f"{method.upper()} {path}"
        own = operation.get("servers") or document["paths"][path].get("servers")
        if own and own != document.get("servers"):
            yield f"{place}: another server than that of all others can't be asked"
        declared = {p["name"] for p in operation["parameters"] if p["in"] == "path"}
        used = set(re.findall(r"{([^}]*)}", path))
        yield from (f"{place}: the path parameter {name} is not declared" for name in sorted(used - declared))
        yield from (f"{place}: the parameter {name} is not in the path" for name in sorted(declared - used))
        names = [operation["operationId"], *operation["tags"][:1], *(p["name"] for p in operation["parameters"])]
        yield from (f"{place}: the name {name!r:.60} is too long" for name in names if len(name) > _LONGEST)
        if not _PATH.fullmatch(path) or len(path) > _LONGEST_PATH:
            yield f"{place!r:.80}: no path that can be sent"
        for parameter in operation["parameters"]:
            about = f"{place}: the {parameter['in']} parameter {parameter['name']!r:.60}"
            if parameter["in"] not in ("path", "query"):
                yield f"{about} can't be sent"
            elif "schema" not in parameter:
                yield f"{about} has no schema"
            elif parameter.get("style", "form") not in _STYLES or _is_joined(parameter):
                yield f"{about} can't be sent in its style: a list goes out as name[], an object as name[key]"
        for kind, media in resolve(document, operation.get("requestBody", {})).get("content", {}).items():
            schema = merged(document, media.get("schema", {}))
            if kind not in (JSON, MULTIPART):
                yield f"{place}: a body of type {kind!r:.60} can't be sent"
            elif schema.get("type", "object") != "object" or {"oneOf", "anyOf"} & schema.keys():
                yield f"{place}: a body that is no plain object can't be sent"


def _is_joined(parameter: dict[str, Any]) -> bool:
    """Whether a list is to go out as one text."""
    return parameter.get("explode") is False and parameter["schema"].get("type") in ("array", "object")


def _schemas(document: dict[str, Any]) -> Iterator[str]:
    components = document["components"]["schemas"]
    for name in components:
        if not _COMPONENT.fullmatch(name) or len(name) > _LONGEST_COMPONENT:
            yield f"component {name!r:.60}: no name for a class"
    for name, root, _ in roots(document):
        for schema in schemas_in(root):
            yield from _schema(document, name, schema)


def _schema(document: dict[str, Any], name: str, schema: dict[str, Any]) -> Iterator[str]:
    for word in schema:
        if word not in _SCHEMA_WORDS and not word.startswith("x-"):
            near = difflib.get_close_matches(word, _SCHEMA_WORDS, n=1)
            yield f"{name}: unknown keyword {word!r:.60}{f'; did you mean {near[0]!r}?' if near else ''}"
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
        if not _WIRE_NAME.fullmatch(wire) or wire.startswith("__") or len(wire) > _LONGEST:
            yield f"{name}: the property {wire!r:.60} can't become a Python name"
