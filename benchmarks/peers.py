"""The same call - a customer by its ID - as each of the libraries makes it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any

import aiohttp
import httpx

from benchmarks import stock
from benchmarks.servers import CUSTOMER, PATH
from mijnklantportaal_client import MijnKlantportaal

if TYPE_CHECKING:
    from benchmarks.rounds import Call

ID = CUSTOMER["id"]
KEY = "bench"
HEADERS = {"Authorization": f"Bearer {KEY}", "Accept": "application/json"}


def ours(portal: MijnKlantportaal) -> Call:
    """A call of this package."""

    async def call() -> object:
        return await portal.customers.get(ID)

    return call


def bare(client: httpx.AsyncClient, url: str) -> Call:
    """A call of httpx and `json`, under any transport."""

    async def call() -> object:
        return json.loads((await client.get(url + PATH)).content)

    return call


def raw(session: aiohttp.ClientSession, url: str) -> Call:
    """A call of aiohttp and `json`."""

    async def call() -> object:
        async with session.get(url + PATH) as response:
            return json.loads(await response.read())

    return call


@asynccontextmanager
async def everyone(url: str) -> AsyncIterator[dict[str, Call]]:
    """All peers, by name; this package is `default` and `fast`."""
    from httpx_aiohttp import HttpxAiohttpClient

    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        client = await enter(httpx.AsyncClient(headers=HEADERS, trust_env=False))
        session = await enter(aiohttp.ClientSession(headers=HEADERS))
        bridged = await enter(HttpxAiohttpClient(headers=HEADERS, trust_env=False))
        default = await enter(MijnKlantportaal(api_key=KEY, base_url=url))
        fast = await enter(MijnKlantportaal(api_key=KEY, base_url=url, transport="fast"))
        yield {
            "httpx": bare(client, url),
            "default": ours(default),
            "fast": ours(fast),
            "raw aiohttp": raw(session, url),
            "httpx-aiohttp": bare(bridged, url),
            "pyreqwest": await _pyreqwest(stack, url),
            "stock": await _stock(stack, url),
        }


async def _pyreqwest(stack: AsyncExitStack, url: str) -> Call:
    from pyreqwest.client import ClientBuilder

    client = await stack.enter_async_context(ClientBuilder().default_headers(HEADERS).build())

    async def call() -> object:
        response = await client.get(url + PATH).build().send()
        return json.loads(bytes(await response.bytes()))

    return call


async def _stock(stack: AsyncExitStack, url: str) -> Call:
    stock.importable()
    from stock_portal import AuthenticatedClient  # type: ignore[import-not-found]
    from stock_portal.api.customers_api import get_customer  # type: ignore[import-not-found]

    client: Any = await stack.enter_async_context(AuthenticatedClient(base_url=url, token=KEY))

    async def call() -> object:
        return await get_customer.asyncio(ID, client=client)

    return call
