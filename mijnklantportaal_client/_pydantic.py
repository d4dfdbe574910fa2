"""Models as pydantic fields and FastAPI answers; imported only when pydantic asks for it."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from pydantic_core import CoreSchema, SchemaSerializer, core_schema

from ._codecs import EnumOf, IdOf, ListOf, MapOf, ModelOf, Nullable, _IntegerOrString, _Scalar
from ._moments import Date, LocalMoment, Moment
from ._money import Money

if TYPE_CHECKING:
    from ._codec import Codec
    from ._model import Model

_DICT = SchemaSerializer(core_schema.dict_schema())
_SCALARS = {str: "string", int: "integer", bool: "boolean"}


def core_schema_of(kind: type[Model]) -> CoreSchema:
    """Takes an object as it is or a mapping with wire names; writes wire names."""

    def validate(value: Any) -> Model:
        if isinstance(value, kind):
            return value
        if isinstance(value, dict):
            return kind.from_dict(value)
        raise ValueError(f"must be {kind.__name__} or a mapping with its wire names")

    return core_schema.no_info_plain_validator_function(
        validate,
        # What it is called among the schemas of an application.
        ref=f"{kind.__module__}.{kind.__qualname__}:{id(kind)}",
        serialization=core_schema.plain_serializer_function_ser_schema(
            _written, info_arg=True, return_schema=core_schema.dict_schema()
        ),
    )


def _written(value: Model, info: core_schema.SerializationInfo) -> dict[str, Any]:
    """Wire names and JSON values, but for what pydantic or FastAPI was told to leave out, by either name."""
    members: dict[str, Any] = value.to_dict()
    if info.exclude_none:
        members = _without_null(members)
    names = {field.name: field.wire for field in value._fields}
    include, exclude = _by_wire(info.include, names), _by_wire(info.exclude, names)
    written: dict[str, Any] = _DICT.to_python(members, include=include, exclude=exclude)
    return written


def _without_null(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_null(member) for name, member in value.items() if member is not None}
    return [_without_null(member) for member in value] if isinstance(value, list) else value


def _by_wire(names: Any, wire: dict[str, str]) -> Any:
    if isinstance(names, dict):
        return {wire.get(name, name): inner for name, inner in names.items()}
    return None if names is None else {wire.get(name, name) for name in names}


def json_schema_of(kind: type[Model], above: tuple[type[Model], ...] = ()) -> dict[str, Any]:
    """The wire format by the contract; fields that it does not know go through, so nothing says that there are none."""
    schema: dict[str, Any] = {"type": "object", "title": kind.__name__}
    if kind in above:
        return schema
    schema["description"] = inspect.cleandoc(kind.__doc__ or "").partition("\n")[0]
    schema["properties"] = {field.wire: _or_null(field.codec, above, kind, field.nullable) for field in kind._fields}
    required = [field.wire for field in kind._fields if field.required]
    return schema | ({"required": required} if required else {})


def _or_null(codec: Codec, above: tuple[type[Model], ...], kind: type[Model], nullable: bool) -> dict[str, Any]:
    schema = _value(codec, (*above, kind))
    return {"anyOf": [schema, {"type": "null"}]} if nullable else schema


def _value(codec: Codec, above: tuple[type[Model], ...]) -> dict[str, Any]:
    match codec:
        case IdOf():
            return {"type": "string"}
        case _Scalar():
            return {"type": _SCALARS[codec.kind]}
        case _IntegerOrString():
            return {"type": ["integer", "string"]}
        case EnumOf():
            # No `enum`: the portal may have new values.
            return {"type": _SCALARS[codec.base], "examples": list(codec.known)}
        case Money():
            return {"type": "number"} if codec.as_number else {"type": "string", "format": "decimal"}
        case Date():
            return {"type": "string", "format": "date"}
        case Moment():
            return {"type": "string", "format": "date-time"}
        case LocalMoment():
            return {"type": "string"}
        case Nullable():
            return {"anyOf": [_value(codec.inner, above), {"type": "null"}]}
        case ListOf():
            return {"type": "array", "items": _value(codec.item, above)}
        case MapOf():
            return {"type": "object", "additionalProperties": _value(codec.item, above)}
        case ModelOf():
            return json_schema_of(codec.kind, above)
        case _:
            return {}
