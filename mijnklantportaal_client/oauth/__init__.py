"""OAuth: how an application of yours reaches the portals of others.

    app = OAuthApp("my-app-id", "my-app-secret", "https://app.example/callback")
    url = app.authorize_url([Scope.CUSTOMERS_READ], state)       # where the portal's owner gives consent
    code = app.parse_callback(callback_url, state)               # what came back
    await OAuthTokens(app, store=store, key="portal-42").connect(code)

    portal = MijnKlantportaal(auth=OAuthTokens(app, store=store, key="portal-42"))

Facts: https://docs.developers.mijnklantportaal.nl. Undocumented: revocation, PKCE, lifetimes and the bodies of errors.
"""

from ._app import OAuthApp
from ._file_store import FileTokenStore
from ._scope import Scope
from ._store import MemoryTokenStore, TokenStore
from ._token import Token
from ._tokens import OAuthTokens

__all__ = ["FileTokenStore", "MemoryTokenStore", "OAuthApp", "OAuthTokens", "Scope", "Token", "TokenStore"]
