"""Walking over a list: how many requests it takes, what it yields, and how it ends."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mijnklantportaal_client import (
    APIConnectionError,
    AsyncPager,
    ConfigurationError,
    Page,
    ResponseDecodeError,
)


@dataclass
class Row:
    """Something with an ID."""

    id: Any


@dataclass
class Server:
    """A list in pages, and a memory of which were asked for."""

    rows: list[Any]
    per_page: int = 4
    asked: list[int] = field(default_factory=list)
    failures: dict[int, list[BaseException]] = field(default_factory=dict)
    holds: dict[int, asyncio.Event] = field(default_factory=dict)
    before: Callable[[int], None] = lambda number: None
    cancelled: list[int] = field(default_factory=list)
    tasks: set[asyncio.Task[Any]] = field(default_factory=set)

    async def fetch(self, number: int) -> Page[Any]:
        """Give one page."""
        self.asked.append(number)
        self.before(number)
        try:
            await (self.holds[number].wait() if number in self.holds else asyncio.sleep(0))
        except asyncio.CancelledError:
            self.cancelled.append(number)
            raise
        if self.failures.get(number):
            raise self.failures[number].pop(0)
        return self.page(number)

    def page(self, number: int) -> Page[Any]:
        """One page as the server sees the list now."""
        begin = (number - 1) * self.per_page
        data = self.rows[begin : begin + self.per_page]
        return Page(
            data=data, current_page=number, per_page=self.per_page, has_next=begin + self.per_page < len(self.rows)
        )

    def spawn(self, work: Coroutine[Any, Any, Page[Any]]) -> "asyncio.Task[Page[Any]]":
        """Begin something in the background."""
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        return task

    def pager(self, page: int = 1, prefetch: int = 1, **about: Any) -> AsyncPager[Any]:
        """Walk over this list."""
        return AsyncPager(self.fetch, self.spawn, first=page, prefetch=prefetch, name="rows.list", **about)


def rows(count: int, first: int = 0) -> list[Row]:
    """Make rows with IDs."""
    return [Row(f"r{number}") for number in range(first, first + count)]


@pytest.fixture(autouse=True)
async def nothing_left() -> AsyncIterator[None]:
    """After each test no task is left, and no generator."""
    yield
    await settle()
    assert asyncio.all_tasks() - {asyncio.current_task()} == set()


async def settle() -> None:
    """Let what was begun in the background come to rest."""
    for _ in range(20):
        await asyncio.sleep(0)


async def take(source: AsyncIterator[Any] | AsyncPager[Any], into: list[Any]) -> None:
    """Put what comes into a list that is kept where an error follows."""
    async for each in source:
        into.append(each)  # noqa: PERF401 - a comprehension would lose what came before the error


async def test_await_gives_the_first_page() -> None:
    """`await` reads one page, the one that the walk would begin with, as often as it is awaited."""
    server = Server(rows(10))
    pager = server.pager(page=2)
    page = await pager
    assert (page.current_page, [row.id for row in page.data], page.has_next) == (2, ["r4", "r5", "r6", "r7"], True)
    assert (await pager) == page
    assert server.asked == [2, 2]


@pytest.mark.parametrize("prefetch", [0, 1, 8])
async def test_every_row_once_and_in_order(prefetch: int) -> None:
    """All ways of walking give all rows; at most `prefetch` requests are too many."""
    server = Server(rows(10))
    assert [row.id async for row in server.pager(prefetch=prefetch)] == [f"r{n}" for n in range(10)]
    assert [len(page.data) async for page in server.pager(prefetch=prefetch).pages()] == [4, 4, 2]
    assert len(await server.pager(prefetch=prefetch).collect()) == 10
    assert [row.id async for row in server.pager(page=3, prefetch=prefetch)] == ["r8", "r9"]
    await settle()
    assert len(server.asked) <= 3 * 3 + 1 + 3 * prefetch
    if prefetch < 2:
        assert server.asked == [1, 2, 3] * 3 + [3]


@pytest.mark.parametrize("prefetch", [0, 1, 8])
@pytest.mark.parametrize("count", [0, 1, 4])
async def test_a_single_page_is_one_request(prefetch: int, count: int) -> None:
    """Nothing is asked for after the last page."""
    server = Server(rows(count))
    assert len([row async for row in server.pager(prefetch=prefetch)]) == count
    assert server.asked == [1]


@pytest.mark.parametrize(
    ("stop", "asked"),
    [
        (1, [1]),
        (2, [1]),
        (3, [1, 2]),
        (4, [1, 2]),
        (5, [1, 2, 3]),
        (8, [1, 2, 3]),
        (9, [1, 2, 3, 4]),
        (20, [1, 2, 3, 4, 5]),
    ],
)
async def test_an_early_break_costs_no_request(stop: int, asked: list[int]) -> None:
    """The second page is begun when the consumer is past the middle of the first, each further one as one comes."""
    server = Server(rows(20))
    async with aclosing(server.pager()) as pager:
        seen = 0
        async for _ in pager:
            seen += 1
            if seen == stop:
                await settle()
                break
        assert server.asked == asked


@pytest.mark.parametrize("prefetch", [0, 1, 8])
@pytest.mark.parametrize(
    ("limit", "requests"),
    [(0, 0), (1, 1), (4, 1), (5, 2), (8, 2), (9, 3), (12, 3), (19, 5), (20, 5), (99, 5), (None, 5)],
)
async def test_requests_of_collect(prefetch: int, limit: int | None, requests: int) -> None:
    """A limit costs exactly the pages that it takes, however far pages are fetched ahead."""
    server = Server(rows(20))
    found = await server.pager(prefetch=prefetch).collect(limit)
    await settle()
    assert [row.id for row in found] == [f"r{n}" for n in range(20)][:limit]
    assert sorted(set(server.asked)) == server.asked
    if limit is not None and limit <= 20:
        assert len(server.asked) == requests
    else:
        assert len(server.asked) <= requests + max(prefetch - 1, 0)


async def test_pages_in_advance_are_fetched_together() -> None:
    """With `prefetch=3` three pages are in flight while the second half of a page is used."""
    server = Server(rows(40))
    async with aclosing(server.pager(prefetch=3)) as pager:
        items = aiter(pager)
        for _ in range(3):
            await anext(items)
        await settle()
        assert server.asked == [1, 2, 3, 4]
        await items.aclose()  # type: ignore[attr-defined]


async def test_pages_fetch_ahead_from_the_second_on() -> None:
    """Whoever looks at the first page only pays for that one."""
    server = Server(rows(40))
    pages = server.pager().pages()
    await anext(pages)
    await settle()
    assert server.asked == [1]
    await anext(pages)
    await settle()
    assert server.asked == [1, 2, 3]
    await pages.aclose()


async def test_no_id_twice_when_the_list_moves() -> None:
    """Rows that are added during the walk push others to the next page; none is yielded again."""
    server = Server(rows(12))

    def insert(number: int) -> None:
        if number > 1:
            server.rows.insert(0, Row(f"new{number}"))

    server.before = insert
    assert [row.id async for row in server.pager(prefetch=0)] == [f"r{n}" for n in range(12)]
    assert len(await Server(rows(3) + rows(3)).pager().collect()) == 3


async def test_a_whole_page_can_move() -> None:
    """A page on which every row was seen before is passed over."""
    server = Server(rows(12))
    server.before = lambda number: server.rows.__setitem__(slice(0, 0), rows(4, 100)) if number == 2 else None
    assert len(await server.pager(prefetch=0).collect()) == 12


@pytest.mark.parametrize("items", [["a", "a", "b", "c", "d"], [Row(None)] * 3 + [Row(1)] * 2 + [Row([])] * 3])
async def test_rows_without_an_id_are_all_yielded(items: list[Any]) -> None:
    """Where there is no ID to compare, equal rows are different rows."""
    expected = [item for i, item in enumerate(items) if getattr(item, "id", None) != 1 or items.index(item) == i]
    assert [item async for item in Server(items).pager()] == expected


async def test_dicts_are_told_apart_by_their_id() -> None:
    """Rows of an undocumented shape are dicts."""
    assert await Server([{"id": 1}, {"id": 1}, {}, {}]).pager().collect() == [{"id": 1}, {}, {}]


class Again(Server):
    """A server that repeats itself without saying which page it gives."""

    def page(self, number: int) -> Page[Any]:
        return Page(data=self.rows, current_page=0, per_page=len(self.rows), has_next=True)


@pytest.mark.parametrize("items", [rows(4), [], ["a", "b"], [Row(None)]])
@pytest.mark.parametrize("how", ["items", "pages", "collect"])
async def test_a_server_that_repeats_itself(items: list[Any], how: str) -> None:
    """A walk that gets nothing new is ended by an error, soon."""
    server = Again(items)
    pager = server.pager()
    walks: dict[str, Callable[[], Awaitable[Any]]] = {
        "items": lambda: take(pager, []),
        "pages": lambda: take(pager.pages(), []),
        "collect": pager.collect,
    }
    with pytest.raises(ResponseDecodeError, match="nothing new") as caught:
        await walks[how]()
    assert 5 <= (caught.value.page or 0) <= 6
    assert len(server.asked) < 10


@pytest.mark.parametrize("prefetch", [0, 1, 8])
async def test_a_failed_walk_goes_on_where_it_failed(prefetch: int) -> None:
    """The error carries its page; iterating again begins with that page and yields no row twice."""
    server = Server(rows(20), failures={3: [APIConnectionError("lost"), APIConnectionError("again")]})
    pager = server.pager(prefetch=prefetch)
    seen: list[Row] = []
    for _ in range(2):
        with pytest.raises(APIConnectionError) as caught:
            await take(pager, seen)
        assert (caught.value.page, len(seen)) == (3, 8)
    await take(pager, seen)
    assert seen == rows(20)
    assert (server.asked.count(1), server.asked.count(2), server.asked.count(3)) == (1, 1, 3)
    assert len([row async for row in pager]) == 20


async def test_pages_go_on_where_they_failed() -> None:
    """A walk over pages is resumed too."""
    server = Server(rows(12), failures={2: [APIConnectionError("lost")]})
    pager = server.pager()
    seen: list[Page[Any]] = []
    with pytest.raises(APIConnectionError):
        await take(pager.pages(), seen)
    await take(pager.pages(), seen)
    assert [page.current_page for page in seen] == [1, 2, 3]


async def test_collecting_again_loses_nothing() -> None:
    """A collection that failed asks only for the missing pages when repeated, and still gives every row."""
    server = Server(rows(20), failures={3: [APIConnectionError("lost")]})
    pager = server.pager(prefetch=0)
    with pytest.raises(APIConnectionError) as caught:
        await pager.collect()
    assert caught.value.page == 3
    assert [row.id for row in await pager.collect()] == [f"r{n}" for n in range(20)]
    assert server.asked == [1, 2, 3, 3, 4, 5]
    assert len(await pager.collect()) == 20


async def test_a_failed_collection_is_no_failed_iteration() -> None:
    """Rows that a failed collection kept to itself are still yielded by an iteration."""
    server = Server(rows(12), failures={2: [APIConnectionError("lost")]})
    pager = server.pager(prefetch=0)
    with pytest.raises(APIConnectionError):
        await pager.collect()
    assert len([row async for row in pager]) == 12
    server.failures[3] = [APIConnectionError("lost")]
    with pytest.raises(APIConnectionError):
        assert [row async for row in pager]
    assert [row.id for row in await pager.collect(3)] == ["r0", "r1", "r2"]
    assert [row.id async for row in pager] == ["r8", "r9", "r10", "r11"]


async def test_an_error_of_a_page_in_advance_waits_until_it_is_reached() -> None:
    """A broken page that nobody gets to is nobody's problem."""
    server = Server(rows(20), failures={2: [APIConnectionError("lost")]})
    seen = []
    async with aclosing(server.pager()) as pager:
        async for row in pager:
            await settle()
            seen.append(row.id)
            if len(seen) == 4:
                break
    assert server.asked == [1, 2]
    assert len(seen) == 4


