"""Links to files: which ones are fetched, how they are asked for, and where a link came from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import parse_qsl, quote, urlsplit

import attrs

from ._loopback import is_loopback
from ._model import Model, _oddities, is_download_link
from ._operation import Operation
from ._options import _LABEL
from ._page import CONTENT
from ._request import Request

if TYPE_CHECKING:
    from ._call import Call
    from ._options import Options

DOWNLOAD: Operation[bytes] = Operation(
    id="download", name="download", method="GET", path="/{link}", reader=CONTENT, docs=None
)
READ: Operation[bytes] = attrs.evolve(DOWNLOAD, id="read", name="read")
# What stays of an ASCII text where anything else is written as %XX; a backslash is a slash to some.
_KEPT = "!#$%&'()*+,-./:;=?@[]_~"
# No part of a link that is worth hiding is shorter, and less would garble what a server says.
_SHORTEST_SECRET = 8


@attrs.frozen(kw_only=True)
class Origin:
    """What a link was the answer to, so that the same can be asked again.

    Attributes:
        operation: The operation.
        request: Its request.
        base_url: The portal that was asked.
        tenant: Whose token was sent; the IDs in the request mean nothing to anybody else.
    """

    operation: Operation[Any]
    request: Request
    base_url: str
    tenant: str = attrs.field(repr=False)

    def can_be_asked_by(self, options: Options) -> bool:
        """Whether a client with these options is one of the same portal and token."""
        return (options.base_url, options.auth.key) == (self.base_url, self.tenant)


class HasLink(Protocol):
    """Anything that has a link to a file, such as the `DownloadLink` that the `get_..._link` methods return."""

    @property
    def link(self) -> str: ...


def remember(link: Model, call: Call) -> None:
    """Notes on a link which call it answers."""
    options = call.options
    link._odd().origin = Origin(
        operation=call.operation, request=call.request, base_url=options.base_url, tenant=options.auth.key
    )


def origin_of(link: object) -> Origin | None:
    """Where a link came from; None of a text, a copy, or one that was read from a dict or a pickle."""
    odd = _oddities(link) if is_download_link(link) else None
    found: Origin | None = None if odd is None else odd.origin
    return found


@attrs.frozen(kw_only=True)
class LinkRequest(Request):
    """A request for what a link points to, which is a secret but for its host."""

    path: str = attrs.field(repr=False)
    host: str
    streamed: bool

    @property
    def streams(self) -> bool:
        """Whether the content goes somewhere else than into memory, which takes as long as it takes."""
        return self.streamed

    def url(self, base_url: str) -> str:
        """Where it goes."""
        return super().url(self.host)

    def shown(self, base_url: str) -> str:
        """What may be shown of that."""
        return self.host + DOWNLOAD.path

    @property
    def secret(self) -> str:
        """The part of the link that gives access: its query, or its path where it has none."""
        return self.query or self.path

    def hide(self, text: str) -> str:
        """A text without it."""
        for secret in self.secrets:
            text = text.replace(secret, "***")
        return text

    @property
    def secrets(self) -> list[str]:
        """Everything in it that a server may repeat in an answer and that must not be kept, longest first."""
        values = [value for pair in parse_qsl(self.query) for value in (pair[1], quote(pair[1], safe=""))]
        # As they stand there too: not everybody reads a plus as a space, or writes %2B where another one writes %2b.
        values += [pair.partition("=")[2] for pair in self.query.split("&")]
        found = {self.path, self.query, *values, *self.path.split("/")}
        return sorted((each for each in found if len(each) >= _SHORTEST_SECRET), key=len, reverse=True)


def request_of(link: HasLink | str, base_url: str, *, streams: bool) -> LinkRequest:
    """The request for what a link points to.

    Args:
        link: The link.
        base_url: That of the client. Plain http is accepted to loopback, and to a portal that is itself asked so.
        streams: Whether the content goes somewhere else than into memory.

    Raises:
        TypeError: It is no link.
        ValueError: It is one that is not fetched; the text does not hold it.
        FieldMissingError: The answer that it came with lacked it.
    """
    given: Any = link
    if not isinstance(link, str):
        # A model that lacks it says so itself.
        given = given.link if is_download_link(link) else getattr(link, "link", None)
    if not isinstance(given, str):
        raise TypeError(f"link must be a DownloadLink or its text, not {type(link).__name__}")
    text = given
    try:
        text.encode()
        parts = urlsplit(quote(text, safe=_KEPT)) if text.isprintable() else urlsplit("")
        name, _ = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError("the link is no URL; nothing was fetched") from None
    if parts.scheme not in ("https", "http"):
        raise ValueError("the link is not https; nothing was fetched")
    if "@" in parts.netloc:
        raise ValueError("the link holds a user name, which no link of the portal does; nothing was fetched")
    if not name or not (parts.netloc.startswith("[") or all(map(_LABEL.fullmatch, name.removesuffix(".").split(".")))):
        raise ValueError("the link names no host that can be; nothing was fetched")
    own = urlsplit(base_url)
    if parts.scheme == "http" and not is_loopback(name) and (own.scheme, own.netloc) != ("http", parts.netloc):
        raise ValueError("the link is plain http to another machine, which anybody could change; nothing was fetched")
    return LinkRequest(
        method="GET",
        host=f"{parts.scheme}://{parts.netloc}",
        path=parts.path or "/",
        query=parts.query,
        headers={},
        body=None,
        streamed=streams,
    )
