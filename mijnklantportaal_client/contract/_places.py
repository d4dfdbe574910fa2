"""Where in an answer something is, told without any of the answer's data.

A place is a JSON pointer with `*` for each index. Names that the contract knows are kept. A name that it does not know
is kept where it looks like the name of a field beside others that it does know; any other may be data, and is withheld.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING

from ..ids import PREFIXES

if TYPE_CHECKING:
    from .._contract import Contract, Schema

WITHHELD = "{withheld}"
_FIELD_NAME = re.compile(r"[a-z][A-Za-z_]{1,39}[0-9]?")
_LONGEST = 200
_DEEPEST = 12


def member(contract: Contract, schema: Schema | None, key: str) -> tuple[str, Schema | None]:
    """How a member of an object is named in a place, and its schema if there is one."""
    flat = contract.flat(schema) if schema is not None else {}
    properties = flat.get("properties", {})
    if key in properties:
        return key, properties[key]
    if properties:
        is_field = _FIELD_NAME.fullmatch(key) and not any(key.startswith(prefix) for prefix in PREFIXES)
        return key if is_field else WITHHELD, None
    free = flat.get("additionalProperties")
    return "*", free if isinstance(free, Mapping) else None


def items(contract: Contract, schema: Schema | None) -> Schema | None:
    """The schema of an array's items, if there is one."""
    found: Schema | None = contract.flat(schema).get("items") if schema is not None else None
    return found


def locate(contract: Contract, schema: Schema | None, pointer: str) -> str:
    """The place that a JSON pointer into an answer of this schema means."""
    place = ""
    for escaped in pointer.split("/")[1 : _DEEPEST + 1]:
        key = escaped.replace("~1", "/").replace("~0", "~")
        below = items(contract, schema) if key.isdigit() else None
        if below is not None:
            name, schema = "*", below
        elif schema is None:
            # An answer of `portal.request`, read as a model.
            name = key if key in known_names(contract) else "*"
        else:
            name, schema = member(contract, schema, key)
        place += f"/{name}"
    return place[:_LONGEST]


def schema_at(contract: Contract, schema: Schema | None, place: str) -> Schema | None:
    """The schema of what stands at a place, if there is one."""
    for name in place.split("/")[1:]:
        if schema is None:
            return None
        schema = items(contract, schema) if name == "*" else contract.flat(schema).get("properties", {}).get(name)
    return schema


def fields_of(contract: Contract, schema: Schema, place: str = "") -> Iterator[tuple[str, Schema, bool]]:
    """Every field that a schema names: its place, its schema, and whether it has to be there."""
    if place.count("/") >= _DEEPEST:
        return
    below = items(contract, schema)
    if below is not None:
        yield from fields_of(contract, below, f"{place}/*")
    flat = contract.flat(schema)
    required = flat.get("required", ())
    for name, each in flat.get("properties", {}).items():
        yield f"{place}/{name}", each, name in required
        yield from fields_of(contract, each, f"{place}/{name}")


@cache
def known_names(contract: Contract) -> frozenset[str]:
    """Every field name of a contract."""
    schemas = contract.document["components"]["schemas"].values()
    return frozenset(name for schema in schemas for name in schema.get("properties", {})) | {"data"}