async def test_an_awaited_page_tells_its_number() -> None:
    """The error of a single page has `.page` too; errors of other kinds pass as they are."""
    server = Server(rows(4), failures={1: [APIConnectionError("lost"), OSError("other")]})
    with pytest.raises(APIConnectionError) as caught:
        await server.pager()
    assert caught.value.page == 1
    with pytest.raises(OSError, match="other"):
        await server.pager()


@pytest.mark.parametrize("prefetch", [0, 1, 8])
@pytest.mark.parametrize("how", ["items", "collect"])
async def test_cancelling_the_consumer_ends_everything(prefetch: int, how: str) -> None:
    """In the middle of a request, too: no task is left, and the request is cancelled."""
    server = Server(rows(40), holds={2: asyncio.Event()})
    pager = server.pager(prefetch=prefetch)

    async def consume() -> None:
        if how == "collect":
            await pager.collect()
        else:
            async for _ in pager:
                await asyncio.sleep(0)

    consumer = asyncio.create_task(consume())
    await settle()
    assert 2 in server.asked
    consumer.cancel()
    with pytest.raises(asyncio.CancelledError):
        await consumer
    await settle()
    assert server.cancelled == [2]
    assert [task for task in server.tasks if not task.done()] == []
    server.holds.clear()
    assert len(await pager.collect()) == 40


