"""The client: options, and the way to every resource."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar, overload

import attrs

from . import _options
from ._answer import APIResponse
from ._auth import TokenSource, from_environment
from ._codecs import ANY, ModelOf
from ._dispatch import Dispatcher
from ._downloads import Downloads
from ._generated.resources import RawResources, Resources
from ._intent import tell_refusal
from ._model import Model
from ._operation import Operation
from ._options import Options, Strictness, Transport
from ._paths import template_of
from ._request import build_raw
from ._retry import RetryPolicy
from ._session import Session
from ._unset import UNSET, Unset
from .errors import ConfigurationError
from .ratelimit import RateLimit

if TYPE_CHECKING:
    from typing import Self

    import httpx

    from ._files import FileInput

_M = TypeVar("_M", bound=Model)


class MijnKlantportaal(Downloads, Resources):
    """A client of one MijnKlantportaal portal.

    Args:
        api_key: The portal's API key; by default the environment variable `MIJNKLANTPORTAAL_API_KEY`. `None` given
            explicitly means no credentials: calls are refused before sending until `with_options` gives some.
        auth: A `TokenSource` in place of an API key.
        base_url: By default the environment variable `MIJNKLANTPORTAAL_BASE_URL`, else the vendor's server.
        timeout: Longest time without progress in one attempt, in seconds.
        deadline: Longest time of a whole call with all its attempts, in seconds; `None` for none, which is also the
            default where a body is streamed.
        retry: When a call is tried again.
        rate_limit: How calls are paced; by default they follow the server's limit. `None` turns pacing off.
        timezone: The portal's time zone, in which moments are sent.
        strict: Whether an answer that lost data is an error: `True`, `False`, or `"money"` for amounts, IDs and
            statuses only.
        max_response_bytes: Longest answer after decompression, in bytes.
        transport: What requests are sent with: `"httpx"`, or `"fast"`, which needs the extra `fast`.
        http_client: A client of your own, for proxies or TLS settings; yours to close. Its redirects, auth, cookies,
            base URL and time-outs are not used; its event hooks run, and see tokens and links to files.
        hooks: Objects that are told what happens; see `mijnklantportaal_client.events`.
        tags: Anything of yours to appear on every event and error; never sent.
        validate_ids: Whether the prefixes of IDs are checked.
        app_info: Added to the `User-Agent`, like `my-shop/1.2`.
        allow_insecure: Whether plain http to another machine is accepted.

    Raises:
        ConfigurationError: An argument can't be used, or there is no API key.
    """

    def __init__(
        self,
        *,
        api_key: str | Unset | None = UNSET,
        auth: TokenSource | None = None,
        base_url: str | None = None,
        timeout: float = 30.0,
        deadline: float | Unset | None = UNSET,
        retry: RetryPolicy | None = None,
        rate_limit: RateLimit | Unset | None = UNSET,
        timezone: str | datetime.tzinfo = "Europe/Amsterdam",
        strict: Strictness = False,
        max_response_bytes: int = 64 * 1024 * 1024,
        transport: Transport = "httpx",
        http_client: httpx.AsyncClient | None = None,
        hooks: Iterable[object] = (),
        tags: Mapping[str, Any] | None = None,
        validate_ids: bool = True,
        app_info: str | None = None,
        allow_insecure: bool = False,
    ) -> None:
        if auth is not None and api_key is not UNSET:
            raise ConfigurationError("give api_key or auth, not both")
        if not isinstance(allow_insecure, bool):
            raise ConfigurationError("allow_insecure must be True or False")
        url = _base_url(base_url, allow_insecure=allow_insecure)
        given: dict[str, Any] = {
            "timeout": timeout,
            "retry": RetryPolicy() if retry is None else retry,
            "rate_limit": RateLimit() if rate_limit is UNSET else rate_limit,
            "timezone": timezone,
            "strict": strict,
            "max_response_bytes": max_response_bytes,
            "hooks": hooks,
            "tags": {} if tags is None else tags,
            "validate_ids": validate_ids,
            "app_info": app_info,
        }
        if deadline is not UNSET:
            given["deadline"] = deadline
        source = from_environment() if auth is None and api_key is UNSET else _options.credentials(api_key, auth)
        defaults: dict[str, Any] = {"deadline": 120.0, "deadline_given": False}
        options = Options(base_url=url, auth=source, **(defaults | _options.changes(given)))
        fast = _options.is_fast(transport, http_client)
        super().__init__(Dispatcher(Session(url, _http_client(http_client), fast=fast)), options)
        self._owns = True

    def with_options(
        self,
        *,
        api_key: str | Unset | None = UNSET,
        auth: TokenSource | Unset = UNSET,
        timeout: float | Unset = UNSET,
        deadline: float | Unset | None = UNSET,
        retry: RetryPolicy | Unset = UNSET,
        rate_limit: RateLimit | Unset | None = UNSET,
        timezone: str | datetime.tzinfo | Unset = UNSET,
        strict: Strictness | Unset = UNSET,
        max_response_bytes: int | Unset = UNSET,
        hooks: Iterable[object] | Unset = UNSET,
        tags: Mapping[str, Any] | Unset = UNSET,
        validate_ids: bool | Unset = UNSET,
        app_info: str | Unset | None = UNSET,
    ) -> Self:
        """A copy with other options on the same connections; it owns nothing, and closing it does nothing.

        Raises:
            ConfigurationError: An option can't be used.
        """
        if auth is not UNSET and api_key is not UNSET:
            raise ConfigurationError("give api_key or auth, not both")
        every = {
            "timeout": timeout,
            "deadline": deadline,
            "retry": retry,
            "rate_limit": rate_limit,
            "timezone": timezone,
            "strict": strict,
            "max_response_bytes": max_response_bytes,
            "hooks": hooks,
            "tags": tags,
            "validate_ids": validate_ids,
            "app_info": app_info,
        }
        changes = _options.changes({name: value for name, value in every.items() if value is not UNSET})
        if auth is not UNSET:
            changes["auth"] = _options.credentials(None, auth)
        elif api_key is not UNSET:
            changes["auth"] = _options.credentials(api_key, None)
        pacing = self._options.pacing
        if pacing is not None and rate_limit is not None and (rate_limit is not UNSET or "auth" in changes):
            changes["pacing"] = pacing.of_copy(None if rate_limit is UNSET else rate_limit)
        copy = object.__new__(type(self))
        Resources.__init__(copy, self._dispatcher, attrs.evolve(self._options, **changes))
        copy._owns = False
        return copy

    @property
    def with_raw_response(self) -> RawResources:
        """The same resources, whose methods return an `APIResponse` with status, headers and bytes."""
        return RawResources(self._dispatcher, self._options)

    @overload
    async def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        json: Any = None,
        files: Mapping[str, FileInput] | None = None,
        cast_to: type[_M],
    ) -> APIResponse[_M]: ...

    @overload
    async def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        json: Any = None,
        files: Mapping[str, FileInput] | None = None,
        cast_to: None = None,
    ) -> APIResponse[Any]: ...

    async def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        json: Any = None,
        files: Mapping[str, FileInput] | None = None,
        cast_to: type[Model] | None = None,
    ) -> APIResponse[Any]:
        """Sends any request, for operations that the contract does not know.

        Retry, errors and outcomes are those of every other call.

        Args:
            method: HTTP method.
            path: A path below the base URL, such as `/customers`.
            query: Query parameters; a list is sent as `name[]`.
            json: The body: a JSON value, or with `files` a mapping of form fields.
            files: Files of a form, by field name.
            cast_to: A model to read the answer as; by default `.parsed` is the JSON value.

        Raises:
            ValueError: The path is not a relative one.
            MijnKlantportaalError: As for every call.
        """
        if cast_to is not None and Model not in getattr(cast_to, "__mro__", ()):
            raise TypeError("cast_to must be a model class, such as models.Customer")
        try:
            request = build_raw(method, path, query, json, files)
        except Exception:
            tell_refusal(str(method).upper())
            raise
        masked = template_of(request.path)
        name = f"{request.method} {masked}"
        reader = ModelOf(cast_to) if cast_to is not None else ANY
        operation: Operation[Any] = Operation(id=name, name=name, method=request.method, path=masked, reader=reader)
        call, answer = await self._dispatcher.send(operation, request, self._options)
        return APIResponse(call, answer, self._dispatcher.drift_log)

    async def aclose(self) -> None:
        """Closes the connections; calls after it raise `ConfigurationError`. On a copy it does nothing."""
        if self._owns:
            await self._dispatcher.session.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        copy = "" if self._owns else ", a copy"
        return f"<MijnKlantportaal {self._dispatcher.session.base_url}{copy}>"

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError("a MijnKlantportaal client can't be pickled: make one in each process")


def _base_url(given: str | None, *, allow_insecure: bool) -> str:
    if given is None:
        import os

        given = os.environ.get("MIJNKLANTPORTAAL_BASE_URL") or _options.DEFAULT_BASE_URL
    return _options.base_url(given, allow_insecure=allow_insecure)


def _http_client(given: object) -> httpx.AsyncClient | None:
    if given is None:
        return None
    import httpx

    if not isinstance(given, httpx.AsyncClient):
        raise ConfigurationError(f"http_client must be an httpx.AsyncClient, not {type(given).__name__}")
    return given
