"""Walking over a list, page after page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Generator
from typing import Any, Generic, NoReturn, TypeVar

from . import errors
from ._page import Page

T = TypeVar("T")
Fetch = Callable[[int], Coroutine[Any, Any, Page[T]]]
Spawn = Callable[[Coroutine[Any, Any, Page[T]]], "asyncio.Task[Page[T]]"]


class AsyncPager(Generic[T]):
    """A list of the API that may have many pages.

    `await pager` gives the first `Page`; `async for item in pager` walks over every object of every page; `async for
    page in pager.pages()` over the pages; `await pager.collect(limit=100)` makes a list.

    No ID is yielded twice although rows may be added during the walk; rows that are deleted meanwhile can still hide
    others, as the API has no cursor. A walk that failed goes on with the page that failed when the pager is iterated
    again; the error's `.page` is its number.
    """

    def __init__(self, fetch: Fetch[T], spawn: Spawn[T], *, first: int, prefetch: int, name: str) -> None:
        check_whole(first, "page", 1)
        check_whole(prefetch, "prefetch", 0)
        self._fetch = fetch
        self._spawn = spawn
        self._first = first
        self._prefetch = prefetch
        self._name = name
        self._failed: _Walk[T] | None = None
        self._walks: set[_Walk[T]] = set()

    def __await__(self) -> Generator[Any, None, Page[T]]:
        return self._page(self._first).__await__()

    def __aiter__(self) -> AsyncIterator[T]:
        return self._items(None)

    def __iter__(self) -> NoReturn:
        raise TypeError(
            "an AsyncPager can't be iterated by a plain for: write `async for item in pager`, "
            "or `for item in await pager.collect()`"
        )

    async def collect(self, limit: int | None = None) -> list[T]:
        """Every object, or the first `limit` of them, with no more requests than these take."""
        if limit is not None:
            check_whole(limit, "limit", 0)
        found: list[T] = []
        if limit != 0:
            items = self._items(limit)
            try:
                found.extend([item async for item in items])
            finally:
                await items.aclose()
        return found

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

    async def _items(self, limit: int | None) -> AsyncGenerator[T, None]:
        left = limit
        async with _Walking(self) as walk:
            while (page := await walk.next_page()) is not None:
                fresh = walk.fresh(page)
                for index, item in enumerate(fresh):
                    rest = len(fresh) - index
                    if 2 * index >= len(fresh) and (left is None or left > rest):
                        walk.look_ahead(_pages_for(left, rest, len(fresh), self._prefetch))
                    yield item
                    if left is not None:
                        left -= 1
                        if left == 0:
                            return

    async def _page(self, number: int) -> Page[T]:
        try:
            page = await self._fetch(number)
        except errors.MijnKlantportaalError as error:
            error.page = number
            raise
        if page.current_page not in (number, 0):
            text = f"{self._name}: asked for page {number}, the server answered with page {page.current_page}"
            raise _walk_error(text, number)
        # 0 stands for an answer that does not say which page it is.
        page.current_page = number
        return page

    def __repr__(self) -> str:
        return f"<AsyncPager {self._name}, from page {self._first}>"


class _Walk(Generic[T]):
    """One walk: which page comes next, what was seen, what is in flight."""

    def __init__(self, pager: AsyncPager[T], number: int) -> None:
        self._pager = pager
        self._number = number
        self._ahead: dict[int, asyncio.Task[Page[T]]] = {}
        self._seen: set[object] = set()
        self._last = False
        self.fetched = 0

    @property
    def ended(self) -> bool:
        return self._last

    async def next_page(self) -> Page[T] | None:
        """The next page, None after the last."""
        if self._last:
            return None
        task = self._ahead.pop(self._number, None)
        page = await (task if task is not None else self._pager._page(self._number))
        self._last = not page.has_next
        self._number += 1
        self.fetched += 1
        return page

    def look_ahead(self, count: int) -> None:
        """Begins to fetch the next pages."""
        if self._last:
            return
        for number in range(self._number, self._number + count):
            if number not in self._ahead:
                self._ahead[number] = self._pager._spawn(self._pager._page(number))

    def fresh(self, page: Page[T]) -> list[T]:
        """What of a page was not seen before."""
        fresh: list[T] = []
        for item in page.data:
            key = getattr(item, "id", None)
            if key is None or key not in self._seen:
                fresh.append(item)
            if key is not None:
                self._seen.add(key)
        if page.data and not fresh and page.has_next and len(self._seen) < self.fetched:
            raise _walk_error(f"{self._pager._name}: the server gives the same page again and again", page.current_page)
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

    def __init__(self, pager: AsyncPager[T]) -> None:
        self._pager = pager
        self._walk = pager._failed or _Walk(pager, pager._first)

    async def __aenter__(self) -> _Walk[T]:
        self._pager._failed = None
        self._pager._walks.add(self._walk)
        return self._walk

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if isinstance(error, errors.MijnKlantportaalError) and getattr(error, "page", None) is not None:
            self._pager._failed = self._walk
        self._pager._walks.discard(self._walk)
        await self._walk.aclose()


def _pages_for(left: int | None, rest: int, per_page: int, most: int) -> int:
    """How many pages ahead can be of use."""
    return most if left is None else min(most, -(-(left - rest) // per_page))


def _walk_error(text: str, page: int) -> errors.ResponseDecodeError:
    error = errors.ResponseDecodeError(text, status_code=200, headers={}, body=None)
    error.page = page
    return error


def check_whole(value: object, name: str, least: int) -> None:
    """Refuses what is no whole number, or less than it may be."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} must be an int, not {type(value).__name__}")
    if value < least:
        raise ValueError(f"{name} must be at least {least}")
