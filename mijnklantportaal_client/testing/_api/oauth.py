"""Applications of third parties, and the tokens with which they reach the portal."""

from __future__ import annotations

import hmac
import secrets
import threading
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

import attrs

from .._given import whole
from .keys import SCOPES, Keys, fingerprint, scope_list
from .oauth_grants import CODE_LASTS, Grants, TokenError
from .oauth_request import Application, Request, RequestError, back_to, is_web_address, read
from .oauth_trouble import Desk, Exchange

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from .._portal.clock import PortalClock

__all__ = ["Application", "Exchange", "IssuedTokens", "OAuth"]


@attrs.frozen
class IssuedTokens:
    """An access token with its refresh token."""

    access_token: str = attrs.field(repr=False)
    refresh_token: str = attrs.field(repr=False)
    expires_in: int
    scopes: tuple[str, ...]


class OAuth:
    """The OAuth server of the sandbox, at `/oauth/authorize` and `/oauth/tokens`.

    One application is registered from the start: App ID `sandbox-app`, App Secret `sandbox-secret`, with any redirect
    URI on a loopback address. `approve` and `deny` decide for a person, without a browser.

    How long codes (10 minutes) and access tokens (an hour) last and what errors look like (RFC 6749) is undocumented,
    and the sandbox's own choice.
    """

    def __init__(self, clock: PortalClock, keys: Keys, changed: Callable[[], None] = lambda: None) -> None:
        self._keys = keys
        self._changed = changed
        # What may happen only once must do so between threads too.
        self._lock = threading.RLock()
        self._applications: dict[str, Application] = {}
        self._asked: dict[str, tuple[Request, float]] = {}
        self._grants = Grants(clock, keys)
        self._desk = Desk()
        self._register("sandbox-app", "sandbox-secret", None)

    @property
    def applications(self) -> tuple[Application, ...]:
        """The registered applications."""
        return tuple(self._applications.values())

    @property
    def exchanges(self) -> list[Exchange]:
        """What the token endpoint was asked so far: its `grant_type`, `client_id` and `error`."""
        return self._desk.exchanges

    @property
    def rotate(self) -> bool:
        """Whether each refresh brings a new refresh token, after which the old one is refused."""
        return self._grants.rotate

    @rotate.setter
    def rotate(self, rotate: bool) -> None:
        if not isinstance(rotate, bool):
            raise ValueError("rotate is True or False")  # noqa: TRY004 - what a command is refused with
        self._grants.rotate = rotate

    @property
    def expires_in(self) -> int:
        """How many seconds a new access token lasts."""
        return self._grants.expires_in

    @expires_in.setter
    def expires_in(self, lasts: int) -> None:
        self._grants.expires_in = whole(lasts, "expires_in", 0)

    def register(self, client_id: str, client_secret: str, redirect_uris: str | Iterable[str] | None = None) -> None:
        """Registers an application, or registers it anew.

        Args:
            client_id: Its App ID.
            client_secret: Its App Secret.
            redirect_uris: Where answers may go, compared as text; by default any loopback address.

        Raises:
            ValueError: Something is empty, or no absolute http or https address without user and fragment.
        """
        given = [redirect_uris] if isinstance(redirect_uris, str) else redirect_uris
        uris = None if given is None else tuple(given)
        if not client_id or not client_secret:
            raise ValueError("an application needs a client_id and a client_secret")
        if uris is not None and not (uris and all(map(is_web_address, uris))):
            raise ValueError("redirect_uris must be absolute http or https addresses without user and fragment")
        with self._lock:
            self._register(client_id, client_secret, uris)
            self._changed()

    def approve(self, authorize_url: str) -> str:
        """Approves what an application asks for, and gives the address to which the browser would go.

        Raises:
            ValueError: The page would not ask: unknown application, or an address that is not registered.
        """
        return self._decide_at(authorize_url, is_approved=True)

    def deny(self, authorize_url: str) -> str:
        """Denies what an application asks for, and gives the address to which the browser would go.

        Raises:
            ValueError: The page would not ask: unknown application, or an address that is not registered.
        """
        return self._decide_at(authorize_url, is_approved=False)

    def token(self, scopes: str | Iterable[str] = SCOPES, client_id: str = "sandbox-app") -> IssuedTokens:
        """Issues tokens as if a person had approved, by default with every known scope.

        Raises:
            ValueError: No application has this client_id.
        """
        if client_id not in self._applications:
            raise ValueError(f"no application {client_id!r} is registered")
        with self._lock:
            grant, answer = self._grants.new_tokens(client_id, scope_list(scopes))
            self._changed()
        return IssuedTokens(**answer, scopes=grant.scopes)

    def expire(self, access_token: str | None = None) -> None:
        """Ends an access token, or all of them, before its time.

        Raises:
            ValueError: There is none like it, or its time is over.
        """
        with self._lock:
            self._keys.expire(access_token)
            self._changed()

    def revoke(self, refresh_token: str) -> None:
        """Takes a consent back: its refresh token and access tokens are refused from now on.

        Raises:
            ValueError: There is no such refresh token.
        """
        with self._lock:
            if not self._grants.revoke(refresh_token):
                raise ValueError("the sandbox has no such refresh token")
            self._changed()

    def fail(self, status: int = 503, times: int | None = 1, when: Literal["before", "after"] = "before") -> None:
        """The next requests to the token endpoint fail, `before` or `after` they are carried out.

        Raises:
            ValueError: The status is not one of 400 to 599, or `times` is not positive.
        """
        whole(status, "the status of a failure", 400, 599)
        if times is not None:
            whole(times, "times", 1)
        if when not in ("before", "after"):
            raise ValueError("when is 'before' or 'after'")
        with self._lock:
            self._desk.fail(status, times, when)

    def calm(self) -> None:
        """Ends that."""
        with self._lock:
            self._desk.calm()

    def ask(self, query: str) -> tuple[str, Request]:
        """A request for consent, with the number for its one decision.

        Raises:
            NoAnswerError: There is nobody to tell what is wrong.
            RequestError: Something is wrong that the application is told.
        """
        request = read(query, self._applications)
        number = secrets.token_urlsafe(24)
        with self._lock:
            now = self._grants.now()
            self._asked = {each: what for each, what in self._asked.items() if what[1] > now}
            self._asked[number] = request, now + CODE_LASTS
        return number, request

    def decide(self, number: str, *, is_approved: bool) -> str | None:
        """The address to which the browser goes next; None where there is nothing left to decide."""
        with self._lock:
            request, until = self._asked.pop(number, (None, 0.0))
            return self._answer(request, is_approved) if request is not None and until > self._grants.now() else None

    def exchange(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """What the token endpoint answers to a body.

        Raises:
            TokenError: It says no.
        """
        with self._lock:
            return self._desk.serve(body, lambda: self._exchanged(body))

    def _exchanged(self, body: Mapping[str, Any]) -> dict[str, Any]:
        client_id, client_secret, kind = (_text(body, name) for name in ("client_id", "client_secret", "grant_type"))
        application = self._applications.get(client_id)
        if application is None or not hmac.compare_digest(fingerprint(client_secret), application.secret):
            raise TokenError("invalid_client", "the client_id is unknown or the client_secret is wrong", 401)
        try:
            if kind == "authorization_code":
                return self._grants.from_code(client_id, _text(body, "code"), _text(body, "redirect_uri"))
            if kind == "refresh_token":
                return self._grants.from_refresh_token(client_id, _text(body, "refresh_token"))
        finally:
            # A refusal may have revoked something.
            self._changed()
        raise TokenError("unsupported_grant_type", "grant_type must be authorization_code or refresh_token")

    def dump(self) -> dict[str, Any]:
        """Applications, codes and tokens as JSON, without any secret."""
        with self._lock:
            applications = [attrs.asdict(each) for each in self._applications.values()]
            return {"applications": applications, "tokens": self._keys.dump(), **self._grants.dump()}

    def load(self, dumped: Mapping[str, Any]) -> None:
        """Puts them back."""
        with self._lock:
            self._applications |= {each["client_id"]: Application(**each) for each in dumped["applications"]}
            self._keys.load(dumped["tokens"])
            self._grants.load(dumped)

    def _register(self, client_id: str, client_secret: str, redirect_uris: tuple[str, ...] | None) -> None:
        self._applications[client_id] = Application(client_id, fingerprint(client_secret), redirect_uris)

    def _decide_at(self, authorize_url: str, *, is_approved: bool) -> str:
        parts = urlsplit(authorize_url)
        if not parts.path.endswith("/oauth/authorize"):
            raise ValueError("this is no address of the authorize page, which is /oauth/authorize?...")
        try:
            request = read(parts.query, self._applications)
        except RequestError as error:
            return error.location
        with self._lock:
            return self._answer(request, is_approved)

    def _answer(self, request: Request, is_approved: bool) -> str:
        if not is_approved:
            reason = "the person who was asked said no"
            return back_to(request.redirect_uri, request.state, error="access_denied", error_description=reason)
        code = self._grants.new_code(request)
        self._changed()
        return back_to(request.redirect_uri, request.state, code=code)


def _text(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise TokenError("invalid_request", f"{name} is missing" if value in (None, "") else f"{name} is no text")
    return value
