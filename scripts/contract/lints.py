"""What the generator takes in silence although somebody forgot or mistyped something."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from typing import Any

from codegen.document import Schema, operations, roots, schemas_in

_ID_NAME = re.compile(r"(?:Ids?|_ids?)$")
_ID_VALUE = re.compile(r"[a-z]{3}_[A-Za-z0-9_]{6,}")
_EXTENSIONS = (
    "x-allowed-values",
    "x-documented",
    "x-enum-varnames",
    "x-harmless",
    "x-id-prefixes",
    "x-id-rules",
    "x-inferred",
    "x-page-envelope",
    "x-sensitive",
)


def ids_without_rule(document: Schema) -> Iterator[str]:
    """Parameters and fields of a prepared document that hold an ID which would go out unchecked."""
    foreign = document.get("x-id-rules", {}).get("foreign", [])
    for path, method, operation in operations(document):
        for parameter in operation["parameters"]:
            if _is_unruled(parameter["name"], parameter.get("schema", {}), parameter.get("example"), foreign):
                yield f"{method.upper()} {path}: {parameter['name']!r:.60} is an ID without a rule in x-id-rules"
    for name, root, role in roots(document):
        for schema in schemas_in(root) if role in ("component", "body") else ():
            for wire, member in schema.get("properties", {}).items():
                if wire != "id" and _is_unruled(wire, member, member.get("example"), foreign):
                    yield f"{name}: {wire!r:.60} is an ID without a rule in x-id-rules"


def mistyped_extensions(node: Any, place: str = "$") -> Iterator[str]:
    """Keys like `x-inferrred`, which nobody would ever miss."""
    if isinstance(node, list):
        for position, member in enumerate(node):
            yield from mistyped_extensions(member, f"{place}[{position}]")
    if not isinstance(node, dict):
        return
    for key, member in node.items():
        near = difflib.get_close_matches(key, _EXTENSIONS, n=1, cutoff=0.8) if key.startswith("x-") else []
        if near and near[0] != key:
            yield f"{place}: {key!r:.60}; did you mean {near[0]!r}?"
        if not key.startswith("x-"):
            yield from mistyped_extensions(member, f"{place}.{key:.60}")


def values_left_out(published: Any, corrected: Any, place: str = "$") -> Iterator[str]:
    """Values that the vendor lists somewhere, and that the list which the overlay puts in its place lacks."""
    if isinstance(published, list) and isinstance(corrected, list):
        for position, (one, other) in enumerate(zip(published, corrected, strict=False)):
            yield from values_left_out(one, other, f"{place}[{position}]")
    if not isinstance(published, dict) or not isinstance(corrected, dict):
        return
    known = _values(corrected)
    for word in ("enum", "x-allowed-values"):
        listed = published.get(word)
        left_out = [value for value in listed if value not in known] if isinstance(listed, list) and known else []
        if left_out:
            values = ", ".join(f"{value!r:.60}" for value in left_out)
            yield f"{place}: the vendor lists {values}, which {corrected.get('title', 'the overlay')!s:.60} lacks"
    for key in published.keys() & corrected.keys():
        yield from values_left_out(published[key], corrected[key], f"{place}.{key:.60}")


def _values(schema: Schema) -> list[Any]:
    """The closed list of a schema, or of the branch of it that has one; empty where any value will do."""
    places = [schema, *(each for each in schema.get("oneOf", ()) if isinstance(each, dict))]
    return next((list(found) for each in places if isinstance(found := each.get("enum"), list)), [])


def _is_unruled(name: str, schema: Schema, example: Any, foreign: list[str]) -> bool:
    items = schema.get("items")
    places = [schema, *schema.get("oneOf", []), *([items] if isinstance(items, dict) else [])]
    if name in foreign or any("x-id-prefixes" in place for place in places):
        return False
    looks = isinstance(example, str) and _ID_VALUE.fullmatch(example) is not None
    return looks or _ID_NAME.search(name) is not None
