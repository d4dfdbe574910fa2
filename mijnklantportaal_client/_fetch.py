"""Fetching what links point to, and asking for a new link where the old one is no good any more."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs

from . import _failures, errors
from ._attempt import Failure
from ._auth import NoCredentials
from ._dispatch import Dispatcher
from ._link import origin_of, request_of
from ._receiving import Incoming
from ._threads import in_thread
from ._wire import Answer, Flaw, TransportError, link_headers

if TYPE_CHECKING:
    from ._call import Call
    from ._content import Content
    from ._interrupt import Interruptible
    from ._link import HasLink, LinkRequest
    from ._operation import Operation
    from ._options import Options
    from ._progress import Teller
    from ._receiving import Place

# What a store of files says to a link that is too old; which of them depends on whose it is.
_STALE = frozenset({400, 401, 403, 410})
_LONGEST_REFUSAL = 64 * 1024


class Fetcher(Dispatcher):
    """Fetches what a link points to, with the attempts, the deadline and the hooks of every call.

    It sends no token and waits for no rate limit: the files are on other servers.
    """

    def __init__(self, dispatcher: Dispatcher, place: Place, limit: float, teller: Teller) -> None:
        super().__init__(dispatcher.session)
        self.clock = dispatcher.clock
        self.random = dispatcher.random
        self.worked = False
        """Whether the link gave anything."""
        self._place = place
        self._limit = limit
        self._teller = teller
        self._incoming: Incoming | None = None

    async def fetch(self, operation: Operation[bytes], request: LinkRequest, options: Options) -> None:
        """Fetches it, in as many attempts as it takes; each begins at the start.

        Raises:
            MijnKlantportaalError: With the details of the call.
            OSError: It can't be written.
        """
        self.worked = False
        there = attrs.evolve(options, base_url=request.host, auth=NoCredentials(), pacing=None)
        await self.call(operation, request, there)

    async def _read(self, call: Call, answer: Answer) -> bytes:
        await in_thread(self._place.take_place)
        return b""

    async def _attempt(self, call: Call) -> Answer | Failure:
        result = await super()._attempt(call)
        error = result.error if isinstance(result, Failure) else None
        if isinstance(error, errors.ResponseTooLargeError):
            error._advice = "Allow more with max_bytes, or with max_response_bytes where it is read into memory."
        elif isinstance(error, errors.ResponseDecodeError):
            error._advice = "Ask for a new link, or fetch it in another way."
        return result

    async def _exchange(self, call: Call) -> Answer:
        request: Any = call.request
        call.token = request.secret
        call.attempts += 1
        await self._tell(call, "on_request", "RequestEvent")
        self._incoming = None
        try:
            answer = await self.session.fetcher.send_into(
                request,
                link_headers(call.options.app_info),
                timeout=call.options.timeout,
                limit=_LONGEST_REFUSAL,
                progress=call.progress,
                into=self._into,
            )
        except TransportError as failure:
            failure.reason = request.hide(failure.reason)
            raise
        incoming: Any = self._incoming
        if incoming is not None and incoming.error is not None:
            raise incoming.error
        # For the ID of the request, too.
        shown = call.progress.headers = _harmless(request, answer.headers)
        if 200 < answer.status <= 299:
            why = f"{answer.status} came in place of the file"
            return attrs.evolve(answer, headers=shown, content=b"", flaw=Flaw.BROKEN, why=why)
        return attrs.evolve(answer, headers=shown, why=request.hide(answer.why))

    def _into(self, headers: Mapping[str, str], part: Interruptible) -> Content:
        self.worked = True
        self._incoming = Incoming(self._place, self._limit, self._teller, headers, part)
        return self._incoming

    def _status_error(
        self, call: Call, status: int, headers: Mapping[str, str], content: bytes
    ) -> errors.APIStatusError:
        request: Any = call.request
        for secret in request.secrets:
            content = _failures.without(content, secret)
        error = super()._status_error(call, status, _harmless(request, headers), content)
        error._advice = "Try again later." if status == 429 or status >= 500 else "Ask for a new link."
        return error


class Renewable:
    """A link and, where it is known how it was asked for, the ones that follow it.

    Args:
        dispatcher: Sends the calls.
        link: The first one.
        options: Those of the client that fetches.
        streams: Whether the content goes somewhere else than into memory.

    Raises:
        TypeError: It is no link.
        ValueError: It is one that is not fetched.
    """

    def __init__(self, dispatcher: Dispatcher, link: HasLink | str, options: Options, *, streams: bool) -> None:
        self._dispatcher = dispatcher
        self._options = options
        self._streams = streams
        self._origin = origin_of(link)
        self._expires = _moment(link)
        self._renewed = 0
        self.request = request_of(link, options.base_url, streams=streams)

    @property
    def is_over(self) -> bool:
        """Whether its time is over, by this machine's clock."""
        return self._expires is not None and self._expires.timestamp() <= self._dispatcher.clock.time()

    def can_be_renewed(self, *, worked: bool) -> bool:
        """Whether a new one can help; not where a new one was of no use, nor again and again."""
        if self._origin is None or not self._origin.can_be_asked_by(self._options):
            return False
        return self._renewed == 0 or (worked and self._renewed < self._options.retry.max_attempts)

    async def renew(self) -> None:
        """Asks for a new one, which is a call like every other.

        Raises:
            MijnKlantportaalError: It could not be had.
        """
        assert self._origin is not None  # noqa: S101 - was looked at before
        link = await self._dispatcher.call(self._origin.operation, self._origin.request, self._options)
        self._renewed += 1
        self._expires = _moment(link)
        self.request = request_of(link, self._options.base_url, streams=self._streams)

    @property
    def advice(self) -> str:
        """What to do where the link was refused."""
        if self._renewed:
            return "A new link was refused as well."
        if self._origin is None:
            why = "it is a text or a copy, which does not know where it came from"
        else:
            why = "it came from a client with another token"
        return f"A link works for 5 minutes. This one could not be renewed, as {why}: ask for a new one."


async def fetch(fetcher: Fetcher, operation: Operation[bytes], link: Renewable, options: Options) -> None:
    """Fetches what a link points to; where its time is over or it is refused as too old, by a new one.

    Raises:
        MijnKlantportaalError: The link was refused, nothing or not all of it came, or no new link could be had.
        OSError: It can't be written.
    """
    if link.is_over and link.can_be_renewed(worked=False):
        await link.renew()
    while True:
        try:
            await fetcher.fetch(operation, link.request, options)
        except errors.APIStatusError as refused:
            if refused.status_code not in _STALE:
                raise
            if not link.can_be_renewed(worked=fetcher.worked):
                refused._advice = link.advice
                raise
        else:
            return
        # Outside of the handler: what goes wrong with the new one is not what went wrong with the old one.
        await link.renew()


def _harmless(request: LinkRequest, headers: Mapping[str, str]) -> dict[str, str]:
    """The headers of an answer without anything of the link, or of another one that may be as good."""
    return {name: request.hide(value) for name, value in headers.items() if name != "location"}


def _moment(link: object) -> datetime.datetime | None:
    """When a link expires, if it says."""
    found = getattr(link, "expires_at", None)
    return found if isinstance(found, datetime.datetime) else None
