"""What a client was told, checked and in the form that the rest uses."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

import attrs

from ._auth import APIKey, NoCredentials, TokenSource
from ._codec import WriteOptions
from ._hooks import Hooks
from ._loopback import is_loopback
from ._pacing import Pacing
from ._retry import RetryPolicy
from .errors import ConfigurationError
from .ratelimit import RateLimit

if TYPE_CHECKING:
    from ._request import Request

Strictness = Literal["money"] | bool
DEFAULT_TIMEZONE = "Europe/Amsterdam"
Transport = Literal["httpx", "fast"]
DEFAULT_BASE_URL = "https://api.mijnklantportaal.nl/v1"
_PLAIN = re.compile(r"[!-~]+")
_LABEL = re.compile(r"[A-Za-z0-9_-]{1,63}")


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Options:
    """The settings of one client or copy."""

    base_url: str
    auth: TokenSource
    timeout: float
    deadline: float | None
    deadline_given: bool
    retry: RetryPolicy
    pacing: Pacing | None
    timezone: datetime.tzinfo | str
    strict: Strictness
    max_response_bytes: int
    hooks: Hooks
    tags: Mapping[str, Any]
    validate_ids: bool
    app_info: str | None

    @property
    def writing(self) -> WriteOptions:
        return WriteOptions(self.timezone, validate_ids=self.validate_ids)

    def deadline_of(self, request: Request) -> float | None:
        """Seconds that a call may take; a body that is streamed takes as long as it is, unless a deadline was set."""
        return None if request.streams and not self.deadline_given else self.deadline


def seconds(value: object, name: str) -> float:
    """A time span of more than nothing."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ConfigurationError(f"{name} must be a number of seconds, not {type(value).__name__}")
    try:
        result = float(value)
    except OverflowError:
        result = math.inf
    if not math.isfinite(result) or result <= 0:
        raise ConfigurationError(f"{name} must be more than 0 seconds and finite")
    return result


def zone(value: object) -> datetime.tzinfo:
    """A time zone by its IANA name, or one that is ready."""
    if isinstance(value, datetime.tzinfo):
        return value
    if not isinstance(value, str):
        raise ConfigurationError(f"timezone must be a name like 'Europe/Amsterdam', not {type(value).__name__}")
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ConfigurationError(f"timezone: {value!r:.60} is no time zone of this system") from None


def credentials(api_key: object, auth: object) -> TokenSource:
    """The source of tokens, from what was given explicitly; `api_key=None` means none on purpose."""
    if auth is not None:
        if isinstance(auth, type):
            raise ConfigurationError(f"auth: {auth.__name__} is a class; give an instance of it")
        missing = [name for name in ("key", "token", "refused") if not hasattr(auth, name)]
        if missing:
            raise ConfigurationError(f"auth: {type(auth).__name__} lacks {', '.join(missing)} of a TokenSource")
        return auth  # type: ignore[return-value]
    if api_key is None:
        return NoCredentials()
    return APIKey(api_key)  # type: ignore[arg-type]


def base_url(value: object, *, allow_insecure: bool) -> str:
    """A base URL without its trailing slash, its scheme in lower case."""
    if not isinstance(value, str):
        raise ConfigurationError(f"base_url must be a str, not {type(value).__name__}")
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ConfigurationError("base_url is no URL") from None
    if parts.scheme not in ("https", "http") or not host or not _PLAIN.fullmatch(value):
        raise ConfigurationError("base_url must look like https://api.mijnklantportaal.nl/v1")
    if not parts.netloc.startswith("[") and not all(_LABEL.fullmatch(label) for label in host.split(".")):
        raise ConfigurationError("base_url: this is no name of a host (one beyond ASCII is written as xn--...)")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ConfigurationError("base_url takes no user, query or fragment")
    if parts.scheme == "http" and not allow_insecure and not is_loopback(host):
        raise ConfigurationError(
            "base_url: plain http would send the token unencrypted; pass allow_insecure=True to accept that"
        )
    return parts.scheme + value[len(parts.scheme) :].rstrip("/")


def is_fast(transport: object, http_client: object) -> bool:
    """Whether requests are sent by the faster library.

    Raises:
        ConfigurationError: There is no such transport, it is not installed, or it does not go with `http_client`.
    """
    if transport == "httpx":
        return False
    if transport != "fast":
        raise ConfigurationError(f"transport must be 'httpx' or 'fast', not {transport!r:.40}")
    if http_client is not None:
        raise ConfigurationError("transport='fast' does not use an http_client; give one of the two")
    try:
        import_module("aiohttp")
    except ImportError:
        raise ConfigurationError(
            "transport='fast' needs the package aiohttp: pip install \"mijnklantportaal-client[fast]\""
        ) from None
    return True


def changes(given: Mapping[str, Any]) -> dict[str, Any]:
    """Checked values of the options that were given; what is not given keeps its default."""
    result = dict(given)
    for name in ("timeout", "deadline"):
        if name in given and not (name == "deadline" and given[name] is None):
            result[name] = seconds(given[name], name)
    if "deadline" in given:
        result["deadline_given"] = True
    if "timezone" in given and given["timezone"] != DEFAULT_TIMEZONE:
        result["timezone"] = zone(given["timezone"])
    if "retry" in given and not isinstance(given["retry"], RetryPolicy):
        raise ConfigurationError(f"retry must be a RetryPolicy, not {type(given['retry']).__name__}")
    if "rate_limit" in given:
        limit = result.pop("rate_limit")
        if limit is not None and not isinstance(limit, RateLimit):
            raise ConfigurationError(f"rate_limit must be a RateLimit or None, not {type(limit).__name__}")
        result["pacing"] = None if limit is None else Pacing(limit)
    if "strict" in given and not (isinstance(given["strict"], bool) or given["strict"] == "money"):
        raise ConfigurationError("strict must be True, False or 'money'")
    if "max_response_bytes" in given:
        limit = given["max_response_bytes"]
        if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
            raise ConfigurationError("max_response_bytes must be a whole number of bytes, at least 1")
    if "hooks" in given:
        result["hooks"] = _hooks(given["hooks"])
    if "tags" in given:
        if not isinstance(given["tags"], Mapping):
            raise ConfigurationError(f"tags must be a mapping, not {type(given['tags']).__name__}")
        result["tags"] = dict(given["tags"])
    if "app_info" in given:
        result["app_info"] = _app_info(given["app_info"])
    if "validate_ids" in given and not isinstance(given["validate_ids"], bool):
        raise ConfigurationError("validate_ids must be True or False")
    return result


def _hooks(given: object) -> Hooks:
    if isinstance(given, (str, bytes)) or not isinstance(given, Iterable):
        raise ConfigurationError("hooks must be a list of objects")
    try:
        return Hooks(tuple(given))
    except TypeError as error:
        raise ConfigurationError(str(error)) from None


def _app_info(value: object) -> str | None:
    if value is not None and not (isinstance(value, str) and value.isascii() and value.isprintable()):
        raise ConfigurationError("app_info must be printable ASCII text, like 'my-shop/1.2'")
    return value
