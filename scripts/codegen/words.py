"""The words of docstrings: what a value means, its unit, format and allowed values."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .shapes import Shape

_WIDTH = 112
_PASS = {
    "date": "Pass a `datetime.date` or text like `2024-04-29`.",
    "moment": "Pass an aware `datetime.datetime` or ISO text with its offset from UTC.",
    "local_date_time": "Pass an aware `datetime.datetime`, or text like `2024-04-29 21:00:00` in the portal's zone.",
    "local_date_minute": "Pass an aware `datetime.datetime`, or text like `2024-04-29 21:00` in the portal's zone.",
    "money": "Pass a `Decimal`, an `int` or text like `12.95`, with at most two decimals; never a `float`.",
    "number": "Pass a `Decimal`, an `int` or text like `12.95`, with at most two decimals; never a `float`.",
    "decimal": "Pass a `Decimal`, an `int` or text like `12.95`; never a `float`.",
    "binary": "Pass `bytes`, a `pathlib.Path`, an open binary file, an async iterable of bytes, or a `FileUpload`.",
}
_GET = {"moment": "An aware `datetime`.", "money": "An exact `Decimal`.", "number": "An exact `Decimal`."}
_GET["decimal"] = _GET["number"]
# What the annotation and the sentences below say better.
_NOISE = re.compile(
    r",? as (?:`string`|a string\b|string\b)"
    r"|[,;]? ISO 8601 date-time with offset \(ATOM\)"
    r"|,? (?:as )?(?:`YYYY-mm-dd(?: HH:mm(?::ss)?| H:i:s)?`|YYYY-mm-dd(?: HH:mm:ss)?)(?: \(not ATOM\))?"
    r"| Only `multipart/form-data` is accepted\.?"
    r"|; the request is `multipart/form-data`, not JSON"
)
_PREFIX_NOISE = re.compile(r",? prefix `[a-z]{3}_`| \((?:prefix )?`?[a-z]{3}_`?\)")
_WIRE_NAME = re.compile(r"`([a-z]+(?:[A-Z][a-z]*)+)`")


def clean(text: str | None) -> str:
    """Words from the document as they may stand in a docstring: one line, nothing that could end it."""
    text = re.sub(r"\s+", " ", "".join(c if c.isprintable() or c.isspace() else " " for c in text or "")).strip()
    return text.replace("\\", "/").replace('"""', "'''").rstrip('"')


def sentence(text: str | None) -> str:
    """The same in this package's names, without what goes without saying, and ended by a full stop."""
    whole = clean(text)
    cut = _NOISE.sub("", whole).strip()
    text = whole if cut.count("`") % 2 else cut
    text = _WIRE_NAME.sub(lambda found: f"`{_snake(found[1])}`", text)
    return text if not text or text[-1] in ".!?" else f"{text}."


def argument(document: dict[str, Any], schema: dict[str, Any], shape: Shape, *, required: bool) -> str:
    """What an argument means."""
    inner, text = _described(schema, shape)
    advice = _PASS.get(inner.kind, "")
    return _join(
        text,
        advice.replace("Pass", "Each may be", 1) if inner is not shape else advice,
        allowed(document, inner),
        _prefixes(inner, several=inner is not shape),
        _limits(schema, text),
        "`None` sends JSON null." if shape.nullable else "",
        "" if required else "Not sent unless given.",
    )


def attribute(document: dict[str, Any], schema: dict[str, Any], shape: Shape, *, required: bool) -> str:
    """What a field of an answer means."""
    inner, text = _described(schema, shape)
    text = re.sub(r"`?\bnull\b`?", "`None`", text)
    optional = shape.nullable or not required
    return _join(
        text,
        _GET.get(inner.kind, ""),
        allowed(document, inner),
        _prefixes(inner, several=inner is not shape),
        "`None` where the answer has none." if optional and "`None`" not in text else "",
    )


def allowed(document: dict[str, Any], shape: Shape) -> str:
    """The known values of an enum, as a sentence."""
    if shape.kind != "enum" or shape.component is None:
        return ""
    values = document["components"]["schemas"][shape.component]["enum"]
    return f"Known values: {', '.join(f'`{clean(str(value))}`' for value in values)}."


def wrap(text: str, indent: int = 0, hanging: int = 0) -> str:
    """Text in lines of the project's width; the first line is not indented, and code is not broken."""
    glued = re.sub(r"`[^`]*`", lambda code: code[0].replace(" ", "\N{NO-BREAK SPACE}"), text)
    lines = textwrap.wrap(
        glued,
        _WIDTH - indent,
        subsequent_indent=" " * (indent + hanging),
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines).replace("\N{NO-BREAK SPACE}", " ")


def _described(schema: dict[str, Any], shape: Shape) -> tuple[Shape, str]:
    """The shape that the words are about, of a list that of its items, and what the document says of it."""
    inner = shape.item if shape.kind == "list" and shape.item else shape
    text = schema.get("description") or ""
    return inner, sentence(_PREFIX_NOISE.sub("", text) if inner.prefixes else text)


def _prefixes(shape: Shape, *, several: bool) -> str:
    if not shape.prefixes:
        return ""
    names = " or ".join(f"`{prefix}`" for prefix in shape.prefixes)
    return f"IDs with the prefix {names}." if several else f"An ID with the prefix {names}."


def _limits(schema: dict[str, Any], text: str) -> str:
    most = schema.get("maxItems")
    return "" if most is None or re.search(rf"\b{most}\b", text) else f"At most {most}."


def _join(*parts: str) -> str:
    result: list[str] = []
    for part in parts:
        # The document often says it already.
        if part and part not in result:
            result.append(part)
    return " ".join(result)


def _snake(wire: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", wire).lower()
