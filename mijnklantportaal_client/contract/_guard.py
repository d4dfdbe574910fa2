"""A client that can do nothing but read, and only so much."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._client import MijnKlantportaal
from .._dispatch import Dispatcher
from ..errors import ConfigurationError

if TYPE_CHECKING:
    from .._call import Call
    from .._session import Session
    from .._wire import Answer


class NotReadingError(ConfigurationError):
    """Something else than a GET was to be sent; it was not."""


class EnoughError(ConfigurationError):
    """No further request is to be sent; the text says why."""


_MOST_REFUSALS = 5
"""So many 429 one after another, each after the wait that was asked for, and waiting does not help."""


class ReadingDispatcher(Dispatcher):
    """Sends GET requests without a body and nothing else, and no more than were allowed."""

    def __init__(self, session: Session, most: int) -> None:
        super().__init__(session)
        self.most = most
        self.sent = 0
        self._refusals = 0

    async def _exchange(self, call: Call) -> Answer:
        # The last step before the connection, which every attempt of every call takes.
        request = call.request
        if call.operation.method != "GET" or request.method != "GET" or request.body is not None:
            raise NotReadingError(f"{call.operation.method} was to be sent, and only GET without a body is let through")
        if self.sent >= self.most:
            raise EnoughError(f"{self.most} requests were sent, and no more were allowed")
        if self._refusals >= _MOST_REFUSALS:
            raise EnoughError("the rate limit lets nothing through")
        self.sent += 1
        answer = await super()._exchange(call)
        self._refusals = self._refusals + 1 if answer.status == 429 else 0
        return answer


class ReadingPortal(MijnKlantportaal):
    """A client through which nothing can be changed.

    Args:
        most: Most requests that it sends, repeated ones among them.
        **options: Those of `MijnKlantportaal`.
    """

    def __init__(self, *, most: int, **options: Any) -> None:
        super().__init__(**options)
        self._reading = ReadingDispatcher(self._dispatcher.session, most)
        self._dispatcher = self._reading

    @property
    def sent(self) -> int:
        """How many requests were sent."""
        return self._reading.sent
