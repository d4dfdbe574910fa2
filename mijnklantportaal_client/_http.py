"""The one module that knows httpx: sends a request once and tells what came of it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing, suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import httpx

from ._content import Content, TooLongError
from ._http_clients import OwnClients
from ._inflate import BrokenError, EndsTooEarlyError
from ._interrupt import Interruptible, run
from ._library_logs import OwnURL, hide_answer, logs_steps
from ._outcome import Outcome
from ._sender import Sender
from ._wire import Answer, Flaw, Progress, TransportError, header_text
from .errors import ConfigurationError

if TYPE_CHECKING:
    from ._request import Body, Request

Into: TypeAlias = Callable[[Mapping[str, str], Interruptible], Content]
# What tells nothing new, and comes eight times with every request.
_DULL = frozenset(
    {
        "http11.send_request_headers.complete",
        "http11.send_request_body.started",
        "http11.send_request_body.complete",
        "http11.receive_response_headers.started",
        "http11.receive_response_body.started",
        "http11.receive_response_body.complete",
        "http11.response_closed.started",
        "http11.response_closed.complete",
    }
)
_CONNECTED = frozenset({"connect_tcp.complete", "start_tls.complete"})
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.ProxyError)


class HTTP(Sender):
    """Connections to one base URL, by httpx.

    Args:
        base_url: Where requests go.
        client: What sends them, in place of connections of its own.
        files: Whether they go to wherever files are, too, which may be encrypted where the base URL is not.
    """

    def __init__(self, base_url: str, client: httpx.AsyncClient | None, *, files: bool = False) -> None:
        super().__init__(base_url)
        self._given = client
        self._own = OwnClients(encrypted=files or not base_url.startswith("http:"))
        # Whether the transport was ever heard telling how far it is; a mocked one does not.
        self._tells = False
        # Most requests have the same headers as the one before, and httpx takes its time over each of them.
        self._last: tuple[dict[str, str], httpx.Headers] = ({}, httpx.Headers())

    async def send_into(
        self,
        request: Request,
        headers: Mapping[str, str],
        *,
        timeout: float,
        limit: int,
        progress: Progress,
        into: Into,
    ) -> Answer:
        """As `send`, where `into` makes what takes the content of a 200 in place of the memory."""
        async with self._places:
            self._check()
            return await self._send(request, headers, timeout, limit, progress, into)

    async def _send(
        self,
        request: Request,
        headers: Mapping[str, str],
        timeout: float,
        limit: int,
        progress: Progress,
        into: Into | None = None,
    ) -> Answer:
        watch = _Watch(request.method, progress)
        body = _BodyStream(request.body, watch.part)
        try:
            outgoing = self._outgoing(request, headers, body, timeout, watch)
        except httpx.InvalidURL as error:
            raise ValueError(f"the path or the query can't be sent: {error}") from None
        if self._given is not None and self._given.is_closed:
            raise ConfigurationError("the http_client that was given is closed; close it after this client")
        receive = partial(_receive, limit=limit, into=into, part=watch.part)
        return await run(self._exchange(outgoing, body, watch, receive), watch.part)

    async def _exchange(
        self,
        outgoing: httpx.Request,
        body: _BodyStream,
        watch: _Watch,
        receive: Callable[[httpx.Response, Progress], Awaitable[Answer]],
    ) -> Answer:
        # Before this began, the client may have been closed.
        self._check()
        client = self._own.take(watch.part) if self._given is None else self._given
        progress = watch.progress
        progress.outcome = Outcome.NOT_SENT if self._tells else Outcome.UNKNOWN
        response: httpx.Response | None = None
        answer: Answer | None = None
        failure: TransportError | None = None
        try:
            with watch.part:
                try:
                    response = await client.send(outgoing, stream=True, auth=None, follow_redirects=False)
                except Exception as error:  # noqa: BLE001 - a transport raises anything, and no kind of it may pass
                    failure = _transport_error(error, body.error)
                    if progress.status is None:
                        progress.outcome = watch.outcome_of(error)
                else:
                    if progress.status != response.status_code:
                        # Nothing was told of it, as by a mock.
                        progress.answered(
                            outgoing.method, response.status_code, header_text(response.headers.multi_items())
                        )
                    if not logs_steps():
                        # Of what comes now, nothing tells anything new.
                        outgoing.extensions.pop("trace", None)
                    answer = await receive(response, progress)
        finally:
            await self._tidy_up(client, response, body, watch)
        if answer is not None:
            return answer
        if failure is None:
            # It was interrupted: by the end of the client, else by somebody who does not look at what comes of it.
            if not self._closed:
                raise asyncio.CancelledError
            failure = TransportError("the connection was lost, as the client was closed")
        # Outside of the handler: the error of the library, which holds the request, is not chained.
        if progress.status is None:
            raise failure
        # httpx refuses an answer with a senseless Location, and a client that was given may have hooks that raise.
        flaw = Flaw.TIMED_OUT if failure.timed_out else Flaw.LOST
        return Answer(status=progress.status, headers=progress.headers, content=b"", flaw=flaw, why=failure.reason)

    async def _tidy_up(
        self, client: httpx.AsyncClient, response: httpx.Response | None, body: _BodyStream, watch: _Watch
    ) -> None:
        self._tells = self._tells or watch.begun
        try:
            with watch.part.tidying():
                if response is not None:
                    with suppress(Exception):
                        await _end(response)
                await watch.close_unused()
        finally:
            try:
                await body.aclose()
            finally:
                if client is not self._given:
                    await self._own.give_back(client)

    def _outgoing(
        self, request: Request, headers: Mapping[str, str], body: _BodyStream, timeout: float, watch: _Watch
    ) -> httpx.Request:
        url = OwnURL(request, self.base_url)
        whole = b"" if request.body is None else getattr(request.body, "content", None)
        stream = httpx.ByteStream(whole) if isinstance(whole, bytes) else body
        # To what has a stream, httpx adds nothing by itself: no headers that follow from a content, which takes longer
        # than all of this, and no generator around the stream, which would stay open where sending is broken off.
        outgoing = httpx.Request(
            request.method,
            url,
            headers=self._framed(headers, url, chunked=stream is body and "content-length" not in headers),
            stream=stream,
            extensions={
                "timeout": {"connect": timeout, "read": timeout, "write": timeout, "pool": None},
                "trace": watch,
            },
        )
        # Of the one that was given it made a plain copy.
        outgoing.url = url
        if stream is not body:
            # For whoever looks at its content, such as the hooks of a client that was given.
            outgoing.read()
        return outgoing

    def _framed(self, headers: Mapping[str, str], url: httpx.URL, *, chunked: bool) -> httpx.Headers:
        """Headers as httpx wants them, with those that every request needs."""
        every = {"Host": url.netloc.decode("ascii"), **headers}
        if chunked:
            every["Transfer-Encoding"] = "chunked"
        last, framed = self._last
        if every != last:
            framed = httpx.Headers(every)
            # Both at once: they hold a token, and must not be taken for those of another one.
            self._last = every, framed
        return framed

    async def _close(self) -> None:
        # A client that was given stays open.
        await run(self._own.aclose())


class _Watch:
    """Hears from the transport how far a request has come."""

    def __init__(self, method: str, progress: Progress) -> None:
        self._method = method
        self._sent = False
        self.progress = progress
        self.part = Interruptible()
        self.begun = False
        self._unused: Any = None

    async def __call__(self, event: str, info: Mapping[str, Any]) -> None:
        if event in _DULL:
            return
        kind = event[event.index(".") + 1 :]
        if kind in _CONNECTED:
            self._unused = info.get("return_value")
            # From here to its first use, a connection is lost to the pool if it is interrupted.
            await self.part.hold()
        else:
            self.part.let_go()
        if kind == "send_request_headers.started":
            self._unused = None
        if self._sent:
            if kind == "receive_response_headers.complete":
                self._answered(info.get("return_value"))
        # A proxy is asked for a tunnel first, which is not the request.
        elif kind == "send_request_headers.started" and getattr(info.get("request"), "method", b"") != b"CONNECT":
            self.begun = self._sent = True
            self.progress.outcome = Outcome.UNKNOWN
        elif event.startswith("connection."):
            self.begun = True
            self.progress.outcome = Outcome.NOT_SENT
        hide_answer(info)

    def _answered(self, told: Any) -> None:
        status = next((part for part in told if isinstance(part, int)), None) if isinstance(told, tuple) else None
        if status is not None:
            pairs = ((name.decode("latin-1"), value.decode("latin-1")) for name, value in told[-1])
            self.progress.answered(self._method, status, header_text(pairs))

    async def close_unused(self) -> None:
        """Closes a connection that came to nothing, as when it was interrupted while its encryption was agreed on."""
        if self._unused is not None:
            with suppress(Exception):
                await self._unused.aclose()

    def outcome_of(self, error: Exception) -> Outcome:
        """What a request without an answer may have done."""
        if self._sent:
            return Outcome.UNKNOWN
        return Outcome.NOT_SENT if self.begun or isinstance(error, _NOT_SENT) else Outcome.UNKNOWN


class _BodyError(Exception):
    """The request's own body could not be read."""


