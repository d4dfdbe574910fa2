"""What httpx and httpcore log of this client's requests, without IDs, queries and headers.

httpx logs the URL of each request at INFO, httpcore the headers of each answer at DEBUG. Only what belongs to requests
of this client is changed; whatever else these libraries do in the process is logged as ever.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from ._request import Request


_HTTP11 = logging.getLogger("httpcore.http11")
_HTTP2 = logging.getLogger("httpcore.http2")


class OwnURL(httpx.URL):
    """The URL of a request of this client, by which a log record is known to be about one."""

    def __init__(self, request: Request, base_url: str) -> None:
        super().__init__(request.url(base_url))
        self._shown = request, base_url

    def template(self) -> str:
        """What may be shown of it."""
        request, base_url = self._shown
        return request.shown(base_url)


class _Templates(logging.Filter):
    """Puts templates in place of URLs, and lets every record pass."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple) and any(isinstance(arg, OwnURL) for arg in record.args):
            record.args = tuple(arg.template() if isinstance(arg, OwnURL) else arg for arg in record.args)
        return True


def logs_steps() -> bool:
    """Whether httpcore logs the steps of a request, from which `hide_answer` has to take something out."""
    return _HTTP11.isEnabledFor(logging.DEBUG) or _HTTP2.isEnabledFor(logging.DEBUG)


def hide_answer(info: object) -> None:
    """Takes out of what httpcore is about to log what a server sent: headers, and lines that are no HTTP."""
    if not isinstance(info, dict):
        return
    told: dict[str, Any] = info
    value = told.get("return_value")
    if isinstance(value, tuple):
        told["return_value"] = tuple(part for part in value if not isinstance(part, list))
    if "exception" in told:
        told["exception"] = type(told["exception"])


logging.getLogger("httpx").addFilter(_Templates())
