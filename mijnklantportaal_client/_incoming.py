"""What a request that comes in holds, whatever the framework that hands it over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol, TypeAlias

from ._json import NestedTooDeeplyError, loads
from .errors import ConfigurationError, InvalidCallbackError, WebhookVerificationError

MAX_BODY = 2**20
"""Bytes that a body may have unless more are asked for; the calls are about single records."""

Refusal: TypeAlias = type[WebhookVerificationError] | type[InvalidCallbackError]


class HasItems(Protocol):
    """Anything that gives its members as pairs, as a mapping and the headers of every framework do."""

    def items(self) -> Iterable[tuple[Any, Any]]: ...


Pairs: TypeAlias = HasItems | Iterable[tuple[str | bytes, str | bytes]]
Body: TypeAlias = bytes | bytearray | memoryview | str


def one_header(headers: Pairs, name: str, refusal: Refusal) -> str:
    """The value of a header that must be there once; bytes are read as Latin-1, as in WSGI and Starlette."""
    values = [text.strip(" \t") for text in _headers(headers, name)]
    if len(values) > 1:
        raise refusal(f"the header {name} is there {len(values)} times", reason="duplicate_header")
    if not values or not values[0]:
        raise refusal(f"the header {name} is {'empty' if values else 'missing'}", reason="missing_header")
    return values[0]


def content_type(headers: Pairs, refusal: Refusal) -> str | None:
    """The header `Content-Type`, which is None where it is missing."""
    values = [text for text in _headers(headers, "Content-Type") if text.strip()]
    if len(values) > 1:
        raise refusal(f"the header Content-Type is there {len(values)} times", reason="duplicate_header")
    return values[0] if values else None


def _headers(headers: Pairs, name: str) -> list[str]:
    wanted = name.lower()
    # As in a WSGI environ and Django's META, where these two alone have no prefix.
    cgi = wanted.replace("-", "_")
    spellings = {wanted, cgi if cgi in ("content_type", "content_length") else f"http_{cgi}"}
    found: list[str] = []
    for key, value in pairs(_of_scope(headers), "headers"):
        if value is not None and _text(key).lower() in spellings:
            if not isinstance(value, (str, bytes)):
                raise TypeError(f"the header {name} must be str or bytes, not {type(value).__name__}")
            found.append(_text(value))
    return found


def _of_scope(headers: object) -> object:
    """The pairs in an ASGI scope; all else as it is."""
    # A header may have any name, but no header is a text where another one is a list.
    if isinstance(headers, Mapping) and headers.get("type") == "http":
        inner: object = headers.get("headers")
        return inner if isinstance(inner, Iterable) and not isinstance(inner, (str, bytes)) else headers
    return headers


def pairs(source: object, name: str) -> Iterator[tuple[Any, Any]]:
    """Each name with each of its values.

    Raises:
        TypeError: It is neither a mapping of any kind nor made of pairs.
    """
    # What only items() gives may be one of several values, or all of them joined.
    methods = (getattr(source, each, None) for each in ("multi_items", "lists", "items"))
    method = next((each for each in methods if callable(each)), None)
    members: Any = source if method is None else method()
    if isinstance(members, (str, bytes)) or not isinstance(members, Iterable):
        raise TypeError(f"{name} must be a mapping or pairs, not {type(source).__name__}")
    for member in members:
        if not isinstance(member, (tuple, list)) or len(member) != 2:
            raise TypeError(f"{name} must be a mapping or pairs, not {type(source).__name__} of other things")
        key, value = member
        for each in value if isinstance(value, (tuple, list)) else (value,):
            yield key, each


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return value if isinstance(value, str) else ""


def body_bytes(body: Body, max_bytes: int, refusal: Refusal) -> bytes:
    """The body as bytes, if it is not too long.

    Raises:
        TypeError: The body is neither bytes nor text.
        ConfigurationError: The limit is no number of bytes.
    """
    limit: object = max_bytes
    if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
        raise ConfigurationError("max_bytes must be a whole number of at least 1")
    if not isinstance(body, (bytes, bytearray, memoryview, str)):
        raise TypeError(f"the body must be bytes or str, not {type(body).__name__}")
    # Nothing is copied before its length is known; a text has at least as many bytes as characters.
    length = body.nbytes if isinstance(body, memoryview) else len(body)
    if length <= max_bytes:
        content = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else bytes(body)
        if len(content) <= max_bytes:
            return content
    raise refusal(f"the body is longer than {max_bytes} bytes", reason="body_too_large")


def read_json(content: bytes) -> tuple[Any, str | None]:
    """A JSON value and None, or None and why it is none, in words that hold nothing of it."""
    try:
        return loads(content), None
    except UnicodeDecodeError:
        return None, "the body is not UTF-8"
    except NestedTooDeeplyError:
        return None, "the body is nested too deeply"
    except ValueError:
        return None, "the body is not JSON" if content.strip() else "the body is empty"


def check_secret(value: object, name: str) -> str:
    """A secret that both sides know.

    Raises:
        ConfigurationError: It is none; the text does not hold it.
    """
    if not isinstance(value, str):
        raise ConfigurationError(f"{name} must be a str, not {type(value).__name__}")
    if not value.strip():
        raise ConfigurationError(f"{name} is empty, so that everybody would know it")
    if value != value.strip():
        raise ConfigurationError(f"{name} starts or ends with white space, as a file read whole does; strip it")
    return value
