"""Reading and writing entries on behalf of one open ledger: claims, and who may still be at work on one."""

from __future__ import annotations

import asyncio
import contextlib
import os
import uuid
from collections.abc import Generator
from typing import TYPE_CHECKING

import attrs

from .._interrupt import run
from ._clock import Clocks
from ._entry import Entry, EntryState, Moment
from ._errors import LedgerError

if TYPE_CHECKING:
    from ._store import LedgerStore

_SHORTEST_PAUSE = 0.01
_LONGEST_PAUSE = 0.25


class Book:
    """The entries of a store, as one open ledger writes them.

    Every write is carried through once it has begun, even if its caller is cancelled meanwhile.
    """

    def __init__(self, store: LedgerStore, *, tenant: str | None, portal_only: bool) -> None:
        self.store = store
        self.tenant = tenant
        self.clocks = Clocks()
        self._portal_only = portal_only
        self.closed = False
        self._begin()

    def _begin(self) -> None:
        self._process = os.getpid()
        self._owner: str | None = None
        # The claims at work, each with the name it was made under.
        self._running: dict[str, str] = {}
        # Names under which a claim was left in a state that says it is at work, though it is not.
        self._spoilt: set[str] = set()

    def now(self) -> Moment:
        """This moment."""
        return self.clocks.now()

    async def load(self, key: str) -> Entry | None:
        """The entry of a key."""
        if self._process != os.getpid():
            # After a fork: what the parent runs is its own.
            self._begin()
        return await self.store.load(key)

    async def is_alive(self, entry: Entry) -> bool:
        """Whether whoever began an entry may still be at work on it."""
        if self.runs(entry):
            return True
        if entry.owner == self._owner or entry.owner in self._spoilt:
            return False
        return await self.store.alive(entry.owner)

    async def claim(self, key: str, replaces: Entry | None) -> Entry | None:
        """Keeps the intent to carry a key's change out; None where somebody else was first."""
        await self.tidy()
        owner = await self._joined()
        entry = Entry(
            key=key,
            state=EntryState.BEGUN,
            claim=uuid.uuid4().hex,
            owner=owner,
            portal_only=self._portal_only,
            begun=self.now(),
            sends=0 if replaces is None else replaces.sends,
        )
        # Before anybody else can see it and take it for dead.
        self._running[entry.claim] = owner
        spoilt, written = True, None
        try:
            written = await self.write(entry, replaces)
            spoilt = False
        except asyncio.CancelledError:
            # The write was carried through all the same, and nothing has begun.
            with contextlib.suppress(Exception):
                await self.conclude(entry, EntryState.NOT_SENT, "cancelled before it began")
                spoilt = False
            raise
        finally:
            if written is None:
                self.release(entry, spoilt=spoilt)
        return written

    def release(self, entry: Entry, *, spoilt: bool = False) -> None:
        """Ends a claim's being at work.

        Args:
            entry: Its entry.
            spoilt: Whether its end could not be written. Then its name is given up, for others to see that nobody is
                at work on it any more.
        """
        self._running.pop(entry.claim, None)
        if spoilt:
            self._spoilt.add(entry.owner)
            if self._owner == entry.owner:
                self._owner = None

    async def tidy(self) -> None:
        """Gives up the names that are spoilt, and under which nobody is at work any more."""
        for owner in self._spoilt - set(self._running.values()):
            # One that could not be given up is, before the next claim: until then nobody else takes it for dead.
            with contextlib.suppress(Exception):
                await run(_left(self.store, owner))
                self._spoilt.discard(owner)

    async def write(self, entry: Entry, replaces: Entry | None) -> Entry | None:
        """Writes an entry in the place of the one that was read; None where that has changed."""
        version = None if replaces is None else replaces.version
        new = attrs.evolve(entry, version=(version or 0) + 1)
        return new if await run(_saved(self.store, new, version)) else None

    async def advance(self, entry: Entry, replaces: Entry) -> Entry | None:
        """Writes the next state of a claim of one's own; None where somebody else has it now."""
        written = await self.write(entry, replaces)
        if written is None:
            # A write that failed may have been done all the same.
            current = await self.load(entry.key)
            if current is not None and current.claim == entry.claim and current.state.is_running:
                written = await self.write(entry, current)
        return written

    async def conclude(self, entry: Entry, state: EntryState, why: str) -> None:
        """Writes how an execution of one's own failed, unless somebody else has the key now."""
        await run(self._conclude(entry, state, why))

    async def _conclude(self, entry: Entry, state: EntryState, why: str) -> None:
        current = await self.load(entry.key)
        if current is not None and current.claim == entry.claim and current.state.is_running:
            ended = attrs.evolve(entry, state=state, why=why, ended=self.now())
            await self.write(ended, current)

    async def _joined(self) -> str:
        if self.closed:
            raise LedgerError("this ledger is closed; make a new one, or close it later")
        if self._owner is not None:
            return self._owner
        joined = await run(_joined(self.store))
        # Another task or thread may have been at it as well.
        owner: str | None = self._owner
        if owner is None:
            owner = self._owner = joined
        else:
            await run(_left(self.store, joined))
        return owner

    def runs(self, entry: Entry) -> bool:
        """Whether the claim of an entry is at work here."""
        return entry.claim in self._running

    async def leave(self) -> None:
        """Waits for what runs, and ends."""
        self.closed = True
        if self._process != os.getpid():
            return
        for pause in pauses():
            if not self._running:
                break
            await asyncio.sleep(pause)
        await self.tidy()
        if self._owner is not None:
            owner, self._owner = self._owner, None
            await run(_left(self.store, owner))


def pauses() -> Generator[float, None, None]:
    """How long to wait between looks at something that somebody else is doing: real time, which can't be skipped."""
    pause = _SHORTEST_PAUSE
    while True:
        yield pause
        pause = min(pause * 1.5, _LONGEST_PAUSE)


async def _saved(store: LedgerStore, entry: Entry, replaces: int | None) -> bool:
    # A store is anybody's: what it returns need not be a coroutine.
    return await store.save(entry, replaces=replaces)


async def _joined(store: LedgerStore) -> str:
    return await store.join()


async def _left(store: LedgerStore, owner: str) -> None:
    await store.leave(owner)
