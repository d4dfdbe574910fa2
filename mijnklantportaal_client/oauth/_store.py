"""Where tokens are kept, and the store that keeps them in memory."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

from .._outcome import Outcome
from ..errors import ConfigurationError, OAuthUnavailableError
from ._token import Token

# A refresh that tries again and again is given up before that.
LONGEST_WAIT = 120.0
_SHORTEST_PAUSE = 0.005
_LONGEST_PAUSE = 0.1


class TokenStore(Protocol):
    """Keeps the tokens of any number of tenants, for every process that uses them.

    What it holds is the truth: it is asked before each call, so that a token that another process put there is used,
    and a tenant that was removed is out at once. Its methods are called on the event loop of the call.
    """

    async def load(self, key: str) -> Token | None:
        """The token of a tenant; None where there is none."""
        ...

    async def save(self, key: str, token: Token) -> None:
        """Keeps a token in the place of the one before.

        A refresh saves while it has the lock. The token must not get lost any more when this returns, or at the latest
        when the lock was given back without an error.
        """
        ...

    def lock(self, key: str) -> AbstractAsyncContextManager[None]:
        """Keeps everyone else out who locks the same tenant, in other processes too, for as long as a refresh takes."""
        ...


class MemoryTokenStore:
    """Keeps tokens in this process and this object, for tests and scripts; they are gone when it ends."""

    def __init__(self) -> None:
        self._tokens: dict[str, Token] = {}
        self._locked: set[str] = set()
        self._guard = threading.Lock()

    async def load(self, key: str) -> Token | None:
        """The token of a tenant; None where there is none."""
        return self._tokens.get(check_key(key))

    async def save(self, key: str, token: Token) -> None:
        """Keeps a token in the place of the one before."""
        self._tokens[check_key(key)] = check_is_token(token)

    async def delete(self, key: str) -> None:
        """Forgets a tenant."""
        self._tokens.pop(check_key(key), None)

    @asynccontextmanager
    async def lock(self, key: str) -> AsyncGenerator[None, None]:
        """Keeps everyone else out who locks the same tenant, on other threads and event loops too."""
        check_key(key)
        await until(lambda: self._take(key))
        try:
            yield
        finally:
            with self._guard:
                self._locked.discard(key)

    def _take(self, key: str) -> bool:
        with self._guard:
            if key in self._locked:
                return False
            self._locked.add(key)
            return True

    def __repr__(self) -> str:
        return f"<MemoryTokenStore with {len(self._tokens)} tokens>"


async def until(taken: Callable[[], bool], longest: float = LONGEST_WAIT) -> None:
    """Tries to take a lock until it succeeds.

    It looks again and again, since nothing wakes one event loop when another process lets go, and to wait in a thread
    would use up the threads where a thousand tenants wait.

    Raises:
        OAuthUnavailableError: Somebody else keeps it for longer than any refresh takes.
    """
    pause = _SHORTEST_PAUSE
    left = longest
    while not taken():
        if left <= 0:
            text = f"the lock of the token store was not to be had for {longest:.0f} s"
            raise OAuthUnavailableError(text, outcome=Outcome.NOT_SENT)
        await asyncio.sleep(pause)
        left -= pause
        pause = min(pause * 1.5, _LONGEST_PAUSE)


def check_key(key: object) -> str:
    """The name of a tenant.

    Raises:
        ConfigurationError: It can't be one.
    """
    if not isinstance(key, str) or not key:
        raise ConfigurationError("key must be a text that names the tenant, such as 'portal-42'")
    return key


def check_is_token(token: object) -> Token:
    """A token, as nothing else should be kept in its place.

    Raises:
        TypeError: It is something else.
    """
    if not isinstance(token, Token):
        raise TypeError(f"token must be a Token, not {type(token).__name__}")
    return token
