"""Checks of what the sandbox is told to do."""

from __future__ import annotations

import base64
import inspect
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

_KINDS: dict[str, type] = {"str": str, "bytes": bytes, "None": type(None)}
_FRAMING = ("content-length", "transfer-encoding")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def whole(value: object, name: str, low: int, high: float = math.inf) -> int:
    """A whole number within bounds.

    Raises:
        ValueError: It is none.
    """
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        bounds = f"from {low} up" if high == math.inf else f"from {low} to {high}"
        raise ValueError(f"{name} is a whole number {bounds}, not {value!r}")
    return value


def seconds(value: Any, name: str, *, is_above_zero: bool = False) -> float:
    """A number of seconds.

    Raises:
        ValueError: It is none.
    """
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if is_number and (value > 0 if is_above_zero else value >= 0) and value < math.inf:
        return float(value)
    raise ValueError(f"{name} is a number of seconds {'above 0' if is_above_zero else 'from 0 up'}, not {value!r}")


def names(value: str | Iterable[str]) -> tuple[str, ...]:
    """One name, or several.

    Raises:
        ValueError: One is no text.
    """
    found = (value,) if isinstance(value, str) else tuple(value)
    for each in found:
        if not isinstance(each, str):
            raise ValueError(f"{each!r} is no name")  # noqa: TRY004 - what a command is refused with
    return found


def headers(value: Mapping[Any, Any] | None) -> dict[str, str]:
    """Headers that can be sent.

    Raises:
        ValueError: One can't.
    """
    given = dict(value or {})
    for name, text in given.items():
        if not isinstance(name, str) or not _TOKEN.fullmatch(name):
            raise ValueError(f"{name!r} is no name of a header")
        if name.lower() in _FRAMING:
            raise ValueError(f"the header {name} says where an answer ends, which is the server's to say")
        if not isinstance(text, str) or not text.isascii() or not text.isprintable():
            raise ValueError(f"the header {name} must be printable ASCII text")
    return given


def as_json(value: object, name: str) -> None:
    """Looks whether something is JSON.

    Raises:
        ValueError: It is not.
    """
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        raise ValueError(f"{name} must be JSON: texts, numbers, booleans, None, lists and mappings") from None


def call(function: Callable[..., Any], args: Iterable[Any], kwargs: Mapping[str, Any]) -> Any:
    """Calls a function with arguments that somebody else sent.

    Raises:
        ValueError: The arguments are not those that it takes, or of another kind.
    """
    name = getattr(function, "__name__", "it")
    try:
        bound = inspect.signature(function).bind(*args, **kwargs)
    except TypeError as error:
        raise ValueError(f"{name}: {error}") from None
    wanted = bound.signature.parameters
    try:
        if not all(_fits(value, wanted[each].annotation) for each, value in bound.arguments.items()):
            raise TypeError
        return function(*bound.args, **bound.kwargs)
    except (TypeError, AttributeError, ArithmeticError):
        raise ValueError(f"{name} does not take values of this kind") from None


def _fits(value: object, annotation: str) -> bool:
    """Whether a value may be what a parameter says; one that says more than these kinds sees for itself."""
    kinds = annotation.split(" | ")
    return not _KINDS.keys() >= {*kinds} or isinstance(value, tuple(_KINDS[kind] for kind in kinds))


def sent(value: Any) -> Any:
    """A value as the body of a command has it."""
    if isinstance(value, bytes):
        return {"$base64": base64.b64encode(value).decode()}
    if isinstance(value, Mapping):
        return {name: sent(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [sent(each) for each in value]
    return value if isinstance(value, (str, int, float, bool)) or value is None else str(value)
