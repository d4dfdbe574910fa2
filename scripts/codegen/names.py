"""Which method of which resource an operation becomes, and how wire names turn into Python names."""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .overlay import load_yaml
from .prepare import ContractError, operations

# A field of such a name would hide what the class body or every model needs.
_TAKEN_IN_MODELS = frozenset(
    {
        "additional_properties",
        "bool",
        "dict",
        "from_dict",
        "int",
        "list",
        "object",
        "str",
        "to_dict",
        "tuple",
        "unreadable",
    }
)
_TAKEN_IN_CALLS = frozenset({"self", "page", "prefetch", "extra_query", "extra_body", "extra_headers", "builtins"})


@dataclass(frozen=True)
class Method:
    """One generated method: an operation, or the part of one that is chosen by content type or fields."""

    name: str
    operation_id: str
    content_type: str | None = None
    fields: tuple[str, ...] | None = None
    required: tuple[str, ...] = ()
    summary: str | None = None


@dataclass
class Resource:
    """One attribute of the client."""

    attribute: str
    tag: str
    dutch: str | None
    methods: list[Method] = field(default_factory=list)


def snake(wire: str) -> str:
    """`companyName`, `start_at` or `list-customers` as a Python name."""
    words = re.findall(r"[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*|[0-9]+", wire)
    name = "_".join(words).lower() or "field"
    name = f"field_{name}" if name[0].isdigit() else name
    return f"{name}_" if keyword.iskeyword(name) else name


def field_name(wire: str) -> str:
    """Name of a model's attribute."""
    name = snake(wire)
    return f"{name}_" if name in _TAKEN_IN_MODELS else name


def argument_name(wire: str) -> str:
    """Name of a method's argument."""
    name = snake(wire)
    return f"{name}_" if name in _TAKEN_IN_CALLS else name


def assign(document: dict[str, Any], table: Path) -> list[Resource]:
    """Gives every operation of the document its method; the order is the table's, then the document's."""
    by_id: dict[str, dict[str, Any]] = {op["operationId"]: op for _, _, op in operations(document)}
    resources: dict[str, Resource] = {}
    by_tag: dict[str, Resource] = {}
    named: set[str] = set()
    for attribute, entry in load_yaml(table).items():
        resource = Resource(attribute, entry["tag"], entry.get("dutch"))
        resources[attribute] = by_tag[entry["tag"]] = resource
        for name, what in entry["methods"].items():
            method = _method(name, what)
            if method.operation_id not in by_id:
                raise ContractError(
                    f"{table.name}: {attribute}.{name} names {method.operation_id}, which the contract lacks"
                )
            named.add(method.operation_id)
            resource.methods.append(method)
    for operation_id, operation in by_id.items():
        if operation_id in named:
            continue
        tag = operation["tags"][0]
        if tag not in by_tag:
            attribute = snake(re.sub(r"\s+API$", "", tag))
            by_tag[tag] = resources.setdefault(attribute, Resource(attribute, tag, None))
        by_tag[tag].methods.extend(_by_rule(operation_id, operation, by_tag[tag]))
    return [resource for resource in resources.values() if resource.methods]


def _method(name: str, what: str | dict[str, Any]) -> Method:
    if isinstance(what, str):
        return Method(name, what)
    fields = tuple(what["fields"]) if "fields" in what else None
    return Method(
        name, what["operation"], what.get("content_type"), fields, tuple(what.get("required", ())), what.get("summary")
    )


def _by_rule(operation_id: str, operation: dict[str, Any], resource: Resource) -> list[Method]:
    name = snake(operation_id)
    if any(method.name == name for method in resource.methods):
        raise ContractError(f"{operation_id}: {resource.attribute} has a method {name} already; name it in names.yml")
    types = list(operation.get("requestBody", {}).get("content", {}))
    if len(types) < 2:
        return [Method(name, operation_id)]
    return [Method(f"{name}_{snake(kind.rsplit('/', 1)[-1])}", operation_id, kind) for kind in types]