class _BodyStream(httpx.AsyncByteStream):
    """The request's body as httpx wants it; remembers what went wrong on our side of it."""

    def __init__(self, body: Body | None, part: Interruptible) -> None:
        self._body = body
        self._part = part
        self._chunks: AsyncGenerator[bytes, None] | None = None
        self.error: Exception | None = None

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        if self._body is None:
            raise StopAsyncIteration
        try:
            if self._chunks is None:
                self._chunks = self._body.open()
            return await self._part.callers(self._chunks.__anext__)
        except StopAsyncIteration:
            raise
        except Exception as error:
            self.error = error
            raise _BodyError from error

    async def aclose(self) -> None:
        """Closes files and streams at once, also where sending was broken off."""
        if self._chunks is not None:
            with suppress(Exception):
                await self._chunks.aclose()


def _transport_error(error: Exception, body_error: Exception | None) -> TransportError:
    if body_error is not None:
        what = f"the content to send could not be read: {type(body_error).__name__}: {body_error}"
        return TransportError(what, cause=body_error)
    return TransportError(_reason(error), timed_out=_is_timeout(error))


def _is_timeout(error: Exception) -> bool:
    return isinstance(error, (httpx.TimeoutException, TimeoutError))


def _reason(error: Exception) -> str:
    """What happened, in the terms of whoever waits for the answer."""
    kinds: list[tuple[type[Exception], str]] = [
        (httpx.ConnectTimeout, "connecting took too long"),
        (httpx.WriteTimeout, "sending made no progress"),
        (httpx.ReadTimeout, "no answer came in time"),
        (httpx.PoolTimeout, "no connection became free in time"),
        (httpx.ConnectError, "could not connect"),
        (httpx.ProxyError, "the proxy refused"),
        (httpx.UnsupportedProtocol, "the protocol is not supported"),
        (httpx.RemoteProtocolError, "the server broke the connection off, or sent what is not HTTP"),
        (httpx.NetworkError, "the connection was lost"),
        (httpx.HTTPError, "the request failed"),
        (Exception, f"the request failed: {type(error).__name__}"),
    ]
    text = next(words for kind, words in kinds if isinstance(error, kind))
    detail = str(error).strip()
    if isinstance(error, httpx.RemoteProtocolError):
        # What follows is what the server sent.
        detail = re.split("[:<]", detail)[0]
    return f"{text} ({detail[:200]})" if detail else text


