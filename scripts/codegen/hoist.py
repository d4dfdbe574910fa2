"""Names for anonymous objects and enums."""

from __future__ import annotations

from typing import Any

from .document import ContractError, Schema, merged, pascal, roots


class Hoist:
    """Moves anonymous objects and enums to named components, by `title` or by where they stand."""

    def __init__(self, document: Schema) -> None:
        self.document = document
        self.components: Schema = document.setdefault("components", {}).setdefault("schemas", {})
        self.given = set(self.components)

    def run(self) -> None:
        for base, schema, role in roots(self.document):
            if role == "error":
                continue
            for key, member in list(schema.get("properties", {}).items()):
                schema["properties"][key] = self._visit(member, base + pascal(key))
            for part in schema.get("allOf", []):
                for key, member in list(part.get("properties", {}).items()):
                    part["properties"][key] = self._visit(member, base + pascal(key))
            if "items" in schema:
                schema["items"] = self._visit(schema["items"], base + "Item")
            if role == "parameter" and "enum" in schema:
                reference = self._place(dict(schema), base)
                schema.clear()
                schema.update(reference)
            if role == "answer" and _is_object(schema) and not self._is_envelope(schema):
                reference = self._place(dict(schema), base + "Result")
                schema.clear()
                schema.update(reference)

    def _visit(self, schema: Schema, name: str) -> Schema:
        if "$ref" in schema:
            return schema
        for key, member in list(schema.get("properties", {}).items()):
            schema["properties"][key] = self._visit(member, name + pascal(key))
        if isinstance(schema.get("items"), dict):
            schema["items"] = self._visit(schema["items"], name + "Item")
        if isinstance(schema.get("additionalProperties"), dict):
            schema["additionalProperties"] = self._visit(schema["additionalProperties"], name + "Value")
        for key in ("oneOf", "anyOf"):
            schema[key] = [self._visit(member, name) for member in schema.get(key, [])]
            if not schema[key]:
                del schema[key]
        for part in schema.get("allOf", []):
            for key, member in list(part.get("properties", {}).items()):
                part["properties"][key] = self._visit(member, name + pascal(key))
        if "enum" in schema or schema.get("properties") or len(schema.get("allOf", [])) > 1:
            return self._place(schema, name)
        return schema

    def _place(self, schema: Schema, name: str) -> Schema:
        """Leaves a reference; what belongs to the place (description, example, sensitivity) stays beside it."""
        local = {key: schema.pop(key) for key in ("description", "example", "x-sensitive") if key in schema}
        kinds = schema.get("type")
        nullable = isinstance(kinds, list) and "null" in kinds
        if isinstance(kinds, list) and nullable:
            schema["type"] = next(kind for kind in kinds if kind != "null")
            if "enum" in schema:
                schema["enum"] = [value for value in schema["enum"] if value is not None]
        title = schema.pop("title", None)
        if title and "description" in local:
            # A title names the same thing everywhere, so the words are those of the thing as well.
            schema["description"] = local["description"]
        title = title or name
        present = self.components.get(title)
        if present is None:
            self.components[title] = schema
        elif not _same(present, schema):
            if title in self.given or title != name:
                raise ContractError(f"{title}: two different schemas carry this title")
            raise ContractError(f"{name}: two anonymous schemas would get this name; give them a title in the overlay")
        reference: Schema = {"$ref": f"#/components/schemas/{title}"}
        if nullable:
            return {"oneOf": [reference, {"type": "null"}]} | local
        return reference | local

    def _is_envelope(self, schema: Schema) -> bool:
        properties = merged(self.document, schema).get("properties", {})
        kinds = properties.get("data", {}).get("type")
        return kinds == "array" and (len(properties) == 1 or "current_page" in properties)


def _is_object(schema: Schema) -> bool:
    kinds = schema.get("type")
    is_object = kinds == "object" or (isinstance(kinds, list) and "object" in kinds)
    return "$ref" not in schema and (is_object or "properties" in schema or "allOf" in schema)


def _same(one: Schema, other: Schema) -> bool:
    """Equal but for words."""

    def strip(node: Any) -> Any:
        if isinstance(node, dict):
            return {
                k: strip(v) for k, v in node.items() if k not in ("description", "example", "examples", "x-inferred")
            }
        return [strip(member) for member in node] if isinstance(node, list) else node

    return bool(strip(one) == strip(other))
