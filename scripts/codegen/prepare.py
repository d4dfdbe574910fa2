"""From the corrected document to the one that code is generated from.

What the overlay can't say in a reasonable number of actions is done here by rule, so that whatever the vendor adds is
treated like what is there today: names for anonymous objects and enums, ID prefixes by parameter name, operation IDs.
"""

from __future__ import annotations

import copy
import re
from typing import Any

from .document import ContractError, Schema, component, operations, pascal, resolve, roots, schemas_in
from .hoist import Hoist
from .mend import mend
from .names import snake
from .structure import check, check_schemas


def prepare(document: Schema, mended: list[str] | None = None) -> Schema:
    """The document to generate from; the given one is not touched.

    Args:
        document: The corrected document.
        mended: Gets a line for every mistake that was put right by rule.

    Raises:
        ContractError: It is no OpenAPI 3.1, or two things that differ would get one name.
    """
    document = copy.deepcopy(document)
    check(document)
    for path, method, operation in operations(document):
        operation.setdefault("operationId", _operation_id(method, path))
        operation.setdefault("responses", {})
        if not operation.get("tags"):
            operation["tags"] = [_tag_for(path)]
        _inherit_parameters(document, path, operation)
    told = mend(document)
    if mended is not None:
        mended += told
    check_schemas(document)
    _mend_booleans(document)
    _mend_nullable(document)
    _Enums(document).run()
    _lift_null(document)
    _IDRules(document).run()
    Hoist(document).run()
    return document


def _operation_id(method: str, path: str) -> str:
    return "-".join([method, *re.findall(r"[A-Za-z0-9]+", path)])


def _tag_for(path: str) -> str:
    words = re.findall(r"[A-Za-z0-9]+", path.split("/")[1] if "/" in path else path)
    return " ".join(word.capitalize() for word in words) + " API"


def _inherit_parameters(document: Schema, path: str, operation: Schema) -> None:
    own = operation.setdefault("parameters", [])
    # Each operation gets its own, since rules for IDs differ by path.
    own[:] = [_parameter(document, parameter) for parameter in own]
    known = {(parameter["name"], parameter["in"]) for parameter in own}
    for parameter in (_parameter(document, shared) for shared in document["paths"][path].get("parameters", [])):
        if (parameter["name"], parameter["in"]) not in known:
            own.append(parameter)


def _parameter(document: Schema, node: Schema) -> Schema:
    parameter: Schema = copy.deepcopy(resolve(document, node))
    if not {"name", "in"} <= parameter.keys():
        raise ContractError(f"{node.get('$ref')} points to something that is no parameter")
    schema = parameter.get("schema")
    if "$ref" in node and isinstance(schema, dict) and {"enum", "x-allowed-values"} & schema.keys():
        schema.setdefault("title", pascal(node["$ref"].rsplit("/", 1)[-1]))
    return parameter


def _mend_booleans(document: Schema) -> None:
    """`true` as a schema means the same as `{}`, and there is less to look out for."""
    _plain_media(document)
    components = document.get("components", {}).get("schemas", {})
    components.update({name: {} for name, schema in components.items() if isinstance(schema, bool)})
    for _, root, _ in roots(document):
        for schema in schemas_in(root):
            properties = schema.get("properties", {})
            properties.update({name: {} for name, member in properties.items() if isinstance(member, bool)})
            if isinstance(schema.get("items"), bool):
                schema["items"] = {}
            for key in ("allOf", "anyOf", "oneOf"):
                if key in schema:
                    schema[key] = [{} if isinstance(member, bool) else member for member in schema[key]]


def _plain_media(node: Any) -> None:
    if isinstance(node, dict) and isinstance(node.get("schema"), bool):
        node["schema"] = {}
    for member in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        _plain_media(member)


def _lift_null(document: Schema) -> None:
    """A component that allows null leaves that to the places that refer to it, since a class can't be null."""
    lifted: set[str] = set()
    for name, schema in document.get("components", {}).get("schemas", {}).items():
        kinds = [kind for kind in _kinds(schema) if kind != "null"]
        if len(kinds) < len(_kinds(schema)) and ("enum" in schema or "object" in kinds):
            schema["type"] = kinds[0] if len(kinds) == 1 else kinds
            lifted.add(name)
    for _, root, _ in roots(document):
        for schema in list(schemas_in(root)):
            if component(schema.get("$ref")) in lifted:
                words = {key: value for key, value in schema.items() if key != "$ref"}
                reference = {"$ref": schema["$ref"]}
                schema.clear()
                schema.update({"oneOf": [reference, {"type": "null"}]} | words)


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


_MEMBER = re.compile(r"[A-Z][A-Z0-9_]*")
_JSON_TYPES = {str: "string", bool: "boolean", int: "integer", float: "number", list: "array", type(None): "null"}


