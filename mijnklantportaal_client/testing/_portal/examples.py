"""Example values out of the contract: what an answer looks like, and how it shows what was sent."""

from __future__ import annotations

import copy
import datetime
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from .clock import ZONE
from .contract import SELF, Contract
from .fitting import fits

if TYPE_CHECKING:
    from .behaviour import Asked
    from .contract import Operation, Schema

_ID = "abc12345def678"
_DEEPEST = 6
"""Levels of nesting that are shown in full; a schema may contain itself."""
_TEXTS = {
    "date": "2024-04-29",
    "date-time": "2024-04-29T21:00:00+02:00",
    "decimal": "12.95",
    "email": "john.doe@test.com",
    "local-date-time": "2024-04-29 21:00:00",
    "local-date-minute": "2024-04-29 21:00",
    "uri": "https://www.example.com/",
    "uuid": "6aec2555-f3e7-4afe-a061-8bfe9687b470",
    "ipv4": "203.0.113.7",
}
_LIMITS = {"minimum": 0, "maximum": 0, "exclusiveMinimum": 1, "exclusiveMaximum": -1}


class Examples:
    """A prepared OpenAPI document, asked for example values.

    The contract's own examples are taken where they are valid; where there is none, a value is made up by format,
    name and ID prefix.
    """

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self._prefixes: Mapping[str, list[str]] = contract.document.get("x-id-rules", {}).get("names", {})

    def of(self, schema: Schema, name: str = "") -> Any:
        """A value of a schema, with every field there is; the caller's own to change.

        Args:
            schema: A schema of the document.
            name: The name of the field that holds it, which may say what a text is.
        """
        return copy.deepcopy(self._example(schema, name, 0))

    def answer(self, operation: Operation, asked: Asked | None = None) -> Any:
        """What an operation answers: its example, with what was sent in the fields of the same name.

        A list has one page, with one record.
        """
        if operation.answer is None:
            return None
        example = self._whole(operation)
        if not isinstance(example, dict):
            return example
        if operation.has_pages:
            return example | _only_page(example.get("data") or [], operation, asked)
        if asked is None:
            return example
        properties = self.contract.flat(operation.answer).get("properties", {})
        sent = {**_fields(asked.body), **asked.ids, **_own_id(example, asked.ids)}
        return example | {
            name: self.echo(properties[name], value, example.get(name))
            for name, value in sent.items()
            if name in properties
        }

    def echo(self, schema: Schema, sent: Any, example: Any) -> Any:
        """What was sent, the way an answer writes it; the example where it can't be that."""
        return next((each for each in _ways_to_write(sent) if fits(self.contract, schema, each)), example)

    def _whole(self, operation: Operation) -> Any:
        """The example of a whole answer where the contract has one, else what its schema says."""
        media = operation.media
        named = [each.get("value") for each in map(self.contract.resolve, media.get("examples", {}).values())]
        schema = media["schema"]
        for example in [media["example"], *named] if "example" in media else named:
            if fits(self.contract, schema, example):
                return copy.deepcopy(example)
        return self.of(schema)

    def _example(self, schema: Schema, name: str, depth: int) -> Any:
        first: list[Any] = []
        for each in self._candidates(schema, name, depth):
            if fits(self.contract, schema, each):
                return each
            first = first or [each]
        return first[0] if first else None

    def _candidates(self, schema: Schema, name: str, depth: int) -> Iterator[Any]:
        node = self.contract.flat(schema)
        if depth > _DEEPEST:
            yield None
        for keyword in ("example", "const", "default"):
            if keyword in node:
                yield node[keyword]
        yield from node.get("examples", ())
        yield from node.get("enum", ())
        usual = "object" if "properties" in node else "array" if "items" in node else "string"
        types = node.get("type", usual)
        for kind in [types] if isinstance(types, str) else types:
            if kind == "object":
                component = schema.get("$ref", "").rpartition("/")[2]
                yield self._object(node, component, depth)
            elif kind == "array":
                yield from self._arrays(node, name, depth)
            elif kind == "string":
                yield from self._texts(node, name)
            elif kind in ("integer", "number"):
                yield from [12.95, 1] if kind == "number" else [1]
                yield from (node[limit] + step for limit, step in _LIMITS.items() if limit in node)
            elif kind == "boolean":
                yield from (True, False)
            else:
                yield None

    def _object(self, node: Schema, component: str, depth: int) -> dict[str, Any]:
        required = node.get("required", ())
        own_id = f"{component[:1].lower()}{component[1:]}Id"
        return {
            name: self._example(member, own_id if name == "id" else name, depth + 1)
            for name, member in node.get("properties", {}).items()
            if depth <= _DEEPEST or name in required
        }

    def _arrays(self, node: Schema, name: str, depth: int) -> Iterator[list[Any]]:
        if depth <= _DEEPEST and "items" in node:
            yield [self._example(node["items"], name, depth + 1) for _ in range(max(1, node.get("minItems", 1)))]
        yield []

    def _texts(self, node: Schema, name: str) -> Iterator[str]:
        """Texts for a field without an example: by its prefix, its format or its name."""
        for prefix in node.get("x-id-prefixes", self._prefixes.get(name, ())):
            yield prefix + _ID
        if node.get("format") in _TEXTS:
            yield _TEXTS[node["format"]]
        if name.endswith("At"):
            yield _TEXTS["date-time"]
        if name.lower().endswith("email"):
            yield _TEXTS["email"]
        text = "text".ljust(node.get("minLength", 0), "t")
        yield text[: node.get("maxLength", len(text))]
        yield from _TEXTS.values()


def _ways_to_write(sent: Any) -> Iterator[Any]:
    """A value as it was sent, and as other types may write it."""
    yield sent
    if isinstance(sent, (int, float)) and not isinstance(sent, bool):
        yield str(sent)
    if isinstance(sent, str):
        with suppress(ValueError):
            moment = datetime.datetime.fromisoformat(sent)
            # Requests have no offset and mean the portal's zone.
            yield (moment if moment.tzinfo else moment.replace(tzinfo=ZONE)).isoformat(timespec="seconds")
        with suppress(RecursionError, ValueError):
            yield json.loads(sent)


def _fields(body: Any) -> Mapping[str, Any]:
    return body if isinstance(body, Mapping) else {}


def _own_id(example: Mapping[str, Any], ids: Mapping[str, str]) -> dict[str, str]:
    """The ID in the path that is of the same kind as the example's own."""
    prefix, mark, _ = str(example.get("id", "")).partition("_")
    same_kind = [each for each in ids.values() if mark and each.startswith(prefix + mark)]
    return {"id": same_kind[-1]} if same_kind else {}


def _only_page(data: list[Any], operation: Operation, asked: Asked | None) -> dict[str, Any]:
    """The envelope of the first page, or of an empty one after it; without a request, with the contract's addresses."""
    page = 1 if asked is None else asked.query.get("page", 1)
    data = data if page == 1 else []
    envelope = {
        "current_page": page,
        "data": data,
        "from": 1 if data else None,
        "next_page_url": None,
        "per_page": 15,
        "prev_page_url": None,
        "to": len(data) or None,
    }
    if asked is not None:
        path = SELF + "v1" + re.sub(r"{(\w+)}", lambda found: asked.ids.get(found[1], found[0]), operation.template)
        envelope |= {"path": path, "first_page_url": f"{path}?page=1"}
        envelope["prev_page_url"] = None if page == 1 else f"{path}?page={page - 1}"
    return envelope
