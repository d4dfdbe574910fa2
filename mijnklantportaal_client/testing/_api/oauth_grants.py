"""Codes, refresh tokens and what they are exchanged for."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

import attrs

from .keys import fingerprint

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .._portal.clock import PortalClock
    from .keys import Keys
    from .oauth_request import Request

CODE_LASTS = 600.0


class TokenError(Exception):
    """The token endpoint says no, in the words of RFC 6749."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error = error
        self.status = status


@attrs.frozen
class Code:
    """What a code stands for; `grant` is what it was exchanged for."""

    client_id: str
    redirect_uri: str
    scopes: tuple[str, ...] = attrs.field(converter=tuple[str, ...])
    expires: float
    grant: str | None = None


@attrs.frozen
class Grant:
    """What a person agreed to."""

    id: str
    client_id: str
    scopes: tuple[str, ...] = attrs.field(converter=tuple[str, ...])


class Grants:
    """The codes and refresh tokens that were given out, by fingerprint."""

    def __init__(self, clock: PortalClock, keys: Keys) -> None:
        self.rotate = False
        self.expires_in = 3600
        self._keys = keys
        self._clock = clock
        self._codes: dict[str, Code] = {}
        self._grants: dict[str, Grant] = {}

    def now(self) -> float:
        """The sandbox's time, as a UNIX time."""
        return self._clock.now().timestamp()

    def new_code(self, request: Request) -> str:
        """A code for what was agreed to."""
        now = self.now()
        self._codes = {known: code for known, code in self._codes.items() if code.expires > now}
        secret = "oac_" + secrets.token_urlsafe(24)
        self._codes[fingerprint(secret)] = Code(
            request.client_id, request.redirect_uri, request.scopes, now + CODE_LASTS
        )
        return secret

    def new_tokens(self, client_id: str, scopes: tuple[str, ...]) -> tuple[Grant, dict[str, Any]]:
        """The first tokens of a new consent, as the token endpoint answers them."""
        grant = Grant(secrets.token_hex(8), client_id, scopes)
        answer = self._access(grant)
        return grant, {**answer, "refresh_token": self._refresh_token(grant)}

    def from_code(self, client_id: str, code: str, redirect_uri: str) -> dict[str, Any]:
        """What a code is exchanged for; using one twice revokes what it gave.

        Raises:
            TokenError: It is exchanged for nothing.
        """
        known = fingerprint(code)
        found = self._codes.get(known)
        if found is None or found.client_id != client_id:
            raise TokenError("invalid_grant", "the code is unknown, or belongs to another application")
        if found.grant is not None:
            self._end(found.grant)
            raise TokenError("invalid_grant", "the code was used before; the tokens that it gave are revoked")
        if found.expires <= self.now():
            raise TokenError("invalid_grant", "the code has expired")
        if found.redirect_uri != redirect_uri:
            raise TokenError("invalid_grant", "the redirect_uri is not the one that the code was sent to")
        grant, answer = self.new_tokens(client_id, found.scopes)
        self._codes[known] = attrs.evolve(found, grant=grant.id)
        return answer

    def from_refresh_token(self, client_id: str, refresh_token: str) -> dict[str, Any]:
        """A new access token, and a new refresh token where they rotate.

        Raises:
            TokenError: There is none.
        """
        known = fingerprint(refresh_token)
        grant = self._grants.get(known)
        if grant is None or grant.client_id != client_id:
            raise TokenError("invalid_grant", "the refresh token is unknown, revoked or another application's")
        answer = self._access(grant)
        if self.rotate:
            del self._grants[known]
            answer["refresh_token"] = self._refresh_token(grant)
        return answer

    def revoke(self, refresh_token: str) -> bool:
        """Ends all tokens of a consent; False where there is no such refresh token."""
        grant = self._grants.get(fingerprint(refresh_token))
        if grant is not None:
            self._end(grant.id)
        return grant is not None

    def dump(self) -> dict[str, Any]:
        """Codes and refresh tokens as JSON, without any secret."""
        return {
            "codes": {known: attrs.asdict(code) for known, code in self._codes.items()},
            "grants": {known: attrs.asdict(grant) for known, grant in self._grants.items()},
        }

    def load(self, dumped: Mapping[str, Any]) -> None:
        """Puts them back."""
        self._codes = {known: Code(**code) for known, code in dumped["codes"].items()}
        self._grants = {known: Grant(**grant) for known, grant in dumped["grants"].items()}

    def _access(self, grant: Grant) -> dict[str, Any]:
        token = self._keys.issue(grant.client_id, grant.id, grant.scopes, self.expires_in)
        return {"access_token": token, "expires_in": self.expires_in}

    def _refresh_token(self, grant: Grant) -> str:
        secret = "ort_" + secrets.token_urlsafe(24)
        self._grants[fingerprint(secret)] = grant
        return secret

    def _end(self, grant_id: str) -> None:
        self._grants = {known: grant for known, grant in self._grants.items() if grant.id != grant_id}
        self._keys.expire_grant(grant_id)
