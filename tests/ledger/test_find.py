"""Looking for what may have been created: right whatever the list does, and with few pages."""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mijnklantportaal_client import (
    AsyncPager,
    ConfigurationError,
    FieldMissingError,
    MijnKlantportaalError,
    Page,
    ResponseDecodeError,
    models,
)
from mijnklantportaal_client.ledger import ListMovesError, SeveralMatchError, find_created
from mijnklantportaal_client.ledger._find import _same
from tests.conftest import CUSTOMER, MakeBench

NOON = datetime.datetime(2026, 1, 31, 12, tzinfo=datetime.UTC)
SIZE = 3


class Rows:
    """A list that changes while it is read: what happens after each page is in `script`."""

    def __init__(
        self, names: str, *script: Callable[[list[str]], object], created: dict[str, Any] | None = None
    ) -> None:
        self.names = list(names)
        self.script = list(script)
        self.created = created or {}
        self.pages: list[int] = []

    async def fetch(self, number: int) -> Page[models.Customer]:
        self.pages.append(number)
        await asyncio.sleep(0)
        start = (number - 1) * SIZE
        data = [self.row(name) for name in self.names[start : start + SIZE]]
        page = Page(data=data, current_page=number, per_page=SIZE, has_next=len(self.names) > start + SIZE)
        if self.script:
            self.script.pop(0)(self.names)
        return page

    def row(self, name: str) -> models.Customer:
        created = self.created.get(name, "2026-01-31T12:00:00+00:00")
        return models.Customer.from_dict({**CUSTOMER, "id": f"cst_{name}", "companyName": name, "createdAt": created})

    def pager(self, page: int = 1) -> AsyncPager[models.Customer]:
        return AsyncPager(self.fetch, asyncio.ensure_future, first=page, prefetch=1, name="customers.list")


def named(name: str) -> Callable[[models.Customer], bool]:
    """Whether it is the one with this name."""
    return lambda customer: customer.company_name == name


def nothing(names: list[str]) -> None:
    """Nothing happens."""


async def look(pager: AsyncPager[models.Customer], name: str) -> models.Customer | None:
    """Looks for the one with a name."""
    return await find_created(pager, named(name))


def move(name: str, to: int) -> Callable[[list[str]], object]:
    """Somebody touches a row, which changes its place."""

    def change(names: list[str]) -> None:
        names.remove(name)
        names.insert(to, name)

    return change


def remove(name: str) -> Callable[[list[str]], object]:
    """Somebody deletes a row."""
    return lambda names: names.remove(name)


def insert(name: str, at: int = 0) -> Callable[[list[str]], object]:
    """Somebody adds a row."""
    return lambda names: names.insert(at, name)


@pytest.mark.parametrize(
    ("rows", "found", "pages"),
    [
        (Rows(""), None, [1]),
        (Rows("ab"), None, [1]),
        (Rows("axb"), "x", [1]),
        (Rows("axbcdefg"), "x", [1]),
        (Rows("abcdefgx"), "x", [1, 2, 3]),
        (Rows("abcdefg"), None, [1, 2, 3] * 2),
        # It slips from the second page to the first, which had been read.
        (Rows("abcxde", remove("a")), "x", [1, 2, 1]),
        (Rows("abcdefx", move("x", 0)), "x", [1, 2, 3, 1]),
        # New rows push others back, and hide none.
        (Rows("abcdxe", insert("n")), "x", [1, 2]),
        (Rows("abcde", insert("n")), None, [1, 2] * 2),
        (Rows("abcde", nothing, nothing, insert("n")), None, [1, 2] * 2),
        # What has gone, or changed places, makes a third walk.
        (Rows("abcde", remove("a")), None, [1, 2, 1, 2, 1, 2]),
        (Rows("abcdef", move("a", 4)), None, [1, 2, 1, 2, 1, 2]),
    ],
)
async def test_what_is_found(rows: Rows, found: str | None, pages: list[int]) -> None:
    """The one that matches with its first page, and none only where two walks agree."""
    customer = await find_created(rows.pager(), named("x"))
    assert (customer and customer.company_name, rows.pages) == (found, pages)


