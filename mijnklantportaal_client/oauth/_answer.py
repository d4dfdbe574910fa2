"""What an answer of the token endpoint means. Pure: nothing here waits or sends."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import attrs

from .. import errors
from .._failures import read_body
from .._outcome import Outcome
from .._retry import retry_after
from ._token import Token

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._grant import Grant

_NO_CONSENT = frozenset(
    {"access_denied", "consent_required", "interaction_required", "invalid_grant", "login_required"},
)
_TROUBLE = frozenset({"server_error", "slow_down", "temporarily_unavailable"})
# Longer than any, and short enough for a date.
_LONGEST_LIFE = 10 * 366 * 86400.0


@attrs.frozen(kw_only=True)
class Refusal:
    """Why there is no token.

    Attributes:
        text: What happened.
        temporary: Whether it may go away by itself.
        consent_gone: Whether only a new consent helps.
        wait: Seconds that the server asked to wait, where it did.
        outcome: What may have happened on the server.
    """

    text: str
    temporary: bool = False
    consent_gone: bool = False
    code: str | None = None
    description: str | None = None
    status: int | None = None
    wait: float | None = None
    outcome: Outcome = Outcome.NOT_SENT

    def error(self, key: str | None = None) -> errors.OAuthError:
        """A new error that says so; each call needs one of its own, for it tells about the call.

        Args:
            key: The tenant whose consent it is about, if there was one before.
        """
        about: dict[str, Any] = {"error": self.code, "error_description": self.description}
        about |= {"status_code": self.status, "outcome": self.outcome}
        if self.temporary:
            return errors.OAuthUnavailableError(self.text, retry_after=self.wait, **about)
        if self.consent_gone and key is not None:
            text = f"the consent of {key!r:.80} is gone, and only a new one helps: {self.text}"
            return errors.ReauthorizationRequiredError(text, key=key, **about)
        return errors.OAuthError(self.text, **about)


def read(
    grant: Grant, status: int, headers: Mapping[str, str], content: bytes, *, sent_at: float, now: float
) -> Token | Refusal:
    """The token that an answer holds, or why it holds none.

    Args:
        grant: What was asked.
        status: The HTTP status.
        headers: The answer's headers, names in lower case.
        content: Its body.
        sent_at: UNIX time at which the request was sent, from which a lifetime counts to be on the safe side.
        now: The present UNIX time.
    """
    body = read_body(content)
    if 200 <= status <= 299:
        token = _token(grant, body, sent_at)
        what = "the OAuth server's answer can't be read: it holds no access token"
        return token or Refusal(text=what, temporary=True, status=status, outcome=Outcome.ACCEPTED)
    if status in (408, 429) or 500 <= status <= 599:
        wait = retry_after(headers, now, limited=status == 429)
        outcome = Outcome.REJECTED if status == 429 else Outcome.UNKNOWN
        what = f"the OAuth server answered {status}"
        return Refusal(text=what, temporary=True, status=status, wait=wait, outcome=outcome)
    return _refused(grant, status, body)


def _token(grant: Grant, body: Any, sent_at: float) -> Token | None:
    given = body if isinstance(body, dict) else {}
    lasts = _seconds(given.get("expires_in"))
    expires_at = None if lasts is None else sent_at + lasts
    # The old refresh token stands in for a new one that can't be one; without an access token there is nothing.
    for refresh_token in (given.get("refresh_token") or grant.kept, grant.kept):
        try:
            return Token(given.get("access_token", ""), refresh_token, expires_at)
        except ValueError:
            continue
    return None


def _seconds(value: Any) -> float | None:
    """A lifetime; PHP often sends numbers as text."""
    try:
        lasts = math.nan if value is None or isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return min(lasts, _LONGEST_LIFE) if lasts >= 0 else None


def _refused(grant: Grant, status: int, body: Any) -> Refusal:
    given = body if isinstance(body, dict) else {}
    code, words = (_text(given.get(name)) for name in ("error", "error_description"))
    words = words or _text(given.get("message"))
    gone = status in (400, 401, 403) and _is_gone(grant, status, code, words)
    code, words = code and grant.hide(code), words and grant.hide(words)
    said = f"{status}, {code}" if code else str(status)
    text = f"the OAuth server refused: {said}" + (f": {words}" if words else "")
    if 300 <= status <= 399:
        text = f"the OAuth server answered {status}, a redirect, which is not followed: check base_url"
    elif not gone and code not in _TROUBLE:
        text += ". Check the App ID, the App Secret and the redirect URI"
    outcome = Outcome.UNKNOWN if 300 <= status <= 399 else Outcome.REJECTED
    temporary = code in _TROUBLE
    return Refusal(
        text=text, temporary=temporary, consent_gone=gone, code=code, description=words, status=status, outcome=outcome
    )


def _is_gone(grant: Grant, status: int, code: str | None, words: str | None) -> bool:
    """Whether a refusal is about the consent, and not about the application; error bodies are undocumented."""
    if code is None:
        # Laravel's own errors have nothing but a message.
        return grant.refreshes and "refresh token" in (words or "").lower().replace("_", " ")
    # The OAuth server of Laravel said this of a dead refresh token for years:
    # https://github.com/thephpleague/oauth2-server/issues/993
    return code in _NO_CONSENT or (grant.refreshes and status == 401 and code == "invalid_request")


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
