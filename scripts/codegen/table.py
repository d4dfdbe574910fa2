"""`operations.json`: what tools need to know of every operation, without reading the whole contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .document import merged, resolve

if TYPE_CHECKING:
    from .parts import ArgumentView, MethodView
    from .view import View


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
            content_type: _fields(methods, content_type, merged(document, media.get("schema", {})))
            for content_type, media in content.items()
        },
        "answer": first.form,
        "statuses": first.statuses,
        "documented": first.documented,
        "inferred": first.inferred,
        "docs": first.docs,
    }


def _fields(methods: list[MethodView], content_type: str, schema: dict[str, Any]) -> dict[str, Any]:
    """The body's fields by wire name; what is required is what the document says, not what one of two methods asks."""
    arguments = {
        argument.wire: argument
        for method in methods
        if method.method.content_type in (None, content_type)
        for argument in method.body
    }
    required = schema.get("required", [])
    return {
        wire: _field(arguments[wire]) | {"required": wire in required}
        for wire in schema.get("properties", {})
        if wire in arguments
    }


def _field(argument: ArgumentView) -> dict[str, Any]:
    entry: dict[str, Any] = {"format": argument.shape.kind}
    inner = argument.shape.item or argument.shape
    if argument.shape.item:
        entry["items"] = inner.kind
    if inner.prefixes:
        entry["ids"] = list(inner.prefixes)
    return entry
