"""What the generated resource classes stand on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from ._answer import APIResponse
from ._pager import AsyncPager, check_whole
from ._request import NO_EXTRAS, Extras, build

if TYPE_CHECKING:
    from ._dispatch import Dispatcher
    from ._operation import Operation
    from ._options import Options
    from ._page import Page

T = TypeVar("T")
_Map = Mapping[str, Any] | None


class Resource:
    """Base of all resources: binds operations to a client's connections and options."""

    def __init__(self, dispatcher: Dispatcher, options: Options) -> None:
        self._dispatcher = dispatcher
        self._options = options

    async def _call(
        self, operation: Operation[T], ids: tuple[object, ...], query: _Map, body: _Map, extras: tuple[_Map, _Map, _Map]
    ) -> T:
        request = build(operation, ids, query or {}, body or {}, _extras(extras), self._options.writing)
        return await self._dispatcher.call(operation, request, self._options)

    async def _raw(
        self, operation: Operation[T], ids: tuple[object, ...], query: _Map, body: _Map, extras: tuple[_Map, _Map, _Map]
    ) -> APIResponse[T]:
        request = build(operation, ids, query or {}, body or {}, _extras(extras), self._options.writing)
        call, answer = await self._dispatcher.send(operation, request, self._options)
        return APIResponse(call, answer, self._dispatcher.drift_log)

    def _pager(
        self,
        operation: Operation[Page[T]],
        ids: tuple[object, ...],
        query: _Map,
        extras: tuple[_Map, _Map, _Map],
        page: int = 1,
        prefetch: int = 0,
        *,
        single: bool = False,
    ) -> AsyncPager[T]:
        # Checked now, at the call, although nothing is sent before the pager is used.
        options = self._options
        build(operation, ids, query or {}, {}, _extras(extras), options.writing)

        async def fetch(number: int) -> Page[T]:
            pairs = {} if single else {"page": number}
            given = Extras(query={**pairs, **(extras[0] or {})}, body=extras[1], headers=extras[2])
            request = build(operation, ids, query or {}, {}, given, options.writing)
            return await self._dispatcher.call(operation, request, options)

        return AsyncPager(fetch, self._dispatcher.spawn, first=page, prefetch=prefetch, name=operation.name)


def first_page(page: int, extra_query: _Map) -> dict[str, Any]:
    """The query of a single page.

    Raises:
        TypeError: The page is no whole number.
        ValueError: The page is less than 1.
    """
    check_whole(page, "page", 1)
    return {"page": page, **(extra_query or {})}


def _extras(given: tuple[_Map, _Map, _Map]) -> Extras:
    query, body, headers = given
    if query is None and body is None and headers is None:
        return NO_EXTRAS
    return Extras(query=query, body=body, headers=headers)
