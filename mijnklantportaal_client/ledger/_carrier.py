"""Carries a key through, step by step, from whatever state it is in to its result."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import attrs

from .._intent import INTENT
from .._page import Page
from .._pager import AsyncPager
from ._book import Book, pauses
from ._decide import Next, buried, next_step, unsettled
from ._entry import Entry, EntryState
from ._errors import LedgerError
from ._execution import execute, kept
from ._guards import Recording, differs
from ._outcomes import Done, Found, Source, result_of, unresolved

_logger = logging.getLogger("mijnklantportaal_client")
_LONG_WAIT = 5.0


class Doubtful(Exception):  # noqa: N818 - no error: the batch looks it up later
    """A key is in doubt, and this is not the time to look it up."""


class Carrier:
    """What `once` and `run` do with each key.

    Attributes:
        book: The entries.
        settle: As for the ledger.
    """

    def __init__(self, book: Book, *, settle: float, compare: bool) -> None:
        self.book = book
        self.settle = settle
        self._compare = compare

    async def carry(
        self,
        key: str,
        call: Callable[[], Awaitable[Any]],
        find: Callable[[], Awaitable[Any]] | None,
        *,
        known: Found | None = None,
        patient: bool = True,
    ) -> Done:
        """Carries a key through, step by step, until there is a result.

        `known` is what was found already, after the wait. Where this is not `patient`, what is in doubt raises
        `Doubtful`.
        """
        since: dict[int, float] = {}
        waits = pauses()
        while True:
            entry = await self.book.load(key)
            alive = entry is not None and entry.state.is_running and await self.book.is_alive(entry)
            step = next_step(entry, alive=alive)
            if step is Next.SEND or entry is None:
                done = await self._send(key, entry, call)
                if done is not None:
                    return done
            elif step is Next.WAIT:
                _check_not_inside(entry)
                await asyncio.sleep(next(waits))
            elif step is Next.BURY:
                await self.book.write(buried(entry, self.book.now()), entry)
            elif step is Next.RETURN:
                await self._check_same(entry, call)
                return Done(result_of(entry), Source.EARLIER)
            else:
                if find is None:
                    raise unresolved(entry, "there is no find= to look it up with")
                if not patient:
                    raise Doubtful
                is_known = known is not None and known.version == entry.version
                if not is_known and await self._wait(entry, since):
                    continue
                done = await self._look(entry, call, find, known if is_known else None)
                if done is not None:
                    return done

    async def _look(
        self, entry: Entry, call: Callable[[], Awaitable[Any]], find: Callable[[], Awaitable[Any]], known: Found | None
    ) -> Done | None:
        """Looks up what may have happened, and sends it if it certainly did not; None where somebody else did."""
        await self._check_same(entry, call)
        value = await find() if known is None else known.value()
        _check_found(value)
        if value is not None:
            found = attrs.evolve(kept(entry, value, self.book.now()), found=True)
            return Done(value, Source.FOUND) if await self.book.write(found, entry) is not None else None
        if entry.state is EntryState.ACCEPTED:
            raise unresolved(entry, "the server said that it was carried out, but find= does not find it")
        return await self._send(entry.key, entry, call)

    async def _send(self, key: str, entry: Entry | None, call: Callable[[], Awaitable[Any]]) -> Done | None:
        try:
            claimed = await self.book.claim(key, entry)
            done = None if claimed is None else await execute(self.book, claimed, call)
        except GeneratorExit:
            raise
        except BaseException:
            # So that others need not wait for what could not be written.
            await self.book.tidy()
            raise
        # Nor for that of another key, whose name had to be kept as long as this one was at work under it.
        await self.book.tidy()
        return done

    async def _check_same(self, entry: Entry, call: Callable[[], Awaitable[Any]]) -> None:
        if self._compare:
            other = await differs(entry, call, self.book.tenant)
            if other is not None:
                raise other

    async def _wait(self, entry: Entry, since: dict[int, float]) -> bool:
        """Waits a while for an old request to end; False where it can't be running any more."""
        clock = self.book.clocks.clock
        rest = unsettled(entry, self.book.now(), self.settle)
        # Whatever the clocks say, what this process has waited itself has passed.
        is_first = entry.version not in since
        begun = since.setdefault(entry.version, clock.monotonic())
        rest = min(rest, self.settle - (clock.monotonic() - begun))
        if rest <= 0:
            return False
        if is_first and rest > _LONG_WAIT:
            _logger.warning("ledger: waits %.0f s until the old request of a key can't be running any more", rest)
        await clock.sleep(min(rest, _LONG_WAIT))
        return True


def _check_not_inside(entry: Entry) -> None:
    """Keeps a call from waiting for itself.

    Raises:
        LedgerError: It is the call of this very key that asks for it.
    """
    outer = INTENT.get()
    if isinstance(outer, Recording) and outer.entry.claim == entry.claim:
        raise LedgerError(f"the call of the key {entry.key!r} asks for its own key, and would wait for itself for ever")


def _check_found(value: object) -> None:
    """Refuses what is no object, and would be kept as the result of a change that was never carried out.

    Raises:
        TypeError: It is none.
    """
    if isinstance(value, (bool, Page, AsyncPager)) or (value is not None and not value):
        what = "a page" if isinstance(value, Page) else repr(value)
        raise TypeError(f"find must give the object, or None where it is not there, not {what}: nothing was sent")