async def test_a_time_out_around_the_walk() -> None:
    """`asyncio.timeout` ends the walk as a time-out, not as a cancellation."""
    server = Server(rows(40), holds={2: asyncio.Event()})
    scope = asyncio.timeout(None)

    def over(number: int) -> None:
        if number == 2:
            scope.reschedule(asyncio.get_running_loop().time())

    server.before = over
    with pytest.raises(TimeoutError):
        async with scope:
            await server.pager().collect()
    assert server.cancelled == [2]


async def test_closing_ends_what_is_in_flight() -> None:
    """`aclosing` cancels pages in advance that nobody will read."""
    server = Server(rows(40), holds={2: asyncio.Event(), 3: asyncio.Event()})
    async with aclosing(server.pager(prefetch=2)) as pager:
        items = aiter(pager)
        for _ in range(3):
            await anext(items)
        await settle()
        assert [task.done() for task in server.tasks] == [False, False]
    assert [task.cancelled() for task in server.tasks] == [True, True]
    assert sorted(server.cancelled) == [2, 3]
    await items.aclose()  # type: ignore[attr-defined]


async def test_a_client_that_is_closed_meanwhile() -> None:
    """A page in advance that the closing client cancels becomes the client's error, not a cancelled consumer."""
    server = Server(rows(40), holds={2: asyncio.Event()})
    consumer = asyncio.create_task(server.pager().collect())
    await settle()
    server.failures[2] = [ConfigurationError("this client is closed")]
    server.holds[2].set()
    server.holds.clear()
    for task in server.tasks:
        task.cancel()
    with pytest.raises(ConfigurationError, match="closed"):
        await consumer
    assert not consumer.cancelled()