class _Enums:
    """`x-allowed-values`, the document's own word for a closed list, becomes `enum`."""

    def __init__(self, document: Schema) -> None:
        self.document = document

    def run(self) -> None:
        for place, root, _ in roots(self.document):
            for schema in schemas_in(root):
                allowed = schema.pop("x-allowed-values", None)
                if isinstance(allowed, list):
                    schema.setdefault("enum", allowed)
                if "enum" in schema:
                    self._settle(place, schema)

    @staticmethod
    def _settle(place: str, schema: Schema) -> None:
        """An enum of texts or of whole numbers becomes a class; other lists of values say too little for one."""
        values = schema.pop("enum")
        names = schema.pop("x-enum-varnames", None) or _member_names(values)
        if not isinstance(names, list) or len(names) != len(values):
            listed = ", ".join(f"{value!r:.40}" for value in values[:12])
            count = len(names) if isinstance(names, list) else "no list of"
            which = f"{place}: {schema.get('title', 'enum')!s:.60}"
            # An overlay's list is added to one that the vendor has, so that some values may stand there twice.
            raise ContractError(f"{which} has {count} x-enum-varnames for {len(values)} values: {listed}")
        for name in names:
            if not isinstance(name, str) or not _MEMBER.fullmatch(name) or names.count(name) > 1:
                raise ContractError(f"{place}: {name!r:.60} can't be the name of a value")
        if not values:
            return
        types = {_JSON_TYPES.get(type(value), "object") for value in values}
        schema.setdefault("type", sorted(types))
        kinds = _kinds(schema)
        kind = next(iter(types - {"null"}), None)
        if len(types - {"null"}) != 1 or kind not in ("string", "integer") or kind not in kinds:
            return
        known = {value: name for value, name in zip(values, names, strict=True) if value is not None}
        schema["type"] = [kind, "null"] if "null" in (*types, *kinds) else kind
        schema["enum"] = list(known)
        schema["x-enum-varnames"] = list(known.values())


def _member_names(values: list[Any]) -> list[str]:
    """Names by rule; of values that would share one, the later get a number."""
    names: list[str] = []
    for value in values:
        name = snake(str(value)).rstrip("_").upper()
        names.append(next(n for n in (name, *(f"{name}_{i}" for i in range(2, len(values) + 2))) if n not in names))
    return names


class _IDRules:
    """Puts the prefixes of `x-id-rules` on every parameter and property that carries such a name."""

    def __init__(self, document: Schema) -> None:
        rules = _mapping(document.get("x-id-rules", {}), "x-id-rules")
        self.document = document
        self.names = _prefixes(rules.get("names", {}), "names")
        paths = _mapping(rules.get("paths", {}), "x-id-rules.paths")
        self.paths = {path: _prefixes(names, path) for path, names in paths.items()}

    def run(self) -> None:
        for path, _, operation in operations(self.document):
            for parameter in operation["parameters"]:
                prefixes = self._by_path(path, parameter["name"]) or self.names.get(parameter["name"])
                if prefixes and "schema" in parameter:
                    parameter["schema"]["x-id-prefixes"] = prefixes
            body = resolve(self.document, operation.get("requestBody", {}))
            for media in body.get("content", {}).values():
                self._mark_all(media.get("schema", {}), path)
        for schema in self.document["components"]["schemas"].values():
            self._mark_all(schema, "")

    def _mark_all(self, root: Schema, path: str) -> None:
        for schema in schemas_in(root):
            for name, member in schema.get("properties", {}).items():
                self._mark(name, member, self._by_path(path, name) or self.names.get(name))

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

    @staticmethod
    def _mark(name: str, schema: Schema, prefixes: list[str] | None) -> None:
        # A rule for `customers` is one for a list of IDs; a text of that name would be something else.
        if prefixes is None or ("array" in _kinds(schema)) == name.endswith("Id"):
            return
        items = schema.get("items")
        for candidate in (schema, *schema.get("oneOf", []), *([items] if isinstance(items, dict) else [])):
            if "enum" not in candidate and "string" in _kinds(candidate):
                candidate["x-id-prefixes"] = prefixes


def _mapping(value: Any, place: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ContractError(f"{place} must be a mapping")
    return value


def _prefixes(names: Any, place: str) -> dict[str, list[str]]:
    for name, prefixes in _mapping(names, f"x-id-rules, {place}").items():
        if not isinstance(prefixes, list) or not all(isinstance(prefix, str) for prefix in prefixes):
            raise ContractError(f"x-id-rules, {place}: {name} needs a list of prefixes")
    return dict(names)


def _kinds(schema: Schema) -> list[Any]:
    kinds = schema.get("type")
    return kinds if isinstance(kinds, list) else [kinds]
