"""Everything an answer can be read as: every operation, every model, and the errors; each with a valid example."""

from __future__ import annotations

import importlib
import json
import pkgutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs

import mijnklantportaal_client
from mijnklantportaal_client import models
from mijnklantportaal_client._codecs import BINARY, EnumOf, IdOf, ListOf, ModelOf
from mijnklantportaal_client._generated import resources
from mijnklantportaal_client._model import Model
from mijnklantportaal_client._operation import Operation
from mijnklantportaal_client.testing._portal.contract import shipped
from mijnklantportaal_client.testing._portal.examples import Examples

GENERATED = Path(mijnklantportaal_client.__file__).parent / "_generated"
CONTRACT = shipped()
EXAMPLES = Examples(CONTRACT)
TABLE: list[dict[str, Any]] = json.loads((GENERATED / "operations.json").read_text("utf-8"))
MARK = "S3CR3T-MARK"
"""Stands in every field that the contract calls secret or personal."""
STATUSES = (302, 400, 401, 403, 404, 409, 418, 422, 426, 429, 500, 503)


@attrs.frozen(eq=False, kw_only=True)
class Target:
    """Something an answer is read as.

    Attributes:
        name: `customers.get` for a method, `Customer` for `cast_to=Customer`, `422` for a refusal.
        group: Where it counts in the table.
        example: A valid answer, marked where it is sensitive.
        status: The status it comes with; None for any success.
    """

    name: str
    group: str
    operation: Operation[Any]
    example: Any
    status: int | None = None


def marked(schema: Mapping[str, Any], value: Any) -> Any:
    """An example with the mark in everything sensitive."""
    flat = CONTRACT.flat(schema)
    if "x-sensitive" in flat:
        return f"{MARK} {value}" if isinstance(value, str) else value
    if isinstance(value, dict):
        properties = flat.get("properties", {})
        return {key: marked(properties[key], member) if key in properties else member for key, member in value.items()}
    if isinstance(value, list):
        return [marked(flat["items"], member) for member in value]
    return value


def schemas_of(kind: type[Model]) -> list[Mapping[str, Any]]:
    """The schemas with the fields of a class, which is one but where several have the same."""
    schemas = map(CONTRACT.flat, CONTRACT.document["components"]["schemas"].values())
    return [schema for schema in schemas if "properties" in schema and set(schema["properties"]) == kind._wire_names]


def sensitive_fields(kind: type[Model]) -> frozenset[str]:
    """The wire names of the fields whose text no repr may show."""
    return frozenset(
        wire
        for schema in schemas_of(kind)
        for wire, member in schema["properties"].items()
        if "x-sensitive" in CONTRACT.flat(member)
    )


def all_models() -> dict[str, type[Model]]:
    """Every model class by its name."""
    found = ((name, getattr(models, name)) for name in dir(models))
    return {name: kind for name, kind in found if isinstance(kind, type) and issubclass(kind, Model)}


def all_operations() -> dict[str, Operation[Any]]:
    """The record behind every method."""
    modules = [
        importlib.import_module(f"{resources.__name__}.{each.name}")
        for each in pkgutil.iter_modules(resources.__path__)
    ]
    found = (value for module in modules for value in vars(module).values() if isinstance(value, Operation))
    return {operation.name: operation for operation in found}


def all_targets() -> list[Target]:
    """Every method of the contract's table, every model, and every kind of refusal.

    Raises:
        KeyError: A method or a schema is missing.
    """
    targets: list[Target] = []
    operations = all_operations()
    for record in TABLE:
        answers = CONTRACT.document["paths"][record["path"]][record["method"].lower()]["responses"]
        success = CONTRACT.resolve(answers[min(code for code in answers if code.startswith("2"))])
        schema = success["content"]["application/json"]["schema"]
        for method in record["methods"]:
            name = f"{record['resource']}.{method}"
            example = marked(schema, EXAMPLES.of(schema))
            targets.append(Target(name=name, group=record["resource"], operation=operations[name], example=example))
    for name, kind in all_models().items():
        schema = schemas_of(kind)[0]
        operation: Operation[Any] = Operation(id=name, name=name, method="GET", path="/customers", reader=ModelOf(kind))
        example = marked(schema, EXAMPLES.of(schema))
        targets.append(Target(name=name, group="every model, by `cast_to`", operation=operation, example=example))
    refusal = {"message": "No.", "code": 422, "errors": {"city": ["The city is required."], "lines.0.price": ["No."]}}
    for status in STATUSES:
        operation = operations["customers.create"]
        group = "refusals, statuses 302 to 503"
        targets.append(Target(name=str(status), group=group, operation=operation, example=refusal, status=status))
    return targets


def ids_of(operation: Operation[Any]) -> list[str]:
    """An ID for each parameter of the path."""
    return [f"{(*each.prefixes, 'x_')[0]}abc12345def678" for each in operation.path_parameters]


def arguments_of(operation: Operation[Any]) -> dict[str, Any]:
    """Keyword arguments that a method accepts, as few as can be."""
    fields = [*operation.query, *operation.body]
    needed = [field for field in fields if field.required] or [*operation.body[:1]] * operation.changes
    return {field.name: _written(field.codec) for field in needed}


def _written(codec: Any) -> Any:
    if codec is BINARY:
        return b"%PDF-1.7"
    if isinstance(codec, EnumOf):
        return next(iter(codec.kind))
    if isinstance(codec, IdOf):
        return f"{(*codec.prefixes, 'x_')[0]}abc12345def678"
    if isinstance(codec, ListOf):
        return [_written(codec.item)]
    if isinstance(codec, ModelOf):
        return {field.name: _written(field.codec) for field in codec.kind._fields if field.required}
    return _accepted(codec)


_CANDIDATES = (
    "text",
    1,
    True,
    "12.95",
    "2024-04-29",
    "2024-04-29 21:00:00",
    "2024-04-29 21:00",
    "2024-04-29T21:00:00Z",
)


def _accepted(codec: Any) -> Any:
    """The first of some values that a codec takes."""
    from zoneinfo import ZoneInfo

    from mijnklantportaal_client._codec import WriteOptions

    for candidate in _CANDIDATES:
        try:
            codec.write(candidate, "candidate", WriteOptions(ZoneInfo("Europe/Amsterdam")))
        except (TypeError, ValueError):
            continue
        return candidate
    raise LookupError(type(codec).__name__)


def missing_from(visited: Mapping[str, int]) -> list[str]:
    """The methods and models that no value was read as."""
    expected = [f"{record['resource']}.{name}" for record in TABLE for name in record["methods"]]
    return [name for name in [*expected, *all_models()] if not visited.get(name)]
