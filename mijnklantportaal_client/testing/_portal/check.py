"""Checks what comes in against the contract, and says in Laravel's words what is wrong."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from .blobs import Upload
from .contract import ANY
from .problems import Invalid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from .contract import Contract, Operation, Schema
    from .portal import Portal

_FILE = "\ufdd0file"
_FORMATS = {
    "date": ("%Y-%m-%d", "Y-m-d"),
    "local-date-time": ("%Y-%m-%d %H:%M:%S", "Y-m-d H:i:s"),
    "local-date-minute": ("%Y-%m-%d %H:%M", "Y-m-d H:i"),
}
_TYPES = {
    "string": "a string",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "array": "an array",
    "object": "an object",
}


class Flaw(NamedTuple):
    """One thing that is wrong with a value."""

    path: tuple[str | int, ...]
    keyword: str
    detail: Any
    """The missing field, the types, the limit, the format or the pattern."""

    @property
    def name(self) -> str:
        """Where it is, in Laravel's way."""
        return ".".join(map(str, self.path)) or "body"


class Checker:
    """Finds what is wrong with values; each schema is compiled when it is first used."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._compiled: dict[int, tuple[Schema, Callable[[Any], Iterator[Any]]]] = {}
        self._patterns: dict[str, str] = {}

    def query(self, operation: Operation, given: dict[str, str]) -> dict[str, Any]:
        """The query parameters that the operation has, as what they are.

        Raises:
            Invalid: One is not what it must be.
        """
        errors: dict[str, list[str]] = {
            name: [_sentence((name,), "required", name)] for name in sorted(operation.required_query - given.keys())
        }
        values = {}
        for name in operation.query.keys() & given.keys():
            schema = operation.query[name]
            values[name] = as_type(self._contract, schema, given[name])
            self._say_all([flaw._replace(path=(name, *flaw.path)) for flaw in self.flaws(schema, values[name])], errors)
        if errors:
            raise Invalid(errors)
        return values

    def body(self, schema: Schema, value: Any) -> None:
        """Checks a body.

        Raises:
            Invalid: It is not what it must be.
        """
        errors: dict[str, list[str]] = {}
        self._say_all(self.flaws(schema, without_files(self._contract, schema, value)), errors)
        if errors:
            raise Invalid(errors)

    def references(self, portal: Portal, schema: Schema, value: Any, path: tuple[str | int, ...] = ()) -> None:
        """Checks that the IDs in a value belong to something.

        Raises:
            Invalid: One does not.
        """
        errors = {
            ".".join(map(str, where)): [f"The selected {_label(where)} is invalid."]
            for where in self._dangling(portal, schema, value, path)
        }
        if errors:
            raise Invalid(errors)

    def flaws(self, schema: Schema, value: Any) -> list[Flaw]:
        """What is wrong with a value."""
        found = [_flaw(error) for error in self._compile(schema)(value)]
        return sorted(found, key=lambda flaw: [str(part) for part in flaw.path])

    def _dangling(
        self, portal: Portal, schema: Schema, value: Any, path: tuple[str | int, ...]
    ) -> Iterator[tuple[str | int, ...]]:
        flat = self._contract.flat(schema)
        if isinstance(value, list):
            for index, each in enumerate(value):
                yield from self._dangling(portal, flat.get("items", ANY), each, (*path, index))
        elif isinstance(value, dict):
            for name, each in value.items():
                if name in flat.get("properties", {}):
                    yield from self._dangling(portal, flat["properties"][name], each, (*path, name))
        elif isinstance(value, str) and flat.get("x-id-prefixes"):
            collections = [portal.holding(prefix) for prefix in flat["x-id-prefixes"]]
            if all(each is not None and value not in each for each in collections):
                yield path

    def _say_all(self, flaws: Iterable[Flaw], errors: dict[str, list[str]]) -> None:
        """Adds what is wrong; a format and its pattern say the same."""
        for flaw in flaws:
            told, message = errors.setdefault(flaw.name, []), self._say(flaw)
            if message not in told:
                told.append(message)

    def _say(self, flaw: Flaw) -> str:
        if flaw.keyword == "pattern":
            flaw = flaw._replace(keyword="format", detail=self._patterns.get(flaw.detail, ""))
        return _sentence(flaw.path, flaw.keyword, flaw.detail)

    def _compile(self, schema: Schema) -> Callable[[Any], Iterator[Any]]:
        key = id(schema)
        if key not in self._compiled:
            import jsonschema_rs

            self._remember_patterns(schema, set())
            whole = {**schema, "components": self._contract.document["components"]}
            validator = jsonschema_rs.Draft202012Validator(whole, validate_formats=True, formats=_CHECKS)
            self._compiled[key] = (schema, validator.iter_errors)
        return self._compiled[key][1]

    def _remember_patterns(self, schema: Schema, seen: set[int]) -> None:
        flat = self._contract.flat(schema)
        if id(flat) in seen:
            return
        seen.add(id(flat))
        if "pattern" in flat:
            self._patterns[flat["pattern"]] = flat.get("format", "")
        for part in [*flat.get("properties", {}).values(), *([flat["items"]] if "items" in flat else [])]:
            self._remember_patterns(part, seen)


def as_type(contract: Contract, schema: Schema, text: str) -> Any:
    """A text of a form or a query as what the schema wants; the text where it can't be that."""
    types = contract.flat(schema).get("type", "string")
    for each in [types] if isinstance(types, str) else types:
        if each == "integer" and re.fullmatch(r"-?[0-9]{1,100}", text):
            return int(text)
        if each == "number" and re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,6})?", text):
            return float(text)
        if each == "boolean" and text in ("0", "1", "false", "true"):
            return text in ("1", "true")
    return text


