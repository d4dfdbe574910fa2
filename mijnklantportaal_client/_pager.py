"""Walking over a list, page after page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Generator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar

from . import errors
from ._outcome import Outcome
from ._page import Page

T = TypeVar("T")
Fetch = Callable[[int], Coroutine[Any, Any, Page[T]]]
Spawn = Callable[[Coroutine[Any, Any, Page[T]]], "asyncio.Task[Page[T]]"]
_MOST_STALE = 5


class AsyncPager(Generic[T]):
    """A list of the API that may have many pages.

    `await pager` gives the first `Page`; `async for item in pager` walks over every object of every page; `async for
    page in pager.pages()` over the pages; `await pager.collect(limit=100)` makes a list.

    No ID is yielded twice although rows may be added during the walk; rows that are deleted meanwhile can still hide
    others, as the API has no cursor. A walk that failed goes on with the page that failed when the pager is iterated
    again; the error's `.page` is its number.
    """

    def __init__(
        self,
        fetch: Fetch[T],
        spawn: Spawn[T],
        *,
        first: int,
        prefetch: int,
        name: str,
        about: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        check_whole(first, "page", 1)
        check_whole(prefetch, "prefetch", 0)
        self._fetch = fetch
        self._spawn = spawn
        self._first = first
        self._prefetch = prefetch
        self._name = name
        self._about = about
        # An iteration goes on with a failed iteration and a collection with a failed collection, since only the
        # latter still has to give what came before the failure.
        self._failed: dict[bool, _Walk[T]] = {}
        self._walks: set[_Walk[T]] = set()

    def __await__(self) -> Generator[Any, None, Page[T]]:
        return self._page(self._first).__await__()

    def __aiter__(self) -> AsyncIterator[T]:
        return self._items()

    if not TYPE_CHECKING:
        # Type checkers say by themselves that there is no such method.
        def __iter__(self) -> NoReturn:
            raise TypeError(
                "an AsyncPager can't be iterated by a plain for: write `async for item in pager`, "
                "or `for item in await pager.collect()`"
            )

    async def collect(self, limit: int | None = None) -> list[T]:
        """Every object, or the first `limit` of them, with no more requests than these take.

        Of a collection that failed, another one reads only the pages that are still missing.
        """
        if limit is not None:
            check_whole(limit, "limit", 0)
        if limit == 0:
            return []
        async with _Walking(self, collects=True) as walk:
            while limit is None or len(walk.found) < limit:
                page = await walk.next_page()
                if page is None:
                    break
                walk.found.extend(walk.fresh)
                left = None if limit is None else limit - len(walk.found)
                walk.look_ahead(_pages_for(left, len(page.data), self._prefetch))
            return walk.found[:limit]

    async def pages(self) -> AsyncGenerator[Page[T], None]:
        """The pages as the server gave them, an object that moved from one to the next included."""
        async with _Walking(self) as walk:
            while (page := await walk.next_page()) is not None:
                # Whoever asks for a second page is walking; before that, nothing is fetched in advance.
                if walk.fetched > 1:
                    walk.look_ahead(self._prefetch)
                yield page

    async def aclose(self) -> None:
        """Ends what is in flight, for `contextlib.aclosing`."""
        for walk in list(self._walks):
            await walk.aclose()
        self._walks.clear()

    async def _items(self) -> AsyncGenerator[T, None]:
        async with _Walking(self) as walk:
            while await walk.next_page() is not None:
                # Whoever has come to a second page will most likely want the third: it is begun at once, since a page
                # is often used up sooner than the next one comes. On the first one, an early `break` costs nothing.
                if walk.fetched > 1:
                    walk.look_ahead(self._prefetch)
                for index, item in enumerate(walk.fresh):
                    if 2 * index >= len(walk.fresh):
                        walk.look_ahead(self._prefetch)
                    yield item

    async def _page(self, number: int) -> Page[T]:
        try:
            return await self._fetch(number)
        except errors.MijnKlantportaalError as error:
            error.page = number
            raise

    def _walk_error(self, text: str, page: int) -> errors.ResponseDecodeError:
        # No single answer is to blame, so there is no body to look at.
        about = {"operation": self._name, "outcome": Outcome.ACCEPTED, "_advice": ""} | dict(self._about)
        return errors.ResponseDecodeError(text, status_code=200, headers={}, body=None, page=page, **about)

    def __repr__(self) -> str:
        return f"<AsyncPager {self._name}, from page {self._first}>"


class _Walk(Generic[T]):
    """One walk: which page comes next, what was seen, what is in flight."""

    def __init__(self, pager: AsyncPager[T], number: int) -> None:
        self._pager = pager
        self._number = number
        self._ahead: dict[int, asyncio.Task[Page[T]]] = {}
        self._seen: set[str | int] = set()
        self._stale = 0
        self._last = False
        self._page: Page[T] | None = None
        self.fetched = 0
        self.fresh: list[T] = []
        """What of the page that was read last was not seen before."""
        self.found: list[T] = []
        """What a collection has so far."""

    async def next_page(self) -> Page[T] | None:
        """The next page, None after the last."""
        if self._last:
            return None
        page = await self._arrived(self._number)
        fresh = self._unseen(page)
        # Rows that were added during the walk can move a whole page back, but not again and again.
        same = self._page is not None and page.data == self._page.data
        self._stale = self._stale + 1 if same or not fresh else 0
        if self._stale >= _MOST_STALE and page.has_next:
            raise self._pager._walk_error(f"{self._stale} pages in a row held nothing new", self._number)
        self.fresh = fresh
        self._page = page
        self._last = not page.has_next
        self._number += 1
        self.fetched += 1
        return page

    async def _arrived(self, number: int) -> Page[T]:
        task = self._ahead.pop(number, None)
        if task is None:
            return await self._pager._page(number)
        try:
            return await task
        except asyncio.CancelledError:
            consumer = asyncio.current_task()
            if consumer is None or consumer.cancelling():
                raise
            # Not the consumer was cancelled but the page in advance, as closing the client does; asking again tells.
            return await self._pager._page(number)

    def look_ahead(self, count: int) -> None:
        """Begins to fetch the next pages."""
        if self._last:
            return
        for number in range(self._number, self._number + count):
            if number not in self._ahead:
                self._ahead[number] = self._pager._spawn(self._pager._page(number))

    def _unseen(self, page: Page[T]) -> list[T]:
        fresh: list[T] = []
        for item in page.data:
            key = item.get("id") if isinstance(item, dict) else getattr(item, "id", None)
            if not isinstance(key, (str, int)):
                fresh.append(item)
            elif key not in self._seen:
                fresh.append(item)
                self._seen.add(key)
        return fresh

    async def aclose(self) -> None:
        tasks = list(self._ahead.values())
        self._ahead.clear()
        for task in tasks:
            task.cancel()
        # What a page in advance ended with is nobody's business any more.
        await asyncio.gather(*tasks, return_exceptions=True)


class _Walking(Generic[T]):
    """A walk from its beginning, or from where it failed, to its end."""

    def __init__(self, pager: AsyncPager[T], *, collects: bool = False) -> None:
        self._pager = pager
        self._collects = collects
        failed = pager._failed.pop(collects, None)
        self._walk = _Walk(pager, pager._first) if failed is None else failed

    async def __aenter__(self) -> _Walk[T]:
        self._pager._walks.add(self._walk)
        return self._walk

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if isinstance(error, errors.MijnKlantportaalError) and getattr(error, "page", None) is not None:
            self._pager._failed[self._collects] = self._walk
        self._pager._walks.discard(self._walk)
        await self._walk.aclose()


def _pages_for(left: int | None, per_page: int, most: int) -> int:
    """How many pages ahead can be of use."""
    return most if left is None else min(most, -(-left // max(per_page, 1)))


def check_whole(value: object, name: str, least: int) -> None:
    """Refuses what is no whole number, or less than it may be."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} must be an int, not {type(value).__name__}")
    if value < least:
        raise ValueError(f"{name} must be at least {least}")
