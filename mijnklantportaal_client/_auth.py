"""Where a call's token comes from."""

from __future__ import annotations

from typing import Protocol

from .errors import ConfigurationError

_MISSING = (
    "no API key: pass MijnKlantportaal(api_key=...) or set the environment variable MIJNKLANTPORTAAL_API_KEY. "
    "A key is made in the manage portal."
)


class TokenSource(Protocol):
    """Gives the token of one portal.

    `key` names the tenant: clients whose sources have the same key share one pacing.
    """

    @property
    def key(self) -> str: ...

    async def token(self) -> str:
        """The token to send with the next request."""
        ...

    async def refused(self, token: str) -> bool:
        """Told that the server answered 401 to this token; True if `token()` has a better one now."""
        ...


class APIKey:
    """The key of the portal's own owner."""

    __slots__ = ("_key", "_secret")

    def __init__(self, secret: str, *, name: str = "api_key") -> None:
        if not isinstance(secret, str):
            raise ConfigurationError(f"{name} must be a str, not {type(secret).__name__}")
        check_token(secret, name)
        self._secret = secret
        self._key = ""

    @property
    def key(self) -> str:
        """A name for this key that does not give it away."""
        if not self._key:
            import hashlib

            self._key = "api-key-" + hashlib.sha256(self._secret.encode()).hexdigest()[:16]
        return self._key

    async def token(self) -> str:
        return self._secret

    async def refused(self, token: str) -> bool:
        return False

    def __repr__(self) -> str:
        return "APIKey(...)"

    def __reduce__(self) -> tuple[type, tuple[str, ...]]:
        raise TypeError("an API key is not pickled; give it to the client of the other process in another way")


class NoCredentials:
    """Stands where a key was left out on purpose: every call is refused before it is sent."""

    key = "none"

    async def token(self) -> str:
        raise ConfigurationError(
            "this client has no credentials (api_key=None): call with_options(api_key=...) or with_options(auth=...)"
        )

    async def refused(self, token: str) -> bool:
        return False


def check_token(token: object, name: str) -> str:
    """A token that can stand in a header.

    Raises:
        ConfigurationError: It can't; the text does not hold it.
    """
    if not isinstance(token, str) or not token:
        raise ConfigurationError(f"{name} is empty" if token == "" else f"{name} gave no str")
    if token != token.strip():
        raise ConfigurationError(f"{name} starts or ends with white space, as a file read whole does; strip it")
    if not token.isascii() or not token.isprintable() or " " in token:
        raise ConfigurationError(f"{name} holds characters that no token has")
    return token


def from_environment() -> APIKey:
    """The key of the environment.

    Raises:
        ConfigurationError: There is none.
    """
    import os

    name = "MIJNKLANTPORTAAL_API_KEY"
    secret = os.environ.get(name)
    if not secret:
        raise ConfigurationError(_MISSING)
    return APIKey(secret, name=f"the environment variable {name}")
