"""The words of docstrings: what a value means, its unit, format and allowed values."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .shapes import Shape

_WIDTH = 112
_FORMATS = {
    "date": "A date: `datetime.date` or text like `2024-04-29`.",
    "moment": "A moment: aware `datetime.datetime` or ISO text with its offset from UTC.",
    "local_date_time": "A moment: aware `datetime.datetime`, or text like `2024-04-29 21:00:00` in the portal's zone.",
    "local_date_minute": "A moment: aware `datetime.datetime`, or text like `2024-04-29 21:00` in the portal's zone.",
    "money": "An exact amount: `Decimal`, `int` or text like `12.95`, at most two decimals; never a `float`.",
    "number": "An exact amount: `Decimal`, `int` or text like `12.95`, at most two decimals; never a `float`.",
    "binary": "The file: `bytes`, a `pathlib.Path`, an open binary file, an async iterable of bytes, or `FileUpload`.",
}
_ANSWER_FORMATS = {
    "moment": "An aware `datetime`.",
    "money": "Exact.",
    "number": "Exact.",
}


def clean(text: str | None) -> str:
    """Words from the document as they may stand in a docstring: one line, nothing that could end it."""
    text = re.sub(r"\s+", " ", "".join(c if c.isprintable() or c.isspace() else " " for c in text or "")).strip()
    return text.replace("\\", "/").replace('"""', "'''").rstrip('"')


_NOISE = re.compile(
    r",? (?:as `string`|as a string|as string)|[,;]? ISO 8601 date-time with offset \(ATOM\)"
    r"|,? (?:as )?`?YYYY-mm-dd(?: (?:HH:mm:ss|H:i:s))?`?(?: \(not ATOM\))?|,? prefix `?[a-z]{3}_`?(?: in the sample)?"
)
"""What the annotation and the sentences below say better."""


def sentence(text: str | None) -> str:
    """The same, ended by a full stop."""
    text = _NOISE.sub("", clean(text)).strip()
    return text if not text or text[-1] in ".!?" else f"{text}."


def allowed(document: dict[str, Any], shape: Shape) -> str:
    """The known values of an enum, as a sentence."""
    if shape.kind != "enum" or shape.component is None:
        return ""
    values = document["components"]["schemas"][shape.component]["enum"]
    return f"Known values: {', '.join(f'`{clean(str(value))}`' for value in values)}."


def argument(document: dict[str, Any], schema: dict[str, Any], shape: Shape, *, required: bool) -> str:
    """What an argument means."""
    inner = shape.item if shape.kind == "list" and shape.item else shape
    return _join(
        sentence(schema.get("description")),
        _FORMATS.get(inner.kind, ""),
        allowed(document, inner),
        _prefixes(inner),
        _limits(schema),
        "`None` sends JSON null." if shape.nullable else "",
        "Not sent unless given." if not required else "",
    )


def attribute(document: dict[str, Any], schema: dict[str, Any], shape: Shape, *, required: bool) -> str:
    """What a field of an answer means."""
    inner = shape.item if shape.kind == "list" and shape.item else shape
    return _join(
        sentence(schema.get("description")),
        _ANSWER_FORMATS.get(inner.kind, ""),
        allowed(document, inner),
        _prefixes(inner),
        "" if required and not shape.nullable else "`None` where the answer holds none.",
    )


def _prefixes(shape: Shape) -> str:
    return f"An ID with the prefix {' or '.join(f'`{prefix}`' for prefix in shape.prefixes)}." if shape.prefixes else ""


def _limits(schema: dict[str, Any]) -> str:
    if "maxItems" in schema:
        return f"At most {int(schema['maxItems'])}."
    return ""


def _join(*parts: str) -> str:
    result: list[str] = []
    for part in parts:
        # The document often says it already.
        if part and part not in result:
            result.append(part)
    return " ".join(result)


def wrap(text: str, indent: int = 0, hanging: int = 0) -> str:
    """Text in lines of the project's width; the first line is not indented."""
    lines = textwrap.wrap(
        text,
        _WIDTH - indent,
        subsequent_indent=" " * (indent + hanging),
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines)
