"""Reading an object that differs from the contract, field by field; what is just as documented is read by `_fast`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from ._drift import ODD_ANSWER, Drift, Place, Unreadable
from ._field import EMPTY, Field, Oddities
from ._unset import UNSET

if TYPE_CHECKING:
    from ._model import Model

_M = TypeVar("_M", bound="Model")


def read_slowly(kind: type[_M], raw: Any, drift: Drift, place: Place) -> _M:
    """Reads what can be read, keeps what can't, and notes each difference.

    Raises:
        Unreadable: It is no object at all.
    """
    # PHP writes an empty object as [].
    if raw == [] and type(raw) is list:
        raw = {}
    if not isinstance(raw, Mapping):
        raise Unreadable
    additional = {key: value for key, value in raw.items() if key not in kind._wire_names}
    for key in additional:
        drift.add("unknown_field", (place, key))
    if additional and (model := _read_known(kind, raw)) is not None:
        model._oddities = Oddities(additional, {}, {})
        return model
    model = kind.__new__(kind)
    unreadable: dict[str, Any] = {}
    kept: dict[str, tuple[Any, Any]] = {}
    for field in kind._fields:
        came = raw.get(field.wire, EMPTY)
        try:
            value = _read_field(kind, field, came, drift, (place, field.wire))
        except Unreadable:
            unreadable[field.name] = came
            continue
        if value is EMPTY:
            continue
        setattr(model, field.name, value)
        if came is not EMPTY and came is not None and not field.codec.exact(value, came):
            kept[field.name] = (value, came)
    if additional or unreadable or kept:
        model._oddities = Oddities(additional, unreadable, kept)
    return model


def _read_known(kind: type[_M], raw: Mapping[str, Any]) -> _M | None:
    """The object without what the contract does not know, if the rest is just as documented.

    A new field in every object is what an API's next version looks like.
    """
    try:
        return kind._fast({key: value for key, value in raw.items() if key in kind._wire_names})
    except ODD_ANSWER:
        return None


def _read_field(kind: type[Model], field: Field, came: Any, drift: Drift, at: Place) -> Any:
    """The value of a field, or `EMPTY` where its slot stays empty.

    Raises:
        Unreadable: What came can't be its value.
    """
    if came is EMPTY:
        if field.required:
            drift.add("missing", at, critical=field.critical)
        return UNSET if field.optional and absent(kind, field) is UNSET else EMPTY
    if came is None:
        if not field.nullable:
            drift.add("unexpected_null", at, critical=field.critical)
        if field.nullable or (field.optional and absent(kind, field) is None):
            return None
        raise Unreadable
    try:
        return field.codec.read(came, drift, at)
    except Unreadable:
        drift.add("wrong_type", at, critical=field.critical)
        raise


def absent(kind: type[Model], field: Field) -> Any:
    """What an optional field reads as that is not there: `UNSET` in classes of arguments, else None."""
    return UNSET if getattr(attrs.fields(kind), field.name).default is UNSET else None  # type: ignore[arg-type]
