"""Looking for what may have been created, in a list whose order nobody knows and which may move meanwhile."""

from __future__ import annotations

import asyncio
import datetime
import json
from collections.abc import Callable, Hashable, Iterable
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from .._pager import AsyncPager
from .._sender import CLOSED
from ..errors import ConfigurationError, MijnKlantportaalError
from ._entry import CLOCKS_APART
from ._errors import ListMovesError, SeveralMatchError

if TYPE_CHECKING:
    from .._page import Page

T = TypeVar("T")
_MARGIN = datetime.timedelta(seconds=CLOCKS_APART)
_MOST_WALKS = 5


async def find_created(
    pager: AsyncPager[T],
    match: Callable[[T], object],
    since: datetime.datetime | None = None,
    *,
    newest_first: bool = False,
    unique: bool = False,
) -> T | None:
    """Looks in a list for the one object that matches; None if it is certainly not in there.

        listing = portal.customer_invoices.list()
        await find_created(listing, match=lambda invoice: invoice.invoice_number == "2026-001")

    It reads page after page, and ends with the first one that holds a match. Nothing is taken for absent before two
    walks over the whole list found the same rows in the same order, new ones aside: in between, no row can have moved
    from a page that was still to be read to one that had been. A list of one page is read once. Where there is a row
    that can't be read, nothing is taken for absent at all.

    Any number of these on one pager share their walks, as long as they begin together or while another walk is under
    way: none takes an answer from a walk that began before it did.

    Args:
        pager: A list, from its first page.
        match: Whether an object is the one; what it raises ends the search. It should name something that no other
            object has, such as an invoice number.
        since: Objects whose `created_at` lies more than 10 minutes before this aware moment don't match.
        newest_first: Whether you know that this list begins with the newest. The vendor does not say so of any list.
            Then a walk ends with the first page whose objects were all created before `since`.
        unique: Whether to read the whole list even where a match was found, so as to find a second one.

    Raises:
        SeveralMatchError: More than one object matches.
        ListMovesError: The list kept changing.
        TypeError: An argument is of the wrong type.
        ValueError: `since` has no time zone, the pager begins behind the first page, or `newest_first` lacks `since`.
        MijnKlantportaalError: A page could not be read, or a row of one in which nothing was found.
    """
    _check(pager, match, since, newest_first=newest_first)
    search = _Search(match, None if since is None else since - _MARGIN, newest_first=newest_first, unique=unique)
    searches = _WAITING.get(pager)
    if searches is None:
        searches = _WAITING[pager] = []
        pager._spawn(_serve(pager, searches))  # type: ignore[arg-type]
    searches.append(search)
    return await search.answer


_WAITING: WeakKeyDictionary[AsyncPager[Any], list[_Search[Any]]] = WeakKeyDictionary()


class _Search(Generic[T]):
    """What one caller looks for."""

    def __init__(
        self, match: Callable[[T], object], after: datetime.datetime | None, *, newest_first: bool, unique: bool
    ) -> None:
        self._match = match
        self._after = after
        self._newest_first = newest_first
        self._unique = unique
        self._found: dict[Hashable, T] = {}
        self._passed = False
        self.answer: asyncio.Future[T | None] = asyncio.get_running_loop().create_future()

    @property
    def is_over(self) -> bool:
        """Whether nobody waits for it any more."""
        return self.answer.done()

    @property
    def needs_more(self) -> bool:
        """Whether this walk has to go on for it."""
        return not self.is_over and not self._passed

    def begin(self) -> None:
        """A walk begins."""
        self._found.clear()
        self._passed = False

    def look_at(self, page: list[tuple[Hashable, T]]) -> None:
        """Takes what it looks for from a page."""
        try:
            self._found.update((key, row) for key, row in page if not self._is_old(row) and self._match(row))
            self._passed = self._newest_first and bool(page) and all(self._is_old(row) for _, row in page)
        except Exception as error:  # noqa: BLE001 - whatever the caller's own code raises
            self.fail(error)
        if len(self._found) > 1:
            self.fail(_several(self._found.values()))
        elif self._found and not self._unique:
            self._answer(next(iter(self._found.values())))

    def end(self, *, certain: bool, unreadable: BaseException | None) -> None:
        """A walk has ended, after which absence is certain or not; `unreadable` where not every row could be read."""
        if unreadable is not None:
            self.fail(unreadable)
        elif self._found:
            self._answer(next(iter(self._found.values())))
        elif certain:
            self._answer(None)

    def fail(self, error: BaseException) -> None:
        """Ends it with an error."""
        if not self.is_over:
            self.answer.set_exception(error)

    def _answer(self, value: T | None) -> None:
        if not self.is_over:
            self.answer.set_result(value)

    def _is_old(self, row: T) -> bool:
        created = getattr(row, "created_at", None)
        return self._after is not None and isinstance(created, datetime.datetime) and created < self._after


