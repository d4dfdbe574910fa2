"""Whether every operation has its methods and every method its operation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from codegen.document import Schema, operations

_PROPERTY = "property: "


def mismatches(document: Schema, table: list[dict[str, Any]], names: Mapping[str, str]) -> Iterator[str]:
    """What is missing on either side.

    Args:
        document: The prepared contract.
        table: `operations.json`.
        names: The public names of the package.
    """
    wanted = {node["operationId"]: (method.upper(), path) for path, method, node in operations(document)}
    listed = {entry["id"]: (entry["method"], entry["path"]) for entry in table}
    yield from (f"{operation_id}: in the contract, not in operations.json" for operation_id in wanted.keys() - listed)
    yield from (f"{operation_id}: in operations.json, not in the contract" for operation_id in listed.keys() - wanted)
    for operation_id in sorted(wanted.keys() & listed):
        if wanted[operation_id] != listed[operation_id]:
            yield f"{operation_id}: {listed[operation_id]} in operations.json, {wanted[operation_id]} in the contract"
    for client, suffix in (("resources.Resources", ""), ("resources.RawResources", "WithRawResponse")):
        # A class may be known by another name first.
        alias = names.get(client, "").removeprefix("= ")
        yield from _methods(table, names, alias if alias in names else client, suffix)


def _methods(table: list[dict[str, Any]], names: Mapping[str, str], client: str, suffix: str) -> Iterator[str]:
    attributes = {
        name.rpartition(".")[2]: text.removeprefix(_PROPERTY)
        for name, text in names.items()
        if name.startswith(f"{client}.") and text.startswith(_PROPERTY)
    }
    wanted = {
        f"resources.{attributes.get(entry['resource'], '?')}.{method}": entry["id"]
        for entry in table
        for method in entry["methods"]
    }
    for name, operation_id in wanted.items():
        if name not in names:
            yield f"{operation_id}: no method {name}"
    for attribute, class_name in sorted(attributes.items()):
        if not class_name.endswith(suffix):
            yield f"{client}.{attribute}: {class_name} is no class of raw answers"
        if attribute not in [entry["resource"] for entry in table]:
            yield f"{client}.{attribute}: no operation belongs to it"
        for name in names:
            owner, _, member = name.rpartition(".")
            if owner == f"resources.{class_name}" and not member.startswith("_") and name not in wanted:
                yield f"{name}: a method without an operation"
