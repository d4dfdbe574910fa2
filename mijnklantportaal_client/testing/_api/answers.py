"""Answers as the API writes them."""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PER_PAGE = 15


class Answer(NamedTuple):
    """A status, JSON and headers; `content` in place of the JSON where it is to be something else."""

    status: int
    payload: Any = None
    headers: Mapping[str, str] = MappingProxyType({})
    content: bytes | None = None

    def encoded(self) -> bytes:
        """The bytes of the body; these two statuses can't have one."""
        if self.status in (204, 304):
            return b""
        return json.dumps(self.payload, separators=(",", ":")).encode() if self.content is None else self.content


def refusal(status: int, message: str, errors: Mapping[str, Sequence[str]] | None = None, **headers: str) -> Answer:
    """A no, in the shape that the documentation gives it."""
    payload: dict[str, Any] = {"message": message}
    if errors:
        payload["errors"] = errors
    if status == 429:
        payload = {"code": 429, "message": message}
    return Answer(status, payload, {name.replace("_", "-"): value for name, value in headers.items()})


def page(rows: Sequence[Any], number: int, url: str, query: Mapping[str, str]) -> dict[str, Any]:
    """The documented envelope around one page of rows, newest first."""
    first = (number - 1) * PER_PAGE
    data = rows[first : first + PER_PAGE]

    def link(to: int) -> str:
        return f"{url}?{urlencode({**query, 'page': to})}"

    return {
        "current_page": number,
        "data": list(data),
        "first_page_url": link(1),
        "from": first + 1 if data else None,
        "next_page_url": link(number + 1) if first + PER_PAGE < len(rows) else None,
        "path": url,
        "per_page": PER_PAGE,
        "prev_page_url": link(number - 1) if number > 1 else None,
        "to": first + len(data) if data else None,
    }
