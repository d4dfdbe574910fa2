"""How fast a client may go."""

from __future__ import annotations

import math

import attrs

from .errors import ConfigurationError

__all__ = ["RateLimit"]
_REDIS = ("redis://", "rediss://", "unix://")


@attrs.frozen(kw_only=False)
class RateLimit:
    """Paces requests so that they wait instead of being refused: bursts, then waits.

    The API allows 60 requests a minute for each key or token. All clients of a process that have the same base URL and
    the same token share one pacing, whatever the number of clients, copies, threads and event loops. A `RateLimit` on
    a copy is a share inside of that, with a queue of its own, so that a batch leaves room for others:

        batch = portal.with_options(rate_limit=RateLimit(40))

    Attributes:
        requests: How many requests a window may hold. None follows the server's headers, 60 until they are known; a
            number is a ceiling that the headers can only lower.
        per: Length of the server's window in seconds.
        redis: URL of a Redis server through which several processes and machines share the window; needs the extra
            `redis`.
        key: What to share by, in place of the token; clients with the same key share one pacing.
        max_wait: Longest wait in seconds; a call that would wait longer raises `PacingTimeoutError` at once. None
            for as long as it takes.

    Raises:
        ConfigurationError: A value can't be used.
    """

    requests: int | None = None
    per: float = attrs.field(default=60.0)
    redis: str | None = attrs.field(default=None, kw_only=True, repr=False)
    key: str | None = attrs.field(default=None, kw_only=True)
    max_wait: float | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        requests: object = self.requests
        if requests is not None and (isinstance(requests, bool) or not isinstance(requests, int) or requests < 1):
            raise ConfigurationError("RateLimit: requests must be a whole number of at least 1, or None")
        _check_seconds("per", self.per)
        if self.max_wait is not None:
            _check_seconds("max_wait", self.max_wait, least=0.0)
        redis: object = self.redis
        if redis is not None and not (isinstance(redis, str) and redis.startswith(_REDIS)):
            raise ConfigurationError("RateLimit: redis must be a URL like redis://localhost:6379/0")
        key: object = self.key
        if key is not None and not (isinstance(key, str) and key):
            raise ConfigurationError("RateLimit: key must be a text")


def _check_seconds(name: str, value: object, least: float | None = None) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ConfigurationError(f"RateLimit: {name} must be a finite number of seconds")
    if value < least if least is not None else value <= 0:
        raise ConfigurationError(f"RateLimit: {name} must be more than 0 seconds")
