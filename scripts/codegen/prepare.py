"""From the corrected document to the one that code is generated from.

What the overlay can't say in a reasonable number of actions is done here by rule, so that whatever the vendor adds is
treated like what is there today: names for anonymous objects and enums, ID prefixes by parameter name, operation IDs.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any

METHODS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")
JSON = "application/json"
MULTIPART = "multipart/form-data"
Schema = dict[str, Any]


class ContractError(Exception):
    """The document can't be turned into code; the text names the place."""


def prepare(document: Schema) -> Schema:
    """The document to generate from; the given one is not touched."""
    document = copy.deepcopy(document)
    for path, method, operation in operations(document):
        operation.setdefault("operationId", _operation_id(method, path))
        operation.setdefault("tags", [_tag_for(path)])
        _inherit_parameters(document, path, operation)
    _mend_nullable(document)
    _Enums(document).run()
    _IDRules(document).run()
    _Hoist(document).run()
    return document


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
        if not reference.startswith("#/") or reference in seen:
            raise ContractError(
                f"{reference}: only references into the document, and no circles of references, can be followed"
            )
        seen.add(reference)
        node = document
        for part in (escaped.replace("~1", "/").replace("~0", "~") for escaped in reference[2:].split("/")):
            if not isinstance(node, dict) or part not in node:
                raise ContractError(f"{reference} points to nothing")
            node = node[part]
    return node


def merged(document: Schema, schema: Schema) -> Schema:
    """An object schema with its `allOf` parts in one."""
    schema = resolve(document, schema)
    if "allOf" not in schema:
        return schema
    result: Schema = {key: value for key, value in schema.items() if key != "allOf"}
    properties: Schema = {}
    required: list[str] = []
    for part in [*schema["allOf"], {key: schema[key] for key in ("properties", "required") if key in schema}]:
        flat = merged(document, part)
        properties |= flat.get("properties", {})
        required += [name for name in flat.get("required", []) if name not in required]
        result = {**{key: value for key, value in flat.items() if key not in result and key != "allOf"}, **result}
    return result | {"properties": properties, "required": required}


def pascal(text: str) -> str:
    """`create-customer` or `requestedFiles` as `CreateCustomer`, `RequestedFiles`."""
    words = re.findall(r"[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*|[0-9]+", text)
    return "".join(word[0].upper() + word[1:] for word in words)


def _operation_id(method: str, path: str) -> str:
    return "-".join([method, *re.findall(r"[A-Za-z0-9]+", path)])


def _tag_for(path: str) -> str:
    words = re.findall(r"[A-Za-z0-9]+", path.split("/")[1] if "/" in path else path)
    return " ".join(word.capitalize() for word in words) + " API"


def _inherit_parameters(document: Schema, path: str, operation: Schema) -> None:
    own = operation.setdefault("parameters", [])
    own[:] = [resolve(document, parameter) for parameter in own]
    known = {(parameter["name"], parameter["in"]) for parameter in own}
    for parameter in (resolve(document, shared) for shared in document["paths"][path].get("parameters", [])):
        if (parameter["name"], parameter["in"]) not in known:
            own.append(copy.deepcopy(parameter))


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
            if "schema" in parameter:
                yield base + pascal(parameter["name"]), parameter["schema"], "parameter"
        body = resolve(document, operation.get("requestBody", {}))
        for media in body.get("content", {}).values():
            yield base, media.get("schema", {}), "body"
        for status, response in operation["responses"].items():
            for media in resolve(document, response).get("content", {}).values():
                yield base, media.get("schema", {}), "answer" if status.startswith("2") else "error"


def _mend_nullable(document: Schema) -> None:
    """What is left of the old `nullable: true` after the overlay, on kinds of fields that have none today."""
    for _, root, _ in roots(document):
        for schema in list(schemas_in(root)):
            if schema.pop("nullable", None) is not True:
                continue
            if isinstance(schema.get("type"), str) and "enum" not in schema:
                schema["type"] = [schema["type"], "null"]
            else:
                words = {key: schema.pop(key) for key in ("description", "example") if key in schema}
                inner = dict(schema)
                schema.clear()
                schema.update({"oneOf": [inner, {"type": "null"}]} | words)


class _Enums:
    """`x-allowed-values`, the document's own word for a closed list, becomes `enum`."""

    def __init__(self, document: Schema) -> None:
        self.document = document

    def run(self) -> None:
        for _, root, _ in roots(self.document):
            for schema in schemas_in(root):
                if "x-allowed-values" in schema and "enum" not in schema:
                    schema["enum"] = list(schema["x-allowed-values"])
                schema.pop("x-allowed-values", None)


