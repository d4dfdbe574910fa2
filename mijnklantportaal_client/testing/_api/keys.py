"""Who may do what: API keys, access tokens and their scopes."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .._portal.clock import PortalClock
    from .._portal.contract import Operation

_ACCESS = "oat_"
_AREAS = {
    "agreements": "agreements",
    "appointments": "appointments",
    "customers": "customers",
    "customer-groups": "customers",
    "customer-invoices": "invoices",
    "customer-offers": "offers",
    "customer-subscriptions": "subscription",
    # Inferred: no scope of its own is known.
    "customer-subscription-packages": "subscription",
    "files": "files",
    "file-requests": "filerequest",
    "file-shares": "fileshare",
    "invoices": "businessoperations",
    "payment-links": "paymentlinks",
    "tickets": "tickets",
    "webhooks": "webhooks",
}
_ONLY_READ = frozenset({"businessoperations", "invoices"})
SCOPES = tuple(
    f"{area}.{verb}"
    for area in sorted(set(_AREAS.values()))
    for verb in ("read", "write")
    if verb == "read" or area not in _ONLY_READ
)
"""The scopes that are known; the portal may have more."""


def scope_of(operation: Operation) -> str | None:
    """The scope that an operation needs; None where it is not known."""
    area = _AREAS.get(operation.area)
    if operation.method == "GET":
        return area and f"{area}.read"
    return None if area in _ONLY_READ else area and f"{area}.write"


def fingerprint(secret: str) -> str:
    """What is kept of a secret: enough to know it again."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


class Holder(NamedTuple):
    """Who sent a request."""

    name: str
    """Tells keys and tokens apart without giving them away: one rate limit belongs to each."""
    scopes: frozenset[str] | None
    """What it may do; None for everything."""
    client_id: str | None = None
    """The application that the token was made out to; None for an API key."""


class _AccessToken(NamedTuple):
    client_id: str
    grant: str
    scopes: tuple[str, ...]
    expires: float


class Keys:
    """The API keys and access tokens of the portal.

    Args:
        clock: What access tokens expire by.
        keys: API keys that may do everything.
    """

    def __init__(self, clock: PortalClock, keys: Iterable[str] = ("sandbox",)) -> None:
        self.any_key = False
        """Whether a key that nobody made may do everything; an access token that has expired may not."""
        self._clock = clock
        self._keys: dict[str, frozenset[str] | None] = {}
        self._tokens: dict[str, _AccessToken] = {}
        for key in keys:
            self.add(key)

    def add(self, key: str, scopes: Iterable[str] | None = None) -> None:
        """Makes an API key, with scopes or with the right to do everything.

        Raises:
            ValueError: No header can hold such a key.
        """
        if not key or not key.isascii() or not key.isprintable() or " " in key:
            raise ValueError("an API key is one or more visible ASCII characters")
        self._keys[fingerprint(key)] = None if scopes is None else frozenset(scope_list(scopes))

    def remove(self, key: str) -> None:
        """Takes an API key back.

        Raises:
            ValueError: There is none like it.
        """
        if self._keys.pop(fingerprint(key), self) is self:
            raise ValueError("the sandbox has no such API key")

    def holder(self, authorization: str | None) -> Holder | None:
        """Who the `Authorization` header stands for; None for nobody."""
        scheme, _, secret = (authorization or "").partition(" ")
        secret = secret.strip(" ")
        if scheme.lower() != "bearer" or secret.split() != [secret]:
            return None
        known = fingerprint(secret)
        name = known[:16]
        if known in self._keys:
            return Holder(name, self._keys[known])
        token = self._tokens.get(known)
        if token is not None and self._clock.now().timestamp() < token.expires:
            return Holder(name, frozenset(token.scopes), token.client_id)
        return Holder(name, None) if self.any_key and not secret.startswith(_ACCESS) else None

    def missing_scope(self, holder: Holder, operation: Operation) -> str | None:
        """The scope that the holder would need for an operation and lacks; None where nothing stands in the way."""
        scope = scope_of(operation)
        return None if holder.scopes is None or scope in holder.scopes else scope

    def issue(self, client_id: str, grant: str, scopes: Iterable[str], seconds: float) -> str:
        """Makes an access token that lasts so long."""
        now = self._clock.now().timestamp()
        self._tokens = {known: token for known, token in self._tokens.items() if token.expires > now}
        secret = _ACCESS + secrets.token_urlsafe(24)
        self._tokens[fingerprint(secret)] = _AccessToken(client_id, grant, tuple(scopes), now + seconds)
        return secret

    def expire(self, access_token: str | None = None) -> None:
        """Ends an access token, or all of them, before its time.

        Raises:
            ValueError: There is none like it, or its time is over.
        """
        if access_token is None:
            self._tokens = {}
        elif self._tokens.pop(fingerprint(access_token), None) is None:
            raise ValueError("the sandbox has no such access token, or it has expired already")

    def expire_grant(self, grant: str) -> None:
        """Ends the access tokens that came from one consent."""
        self._tokens = {known: token for known, token in self._tokens.items() if token.grant != grant}

    def dump(self) -> dict[str, Any]:
        """The access tokens as JSON, without the tokens themselves."""
        return {known: token._asdict() for known, token in self._tokens.items()}

    def load(self, dumped: Mapping[str, Any]) -> None:
        """Puts them back."""
        tokens = {known: _AccessToken(**token) for known, token in dumped.items()}
        self._tokens = {known: token._replace(scopes=tuple(token.scopes)) for known, token in tokens.items()}


def scope_list(scopes: str | Iterable[str]) -> tuple[str, ...]:
    """Scopes in order, each of them once; a text holds them with spaces in between."""
    return tuple(dict.fromkeys(scopes.split(" ") if isinstance(scopes, str) else scopes))
