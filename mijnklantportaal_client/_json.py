"""JSON with exact numbers."""

from __future__ import annotations

import json
import math
from codecs import BOM_UTF8
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

_DEEPEST = 100
"""Levels of nesting; no answer has ten, and Python's own limit is met in places that can't tell why."""
_MOST_DIGITS = 4000
"""Python neither reads nor writes a whole number that is much longer."""


class NestedTooDeeplyError(ValueError):
    """JSON that is nested too deeply to be handled."""

    def __init__(self) -> None:
        super().__init__("nested too deeply")


def _refuse_constant(text: str) -> Any:
    raise ValueError(f"{text} is no JSON")


def _any_integer(text: str) -> int | str:
    # Python refuses very long ones, and one such field is no reason to lose the others.
    try:
        return int(text)
    except ValueError:
        return text


def _any_decimal(text: str) -> Decimal | str:
    try:
        return Decimal(text)
    except ArithmeticError:
        return text


# Made once, as making them takes longer than reading a short answer.
_DECODER = json.JSONDecoder(parse_float=Decimal, parse_constant=_refuse_constant)
_PATIENT_DECODER = json.JSONDecoder(parse_float=_any_decimal, parse_int=_any_integer, parse_constant=_refuse_constant)


def loads(content: bytes | str) -> Any:
    """Parses JSON; a number with a fraction or exponent becomes the `Decimal` that its text says.

    A number that Python can't hold stays text. Of a key that stands twice in an object, the last value counts.

    Raises:
        ValueError: The content is no JSON, is not UTF-8, is nested too deeply or holds NaN or Infinity.
    """
    # A byte order mark is not JSON, but PHP files saved with one make servers send it.
    text = content.removeprefix(BOM_UTF8).decode() if isinstance(content, bytes) else content
    try:
        value = _parse(text)
    except RecursionError:
        raise NestedTooDeeplyError from None
    return checked(value, content)


def checked(value: Any, content: bytes | str) -> Any:
    """The value, unless it is nested so deeply that trouble would come of it later.

    Raises:
        NestedTooDeeplyError: It is.
    """
    if _openings(content) > _DEEPEST and _is_deep(value):
        raise NestedTooDeeplyError
    return value


def _parse(text: str) -> Any:
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError:
        raise
    except (ArithmeticError, ValueError):
        return _PATIENT_DECODER.decode(text)


def _openings(content: bytes | str) -> int:
    if isinstance(content, str):
        return content.count("[") + content.count("{")
    # `replace` skips to the next one; `count` looks at each byte, which takes longer than half of the parsing.
    return 2 * len(content) - len(content.replace(b"[", b"")) - len(content.replace(b"{", b""))


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(_DEEPEST):
        level = [
            member
            for node in level
            for member in (node.values() if type(node) is dict else node if type(node) is list else ())
            if type(member) is dict or type(member) is list
        ]
        if not level:
            return False
    return True


def dumps(value: Any) -> bytes:
    """Writes JSON as UTF-8."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def number(value: Decimal) -> int | float | str:
    """A `Decimal` as the JSON number it was read from; one that Python can't hold or write becomes its text."""
    if not value.is_finite():
        return str(value)
    if value.as_tuple().exponent == 0 and value.adjusted() < _MOST_DIGITS:
        return int(value)
    nearest = float(value)
    return nearest if math.isfinite(nearest) else str(value)


def plain(value: Any) -> Any:
    """A JSON value with its `Decimal`s as numbers again."""
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, Mapping):
        return {key: plain(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(member) for member in value]
    return value
