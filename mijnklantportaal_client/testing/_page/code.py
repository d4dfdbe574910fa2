"""JSON for reading: coloured, with links to other records, and without what is secret."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from markupsafe import Markup, escape

MASK = "••••••••"
_LONGEST = 60_000
_SECRET_NAME = re.compile(r"secret|token|password|authorization|signature|api_?key", re.IGNORECASE)
_SECRET_IN_URL = re.compile(r"([?&](?:signature|token|code|key)=)[^&#]+")
_TOKEN = re.compile(r'("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d[\d.eE+-]*')
_ID = re.compile(r"[a-z]{3}_\w+")


def masked(value: Any, name: str = "") -> Any:
    """The same without secrets: those of webhooks, tokens, signatures, and what signs a link."""
    if isinstance(value, dict):
        return {key: masked(item, str(key)) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [masked(item, name) for item in value]
    if isinstance(value, str):
        return MASK if value and _SECRET_NAME.search(name) else _SECRET_IN_URL.sub(rf"\1{MASK}", value)
    return value


def json_html(value: Any, find: Callable[[str], str | None]) -> Markup:
    """A JSON value as HTML; `find` gives the page of a record by its ID."""
    text = json.dumps(masked(value), indent=2, ensure_ascii=False, default=str)
    cut = text[:_LONGEST]
    parts: list[str] = []
    end = 0
    for token in _TOKEN.finditer(cut):
        parts += [escape(cut[end : token.start()]), _coloured(token, find)]
        end = token.end()
    parts.append(escape(cut[end:]))
    if len(text) > _LONGEST:
        parts.append(escape(f"\n… {len(text) - _LONGEST} more characters"))
    return Markup("").join(parts)


def _coloured(token: re.Match[str], find: Callable[[str], str | None]) -> Markup:
    quoted, colon = token.groups()
    if quoted is None:
        return Markup('<span class="value">{}</span>').format(token[0])
    if colon is not None:
        return Markup('<span class="name">{}</span>{}').format(quoted, colon)
    href = find(quoted[1:-1]) if _ID.fullmatch(quoted[1:-1]) else None
    if href is not None:
        return Markup('<a class="text" data-open href="{}">{}</a>').format(href, quoted)
    return Markup('<span class="text">{}</span>').format(quoted)
