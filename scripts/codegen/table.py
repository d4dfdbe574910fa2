"""`operations.json`: what tools need to know of every operation, without reading the whole contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .prepare import merged, resolve

if TYPE_CHECKING:
    from .view import MethodView, View


def operations_table(document: dict[str, Any], view: View) -> list[dict[str, Any]]:
    """One entry for each operation, in the document's order."""
    methods: dict[str, list[MethodView]] = {}
    for resource in view.resources:
        for method in resource.methods:
            methods.setdefault(method.operation_id, []).append(method)
    return [
        _entry(document, path, http_method, operation, methods[operation["operationId"]])
        for path, http_method, operation in view.operations.values()
    ]


def _entry(
    document: dict[str, Any], path: str, http_method: str, operation: dict[str, Any], methods: list[MethodView]
) -> dict[str, Any]:
    first = methods[0]
    content = resolve(document, operation.get("requestBody", {})).get("content", {})
    return {
        "id": operation["operationId"],
        "method": http_method.upper(),
        "path": path,
        "resource": first.resource,
        "methods": [method.name for method in methods],
        "path_ids": {p.wire: list(p.shape.prefixes) for p in first.path_parameters},
        "query": {a.wire: {"format": a.shape.kind, "required": a.required} for a in first.query},
        "body": {
            content_type: {
                wire: view_of(method, wire)
                for method in methods
                if method.method.content_type in (None, content_type)
                for wire in merged(document, media.get("schema", {})).get("properties", {})
                if any(a.wire == wire for a in method.body)
            }
            for content_type, media in content.items()
        },
        "answer": first.form,
        "statuses": first.statuses,
        "documented": first.documented,
        "inferred": first.inferred,
        "docs": first.docs,
    }


def view_of(method: MethodView, wire: str) -> dict[str, Any]:
    """What a body field is, from the method that takes it."""
    argument = next(a for a in method.body if a.wire == wire)
    entry: dict[str, Any] = {"format": argument.shape.kind, "required": argument.required}
    inner = argument.shape.item or argument.shape
    if argument.shape.item:
        entry["items"] = inner.kind
    if inner.prefixes:
        entry["ids"] = list(inner.prefixes)
    return entry
