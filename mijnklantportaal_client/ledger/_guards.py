"""What stands between a call and the server: it records a change before it is sent, or only looks at it."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Protocol

import attrs

from .._intent import INTENT
from ._entry import Entry, EntryState
from ._errors import KeyReusedError, LedgerError
from ._payload import payload_of, tenant_of

if TYPE_CHECKING:
    from .._call import Call
    from ._entry import Moment


class Book(Protocol):
    """What a recording writes to."""

    tenant: str | None

    def now(self) -> Moment: ...

    async def advance(self, entry: Entry, replaces: Entry) -> Entry | None:
        """Writes the next state of a claim; None where the claim has been taken over."""
        ...


class Recording:
    """Watches over one execution of a call.

    Attributes:
        entry: The entry as it was written last.
        change: The change that the client makes for it, the last one where several were tried.
        was_refused: Whether the client refused to make one.
        lost: Whether somebody else has taken the key over.
    """

    def __init__(self, book: Book, entry: Entry) -> None:
        self._book = book
        self.entry = entry
        self.change: Call | None = None
        self.was_refused = False
        self.lost = False
        self._over = False

    def end(self) -> None:
        """The call has returned: a task that it left behind must send nothing any more."""
        self._over = True

    def refused(self) -> None:
        """As `Intent.refused`."""
        self.was_refused = True

    async def begins(self, call: Call) -> None:
        """As `Intent.begins`.

        Raises:
            LedgerError: It must not be sent.
        """
        self._check(call)
        # Before anything waits, so that two at a time are told apart.
        self.change = call
        entry = attrs.evolve(
            self.entry,
            tenant=tenant_of(call, self._book.tenant),
            payload=await payload_of(call.request),
            operation=call.operation.name,
            call_id=call.id,
        )
        if entry.portal_only:
            # Until it is sent, nothing depends on its being written.
            self.entry = entry
        else:
            await self._write(attrs.evolve(entry, state=EntryState.READY))

    async def sends(self, call: Call) -> None:
        """As `Intent.sends`.

        Raises:
            LedgerError: It must not be sent.
        """
        if self._over:
            raise self._too_late()
        entry = self.entry
        first = entry.state is not EntryState.SENDING
        await self._write(
            attrs.evolve(
                entry,
                state=EntryState.SENDING,
                sent=self._book.now(),
                deadline=call.deadline,
                sends=entry.sends + first,
            )
        )
        if self._over:
            raise self._too_late()

    def _check(self, call: Call) -> None:
        if self._over:
            raise self._too_late()
        earlier = self.change
        if earlier is not None and (not earlier.ended or earlier.outcome.may_have_happened):
            text = (
                f"the key {self.entry.key!r} stands for one change, and its call makes a second one, "
                f"{call.operation.name} after {earlier.operation.name}: give each a key and a once() of its own"
            )
            raise KeyReusedError(text, key=self.entry.key)
        if call.options.retry.retry_unsafe:
            self.was_refused = True
            text = "RetryPolicy(retry_unsafe=True) can carry one call out twice: use a client without it in a ledger"
            raise LedgerError(text, key=self.entry.key)

    async def _write(self, entry: Entry) -> None:
        written = await self._book.advance(entry, self.entry)
        if written is None:
            self.lost = True
            text = f"the key {self.entry.key!r} was taken over by another process meanwhile, so this one sends nothing"
            raise LedgerError(text, key=self.entry.key)
        self.entry = written

    def _too_late(self) -> LedgerError:
        text = f"the call of the key {self.entry.key!r} has ended: a task that it left behind sends nothing any more"
        return LedgerError(text, key=self.entry.key)


class Comparison:
    """Lets a call run until it would send its change, and no further, to see whether it is still the same one."""

    def __init__(self, tenant: str | None) -> None:
        self._tenant = tenant
        self.seen: tuple[str, str] | None = None

    def refused(self) -> None:
        """As `Intent.refused`."""

    async def begins(self, call: Call) -> None:
        """As `Intent.begins`: it always raises."""
        if self.seen is None:
            self.seen = (tenant_of(call, self._tenant), await payload_of(call.request))
        raise _Stop

    async def sends(self, call: Call) -> None:
        """As `Intent.sends`; no change gets this far."""
        raise _Stop


class _Stop(BaseException):
    """Ends a call that is only compared; no `except Exception` of its own may keep it from ending."""


async def differs(entry: Entry, call: Callable[[], Awaitable[Any]], tenant: str | None) -> KeyReusedError | None:
    """The error to raise where a call would make another change than the one of an entry.

    It runs the call up to its change, and sends nothing. Where the change of the entry was not made by the client, the
    call is not run, as nothing would stop it; where the call does not get as far, nothing can be said.
    """
    if entry.payload is None or entry.tenant is None:
        return None
    comparison = Comparison(tenant)
    reset = INTENT.set(comparison)
    try:
        # What it raises does not matter, but how far it got.
        with contextlib.suppress(_Stop, Exception, BaseExceptionGroup):
            await call()
    finally:
        INTENT.reset(reset)
    if comparison.seen is None or comparison.seen == (entry.tenant, entry.payload):
        return None
    about = f"the key {entry.key!r} was used for {entry.operation} on {entry.begun_at:%Y-%m-%d %H:%M:%S} UTC"
    if comparison.seen[0] != entry.tenant:
        text = (
            f"{about} with another portal or API key. A key belongs to one portal: put something of that into it. "
            "If the same portal has a new API key, name the portal in Ledger(tenant=...) from the start"
        )
    else:
        text = f"{about} with other values. A key belongs to one change: take another key for another one"
    return KeyReusedError(f"{text}. Nothing was sent.", key=entry.key)
