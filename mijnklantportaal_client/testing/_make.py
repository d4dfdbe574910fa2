"""Models for tests that need no HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

from .._codec import Codec, WriteOptions, plain_text, wrong_type
from .._codecs import ListOf, ModelOf
from .._json import plain
from .._model import Model
from .._moments import Moment
from .._money import Money
from .._reading import absent
from .._unset import UNSET
from ._portal.contract import shipped
from ._portal.examples import Examples

if TYPE_CHECKING:
    from .._field import Field
    from ._portal.contract import Schema

M = TypeVar("M", bound=Model)
_OPTIONS = WriteOptions(ZoneInfo("Europe/Amsterdam"))
_TEXTS: dict[type[Model], str] = {}


def make(model: type[M], /, *, additional_properties: Mapping[str, Any] | None = None, **fields: Any) -> M:
    """Makes an object as an answer would hold it, from the contract's examples.

        make(CustomerInvoice, amount="12.95", paid_at=None)
        make(Customer, city="Utrecht", customer_groups=["cug_1"])

    It is the same each time: give the `id` where several are to differ. The examples show every field, also such as
    exclude each other, like `accepted_at` and `rejected_at` of an offer.

    Args:
        model: The class, such as `CustomerInvoice`.
        additional_properties: Fields that the contract does not know, by their wire names.
        **fields: What is to be different, by the names of the attributes: a value as the attribute has it, or as it
            is in JSON. Of an object inside, a mapping says what is different; None is null, or absence where the field
            can't be null.

    Raises:
        TypeError: It is no model class, a field is unknown, or its value is of the wrong type.
        ValueError: A value is of the right type and can't be that field's all the same.
    """
    _check(model)
    more = dict(additional_properties or {})
    for known in sorted(more.keys() & model._wire_names):
        raise TypeError(f"make(): {known!r} is a field of {model.__name__}, and no additional property")
    return model.from_dict(_changed(model, fields, "") | plain(more))


def _check(model: object) -> None:
    if not (isinstance(model, type) and issubclass(model, Model)):
        name = model.__name__ if isinstance(model, type) else type(model).__name__
        raise TypeError(f"make() takes a model class such as CustomerInvoice, not {name}")


def _changed(kind: type[Model], given: Mapping[str, Any], path: str) -> dict[str, Any]:
    """The JSON of the example of a class, with some fields of it changed."""
    kind._refuse_unknown(given, path.rstrip(".") or "make()")
    data = _example_of(kind)
    for field in kind._fields:
        if field.name in given:
            value = _written(kind, field, given[field.name], path + field.name)
            if value is UNSET:
                data.pop(field.wire, None)
            else:
                data[field.wire] = value
    return data


def _written(kind: type[Model], field: Field, value: Any, name: str) -> Any:
    """The JSON value of a field; `UNSET` where it is not to be there."""
    if field.optional and value is absent(kind, field) and not (value is None and field.nullable):
        return UNSET
    if value is None and field.nullable:
        return None
    if value is None or value is UNSET:
        raise TypeError(f"{name} can't be {value!r}: the contract promises a value")
    return _json(field.codec, value, name)


def _json(codec: Codec, value: Any, name: str) -> Any:
    if isinstance(codec, ModelOf):
        if isinstance(value, codec.kind):
            return value.to_dict()
        if isinstance(value, Mapping):
            return _changed(codec.kind, value, f"{name}.")
        raise wrong_type(name, f"{codec.kind.__name__} or a mapping with its fields", value)
    if isinstance(codec, ListOf) and isinstance(value, Sequence) and not isinstance(value, (str, bytes, bytearray)):
        return [_json(codec.item, each, f"{name}[{index}]") for index, each in enumerate(value)]
    if isinstance(codec, Money) and codec.as_number and type(value) is float:
        # So it is in JSON.
        value = Decimal(repr(value))
    written = codec.write(value, name, _OPTIONS)
    if isinstance(codec, Moment):
        # Arguments go out in the portal's zone and in whole seconds; answers need not.
        return plain_text(value) if isinstance(value, str) else codec.dump(value)
    return written


def _example_of(kind: type[Model]) -> dict[str, Any]:
    """The JSON of a class; the caller's own to change."""
    if kind not in _TEXTS:
        _TEXTS[kind] = json.dumps(_examples().of(_schema_of(kind)))
    found: dict[str, Any] = json.loads(_TEXTS[kind])
    return found


@cache
def _examples() -> Examples:
    return Examples(shipped())


def _schema_of(kind: type[Model]) -> Schema:
    """The schema that a class was made from: the component of its name, else what has the same fields."""
    contract = _examples().contract
    by_name = [schema for name, schema in _components().items() if name.replace("_", "") == kind.__name__]
    for schema in (*by_name, *_components().values(), *_objects(contract.document["paths"])):
        if _has_fields(contract.resolve(schema), kind):
            return schema
    raise TypeError(f"make(): the contract has no example of {kind.__name__}")


@cache
def _components() -> dict[str, Schema]:
    names = _examples().contract.document["components"]["schemas"]
    return {name: {"$ref": f"#/components/schemas/{name}"} for name in names}


def _has_fields(schema: Any, kind: type[Model]) -> bool:
    return bool(kind._fields) and schema.get("properties", {}).keys() == kind._wire_names


def _objects(node: Any) -> Iterator[dict[str, Any]]:
    """The schemas of objects that stand where they are used."""
    if isinstance(node, dict):
        if isinstance(node.get("properties"), dict):
            yield node
        for each in node.values():
            yield from _objects(each)
    elif isinstance(node, list):
        for each in node:
            yield from _objects(each)
