"""The contract as the sandbox reads it, and how a record is shown by it."""

from __future__ import annotations

from functools import cache
from typing import Any

from ..._contract import ANY, Operation, Schema, shipped_document
from ..._contract import Contract as _Contract

__all__ = ["ANY", "SELF", "Contract", "Operation", "Schema", "shipped"]

SELF = "sandbox:/"
"""What stands in a record for the sandbox's own address."""


class Contract(_Contract):
    """The prepared OpenAPI document, with records to answer by it."""

    def show(self, schema: Schema, value: Any, origin: str) -> Any:
        """As much of a value as the schema has, as an answer shows it; `origin` is the address that was asked."""
        if isinstance(value, str):
            return origin + value[len(SELF) - 1 :] if value.startswith(SELF) else value
        flat = self.flat(schema)
        if isinstance(value, list):
            return [self.show(flat.get("items", ANY), each, origin) for each in value]
        if not isinstance(value, dict) or "properties" not in flat:
            return value
        required = flat.get("required", ())
        return {
            name: self.show(member, value.get(name), origin)
            for name, member in flat["properties"].items()
            if name in value or name in required
        }


@cache
def shipped() -> Contract:
    """The contract that this package was made from."""
    return Contract(shipped_document())
