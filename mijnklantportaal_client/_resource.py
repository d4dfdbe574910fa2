"""What the generated resource classes stand on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from ._answer import APIResponse
from ._call import details, fail
from ._intent import tell_refusal
from ._page import PageOf
from ._pager import AsyncPager, check_whole
from ._request import NO_EXTRAS, Extras, build
from .errors import InvalidIDError

if TYPE_CHECKING:
    from ._dispatch import Dispatcher
    from ._operation import Operation
    from ._options import Options
    from ._page import Page
    from ._progress import OnProgress
    from ._request import Request

T = TypeVar("T")
_Map = Mapping[str, Any] | None


class Resource:
    """Base of all resources: binds operations to a client's connections and options."""

    def __init__(self, dispatcher: Dispatcher, options: Options) -> None:
        self._dispatcher = dispatcher
        self._options = options

    async def _call(
        self,
        operation: Operation[T],
        ids: tuple[object, ...],
        query: _Map,
        body: _Map,
        extras: tuple[_Map, _Map, _Map],
        on_progress: OnProgress | None = None,
    ) -> T:
        request = self._build(operation, ids, query, body, _extras(extras), on_progress)
        return await self._dispatcher.call(operation, request, self._options)

    async def _raw(
        self,
        operation: Operation[T],
        ids: tuple[object, ...],
        query: _Map,
        body: _Map,
        extras: tuple[_Map, _Map, _Map],
        on_progress: OnProgress | None = None,
    ) -> APIResponse[T]:
        request = self._build(operation, ids, query, body, _extras(extras), on_progress)
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
        self._build(operation, ids, query, {}, _extras(extras))
        if not single and "page" in (extras[0] or {}):
            raise ValueError("extra_query: the page is chosen with page=")

        async def fetch(number: int) -> Page[T]:
            pairs = {} if single else {"page": number}
            given = Extras(query={**pairs, **(extras[0] or {})}, body=extras[1], headers=extras[2])
            request = self._build(operation, ids, query, {}, given)
            reader = operation.reader
            reads_it = attrs.evolve(operation, reader=reader.at(number)) if isinstance(reader, PageOf) else operation
            return await self._dispatcher.call(reads_it, request, self._options)

        about = details(operation, self._options)
        return AsyncPager(
            fetch, self._dispatcher.session.spawn, first=page, prefetch=prefetch, name=operation.name, about=about
        )

    def _build(
        self,
        operation: Operation[Any],
        ids: tuple[object, ...],
        query: _Map,
        body: _Map,
        extras: Extras,
        on_progress: OnProgress | None = None,
    ) -> Request:
        try:
            return build(operation, ids, query or {}, body or {}, extras, self._options.writing, on_progress)
        except InvalidIDError as error:
            fail(error, operation, self._options)
            tell_refusal(operation.method)
            raise
        except Exception:
            tell_refusal(operation.method)
            raise


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
