"""What passes between the dispatcher and the transport, whichever library that stands on."""

from __future__ import annotations

import enum
import functools
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import attrs

from ._failures import status_outcome
from ._json import loads
from ._outcome import Outcome
from ._version import __version__

if TYPE_CHECKING:
    from ._request import Request


class Progress:
    """How far one attempt has come; what a cancelled or timed-out attempt is judged by."""

    __slots__ = ("headers", "outcome", "status")

    def __init__(self) -> None:
        self.outcome = Outcome.NOT_SENT
        self.status: int | None = None
        self.headers: Mapping[str, str] = {}

    def answered(self, method: str, status: int, headers: Mapping[str, str]) -> None:
        """Notes the status, which decides whatever happens to the rest of the answer."""
        self.status = status
        self.headers = headers
        self.outcome = status_outcome(method, status)


class Flaw(enum.Enum):
    """Why the content of an answer is not whole."""

    LOST = "lost"
    TIMED_OUT = "timed_out"
    TOO_LARGE = "too_large"
    BROKEN = "broken"


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Answer:
    """An answer as far as it came.

    Attributes:
        content: The body after decompression; what there is of it where it has a flaw.
        flaw: Why it is not whole, if it is not.
        why: The same in words.
        loads: What reads the content where it is JSON.
    """

    status: int
    headers: Mapping[str, str]
    content: bytes
    flaw: Flaw | None = None
    why: str = ""
    loads: Callable[[bytes], Any] = loads


class TransportError(Exception):
    """No answer came.

    Attributes:
        cause: What went wrong with the content to send, where it was that.
    """

    def __init__(self, reason: str, *, timed_out: bool = False, cause: Exception | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.timed_out = timed_out
        self.cause = cause


def request_headers(request: Request, token: str, app_info: str | None) -> dict[str, str]:
    """All headers of a request but `Host`."""
    headers = {**default_headers(app_info), **request.headers, "authorization": f"Bearer {token}"}
    if request.body is not None:
        headers.setdefault("content-type", request.body.content_type)
        if request.body.length is not None:
            headers["content-length"] = str(request.body.length)
    elif request.method in ("POST", "PUT", "PATCH"):
        headers["content-length"] = "0"
    return headers


def link_headers(app_info: str | None) -> dict[str, str]:
    """All headers of a request for a file but `Host`; the token is no business of the host of a file."""
    # Whatever is compressed has no length that could be told beforehand.
    return {**default_headers(app_info), "accept": "*/*", "accept-encoding": "identity"}


@functools.cache
def default_headers(app_info: str | None) -> Mapping[str, str]:
    """What every request says of this client."""
    import sys

    version = ".".join(map(str, sys.version_info[:2]))
    own = f"mijnklantportaal-client/{__version__} python/{version}"
    return {
        "user-agent": f"{own} {app_info}" if app_info else own,
        "accept": "application/json",
        "accept-encoding": "gzip, deflate",
    }


def header_text(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Headers of an answer in a plain dict: names in lower case, repeated ones joined, cookies left out."""
    result: dict[str, str] = {}
    for name, value in pairs:
        key = name.lower()
        if key != "set-cookie":
            result[key] = f"{result[key]}, {value}" if key in result else value
    return result
