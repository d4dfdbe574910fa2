"""The ledger: a change for each key, carried out once."""

from __future__ import annotations

import math
import os
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar, cast

import attrs

from .._intent import INTENT
from ._book import Book
from ._carrier import Carrier
from ._entry import Entry, EntryState, check_key
from ._errors import LedgerError
from ._guards import Recording
from ._outcomes import has_lost_result

if TYPE_CHECKING:
    from typing import Self

    from ._report import Progress, Report
    from ._store import LedgerStore

T = TypeVar("T")
I = TypeVar("I")  # noqa: E741 - an item


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
        portal_only: Whether you promise that every change that a call makes goes through a client of this package, in
            the call itself, tasks that it begins or `asyncio.to_thread`; not in a worker that was there before, or by
            `run_in_executor`, where the ledger does not see it.
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
        self._book = Book(store, tenant=tenant, portal_only=portal_only)
        self._carrier = Carrier(self._book, settle=float(settle), compare=compare)

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
            LedgerError: `call` asks for its own key, gave None though its change failed, or did not wait for it.
            ResultError: It was carried out before, but its result could not be kept, or not be read.
            LedgerStoreError: The file can't be used. Where `.outcome` is `ACCEPTED`, the change was carried out all
                the same, and its result is in `.result`.
            TypeError: An argument is of the wrong type; or `find` gave what is no object, such as True or a page.
            ValueError: The key is empty or too long.
            Exception: Whatever `call` and `find` raise.
        """
        check_key(key)
        for name, function in (("call", call), ("find", find)):
            if not callable(function) and not (name == "find" and function is None):
                raise TypeError(f"{name} must be a function that returns an awaitable, such as lambda: portal....")
        done = await self._carrier.carry(key, call, find)
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
            on_progress: Is told of every item that ends, plain or async. What it raises is logged.
            stop_on_error: Whether no further item is begun after the first that failed.

        Returns:
            What became of each item.

        Raises:
            ValueError: Two items have the same key; nothing was sent.
            LedgerStoreError: The file can't be used, which ends the batch.
        """
        from ._run import Batch

        batch: Batch[I, T] = Batch(
            self._carrier, items, key, call, find, concurrency, on_progress, stop_on_error=stop_on_error
        )
        return await batch.run()

    async def open(self) -> list[Entry]:
        """Everything that is not done, or not done well, with what to do about it in `.advice`; the oldest first."""
        return await self._book.store.open()

    async def entry(self, key: str) -> Entry | None:
        """What is known of a key; None where it was never used."""
        check_key(key)
        return await self._book.load(key)

    async def resolve(self, key: str, *, carried_out: bool, result: Any = None) -> Entry:
        """Tells the ledger what a person found out about a key that is open, or the result of one that has lost it.

        Args:
            key: The key.
            carried_out: Whether the change was carried out. If not, the next run sends it.
            result: What `once` is to return from now on, such as the object, or its ID.

        Raises:
            LedgerError: The key was never used, is done and has its result, or is at work at this moment.
            TypeError: The result can't be kept.
        """
        check_key(key)
        if not isinstance(carried_out, bool):
            raise TypeError("carried_out must be True or False")
        if not carried_out and result is not None:
            raise TypeError("what was not carried out has no result")
        while True:
            entry = await self._book.load(key)
            is_lost = entry is not None and carried_out and has_lost_result(entry)
            if entry is None or not (entry.is_open or is_lost):
                what = "was never used" if entry is None else "is done"
                raise LedgerError(f"the key {key!r} {what}: there is nothing to resolve", key=key)
            if entry.state.is_running and await self._book.is_alive(entry):
                raise LedgerError(f"the key {key!r} is at work at this moment: wait for its end", key=key)
            new = attrs.evolve(entry, late=None, ended=entry.ended or self._book.now(), why="resolved by hand")
            if carried_out and (entry.state is not EntryState.DONE or result is not None or is_lost):
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
        """Waits for what is at work, and closes the file.

        Raises:
            LedgerError: A call of this ledger asks for it, and would wait for its own end.
        """
        outer = INTENT.get()
        if isinstance(outer, Recording) and self._book.runs(outer.entry):
            key = outer.entry.key
            raise LedgerError(f"the call of the key {key!r} closes its own ledger, and would wait for itself", key=key)
        await self._book.leave()
        if self._own is not None:
            await self._own.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError("a Ledger can't be pickled: make one in each process, on the same path")


def _check_options(settle: object, portal_only: object, compare: object, tenant: object) -> None:
    if isinstance(settle, bool) or not isinstance(settle, (int, float)) or not 0 <= settle < math.inf:
        raise LedgerError("settle must be a number of seconds, 0 or more")
    if not isinstance(portal_only, bool) or not isinstance(compare, bool):
        raise LedgerError("portal_only and compare must be True or False")
    if tenant is not None and not (isinstance(tenant, str) and tenant):
        raise LedgerError("tenant must be a text that names the portal")


_STORE = ("alive", "join", "leave", "load", "open", "save")
