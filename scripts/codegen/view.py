"""What the templates are given: the document as models, enums and methods, ready to be written down."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from . import words
from .document import JSON, MULTIPART, ContractError, is_json, merged, operations, resolve
from .names import Method, Resource, argument_name, field_name
from .parts import ArgumentView, FieldView, MethodView, ModelView, ResourceView
from .shapes import Named, Shape, Shapes


class View:
    """Everything the templates need, computed from the prepared document and the table of names."""

    def __init__(self, document: dict[str, Any], resources: list[Resource], named: dict[str, Named]) -> None:
        self.document = document
        self.shapes = Shapes(document, named)
        self.named = named
        self._resources = resources

    @cached_property
    def operations(self) -> dict[str, tuple[str, str, dict[str, Any]]]:
        return {op["operationId"]: (path, method, op) for path, method, op in operations(self.document)}

    @cached_property
    def resources(self) -> list[ResourceView]:
        return [
            ResourceView(resource, [self._method(resource, method) for method in resource.methods])
            for resource in self._resources
        ]

    @cached_property
    def given(self) -> set[str]:
        """Components that callers pass, directly or inside others."""
        found: set[str] = set()
        for resource in self.resources:
            for method in resource.methods:
                for argument in method.query + method.body:
                    self._reach(argument.shape, found)
        return found

    @cached_property
    def answered(self) -> set[str]:
        """Components that answers hold, directly or inside others."""
        found: set[str] = set()
        for resource in self.resources:
            for method in resource.methods:
                self._reach(method.result, found)
        # What no operation uses can still be read by hand.
        return found | (set(self.named) - self.given)

    def _reach(self, shape: Shape, found: set[str]) -> None:
        if shape.item:
            self._reach(shape.item, found)
        if shape.kind == "model" and shape.component and shape.component not in found:
            found.add(shape.component)
            for schema in merged(self.document, self._component(shape.component)).get("properties", {}).values():
                self._reach(self.shapes.of(schema), found)

    def _component(self, name: str) -> dict[str, Any]:
        component: dict[str, Any] = self.document["components"]["schemas"][name]
        return component

    def model(self, component: str) -> ModelView:
        """The class that a component becomes."""
        schema = merged(self.document, self._component(component))
        given = component in self.given
        required = schema.get("required", [])
        answered = component in self.answered
        fields = [
            self._field(wire, part, required=wire in required, answered=answered)
            for wire, part in schema.get("properties", {}).items()
        ]
        _refuse_clashes(component, (f.name for f in fields))
        doc = words.sentence(schema.get("description")) or f"{component}."
        return ModelView(component, self.named[component], doc, fields, answered, given)

    def _field(self, wire: str, schema: dict[str, Any], *, required: bool, answered: bool) -> FieldView:
        shape = self.shapes.of(schema)
        doc = (words.attribute if answered else words.argument)(self.document, schema, shape, required=required)
        shown, critical = _is_shown(wire, schema, shape), self._is_critical(wire, shape)
        return FieldView(field_name(wire), wire, shape, required, shown, critical, doc, self._parts(shape))

    def _parts(self, shape: Shape) -> tuple[FieldView, ...]:
        """The fields of an object of texts and other such objects, all of which have to be there, as links are.

        Such a one is read in place: to call its own decoder would take half as long again.
        """
        if shape.kind != "model" or shape.nullable or not shape.component or not shape.named or shape.named.in_circle:
            return ()
        schema = merged(self.document, self._component(shape.component))
        properties: dict[str, Any] = schema.get("properties", {})
        if set(properties) != set(schema.get("required", [])):
            return ()
        parts = [self._field(wire, part, required=True, answered=True) for wire, part in properties.items()]
        plain = all(part.parts or (part.shape.kind == "string" and not part.shape.nullable) for part in parts)
        return tuple(parts) if plain else ()

    def _is_critical(self, wire: str, shape: Shape, seen: frozenset[str] = frozenset()) -> bool:
        """Whether a value is, or holds, an amount, an ID or a status."""
        if wire in ("id", "status") or shape.kind in ("money", "number") or shape.prefixes:
            return True
        if shape.item:
            return self._is_critical("", shape.item, seen)
        if shape.kind != "model" or shape.component is None or shape.component in seen:
            return False
        properties = merged(self.document, self._component(shape.component)).get("properties", {})
        inside = seen | {shape.component}
        return any(self._is_critical(name, self.shapes.of(part), inside) for name, part in properties.items())

    def enum(self, component: str) -> dict[str, Any]:
        """The members of an enum and its words."""
        schema = self._component(component)
        names = schema["x-enum-varnames"]
        doc = words.sentence(schema.get("description")) or f"Known values of {component}."
        return {"named": self.named[component], "doc": doc, "members": list(zip(names, schema["enum"], strict=True))}

    def _method(self, resource: Resource, method: Method) -> MethodView:
        path, http_method, operation = self.operations[method.operation_id]
        path_parameters = [self._path_parameter(path, operation, name) for name in _names_in(path)]
        form, result = self._result(operation)
        paged = form in ("page", "single_page")
        query = [
            self._parameter(p)
            for p in operation["parameters"]
            if p["in"] == "query" and not (form == "page" and p["name"] == "page")
        ]
        content_type, body = self._body(method, operation)
        arguments = [*path_parameters, *query, *body]
        _refuse_clashes(f"{resource.attribute}.{method.name}", (a.name for a in arguments))
        if paged and http_method != "get":
            raise ContractError(f"{method.operation_id}: a page that is not read by GET can't be walked")
        return MethodView(
            method=method,
            operation_id=method.operation_id,
            http_method=http_method.upper(),
            path=path,
            resource=resource.attribute,
            summary=words.sentence(method.summary or operation.get("summary") or method.operation_id),
            description=words.sentence(method.description or operation.get("description")),
            dutch=resource.dutch,
            path_parameters=path_parameters,
            query=query,
            body=body,
            encoding={JSON: "json", MULTIPART: "multipart"}.get(content_type or ""),
            has_change=http_method == "patch" and bool(body) and not any(a.required for a in body),
            form=form,
            result=result,
            statuses=sorted(operation["responses"]),
            documented=operation.get("x-documented", "partial"),
            inferred=self._inferred(operation, content_type, result),
            answer=words.sentence(self._success(operation)[1].get("description")),
            docs=operation.get("externalDocs", {}).get("url"),
        )

    def _path_parameter(self, path: str, operation: dict[str, Any], name: str) -> ArgumentView:
        found = [p for p in operation["parameters"] if p["in"] == "path" and p["name"] == name]
        if not found:
            raise ContractError(f"{path}: the path parameter {name} is not declared")
        schema = found[0].get("schema", {})
        shape = Shape("id", prefixes=tuple(schema.get("x-id-prefixes", ())))
        doc = words.argument(self.document, {"description": found[0].get("description")}, shape, required=True)
        return ArgumentView(argument_name(name), name, shape, True, doc)

    def _argument(self, wire: str, schema: dict[str, Any], required: bool) -> ArgumentView:
        shape = self.shapes.of(schema)
        doc = words.argument(self.document, schema, shape, required=required)
        return ArgumentView(argument_name(wire), wire, shape, required, doc)

    def _parameter(self, parameter: dict[str, Any]) -> ArgumentView:
        wire, schema = parameter["name"], parameter["schema"]
        words_of_it = {"description": parameter["description"]} if "description" in parameter else {}
        # The client adds the brackets itself.
        wire = wire.removesuffix("[]") if self.shapes.of(schema).kind == "list" else wire
        return self._argument(wire, schema | words_of_it, bool(parameter.get("required")))

    def _body(self, method: Method, operation: dict[str, Any]) -> tuple[str | None, list[ArgumentView]]:
        content = resolve(self.document, operation.get("requestBody", {})).get("content", {})
        if not content:
            return None, []
        content_type = method.content_type or next(iter(content))
        if content_type not in content:
            raise ContractError(f"{method.operation_id}: its method {method.name} sends {content_type}, which is gone")
        if content_type not in (JSON, MULTIPART):
            raise ContractError(f"{method.operation_id}: a body of type {content_type} can't be sent")
        schema = merged(self.document, content[content_type].get("schema", {}))
        required = {*schema.get("required", []), *method.required}
        gone = {*method.fields, *method.required} - set(schema.get("properties", {}))
        if gone:
            raise ContractError(f"{method.operation_id}: its method {method.name} takes {min(gone)}, which is gone")
        return content_type, [
            self._argument(wire, part, wire in required)
            for wire, part in schema.get("properties", {}).items()
            if wire not in method.without
        ]

    def _success(self, operation: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """Status and response of the first success, one with content before others."""
        found = [
            (status, resolve(self.document, response))
            for status, response in operation["responses"].items()
            if status.startswith("2")
        ]
        if not found:
            raise ContractError(f"{operation['operationId']}: no success is declared")
        return next((success for success in found if success[1].get("content")), found[0])

    def _inferred(self, operation: dict[str, Any], content_type: str | None, result: Shape) -> list[str]:
        """The facts that were derived, of the body and the answer too."""
        found = [str(what) for what in _list(operation.get("x-inferred"))]
        body = resolve(self.document, operation.get("requestBody", {})).get("content", {}).get(content_type, {})
        if "properties" in _list(resolve(self.document, body.get("schema", {})).get("x-inferred")):
            found.append("body fields")
        if result.component and "properties" in _list(self._component(result.component).get("x-inferred")):
            found.append("answer fields")
        return found

    def _result(self, operation: dict[str, Any]) -> tuple[str, Shape]:
        """How the first success is read: `(form, shape)`."""
        content = self._success(operation)[1].get("content", {})
        if not content:
            return "none", Shape("any")
        media = next((content[kind] for kind in content if is_json(kind)), None)
        if media is None:
            return "bytes", Shape("any")
        schema = media.get("schema", {})
        properties = merged(self.document, schema).get("properties", {})
        data = properties.get("data", {})
        if data.get("type") == "array":
            item = self.shapes.of(data.get("items"))
            if "current_page" in properties:
                return "page", item
            if len(properties) == 1 and "$ref" not in schema:
                reads = self.operations[operation["operationId"]][1] == "get"
                return ("single_page" if reads else "data"), item
        return "value", self.shapes.of(schema)


_HARMLESS = frozenset(
    {"boolean", "date", "enum", "id", "integer", "list", "local_date_minute", "local_date_time", "model", "moment"}
    | {"money", "number"}
)


def _is_shown(wire: str, schema: dict[str, Any], shape: Shape) -> bool:
    """Whether a value may stand in a repr: a text only if the contract says that it tells nothing of anybody."""
    return "x-sensitive" not in schema and (wire == "id" or "x-harmless" in schema or shape.kind in _HARMLESS)


def _names_in(path: str) -> list[str]:
    return [part.split("}")[0] for part in path.split("{")[1:]]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _refuse_clashes(place: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ContractError(f"{place}: two names become {name}")
        seen.add(name)
