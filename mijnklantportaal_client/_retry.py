"""When a call is tried again, and after what wait. Nothing here waits or keeps state."""

import math
import re
from collections.abc import Callable, Mapping
from contextlib import suppress

import attrs

from ._outcome import Outcome

# A server that tells its reset in another unit than seconds would keep everybody waiting for ages.
_LONGEST_RESET = 86_400.0
_SECONDS = re.compile(r"[0-9]+(?:\.[0-9]+)?")


@attrs.frozen(kw_only=True)
class RetryPolicy:
    """How often a call is tried, and how long it waits between attempts.

    A GET is tried again after a lost connection, a time-out, and the statuses 408, 429 and 5xx; any other call only
    if it certainly was not carried out.

    Attributes:
        max_attempts: The highest number of attempts, the first one included; 1 means no retries.
        initial: The wait after the first attempt, in seconds. It doubles with each attempt.
        maximum: The longest wait, in seconds. A wait that the server asks for may be longer.
        jitter: Whether waits are shortened at random, to at least half, so that clients don't all return at once.
        retry_unsafe: Whether every call is tried again like a GET. It can then be carried out twice.

    Raises:
        TypeError: An option is of another type.
        ValueError: `max_attempts` is less than 1, or `0 <= initial <= maximum` doesn't hold for finite numbers.
    """

    max_attempts: int = 4
    initial: float = 0.5
    maximum: float = 8.0
    jitter: bool = True
    retry_unsafe: bool = False

    def __attrs_post_init__(self) -> None:
        _require("max_attempts", self.max_attempts, int, "an int")
        if self.max_attempts < 1:
            raise ValueError(f"max_attempts must be at least 1, not {self.max_attempts}")
        for name, seconds in (("initial", self.initial), ("maximum", self.maximum)):
            _require(name, seconds, (int, float), "a number of seconds")
            if not _is_finite(seconds) or seconds < 0:
                raise ValueError(f"{name} must be a finite number of seconds, 0 or more")
        if self.initial > self.maximum:
            raise ValueError(f"initial ({self.initial}) must not be more than maximum ({self.maximum})")
        for name, flag in (("jitter", self.jitter), ("retry_unsafe", self.retry_unsafe)):
            _require(name, flag, bool, "a bool")


def should_retry(
    policy: RetryPolicy,
    *,
    method: str,
    outcome: Outcome,
    status: int | None,
    attempt: int,
    replayable: bool,
    connection_lost: bool = False,
) -> bool:
    """Decide whether a failed attempt is followed by another one.

    Args:
        policy: The policy of the call.
        method: The HTTP method.
        outcome: The outcome of this attempt.
        status: The status of the answer, or `None` if none came (no connection, a time-out).
        attempt: The number of the attempt that failed, from 1.
        replayable: Whether the request's body, if it has one, can be sent again.
        connection_lost: Whether the answer broke off, by a lost connection or a time-out, after its status.
    """
    if attempt >= policy.max_attempts or not replayable:
        return False
    if outcome is Outcome.NOT_SENT or status == 429:
        return True
    reads_only = method.upper() in ("GET", "HEAD")
    if outcome is Outcome.ACCEPTED or (status is not None and 200 <= status <= 299):
        return reads_only and connection_lost
    if not reads_only and not policy.retry_unsafe:
        return False
    return status is None or status == 408 or 500 <= status <= 599


def backoff(policy: RetryPolicy, attempt: int, random: Callable[[], float]) -> float:
    """Return the seconds to wait after an attempt, if the server asks for no particular wait.

    Args:
        policy: The policy of the call.
        attempt: The number of the attempt that failed, from 1.
        random: Returns a number from 0 up to 1, such as `random.random`.
    """
    try:
        wait = min(math.ldexp(policy.initial, max(attempt - 1, 0)), float(policy.maximum))
    except OverflowError:
        wait = float(policy.maximum)
    return wait * (0.5 + random() / 2) if policy.jitter else wait


def retry_after(headers: Mapping[str, str], now: float, *, limited: bool = True) -> float | None:
    """Return the seconds that the server asks to wait, never less than 0. It never raises.

    Args:
        headers: The headers of the answer, with lower-case names.
        now: The present UNIX time, by which moments are measured where the answer has no `Date`.
        limited: Whether the answer is a 429; a server tells its reset with others too, where it is no reason to wait.

    Returns:
        The wait by `Retry-After` (seconds, or a date), else by `X-RateLimit-Reset`; `None` if neither is there and
        readable. A `Retry-After` in the past is 0; a reset in the past is `None`, for with clocks that differ it
        would send the next attempt too early; so is one more than a day ahead.
    """
    asked = headers.get("retry-after")
    if asked is not None:
        seconds = _number(asked)
        if seconds is not None:
            return seconds
        moment = _http_date(asked)
        if moment is not None:
            return max(0.0, moment - _sent_at(headers, now))
    reset = _number(headers.get("x-ratelimit-reset", "")) if limited else None
    if reset is None:
        return None
    wait = reset - _sent_at(headers, now)
    return wait if 0 <= wait <= _LONGEST_RESET else None


def _sent_at(headers: Mapping[str, str], now: float) -> float:
    """When the server sent its answer, by its own clock, which this machine's may differ from."""
    sent = _http_date(headers.get("date", ""))
    return now if sent is None else sent


def _number(text: str) -> float | None:
    text = text.strip()
    if _SECONDS.fullmatch(text) is None:
        return None
    number = float(text)
    return number if math.isfinite(number) else None


def _http_date(text: str) -> float | None:
    from datetime import UTC
    from email.utils import parsedate_to_datetime

    # It is a server's text, and the parser raises many kinds of errors.
    with suppress(Exception):
        moment = parsedate_to_datetime(text)
        # The asctime format has no zone; HTTP means UTC.
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    return None


def _require(name: str, value: object, kinds: type | tuple[type, ...], wanted: str) -> None:
    # True is an int to Python, but no number to anybody who writes it here.
    if not isinstance(value, kinds) or (isinstance(value, bool) and kinds is not bool):
        raise TypeError(f"{name} must be {wanted}, not {type(value).__name__}")


def _is_finite(number: float) -> bool:
    try:
        return math.isfinite(number)
    except OverflowError:
        return False
