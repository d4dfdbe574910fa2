"""What sends requests, whichever library it stands on: places for those under way, and an end."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from .errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._request import Request
    from ._wire import Answer, Progress

# A server closes idle connections without a word; a request on such a one ends as "may have been carried out".
KEEPALIVE_SECONDS = 5.0
MAX_CONNECTIONS = 20
NO_PROXY_URL = "the URL of a proxy can't be read (in its password, / is written as %2F, # as %23, [ as %5B)"
CLOSED = "this client is closed; make a new one, or close it later"


class Sender(ABC):
    """Connections to one base URL."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self._closed = False
        # Whoever waits for a connection waits here, where it is certain that nothing was sent yet.
        self._places = asyncio.Semaphore(MAX_CONNECTIONS)

    async def send(
        self, request: Request, headers: Mapping[str, str], *, timeout: float, limit: int, progress: Progress
    ) -> Answer:
        """Sends a request once.

        Args:
            request: What to send.
            headers: All its headers but `Host`.
            timeout: Seconds without progress after which it is given up.
            limit: Longest content of the answer, in bytes.
            progress: Where it is noted how far the request has come.

        Raises:
            ConfigurationError: The connections are closed or can't be set up.
            TransportError: No answer came; `progress.outcome` tells what may have happened.
        """
        async with self._places:
            self._check()
            return await self._send(request, headers, timeout, limit, progress)

    def _check(self) -> None:
        """Looks whether it was closed, as it may be while a request waits for its place."""
        if self._closed:
            raise ConfigurationError(CLOSED)

    @abstractmethod
    async def _send(
        self, request: Request, headers: Mapping[str, str], timeout: float, limit: int, progress: Progress
    ) -> Answer: ...

    async def aclose(self) -> None:
        """Closes the connections that are this client's own."""
        self._closed = True
        await self._close()

    @abstractmethod
    async def _close(self) -> None: ...
