"""A web application for the portals of others, with Starlette or FastAPI: consent, its way back, and calls.

    APP_ID=... APP_SECRET=... TOKENS=tokens uvicorn oauth_web_app:app

`APP_ID` and `APP_SECRET` are those of your application at MijnKlantportaal, `TOKENS` is the folder for its tokens.
"""

import os
import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from mijnklantportaal_client import (
    ConsentDeniedError,
    MijnKlantportaal,
    OAuthError,
    OAuthUnavailableError,
    ReauthorizationRequiredError,
)
from mijnklantportaal_client.oauth import FileTokenStore, OAuthApp, OAuthTokens, Scope

oauth = OAuthApp(os.environ["APP_ID"], os.environ["APP_SECRET"], "https://app.example/callback")
store = FileTokenStore(os.environ["TOKENS"])


def tokens(request: Request) -> OAuthTokens:
    """The tokens of whoever is logged in; replace this by what your application knows of its users."""
    return OAuthTokens(oauth, store=store, key=request.headers["x-account"])


async def connect(request: Request) -> Response:
    """Sends the portal's owner to MijnKlantportaal for consent."""
    state = secrets.token_urlsafe()
    response = RedirectResponse(oauth.authorize_url([Scope.CUSTOMERS_READ], state))
    response.set_cookie("oauth_state", state, max_age=600, secure=True, httponly=True, samesite="lax")
    return response


async def callback(request: Request) -> Response:
    """Where the owner comes back to."""
    try:
        code = oauth.parse_callback(str(request.url), request.cookies.get("oauth_state"))
        await tokens(request).connect(code)
    except ConsentDeniedError:
        response: Response = PlainTextResponse("Without your consent we can't show your customers.", 403)
    except OAuthUnavailableError:
        response = PlainTextResponse("MijnKlantportaal does not answer. Please connect again in a minute.", 503)
    except OAuthError as error:
        response = PlainTextResponse(f"That did not work: {error} Please connect again.", 400)
    else:
        response = RedirectResponse("/customers")
    # The state is good for one time.
    response.delete_cookie("oauth_state", secure=True, httponly=True, samesite="lax")
    return response


async def customers(request: Request) -> Response:
    """A page that needs the portal."""
    base: MijnKlantportaal = request.app.state.portal
    portal = base.with_options(auth=tokens(request))
    try:
        return JSONResponse([customer.company_name async for customer in portal.customers.list()])
    except ReauthorizationRequiredError:
        return RedirectResponse("/connect")
    except OAuthUnavailableError:
        return PlainTextResponse("MijnKlantportaal does not answer. Please come back in a minute.", 503)


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncGenerator[None, None]:
    """One client without credentials for all portals: it shares its connections, and can't bill anybody by itself."""
    async with MijnKlantportaal(api_key=None) as portal:
        app.state.portal = portal
        yield


app = Starlette(
    routes=[Route("/connect", connect), Route("/callback", callback), Route("/customers", customers)],
    lifespan=lifespan,
)
