"""JSON as the client has to read it, made without the client: what an answer holds, and whether it can be read."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from mijnklantportaal_client import _json, _json_fast
from mijnklantportaal_client._codecs import ModelOf

_DEEPEST = 100


def parse(content: bytes) -> Any:
    """The JSON value of an answer, with exact numbers; what the client has to find in it.

    Raises:
        ValueError: It is no JSON, or none that the client reads.
    """
    try:
        value = json.loads(
            content.decode("utf-8-sig"), parse_float=_fraction, parse_int=_integer, parse_constant=_no_constant
        )
        deep = _depth(value) > _DEEPEST
    except RecursionError:
        deep = True
    if deep:
        raise ValueError("deep")
    return value


def parsers_agree(content: bytes) -> bool:
    """Whether the parser of the extra `fast` finds the same values as the other, or refuses in the same words."""
    return _found(_json_fast.loads, content) == _found(_json.loads, content)


def _found(parser: Callable[[bytes], Any], content: bytes) -> str:
    try:
        return repr(parser(content))
    except ValueError as error:
        return str(error)


def _integer(text: str) -> int | str:
    try:
        return int(text)
    except ValueError:
        return text


def _fraction(text: str) -> Decimal | str:
    try:
        return Decimal(text)
    except ArithmeticError:
        return text


def _no_constant(text: str) -> Any:
    raise ValueError(text)


def _depth(value: Any) -> int:
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if members is None else 1 + max(map(_depth, members), default=0)


def can_be_read(reader: Any, raw: Any) -> bool:
    """Whether an answer has to give a value, however odd its fields are."""
    if isinstance(reader, ModelOf):
        return isinstance(raw, dict) and not reader.kind._wire_names.isdisjoint(raw)
    if not isinstance(raw, dict) or not isinstance(raw.get("data"), list):
        return False
    number = getattr(reader, "number", None)
    if number is not None and _page_number(raw.get("current_page")) not in (number, 0):
        return False
    rows = raw["data"]
    return not rows or any(isinstance(row, dict) or row == [] for row in rows)


def _page_number(raw: Any) -> int:
    if isinstance(raw, str) and raw.isascii() and raw.isdigit() and len(raw) < 10:
        return int(raw)
    return raw if type(raw) is int else 0


def same(raw: Any, out: Any) -> bool:
    """Whether what came out is the JSON that went in: a number may change its notation and what no float holds."""
    if isinstance(raw, dict):
        return type(out) is dict and raw.keys() == out.keys() and all(same(raw[key], out[key]) for key in raw)
    if isinstance(raw, list):
        return type(out) is list and len(raw) == len(out) and all(map(same, raw, out))
    if isinstance(raw, Decimal):
        if type(out) is int:
            return out == raw
        nearest = float(raw)
        return out == nearest if type(out) is float else not math.isfinite(nearest) and out == str(raw)
    return type(raw) is type(out) and bool(raw == out)


def is_exact(raw: Any) -> bool:
    """Whether every number is the same when it was written and is read again: no whole one as 1e0, none too long."""
    if isinstance(raw, dict):
        return all(map(is_exact, raw.values()))
    if isinstance(raw, list):
        return all(map(is_exact, raw))
    if isinstance(raw, Decimal):
        nearest = float(raw)
        return raw.as_tuple().exponent != 0 and math.isfinite(nearest) and Decimal(repr(nearest)) == raw
    return True