async def test_a_list_that_never_rests() -> None:
    """It is not taken for one that lacks something."""
    rows = Rows("abcdef", *[lambda names: names.append(names.pop(0))] * 30)
    with pytest.raises(ListMovesError, match="during each of 5 walks"):
        await find_created(rows.pager(), named("x"))


MOVES = st.lists(
    st.tuples(st.sampled_from(["none", "insert", "remove", "move"]), st.integers(0, 8), st.integers(0, 8)), max_size=12
)


@given(st.integers(0, 9), MOVES)
def test_never_none_for_what_is_there(at: int, moves: list[tuple[str, int, int]]) -> None:
    """Rows come, go and change places during the walks, but the one that is looked for stays where it is among them."""
    names = list("abcdefghi")
    names.insert(at, "x")

    def change(kind: str, one: int, other: int) -> Callable[[list[str]], object]:
        def apply(names: list[str]) -> None:
            others = [name for name in names if name != "x"]
            if kind == "insert":
                names.insert(min(other, len(names)), f"n{len(names)}{one}{other}")
            elif kind == "remove" and others:
                names.remove(others[one % len(others)])
            elif kind == "move" and others:
                move(others[one % len(others)], other)(names)

        return apply

    rows = Rows("", *[change(*each) for each in moves])
    rows.names = names

    async def looked() -> str | None:
        try:
            found = await find_created(rows.pager(), named("x"))
        except ListMovesError:
            return "x"
        return None if found is None else found.company_name

    assert asyncio.run(looked()) == "x"


async def test_several(bench: MakeBench) -> None:
    """None of them is taken; those on other pages are looked for if that is asked."""
    with pytest.raises(SeveralMatchError, match="2 objects match, not one: cst_a, cst_b") as caught:
        await find_created(Rows("abcd").pager(), lambda customer: customer.company_name in "ab")
    assert [each.id for each in caught.value.objects] == ["cst_a", "cst_b"]
    rows = Rows("abcd")
    with pytest.raises(SeveralMatchError, match="cst_a, cst_d"):
        await find_created(rows.pager(), lambda customer: customer.company_name in "ad", unique=True)
    assert rows.pages == [1, 2]
    found = await find_created(Rows("abcd").pager(), named("a"), unique=True)
    assert found is not None


async def test_one_scan_for_all() -> None:
    """Those that begin together share it; who comes later gets one that began later."""
    rows = Rows("abcdefgh")
    pager = rows.pager()
    found = await asyncio.gather(*[look(pager, name) for name in "ahx"])
    assert [each and each.company_name for each in found] == ["a", "h", None]
    assert rows.pages == [1, 2, 3] * 2
    rows.pages.clear()
    first = asyncio.ensure_future(look(pager, "h"))
    while len(rows.pages) < 2:
        await asyncio.sleep(0)
    rows.names.insert(0, "x")
    assert await find_created(pager, named("x")) is not None
    assert (await first) is not None
    assert rows.pages == [1, 2, 3, 1]


async def test_who_gives_up_is_not_waited_for() -> None:
    """Nothing more is read for a search that was cancelled, and the others go on."""
    rows = Rows("abcdefgh")
    pager = rows.pager()
    searches = [asyncio.ensure_future(look(pager, name)) for name in "xh"]
    while not rows.pages:
        await asyncio.sleep(0)
    searches[0].cancel()
    assert (await searches[1]) is not None
    assert rows.pages == [1, 2, 3]


async def test_since() -> None:
    """What is older by more than ten minutes does not match; what has no moment does."""
    rows = Rows("xab", created={"x": "2026-01-31T11:49:59+00:00"})
    assert await find_created(rows.pager(), named("x"), since=NOON) is None
    for created in ("2026-01-31T11:50:00+00:00", None):
        rows = Rows("xab", created={"x": created})
        assert await find_created(rows.pager(), named("x"), NOON) is not None


