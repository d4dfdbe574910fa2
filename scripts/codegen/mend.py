"""Mistakes of the kinds that the vendor makes, put right where there is only one way to do so.

The overlay comes first, since it knows each place; these rules are for the next mistake of a kind that is known. What
can't be put right without a guess (an array without items, most misspellings) is left to the lint.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from typing import Any

from .document import Schema, operations

# Words that are true or false: a misspelt one can mean nothing else, and is no name of a field.
_FLAGS = ("deprecated", "nullable", "readOnly", "uniqueItems", "writeOnly")
_DATA = frozenset({"const", "default", "enum", "example", "examples"})


def mend(document: Schema) -> list[str]:
    """Puts a document right in place; each line says where and what.

    Operations have to have their own parameters already.
    """
    return [*_path_parameters(document), *_schemas(document, "$")]


def _path_parameters(document: Schema) -> Iterator[str]:
    for path, method, operation in operations(document):
        place = f"{method.upper()} {path}"
        parameters = operation["parameters"]
        declared = [parameter for parameter in parameters if parameter.get("in") == "path"]
        used = re.findall(r"{([A-Za-z_][A-Za-z0-9_]*)}", path)
        missing = [name for name in used if name not in [parameter["name"] for parameter in declared]]
        strange = [parameter for parameter in declared if parameter["name"] not in used]
        if len(missing) == len(strange) == 1:
            yield f"{place}: the path parameter {strange[0]['name']!r:.60} is meant to be {missing[0]}"
            strange[0]["name"] = missing[0]
        elif missing and not strange:
            for name in missing:
                yield f"{place}: the path parameter {name} was not declared"
                parameters.append({"name": name, "in": "path", "required": True, "schema": {"type": "string"}})


def _schemas(node: Any, place: str, *, names: bool = False) -> Iterator[str]:
    if isinstance(node, list):
        for position, member in enumerate(node):
            yield from _schemas(member, f"{place}[{position}]")
    if not isinstance(node, dict):
        return
    if not names:
        yield from _flags(node, place)
        yield from _required(node, place)
    for key, member in node.items():
        if names or (key not in _DATA and not key.startswith("x-")):
            yield from _schemas(member, f"{place}.{key:.60}", names=key == "properties" and not names)


def _flags(schema: Schema, place: str) -> Iterator[str]:
    if not isinstance(schema.get("type"), str):
        return
    for word in [key for key, value in schema.items() if isinstance(value, bool) and key not in _FLAGS]:
        meant = difflib.get_close_matches(word, _FLAGS, n=1, cutoff=0.85)
        if meant and meant[0] not in schema:
            yield f"{place}: {word!r:.60} is meant to be `{meant[0]}`"
            schema[meant[0]] = schema.pop(word)


def _required(schema: Schema, place: str) -> Iterator[str]:
    """`required` inside a property is a list of names; a flag there tells what the list of the object should hold."""
    properties = schema.get("properties")
    names = schema.get("required", [])
    if not isinstance(properties, dict) or not isinstance(names, list):
        return
    for name, member in properties.items():
        if isinstance(member, dict) and isinstance(member.get("required"), bool):
            if member.pop("required") and name not in names:
                names.append(name)
                schema["required"] = names
            yield f"{place}.properties.{name:.60}: `required` belongs to the object"
