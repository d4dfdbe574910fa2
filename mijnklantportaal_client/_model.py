"""What every model class can do; the classes themselves are generated.

A model holds one slot per field. A field that was missing or unreadable has an empty slot: using it raises
`FieldMissingError` while the rest of the object works, or gives None where the contract lets the field be absent.
Whatever else is out of the ordinary goes to one extra slot that is empty for most objects.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeGuard, TypeVar

from ._codec import WriteOptions, wrong_type
from ._drift import ODD_ANSWER, Drift, Odd, Place
from ._field import EMPTY, Field, Oddities, shown_part
from ._json import plain
from ._reading import read_slowly
from ._unset import UNSET
from .errors import FieldMissingError

if TYPE_CHECKING:
    from typing import Self

_M = TypeVar("_M", bound="Model")
_FIELDS_OF_LINKS = frozenset({"link", "expiresAt"})


class Model:
    """Base of all models."""

    __slots__ = ("_oddities",)
    __hash__ = None  # type: ignore[assignment]

    _fields: ClassVar[tuple[Field, ...]] = ()
    _wire_names: ClassVar[frozenset[str]] = frozenset()
    _none_is_null: ClassVar[bool] = True
    """Whether None in an argument is JSON null; in classes of answers too, it is only how absence reads."""
    _oddities: Oddities

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls._wire_names = frozenset(field.wire for field in cls._fields)

    @property
    def additional_properties(self) -> dict[str, Any]:
        """Fields of the answer that the contract does not know, by their wire names."""
        return self._odd().growing()

    @property
    def unreadable(self) -> Mapping[str, Any]:
        """What came instead of the fields that could not be read, by field name."""
        odd = _oddities(self)
        return MappingProxyType(odd.unreadable if odd else {})

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Makes an object from wire names and JSON values, as lenient as an answer is read.

        Raises:
            TypeError: `data` is not a mapping.
        """
        if not isinstance(data, Mapping):
            raise TypeError(f"{cls.__name__}.from_dict takes a mapping, not {type(data).__name__}")
        return cls._read(dict(data), Drift(), "")

    def to_dict(self, by: Literal["wire", "python"] = "wire") -> dict[str, Any]:
        """The object as a dict.

        Args:
            by: `"wire"`: the API's names and JSON values, everything that was read comes out again. `"python"`: this
                package's names, with `Decimal`, dates and enums kept, and without what could not be read.
        """
        if by == "wire":
            return self._dump()
        if by != "python":
            raise ValueError("by must be 'wire' or 'python'")
        result = {name: _to_python(value) for name, value in self._values() if value is not UNSET}
        odd = _oddities(self)
        return {**odd.additional, **result} if odd else result

    @classmethod
    def _fast(cls, raw: dict[str, Any]) -> Self:  # noqa: ARG003
        raise Odd

    @classmethod
    def _read(cls, raw: Any, drift: Drift, place: Place) -> Self:
        try:
            return cls._fast(raw)
        except ODD_ANSWER:
            return read_slowly(cls, raw, drift, place)

    @classmethod
    def _read_slowly(cls, raw: Any, drift: Drift, place: Place) -> Self:
        return read_slowly(cls, raw, drift, place)

    def _dump(self) -> dict[str, Any]:
        odd = _oddities(self)
        result: dict[str, Any] = {}
        for field in self._fields:
            value = _slot(self, field.name)
            if odd:
                if field.name in odd.kept and _unchanged(field, value, *odd.kept[field.name]):
                    result[field.wire] = plain(odd.kept[field.name][1])
                    continue
                if value is EMPTY and field.name in odd.unreadable:
                    result[field.wire] = plain(odd.unreadable[field.name])
                    continue
            if value is not EMPTY and value is not UNSET:
                result[field.wire] = None if value is None else field.codec.dump(value)
        if odd:
            result.update(plain(odd.additional))
        return result

    @classmethod
    def _write(cls, value: Any, name: str, options: WriteOptions) -> dict[str, Any]:
        """Checks an argument, an object of this class or a mapping with its field names, and puts it on the wire."""
        if isinstance(value, cls):
            given = {key: member for key, member in value._values() if member is not None or cls._none_is_null}
            odd = _oddities(value)
            extra = dict(plain(odd.additional)) if odd else {}
        elif isinstance(value, Mapping):
            given = dict(value)
            extra = {}
            cls._refuse_unknown(given, name)
        else:
            raise wrong_type(name, f"{cls.__name__} or a mapping with its fields", value)
        result: dict[str, Any] = {}
        for field in cls._fields:
            member = given.get(field.name, UNSET)
            at = f"{name}.{field.name}"
            if member is UNSET:
                if field.required:
                    raise TypeError(f"{at} is missing")
            elif member is None:
                if not field.nullable:
                    raise wrong_type(at, "a value", None)
                result[field.wire] = None
            else:
                result[field.wire] = field.codec.write(member, at, options)
        return result | extra

    @classmethod
    def _refuse_unknown(cls, given: Mapping[str, Any], name: str) -> None:
        names = [field.name for field in cls._fields]
        for key in given:
            if key not in names:
                import difflib

                near = difflib.get_close_matches(str(key), names, 1, 0.4)
                hint = f"; did you mean {near[0]!r}?" if near else f"; it has {', '.join(names)}"
                raise TypeError(f"{name}: {cls.__name__} has no field {key!r}{hint}")

    def _odd(self) -> Oddities:
        odd = _oddities(self)
        if odd is None:
            odd = self._oddities = Oddities({}, {}, {})
        return odd

    def _value(self, field: Field) -> Any:
        """What a field reads as, or `EMPTY` where using it raises."""
        value = _slot(self, field.name)
        return None if value is EMPTY and field.optional and field.name not in self.unreadable else value

    def _values(self) -> Iterator[tuple[str, Any]]:
        for field in self._fields:
            value = self._value(field)
            if value is not EMPTY:
                yield field.name, value

    if not TYPE_CHECKING:
        # Runs only where a slot is empty. Hidden from type checkers, which would take every name for a field.
        def __getattr__(self, name: str) -> Any:
            field = next((field for field in type(self)._fields if field.name == name), None)
            if field is None:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}", name=name, obj=self)
            if self._value(field) is None:
                return None
            if name in self.unreadable:
                kind = type(self.unreadable[name]).__name__
                why = f"held {kind}, not the {name} that the contract promises (see .unreadable)"
            else:
                why = f"lacked the field {field.wire!r} that the contract promises"
            raise FieldMissingError(f"{type(self).__name__}.{name} can't be used: the answer {why}")

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return _state(self) == _state(other)

    def __repr__(self) -> str:
        parts = (shown_part(field, self._value(field), self.unreadable) for field in self._fields)
        return f"{type(self).__name__}({', '.join(part for part in parts if part)})"

    def __reduce__(self) -> tuple[Any, ...]:
        filled = {field.name: value for field in self._fields if (value := _slot(self, field.name)) is not EMPTY}
        return _rebuild, (type(self), filled, *_kept_state(self))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        from ._pydantic import core_schema_of

        return core_schema_of(cls)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, Any]:
        from ._pydantic import json_schema_of

        return json_schema_of(cls)


