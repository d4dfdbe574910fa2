"""From the arguments of a call to the request that is sent: everything is checked here, nothing is sent."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol, cast

import attrs

from ._json import dumps, number
from ._operation import Operation, write_arguments
from ._paths import template_of
from ._progress import OnProgress, Teller, ToldBody
from ._unset import UNSET
from .ids import check_id

if TYPE_CHECKING:
    from ._codec import WriteOptions

# Compiled when first used: most programs need neither.
_HEADER_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_OWN_HEADERS = frozenset(
    {
        "accept",
        "accept-encoding",
        "authorization",
        "connection",
        "content-length",
        "cookie",
        "host",
        "proxy-authorization",
        "te",
        "transfer-encoding",
        "upgrade",
    }
)
_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
_SEGMENT = r"[A-Za-z0-9._~!$&'()*+,;=:@-]+"


class Body(Protocol):
    """Content that can be sent, and sent again if `replayable`; what is not `in_memory` is read while it is sent."""

    @property
    def content_type(self) -> str: ...

    @property
    def length(self) -> int | None: ...

    @property
    def replayable(self) -> bool: ...

    @property
    def in_memory(self) -> bool: ...

    def open(self) -> AsyncGenerator[bytes, None]: ...


class JSONBody:
    """A JSON body."""

    content_type = "application/json"
    replayable = True
    in_memory = True

    def __init__(self, value: Any) -> None:
        try:
            self.content = dumps(value)
        except UnicodeEncodeError:
            raise ValueError("a text holds half of a surrogate pair, which is no Unicode") from None
        self.length = len(self.content)

    async def open(self) -> AsyncGenerator[bytes, None]:
        yield self.content

    def __repr__(self) -> str:
        return f"<JSON, {self.length} bytes>"


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Extras:
    """What a caller adds where the contract is wrong or behind."""

    query: Mapping[str, Any] | None = None
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] | None = None


NO_EXTRAS = Extras()


@attrs.frozen(kw_only=True, eq=False)
class Request:
    """A request that was checked: it can be sent any number of times if its body can."""

    method: str
    path: str
    query: str = attrs.field(repr=False)
    headers: Mapping[str, str] = attrs.field(repr=False)
    body: Body | None = attrs.field(repr=False)

    @property
    def replayable(self) -> bool:
        return self.body is None or self.body.replayable

    @property
    def streams(self) -> bool:
        """Whether the body is read while it is sent, which takes as long as it takes."""
        return self.body is not None and not self.body.in_memory

    def url(self, base_url: str) -> str:
        """Where it goes."""
        address = f"{base_url}{self.path}"
        return f"{address}?{self.query}" if self.query else address

    def shown(self, base_url: str) -> str:
        """What may be shown of that."""
        return base_url + template_of(self.path)


def build(
    operation: Operation[Any],
    ids: tuple[object, ...],
    query: Mapping[str, Any],
    body: Mapping[str, Any],
    extras: Extras,
    options: WriteOptions,
    on_progress: OnProgress | None = None,
) -> Request:
    """Checks a call's arguments, path IDs first, and makes its request.

    Raises:
        InvalidIDError: An ID can't be one.
        TypeError: An argument is of the wrong type.
        ValueError: An argument can't be sent, or an update changes nothing.
    """
    path = _path(operation, ids, options)
    pairs = write_arguments(operation.query, query, options) | _mapping(extras.query, "extra_query")
    fields = write_arguments(operation.body, body, options) | _extra_body(operation, extras.body)
    if operation.changes and not fields:
        raise ValueError(f"{operation.name}: nothing to change; give at least one field")
    content: Body | None = _body(operation.encoding, fields)
    headers = check_headers(extras.headers)
    if operation.encoding == "multipart" and "content-type" in headers:
        raise ValueError("extra_headers: Content-Type is the client's own to set where files are sent")
    teller = Teller(on_progress)
    if content is not None and on_progress is not None:
        content = ToldBody(content, teller)
    return Request(method=operation.method, path=path, query=encode_query(pairs), headers=headers, body=content)


def _path(operation: Operation[Any], ids: tuple[object, ...], options: WriteOptions) -> str:
    path = operation.path
    for parameter, value in zip(operation.path_parameters, ids, strict=True):
        checked = check_id(value, *parameter.prefixes, parameter=parameter.name, validate_prefix=options.validate_ids)
        path = path.replace(f"{{{parameter.wire}}}", checked)
    return path


def build_raw(
    method: str, path: str, query: Mapping[str, Any] | None, json: Any, files: Mapping[str, Any] | None
) -> Request:
    """The request of `portal.request`.

    Raises:
        TypeError: An argument is of the wrong type.
        ValueError: The path is not a relative one.
    """
    for name, text in (("method", method), ("path", path)):
        if not isinstance(text, str):
            raise TypeError(f"{name} must be a str, not {type(text).__name__}")
    if method.upper() not in _METHODS:
        raise ValueError(f"{method!r:.40} is none of {', '.join(sorted(_METHODS))}")
    segments = path.removeprefix("/").split("/")
    trailing = segments[:-1] if len(segments) > 1 and segments[-1] == "" else segments
    if any(not re.fullmatch(_SEGMENT, segment) or segment in (".", "..") for segment in trailing):
        raise ValueError(f"{path!r:.60} is no relative path like '/customers'; parameters belong in query=")
    body: Body | None = None
    if files is not None:
        from ._files import file_source
        from ._multipart import Multipart, flatten

        sources = [
            (name, file_source(file, parameter=f"files[{name!r}]")) for name, file in _mapping(files, "files").items()
        ]
        body = Multipart(
            [pair for name, value in _mapping(json, "json").items() for pair in flatten(name, value)], sources
        )
    elif json is not None:
        body = JSONBody(_json_value(json, "json"))
    return Request(
        method=method.upper(),
        path="/" + "/".join(segments),
        query=encode_query(_mapping(query, "query")),
        headers={},
        body=body,
    )


def encode_query(pairs: Mapping[str, Any]) -> str:
    """A query string as Laravel reads it: booleans as 1 and 0, lists as `name[]`."""
    if not pairs:
        return ""
    from urllib.parse import quote, urlencode

    from ._multipart import flatten

    flat = [pair for name, value in pairs.items() for pair in flatten(name, value, what="query parameter")]
    try:
        return urlencode(flat, quote_via=quote)
    except UnicodeEncodeError:
        raise ValueError("query: a text holds half of a surrogate pair, which is no Unicode") from None


def check_headers(headers: Mapping[str, str] | None) -> dict[str, str]:
    """A caller's own headers, names in lower case.

    Raises:
        TypeError: A value is no text.
        ValueError: A header is the client's own, or can't be sent.
    """
    result: dict[str, str] = {}
    for name, value in cast("dict[Any, Any]", _mapping(headers, "extra_headers")).items():
        if not isinstance(name, str) or not re.fullmatch(_HEADER_NAME, name):
            raise ValueError(f"extra_headers: {name!r:.40} is no header name")
        if name.lower() in _OWN_HEADERS:
            raise ValueError(f"extra_headers: {name} is the client's own to set")
        if not isinstance(value, str):
            raise TypeError(f"extra_headers: {name} must be a str, not {type(value).__name__}")
        if not value.isascii() or any(not (c.isprintable() or c == "\t") for c in value):
            raise ValueError(f"extra_headers: the value of {name} holds characters that a header can't carry")
        result[name.lower()] = value
    return result


def _mapping(value: Mapping[str, Any] | None, name: str) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise TypeError(f"{name} must be a mapping, not {type(value).__name__}")
    for key in cast("Mapping[Any, Any]", value):
        if not isinstance(key, str):
            raise TypeError(f"{name}: a name must be a str, not {type(key).__name__}")
    return {key: member for key, member in value.items() if member is not UNSET}


def _extra_body(operation: Operation[Any], extra: Mapping[str, Any] | None) -> dict[str, Any]:
    fields = _mapping(extra, "extra_body")
    if operation.encoding == "multipart":
        return fields
    return {name: _json_value(value, f"extra_body[{name!r}]") for name, value in fields.items()}


def _json_value(value: Any, name: str) -> Any:
    """A caller's own value as JSON; money stays exact or is refused.

    Raises:
        TypeError: JSON has no such thing.
        ValueError: No JSON number holds it exactly.
    """
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, Decimal):
        written = number(value) if value.is_finite() else value
        if not isinstance(written, (int, float)) or Decimal(repr(written)) != value or "e" in repr(written):
            raise ValueError(f"{name}: no JSON number holds {value} exactly; pass it as text")
        return written
    if isinstance(value, Mapping):
        return {key: _json_value(member, f"{name}[{key!r}]") for key, member in _mapping(value, name).items()}
    if isinstance(value, (list, tuple)):
        return [_json_value(member, f"{name}[{index}]") for index, member in enumerate(value)]
    raise TypeError(f"{name}: a {type(value).__name__} is no JSON; pass it as text")


def _body(encoding: str | None, fields: Mapping[str, Any]) -> Body | None:
    if encoding is None:
        # Only extra_body can bring fields here: the contract knows no body.
        return JSONBody(fields) if fields else None
    if encoding == "json":
        return JSONBody(fields)
    from ._files import FileSource
    from ._multipart import Multipart, flatten

    files: list[tuple[str, FileSource]] = []
    texts: list[tuple[str, str]] = []
    for name, value in fields.items():
        if isinstance(value, FileSource):
            files.append((name, value))
        elif isinstance(value, list) and value and all(isinstance(member, FileSource) for member in value):
            files.extend((f"{name}[]", member) for member in value)
        elif value == []:
            raise ValueError(f"{name}: a form can't carry an empty list; leave it out")
        else:
            texts.extend(flatten(name, value))
    return Multipart(texts, files)