def without_files(contract: Contract, schema: Schema, value: Any) -> Any:
    """The value with a mark in place of each file, so that a schema can be held against it."""
    flat = contract.flat(schema)
    if isinstance(value, Upload):
        return _FILE if flat.get("format") == "binary" else False
    if isinstance(value, list):
        return [without_files(contract, flat.get("items", ANY), each) for each in value]
    if isinstance(value, dict):
        members = flat.get("properties", {})
        return {name: without_files(contract, members.get(name, ANY), each) for name, each in value.items()}
    return value


def _flaw(error: Any) -> Flaw:
    kind, path = error.kind, tuple(error.instance_path)
    if kind.name == "required":
        return Flaw((*path, kind.property), "required", None)
    if kind.name == "type":
        return Flaw(path, "type", [each for each in kind.types if each != "null"])
    for name in ("limit", "format", "pattern"):
        if hasattr(kind, name):
            return Flaw(path, kind.name, getattr(kind, name))
    return Flaw(path, kind.name, None)


def _sentence(path: tuple[str | int, ...], keyword: str, detail: Any) -> str:
    label = _label(path)
    if keyword == "required":
        return f"The {label} field is required."
    if keyword == "type":
        return f"The {label} field must be {_TYPES.get(detail[0], 'something else') if detail else 'something else'}."
    if keyword in ("enum", "const", "oneOf", "anyOf"):
        return f"The selected {label} is invalid."
    if keyword == "minProperties":
        return "At least one field must be present." if detail == 1 else f"At least {detail} fields must be present."
    if keyword in ("maxItems", "minItems"):
        bound = "not have more than" if keyword == "maxItems" else "have at least"
        return f"The {label} field must {bound} {detail} items."
    if keyword in ("minimum", "maximum"):
        return f"The {label} field must {'be at least' if keyword == 'minimum' else 'not be greater than'} {detail}."
    if keyword == "format" and detail in _FORMATS:
        return f"The {label} field must match the format {_FORMATS[detail][1]}."
    if keyword == "format" and detail == "decimal":
        return f"The {label} field must be an amount such as 12.95."
    if keyword == "format" and detail == "binary":
        return f"The {label} field must be a file."
    return f"The {label} field is invalid."


def _label(path: tuple[str | int, ...]) -> str:
    if len(path) > 1:
        return ".".join(map(str, path))
    return re.sub(
        r"(?<=[a-z0-9])([A-Z])", lambda found: f" {found[1].lower()}", str(path[0] if path else "body")
    ).replace("_", " ")


def _is_moment(layout: str) -> Callable[[str], bool]:
    def check(text: str) -> bool:
        try:
            return datetime.datetime.strptime(text, layout).year > 0  # noqa: DTZ007 - a local time by nature
        except ValueError:
            return False

    return check


_CHECKS: dict[str, Callable[[str], bool]] = {
    **{name: _is_moment(layout) for name, (layout, _) in _FORMATS.items()},
    "decimal": lambda text: re.fullmatch(r"-?[0-9]+(\.[0-9]{1,2})?", text) is not None,
    "binary": lambda text: text == _FILE,
}
