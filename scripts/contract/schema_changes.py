"""What differs between two schemas, and whom that breaks by the direction in which the value goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from codegen.document import Schema, component
from codegen.shapes import STRING_FORMATS

from .change import CALLS, CODE, NOTHING, Change, Effect, Place

_LIMITS = (
    "const format pattern maxLength minLength maximum minimum exclusiveMaximum exclusiveMinimum multipleOf maxItems "
    "minItems uniqueItems maxProperties minProperties additionalProperties contains contentEncoding contentMediaType "
    "dependentRequired dependentSchemas else if maxContains minContains not patternProperties prefixItems "
    "propertyNames then unevaluatedItems unevaluatedProperties"
)


ENUM_NAME = "x-enum-name"
"""Of a schema that stands for a reference to an enum: the enum's name."""


@attrs.frozen
class Direction:
    """Where values of a schema go: to the API, out of it, or both."""

    sent: bool = False
    read: bool = False

    def effect(self, *, sent: Effect = NOTHING, read: Effect = NOTHING) -> Effect:
        """Whom a change breaks that breaks these in either direction."""
        return (sent if self.sent else NOTHING) | (read if self.read else NOTHING)


def compare(
    old: Schema, new: Schema, place: Place, about: str, direction: Direction, *, absent: bool = False
) -> Iterator[Change]:
    """Null, type, values and limits of one value; fields of an object are told by `fields`.

    What an enum with a name holds is told once, where the enum is, and not again by all who refer to it. Whoever reads
    a field that may be absent reckons with None anyway.
    """
    was, now = _shape(old), _shape(new)
    if was.nullable != now.nullable:
        if now.nullable:
            yield _change(
                "nullability", place, about, "may be null", direction.effect(read=NOTHING if absent else CODE | CALLS)
            )
        else:
            yield _change("nullability", place, about, "is never null", direction.effect(sent=CODE | CALLS))
    if was.kind != now.kind:
        known = now.kinds | ({"integer"} if "number" in now.kinds else set())
        wider = not now.kinds or bool(was.kinds and was.kinds <= known)
        # More kinds of values may be sent than before; of what is read, even fewer are another annotation.
        effect = direction.effect(sent=NOTHING if wider else CODE | CALLS, read=CODE | CALLS)
        yield _change("type", place, about, f"`{was}` became `{now}`", effect)
    if was.enum_name is None or was.enum_name != now.enum_name:
        yield from _values(was.enum, now.enum, place, about, direction)
    yield from limits(was.schema, now.schema, place, about, direction)
    yield from _remarks({**was.schema, **old}, {**now.schema, **new}, place, about, direction)
    if was.items is not None and now.items is not None:
        yield from compare(was.items, now.items, place, f"{about}[]", direction)


def fields(old: Schema, new: Schema, place: Place, about: str, direction: Direction) -> Iterator[Change]:
    """The fields of an object, and which of them are required."""
    before, after = old.get("properties", {}), new.get("properties", {})
    was_required, now_required = set(old.get("required", [])), set(new.get("required", []))
    for name in before:
        if name not in after:
            effect = direction.effect(sent=CODE, read=CODE | (CALLS if name in was_required else NOTHING))
            yield Change("field", "removed", place, f"{about}`{name}`", effect)
    for name, now in after.items():
        needed = "required" if name in now_required else "optional"
        asked = CODE | CALLS if needed == "required" else NOTHING
        if name not in before:
            yield Change("field", "added", place, f"{about}`{name}`, {needed}", direction.effect(sent=asked))
            continue
        if (name in was_required) != (name in now_required):
            harmless = asked or _shape(before[name]).nullable
            effect = direction.effect(sent=asked, read=NOTHING if harmless else CODE | CALLS)
            yield _change("required", place, f"{about}`{name}`", f"became {needed}", effect)
        absent = name not in was_required
        yield from compare(before[name], now, place, f"{about}`{name}`", direction, absent=absent)
        yield from fields(_shape(before[name]).schema, _shape(now).schema, place, f"{about}`{name}`.", direction)


def _values(
    old: list[Any] | None, new: list[Any] | None, place: Place, about: str, direction: Direction
) -> Iterator[Change]:
    if old is None and new is None:
        return
    if old is None or new is None:
        text = "became a closed list of values" if old is None else "is no closed list of values any more"
        effect = direction.effect(sent=CALLS if old is None else CODE, read=NOTHING if old is None else CODE)
        yield _change("enum", place, about, text, effect)
        return
    for value in old:
        if value not in new:
            # The member of the enum is gone from the package.
            effect = direction.effect(sent=CODE | CALLS, read=CODE)
            yield Change("enum", "removed", place, f"{about} `{value}`".strip(), effect)
    for value in new:
        if value not in old:
            yield Change("enum", "added", place, f"{about} `{value}`".strip(), NOTHING)


