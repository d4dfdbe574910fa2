"""Example values out of the prepared contract: what an answer looks like, and how it shows what was sent."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

MAX_DEPTH = 8
SCALARS = {"integer": 1, "number": 12.95, "boolean": True}
TEXTS = {
    "date": "2024-04-29",
    "date-time": "2024-04-29T21:00:00+02:00",
    "decimal": "12.95",
    "email": "john.doe@test.com",
    "uri": "https://example.com/",
}


def write_text(sent: Any) -> str:
    """A string or number as text; no file, list or object."""
    if isinstance(sent, dict | list):
        raise TypeError(sent)
    return str(sent)


def write_moment(sent: Any) -> str:
    """A moment with its offset: requests have none and mean the portal's zone."""
    moment = datetime.fromisoformat(sent)
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo("Europe/Amsterdam"))).isoformat()


WRITERS: dict[str, Callable[[Any], Any]] = {
    "string": write_text,
    "date-time": write_moment,
    "integer": int,
    "number": float,
    "boolean": lambda sent: bool(int(sent)),
}


class Contract:
    """The prepared OpenAPI document, asked for example values."""

    def __init__(self, document: dict[str, Any]) -> None:
        """Compile the paths; a literal path goes before one with parameters."""
        self.document = document
        self.id_prefixes: dict[str, list[str]] = document.get("x-id-rules", {}).get("names", {})
        self.routes = [
            (re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(path))), path)
            for path in sorted(document["paths"], key=lambda path: path.count("{"))
        ]

    def resolve(self, node: dict[str, Any]) -> dict[str, Any]:
        """Follow `$ref`; keywords beside it win."""
        if "$ref" not in node:
            return node
        found: Any = self.document
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part.replace("~1", "/").replace("~0", "~")]
        return {**self.resolve(found), **{key: value for key, value in node.items() if key != "$ref"}}

    def flatten(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The schema without `$ref`, `allOf`, `oneOf` and null: one type, all properties, `nullable` said apart."""
        flat: dict[str, Any] = dict(self.resolve(schema))
        for part in map(self.flatten, flat.pop("allOf", [])):
            merged = {
                "properties": {**flat.get("properties", {}), **part.get("properties", {})},
                "required": [*flat.get("required", []), *part.get("required", [])],
            }
            flat = {**part, **flat, **merged}
        variants = flat.pop("oneOf", []) or flat.pop("anyOf", [])
        types = flat.get("type", [])
        types = [types] if isinstance(types, str) else types
        nullable = "null" in types or any(variant.get("type") == "null" for variant in variants)
        flat["type"] = next((each for each in types if each != "null"), "object" if "properties" in flat else "string")
        if variant := next((each for each in variants if each.get("type") != "null"), None):
            flat = {**self.flatten(variant), **{key: flat[key] for key in flat if key != "type"}}
        return {**flat, "nullable": nullable or bool(flat.get("nullable"))}

    def example(self, schema: dict[str, Any], name: str = "", depth: int = 0) -> Any:
        """An answer that fits the schema, made of its examples where it has any."""
        flat = self.flatten(schema)
        if "example" in flat:
            return flat["example"]
        if choices := flat.get("examples") or flat.get("enum"):
            return choices[0]
        if flat["type"] == "object":
            return {key: self.example(value, key, depth + 1) for key, value in flat.get("properties", {}).items()}
        if flat["type"] == "array":
            return [] if depth > MAX_DEPTH else [self.example(flat["items"], name, depth + 1)]
        return SCALARS.get(flat["type"]) or self.text(flat.get("format", ""), name)

    def text(self, text_format: str, name: str) -> str:
        """A string for a field without an example, by its format or else by its name."""
        if prefixes := self.id_prefixes.get(name):
            return f"{prefixes[0]}abc12345def678"
        by_name = "date-time" if name.endswith("At") else "email" if name.lower().endswith("email") else ""
        return TEXTS.get(text_format) or TEXTS.get(by_name) or "text"

    def echo(self, schema: dict[str, Any], sent: Any, example: Any) -> Any:
        """What was sent, the way an answer writes it; the example where that can't be."""
        flat = self.flatten(schema)
        if sent is None:
            return None if flat["nullable"] else example
        try:
            return WRITERS[flat["format"] if flat.get("format") == "date-time" else flat["type"]](sent)
        except (KeyError, TypeError, ValueError):
            return example
