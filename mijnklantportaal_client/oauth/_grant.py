"""What the token endpoint is asked, and with which secrets. Pure: nothing here waits or sends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from .._failures import scrub
from .._retry import RetryPolicy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._app import OAuthApp
    from ._token import Token

# A code works once: it is sent again only where it certainly did not arrive.
_CODE = RetryPolicy(max_attempts=3, initial=0.5, maximum=4.0)
# Without an answer to a refresh there is nothing else to try than the same refresh token, be it now or later.
_REFRESH = RetryPolicy(max_attempts=3, initial=0.5, maximum=4.0, retry_unsafe=True)


@attrs.frozen
class Grant:
    """A request to the token endpoint.

    Attributes:
        body: Its JSON; the documentation says JSON where OAuth says a form.
        secrets: What must not show in what the server says.
        kept: The refresh token to keep if no new one comes.
        retry: When it is sent again.
    """

    body: Mapping[str, str] = attrs.field(repr=False)
    secrets: tuple[str, ...] = attrs.field(repr=False)
    kept: str | None = attrs.field(default=None, repr=False)
    retry: RetryPolicy = _CODE

    @property
    def refreshes(self) -> bool:
        """Whether a refusal is about a consent that was there before."""
        return self.kept is not None

    def hide(self, text: str) -> str:
        """The server's words without the secrets that it was sent, and not longer than a line or two."""
        for secret in self.secrets:
            text = text.replace(secret, "***")
        return scrub(text, "")


def from_code(app: OAuthApp, code: str) -> Grant:
    """The exchange of a code.

    Raises:
        ValueError: This is no code.
    """
    given: object = code
    if not isinstance(given, str) or not given or not given.isprintable():
        raise ValueError("code must be the text that parse_callback() returned")
    return app.grant("authorization_code", code, redirect_uri=app.redirect_uri, code=code)


def from_refresh_token(app: OAuthApp, token: Token) -> Grant | None:
    """The refresh of a token; None where it can't be refreshed."""
    kept = token.refresh_token
    if kept is None:
        return None
    return attrs.evolve(app.grant("refresh_token", kept, refresh_token=kept), kept=kept, retry=_REFRESH)
