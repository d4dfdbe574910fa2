"""What this process knows of its tenants: whose token is being refreshed, and what came of the last times."""

from __future__ import annotations

import asyncio
import os
import threading
from collections import deque
from collections.abc import Generator, Hashable
from concurrent.futures import Future
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

import attrs

from .._clock import SYSTEM
from ._aside import ended

if TYPE_CHECKING:
    from .._clock import Clock
    from ..errors import MijnKlantportaalError
    from ._answer import Refusal
    from ._store import TokenStore
    from ._token import Token

# Seconds before its end in which an access token is replaced; of one that lasts less than ten times that, a tenth.
AHEAD = 60.0
_SHARE = 0.1
_LONGEST_PAUSE = 60.0
_PAUSE_WITHOUT_CONSENT = 30.0
_LONGEST_ASKED = 300.0
# A server that refuses what it has just given out is not asked for ever more.
_MOST_FORCED = 10
_WINDOW = 60.0
_GLANCE = 1.0


class Failure(Protocol):
    """Something that makes a new error for each call that it is the reason of."""

    def error(self, key: str | None = None) -> MijnKlantportaalError: ...


@attrs.frozen
class Wanted:
    """What a token must be like.

    Attributes:
        lasts: Seconds for which it must last at least.
        other_than: The access token that was refused.
        known: Whether it must be known how long it lasts.
    """

    lasts: float
    other_than: str | None = attrs.field(default=None, repr=False)
    known: bool = False

    def fits(self, token: Token, now: float) -> bool:
        """Whether a token is like that at a UNIX time."""
        if token.access_token == self.other_than or (self.known and token.expires_at is None):
            return False
        return token.seconds_left(now) > self.lasts


@attrs.frozen(kw_only=True)
class Landing:
    """What came of a flight.

    Attributes:
        token: The token, if there is one.
        failure: Why there is none.
        refreshed: Whether the token is new, and as good as they come.
        tried: The refresh token that the failure is about, empty where there was none; None where it is not about one.
    """

    token: Token | None = None
    failure: Failure | None = None
    refreshed: bool = False
    tried: str | None = attrs.field(default=None, repr=False)

    def is_about(self, stored: Token) -> bool:
        """Whether this is what came, or can come, of the token that a store holds."""
        if self.token is not None:
            # Not the whole token, of whose moment some databases keep no fractions.
            return stored.access_token == self.token.access_token
        return self.tried is None or (stored.refresh_token or "") == self.tried

    def suits(self, wanted: Wanted, now: float) -> bool:
        """Whether somebody who did not lead the flight can use what came of it."""
        if self.token is None:
            return self.failure is not None
        return wanted.fits(self.token, now) or (self.refreshed and self.token.access_token != wanted.other_than)


class Flight:
    """A refresh under way, for which everyone else waits."""

    def __init__(self, store: TokenStore) -> None:
        self.store = store
        self.loop = asyncio.get_running_loop()
        self._landed: Future[Landing | None] = Future()

    @property
    def is_lost(self) -> bool:
        """Whether its event loop ended or stands still, so that nobody can tell when it lands."""
        return not self._landed.done() and not self.loop.is_running()

    def land(self, landing: Landing | None) -> None:
        """Tells everyone; None where it was broken off and another one is needed."""
        if not self._landed.done():
            self._landed.set_result(landing)

    async def landing(self) -> Landing | None:
        """What comes of it; None where nothing does."""
        while not self.is_lost:
            if await ended(self._landed, _GLANCE):
                return self._landed.result()
        return None


@attrs.frozen
class Unsaved:
    """A token that the store did not take.

    Attributes:
        token: The token.
        replaces: The access tokens that it came after, one of which the store holds still.
    """

    token: Token
    replaces: frozenset[str] = attrs.field(repr=False)


