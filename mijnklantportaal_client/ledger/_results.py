"""Results as JSON text and back: models by their names, and nothing that would run code."""

from __future__ import annotations

import base64
import binascii
import datetime
import enum
import json
import math
from decimal import Decimal
from typing import Any

import attrs

from .._generated import models
from .._json import loads
from .._model import Model
from .._page import Page

_MARK = "$"
"""Begins the name of what JSON has no value for; an object of the user's with such a key is written as pairs."""


def encode(value: Any) -> str:
    """The text of a result.

    Raises:
        TypeError: It holds something that can't be kept.
        ValueError: It holds a number that JSON has no text for, or itself.
    """
    try:
        return json.dumps(_plain(value), allow_nan=False)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def decode(text: str) -> Any:
    """The result of a text.

    Raises:
        ValueError: It can't be read, such as that of a newer version of this package.
    """
    try:
        return _made(loads(text))
    except (AttributeError, KeyError, TypeError, ArithmeticError, binascii.Error) as error:
        raise ValueError(str(error)) from None


def _plain(value: Any) -> Any:
    kind = type(value)
    if value is None or kind in (bool, int, str):
        return value
    if kind is float:
        if not math.isfinite(value):
            raise ValueError(f"{value} is no JSON")
        # A number with a fraction is read as a Decimal.
        return {"$float": repr(value)}
    if kind in (list, tuple):
        members = [_plain(member) for member in value]
        return members if kind is list else {"$tuple": members}
    if kind is dict:
        return _plain_dict(value)
    if isinstance(value, Model) and _model(kind.__name__) is kind:
        # JSON already, which is read again as an answer is.
        return {"$model": kind.__name__, "of": value.to_dict()}
    return _plain_other(value, kind)


def _plain_other(value: Any, kind: type) -> Any:
    if issubclass(kind, enum.Enum) and getattr(models, kind.__name__, None) is kind:
        return {"$enum": kind.__name__, "of": value.value}
    if kind is Decimal:
        return {"$decimal": str(value)}
    if kind is datetime.datetime:
        return {"$moment": value.isoformat()}
    if kind is datetime.date:
        return {"$date": value.isoformat()}
    if kind is bytes:
        return {"$bytes": base64.b64encode(value).decode("ascii")}
    if kind is Page:
        return {"$page": {name: _plain(getattr(value, name)) for name in _page_fields()}}
    raise TypeError(f"a {kind.__name__} can't be kept; models, JSON values, Decimals, dates and bytes can")


def _plain_dict(value: dict[Any, Any]) -> Any:
    if all(type(key) is str and not key.startswith(_MARK) for key in value):
        return {key: _plain(member) for key, member in value.items()}
    return {"$pairs": [[_plain(key), _plain(member)] for key, member in value.items()]}


def _made(value: Any) -> Any:
    if isinstance(value, list):
        return [_made(member) for member in value]
    if not isinstance(value, dict):
        return value
    mark = next(iter(value), "")
    if not mark.startswith(_MARK):
        return {key: _made(member) for key, member in value.items()}
    held = value[mark]
    if mark == "$model":
        return _model(held).from_dict(value["of"])
    if mark == "$enum":
        return getattr(models, held if held in models.__all__ else "")(value["of"])
    if mark == "$pairs":
        return {_made(key): _made(member) for key, member in held}
    if mark == "$page":
        return Page(**_made(held))
    return _READERS[mark](held)


def _tuple(held: list[Any]) -> tuple[Any, ...]:
    return tuple(_made(member) for member in held)


def _bytes(held: str) -> bytes:
    return base64.b64decode(held, validate=True)


_READERS: dict[str, Any] = {
    "$float": float,
    "$tuple": _tuple,
    "$decimal": Decimal,
    "$moment": datetime.datetime.fromisoformat,
    "$date": datetime.date.fromisoformat,
    "$bytes": _bytes,
}


def _model(name: str) -> type[Model]:
    """A class of the generated models, and of nothing else."""
    found = getattr(models, name, None) if name in models.__all__ else None
    if not (isinstance(found, type) and issubclass(found, Model)):
        raise TypeError(f"this version has no model {name!r:.60}")
    return found


def _page_fields() -> tuple[str, ...]:
    return tuple(field.name for field in attrs.fields(Page))
