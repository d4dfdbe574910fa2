"""The keys and the OAuth server of a sandbox in another process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._api.oauth import IssuedTokens
from ._api.oauth_trouble import Exchange
from ._given import names, sent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ._api.trouble import When
    from ._remote import RemoteSandbox


class RemoteKeys:
    """The API keys of a sandbox in another process."""

    def __init__(self, sandbox: RemoteSandbox) -> None:
        self._sandbox = sandbox

    def add(self, key: str, scopes: str | Iterable[str] | None = None) -> None:
        """As `Sandbox.keys.add`."""
        given = {"key": key, "scopes": None if scopes is None else names(scopes)}
        self._sandbox.command("POST", "/keys/add", {"kwargs": sent(given)})

    def remove(self, key: str) -> None:
        """As `Sandbox.keys.remove`."""
        self._sandbox.command("POST", "/keys/remove", {"args": [key]})


class RemoteOAuth:
    """The OAuth server of a sandbox in another process."""

    def __init__(self, sandbox: RemoteSandbox) -> None:
        self._sandbox = sandbox

    @property
    def exchanges(self) -> list[Exchange]:
        """What the token endpoint was asked so far."""
        return [Exchange(**each) for each in self._sandbox.command("GET", "/oauth")["exchanges"]]

    @property
    def rotate(self) -> bool:
        """Whether each refresh brings a new refresh token."""
        return bool(self._sandbox.command("GET", "/oauth")["rotate"])

    @rotate.setter
    def rotate(self, rotate: bool) -> None:
        self._sandbox.command("POST", "/oauth", {"rotate": rotate})

    @property
    def expires_in(self) -> int:
        """How many seconds a new access token lasts."""
        return int(self._sandbox.command("GET", "/oauth")["expires_in"])

    @expires_in.setter
    def expires_in(self, seconds: int) -> None:
        self._sandbox.command("POST", "/oauth", {"expires_in": seconds})

    def approve(self, authorize_url: str) -> str:
        """As `Sandbox.oauth.approve`."""
        return str(self._do("approve", authorize_url))

    def deny(self, authorize_url: str) -> str:
        """As `Sandbox.oauth.deny`."""
        return str(self._do("deny", authorize_url))

    def token(self, scopes: str | Iterable[str] | None = None, client_id: str = "sandbox-app") -> IssuedTokens:
        """As `Sandbox.oauth.token`."""
        given = {} if scopes is None else {"scopes": names(scopes)}
        issued = self._do("token", client_id=client_id, **given)
        scopes = tuple(issued["scopes"])
        return IssuedTokens(issued["access_token"], issued["refresh_token"], issued["expires_in"], scopes)

    def expire(self, access_token: str | None = None) -> None:
        """As `Sandbox.oauth.expire`."""
        self._do("expire", access_token)

    def revoke(self, refresh_token: str) -> None:
        """As `Sandbox.oauth.revoke`."""
        self._do("revoke", refresh_token)

    def register(self, client_id: str, client_secret: str, redirect_uris: str | Iterable[str] | None = None) -> None:
        """As `Sandbox.oauth.register`."""
        self._do("register", client_id, client_secret, None if redirect_uris is None else names(redirect_uris))

    def fail(self, status: int = 503, times: int | None = 1, when: When = "before") -> None:
        """As `Sandbox.oauth.fail`."""
        self._do("fail", status, times, when)

    def calm(self) -> None:
        """As `Sandbox.oauth.calm`."""
        self._do("calm")

    def _do(self, method: str, *args: Any, **kwargs: Any) -> Any:
        body = {"args": sent(args), "kwargs": sent(kwargs)}
        return self._sandbox.command("POST", f"/oauth/{method}", body)["result"]
