"""JSON as it comes in."""

from __future__ import annotations

import json
import math
from typing import Any

_DEEPEST = 64


def read_json(content: bytes) -> Any:
    """The value of a JSON text.

    Raises:
        ValueError: It is none, or none that could be written again: too deep, or with half a character in it.
    """
    try:
        value = json.loads(content, parse_constant=_no_constant, parse_float=_number)
    except RecursionError:
        raise ValueError("it is too deep") from None
    if _depth(value) > _DEEPEST:
        raise ValueError("it is too deep")
    if b"\\ud" in content.lower():
        # Half a character, written as an escape, is none.
        json.dumps(value, ensure_ascii=False).encode()
    return value


def _depth(value: Any) -> int:
    depth, level = 0, [value]
    while level and depth <= _DEEPEST:
        depth += 1
        inner = [each.values() if isinstance(each, dict) else each for each in level if isinstance(each, (dict, list))]
        level = [each for part in inner for each in part]
    return depth


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _number(text: str) -> float | int:
    """A number with a fraction or an exponent, which is an integer all the same where it has no fraction."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return int(number) if number.is_integer() else number
