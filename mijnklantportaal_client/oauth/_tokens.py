"""The tokens of one tenant, as a client uses them."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, NoReturn

from ..errors import ConfigurationError, MijnKlantportaalError
from ._app import OAuthApp
from ._aside import keep
from ._flight import PROCESS, Flight, Landing, Tenant, Wanted
from ._grant import Grant, from_code
from ._store import TokenStore, check_key
from ._trip import Tenancy, broken_off, connect, refresh

if TYPE_CHECKING:
    from ._token import Token

logger = logging.getLogger("mijnklantportaal_client")
# Seconds that a call which has a good token waits for a better one.
_PATIENCE = 5.0
_NOT_SHOWN = ""


class OAuthTokens:
    """The tokens of one tenant: a `TokenSource` for `MijnKlantportaal(auth=...)` and `with_options(auth=...)`.

    The store is asked before each call. An access token is refreshed a minute before it ends, and once after the API
    refused it. However many calls, objects, threads and event loops want a token of the same tenant, one of them
    refreshes and the others wait; processes take turns by way of the store's lock. A refresh that was sent is brought
    to its end and its token saved, also where the call that began it is cancelled or its event loop ends.

    A refresh that fails while the access token is still good fails no call.

    Args:
        app: The application that the tenant gave its consent to.
        store: Where the tokens are kept.
        key: Names the tenant, such as `portal-42`; the store keeps the token under it, and calls with the same key
            share one pacing.

    Raises:
        ConfigurationError: An argument can't be used.
    """

    def __init__(self, app: OAuthApp, *, store: TokenStore, key: str) -> None:
        if not isinstance(app, OAuthApp):
            raise ConfigurationError(f"app must be an OAuthApp, not {type(app).__name__}")
        missing = [name for name in ("load", "save", "lock") if not callable(getattr(store, name, None))]
        if missing or isinstance(store, type):
            what = store.__name__ if isinstance(store, type) else type(store).__name__
            lacks = f" lacks {', '.join(missing)} of a TokenStore" if missing else " is a class; give an instance of it"
            raise ConfigurationError(f"store: {what}{lacks}")
        self._at = Tenancy(app, store, check_key(key))
        self._identity = (*app.identity, key)

    @property
    def key(self) -> str:
        """Names the tenant."""
        return self._at.key

    async def token(self) -> str:
        """The access token to send with the next request.

        Raises:
            ReauthorizationRequiredError: The tenant's consent is gone, or was never given.
            OAuthUnavailableError: The token has ended, and there was no usable answer to the refresh.
            OAuthError: The server refuses the application, or the store failed.
        """
        stored = await self._at.load()
        left = stored.seconds_left(PROCESS.clock.time())
        margin = PROCESS.margin(self._identity, stored)
        if left > margin:
            return stored.access_token
        try:
            async with asyncio.timeout(_PATIENCE if left > _PATIENCE else None):
                return (await self._renew(Wanted(margin))).access_token
        except (MijnKlantportaalError, TimeoutError) as error:
            left = stored.seconds_left(PROCESS.clock.time())
            if left > 0:
                text = "the token of %s, which lasts %.0f s more, could not be refreshed yet: %s"
                logger.warning(text, self.key, left, str(error) or "there is no answer yet")
                return stored.access_token
            if isinstance(error, MijnKlantportaalError):
                raise
        # It ended while there was patience, and now there is nothing else to wait for.
        return (await self._renew(Wanted(margin))).access_token

    async def refused(self, token: str) -> bool:
        """Told that the API answered 401 to this access token; True if `token()` has a better one now.

        Raises:
            ReauthorizationRequiredError: The tenant's consent is gone.
            OAuthUnavailableError: There was no usable answer to the refresh.
            OAuthError: The server refuses the application, or the store failed.
        """
        wanted, token = Wanted(0.0, other_than=token), _NOT_SHOWN
        if wanted.fits(await self._at.load(), PROCESS.clock.time()):
            return True
        with PROCESS.tenant(self._identity) as tenant:
            if not tenant.may_force():
                logger.warning("the API refuses every token of %s; there is no refresh for a while", self.key)
                return False
            await self._renew(wanted)
        return True

    async def refresh(self, min_validity: float = 600.0) -> Token:
        """Sees to it that the access token lasts, for tenants that make no calls for a long time.

        Args:
            min_validity: Seconds that it must last from now on; with less, or where that is not known, it is refreshed.

        Raises:
            ReauthorizationRequiredError: The tenant's consent is gone, or was never given.
            OAuthUnavailableError: There was no usable answer.
            OAuthError: The server refuses the application, or the store failed.
            ValueError: `min_validity` is no number of seconds.
        """
        given: object = min_validity
        if isinstance(given, bool) or not isinstance(given, (int, float)) or not given >= 0:
            raise ValueError("min_validity must be a number of seconds, 0 or more")
        wanted = Wanted(float(min_validity), known=True)
        stored = await self._at.load()
        return stored if wanted.fits(stored, PROCESS.clock.time()) else await self._renew(wanted)

    async def connect(self, code: str) -> Token:
        """Changes the code of a callback for the first token and saves it, in the place of an older consent.

        Both happen even if this is cancelled, as a code works only once.

        Raises:
            OAuthError: The server refuses the code or the application, or the store failed: `ACCEPTED` is the outcome
                where the code was used by then, and consent has to be given again.
            OAuthUnavailableError: There was no usable answer. `outcome` tells whether the code may have been used.
            ValueError: This is no code.
        """
        grant = from_code(self._at.app, code)
        code = _NOT_SHOWN
        landing = await asyncio.shield(keep(asyncio.get_running_loop().create_task(self._connected(grant))))
        return self._settled(landing, consented=False)

    async def _renew(self, wanted: Wanted) -> Token:
        """A token that is as wanted, or as good as a refresh makes them."""
        with PROCESS.tenant(self._identity) as tenant:
            while True:
                flight, leads = tenant.board(self._at.store)
                if leads:
                    self._take_off(tenant, flight, wanted)
                landing = await flight.landing()
                if landing is not None and (leads or await self._can_use(flight, landing, wanted)):
                    return self._settled(landing)

    async def _can_use(self, flight: Flight, landing: Landing, wanted: Wanted) -> bool:
        """Whether what came of somebody else's flight is what our own would bring."""
        is_own = flight.store is self._at.store or flight.store == self._at.store
        # Mostly another object stands for the same store, and what it holds tells.
        if not is_own and not landing.is_about(await self._at.load()):
            return False
        return landing.suits(wanted, PROCESS.clock.time())

    def _settled(self, landing: Landing, *, consented: bool = True) -> Token:
        if landing.failure is not None:
            raise landing.failure.error(self.key if consented else None)
        assert landing.token is not None  # noqa: S101 - one of both is there
        return landing.token

    def _take_off(self, tenant: Tenant, flight: Flight, wanted: Wanted) -> None:
        """Begins a flight, which goes on where all who wait are cancelled."""

        def land(task: asyncio.Task[Landing]) -> None:
            error = None if task.cancelled() else task.exception()
            ended = None if task.cancelled() else broken_off(error) if error else task.result()
            tenant.land(flight, ended)

        task = keep(flight.loop.create_task(self._fly(tenant, wanted)))
        # It may be cancelled before its first step, so that it can't do this itself.
        task.add_done_callback(land)

    async def _fly(self, tenant: Tenant, wanted: Wanted) -> Landing:
        with PROCESS.tenant(self._identity):
            return await refresh(self._at, tenant, wanted)

    async def _connected(self, grant: Grant) -> Landing:
        with PROCESS.tenant(self._identity) as tenant:
            return await connect(self._at, tenant, grant)

    def __repr__(self) -> str:
        return f"<OAuthTokens of {self.key} for {self._at.app.client_id}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("OAuthTokens are not pickled, as they hold a secret; make them anew in the other process")
