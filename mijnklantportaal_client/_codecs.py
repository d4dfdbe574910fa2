"""The codec of each kind of value, and of lists and objects of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ._codec import Codec, WriteOptions, plain_text, wrong_type
from ._drift import Drift, Place, Unreadable
from ._json import plain
from ._moments import Date, LocalMoment, Moment
from ._money import Money
from .ids import check_id

if TYPE_CHECKING:
    import enum

    from ._model import Model


class _Scalar(Codec):
    """A JSON string, whole number or boolean."""

    def __init__(self, kind: type, noun: str) -> None:
        self.kind = kind
        self.noun = noun

    def read(self, raw: Any, drift: Drift, place: Place) -> Any:
        if type(raw) is not self.kind:
            raise Unreadable
        return raw

    def write(self, value: Any, name: str, options: WriteOptions) -> Any:
        if not isinstance(value, self.kind) or (self.kind is int and isinstance(value, bool)):
            raise wrong_type(name, self.noun, value)
        return plain_text(value) if isinstance(value, str) else self.kind(value)


class _IntegerOrString(Codec):
    """A whole number or a string; goes out as given."""

    def read(self, raw: Any, drift: Drift, place: Place) -> Any:
        if type(raw) is not str and type(raw) is not int:
            raise Unreadable
        return raw

    def write(self, value: Any, name: str, options: WriteOptions) -> Any:
        if isinstance(value, bool) or not isinstance(value, (int, str)):
            raise wrong_type(name, "an int or a str", value)
        return plain_text(value) if isinstance(value, str) else int(value)


class IdOf(Codec):
    """An ID whose prefix is known; in requests only, answers read IDs as strings."""

    def __init__(self, *prefixes: str) -> None:
        self.prefixes = prefixes

    def write(self, value: Any, name: str, options: WriteOptions) -> str:
        return check_id(value, *self.prefixes, parameter=name, validate_prefix=options.validate_ids)


class EnumOf(Codec):
    """A value of a closed list that may grow: a known one is a member, an unknown one stays as it is."""

    def __init__(self, kind: type[enum.Enum]) -> None:
        self.kind = kind
        self.known = {member.value: member for member in kind}
        self.base: type = int if issubclass(kind, int) else str

    def read(self, raw: Any, drift: Drift, place: Place) -> Any:
        if type(raw) is not self.base:
            raise Unreadable
        member = self.known.get(raw)
        if member is None:
            drift.add("unknown_value", place)
            return raw
        return member

    def dump(self, value: Any) -> Any:
        return self.base(value.value) if isinstance(value, self.kind) else plain(value)

    def write(self, value: Any, name: str, options: WriteOptions) -> Any:
        if self.base is str and isinstance(value, str):
            return plain_text(value)
        if self.base is int and isinstance(value, int) and not isinstance(value, bool):
            return int(value)
        raise wrong_type(name, f"{self.kind.__name__} or {self.base.__name__}", value)


class Nullable(Codec):
    """A value or JSON null."""

    def __init__(self, inner: Codec) -> None:
        self.inner = inner

    def read(self, raw: Any, drift: Drift, place: Place) -> Any:
        return None if raw is None else self.inner.read(raw, drift, place)

    def exact(self, value: Any, raw: Any) -> bool:
        return value is None or self.inner.exact(value, raw)

    def dump(self, value: Any) -> Any:
        return None if value is None else self.inner.dump(value)

    def write(self, value: Any, name: str, options: WriteOptions) -> Any:
        return None if value is None else self.inner.write(value, name, options)


class ListOf(Codec):
    """A JSON array, of at most so many items where the API says so."""

    def __init__(self, item: Codec, *, most: int | None = None) -> None:
        self.item = item
        self.most = most

    def read(self, raw: Any, drift: Drift, place: Place) -> list[Any]:
        if type(raw) is not list:
            raise Unreadable
        return [self.item.read(member, drift, (place, index)) for index, member in enumerate(raw)]

    def exact(self, value: Any, raw: Any) -> bool:
        return all(self.item.exact(member, other) for member, other in zip(value, raw, strict=True))

    def dump(self, value: Any) -> Any:
        return [self.item.dump(member) for member in value] if isinstance(value, (list, tuple)) else plain(value)

    def write(self, value: Any, name: str, options: WriteOptions) -> list[Any]:
        # A str is a sequence of strs to Python, but never what was meant.
        if isinstance(value, (str, bytes, bytearray, Mapping)) or not isinstance(value, Sequence):
            raise wrong_type(name, "a list or tuple", value)
        if self.most is not None and len(value) > self.most:
            raise ValueError(f"{name}: {len(value)} are too many, the API takes {self.most} at most")
        return [self.item.write(member, f"{name}[{index}]", options) for index, member in enumerate(value)]


class MapOf(Codec):
    """A JSON object with free keys."""

    def __init__(self, item: Codec) -> None:
        self.item = item

    def read(self, raw: Any, drift: Drift, place: Place) -> dict[str, Any]:
        # PHP writes an empty map as [].
        if raw == [] and type(raw) is list:
            return {}
        if not isinstance(raw, Mapping):
            raise Unreadable
        return {key: self.item.read(member, drift, (place, key)) for key, member in raw.items()}

    def exact(self, value: Any, raw: Any) -> bool:
        return isinstance(raw, Mapping) and all(self.item.exact(value[key], member) for key, member in raw.items())

    def dump(self, value: Any) -> Any:
        if not isinstance(value, Mapping):
            return plain(value)
        return {key: self.item.dump(member) for key, member in value.items()}

    def write(self, value: Any, name: str, options: WriteOptions) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise wrong_type(name, "a mapping", value)
        for key in value:
            if not isinstance(key, str):
                raise wrong_type(f"a key of {name}", "a str", key)
        return {plain_text(key): self.item.write(member, f"{name}[{key!r}]", options) for key, member in value.items()}


class ModelOf(Codec):
    """An object of a known class. `kind` is a callable where classes refer to each other in a circle."""

    def __init__(self, kind: type[Model] | Callable[[], type[Model]]) -> None:
        self._kind = kind

    @property
    def kind(self) -> type[Model]:
        return self._kind if isinstance(self._kind, type) else self._kind()

    @property
    def fast(self) -> Callable[[Any], Model]:
        return self.kind._fast

    def read(self, raw: Any, drift: Drift, place: Place) -> Model:
        return self.kind._read(raw, drift, place)

    def read_whole(self, raw: Any, drift: Drift) -> Model:
        # One odd field is drift; an object that has none of the fields is another object.
        if not isinstance(raw, Mapping) or (self.kind._fields and self.kind._wire_names.isdisjoint(raw)):
            wrapped = isinstance(raw, Mapping) and isinstance(raw.get("data"), Mapping)
            raise Unreadable("the answer is wrapped in `data`" if wrapped else "")
        return self.read(raw, drift, "")

    def exact(self, value: Any, raw: Any) -> bool:
        # What an object holds beyond its fields it keeps itself.
        return isinstance(raw, Mapping)

    def dump(self, value: Any) -> Any:
        return value.to_dict() if isinstance(value, self.kind) else plain(value)

    def write(self, value: Any, name: str, options: WriteOptions) -> Any:
        return self.kind._write(value, name, options)


class _Binary(Codec):
    """The content of a file; only in forms, where the request builder takes it out of the fields."""

    def write(self, value: Any, name: str, options: WriteOptions) -> Any:
        from ._files import file_source

        return file_source(value, parameter=name)


ANY: Codec = Codec()
STRING: Codec = _Scalar(str, "a str")
INTEGER: Codec = _Scalar(int, "an int")
BOOLEAN: Codec = _Scalar(bool, "a bool")
INTEGER_OR_STRING: Codec = _IntegerOrString()
MONEY: Codec = Money(as_number=False)
NUMBER: Codec = Money(as_number=True)
DECIMAL: Codec = Money(as_number=True, decimals=15)
DATE: Codec = Date()
MOMENT: Codec = Moment()
LOCAL_DATE_TIME: Codec = LocalMoment("seconds", "2024-04-29 21:00:00")
LOCAL_DATE_MINUTE: Codec = LocalMoment("minutes", "2024-04-29 21:00")
BINARY: Codec = _Binary()
