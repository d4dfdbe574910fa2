"""Who wants to know of a change before it is sent, such as the ledger; found through the context of the call."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ._call import Call

READS = frozenset({"GET", "HEAD", "OPTIONS"})
"""The methods that change nothing."""


class Intent(Protocol):
    """Is told of every change that is made in its context; what it raises keeps the change from being sent."""

    def refused(self) -> None:
        """Arguments of a change can't be sent, so that it will not be."""
        ...

    async def begins(self, call: Call) -> None:
        """A change has been checked, and will wait for its turn."""
        ...

    async def sends(self, call: Call) -> None:
        """Its next attempt is sent as soon as this returns."""
        ...


INTENT: ContextVar[Intent | None] = ContextVar("mijnklantportaal_intent", default=None)


def intent_of(method: str) -> Intent | None:
    """Who wants to know of a request with this method, here and now."""
    return None if method in READS else INTENT.get()


def tell_refusal(method: str) -> None:
    """Tells that the arguments of such a request can't be sent."""
    intent = intent_of(method)
    if intent is not None:
        intent.refused()