class Tenant:
    """One tenant of one application."""

    def __init__(self, clock: Clock, guard: threading.RLock) -> None:
        self.users = 0
        self.unsaved: Unsaved | None = None
        """Nobody would get it a second time where refresh tokens rotate, so it is saved before anything else."""
        self._clock = clock
        self._guard = guard
        self._flight: Flight | None = None
        self._failed: Landing | None = None
        self._failures = 0
        self._pause_until = 0.0
        self._forced: deque[float] = deque(maxlen=_MOST_FORCED)
        self._short_lived: tuple[str, float] | None = None
        self._keep_until = 0.0

    def board(self, store: TokenStore) -> tuple[Flight, bool]:
        """The flight to wait for, and whether the caller has to lead it."""
        with self._guard:
            leads = self._flight is None or self._flight.is_lost
            if self._flight is None or leads:
                self._flight = Flight(store)
            return self._flight, leads

    def land(self, flight: Flight, landing: Landing | None) -> None:
        """The flight is over."""
        with self._guard:
            if self._flight is flight:
                self._flight = None
        flight.land(landing)

    def margin(self, token: Token) -> float:
        """Seconds before its end in which this token is to be replaced."""
        with self._guard:
            access_token, margin = self._short_lived or ("", AHEAD)
            return margin if token.access_token == access_token else AHEAD

    def succeeded(self, token: Token) -> None:
        """Notes a new token."""
        lasts = token.seconds_left(self._clock.time())
        with self._guard:
            self._failed, self._failures = None, 0
            self._short_lived = None
            if lasts * _SHARE < AHEAD:
                # Otherwise it would be replaced before each call.
                self._short_lived = token.access_token, lasts * _SHARE
                self._keep(lasts)

    def failed(self, refusal: Refusal, tried: str | None) -> Landing:
        """Notes that a refresh token brought nothing; from the second time on there is a pause until the next."""
        landing = Landing(failure=refusal, tried=tried)
        with self._guard:
            again = self._failed is not None and self._failed.tried == tried
            self._failures = self._failures + 1 if again else 1
            pause = _PAUSE_WITHOUT_CONSENT if refusal.consent_gone else 0.0
            if self._failures > 1:
                pause = max(pause, min(2.0 ** (self._failures - 2), _LONGEST_PAUSE))
            pause = max(pause, min(refusal.wait or 0.0, _LONGEST_ASKED))
            self._failed = landing
            self._pause_until = self._clock.monotonic() + pause
            self._keep(pause + _WINDOW)
        return landing

    def still_failed(self, tried: str | None) -> Landing | None:
        """What came of this refresh token last time, as long as it is too early for another try."""
        with self._guard:
            known = self._failed is not None and self._failed.tried == tried
            return self._failed if known and self._clock.monotonic() < self._pause_until else None

    def may_force(self) -> bool:
        """Whether to replace a token that was refused; not where that has been of no use again and again."""
        with self._guard:
            often = len(self._forced) == _MOST_FORCED
            return not (often and self._clock.monotonic() - self._forced[0] < _WINDOW)

    def forced(self) -> None:
        """Notes that a token is replaced because it was refused."""
        with self._guard:
            self._forced.append(self._clock.monotonic())
            self._keep(_WINDOW)

    def _keep(self, seconds: float) -> None:
        self._keep_until = max(self._keep_until, self._clock.monotonic() + seconds)

    def is_idle(self) -> bool:
        """Whether nothing is lost when it is forgotten."""
        return not self.users and self.unsaved is None and self._clock.monotonic() >= self._keep_until


class Tenants:
    """The tenants that something is going on with, whatever number of objects stands for each of them."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._tenants: dict[Hashable, Tenant] = {}
        # Reentrant, as whoever is collected while it waits leaves wherever the collector happens to begin.
        self._guard = threading.RLock()
        self._next_look = 0.0

    @contextmanager
    def tenant(self, identity: Hashable) -> Generator[Tenant, None, None]:
        """A tenant, which is kept as long as somebody uses it or there is something to remember."""
        with self._guard:
            self._forget_idle()
            tenant = self._tenants.get(identity)
            if tenant is None:
                tenant = self._tenants[identity] = Tenant(self.clock, self._guard)
            tenant.users += 1
        try:
            yield tenant
        finally:
            with self._guard:
                tenant.users -= 1
                if tenant.is_idle() and self._tenants.get(identity) is tenant:
                    del self._tenants[identity]

    def margin(self, identity: Hashable, token: Token) -> float:
        """Seconds before its end in which a tenant's token is to be replaced."""
        tenant = self._tenants.get(identity)
        return AHEAD if tenant is None else tenant.margin(token)

    def _forget_idle(self) -> None:
        now = self.clock.monotonic()
        if now >= self._next_look:
            self._next_look = now + _WINDOW
            self._tenants = {each: tenant for each, tenant in self._tenants.items() if not tenant.is_idle()}

    def __len__(self) -> int:
        return len(self._tenants)

    def after_fork(self) -> None:
        """A child process begins with none: what is under way is the parent's."""
        self._guard = threading.RLock()
        self._tenants = {}


PROCESS = Tenants(SYSTEM)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=PROCESS.after_fork)
