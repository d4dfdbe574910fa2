"""What `_http` is for httpx, for aiohttp: sends a request once and tells what came of it."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Mapping
from typing import TYPE_CHECKING

import aiohttp
from yarl import URL

from ._content import Content, TooLongError
from ._http_fast_body import Outgoing
from ._http_fast_connector import ATTEMPT, Connector, SentBeforeError, proxy_of
from ._inflate import BrokenError, EndsTooEarlyError
from ._json_fast import loads
from ._outcome import Outcome
from ._sender import Sender
from ._wire import Answer, Flaw, Progress, TransportError, header_text

if TYPE_CHECKING:
    from aiohttp.client_proto import ResponseHandler
    from aiohttp.connector import Connection

    from ._request import Request

# As long as a line of an answer's head may be with the other library.
_LONGEST_LINE = 100 * 1024


class FastHTTP(Sender):
    """Connections to one base URL, by aiohttp."""

    def __init__(self, base_url: str) -> None:
        super().__init__(base_url)
        self._session: aiohttp.ClientSession | None = None
        self._proxy: str | None = None

    async def _send(
        self, request: Request, headers: Mapping[str, str], timeout: float, limit: int, progress: Progress
    ) -> Answer:
        session = self._session or self._open()
        attempt = _Attempt(request, headers, timeout, limit, progress)
        query = f"?{request.query}" if request.query else ""
        # Both are encoded already, and must not be looked at again.
        url = URL(f"{self.base_url}{request.path}{query}", encoded=True)
        failure: TransportError | None = None
        place = ATTEMPT.set(attempt)
        try:
            return await attempt.run(session, url, self._proxy)
        except Exception as error:  # noqa: BLE001 - a library raises anything, and no kind of it may pass
            failure = attempt.failure(error)
        finally:
            ATTEMPT.reset(place)
            await attempt.end()
        # Outside of the handler: the error of the library, which holds the request, is not chained.
        raise failure

    def _open(self) -> aiohttp.ClientSession:
        self._proxy = proxy_of(self.base_url)
        session = aiohttp.ClientSession(
            connector=Connector(self.base_url, self._proxy),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            max_line_size=_LONGEST_LINE,
            max_field_size=_LONGEST_LINE,
            skip_auto_headers=("Content-Type",),
        )
        self._session = session
        # Whoever leaves a client open is not told of a session, which it never made: neither when the client is
        # collected nor at the end of the program, unless its loop still runs and somebody else is about to close it.
        weakref.finalize(self, session.detach).atexit = False
        weakref.finalize(self, _detach_unless_running, session, asyncio.get_running_loop())
        return session

    async def _close(self) -> None:
        if self._session is not None:
            await self._session.close()


def _detach_unless_running(session: aiohttp.ClientSession, loop: asyncio.AbstractEventLoop) -> None:
    if not loop.is_running():
        session.detach()


class _Attempt:
    """One request on its way."""

    def __init__(
        self, request: Request, headers: Mapping[str, str], timeout: float, limit: int, progress: Progress
    ) -> None:
        self.progress = progress
        self.body = None if request.body is None else Outgoing(request.body, timeout)
        self._request = request
        self._headers = headers
        self._timeout = timeout
        self._limit = limit
        self._protocol: ResponseHandler | None = None
        self._transport: asyncio.Transport | None = None
        self._whole = False

    @property
    def begun(self) -> bool:
        """Whether it has had a connection."""
        return self._transport is not None

    def begins(self, connection: Connection) -> None:
        """From here on, it may be carried out."""
        self._protocol, self._transport = connection.protocol, connection.transport
        self.progress.outcome = Outcome.UNKNOWN

    async def run(self, session: aiohttp.ClientSession, url: URL, proxy: str | None) -> Answer:
        """Sends it and reads the answer."""
        progress = self.progress
        response = await session.request(
            self._request.method,
            url,
            data=None if self.body is None else self.body.content,
            headers=self._headers,
            allow_redirects=False,
            proxy=proxy,
            timeout=aiohttp.ClientTimeout(connect=self._timeout, sock_read=self._timeout),
        )
        try:
            if not 200 <= response.status <= 999:
                raise _NoHTTPError
            progress.answered(self._request.method, response.status, header_text(response.headers.items()))
            return await self._receive(response)
        finally:
            if self._whole:
                response.release()
            else:
                response.close()

    async def _receive(self, response: aiohttp.ClientResponse) -> Answer:
        """Reads a body; its status is known by now and is not lost whatever happens to the rest."""
        content = Content(self._limit)
        headers = self.progress.headers
        flaw: Flaw | None = None
        why = ""
        try:
            await content.read(response.content.iter_any(), headers.get("content-encoding", ""))
            if self._protocol is not None and isinstance(reset := self._protocol.exception(), aiohttp.ClientOSError):
                # To the library, the end of a connection is the end of an answer without a length, however it came.
                raise reset
            self._whole = True
        except TooLongError:
            flaw, why = Flaw.TOO_LARGE, f"the answer is longer than {self._limit} bytes"
            content.received.clear()
        except BrokenError as error:
            flaw, why = Flaw.BROKEN, str(error)
        except EndsTooEarlyError as error:
            flaw, why = Flaw.LOST, str(error)
        except Exception as error:  # noqa: BLE001 - a library raises anything, and no kind of it may pass
            flaw, why = Flaw.TIMED_OUT if isinstance(error, TimeoutError) else Flaw.LOST, _reason(error)
        received = bytes(content.received)
        return Answer(status=response.status, headers=headers, content=received, flaw=flaw, why=why, loads=loads)

    def failure(self, error: Exception) -> TransportError:
        """What an error means to whoever waits for the answer."""
        body = self.body
        if body is not None and body.error is not None:
            what = f"the content to send could not be read: {type(body.error).__name__}: {body.error}"
            return TransportError(what, cause=body.error)
        if body is not None and body.late:
            return TransportError("sending made no progress", timed_out=True)
        return TransportError(_reason(error), timed_out=isinstance(error, TimeoutError))

    async def end(self) -> None:
        """Leaves nothing behind: neither a connection that still sends, nor an open file."""
        sent = self.body is None or self.body.sent
        if self._transport is not None and not (self._whole and sent):
            # Closing it would wait until all is sent that was written.
            self._transport.abort()
        if self.body is not None:
            await self.body.ended()


class _NoHTTPError(Exception):
    """A status that is the end of no request."""


def _reason(error: Exception) -> str:
    """What happened, in the terms of whoever waits for the answer; the library's own words may hold the URL."""
    kinds: list[tuple[type[Exception], str]] = [
        (aiohttp.ConnectionTimeoutError, "connecting took too long"),
        (TimeoutError, "no answer came in time"),
        (aiohttp.ClientProxyConnectionError, "could not connect to the proxy"),
        (aiohttp.ClientHttpProxyError, "the proxy refused"),
        (aiohttp.ClientConnectorError, "could not connect"),
        (aiohttp.ServerDisconnectedError, "the server broke the connection off, or sent what is not HTTP"),
        (_NoHTTPError, "the server broke the connection off, or sent what is not HTTP"),
        (aiohttp.ClientResponseError, "the server broke the connection off, or sent what is not HTTP"),
        (aiohttp.ClientPayloadError, "the server broke the connection off, or sent what is not HTTP"),
        (aiohttp.ClientOSError, "the connection was lost"),
        (aiohttp.ClientConnectionError, "the connection was lost"),
        (SentBeforeError, "the connection was lost"),
        (Exception, f"the request failed: {type(error).__name__}"),
    ]
    text = next(words for kind, words in kinds if isinstance(error, kind))
    detail = error.strerror if isinstance(error, OSError) else None
    if isinstance(error, aiohttp.ClientConnectorError):
        detail = error.os_error.strerror
    return f"{text} ({detail[:200]})" if detail else text
