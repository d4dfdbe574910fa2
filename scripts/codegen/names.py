"""Which method of which resource an operation becomes, and how wire names turn into Python names."""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from .document import ContractError, operations, resolve
from .overlay import load_yaml

# A field of such a name would hide what the class body or every model needs.
_TAKEN_IN_MODELS = frozenset(
    {
        "additional_properties",
        "bool",
        "bytes",
        "datetime",
        "dict",
        "from_dict",
        "int",
        "list",
        "object",
        "self",
        "str",
        "to_dict",
        "tuple",
        "unreadable",
    }
)
_TAKEN_IN_CALLS = frozenset(
    {"builtins", "extra_body", "extra_headers", "extra_query", "first_page", "on_progress", "page", "prefetch", "self"}
)
# An attribute of such a name would hide what a client does itself.
_TAKEN_IN_CLIENTS = frozenset({"aclose", "download", "read", "request", "with_options", "with_raw_response"})


@dataclass(frozen=True)
class Method:
    """One generated method: an operation, or the part of one that is chosen by content type or fields."""

    name: str
    operation_id: str
    content_type: str | None = None
    fields: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    summary: str | None = None
    description: str | None = None
    without: frozenset[str] = frozenset()


@dataclass
class Resource:
    """One attribute of the client."""

    attribute: str
    tag: str
    dutch: str | None
    methods: list[Method] = field(default_factory=list)

    @property
    def class_name(self) -> str:
        """`CustomerInvoices` for `customer_invoices`."""
        name = "".join(word.capitalize() for word in self.attribute.split("_"))
        return name.replace("Mijnklantportaal", "MijnKlantportaal")

    @property
    def class_names(self) -> tuple[str, str]:
        """Its class and the one whose methods give the whole answer."""
        return self.class_name, f"{self.class_name}WithRawResponse"


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
    """Gives every operation of the document its method; the order is the table's, then the document's.

    Raises:
        ContractError: The table names an operation that is gone, or two methods would get one name.
    """
    by_id: dict[str, dict[str, Any]] = {op["operationId"]: op for _, _, op in operations(document)}
    resources = _read(table)
    for resource in resources.values():
        for method in resource.methods:
            if method.operation_id not in by_id:
                place = f"{table.name}: {resource.attribute}.{method.name}"
                raise ContractError(f"{place} names {method.operation_id}, which the contract lacks")
    by_tag = {resource.tag: resource for resource in resources.values()}
    for operation_id, operation in by_id.items():
        owners = [r for r in resources.values() if any(method.operation_id == operation_id for method in r.methods)]
        owner = owners[0] if owners else _by_tag(operation["tags"][0], resources, by_tag)
        known = [m for r in owners for m in r.methods if m.operation_id == operation_id]
        for method in _by_rule(document, operation_id, operation, known):
            if any(method.name == other.name for other in owner.methods):
                place = f"{operation_id}: {owner.attribute} has a method {method.name} already"
                raise ContractError(f"{place}; name it in {table.name}")
            owner.methods.append(method)
    return [resource for resource in resources.values() if resource.methods]


def _read(table: Path) -> dict[str, Resource]:
    resources = {
        attribute: Resource(
            attribute,
            entry["tag"],
            entry.get("dutch"),
            [_method(name, what) for name, what in entry["methods"].items()],
        )
        for attribute, entry in load_yaml(table).items()
    }
    every = [method for resource in resources.values() for method in resource.methods]
    for resource in resources.values():
        resource.methods = [_without_others(method, every) for method in resource.methods]
    return resources


def _without_others(method: Method, every: list[Method]) -> Method:
    """What one method of an operation has for itself the others lack; a field that none names belongs to all."""
    others = {name for other in every if other.operation_id == method.operation_id for name in other.fields}
    return replace(method, without=frozenset(others - set(method.fields)))


def _by_tag(tag: str, resources: dict[str, Resource], by_tag: dict[str, Resource]) -> Resource:
    if tag not in by_tag:
        attribute = snake(re.sub(r"\s+API$", "", tag))
        attribute = f"{attribute}_" if attribute in _TAKEN_IN_CLIENTS else attribute
        by_tag[tag] = resources.setdefault(attribute, Resource(attribute, tag, None))
    return by_tag[tag]


def _method(name: str, what: str | dict[str, Any]) -> Method:
    if isinstance(what, str):
        return Method(name, what)
    return Method(
        name,
        what["operation"],
        content_type=what.get("content_type"),
        fields=tuple(what.get("fields", ())),
        required=tuple(what.get("required", ())),
        summary=what.get("summary"),
        description=what.get("description"),
    )


def _by_rule(
    document: dict[str, Any], operation_id: str, operation: dict[str, Any], known: list[Method]
) -> list[Method]:
    """Methods for what the table leaves out: the whole operation, or content types of its body."""
    name = snake(operation_id)
    types = list(resolve(document, operation.get("requestBody", {})).get("content", {}))
    named = {method.content_type for method in known}
    if None in named:
        return []
    if not known and len(types) < 2:
        return [Method(name, operation_id)]
    return [
        Method(f"{name}_{snake(kind.rsplit('/', 1)[-1])}", operation_id, kind) for kind in types if kind not in named
    ]
