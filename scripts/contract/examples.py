"""Whether the contract's own examples are what it says they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsonschema_rs

from codegen.document import Schema, operations, resolve, roots, schemas_in


def invalid_examples(document: Schema) -> Iterator[str]:
    """Examples of a prepared document that their schema does not allow."""
    components = document["components"]["schemas"]
    for place, schema, example in _examples(document):
        whole = {**schema, "components": {"schemas": components}}
        error = next(jsonschema_rs.Draft202012Validator(whole).iter_errors(example), None)
        if error is not None:
            yield f"{place}: the example is not valid: {error.message:.200}"


def _examples(document: Schema) -> Iterator[tuple[str, Schema, Any]]:
    for name, root, _ in roots(document):
        for schema in schemas_in(root):
            if "example" in schema:
                yield f"{name} ({schema['example']!r:.40})", schema, schema["example"]
    for path, method, operation in operations(document):
        place = f"{method.upper()} {path}"
        for parameter in operation["parameters"]:
            if "example" in parameter and "schema" in parameter:
                yield f"{place} {parameter['name']}", parameter["schema"], parameter["example"]
        nodes = [("body", operation.get("requestBody", {})), *operation["responses"].items()]
        for what, node in nodes:
            for media in resolve(document, node).get("content", {}).values():
                if "example" in media and "schema" in media:
                    yield f"{place} {what}", media["schema"], media["example"]
                for key, one in media.get("examples", {}).items():
                    if "schema" in media and "value" in one:
                        yield f"{place} {what} {key}", media["schema"], one["value"]
