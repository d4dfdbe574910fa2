"""A batch: each item once, a few at a time, and what is in doubt looked up together at the end."""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from .._pager import check_whole
from ._carrier import Doubtful
from ._decide import Next, next_step, unsettled
from ._entry import check_key
from ._errors import KeyReusedError, LedgerStoreError, UnresolvedError
from ._outcomes import Found, unresolved
from ._report import Ending, Progress, Report

if TYPE_CHECKING:
    from ._carrier import Carrier

T = TypeVar("T")
I = TypeVar("I")  # noqa: E741 - an item
_logger = logging.getLogger("mijnklantportaal_client")


class Batch(Generic[I, T]):
    """The items of one run of `Ledger.run`."""

    def __init__(
        self,
        carrier: Carrier,
        items: Iterable[I],
        key: Callable[[I], str],
        call: Callable[[I], Awaitable[T]],
        find: Callable[[I], Awaitable[T | None]] | None,
        concurrency: int,
        on_progress: Callable[[Progress], object] | None,
        *,
        stop_on_error: bool,
    ) -> None:
        check_whole(concurrency, "concurrency", 1)
        for name, function in (("key", key), ("call", call), ("find", find), ("on_progress", on_progress)):
            if not callable(function) and not (name in ("find", "on_progress") and function is None):
                raise TypeError(f"{name} must be a function")
        self._carrier = carrier
        self._items = _by_key(items, key)
        self._call = call
        self._find = find
        self._concurrency = concurrency
        self._on_progress = on_progress
        self._stop_on_error = stop_on_error
        self._stopped = False
        self._ended: set[str] = set()
        # In the order in which they came up.
        self._doubtful: dict[str, Exception | None] = {}
        self._found: dict[str, Found] = {}
        self.report: Report[T] = Report(total=len(self._items))

    async def run(self) -> Report[T]:
        """Carries all of them out."""
        await self._each(list(self._items), self._first)
        if self._doubtful and not self._stopped:
            await self._look()
            await self._each(list(self._doubtful), self._again)
        for key in self._doubtful:
            if key not in self._ended:
                await self._give_up(key)
        return self.report

    async def _each(self, keys: list[str], work: Callable[[str], Awaitable[None]]) -> None:
        queue = iter(keys)

        async def worker() -> None:
            for key in queue:
                if self._stopped:
                    self._leave(key)
                else:
                    await work(key)

        tasks = [asyncio.ensure_future(worker()) for _ in range(min(self._concurrency, len(keys)))]
        try:
            # The first that raises ends the batch: the file can't be used, or somebody wants to stop.
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            # Each records what its call may have done.
            await asyncio.gather(*tasks, return_exceptions=True)

    def _leave(self, key: str) -> None:
        if key not in self._doubtful:
            self.report.left.append(key)

    async def _first(self, key: str) -> None:
        """Carries an item out, unless it is in doubt, or gets there."""
        try:
            await self._carry(key, patient=False)
        except LedgerStoreError:
            raise
        except Exception as error:  # noqa: BLE001 - it is in the report
            if self._find is not None and not isinstance(error, (UnresolvedError, KeyReusedError)):
                entry = await self._carrier.book.load(key)
                if isinstance(error, Doubtful) or (entry is not None and entry.state.is_in_doubt):
                    self._doubtful[key] = None if isinstance(error, Doubtful) else error
                    return
            await self._fail(key, error)

    async def _again(self, key: str) -> None:
        """Carries an item out that was looked up."""
        try:
            await self._carry(key, patient=True)
        except LedgerStoreError:
            raise
        except Exception as error:  # noqa: BLE001 - it is in the report
            await self._fail(key, error)

    async def _carry(self, key: str, *, patient: bool) -> None:
        item, find = self._items[key], self._find
        done = await self._carrier.carry(
            key,
            lambda: self._call(item),
            None if find is None else lambda: find(item),
            known=self._found.get(key),
            patient=patient,
        )
        await self._end(key, Ending(done.source.value), done.value)

    async def _look(self) -> None:
        """Waits until no old request can be running, and looks all of them up at once."""
        book, settle = self._carrier.book, self._carrier.settle
        entries = [await book.load(key) for key in self._doubtful]
        waiting = [entry for entry in entries if entry is not None and entry.state.is_in_doubt]
        rest = max((unsettled(entry, book.now(), settle) for entry in waiting), default=0.0)
        if rest > 0:
            _logger.warning("ledger: looks %d keys up in %.0f s, when nothing can be running", len(waiting), rest)
            await book.clocks.clock.sleep(rest)
        find = self._find
        if find is None:
            return

        async def search(key: str) -> T | None:
            return await find(self._items[key])

        answers = await asyncio.gather(*[search(entry.key) for entry in waiting], return_exceptions=True)
        for entry, answer in zip(waiting, answers, strict=True):
            self._found[entry.key] = Found(entry.version, answer)

    async def _give_up(self, key: str) -> None:
        """Leaves an item in doubt, since another one failed before it was looked up."""
        entry, error = await self._carrier.book.load(key), self._doubtful[key]
        if error is None and entry is not None:
            error = unresolved(entry, "it was not looked up, as another item failed before")
        await self._end(key, Ending.UNRESOLVED, error)

    async def _fail(self, key: str, error: Exception) -> None:
        entry = await self._carrier.book.load(key)
        # One key for two items is an error of the list, whatever is known of the first one.
        is_reused = isinstance(error, KeyReusedError) and not error.outcome.may_have_happened
        is_certain = is_reused or next_step(entry, alive=False) is Next.SEND
        self._stopped = self._stopped or self._stop_on_error
        await self._end(key, Ending.FAILED if is_certain else Ending.UNRESOLVED, error)

    async def _end(self, key: str, ending: Ending, value: Any) -> None:
        self.report.add(key, ending, value)
        self._ended.add(key)
        if self._on_progress is None:
            return
        told = Progress(finished=len(self._ended), total=self.report.total, key=key, ending=ending)
        try:
            answer = self._on_progress(told)
            if inspect.isawaitable(answer):
                await answer
        except Exception as error:
            _logger.exception("on_progress failed, the batch goes on: %s", type(error).__name__)


def _by_key(items: Iterable[I], key: Callable[[I], str]) -> dict[str, I]:
    """The items by their keys, in their order.

    Raises:
        ValueError: Two have the same.
    """
    found: dict[str, I] = {}
    for item in items:
        name = key(item)
        check_key(name)
        if name in found:
            raise ValueError(f"two items have the key {name!r}, and a key stands for one change: nothing was sent")
        found[name] = item
    return found