async def test_two_consumers_of_one_pager() -> None:
    """Each iteration is a walk of its own."""
    server = Server(rows(10))
    pager = server.pager()
    one, other = await asyncio.gather(pager.collect(), pager.collect())
    assert [row.id for row in one] == [row.id for row in other] == [f"r{n}" for n in range(10)]
    pairs = [(a.id, b.id) for a, b in zip([r async for r in pager], [r async for r in pager], strict=True)]
    assert all(a == b for a, b in pairs)
    assert len(pairs) == 10


async def test_only_one_of_two_consumers_resumes() -> None:
    """After a failure, the first iteration goes on; a second one at the same time begins anew."""
    server = Server(rows(12), failures={2: [APIConnectionError("lost")]})
    pager = server.pager(prefetch=0)
    with pytest.raises(APIConnectionError):
        assert [row async for row in pager]
    first, second = aiter(pager), aiter(pager)
    assert (await anext(first)).id == "r4"
    assert (await anext(second)).id == "r0"
    for walk in (first, second):
        await walk.aclose()  # type: ignore[attr-defined]


def test_plain_iteration() -> None:
    """The error says what to write instead."""
    with pytest.raises(TypeError, match="async for item in pager"):
        iter(cast("Any", Server([]).pager()))


@pytest.mark.parametrize("value", [True, "1", 1.0, None])
async def test_numbers_of_the_wrong_type(value: Any) -> None:
    """`page`, `prefetch` and `limit` are whole numbers."""
    for name in ("page", "prefetch"):
        with pytest.raises(TypeError, match=f"{name} must be an int"):
            Server([]).pager(**{name: value})
    if value is not None:
        with pytest.raises(TypeError, match="limit must be an int"):
            await Server([]).pager().collect(value)


async def test_numbers_out_of_range() -> None:
    """Pages begin at 1, the others at 0."""
    with pytest.raises(ValueError, match="page must be at least 1"):
        Server([]).pager(page=0)
    with pytest.raises(ValueError, match="prefetch must be at least 0"):
        Server([]).pager(prefetch=-1)
    with pytest.raises(ValueError, match="limit must be at least 0"):
        await Server([]).pager().collect(-1)


def test_repr_names_the_list() -> None:
    """The name and the first page are shown."""
    assert repr(Server([]).pager(page=3)) == "<AsyncPager rows.list, from page 3>"


@settings(max_examples=150)
@given(
    count=st.integers(0, 30),
    per_page=st.integers(1, 7),
    prefetch=st.integers(0, 8),
    limit=st.none() | st.integers(0, 35),
    broken=st.sets(st.integers(1, 10)),
)
def test_any_list_is_walked(count: int, per_page: int, prefetch: int, limit: int | None, broken: set[int]) -> None:
    """Whatever the sizes and failures: repeating gives every row once, in order, and few requests are wasted."""

    async def walk() -> None:
        server = Server(rows(count), per_page, failures={n: [APIConnectionError("lost")] for n in broken})
        pager, failed = server.pager(prefetch=prefetch), 0
        seen: list[Row] = []
        collected: list[Row] | None = None
        for _ in range(len(broken) + 1):
            try:
                await take(pager, seen)
                break
            except APIConnectionError:
                failed += 1
        needed = max(-(-count // per_page), 1)
        assert seen == rows(count)
        assert len(server.asked) <= needed + failed + (failed + 1) * prefetch
        server.failures = {n: [APIConnectionError("lost")] for n in broken}
        while collected is None:
            try:
                collected = await pager.collect(limit)
            except APIConnectionError:
                continue
        assert collected == seen[:limit]
        await settle()
        assert all(task.done() for task in server.tasks)

    asyncio.run(walk())