async def test_newest_first() -> None:
    """Who knows the order saves pages; two walks still have to agree."""
    old = dict.fromkeys("defghi", "2025-01-01T00:00:00+00:00")
    rows = Rows("abcdefghi", created=old)
    assert await find_created(rows.pager(), named("x"), NOON, newest_first=True) is None
    assert rows.pages == [1, 2] * 2
    rows = Rows("abcdefghi", nothing, insert("x"), created=old)
    assert await find_created(rows.pager(), named("x"), NOON, newest_first=True) is not None
    rows = Rows("abcdefghi", nothing, nothing, remove("a"), created=old)
    assert await find_created(rows.pager(), named("x"), NOON, newest_first=True) is None
    assert rows.pages == [1, 2] * 4


@pytest.mark.parametrize(
    ("earlier", "later", "whole", "same"),
    [
        ("abc", "abc", True, True),
        ("abc", "xabyc", True, True),
        ("abc", "ab", True, False),
        ("abc", "acb", True, False),
        ("abc", "xab", False, True),
        ("abc", "xy", False, False),
        ("abc", "b", False, False),
        ("", "", True, True),
    ],
)
def test_whether_two_walks_agree(earlier: str, later: str, whole: bool, same: bool) -> None:
    """New rows don't matter, and one that ends early may end earlier."""
    assert _same(list(earlier), list(later), whole=whole) is same


async def test_errors_are_the_callers(bench: MakeBench) -> None:
    """What `match` raises ends its own search, and a page that fails ends all."""
    rows = Rows("abc")
    pager = rows.pager()

    async def wrongly() -> object:
        return await find_created(pager, lambda _: 1 / 0)

    wrong, right = await asyncio.gather(wrongly(), look(pager, "b"), return_exceptions=True)
    assert isinstance(wrong, ZeroDivisionError)
    assert isinstance(right, models.Customer)
    it = bench(httpx.ReadError("lost"))
    with pytest.raises(MijnKlantportaalError):
        await find_created(it.portal.customers.list(), named("b"))


async def test_a_client_that_is_closed(bench: MakeBench) -> None:
    """Who waits hears of it."""

    async def never(_: object) -> None:
        reached.set()
        await asyncio.Event().wait()

    reached = asyncio.Event()
    it = bench(never)
    search = asyncio.ensure_future(look(it.portal.customers.list(), "b"))
    await reached.wait()
    await it.portal.aclose()
    with pytest.raises(ConfigurationError, match="closed"):
        await search


async def test_rows_without_an_id(bench: MakeBench) -> None:
    """They are told apart by what they hold."""
    row = {"name": "a"}
    page = {"current_page": 1, "per_page": 15, "next_page_url": None, "data": [row, {"name": "b"}]}
    it = bench(page)
    found = await find_created(it.portal.customer_groups.list(), lambda group: group.name == "b")
    assert found is not None


async def test_rows_that_can_not_be_read(bench: MakeBench) -> None:
    """Each may be the one that is looked for, so that nothing is absent; what is there is found all the same."""
    page = {"current_page": 1, "per_page": 15, "next_page_url": None, "data": [None, CUSTOMER]}
    pager = bench(page).portal.customers.list()
    assert await look(pager, CUSTOMER["companyName"]) == models.Customer.from_dict(CUSTOMER)
    for name, unique in (("x", False), (CUSTOMER["companyName"], True)):
        with pytest.raises(ResponseDecodeError, match="a row is no object") as caught:
            await find_created(pager, named(name), unique=unique)
        assert caught.value.page == 1
    pager = bench({**page, "data": [{**CUSTOMER, "companyName": 5}]}).portal.customers.list()
    with pytest.raises(FieldMissingError, match="company_name"):
        await look(pager, "x")


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"pager": []}, TypeError),
        ({"match": "x"}, TypeError),
        ({"since": "2026-01-31"}, TypeError),
        ({"since": datetime.datetime(2026, 1, 31)}, ValueError),  # noqa: DTZ001
        ({"newest_first": True}, ValueError),
        ({"pager": 2}, ValueError),
    ],
)
async def test_arguments(change: dict[str, Any], kind: type[Exception]) -> None:
    """What can't be right is refused before anything is read."""
    rows = Rows("abc")
    pager = rows.pager(2) if change.get("pager") == 2 else change.get("pager", rows.pager())
    details = {name: value for name, value in change.items() if name not in ("pager", "match")}
    with pytest.raises(kind):
        await find_created(pager, change.get("match", named("x")), **details)
    assert rows.pages == []
