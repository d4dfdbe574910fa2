"""How each kind of value is read from JSON, written to JSON, and dumped back.

`read` is the lenient side: it takes what the server sent and raises `Unreadable` where that can't be the value its
annotation promises. `write` is the strict side: it takes what a caller passed and raises `TypeError` or `ValueError`
before anything is sent. `dump` turns a read value back into JSON.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from ._drift import Drift, Unreadable, child
from ._json import number, plain
from .ids import check_id

if TYPE_CHECKING:
    import enum

    from ._model import Model

_MONEY = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
# An amount that comes out again as it went in: no zero before other digits.
is_money = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?").fullmatch
_LARGEST_EXPONENT = 15


def is_number(value: Any) -> bool:
    """Whether a value is a JSON number that can be an amount; spelling out a larger one would fill the memory."""
    if type(value) is int:
        return -(10**60) < value < 10**60
    return type(value) is Decimal and value.is_finite() and (not value or -60 <= value.adjusted() < 60)


class WriteOptions:
    """What the writing of arguments depends on."""

    __slots__ = ("validate_ids", "zone")

    def __init__(self, zone: datetime.tzinfo, *, validate_ids: bool = True) -> None:
        self.zone = zone
        self.validate_ids = validate_ids


class Codec:
    """One kind of value; this base takes any JSON as it is."""

    def read(self, raw: Any, drift: Drift, pointer: str) -> Any:
        return raw

    def read_whole(self, raw: Any, drift: Drift) -> Any:
        """Reads what is the whole answer."""
        return self.read(raw, drift, "")

    def exact(self, value: Any, raw: Any) -> bool:
        """Whether `dump(value)` is `raw` again; where it is not, the model keeps `raw`."""
        return True

    def dump(self, value: Any) -> Any:
        return plain(value)

    def write(self, value: Any, name: str, options: WriteOptions) -> Any:
        return plain(value)


class _Scalar(Codec):
    """A JSON string, whole number or boolean."""

    def __init__(self, kind: type, noun: str) -> None:
        self.kind = kind
        self.noun = noun

    def read(self, raw: Any, drift: Drift, pointer: str) -> Any:
        if type(raw) is not self.kind:
            raise Unreadable
        return raw

    def write(self, value: Any, name: str, options: WriteOptions) -> Any:
        if not isinstance(value, self.kind) or (self.kind is int and isinstance(value, bool)):
            raise wrong_type(name, self.noun, value)
        return _text(value) if isinstance(value, str) else self.kind(value)


class _IntegerOrString(Codec):
    """A whole number or a string; goes out as given."""

    def read(self, raw: Any, drift: Drift, pointer: str) -> Any:
        if type(raw) is not str and type(raw) is not int:
            raise Unreadable
        return raw

    def write(self, value: Any, name: str, options: WriteOptions) -> Any:
        if isinstance(value, bool) or not isinstance(value, (int, str)):
            raise wrong_type(name, "an int or a str", value)
        return _text(value) if isinstance(value, str) else int(value)


class _Money(Codec):
    """An exact amount; on the wire a decimal string, or a JSON number where `as_number`."""

    def __init__(self, *, as_number: bool, decimals: int = 2) -> None:
        self.as_number = as_number
        self.decimals = decimals

    def read(self, raw: Any, drift: Drift, pointer: str) -> Decimal:
        if type(raw) is str:
            if not _MONEY.fullmatch(raw):
                raise Unreadable
            return Decimal(raw)
        number = Decimal(repr(raw)) if type(raw) is float else raw
        if not is_number(number):
            raise Unreadable
        return Decimal(number)

    def exact(self, value: Any, raw: Any) -> bool:
        again = self.dump(value)
        if isinstance(again, str) or isinstance(raw, str):
            return bool(again == raw)
        return type(again) is type(plain(raw)) and bool(again == plain(raw))

    def dump(self, value: Any) -> Any:
        if not isinstance(value, Decimal):
            return plain(value)
        return number(value) if self.as_number else format(value, "f")

    def write(self, value: Any, name: str, options: WriteOptions) -> Any:
        text = decimal_text(value, name, self.decimals)
        if not self.as_number:
            return text
        amount = Decimal(text)
        written = number(amount)
        if Decimal(repr(written)) != amount:
            raise ValueError(f"{name}: the amount has more digits than a JSON number keeps")
        return written


def decimal_text(value: Any, name: str, decimals: int) -> str:
    """A number in digits, as the API wants an amount: `12.95`."""
    if isinstance(value, float):
        raise TypeError(f"{name}: a float can't hold an exact amount; pass Decimal('12.95') or '12.95'")
    if isinstance(value, bool) or not isinstance(value, (Decimal, int, str)):
        raise wrong_type(name, "a Decimal, an int or a str like '12.95'", value)
    if isinstance(value, str) and not _MONEY.fullmatch(value):
        raise ValueError(f"{name}: {value!r:.40} is no amount; write it like '12.95'")
    amount = Decimal(value)
    if not amount.is_finite():
        raise ValueError(f"{name}: {value} is no amount")
    if amount.adjusted() > _LARGEST_EXPONENT:
        raise ValueError(f"{name}: the amount is too large")
    exponent = amount.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -decimals:
        raise ValueError(f"{name}: the amount has more than {decimals} decimals; round it first")
    return _text(value) if isinstance(value, str) else format(amount, "f")


class _Date(Codec):
    """A calendar date, `2024-04-29`."""

    def read(self, raw: Any, drift: Drift, pointer: str) -> datetime.date:
        try:
            return datetime.date.fromisoformat(raw)
        except (TypeError, ValueError):
            raise Unreadable from None

    def exact(self, value: Any, raw: Any) -> bool:
        return bool(value.isoformat() == raw)

    def dump(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, datetime.date) else plain(value)

    def write(self, value: Any, name: str, options: WriteOptions) -> str:
        if isinstance(value, datetime.datetime) or not isinstance(value, (datetime.date, str)):
            raise wrong_type(name, "a datetime.date or a str like '2024-04-29'", value)
        if isinstance(value, str):
            text = _text(value)
            try:
                exact = datetime.date.fromisoformat(text).isoformat() == text
            except ValueError:
                exact = False
            if not exact:
                raise ValueError(f"{name}: {text!r:.40} is no date; write it like '2024-04-29'")
            return text
        return str(value.isoformat())


class _Moment(Codec):
    """A moment in answers: ISO 8601 with its offset from UTC."""

    def read(self, raw: Any, drift: Drift, pointer: str) -> datetime.datetime:
        try:
            moment = datetime.datetime.fromisoformat(raw)
        except (TypeError, ValueError):
            raise Unreadable from None
        if moment.tzinfo is None:
            raise Unreadable
        return moment

    def exact(self, value: Any, raw: Any) -> bool:
        return bool(value.isoformat() == raw)

    def dump(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, datetime.datetime) else plain(value)

    def write(self, value: Any, name: str, options: WriteOptions) -> str:
        moment = _aware(value, name, "an ISO text with its offset from UTC, like '2024-04-29T21:00:00+02:00'")
        if isinstance(moment, str):
            try:
                moment = self.read(moment, Drift(), "")
            except Unreadable:
                raise ValueError(f"{name}: {moment!r:.40} is no moment like '2024-04-29T21:00:00+02:00'") from None
        return _in_zone(moment, name, options).isoformat(timespec="seconds")


class LocalMoment(Codec):
    """A moment in requests, without a zone on the wire: the portal's local time to the second or the minute."""

    def __init__(self, precision: Literal["seconds", "minutes"], example: str) -> None:
        self.precision = precision
        self.example = example

    def write(self, value: Any, name: str, options: WriteOptions) -> str:
        moment = _aware(value, name, f"a str like {self.example!r}")
        if isinstance(moment, datetime.datetime):
            return self._local(_in_zone(moment, name, options))
        try:
            parsed = datetime.datetime.fromisoformat(moment)
        except ValueError:
            parsed = None
        if parsed is None or self._local(parsed) != moment:
            raise ValueError(f"{name}: {moment!r:.40} is no moment; write it like {self.example!r}")
        return moment

    def dump(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, datetime.datetime) else plain(value)

    def _local(self, moment: datetime.datetime) -> str:
        return moment.replace(tzinfo=None).isoformat(" ", self.precision)


