"""One page of a list, and the codecs of answers that hold lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar

import attrs

from ._codec import Codec
from ._drift import ODD_ANSWER, Drift, Place, Unreadable
from ._unset import UNSET

T = TypeVar("T")


@attrs.define(kw_only=True)
class Page(Generic[T]):
    """One page of a list.

    Attributes:
        data: The objects on this page.
        current_page: Number of this page, from 1.
        per_page: How many objects a full page holds, as the server says; the API's default is 15.
        has_next: Whether there is a page after this one.
        unreadable: What came on this page instead of objects: JSON values that no field could be read of.
    """

    data: list[T]
    current_page: int
    per_page: int
    has_next: bool
    unreadable: list[Any] = attrs.field(factory=list, repr=False)

    if not TYPE_CHECKING:
        # Type checkers say by themselves that there is no such method.
        def __iter__(self) -> NoReturn:
            raise TypeError("a Page can't be iterated itself: write `for item in page.data`")


class PageOf(Codec):
    """The API's page envelope, or a plain `{"data": [...]}` where `single`."""

    def __init__(self, item: Codec, *, single: bool = False, number: int | None = None) -> None:
        self.item = item
        self.single = single
        self.number = number

    def at(self, number: int) -> PageOf:
        """The same, for the page of this number only."""
        return PageOf(self.item, single=self.single, number=number)

    def read(self, raw: Any, drift: Drift, place: Place) -> Page[Any]:
        data, unreadable = _read_data(self.item, raw, drift, place)
        count = len(data) + len(unreadable)
        if self.single:
            return Page(data=data, current_page=1, per_page=count, has_next=False, unreadable=unreadable)
        current = _whole(raw, "current_page", 0, drift, place)
        # 0 stands for an answer that does not say which page it is.
        if self.number is not None and current not in (self.number, 0):
            raise Unreadable(f"asked for page {self.number}, the server answered with page {current}")
        current = current or self.number or 0
        per_page = _whole(raw, "per_page", count, drift, place)
        url = raw.get("next_page_url", UNSET)
        if url is None or type(url) is str:
            has_next = bool(url)
        else:
            drift.add("missing" if url is UNSET else "wrong_type", (place, "next_page_url"))
            # Better one page too many than rows left out.
            has_next = bool(count) and count >= per_page
        return Page(data=data, current_page=current, per_page=per_page, has_next=has_next, unreadable=unreadable)


class DataOf(Codec):
    """A list in `{"data": [...]}`."""

    def __init__(self, item: Codec) -> None:
        self.item = item

    def read(self, raw: Any, drift: Drift, place: Place) -> list[Any]:
        return _read_data(self.item, raw, drift, place)[0]


class _Nothing(Codec):
    """An answer without content."""

    def read(self, raw: Any, drift: Drift, place: Place) -> None:
        return None


def _read_data(item: Codec, raw: Any, drift: Drift, place: Place) -> tuple[list[Any], list[Any]]:
    """The objects of a list, and what came instead of others."""
    if type(raw) is not dict or type(raw.get("data")) is not list:
        raise Unreadable
    rows: list[Any] = raw["data"]
    fast = item.fast
    try:
        return [fast(row) for row in rows], []
    except ODD_ANSWER:
        pass
    found: list[Any] = []
    unreadable: list[Any] = []
    for index, row in enumerate(rows):
        at = ((place, "data"), index)
        try:
            found.append(item.read(row, drift, at))
        except Unreadable:
            # A row that is no object says nothing; the others do.
            drift.add("wrong_type", at, critical=True)
            unreadable.append(row)
    if not found:
        raise Unreadable
    return found, unreadable


def _whole(raw: dict[str, Any], key: str, default: int, drift: Drift, place: Place) -> int:
    value = raw.get(key)
    if type(value) is int:
        return value
    # Some Laravel installations write these numbers as strings.
    if type(value) is str and value.isascii() and value.isdigit() and len(value) < 10:
        return int(value)
    drift.add("missing" if key not in raw else "wrong_type" if value is not None else "unexpected_null", (place, key))
    return default


NOTHING: Codec = _Nothing()
CONTENT: Codec = Codec()
"""Content that is not JSON; the dispatcher hands it over as bytes."""