def limits(old: Schema, new: Schema, place: Place, about: str, direction: Direction) -> Iterator[Change]:
    """What a value may be beside its type, which only the API checks."""
    for word in _LIMITS.split():
        was, now = _limit(old, word), _limit(new, word)
        if was == now:
            continue
        effect = NOTHING if now is None or _is_looser(word, was, now) else direction.effect(sent=CALLS)
        text = f"`{word}` {was if was is not None else 'none'} became {now if now is not None else 'none'}"
        yield _change("limit", place, about, text, effect)


def _limit(schema: Schema, word: str) -> Any:
    found = schema.get(word)
    # Of these two, what is a type is told as one.
    is_type = (word == "format" and found in STRING_FORMATS) or (word == "additionalProperties" and found is not False)
    return None if is_type else found


def _remarks(old: Schema, new: Schema, place: Place, about: str, direction: Direction) -> Iterator[Change]:
    """What is said of a value beside what it may be."""
    if old.get("default") != new.get("default"):
        text = "`default` {} became {}".format(*(one.get("default", "none") for one in (old, new)))
        # Where there was none, the API did something all the same, and nobody knows whether that is another thing now.
        yield _change("default", place, about, text, direction.effect(sent=CALLS if "default" in old else NOTHING))
    for word, text, effect in (
        ("deprecated", "deprecated", NOTHING),
        ("readOnly", "is read-only", direction.effect(sent=CALLS)),
        ("writeOnly", "is write-only", direction.effect(read=CALLS)),
    ):
        if new.get(word) and not old.get(word):
            yield _change("deprecation" if word == "deprecated" else "limit", place, about, text, effect)


def _is_looser(word: str, was: Any, now: Any) -> bool:
    if not isinstance(was, int | float) or not isinstance(now, int | float) or word in ("multipleOf", "uniqueItems"):
        return False
    return now >= was if "ax" in word else now <= was


def _change(kind: Any, place: Place, about: str, text: str, effect: Effect) -> Change:
    return Change(kind, "changed", place, f"{about} {text}".strip(), effect)


@attrs.frozen
class _Shape:
    """A schema in the form in which two can be compared."""

    nullable: bool
    kinds: frozenset[str]
    kind: str
    enum: list[Any] | None
    enum_name: str | None
    items: Schema | None
    schema: Schema

    def __str__(self) -> str:
        return self.kind


def _shape(schema: Schema) -> _Shape:
    """A reference or a plain schema, with null apart from it."""
    parts = schema.get("allOf", [])
    if len(parts) == 1 and isinstance(parts[0], dict) and not schema.get("properties"):
        # The old way to say something beside a reference.
        return _shape(parts[0])
    variants = [one for key in ("oneOf", "anyOf") for one in schema.get(key, []) if isinstance(one, dict)]
    others = [one for one in variants if one.get("type") != "null"]
    if len(others) == 1 and len(variants) == 2:
        inner = _shape(others[0])
        return attrs.evolve(inner, nullable=True)
    given = schema.get("type")
    kinds = {given} if isinstance(given, str) else set(given or ())
    nullable = "null" in kinds or len(others) < len(variants)
    kinds -= {"null"}
    name = component(schema.get("$ref"))
    if name is not None:
        kinds = {name}
    elif others:
        kinds = {str(_shape(one)) for one in others}
    details = [schema["format"]] if schema.get("format") in STRING_FORMATS else []
    details += [str(schema["x-id-prefixes"])] if "x-id-prefixes" in schema else []
    details += [f"with {part}" for part in map(component, _references(schema.get("allOf", []))) if part]
    extra = schema.get("additionalProperties")
    if isinstance(extra, dict) and extra:
        details.append(f"of {_shape(extra)}")
    text = " or ".join(sorted(kinds)) or "anything"
    items = schema.get("items")
    return _Shape(
        nullable,
        frozenset(kinds) if not details else frozenset({f"{text} ({', '.join(details)})"}),
        f"{text} ({', '.join(details)})" if details else text,
        schema.get("enum"),
        schema.get(ENUM_NAME),
        items if isinstance(items, dict) else None,
        schema,
    )


def _references(parts: list[Any]) -> list[Any]:
    return [part.get("$ref") for part in parts if isinstance(part, dict)]
