"""What hooks are told.

A hook is an object with any of the methods `on_wait`, `on_request`, `on_response`, `on_retry`, `on_outcome` and
`on_drift`, plain or async, that take the event of that name. Hooks observe: what they raise is logged and changes
nothing.

Events are frozen and hold no secret, no ID and no data of a request or an answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs

if TYPE_CHECKING:
    from ._drift import DriftKind
    from ._outcome import Outcome

__all__ = ["DriftEvent", "Event", "OutcomeEvent", "RequestEvent", "ResponseEvent", "RetryEvent", "WaitEvent"]


@attrs.frozen(kw_only=True)
class Event:
    """What every event tells.

    Attributes:
        call_id: This client's ID of the call, the same in all its events and its error.
        operation: The contract's `operationId`; `METHOD /path` for `portal.request`, `download` or `read` for a file.
        name: Resource and method, such as `customers.get`; `METHOD /path` for `portal.request`.
        method: HTTP method.
        path: Path template; `/{link}` for a file.
        base_url: Where the client sends its calls; for a file, scheme and host of its link.
        tags: The client's `tags`.
        attempt: Number of the attempt, from 1; 0 before the first.
    """

    call_id: str
    operation: str
    name: str
    method: str
    path: str
    base_url: str
    tags: Mapping[str, Any]
    attempt: int


@attrs.frozen(kw_only=True)
class WaitEvent(Event):
    """`on_wait`: the rate limit makes the call wait before its next attempt.

    Attributes:
        delay: About how many seconds.
    """

    delay: float


@attrs.frozen(kw_only=True)
class RequestEvent(Event):
    """`on_request`: an attempt begins."""


@attrs.frozen(kw_only=True)
class ResponseEvent(Event):
    """`on_response`: an answer came.

    Attributes:
        status_code: Its HTTP status.
        elapsed: Seconds this attempt took.
        request_id: The server's ID of the request, if it sent one.
    """

    status_code: int
    elapsed: float
    request_id: str | None


@attrs.frozen(kw_only=True)
class RetryEvent(Event):
    """`on_retry`: the attempt failed and another one follows.

    Attributes:
        delay: Seconds until the next attempt.
        reason: Why this one failed.
        error: Name of the error's class that the call would have ended with.
    """

    delay: float
    reason: str
    error: str


@attrs.frozen(kw_only=True)
class OutcomeEvent(Event):
    """`on_outcome`: the call ended; comes exactly once for each call whose arguments were right.

    Attributes:
        outcome: What may have happened on the server; `ACCEPTED` for a success as well.
        error: Name of the error's class; None for a success.
        status_code: HTTP status of the last answer, if one came.
        elapsed: Seconds the whole call took.
        waited: Seconds of it that the rate limit made it wait.
    """

    outcome: Outcome
    error: str | None
    status_code: int | None
    elapsed: float
    waited: float


@attrs.frozen(kw_only=True)
class DriftEvent(Event):
    """`on_drift`: an answer differs from the contract.

    Attributes:
        kind: `missing`, `unexpected_null`, `wrong_type`, `unknown_field`, `unknown_value` or `undocumented_status`.
        location: JSON pointer into the answer; empty for the answer as a whole.
        status_code: HTTP status of the answer.
    """

    kind: DriftKind
    location: str
    status_code: int
