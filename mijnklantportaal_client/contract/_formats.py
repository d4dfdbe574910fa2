"""What a text looks like, told without the text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ..ids import PREFIXES

if TYPE_CHECKING:
    from .._contract import Contract, Schema

LISTED, UNLISTED = "listed value", "unlisted value"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = r"[0-9]{2}:[0-9]{2}:[0-9]{2}"
_LOOKS = (
    ("empty", r""),
    ("blank", r"\s+"),
    ("date", _DAY),
    ("date-time", rf"{_DAY}T{_TIME}[+-][0-9]{{2}}:[0-9]{{2}}"),
    ("date-time in UTC", rf"{_DAY}T{_TIME}(?:\.[0-9]+)?Z"),
    ("date-time of another form", rf"{_DAY}[T ]{_TIME}.{{0,20}}"),
    ("local date-time", rf"{_DAY} {_TIME}"),
    ("decimal", r"-?[0-9]{1,15}\.[0-9]+"),
    ("whole number", r"-?[0-9]{1,15}"),
    ("decimal comma", r"-?[0-9]{1,15},[0-9]+"),
    ("link with a query", r"https?://[^\s?#]+\?\S*"),
    ("link", r"https?://\S+"),
    ("e-mail", r"[^@\s]+@[^@\s]+"),
    ("UUID", r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"),
)
# The more particular of two that fit comes first.
_ORDER = sorted(_LOOKS, key=lambda look: look[0] == "date-time of another form")
_PATTERNS = tuple((name, re.compile(pattern, re.DOTALL)) for name, pattern in _ORDER)
_ID = re.compile(r"([a-z]{3}_)[A-Za-z0-9_]+")
_LONGEST = 2000
_FITS = {
    "date": frozenset({"date"}),
    "date-time": frozenset({"date-time", "date-time in UTC"}),
    "decimal": frozenset({"decimal", "whole number"}),
}
VARIED = frozenset({"text", "empty", "blank", "whole number", "decimal"})
"""What free text may look like by chance."""


def format_of(text: str, schema: Schema | None = None, contract: Contract | None = None) -> str:
    """The name of what a text looks like; of an ID its prefix, if it is one that is known."""
    values = contract.flat(schema).get("enum") if contract is not None and schema is not None else None
    if values is not None:
        return LISTED if text in values else UNLISTED
    found = _ID.fullmatch(text[:_LONGEST])
    if found is not None and found[1] in PREFIXES:
        return f"ID {found[1]}"
    return next((name for name, pattern in _PATTERNS if pattern.fullmatch(text[:_LONGEST])), "text")


def expected_formats(flat: Schema) -> frozenset[str] | None:
    """What a text with this schema should look like; None where it may be anything."""
    if "enum" in flat:
        return frozenset({LISTED})
    prefixes = flat.get("x-id-prefixes")
    if prefixes:
        return frozenset(f"ID {prefix}" for prefix in prefixes)
    return _FITS.get(flat.get("format", ""))


def described(contract: Contract, schema: Schema | None) -> str:
    """What the contract says of a value, in a few words."""
    if schema is None:
        return "nothing"
    flat = contract.flat(schema)
    types = types_of(contract, schema)
    details = [f"one of {len(flat['enum'])} values"] if "enum" in flat else []
    details += [f"ID {' or '.join(flat['x-id-prefixes'])}"] if flat.get("x-id-prefixes") else []
    details += [flat["format"]] if "format" in flat else []
    said = " or ".join(sorted(types - {"null"})) or "anything"
    return said + (f" ({', '.join(details)})" if details else "") + (" or null" if "null" in types else "")


def types_of(contract: Contract, schema: Schema) -> frozenset[str]:
    """The JSON types that a schema allows, empty where it says nothing."""
    resolved = contract.resolve(schema)
    own: Any = resolved.get("type", ())
    found = {own} if isinstance(own, str) else set(own)
    for choice in [*resolved.get("oneOf", ()), *resolved.get("anyOf", ()), *resolved.get("allOf", ())]:
        found |= types_of(contract, choice)
    return frozenset(found)
