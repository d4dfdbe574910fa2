"""The contract that comes with this package: which operations there are, what they take and what they answer."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

Schema = Mapping[str, Any]
_GENERATED = Path(__file__).resolve().parent / "_generated"
_VERBS = ("get", "post", "put", "patch", "delete")
_JSON = "application/json"
ANY: Schema = {}
"""Lets everything pass."""


class Operation(NamedTuple):
    """One operation of the contract."""

    id: str
    method: str
    template: str
    node: Schema
    status: int
    answer: Schema | None
    """Schema of what a success answers; None where it answers nothing."""
    media: Schema
    """That, with its examples; empty where it answers nothing."""
    messages: Mapping[str, str]
    """What the contract says of each answer, by status."""
    bodies: Mapping[str, Schema]
    """Schema of the body by content type."""
    body_required: bool
    query: Mapping[str, Schema]
    required_query: frozenset[str]
    prefixes: Mapping[str, tuple[str, ...]]
    """What the ID in each path parameter begins with; of those where it is known."""
    has_pages: bool
    has_list: bool

    @property
    def area(self) -> str:
        """The first part of its path."""
        return self.template.split("/")[1]

    def message(self, status: int) -> str:
        """What the contract says of an answer with this status."""
        return self.messages.get(str(status), "")


class Contract:
    """The prepared OpenAPI document."""

    def __init__(self, document: Schema) -> None:
        self.document = document
        # Each with what it was made from, whose identity would else go to another.
        self._flat: dict[int, tuple[Schema, Schema]] = {}
        self.operations: dict[str, Operation] = {}
        self._routes: dict[str, dict[str, Operation]] = {}
        for template, verbs in document["paths"].items():
            for verb in _VERBS:
                if verb in verbs:
                    operation = self._operation(template, verb, verbs[verb])
                    self.operations[operation.id] = operation
                    self._routes.setdefault(template, {})[operation.method] = operation
        # A literal path goes before one with parameters.
        self._patterns = [
            (re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(template))), template)
            for template in sorted(self._routes, key=lambda template: template.count("{"))
        ]

    def match(self, path: str) -> tuple[dict[str, Operation], dict[str, str]] | None:
        """The operations of a path by method, and its parameters; the path is as it was sent, still quoted."""
        for pattern, template in self._patterns:
            if found := pattern.fullmatch(path):
                return self._routes[template], {name: unquote(text) for name, text in found.groupdict().items()}
        return None

    def named(self, name: str) -> Operation:
        """An operation by its operationId, or by the client's method, such as `customers.create`.

        Raises:
            ValueError: There is none; the text names the nearest.
        """
        found = self.operations.get(name) or self.operations.get(_methods().get(name, ""))
        if found is None:
            import difflib

            near = difflib.get_close_matches(name, [*self.operations, *_methods()], 1)
            raise ValueError(f"there is no operation {name!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
        return found

    def component(self, name: str) -> Schema:
        """The schema with this name."""
        schema: Schema = self.document["components"]["schemas"][name]
        return schema

    def answer(self, name: str, status: int) -> Schema | None:
        """The schema of what an operation answers with a status; None where the contract tells of none."""
        operation = self.operations.get(name)
        if operation is None:
            return None
        if 200 <= status <= 299:
            return operation.answer
        responses = operation.node["responses"]
        codes = (str(status), f"{status // 100}XX", "default")
        found = next((self.resolve(responses[code]) for code in codes if code in responses), ANY)
        schema: Schema | None = _json_of(found).get("schema")
        return schema

    def flat(self, schema: Schema) -> Schema:
        """The schema with references, `allOf` and the choice between something and null resolved at its top level."""
        key = id(schema)
        if key not in self._flat:
            self._flat[key] = (schema, self._flatten(schema))
        return self._flat[key][1]

    def _flatten(self, schema: Schema) -> Schema:
        flat: dict[str, Any] = dict(self.resolve(schema))
        for part in [self.flat(part) for part in flat.pop("allOf", [])]:
            flat = {
                **part,
                **flat,
                "properties": {**part.get("properties", {}), **flat.get("properties", {})},
                "required": [*part.get("required", []), *flat.get("required", [])],
            }
        choices = [*flat.pop("oneOf", []), *flat.pop("anyOf", [])]
        chosen = next((each for each in choices if each.get("type") != "null"), None)
        return flat if chosen is None else {**self.flat(chosen), **flat}

    def resolve(self, node: Schema) -> Schema:
        """Follows `$ref`; what stands beside it wins."""
        if "$ref" not in node:
            return node
        found: Any = self.document
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part.replace("~1", "/").replace("~0", "~")]
        return {**self.resolve(found), **{name: value for name, value in node.items() if name != "$ref"}}

    def _operation(self, template: str, verb: str, node: Schema) -> Operation:
        parameters = [self.resolve(each) for each in node.get("parameters", [])]
        query = {each["name"]: each for each in parameters if each["in"] == "query"}
        body = self.resolve(node.get("requestBody", {}))
        successes = {each: self.resolve(said) for each, said in node["responses"].items() if each.startswith("2")}
        # One with content goes before others, as in the code that is generated.
        code = next((each for each, said in successes.items() if said.get("content")), next(iter(successes), "200"))
        media = _json_of(successes.get(code, ANY))
        answer = media.get("schema")
        properties = self.flat(answer or ANY).get("properties", {})
        return Operation(
            id=node["operationId"],
            method=verb.upper(),
            template=template,
            node=node,
            status=int(code) if code.isdecimal() else 200,
            answer=answer,
            media=media,
            messages={code: self.resolve(each).get("description", "") for code, each in node["responses"].items()},
            bodies={kind: media.get("schema", {}) for kind, media in body.get("content", {}).items()},
            body_required=bool(body.get("required")),
            query={name: each["schema"] for name, each in query.items()},
            required_query=frozenset(name for name, each in query.items() if each.get("required")),
            prefixes={
                each["name"]: tuple(each["schema"]["x-id-prefixes"])
                for each in parameters
                if each["in"] == "path" and each["schema"].get("x-id-prefixes")
            },
            has_pages="current_page" in properties,
            has_list=properties.get("data", {}).get("type") == "array",
        )


def _json_of(response: Schema) -> Schema:
    """What an answer says of JSON, whatever else it calls it."""
    kinds: Mapping[str, Schema] = response.get("content", {})
    names = {kind.partition(";")[0].strip().lower(): media for kind, media in kinds.items()}
    return next((media for name, media in names.items() if name == _JSON or name.endswith("+json")), ANY)


@cache
def shipped_document() -> Schema:
    """The OpenAPI document that this package was made from, prepared."""
    found: Schema = json.loads((_GENERATED / "contract.json").read_text(encoding="utf-8"))
    return found


@cache
def shipped() -> Contract:
    """The contract that this package was made from."""
    return Contract(shipped_document())


@cache
def _methods() -> dict[str, str]:
    return {f"{each['resource']}.{method}": each["id"] for each in operations_table() for method in each["methods"]}


@cache
def operations_table() -> list[dict[str, Any]]:
    """`operations.json`: how each operation is called, in the contract's order."""
    found: list[dict[str, Any]] = json.loads((_GENERATED / "operations.json").read_text(encoding="utf-8"))
    return found
