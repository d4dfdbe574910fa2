"""The fields of a form that comes in: in the query of a GET, else a JSON object in the body."""

from __future__ import annotations

import re
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

from ._incoming import Body, Pairs, body_bytes, content_type, pairs, read_json
from .errors import InvalidCallbackError

Query: TypeAlias = str | bytes | Pairs
MAX_FIELDS = 1000
"""Fields of a query; PHP reads no more either."""

_JSON = re.compile(r"application/(?:[\w.+-]+\+)?json", re.IGNORECASE)
_CHARSET = re.compile(r"""charset\s*=\s*["']?([^\s"';]+)""", re.IGNORECASE)


def query_fields(query: Query, max_bytes: int) -> dict[str, Any]:
    """The fields of a query string, or of a framework's own object for it.

    A name that ends in `[]` may be there several times, and has a list.

    Raises:
        InvalidCallbackError: It is too long, not UTF-8, or has a field twice.
        TypeError: It is no query.
    """
    if isinstance(query, (str, bytes)):
        members = _split(body_bytes(query, max_bytes, InvalidCallbackError))
    else:
        members = [(_string(name), _string(value)) for name, value in pairs(query, "query")]
    found: dict[str, Any] = {}
    for name, value in members:
        if name.endswith("[]"):
            found.setdefault(name, []).append(value)
        elif name in found:
            raise InvalidCallbackError("a field is in the query more than once", reason="duplicate_field")
        else:
            found[name] = value
    return found


def _split(query: bytes) -> list[tuple[str, str]]:
    try:
        text = query.decode("utf-8").removeprefix("?")
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except UnicodeDecodeError:
        problem = "the query is not UTF-8"
    except ValueError:
        problem = f"the query has more than {MAX_FIELDS} fields"
    # Outside of the except clause, so that the error does not hold on to the query.
    raise InvalidCallbackError(problem, reason="unreadable_query")


def _string(value: object) -> str:
    if not isinstance(value, (str, bytes)):
        raise TypeError(f"query must hold texts, not {type(value).__name__}")
    if isinstance(value, str):
        return value
    text = value.decode("utf-8", "replace")
    if text.encode() != value:
        raise InvalidCallbackError("the query is not UTF-8", reason="unreadable_query")
    return text


def json_fields(headers: Pairs, body: Body, max_bytes: int) -> dict[str, Any]:
    """The fields of a JSON object, with numbers as exact as they were sent.

    Raises:
        InvalidCallbackError: It is too long, something else than JSON or UTF-8, or no object.
        TypeError: This is no body.
    """
    content = body_bytes(body, max_bytes, InvalidCallbackError)
    if content:
        _check_type(content_type(headers, InvalidCallbackError))
    value, problem = read_json(content)
    if problem is None and value == [] and isinstance(value, list):
        return {}  # PHP writes an empty object as []
    if problem is None and not isinstance(value, dict):
        problem = "the body is JSON, but no object"
    if problem is not None:
        raise InvalidCallbackError(problem, reason="unreadable_body")
    return dict(value)


def _check_type(given: str | None) -> None:
    if given is None:
        return
    kind, _, parameters = given.partition(";")
    if _JSON.fullmatch(kind.strip()) is None:
        raise InvalidCallbackError("the Content-Type of the body is not application/json", reason="content_type")
    charset = _CHARSET.search(parameters)
    if charset is not None and charset[1].lower() not in ("utf-8", "utf8", "us-ascii"):
        raise InvalidCallbackError("the charset in the Content-Type is not UTF-8", reason="content_type")