async def _serve(pager: AsyncPager[T], waiting: list[_Search[T]]) -> None:
    """Walks for everybody who waits, and again for who came meanwhile."""
    searches: list[_Search[T]] = []
    try:
        # Those that begin together come in one turn of the loop.
        await asyncio.sleep(0)
        while waiting:
            searches[:], waiting[:] = waiting, []
            try:
                await _walks(pager, searches)
            except Exception as error:  # noqa: BLE001 - it is the callers'
                for search in searches:
                    search.fail(error)
    finally:
        _WAITING.pop(pager, None)
        for search in (*searches, *waiting):
            # Only where the client was closed meanwhile.
            search.fail(ConfigurationError(CLOSED))


async def _walks(pager: AsyncPager[T], searches: list[_Search[T]]) -> None:
    earlier: list[Hashable] | None = None
    for _ in range(_MOST_WALKS):
        order, whole, pages, unreadable = await _walk(pager, searches)
        certain = (whole and pages == 1) or (earlier is not None and _same(earlier, order, whole=whole))
        for search in searches:
            search.end(certain=certain, unreadable=unreadable)
        if all(search.is_over for search in searches):
            return
        earlier = order
    text = f"{pager._name}: the list changed during each of {_MOST_WALKS} walks, so it is not certain what is not in it"
    raise ListMovesError(f"{text}. Try again when less is going on.")


async def _walk(
    pager: AsyncPager[T], searches: list[_Search[T]]
) -> tuple[list[Hashable], bool, int, MijnKlantportaalError | None]:
    """One walk.

    Returns:
        What it saw in which order, whether it came to the end of the list, how many pages it read, and the error of
        rows that could not be read, each of which may be what is looked for.
    """
    for search in searches:
        search.begin()
    seen: dict[Hashable, None] = {}
    pages = 0
    unreadable = None
    # Nothing is fetched ahead: it may not be needed.
    own = AsyncPager(pager._fetch, pager._spawn, first=1, prefetch=0, name=pager._name, about=pager._about)
    async with aclosing(own.pages()) as walk:
        async for page in walk:
            pages += 1
            if page.unreadable:
                text = "a row is no object, so it is not certain what is not in the list"
                unreadable = pager._walk_error(text, page.current_page)
            rows = _rows(page)
            seen.update((key, None) for key, _ in rows)
            for search in searches:
                if not search.is_over:
                    search.look_at(rows)
            if not any(search.needs_more for search in searches):
                return list(seen), not page.has_next, pages, unreadable
    return list(seen), True, pages, unreadable


def _rows(page: Page[T]) -> list[tuple[Hashable, T]]:
    return [(_key(row), row) for row in page.data]


def _key(row: Any) -> Hashable:
    key = row.get("id") if isinstance(row, dict) else getattr(row, "id", None)
    if isinstance(key, (str, int)):
        return key
    # Without an ID, it is what it holds.
    return json.dumps(row if isinstance(row, dict) else row.to_dict(), sort_keys=True, default=str)


def _same(earlier: list[Hashable], later: list[Hashable], *, whole: bool) -> bool:
    """Whether what was seen before is there again in the same order; what is new may stand anywhere."""
    known = set(earlier)
    again = [key for key in later if key in known]
    # A walk that ends at a moment ends earlier where new rows came before it.
    return again == earlier if whole else bool(again) and again == earlier[: len(again)]


def _several(found: Iterable[Any]) -> SeveralMatchError:
    objects = tuple(found)
    ids = ", ".join(str(getattr(each, "id", "one without an ID")) for each in objects)
    return SeveralMatchError(
        f"{len(objects)} objects match, not one: {ids}. If it was made twice, take one back in the portal; if not, "
        "match= must say more.",
        objects=objects,
    )


def _check(pager: object, match: object, since: object, *, newest_first: bool) -> None:
    if not isinstance(pager, AsyncPager):
        raise TypeError(f"find_created takes a list such as portal.customers.list(), not {type(pager).__name__}")
    if pager._first != 1:
        raise ValueError(f"the list begins with page {pager._first}: what it looks for may be on a page before that")
    if not callable(match):
        raise TypeError("match must be a function from an object to True or False")
    if since is not None:
        if not isinstance(since, datetime.datetime):
            raise TypeError(f"since must be an aware datetime, not {type(since).__name__}")
        if since.utcoffset() is None:
            raise ValueError("since has no time zone: use an aware datetime, such as datetime.now(UTC)")
    elif newest_first:
        raise ValueError("newest_first needs since=, the moment where it ends")