def _in_zone(moment: datetime.datetime, name: str, options: WriteOptions) -> datetime.datetime:
    try:
        return moment.astimezone(options.zone)
    except OverflowError:
        raise ValueError(f"{name}: the moment is out of range") from None


def _aware(value: Any, name: str, text: str) -> datetime.datetime | str:
    if isinstance(value, datetime.datetime):
        if value.tzinfo is None or value.utcoffset() is None:
            raise ValueError(
                f"{name}: a datetime needs a tzinfo, else the moment is a guess; "
                "write datetime.now(ZoneInfo('Europe/Amsterdam')), for one"
            )
        return value
    if isinstance(value, str):
        return _text(value)
    raise wrong_type(name, f"an aware datetime or {text}", value)


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

    def read(self, raw: Any, drift: Drift, pointer: str) -> Any:
        if type(raw) is not self.base:
            raise Unreadable
        member = self.known.get(raw)
        if member is None:
            drift.add("unknown_value", pointer)
            return raw
        return member

    def dump(self, value: Any) -> Any:
        return self.base(value.value) if isinstance(value, self.kind) else plain(value)

    def write(self, value: Any, name: str, options: WriteOptions) -> Any:
        if self.base is str and isinstance(value, str):
            return _text(value)
        if self.base is int and isinstance(value, int) and not isinstance(value, bool):
            return int(value)
        raise wrong_type(name, f"{self.kind.__name__} or {self.base.__name__}", value)


