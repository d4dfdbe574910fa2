"""Reading a document that nobody has looked at yet: it is refused with place and reason before it is used."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from codegen.document import ContractError, Schema, resolve
from codegen.overlay import Loader, OverlayError, read_json
from codegen.structure import check

LARGEST = 4 * 1024 * 1024
"""Bytes of the file; today's has 158 KB."""
MOST_VALUES = 400_000
"""Values in it, counted after every alias is put in place; today's has some 15,000."""
DEEPEST = 60
"""Levels; today's has 17."""
# What stands below these is data, in which `$ref` has no meaning.
_DATA = frozenset({"const", "default", "enum", "example", "examples"})


def read(path: Path) -> Schema:
    """A published document, as it is.

    Raises:
        ContractError: It can't be read, is no OpenAPI 3.1, refers to what is not there, or is too much to handle.
    """
    document = parse(_text(path), path.name)
    _check_version(document)
    check(document)
    plain = _without_flags(document)
    for place, node in _references(document, "$"):
        try:
            resolve(plain, node)
        except ContractError as error:
            raise ContractError(f"{place}: {error}") from None
    if not any(method in item for item in document["paths"].values() for method in ("get", "post", "put", "patch")):
        raise ContractError("$.paths: no operations")
    return document


def parse(text: str, name: str) -> Schema:
    """YAML or JSON as what JSON can hold.

    Raises:
        ContractError: It is neither, or it holds or stands for too much.
    """
    try:
        document: Schema | None = read_json(text)
        if document is None:
            document = _parse_yaml(text, name)
        if _check_values(document, "$") > MOST_VALUES:
            raise ContractError(f"{name}: more than {MOST_VALUES:,} values")
    except yaml.YAMLError as error:
        raise ContractError(f"{name} is no YAML: {_one_line(error)}") from None
    except (OverlayError, ValueError) as error:
        raise ContractError(f"{name}: {_one_line(error)}") from None
    except RecursionError:
        raise ContractError(f"{name} is nested more than {DEEPEST} levels deep") from None
    return document


def _parse_yaml(text: str, name: str) -> Schema:
    loader = Loader(text)
    try:
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            raise ContractError(f"{name}: the root is not an object")
        _Weight().check(node)
        document: Schema = loader.construct_document(node)
    finally:
        loader.dispose()
    return document


def _text(path: Path) -> str:
    try:
        if not path.is_file():
            raise ContractError(f"{path} is no file")
        size = path.stat().st_size
        if size > LARGEST:
            raise ContractError(f"{path.name} has {size:,} bytes; at most {LARGEST:,} are read")
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ContractError(f"{path.name}: byte {error.start} is no UTF-8") from None
    except OSError as error:
        raise ContractError(f"{path} can't be read: {error.strerror}") from None


def _one_line(error: Exception) -> str:
    """What a parser says, in one line."""
    return " ".join(str(error).split())[:300]


class _Weight:
    """How much a tree of nodes stands for once its aliases are in place, before anything that large is made."""

    def __init__(self) -> None:
        self.known: dict[int, int] = {}
        self.open: set[int] = set()

    def check(self, node: yaml.Node, depth: int = 1) -> int:
        if id(node) in self.open:
            raise ContractError(f"an alias that holds itself{_at(node)}")
        if depth > DEEPEST:
            raise ContractError(f"more than {DEEPEST} levels deep{_at(node)}")
        if id(node) not in self.known:
            self.open.add(id(node))
            self.known[id(node)] = 1 + sum(self.check(child, depth + 1) for child in _children(node))
            self.open.discard(id(node))
        if self.known[id(node)] > MOST_VALUES:
            raise ContractError(f"more than {MOST_VALUES:,} values, with what the aliases repeat{_at(node)}")
        return self.known[id(node)]


def _at(node: yaml.Node) -> str:
    return f" at line {node.start_mark.line + 1}, column {node.start_mark.column + 1}"


def _children(node: yaml.Node) -> Iterator[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        for pair in node.value:
            yield from pair
    elif isinstance(node, yaml.SequenceNode):
        yield from node.value


def _check_values(value: Any, place: str, depth: int = 1) -> int:
    """How many values there are; YAML holds more than JSON does: bytes, sets, infinite numbers, half characters."""
    if depth > DEEPEST:
        raise ContractError(f"{place:.200}: more than {DEEPEST} levels deep")
    count = 1
    if isinstance(value, dict):
        for key, member in value.items():
            _check_text(key, place)
            count += _check_values(member, f"{place}.{key:.60}", depth + 1)
    elif isinstance(value, list):
        for position, member in enumerate(value):
            count += _check_values(member, f"{place}[{position}]", depth + 1)
    elif isinstance(value, str):
        _check_text(value, place)
    elif isinstance(value, float) and not math.isfinite(value):
        raise ContractError(f"{place}: {value} is no number that JSON has")
    elif value is not None and not isinstance(value, bool | int | float):
        raise ContractError(f"{place}: a {type(value).__name__}, which JSON does not have")
    return count


def _check_text(text: str, place: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ContractError(f"{place}: half a character, which can't be written down") from None


def _check_version(document: Schema) -> None:
    version = document.get("openapi")
    if version is None and "swagger" in document:
        raise ContractError(f"$.swagger: Swagger {document['swagger']!s:.20}; only OpenAPI 3.1 can be read")
    if version is None:
        raise ContractError("$: no OpenAPI document, since `openapi` is missing")
    if not isinstance(version, str) or not version.startswith("3.1."):
        raise ContractError(f"$.openapi: version {version!s:.20}; only OpenAPI 3.1 can be read")


def _without_flags(node: Any) -> Any:
    """A copy in which `true` as a schema is an object too, since there is nothing wrong in referring to it."""
    if isinstance(node, list):
        return [_without_flags(member) for member in node]
    if isinstance(node, dict):
        return {key: _without_flags(member) for key, member in node.items()}
    return {} if isinstance(node, bool) else node


def _references(node: Any, place: str, *, names: bool = False) -> Iterator[tuple[str, Schema]]:
    """Every object with a `$ref`; below `properties` keys are names, whatever they look like."""
    if isinstance(node, list):
        for position, member in enumerate(node):
            yield from _references(member, f"{place}[{position}]")
    if not isinstance(node, dict):
        return
    if "$ref" in node and not names:
        yield place, node
    for key, member in node.items():
        if names or (key not in _DATA and not key.startswith("x-")):
            yield from _references(member, f"{place}.{key:.60}", names=key == "properties" and not names)