def is_download_link(value: object) -> TypeGuard[Model]:
    """Whether an object is a model of links, whatever the contract calls it."""
    return isinstance(value, Model) and value._wire_names >= _FIELDS_OF_LINKS


def _slot(model: Model, name: str) -> Any:
    try:
        return object.__getattribute__(model, name)
    except AttributeError:
        return EMPTY


def _oddities(model: Model) -> Oddities | None:
    odd = _slot(model, "_oddities")
    return None if odd is EMPTY else odd


def _kept_state(model: Model) -> tuple[Any, ...]:
    odd = _oddities(model)
    parts = tuple(dict(part) for part in (odd.additional, odd.unreadable, odd.kept)) if odd else ()
    return parts if any(parts) else ()


def _state(model: Model) -> tuple[Any, ...]:
    odd = _oddities(model)
    return (dict(model._values()), dict(odd.additional) if odd else {}, dict(odd.unreadable) if odd else {})


def _rebuild(kind: type[_M], values: dict[str, Any], *state: Any) -> _M:
    self = kind.__new__(kind)
    for name, value in values.items():
        setattr(self, name, value)
    if state:
        self._oddities = Oddities(*state)
    return self


def _unchanged(field: Field, value: Any, parsed: Any, raw: Any) -> bool:
    """Whether a field still holds what was read, so that it is written as it came."""
    if value is not parsed:
        return False
    # A list or an object may have been changed in place.
    return not isinstance(value, (list, dict, Model)) or bool(value == field.codec.read(raw, Drift(), ""))


def _to_python(value: Any) -> Any:
    if isinstance(value, Model):
        return value.to_dict(by="python")
    if isinstance(value, list):
        return [_to_python(member) for member in value]
    if isinstance(value, dict):
        return {key: _to_python(member) for key, member in value.items()}
    return value
