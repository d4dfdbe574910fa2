"""Whether an example is what its schema promises. What clients send is checked by a validator instead."""

from __future__ import annotations

import datetime
import math
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .contract import Contract, Schema

_FORMATS = {
    "date": r"\d{4}-\d\d-\d\d",
    "date-time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)",
    "decimal": r"-?\d+(\.\d+)?",
    "email": r"[^@\s]+@[^@\s]+",
    "local-date-time": r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d",
    "local-date-minute": r"\d{4}-\d\d-\d\d \d\d:\d\d",
    "uri": r"[a-zA-Z][a-zA-Z0-9+.-]*:\S+",
    "uuid": r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
}
_SIZES: dict[type, str] = {str: "Length", list: "Items", dict: "Properties"}


def fits(contract: Contract, schema: Schema, value: Any) -> bool:
    """Whether the value is valid JSON of this schema, as far as examples need it."""
    node = contract.resolve(schema)
    variants = [*node.get("oneOf", ()), *node.get("anyOf", ())]
    return (
        all(fits(contract, each, value) for each in node.get("allOf", ()))
        and (not variants or any(fits(contract, each, value) for each in variants))
        and _has_type(node.get("type"), value)
        and ("enum" not in node or value in node["enum"])
        and ("const" not in node or value == node["const"])
        and _is_within(node, value)
        and _has_members(contract, node, value)
    )


def _has_type(types: Any, value: Any) -> bool:
    kind = _kind(value)
    allowed = [types] if isinstance(types, str) else types
    return bool(kind) and (allowed is None or kind in allowed or (kind == "integer" and "number" in allowed))


def _kind(value: Any) -> str:
    """What JSON Schema calls it; nothing where it is no JSON."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, float):
        return "number" if math.isfinite(value) else ""
    kinds: dict[type, str] = {int: "integer", str: "string", list: "array", dict: "object"}
    return kinds.get(type(value), "")


def _is_within(node: Schema, value: Any) -> bool:
    """Whether it is neither too small nor too large, and a text of the right form."""
    if value is None or isinstance(value, bool):
        return True
    noun = _SIZES.get(type(value), "imum")
    size = value if noun == "imum" else len(value)
    if isinstance(value, str) and not _is_text(node, value):
        return False
    return bool(
        node.get(f"min{noun}", size) <= size <= node.get(f"max{noun}", size)
        and (noun != "imum" or node.get("exclusiveMinimum", -math.inf) < size < node.get("exclusiveMaximum", math.inf))
    )


def _is_text(node: Schema, text: str) -> bool:
    if "pattern" in node and not re.search(node["pattern"], text):
        return False
    form = node.get("format", "")
    if form in _FORMATS and not re.fullmatch(_FORMATS[form], text):
        return False
    if "date" not in form:
        return True
    try:
        datetime.datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _has_members(contract: Contract, node: Schema, value: Any) -> bool:
    if isinstance(value, list):
        return all(fits(contract, node["items"], each) for each in value) if "items" in node else True
    if not isinstance(value, dict):
        return True
    properties, others = node.get("properties", {}), node.get("additionalProperties", True)
    return all(name in value for name in node.get("required", ())) and all(
        fits(contract, properties[name], each)
        if name in properties
        else others is not False and (others is True or fits(contract, others, each))
        for name, each in value.items()
    )
