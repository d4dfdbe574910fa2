"""What was asked of the token endpoint, and how it fails on demand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from .oauth_grants import TokenError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True)
class Exchange:
    """A request to the token endpoint, without its secrets."""

    grant_type: str
    client_id: str
    error: str | None
    """The error that was answered; None for tokens."""


class Desk:
    """Lets every request through but those that are to fail, and keeps count."""

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []
        self._status = 503
        self._when = "before"
        self._times: int | None = 0

    def fail(self, status: int, times: int | None, when: Literal["before", "after"]) -> None:
        """The next requests fail."""
        self._status, self._times, self._when = status, times, when

    def calm(self) -> None:
        """No more requests fail."""
        self._times = 0

    def serve(self, body: Mapping[str, Any], answer: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Answers a request.

        Raises:
            TokenError: The answer is no.
        """
        fails = self._times is None or self._times > 0
        if self._times:
            self._times -= 1
        error: str | None = None
        try:
            if fails and self._when == "before":
                raise self._failure()
            given = answer()
            if fails:
                raise self._failure()
        except TokenError as refused:
            error = refused.error
            raise
        else:
            return given
        finally:
            grant_type, client_id = (str(body.get(name, "")) for name in ("grant_type", "client_id"))
            self.exchanges.append(Exchange(grant_type, client_id, error))

    def _failure(self) -> TokenError:
        return TokenError("server_error", "this was asked for", self._status)
