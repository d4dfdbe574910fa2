"""The one module that knows the package redis, which is loaded when it is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import ConfigurationError

if TYPE_CHECKING:
    from redis.asyncio import Redis

_LONGEST_REASON = 200


def check_url(url: str) -> tuple[str, str]:
    """Where a Redis server is, for a log line, and its password.

    Raises:
        ConfigurationError: The package is missing, or the URL can't be used.
    """
    try:
        from redis.asyncio.connection import ConnectionPool, parse_url
    except ImportError:
        raise ConfigurationError(
            'RateLimit(redis=...) needs the package redis: pip install "mijnklantportaal-client[redis]"'
        ) from None
    parts: Any = None
    wrong = ""
    try:
        parts = parse_url(url)
        # Tells whether all of its options are known.
        pool: Any = ConnectionPool.from_url(url)
        pool.make_connection()
    except Exception as error:  # noqa: BLE001 - it may be anything, and is not chained, as it may quote the URL
        wrong = type(error).__name__
    if wrong:
        raise ConfigurationError(f"RateLimit: the URL of the Redis server can't be used ({wrong})")
    where = parts.get("path") or f"{parts.get('host', 'localhost')}:{parts.get('port', 6379)}"
    return where, parts.get("password") or ""


def is_lost(error: Exception) -> bool:
    """Whether a connection was closed, which servers do with idle ones."""
    from redis.exceptions import ConnectionError as LostError

    return isinstance(error, LostError)


def new_client(url: str, connections: int) -> Redis:
    """A client without time-outs and retries, which are not left to the library."""
    from redis.asyncio import Redis
    from redis.asyncio.retry import Retry
    from redis.backoff import NoBackoff

    return Redis.from_url(
        url,
        socket_connect_timeout=None,
        socket_timeout=None,
        retry=Retry(NoBackoff(), 0),
        max_connections=connections,
        # Needs no greeting that old servers do not know.
        protocol=2,
    )


def describe(error: Exception, password: str) -> str:
    """Why a server can't be used, for a log line."""
    from redis.exceptions import RedisError

    name = type(error).__name__
    text = " ".join(str(error).split())[:_LONGEST_REASON]
    # Other errors may quote anything, and a server may quote what it did not understand.
    if not text or not isinstance(error, RedisError) or (password and password in str(error)):
        return name
    return f"{name}: {text}"
