"""The sandbox against an empty Starlette application under uvicorn: start-up, and requests a second."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import httpx

from benchmarks.figures import Figure, ratio

ROUNDS = 7
REQUESTS = 1200
AT_ONCE = 16
EMPTY = """
import socket, uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
async def answer(request):
    return JSONResponse({"id": "cst_1"})
listener = socket.create_server(("127.0.0.1", 0), backlog=128)
listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
app = Starlette(routes=[Route("/v1/customers", answer, methods=["GET", "POST"])])
config = uvicorn.Config(app, http="h11", lifespan="off", log_level="warning", access_log=False)
uvicorn.Server(config).run(sockets=[listener])
"""
SERVERS = {
    "empty Starlette": [sys.executable, "-c", EMPTY],
    "sandbox": [sys.executable, "-m", "mijnklantportaal_client.testing", "--port", "0", "--rate-limit", "off"],
}
CUSTOMER = {
    "companyName": "Bakkerij Jansen",
    "address": "Dorpsstraat 1",
    "zipCode": "1234AB",
    "city": "Utrecht",
    "primaryEmail": "info@example.com",
}
HEADERS = {"Authorization": "Bearer sandbox"}


@contextlib.contextmanager
def server(name: str) -> Iterator[str]:
    """A server in another process, and its address."""
    with subprocess.Popen(SERVERS[name], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().split()[-1].removesuffix("/v1")
        finally:
            process.terminate()


def start_up(name: str) -> float:
    """Seconds until a new server has answered its first request."""
    began = time.perf_counter()
    with server(name) as url, httpx.Client(trust_env=False) as client:
        answer = client.get(f"{url}/v1/customers", headers=HEADERS)
        seconds = time.perf_counter() - began
    assert answer.status_code == 200
    return seconds


async def rate(url: str, send: Callable[[httpx.AsyncClient], httpx.Request]) -> float:
    """Requests a second, several at once."""
    limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
    async with httpx.AsyncClient(base_url=url, headers=HEADERS, trust_env=False, limits=limits) as client:

        async def work() -> None:
            for _ in range(REQUESTS // AT_ONCE):
                answer = await client.send(send(client))
                assert answer.is_success

        await work_once(client, send)
        began = time.perf_counter()
        await asyncio.gather(*(work() for _ in range(AT_ONCE)))
        return REQUESTS / (time.perf_counter() - began)


async def work_once(client: httpx.AsyncClient, send: Callable[[httpx.AsyncClient], httpx.Request]) -> None:
    """The first request, which loads what is loaded when it is first used."""
    assert (await client.send(send(client))).is_success


def get(client: httpx.AsyncClient) -> httpx.Request:
    return client.build_request("GET", "/v1/customers")


def create(client: httpx.AsyncClient) -> httpx.Request:
    return client.build_request("POST", "/v1/customers", json=CUSTOMER)


def measure(quick: bool = False) -> list[Figure]:
    """The sandbox against an application that does nothing."""
    times: dict[str, list[float]] = {name: [] for name in SERVERS}
    for _ in range(3 if quick else ROUNDS):
        for name, each in times.items():
            each.append(start_up(name))
    figures = [ratio("start-up until the first answer / empty Starlette", times["sandbox"], times["empty Starlette"])]
    with server("sandbox") as ours, server("empty Starlette") as theirs:
        for label, send in {"list": get, "create": create}.items():
            pairs = [(asyncio.run(rate(ours, send)), asyncio.run(rate(theirs, send))) for _ in range(1 if quick else 3)]
            mine, yours = zip(*pairs, strict=True)
            figures.append(ratio(f"requests a second, {label} / empty Starlette", mine, yours))
    return figures
