"""Forms as Laravel reads them: `signers[0][firstName]` and `documents[]` make lists and objects."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .._portal.check import as_type
from .._portal.contract import ANY
from .reading import read_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .._portal.blobs import Upload
    from .._portal.contract import Contract, Schema

_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_MAX_DEPTH = 8


def nested(fields: Iterable[tuple[str, str | Upload]]) -> dict[str, Any]:
    """The fields of a form, nested as their names say; a name that says nothing sensible stays as it is."""
    form: dict[Any, Any] = {}
    place: dict[Any, Any]
    key: Any
    for name, value in fields:
        found = _NAME.fullmatch(name)
        keys = re.findall(r"\[([^\[\]]*)\]", found[2]) if found else []
        if found is None or len(keys) > _MAX_DEPTH:
            form[name] = value
            continue
        place, key = form, found[1]
        for part in keys:
            inner = place.get(key)
            if not isinstance(inner, dict):
                inner = place[key] = {}
            place, key = inner, _key(inner, part)
        # The same name again is a list where the contract says so.
        place[key] = _Again([place[key], value]) if key in place else value
    return {name: _lists(value) for name, value in form.items()}


def typed(contract: Contract, schema: Schema, value: Any) -> Any:
    """The fields of a form as what the schema wants; a field as it came where it can't be that."""
    flat = contract.flat(schema)
    wants = flat.get("type")
    if isinstance(value, _Again):
        value = list(_flattened(value)) if wants == "array" else list(_flattened(value))[-1]
    if wants in ("array", "object") and isinstance(value, str):
        value = _from_json(value)
    if wants == "array":
        value = value if isinstance(value, list) else [value]
        return [typed(contract, flat.get("items", ANY), each) for each in value]
    if isinstance(value, dict):
        members = flat.get("properties", {})
        # A field that is empty is left out, as the documentation says of dates.
        return {name: typed(contract, members.get(name, ANY), each) for name, each in value.items() if each != ""}
    return as_type(contract, schema, value) if isinstance(value, str) else value


class _Again(list[Any]):
    """Values that came under one name."""


def _flattened(value: Any) -> Iterable[Any]:
    if isinstance(value, _Again):
        for each in value:
            yield from _flattened(each)
    else:
        yield value


def _key(place: dict[Any, Any], key: str) -> Any:
    if key == "":
        return max((each for each in place if isinstance(each, int)), default=-1) + 1
    return int(key) if re.fullmatch(r"[0-9]{1,4}", key) else key


def _lists(value: Any) -> Any:
    if isinstance(value, dict):
        if value and all(isinstance(each, int) for each in value):
            return [_lists(value[each]) for each in sorted(value)]
        return {str(name): _lists(each) for name, each in value.items()}
    return _Again(map(_lists, value)) if isinstance(value, _Again) else value


def _from_json(text: str) -> Any:
    try:
        return read_json(text.encode("utf-8", "surrogatepass"))
    except ValueError:
        return text
