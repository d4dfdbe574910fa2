"""What a change of the contract means for callers, and the changes between two prepared documents.

Both documents are what code is generated from, after overlay and preparation, so that only what callers see counts.
A judgement about plain HTTP would be another one: this client reads enums as open, takes any 2xx for a success and
calls operations by their ID, while a field that is gone from an answer is an attribute that is gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from codegen.document import Schema, component, merged, operations, resolve

from .change import CALLS, CODE, NOTHING, Change, Place
from .content import body_changes, component_changes, parameter_changes, response_changes
from .schema_changes import ENUM_NAME


def changes(old: Schema, new: Schema) -> list[Change]:
    """Every difference that is more than words, in the order of the documents."""
    old, new = _enums_in_place(old), _enums_in_place(new)
    before, after = _by_id(old), _by_id(new)
    renamed = _renamed(before, after)
    found = [*_api(old, new), *_removed(before, after, renamed)]
    for operation_id, now in after.items():
        was = before.get(operation_id) or before.get(renamed.get(operation_id, ""))
        if was is None:
            found.append(Change("operation", "added", now.place, f"`{now.name}`", NOTHING))
        else:
            found += _operation(old, new, was, now)
    return [*found, *component_changes(old, new)]


class _Operation:
    """One operation and where it stands."""

    def __init__(self, path: str, method: str, node: Schema) -> None:
        self.path, self.method, self.node = path, method, node
        self.name = f"{method.upper()} {path}"
        self.place = Place(node["operationId"], node.get("x-documented") == "full")


def _by_id(document: Schema) -> dict[str, _Operation]:
    return {node["operationId"]: _Operation(path, method, node) for path, method, node in operations(document)}


def _renamed(before: dict[str, _Operation], after: dict[str, _Operation]) -> dict[str, str]:
    """New operationId -> the old one of the same method and path, where only the ID changed."""
    left = {one.name: operation_id for operation_id, one in before.items() if operation_id not in after}
    return {new_id: left[one.name] for new_id, one in after.items() if new_id not in before and one.name in left}


def _removed(before: dict[str, _Operation], after: dict[str, _Operation], renamed: dict[str, str]) -> Iterator[Change]:
    for operation_id, was in before.items():
        if operation_id not in after and operation_id not in renamed.values():
            yield Change("operation", "removed", was.place, f"`{was.name}`", CODE | CALLS)


def _api(old: Schema, new: Schema) -> Iterator[Change]:
    """What holds for every operation."""
    api = Place("every operation", documented=True)
    yield from _security(old.get("security", []), new.get("security", []), api)
    before, after = (document.get("components", {}).get("securitySchemes", {}) for document in (old, new))
    for name in sorted(before.keys() & after.keys()):
        if _without_words(before[name]) != _without_words(after[name]):
            yield Change("security", "changed", api, f"the scheme `{name}` is another one", CALLS)
    yield from _calls_back(old.get("webhooks"), new.get("webhooks"), "webhooks", api)
    servers = [[server.get("url") for server in document.get("servers", [])] for document in (old, new)]
    if servers[0] != servers[1]:
        text = f"base URL {_listed(servers[0])} became {_listed(servers[1])}"
        yield Change("path", "changed", api, text, CALLS if set(servers[0]) - set(servers[1]) else NOTHING)


def _operation(old: Schema, new: Schema, was: _Operation, now: _Operation) -> Iterator[Change]:
    place = Place(now.place.name, was.place.documented or now.place.documented)
    if was.place.name != now.place.name:
        text = f"operationId `{was.place.name}` became `{now.place.name}`"
        yield Change("operation", "changed", place, text, CODE)
    if was.name != now.name:
        ids = [[part for part in one.path.split("/") if part.startswith("{")] for one in (was, now)]
        # They are arguments, by position and by name.
        effect = CALLS | (CODE if ids[0] != ids[1] else NOTHING)
        yield Change("path", "changed", place, f"`{was.name}` became `{now.name}`", effect)
    if was.node["tags"][:1] != now.node["tags"][:1]:
        text = f"tag {_listed(was.node['tags'][:1])} became {_listed(now.node['tags'][:1])}"
        yield Change("operation", "changed", place, text, NOTHING)
    if now.node.get("deprecated") and not was.node.get("deprecated"):
        yield Change("operation", "changed", place, "deprecated", NOTHING)
    yield from _calls_back(was.node.get("callbacks"), now.node.get("callbacks"), "callbacks", place)
    if "security" in was.node or "security" in now.node:
        yield from _security(_asked(old, was), _asked(new, now), place)
    yield from parameter_changes(was.node["parameters"], now.node["parameters"], place)
    yield from body_changes(_body(old, was), _body(new, now), place)
    yield from response_changes(_responses(old, was), _responses(new, now), place)


def _calls_back(old: Schema | None, new: Schema | None, word: str, place: Place) -> Iterator[Change]:
    """No code is made of what the API calls, but whoever takes such calls wants to know what is said of them."""
    if old != new:
        what = "are new" if not old else "changed" if new else "are gone"
        yield Change("operation", "changed", place, f"`{word}`, which say how the API calls you, {what}", NOTHING)


def _asked(document: Schema, one: _Operation) -> list[Schema]:
    """The credentials that an operation takes: its own say, or what holds for all."""
    asked: list[Schema] = (one.node if "security" in one.node else document).get("security", [])
    return asked


def _body(document: Schema, one: _Operation) -> Schema:
    """Its fields are arguments, whether they stand there, in parts or in a schema that is referred to."""
    body = resolve(document, one.node.get("requestBody", {}))
    content = {
        kind: {"schema": merged(document, media.get("schema", {}))} for kind, media in body.get("content", {}).items()
    }
    return {**body, "content": content}


def _responses(document: Schema, one: _Operation) -> dict[str, Schema]:
    return {status: _unfolded(document, resolve(document, node)) for status, node in one.node["responses"].items()}


def _unfolded(document: Schema, response: Schema) -> Schema:
    """What stands in an `allOf` without a name may as well stand beside it."""
    content: Schema = {}
    for kind, media in response.get("content", {}).items():
        schema = media.get("schema", {})
        if parts := schema.get("allOf"):
            own = merged(document, {**schema, "allOf": [part for part in parts if "$ref" not in part]})
            schema = {**own, "allOf": [part for part in parts if "$ref" in part]}
        content[kind] = {**media, "schema": schema}
    return {**response, "content": content}


def _security(old: list[Schema], new: list[Schema], place: Place) -> Iterator[Change]:
    if old == new:
        return
    # Whoever meets one of the alternatives is let in; none at all lets everybody in.
    still = not new or {} in new or bool(old and all(alternative in new for alternative in old))
    text = f"{_schemes(old)} became {_schemes(new)}"
    yield Change("security", "changed", place, text, NOTHING if still else CALLS)


def _schemes(alternatives: list[Schema]) -> str:
    named = [
        " and ".join(f"`{name}`{f' with {_listed(scopes)}' if scopes else ''}" for name, scopes in sorted(one.items()))
        for one in alternatives
    ]
    return " or ".join(text or "nothing" for text in named) or "nothing"


def _listed(values: list[Any]) -> str:
    return ", ".join(f"`{value}`" for value in values) or "none"


def _without_words(node: Schema) -> Schema:
    return {key: value for key, value in node.items() if key != "description"}


def _enums_in_place(document: Schema) -> Schema:
    """The document with every reference to an enum replaced by its values.

    A text that becomes a list of known values is still a text; a reference would look like another type.
    """
    enums = {name: schema for name, schema in document["components"]["schemas"].items() if "enum" in schema}

    def replaced(node: Any) -> Any:
        if isinstance(node, list):
            return [replaced(member) for member in node]
        if not isinstance(node, dict):
            return node
        name = component(node.get("$ref"))
        if name in enums:
            return {"type": enums[name].get("type"), "enum": enums[name]["enum"], ENUM_NAME: name}
        return {key: replaced(member) for key, member in node.items()}

    result: Schema = replaced(document)
    return result
