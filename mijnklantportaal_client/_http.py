"""The one module that knows httpx: sends a request once and tells what came of it."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import attrs
import httpx

from ._outcome import Outcome
from ._version import __version__

if TYPE_CHECKING:
    from ._request import Request

# A server closes idle connections without a word; a request on such a one ends as "may have been carried out".
_KEEPALIVE_SECONDS = 5.0
# httpx looks through its whole pool on every request, so more connections than this make it slower.
_MAX_CONNECTIONS = 20
_INFLATE_STEP = 256 * 1024
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.ProxyError)


class Progress:
    """How far one attempt has come; what a cancelled or timed-out attempt is judged by."""

    __slots__ = ("outcome", "status")

    def __init__(self) -> None:
        self.outcome = Outcome.NOT_SENT
        self.status: int | None = None


@attrs.frozen(kw_only=True)
class Answer:
    """An answer as far as it came.

    Attributes:
        content: The body after decompression; what there is of it where `cut` says why it is not whole.
        cut: What broke the body off, if anything did.
        too_large: Whether the limit did.
        timed_out: Whether a time-out did.
    """

    status: int
    headers: Mapping[str, str]
    content: bytes = attrs.field(repr=False)
    cut: str | None = None
    too_large: bool = False
    timed_out: bool = False


class TransportError(Exception):
    """No answer came."""

    def __init__(self, reason: str, *, timed_out: bool = False, cause: BaseException | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.timed_out = timed_out
        self.cause = cause


class _BodyError(Exception):
    """The request's own body could not be read."""


class HTTP:
    """Connections to one base URL."""

    def __init__(self, base_url: str, client: httpx.AsyncClient | None) -> None:
        self.base_url = base_url
        self._given = client
        self._own: httpx.AsyncClient | None = None
        # Whoever waits for a connection waits here, where it is certain that nothing was sent yet.
        self._places = asyncio.Semaphore(_MAX_CONNECTIONS)

    async def send(
        self, request: Request, headers: Mapping[str, str], *, timeout: float, limit: int, progress: Progress
    ) -> Answer:
        """Sends a request once.

        Raises:
            TransportError: No answer came; `progress.outcome` tells what may have happened.
        """
        async with self._places:
            return await self._exchange(request, headers, timeout, limit, progress)

    async def _exchange(
        self, request: Request, headers: Mapping[str, str], timeout: float, limit: int, progress: Progress
    ) -> Answer:
        body = _BodyStream(request)
        outgoing = self._outgoing(request, headers, body, timeout, progress)
        client = self._client()
        progress.outcome = Outcome.UNKNOWN
        failure: TransportError
        try:
            response = await client.send(outgoing, stream=True, auth=None, follow_redirects=False)
        except _NOT_SENT as error:
            progress.outcome = Outcome.NOT_SENT
            failure = _transport_error(error)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, _BodyError) as error:
            failure = _transport_error(error, body.error)
        else:
            try:
                progress.status = response.status_code
                return await _receive(response, limit)
            finally:
                await response.aclose()
        # Outside of the handler: the error of the library, which holds the request, is not chained.
        raise failure

    def _outgoing(
        self, request: Request, headers: Mapping[str, str], body: _BodyStream, timeout: float, progress: Progress
    ) -> httpx.Request:
        async def trace(event: str, _info: Any) -> None:
            if event == "connection.connect_tcp.started":
                progress.outcome = Outcome.NOT_SENT
            elif event.endswith("send_request_headers.started"):
                progress.outcome = Outcome.UNKNOWN

        url = f"{self.base_url}{request.path}"
        return httpx.Request(
            request.method,
            f"{url}?{request.query}" if request.query else url,
            headers=_with_length(headers, request),
            content=_content(request, body),
            extensions={
                "timeout": {"connect": timeout, "read": timeout, "write": timeout, "pool": None},
                "trace": trace,
            },
        )

    def _client(self) -> httpx.AsyncClient:
        if self._given is not None:
            return self._given
        if self._own is None:
            limits = httpx.Limits(
                max_connections=_MAX_CONNECTIONS,
                max_keepalive_connections=_MAX_CONNECTIONS,
                keepalive_expiry=_KEEPALIVE_SECONDS,
            )
            # Each request brings its own time-outs.
            self._own = httpx.AsyncClient(limits=limits, timeout=None)  # noqa: S113
        return self._own

    async def aclose(self) -> None:
        """Closes the connections; a client that was given stays open."""
        if self._own is not None:
            await self._own.aclose()


