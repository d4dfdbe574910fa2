"""An application that was registered with the vendor, and the way through a portal owner's consent."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal, NoReturn
from urllib.parse import parse_qs, urlencode, urlsplit

from .. import _options
from .._auth import check_token
from .._failures import scrub
from .._loopback import is_loopback
from ..errors import ConfigurationError, ConsentDeniedError, OAuthError
from ._answer import Refusal
from ._endpoint import ask
from ._grant import Grant, from_code
from ._scope import scope_text

if TYPE_CHECKING:
    from ._token import Token

_BASE_URL = "https://manage.mijnklantportaal.nl"
_MOST_PARAMETERS = 50
_NOT_SHOWN = ""


class OAuthApp:
    """An application as it was registered with the vendor.

    Args:
        client_id: Its App ID.
        client_secret: Its App Secret; never shown, logged or pickled.
        redirect_uri: Where the portal's owner comes back to, exactly as it was registered: https, or http on this
            machine.
        base_url: The vendor's OAuth server. Plain http is taken for this machine only.
        allow_insecure: Whether plain http to another machine is accepted, such as to a sandbox in a container.

    Raises:
        ConfigurationError: An argument can't be used.
    """

    def __init__(
        self,
        client_id: str,
        client_secret: str,
        redirect_uri: str,
        base_url: str = _BASE_URL,
        *,
        allow_insecure: bool = False,
    ) -> None:
        self.client_id = check_token(client_id, "client_id")
        self._secret = check_token(client_secret, "client_secret")
        self.base_url = _options.base_url(base_url, allow_insecure=allow_insecure)
        self.redirect_uri = _redirect_uri(redirect_uri, allow_insecure=allow_insecure)
        # Tells whose refreshes are the same, also after the secret was changed.
        self.identity = (self.base_url, client_id, hashlib.sha256(client_secret.encode()).hexdigest())

    def authorize_url(
        self, scopes: str | Iterable[str], state: str, prompt: Literal["consent", "login"] | None = None
    ) -> str:
        """Where to send the browser of the portal's owner.

        Args:
            scopes: What to ask for: `Scope` members or other texts, or one text with spaces in between.
            state: Something that nobody can guess, such as `secrets.token_urlsafe()`, new for each time and kept in
                the session of this browser for `parse_callback`.
            prompt: Whether the owner is asked for consent (the server's default), or must log in again.

        Raises:
            TypeError: A scope is no text.
            ValueError: No scope is given, one can't be a scope, `state` is empty or `prompt` is something else.
        """
        given: object = state
        if not isinstance(given, str) or not given:
            raise ValueError("state must be a text that nobody can guess, such as secrets.token_urlsafe()")
        if prompt not in (None, "consent", "login"):
            raise ValueError("prompt must be 'consent', 'login' or None")
        fields = {
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "response_type": "code",
            "scope": scope_text(scopes),
            "state": state,
        }
        if prompt is not None:
            fields["prompt"] = prompt
        return f"{self.base_url}/oauth/authorize?{urlencode(fields)}"

    def parse_callback(self, url: str, expected_state: str | None) -> str:
        """The code with which the portal's owner came back.

        Only the query counts: behind a proxy an application often sees another host or scheme than the browser. What
        proves that the answer belongs to this browser is the state alone.

        Args:
            url: The URL of the request, such as `str(request.url)`.
            expected_state: What was given to `authorize_url`. Take it out of the session with this call
                (`session.pop("state", None)`), so that nobody can use it twice; None is refused.

        Raises:
            ConsentDeniedError: The owner said no.
            OAuthError: The answer is another error, or none that belongs to this browser.
        """
        fields = _query(str(url))
        error = _only(fields, "error")
        state = _only(fields, "state")
        # That an error brings the state is not documented, and there is nothing to gain by forging one.
        if not (error and state is None):
            _check_state(state, expected_state)
        code = _only(fields, "code")
        if error:
            if code:
                raise OAuthError("the callback holds both a code and an error")
            raise _refused(error, _only(fields, "error_description"))
        if not code:
            raise OAuthError("the callback holds neither a code nor an error")
        return code

    async def exchange(self, code: str) -> Token:
        """Changes a code for the first token; keep it at once, as a code works only once.

        `OAuthTokens.connect` does both.

        Raises:
            OAuthError: The server refuses the code or the application.
            OAuthUnavailableError: There was no usable answer. `outcome` tells whether the code may have been used.
            ValueError: This is no code.
        """
        grant = from_code(self, code)
        code = _NOT_SHOWN
        answer = await ask(self.base_url, grant)
        if isinstance(answer, Refusal):
            raise answer.error()
        return answer

    def grant(self, kind: str, secret: str, **fields: str) -> Grant:
        """What the token endpoint is asked, which holds this application's secret."""
        body = {"grant_type": kind, "client_id": self.client_id, "client_secret": self._secret, **fields}
        return Grant(body, secrets=(self._secret, secret))

    def __repr__(self) -> str:
        return f"<OAuthApp {self.client_id} at {self.base_url}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("an OAuthApp is not pickled, as it holds a secret; make it anew in the other process")


def _redirect_uri(value: object, *, allow_insecure: bool) -> str:
    problem = "redirect_uri must be the registered address, like https://app.example/callback"
    if not isinstance(value, str):
        raise ConfigurationError(f"redirect_uri must be a str, not {type(value).__name__}")
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ConfigurationError(problem) from None
    plain = value.isascii() and value.isprintable() and " " not in value
    if parts.scheme not in ("https", "http") or not host or "@" in parts.netloc or not plain:
        raise ConfigurationError(problem)
    if "#" in value:
        raise ConfigurationError("redirect_uri takes no fragment")
    if parts.scheme == "http" and not allow_insecure and not is_loopback(host):
        raise ConfigurationError("redirect_uri: plain http would bring the code back unencrypted; use https")
    return value


def _query(url: str) -> dict[str, list[str]]:
    try:
        query = urlsplit(url).query
        return parse_qs(query, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS, errors="strict")
    except ValueError:
        pass
    raise OAuthError("the callback is no URL that the OAuth server makes")


def _only(fields: dict[str, list[str]], name: str) -> str | None:
    """The one value of a parameter; None where it is missing or empty."""
    values = fields.get(name, [])
    if len(values) > 1:
        raise OAuthError(f"the callback holds more than one {name}")
    return values[0] or None if values else None


def _check_state(state: str | None, expected: str | None) -> None:
    if not isinstance(expected, str) or not expected:
        raise OAuthError(
            "no state is expected: this callback was used before, or the session in which it began is gone; begin again"
        )
    if state is None:
        raise OAuthError("the callback holds no state")
    if not hmac.compare_digest(state.encode("utf-8", "surrogatepass"), expected.encode("utf-8", "surrogatepass")):
        raise OAuthError("the callback's state is not the expected one: it was begun elsewhere, or by somebody else")


def _refused(error: str, description: str | None) -> OAuthError:
    """The error that came back in place of a code; its words may be anybody's."""
    error, shown = scrub(error, ""), None if description is None else scrub(description, "")
    text = f": {shown}" if shown else ""
    if error == "access_denied":
        return ConsentDeniedError(f"consent was denied{text}", error=error, error_description=shown)
    return OAuthError(f"the OAuth server refused: {error}{text}", error=error, error_description=shown)