class _IDRules:
    """Puts the prefixes of `x-id-rules` on every parameter and property that carries such a name."""

    def __init__(self, document: Schema) -> None:
        rules = document.get("x-id-rules", {})
        self.document = document
        self.names: dict[str, list[str]] = rules.get("names", {})
        self.paths: dict[str, dict[str, list[str]]] = rules.get("paths", {})

    def run(self) -> None:
        for path, _, operation in operations(self.document):
            for parameter in operation["parameters"]:
                prefixes = self._by_path(path, parameter["name"]) or self.names.get(parameter["name"])
                if prefixes and "schema" in parameter:
                    parameter["schema"]["x-id-prefixes"] = prefixes
        for _, root, role in roots(self.document):
            if role in ("component", "body"):
                for schema in schemas_in(root):
                    for name, member in schema.get("properties", {}).items():
                        self._mark(name, member)

    def _by_path(self, path: str, name: str) -> list[str] | None:
        """A rule for a path holds for what lies below it too."""
        return next(
            (
                rules[name]
                for prefix, rules in self.paths.items()
                if f"{path}/".startswith(f"{prefix}/") and name in rules
            ),
            None,
        )

    def _mark(self, name: str, schema: Schema) -> None:
        # A rule for `customers` is one for a list of IDs; a text of that name would be something else.
        if name not in self.names or (schema.get("type") == "array") == name.endswith("Id"):
            return
        for candidate in schemas_in(schema):
            kinds = candidate.get("type")
            if "enum" not in candidate and (kinds == "string" or (isinstance(kinds, list) and "string" in kinds)):
                candidate["x-id-prefixes"] = self.names[name]


class _Hoist:
    """Moves anonymous objects and enums to named components, by `title` or by where they stand."""

    def __init__(self, document: Schema) -> None:
        self.document = document
        self.components: Schema = document.setdefault("components", {}).setdefault("schemas", {})
        self.given = set(self.components)

    def run(self) -> None:
        for base, schema, role in roots(self.document):
            if role == "error":
                continue
            for key, member in list(schema.get("properties", {}).items()):
                schema["properties"][key] = self._visit(member, base + pascal(key))
            for part in schema.get("allOf", []):
                for key, member in list(part.get("properties", {}).items()):
                    part["properties"][key] = self._visit(member, base + pascal(key))
            if "items" in schema:
                schema["items"] = self._visit(schema["items"], base + "Item")
            if role == "parameter" and "enum" in schema:
                reference = self._place(dict(schema), base)
                schema.clear()
                schema.update(reference)
            if role == "answer" and _is_object(schema) and not self._is_envelope(schema):
                reference = self._place(dict(schema), base + "Result")
                schema.clear()
                schema.update(reference)

    def _visit(self, schema: Schema, name: str) -> Schema:
        if "$ref" in schema:
            return schema
        for key, member in list(schema.get("properties", {}).items()):
            schema["properties"][key] = self._visit(member, name + pascal(key))
        if isinstance(schema.get("items"), dict):
            schema["items"] = self._visit(schema["items"], name + "Item")
        if isinstance(schema.get("additionalProperties"), dict):
            schema["additionalProperties"] = self._visit(schema["additionalProperties"], name + "Value")
        for key in ("oneOf", "anyOf"):
            schema[key] = [self._visit(member, name) for member in schema.get(key, [])]
            if not schema[key]:
                del schema[key]
        if "enum" in schema or (_is_object(schema) and schema.get("properties")):
            return self._place(schema, name)
        return schema

    def _place(self, schema: Schema, name: str) -> Schema:
        """Leaves a reference; what belongs to the place (description, example, sensitivity) stays beside it."""
        local = {key: schema.pop(key) for key in ("description", "example", "x-sensitive") if key in schema}
        kinds = schema.get("type")
        nullable = isinstance(kinds, list) and "null" in kinds
        if isinstance(kinds, list) and nullable:
            schema["type"] = next(kind for kind in kinds if kind != "null")
            if "enum" in schema:
                schema["enum"] = [value for value in schema["enum"] if value is not None]
        title = schema.pop("title", None) or name
        present = self.components.get(title)
        if present is None:
            self.components[title] = schema
        elif not _same(present, schema):
            if title in self.given or title != name:
                raise ContractError(f"{title}: two different schemas carry this title")
            raise ContractError(f"{name}: two anonymous schemas would get this name; give them a title in the overlay")
        reference: Schema = {"$ref": f"#/components/schemas/{title}"}
        if nullable:
            return {"oneOf": [reference, {"type": "null"}]} | local
        return reference | local

    def _is_envelope(self, schema: Schema) -> bool:
        properties = merged(self.document, schema).get("properties", {})
        kinds = properties.get("data", {}).get("type")
        return kinds == "array" and (len(properties) == 1 or "current_page" in properties)


def _is_object(schema: Schema) -> bool:
    kinds = schema.get("type")
    is_object = kinds == "object" or (isinstance(kinds, list) and "object" in kinds)
    return "$ref" not in schema and (is_object or "properties" in schema or "allOf" in schema)


def _same(one: Schema, other: Schema) -> bool:
    """Equal but for words."""

    def strip(node: Any) -> Any:
        if isinstance(node, dict):
            return {
                k: strip(v) for k, v in node.items() if k not in ("description", "example", "examples", "x-inferred")
            }
        return [strip(member) for member in node] if isinstance(node, list) else node

    return bool(strip(one) == strip(other))
