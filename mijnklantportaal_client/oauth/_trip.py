"""What happens under the lock of a store: a refresh, or the exchange of a code, and the saving of what they bring."""

from __future__ import annotations

import copy
import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING

import attrs

from .._failures import scrub
from .._outcome import Outcome
from ..errors import ConfigurationError, MijnKlantportaalError, OAuthError, ReauthorizationRequiredError
from ._answer import Refusal
from ._aside import insist, outcome_of
from ._endpoint import begin
from ._flight import PROCESS, Landing, Tenant, Unsaved, Wanted
from ._grant import Grant, from_refresh_token
from ._token import Token

if TYPE_CHECKING:
    from ._app import OAuthApp
    from ._store import TokenStore

logger = logging.getLogger("mijnklantportaal_client")


@attrs.frozen
class Tenancy:
    """One tenant's place: the application that it gave its consent to, and the store that keeps its token."""

    app: OAuthApp
    store: TokenStore
    key: str

    async def load(self) -> Token:
        """The token that the store holds.

        Raises:
            ConfigurationError: The store gives something else.
            OAuthError: The store failed.
            ReauthorizationRequiredError: There is none.
        """
        try:
            return await self.read()
        except MijnKlantportaalError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever the store stands on raises
            failure = _store_failed(error, ())
        raise failure.error()

    async def read(self) -> Token:
        """The same, but what the store raises comes as it is."""
        stored: object = await self.store.load(self.key)
        if isinstance(stored, Token):
            return stored
        if stored is not None:
            raise ConfigurationError(f"the token store gave a {type(stored).__name__} in place of a Token")
        text = f"there is no token of {self.key!r:.80}: it never gave its consent, or was removed"
        raise ReauthorizationRequiredError(text, key=self.key)


async def refresh(at: Tenancy, tenant: Tenant, wanted: Wanted) -> Landing:
    """Refreshes a token, unless somebody else was quicker."""
    trip = _Trip(at, tenant)
    return await trip.guarded(lambda: _refreshed(trip, wanted))


async def connect(at: Tenancy, tenant: Tenant, grant: Grant) -> Landing:
    """Exchanges a code."""
    trip = _Trip(at, tenant)
    return await trip.guarded(lambda: _connected(trip, grant))


def broken_off(error: BaseException) -> Landing:
    """What comes of a refresh that whatever ends programs came in between of."""
    return Landing(failure=_StoreFailure(f"the refresh was broken off: {type(error).__name__}"))


async def _refreshed(trip: _Trip, wanted: Wanted) -> Landing:
    at, tenant = trip.at, trip.tenant
    before = trip.hides(await at.read())
    replaces = frozenset({before.access_token})
    unsaved = tenant.unsaved
    if unsaved is not None and before.access_token in unsaved.replaces:
        await trip.save(unsaved)
        before = unsaved.token
        # A lock that is given back with an error may undo all that was saved under it.
        replaces = unsaved.replaces | {before.access_token}
    if wanted.fits(before, PROCESS.clock.time()):
        return Landing(token=before)
    known = tenant.still_failed(before.refresh_token)
    if known is not None:
        return known
    grant = from_refresh_token(at.app, before)
    if grant is None:
        why = "the access token has ended, without a refresh token"
        return Landing(failure=Refusal(text=why, consent_gone=True), tried="")
    if before.access_token == wanted.other_than:
        tenant.forced()
    answer = await trip.ask(grant)
    if isinstance(answer, Refusal):
        # A new consent may have come in meanwhile, by somebody who did not ask for the lock.
        stored = await at.read() if answer.consent_gone else before
        replaced = stored.refresh_token != before.refresh_token and wanted.fits(stored, PROCESS.clock.time())
        return Landing(token=stored) if replaced else tenant.failed(answer, before.refresh_token)
    await trip.save(Unsaved(answer, replaces))
    tenant.succeeded(answer)
    logger.debug("refreshed the token of %s", at.key)
    return Landing(token=answer, refreshed=True)


async def _connected(trip: _Trip, grant: Grant) -> Landing:
    answer = await trip.ask(grant)
    if isinstance(answer, Refusal):
        return Landing(failure=answer)
    await trip.save(Unsaved(answer, frozenset()))
    trip.tenant.succeeded(answer)
    return Landing(token=answer, refreshed=True)


class _Trip:
    """The time from taking the lock to giving it back."""

    def __init__(self, at: Tenancy, tenant: Tenant) -> None:
        self.at = at
        self.tenant = tenant
        self._secrets: list[str] = []
        # What was done at the OAuth server, whatever becomes of it here.
        self._outcome = Outcome.NOT_SENT

    async def guarded(self, work: Callable[[], Awaitable[Landing]]) -> Landing:
        """Does it under the lock; what the store raises becomes a failure like any other."""
        try:
            async with self.at.store.lock(self.at.key):
                landing = await work()
        except MijnKlantportaalError as error:
            error.outcome = Outcome.worst(error.outcome, self._outcome)
            return Landing(failure=_Known(error))
        except Exception as error:  # noqa: BLE001 - whatever the store stands on raises
            return Landing(failure=_store_failed(error, self._secrets, self._outcome))
        if landing.failure is None:
            # Not before the lock was given back, with which a database keeps what was saved.
            self.tenant.unsaved = None
        return landing

    def hides(self, token: Token) -> Token:
        """Keeps a token out of what the store's errors say."""
        self._secrets += [token.access_token, *filter(None, [token.refresh_token])]
        return token

    async def ask(self, grant: Grant) -> Token | Refusal:
        """Asks the token endpoint; from here until it is saved, the answer must not get lost."""
        answer = await outcome_of(begin(self.at.app.base_url, grant))
        self._outcome = answer.outcome if isinstance(answer, Refusal) else Outcome.ACCEPTED
        return answer

    async def save(self, unsaved: Unsaved) -> None:
        """Saves a token, which is remembered until it certainly is."""
        if unsaved.replaces:
            self.tenant.unsaved = unsaved
        token = self.hides(unsaved.token)
        await insist(lambda: self.at.store.save(self.at.key, token))


@attrs.frozen
class _Known:
    """An error of this package, such as a file store's."""

    known: MijnKlantportaalError

    def error(self, key: str | None = None) -> MijnKlantportaalError:
        """One of its own for each call."""
        return copy.copy(self.known)


@attrs.frozen
class _StoreFailure:
    """Something that a store raised."""

    text: str
    outcome: Outcome = Outcome.NOT_SENT

    def error(self, key: str | None = None) -> MijnKlantportaalError:
        """One of its own for each call; the original is not chained, as it may show what was to be saved."""
        return OAuthError(self.text, outcome=self.outcome)


def _store_failed(error: Exception, secrets: Iterable[str], outcome: Outcome = Outcome.NOT_SENT) -> _StoreFailure:
    words = str(error)
    for secret in secrets:
        words = words.replace(secret, "***")
    return _StoreFailure(f"the token store failed: {scrub(f'{type(error).__name__}: {words}', '')}", outcome)