class Nullable(Codec):
    """A value or JSON null."""

    def __init__(self, inner: Codec) -> None:
        self.inner = inner

    def read(self, raw: Any, drift: Drift, pointer: str) -> Any:
        return None if raw is None else self.inner.read(raw, drift, pointer)

    def exact(self, value: Any, raw: Any) -> bool:
        return value is None or self.inner.exact(value, raw)

    def dump(self, value: Any) -> Any:
        return None if value is None else self.inner.dump(value)

    def write(self, value: Any, name: str, options: WriteOptions) -> Any:
        return None if value is None else self.inner.write(value, name, options)


class ListOf(Codec):
    """A JSON array."""

    def __init__(self, item: Codec) -> None:
        self.item = item

    def read(self, raw: Any, drift: Drift, pointer: str) -> list[Any]:
        if type(raw) is not list:
            raise Unreadable
        return [self.item.read(member, drift, child(pointer, index)) for index, member in enumerate(raw)]

    def exact(self, value: Any, raw: Any) -> bool:
        return all(self.item.exact(member, other) for member, other in zip(value, raw, strict=True))

    def dump(self, value: Any) -> Any:
        return [self.item.dump(member) for member in value] if isinstance(value, (list, tuple)) else plain(value)

    def write(self, value: Any, name: str, options: WriteOptions) -> list[Any]:
        # A str is a sequence of strs to Python, but never what was meant.
        if isinstance(value, (str, bytes, bytearray, Mapping)) or not isinstance(value, Sequence):
            raise wrong_type(name, "a list or tuple", value)
        return [self.item.write(member, f"{name}[{index}]", options) for index, member in enumerate(value)]


class MapOf(Codec):
    """A JSON object with free keys."""

    def __init__(self, item: Codec) -> None:
        self.item = item

    def read(self, raw: Any, drift: Drift, pointer: str) -> dict[str, Any]:
        # PHP writes an empty map as [].
        if raw == [] and type(raw) is list:
            return {}
        if not isinstance(raw, Mapping):
            raise Unreadable
        return {key: self.item.read(member, drift, child(pointer, key)) for key, member in raw.items()}

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
        return {_text(key): self.item.write(member, f"{name}[{key!r}]", options) for key, member in value.items()}


class ModelOf(Codec):
    """An object of a known class. `kind` is a callable where classes refer to each other in a circle."""

    def __init__(self, kind: type[Model] | Callable[[], type[Model]]) -> None:
        self._kind = kind

    @property
    def kind(self) -> type[Model]:
        return self._kind if isinstance(self._kind, type) else self._kind()

    def read(self, raw: Any, drift: Drift, pointer: str) -> Model:
        return self.kind._read(raw, drift, pointer)

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


def _text(value: str) -> str:
    # Not str(value): an enum that mixes in str would answer with its name.
    return str.__str__(value)


def wrong_type(name: str, expected: str, value: object) -> TypeError:
    """The error for an argument of the wrong type; shows the type, never the value."""
    if value is None:
        return TypeError(f"{name} can't be None: pass {expected}, or leave it out (UNSET) where it is optional")
    return TypeError(f"{name} must be {expected}, not {type(value).__name__}")


ANY: Codec = Codec()
STRING: Codec = _Scalar(str, "a str")
INTEGER: Codec = _Scalar(int, "an int")
BOOLEAN: Codec = _Scalar(bool, "a bool")
INTEGER_OR_STRING: Codec = _IntegerOrString()
MONEY: Codec = _Money(as_number=False)
NUMBER: Codec = _Money(as_number=True)
DECIMAL: Codec = _Money(as_number=True, decimals=15)
DATE: Codec = _Date()
MOMENT: Codec = _Moment()
LOCAL_DATE_TIME: Codec = LocalMoment("seconds", "2024-04-29 21:00:00")
LOCAL_DATE_MINUTE: Codec = LocalMoment("minutes", "2024-04-29 21:00")
BINARY: Codec = _Binary()