def default_headers(app_info: str | None) -> dict[str, str]:
    """The headers of every request."""
    import sys

    version = ".".join(map(str, sys.version_info[:3]))
    own = f"mijnklantportaal-client/{__version__} python/{version}"
    return {
        "user-agent": f"{own} {app_info}" if app_info else own,
        "accept": "application/json",
        "accept-encoding": "gzip, deflate",
    }


def _content(request: Request, stream: _BodyStream) -> bytes | _BodyStream | None:
    if request.body is None:
        return None
    whole = getattr(request.body, "content", None)
    return whole if isinstance(whole, bytes) else stream


def _with_length(headers: Mapping[str, str], request: Request) -> dict[str, str]:
    result = dict(headers)
    if request.body is not None:
        result["content-type"] = request.body.content_type
        if request.body.length is not None:
            result["content-length"] = str(request.body.length)
    elif request.method in ("POST", "PUT", "PATCH"):
        result["content-length"] = "0"
    return result


class _BodyStream:
    """The request's body as httpx wants it; remembers what went wrong on our side of it."""

    def __init__(self, request: Request) -> None:
        self._body = request.body
        self.error: Exception | None = None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if self._body is None:
            return
        chunks = self._body.open()
        try:
            async for chunk in chunks:
                yield chunk
        except Exception as error:
            self.error = error
            raise _BodyError from error
        finally:
            await chunks.aclose()


def _transport_error(error: Exception, body_error: Exception | None = None) -> TransportError:
    if body_error is not None:
        what = f"the content to send could not be read: {type(body_error).__name__}: {body_error}"
        return TransportError(what, cause=body_error)
    timed_out = isinstance(error, (httpx.TimeoutException, TimeoutError))
    return TransportError(_reason(error), timed_out=timed_out)


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
    ]
    text = next((words for kind, words in kinds if isinstance(error, kind)), "the request failed")
    detail = str(error).strip()
    return f"{text} ({detail[:200]})" if detail else text


async def _receive(response: httpx.Response, limit: int) -> Answer:
    """Reads a body; its status is known by now and is not lost whatever happens to the rest."""
    headers = header_text(response.headers.multi_items())
    received = bytearray()
    cut: str | None = None
    too_large = timed_out = False
    try:
        async for chunk in _inflated(response, headers):
            received += chunk
            if len(received) > limit:
                too_large, cut = True, f"the answer is longer than {limit} bytes"
                break
    except (httpx.HTTPError, httpx.StreamError, OSError) as error:
        cut, timed_out = _reason(error), isinstance(error, httpx.TimeoutException)
    except zlib.error as error:
        cut = f"the compressed content is broken ({error})"
    return Answer(
        status=response.status_code,
        headers=headers,
        content=b"" if too_large else bytes(received),
        cut=cut,
        too_large=too_large,
        timed_out=timed_out,
    )


async def _inflated(response: httpx.Response, headers: Mapping[str, str]) -> AsyncIterator[bytes]:
    try:
        # What a mocked transport gives has been read and decompressed before.
        yield response.content
    except httpx.ResponseNotRead:
        pass
    else:
        return
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding in ("gzip", "x-gzip", "deflate"):
        inflater = _Inflater()
        async for chunk in response.aiter_raw():
            for piece in inflater.feed(chunk):
                yield piece
        inflater.finish()
        return
    async for chunk in response.aiter_raw():
        yield chunk


class _Inflater:
    """Decompresses gzip and both kinds of deflate in small steps: a few bytes can hold a gigabyte."""

    def __init__(self) -> None:
        self._inflate: Any = None

    def feed(self, data: bytes) -> Iterable[bytes]:
        if self._inflate is None:
            if not data:
                return
            wrapped = data[:1] == b"\x1f" or data[0] & 0x0F == 8
            self._inflate = zlib.decompressobj(zlib.MAX_WBITS | 32 if wrapped else -zlib.MAX_WBITS)
        while data:
            yield self._inflate.decompress(data, _INFLATE_STEP)
            data = self._inflate.unconsumed_tail

    def finish(self) -> None:
        if self._inflate is not None and not self._inflate.eof:
            raise zlib.error("it ends too early")


def header_text(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Headers of an answer in a plain dict: names in lower case, repeated ones joined, cookies left out."""
    result: dict[str, str] = {}
    for name, value in pairs:
        key = name.lower()
        if key != "set-cookie":
            result[key] = f"{result[key]}, {value}" if key in result else value
    return result
