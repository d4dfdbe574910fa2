"""What differs in parameters, bodies, answers and the schemas that they refer to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from codegen.document import Schema, component, merged, operations, resolve, schemas_in

from .change import CALLS, CODE, NOTHING, Change, Effect, Place
from .schema_changes import ENUM_NAME, Direction, compare, fields, limits


def parameter_changes(old: list[Schema], new: list[Schema], place: Place) -> Iterator[Change]:
    """Of an operation's parameters; those of the path are part of it."""
    before, after = ({(p["in"], p["name"]): p for p in group} for group in (old, new))
    for key, was in before.items():
        if key not in after and was["in"] != "path":
            yield Change("parameter", "removed", place, _about(was), CODE)
    for key, now in after.items():
        if now["in"] == "path":
            if key in before:
                yield from compare(_value(before[key]), _value(now), place, _about(now), SENT)
            continue
        if key not in before:
            effect = CODE | CALLS if now.get("required") else NOTHING
            yield Change("parameter", "added", place, f"{_about(now)}, {_need(now.get('required'))}", effect)
            continue
        was = before[key]
        if bool(was.get("required")) != bool(now.get("required")):
            effect = CODE | CALLS if now.get("required") else NOTHING
            yield Change("required", "changed", place, f"{_about(now)} became {_need(now.get('required'))}", effect)
        yield from compare(_value(was), _value(now), place, _about(now), SENT)


def body_changes(old: Schema, new: Schema, place: Place) -> Iterator[Change]:
    """Of what an operation is sent."""
    before, after = old.get("content", {}), new.get("content", {})
    if bool(old.get("required")) != bool(new.get("required")) and before and after:
        effect = CALLS if new.get("required") else NOTHING
        yield Change("required", "changed", place, f"the body became {_need(new.get('required'))}", effect)
    yield from _types(before, after, place, "body", CALLS if after else NOTHING)
    # A body that comes or goes is so many arguments more or less.
    nothing: dict[str, Schema] = {kind: {} for kind in before or after}
    for kind, was, now in _pairs(before or nothing, after or nothing):
        yield from fields(was, now, place, "", SENT)
        whole = limits if "properties" in was or "properties" in now else compare
        yield from whole(was, now, place, f"the body (`{kind}`)", SENT)


def response_changes(old: dict[str, Schema], new: dict[str, Schema], place: Place) -> Iterator[Change]:
    """Of an operation's statuses, and of what successes hold."""
    yield from _statuses(old, new, place)
    was, now = (_success(responses).get("content", {}) for responses in (old, new))
    yield from _types(was, now, place, "answer", CODE | CALLS)
    for _, before, after in _pairs(was, now):
        yield from compare(before, after, place, "the answer", READ)
        if "properties" in before and "properties" in after:
            yield from fields(before, after, place, "answer ", READ)


def component_changes(old: Schema, new: Schema) -> Iterator[Change]:
    """Of the named schemas, each told once for all that refer to it."""
    before, after = (document["components"]["schemas"] for document in (old, new))
    sent, read = (reached(old, side) | reached(new, side) for side in ("sent", "read"))
    for name, was in before.items():
        documented = "full" in (was.get("x-documented"), after.get(name, {}).get("x-documented"))
        place = Place(name, documented)
        if name not in after:
            yield Change("type", "removed", place, f"`{name}`", CODE)
            continue
        direction = Direction(sent=name in sent, read=name in read or name not in sent)
        one, other = merged(old, was), merged(new, after[name])
        yield from compare(one, other, place, "", direction)
        yield from fields(one, other, place, "", direction)
    for name, now in after.items():
        if name not in before:
            yield Change("type", "added", Place(name, now.get("x-documented") == "full"), f"`{name}`", NOTHING)


SENT, READ = Direction(sent=True), Direction(read=True)


def _about(parameter: Schema) -> str:
    return f"`{parameter['name']}` ({parameter['in']})"


def _value(parameter: Schema) -> Schema:
    """The schema of its value, with what is said of the parameter as a whole."""
    return {**parameter.get("schema", {}), **({"deprecated": True} if parameter.get("deprecated") else {})}


def _need(required: object) -> str:
    return "required" if required else "optional"


def _types(old: dict[str, Schema], new: dict[str, Schema], place: Place, what: str, effect: Effect) -> Iterator[Change]:
    """Content types; one more, or one where there was nothing, is in nobody's way."""
    for kind in old:
        if kind not in new:
            yield Change("content type", "removed", place, f"{what} `{kind}`", effect)
    for kind in new:
        if kind not in old:
            yield Change("content type", "added", place, f"{what} `{kind}`", NOTHING)


def _pairs(old: dict[str, Schema], new: dict[str, Schema]) -> Iterator[tuple[str, Schema, Schema]]:
    """The schemas of content that both have; one that changed its type keeps its fields all the same."""
    if len(old) == len(new) == 1:
        kind = next(iter(new))
        yield kind, next(iter(old.values())).get("schema", {}), new[kind].get("schema", {})
        return
    for kind, media in old.items():
        if kind in new:
            yield kind, media.get("schema", {}), new[kind].get("schema", {})


def _statuses(old: dict[str, Schema], new: dict[str, Schema], place: Place) -> Iterator[Change]:
    """Any 2xx is a success, and every other status has an error class, so none of this breaks anybody."""
    for status in old:
        if status not in new:
            yield Change("status", "removed", place, f"`{status}`", NOTHING)
    for status in new:
        if status not in old:
            yield Change("status", "added", place, f"`{status}`", NOTHING)


def _success(responses: dict[str, Schema]) -> Schema:
    """The first success, one with content before others, as the generator chooses."""
    found = [response for status, response in responses.items() if status.startswith("2")]
    return next((response for response in found if response.get("content")), found[0] if found else {})


def reached(document: Schema, side: str) -> set[str]:
    """The components that requests, or answers, refer to, directly or through others."""
    found: set[str] = set()
    todo: list[Any] = []
    for _, _, operation in operations(document):
        if side == "sent":
            todo += [parameter.get("schema") for parameter in operation["parameters"]]
            contents = [resolve(document, operation.get("requestBody", {}))]
        else:
            contents = [resolve(document, response) for response in operation["responses"].values()]
        todo += [media.get("schema") for one in contents for media in one.get("content", {}).values()]
    while todo:
        for schema in schemas_in(todo.pop()):
            name = component(schema.get("$ref")) or schema.get(ENUM_NAME)
            if name is not None and name not in found:
                found.add(name)
                todo.append(document["components"]["schemas"].get(name))
    return found