async def _receive(
    response: httpx.Response, progress: Progress, *, limit: int, into: Into | None, part: Interruptible
) -> Answer:
    """Reads a body; its status is known by now and is not lost whatever happens to the rest."""
    content = Content(limit)
    flaw: Flaw | None = None
    why = ""
    try:
        if into is not None and response.status_code == 200:
            content = into(progress.headers, part)
        await _read(response, content, progress.headers.get("content-encoding", ""))
    except TooLongError as error:
        flaw, why = Flaw.TOO_LARGE, f"the answer is longer than {error.limit:.0f} bytes"
        content.received.clear()
    except BrokenError as error:
        flaw, why = Flaw.BROKEN, str(error)
    except EndsTooEarlyError as error:
        flaw, why = Flaw.LOST, str(error)
    except Exception as error:  # noqa: BLE001 - a transport raises anything, and no kind of it may pass
        flaw, why = Flaw.TIMED_OUT if _is_timeout(error) else Flaw.LOST, _reason(error)
    received = bytes(content.received)
    return Answer(status=response.status_code, headers=progress.headers, content=received, flaw=flaw, why=why)


async def _read(response: httpx.Response, content: Content, encoding: str) -> None:
    if response.is_stream_consumed:
        # What a mocked transport gives has been read and decompressed before.
        await content.read_whole(response.content)
        return
    # Not `aiter_raw`, which gives the connection back before anybody could look at it.
    stream = cast("httpx.AsyncByteStream", response.stream)
    async with aclosing(cast("AsyncGenerator[bytes, None]", aiter(stream))) as chunks:
        await content.read(chunks, encoding)


async def _end(response: httpx.Response) -> None:
    """Gives the connection back, or closes it where more came than the answer, for the next call would get that."""
    try:
        if _has_more(response):
            await response.extensions["network_stream"].aclose()
    finally:
        await response.aclose()


def _has_more(response: httpx.Response) -> bool:
    part: Any = response.stream
    # Nothing public tells; where a version of httpx has other names, there is no looking.
    for name in ("_stream", "_httpcore_stream", "_stream", "_connection", "_h11_state"):
        part = getattr(part, name, None)
    return bool(getattr(part, "trailing_data", (b"",))[0])
