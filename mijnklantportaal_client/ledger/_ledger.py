"""The ledger: a change for each key, carried out once."""

from __future__ import annotations

import asyncio
import logging
import math
import os
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar, cast

import attrs

from ._book import Book, pauses
from ._decide import Next, buried, next_step, unsettled
from ._entry import Entry, EntryState
from ._errors import LedgerError
from ._execution import execute, kept
from ._guards import differs
from ._outcomes import Done, Found, Source, result_of, unresolved

if TYPE_CHECKING:
    from typing import Self

    from ._report import Progress, Report
    from ._store import LedgerStore

T = TypeVar("T")
I = TypeVar("I")  # noqa: E741 - an item
_logger = logging.getLogger("mijnklantportaal_client")
_LONG_WAIT = 5.0
_LONGEST_KEY = 500


class Ledger:
    """Carries changes out once each, whatever happens to the network and to this process.

        async with Ledger("billing.db") as ledger:
            invoice = await ledger.once("invoice 2026-001", lambda: portal.customer_invoices.create_from_lines(...))

    A key is chosen before anything is sent, and stands for one change for good. `docs/ledger.md` says exactly what is
    guaranteed, and on what conditions.

    Any number of processes, threads and event loops can use one file, and one `Ledger`.

    Args:
        store: The path of a file, which is made where there is none; or a `LedgerStore`, which stays yours to close.
        settle: Seconds after which a request whose client is gone can't be running on the server any more.
        portal_only: Whether you promise that every change that a call makes goes through a client of this package.
            Then a call that fails, or dies with its process, before it gets to its client has certainly changed
            nothing. By default it counts as "may have happened", for another library may have been at work in it.
        compare: Whether a call whose key was used before is run up to its change, to see that it is the same one still.
        tenant: A name for the portal, in place of that of its API key, for a ledger that outlives the key.

    Raises:
        LedgerError: An argument can't be used.
    """

    def __init__(
        self,
        store: str | os.PathLike[str] | LedgerStore,
        *,
        settle: float = 180.0,
        portal_only: bool = False,
        compare: bool = True,
        tenant: str | None = None,
    ) -> None:
        _check_options(settle, portal_only, compare, tenant)
        self._own: Any = None
        if isinstance(store, (str, os.PathLike)):
            from ._sqlite import SQLiteStore

            store = self._own = SQLiteStore(store)
        elif not all(callable(getattr(store, name, None)) for name in _STORE):
            raise LedgerError(f"a ledger takes a path or a LedgerStore, not {type(store).__name__}")
        self._settle = float(settle)
        self._compare = compare
        self._book = Book(store, tenant=tenant, portal_only=portal_only)

    async def once(
        self, key: str, call: Callable[[], Awaitable[T]], find: Callable[[], Awaitable[T | None]] | None = None
    ) -> T:
        """Carries out the change of a key, unless that was done before, and gives its result.

        The intent is on the disk before `call` begins, and again before its request is sent; the result, or the
        outcome of a failure, before this returns. The next time, whatever became of this process,

        - what was carried out is not sent again: its result comes from the ledger;
        - what certainly was not carried out is sent;
        - of what may have been carried out, it waits until the old request can't be running any more, and asks `find`.
          What that finds is the result; where it finds nothing, the change is sent. Without `find`, nothing is sent.

        Where the key is at work in another process, thread or task, it waits for the result of that one.

        Args:
            key: Up to 500 characters that name this change for good, such as month and customer of an invoice.
            call: Makes the change: a function without arguments that returns an awaitable. It makes one change and no
                second; it may read as much as it likes. It can be run again, up to where the change would be sent.
            find: Looks whether the change was carried out: gives the object, or None if it certainly was not. See
                `find_created`.

        Returns:
            What `call` returned, now or then, or what `find` found. Models, JSON values, pages, Decimals, dates and
            bytes can be kept.

        Raises:
            UnresolvedError: It was or may have been carried out, and `find` is missing, or can't have looked well.
            KeyReusedError: The key was used for another change.
            ResultError: It was carried out before, but its result could not be kept, or not be read.
            LedgerStoreError: The file can't be used. Where `.outcome` is `ACCEPTED`, the change was carried out all
                the same, and its result is in `.result`.
            TypeError: An argument is of the wrong type.
            ValueError: The key is empty or too long.
            Exception: Whatever `call` and `find` raise.
        """
        check_key(key)
        for name, function in (("call", call), ("find", find)):
            if not callable(function) and not (name == "find" and function is None):
                raise TypeError(f"{name} must be a function that returns an awaitable, such as lambda: portal....")
        done = await self._carry(key, call, find)
        return cast("T", done.value)

    async def run(
        self,
        items: Iterable[I],
        *,
        key: Callable[[I], str],
        call: Callable[[I], Awaitable[T]],
        find: Callable[[I], Awaitable[T | None]] | None = None,
        concurrency: int = 8,
        on_progress: Callable[[Progress], object] | None = None,
        stop_on_error: bool = False,
    ) -> Report[T]:
        """Carries out the changes of a whole batch, once each; `once` for every item.

        An item that fails leaves the others alone. What may have been carried out, now or in an earlier run, is looked
        up at the end, all at once, after a single wait. Run again with the same items, it goes on where it was.

        Args:
            items: What to do; each has a key of its own.
            key: Gives the key of an item.
            call: Makes the change of an item.
            find: Looks whether the change of an item was carried out. Where this is `find_created` with one and the
                same pager, all of them share a scan.
            concurrency: How many items are at work at a time.
            on_progress: Is told of every item that ends. What it raises is logged.
            stop_on_error: Whether no further item is begun after the first that failed.

        Returns:
            What became of each item.

        Raises:
            ValueError: Two items have the same key; nothing was sent.
            LedgerStoreError: The file can't be used, which ends the batch.
        """
        from ._run import Batch

        batch: Batch[I, T] = Batch(self, items, key, call, find, concurrency, on_progress, stop_on_error=stop_on_error)
        return await batch.run()

    async def open(self) -> list[Entry]:
        """Everything that is not done, or not done well, with what to do about it in `.advice`; the oldest first."""
        return await self._book.store.open()

    async def entry(self, key: str) -> Entry | None:
        """What is known of a key; None where it was never used."""
        check_key(key)
        return await self._book.load(key)

    async def resolve(self, key: str, *, carried_out: bool, result: Any = None) -> Entry:
        """Tells the ledger what a person found out about a key that is open.

        Args:
            key: The key.
            carried_out: Whether the change was carried out. If not, the next run sends it.
            result: What `once` is to return from now on, such as the object, or its ID.

        Raises:
            LedgerError: The key was never used, is done, or is at work at this moment.
            TypeError: The result can't be kept.
        """
        check_key(key)
        if not isinstance(carried_out, bool):
            raise TypeError("carried_out must be True or False")
        if not carried_out and result is not None:
            raise TypeError("what was not carried out has no result")
        while True:
            entry = await self._book.load(key)
            if entry is None or not entry.is_open:
                what = "was never used" if entry is None else "is done"
                raise LedgerError(f"the key {key!r} {what}: there is nothing to resolve", key=key)
            if entry.state.is_running and await self._book.is_alive(entry):
                raise LedgerError(f"the key {key!r} is at work at this moment: wait for its end", key=key)
            new = attrs.evolve(entry, late=None, ended=entry.ended or self._book.now(), why="resolved by hand")
            if carried_out and (entry.state is not EntryState.DONE or result is not None):
                from ._results import encode

                new = attrs.evolve(new, state=EntryState.DONE, result=encode(result), kept=True, found=True)
            elif carried_out:
                # It was carried out twice: what is kept of the first one stays.
                pass
            else:
                new = attrs.evolve(new, state=EntryState.NOT_SENT, result=None)
            written = await self._book.write(new, entry)
            if written is not None:
                return written

    async def aclose(self) -> None:
        """Waits for what is at work, and closes the file."""
        await self._book.leave()
        if self._own is not None:
            await self._own.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError("a Ledger can't be pickled: make one in each process, on the same path")

    async def _carry(
        self,
        key: str,
        call: Callable[[], Awaitable[Any]],
        find: Callable[[], Awaitable[Any]] | None,
        *,
        known: Found | None = None,
        patient: bool = True,
    ) -> Done:
        """Carries a key through, step by step, until there is a result.

        `known` is what was found already; where this is not `patient`, what is in doubt raises `Doubtful`.
        """
        since: dict[int, float] = {}
        waits = pauses()
        while True:
            entry = await self._book.load(key)
            alive = entry is not None and entry.state.is_running and await self._book.is_alive(entry)
            step = next_step(entry, alive=alive)
            if step is Next.SEND or entry is None:
                done = await self._send(key, entry, call)
                if done is not None:
                    return done
            elif step is Next.WAIT:
                await asyncio.sleep(next(waits))
            elif step is Next.BURY:
                await self._book.write(buried(entry, self._book.now()), entry)
            elif step is Next.RETURN:
                await self._check_same(entry, call)
                return Done(result_of(entry), Source.EARLIER)
            else:
                if find is None:
                    raise unresolved(entry, "there is no find= to look it up with")
                if not patient:
                    raise Doubtful
                if await self._wait(entry, since):
                    continue
                done = await self._look(entry, call, find, known)
                if done is not None:
                    return done

    async def _look(
        self, entry: Entry, call: Callable[[], Awaitable[Any]], find: Callable[[], Awaitable[Any]], known: Found | None
    ) -> Done | None:
        """Looks up what may have happened, and sends it if it certainly did not; None where somebody else did."""
        await self._check_same(entry, call)
        value = known.value() if known is not None and known.version == entry.version else await find()
        if value is not None:
            found = attrs.evolve(kept(entry, value, self._book.now()), found=True)
            return Done(value, Source.FOUND) if await self._book.write(found, entry) is not None else None
        if entry.state is EntryState.ACCEPTED:
            raise unresolved(entry, "the server said that it was carried out, but find= does not find it")
        return await self._send(entry.key, entry, call)

    async def _send(self, key: str, entry: Entry | None, call: Callable[[], Awaitable[Any]]) -> Done | None:
        try:
            claimed = await self._book.claim(key, entry)
            return None if claimed is None else await execute(self._book, claimed, call)
        except GeneratorExit:
            raise
        except BaseException:
            # So that others need not wait for what could not be written.
            await self._book.tidy()
            raise

    async def _check_same(self, entry: Entry, call: Callable[[], Awaitable[Any]]) -> None:
        if self._compare:
            other = await differs(entry, call, self._book.tenant)
            if other is not None:
                raise other

    async def _wait(self, entry: Entry, since: dict[int, float]) -> bool:
        """Waits a while for an old request to end; False where it can't be running any more."""
        clock = self._book.clocks.clock
        rest = unsettled(entry, self._book.now(), self._settle)
        # Whatever the clocks say, what this process has waited itself has passed.
        is_first = entry.version not in since
        begun = since.setdefault(entry.version, clock.monotonic())
        rest = min(rest, self._settle - (clock.monotonic() - begun))
        if rest <= 0:
            return False
        if is_first and rest > _LONG_WAIT:
            _logger.info("ledger: waits %.0f s until the old request of a key can't be running any more", rest)
        await clock.sleep(min(rest, _LONG_WAIT))
        return True


class Doubtful(Exception):  # noqa: N818 - no error: the batch looks it up later
    """A key is in doubt, and this is not the time to look it up."""


def _check_options(settle: object, portal_only: object, compare: object, tenant: object) -> None:
    if isinstance(settle, bool) or not isinstance(settle, (int, float)) or not 0 <= settle < math.inf:
        raise LedgerError("settle must be a number of seconds, 0 or more")
    if not isinstance(portal_only, bool) or not isinstance(compare, bool):
        raise LedgerError("portal_only and compare must be True or False")
    if tenant is not None and not (isinstance(tenant, str) and tenant):
        raise LedgerError("tenant must be a text that names the portal")


_STORE = ("alive", "join", "leave", "load", "open", "save")


def check_key(key: object) -> None:
    """Refuses what can't be a key.

    Raises:
        TypeError: It is no text.
        ValueError: It is empty, too long, or can't be written.
    """
    if not isinstance(key, str):
        raise TypeError(f"key must be a str, not {type(key).__name__}")
    if not 0 < len(key) <= _LONGEST_KEY or not key.isprintable():
        raise ValueError(f"a key has 1 to {_LONGEST_KEY} printable characters, not {key!r:.60}")
