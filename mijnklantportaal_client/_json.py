"""JSON with exact numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any


def _refuse_constant(text: str) -> Any:
    raise ValueError(f"{text} is no JSON")


def loads(content: bytes | str) -> Any:
    """Parses JSON; a number with a fraction or exponent becomes the `Decimal` that its text says.

    Raises:
        ValueError: The content is no JSON, is not UTF-8, is nested too deeply or holds NaN or Infinity.
    """
    try:
        # A byte order mark is not JSON, but PHP files saved with one make servers send it.
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
        return json.loads(text, parse_float=Decimal, parse_constant=_refuse_constant)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    except ArithmeticError:
        raise ValueError("a number is out of range") from None


def dumps(value: Any) -> bytes:
    """Writes JSON as UTF-8."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def number(value: Decimal) -> int | float | str:
    """A `Decimal` as the JSON number it was read from; one that no `float` can hold becomes its text."""
    exponent = value.as_tuple().exponent
    if exponent == 0:
        return int(value)
    nearest = float(value)
    return nearest if nearest - nearest == 0 else str(value)


def plain(value: Any) -> Any:
    """A JSON value with its `Decimal`s as numbers again."""
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, Mapping):
        return {key: plain(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(member) for member in value]
    return value
