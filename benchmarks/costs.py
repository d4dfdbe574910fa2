"""What pacing and hooks add to a call, what many keys do, and where the time of a call goes."""

from __future__ import annotations

import asyncio
import cProfile
import json
import pstats
import subprocess
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.figures import Figure, ratio, summary
from benchmarks.peers import ID, KEY, ours
from benchmarks.rounds import Call, Times, at_once, in_turns, sequential
from benchmarks.servers import fast_server
from mijnklantportaal_client import MijnKlantportaal

if TYPE_CHECKING:
    from mijnklantportaal_client._options import Transport

TENANTS = 1000
TRANSPORTS: tuple[Transport, ...] = ("httpx", "fast")
_PROFILED = 1000
_COUNTED = "instructions of Python"
_PACKAGES = ("httpx", "httpcore", "h11", "anyio", "aiohttp", "yarl", "asyncio", "json", "importlib", "ssl")


class Hook:
    """Is told of everything, and does nothing."""

    def on_request(self, event: object) -> None:
        """Nothing."""

    on_response = on_outcome = on_wait = on_retry = on_request


async def _costs(url: str, transport: Transport, rounds: int) -> Times:
    async with AsyncExitStack() as stack:
        portal = await stack.enter_async_context(
            MijnKlantportaal(api_key=KEY, base_url=url, transport=transport, rate_limit=None)
        )
        paced = await stack.enter_async_context(MijnKlantportaal(api_key=KEY, base_url=url, transport=transport))
        calls = {"plain": ours(portal), "paced": ours(paced), "hooked": ours(portal.with_options(hooks=[Hook()]))}
        _, used = await in_turns(calls, lambda call: sequential(call, 50), rounds)
    return used


async def _tenants(url: str, transport: Transport, rounds: int) -> Times:
    async with MijnKlantportaal(api_key=KEY, base_url=url, transport=transport) as portal:
        copies = [portal.with_options(api_key=f"tenant-{number}") for number in range(TENANTS)]
        turn = 0

        async def many() -> object:
            nonlocal turn
            turn += 1
            return await copies[turn % TENANTS].customers.get(ID)

        calls: dict[str, Call] = {"one": ours(portal), "many": many}
        _, used = await in_turns(calls, lambda call: at_once(call, TENANTS, 100), rounds)
    return used


async def _profile(url: str, transport: Transport) -> list[Figure]:
    """Shares of the time of a call, by package."""
    async with MijnKlantportaal(api_key=KEY, base_url=url, transport=transport) as portal:
        await portal.customers.get(ID)
        profile = cProfile.Profile()
        profile.enable()
        for _ in range(_PROFILED):
            await portal.customers.get(ID)
        profile.disable()
    shares: dict[str, float] = {}
    table = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    for (file, _, name), (_, _, own, _, _) in table.items():
        shares[_where(file, name)] = shares.get(_where(file, name), 0.0) + own
    whole = sum(shares.values())
    ordered = sorted(shares.items(), key=lambda pair: -pair[1])
    return [
        summary(f"where the time of a call goes, {transport}: {name}", [100 * own / whole], unit="%")
        for name, own in ordered
        if own / whole >= 0.01
    ]


def _where(file: str, name: str) -> str:
    if "socket" in name or "poll" in name:
        return "system calls"
    if file == "~":
        return "built-in functions"
    if "mijnklantportaal_client" in file:
        return f"this package, {'models' if '_generated' in file else Path(file).stem}"
    return next((each for each in _PACKAGES if f"/{each}" in file or each in file), "other modules")


def _instructions() -> dict[str, int]:
    command = [sys.executable, "-m", "benchmarks.instructions"]
    root = Path(__file__).parents[1]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    counts: dict[str, int] = json.loads(done.stdout)
    return counts


def measure(quick: bool = False) -> list[Figure]:
    """Ratios to the same call without, in instructions of Python and in seconds of this process."""
    counts = _instructions()
    figures = [
        summary("a call, paced / unpaced", [counts["default"] / counts["unpaced"]], "<= 1.03", _COUNTED),
        summary("a call, five hooks / none", [counts["hooked"] / counts["unpaced"]], "<= 1.03", _COUNTED),
    ]
    with fast_server() as url:
        for transport in TRANSPORTS:
            used = asyncio.run(_costs(url, transport, 5 if quick else 30))
            figures.append(ratio(f"{transport}: paced / unpaced", used["paced"], used["plain"], note="seconds"))
            figures.append(ratio(f"{transport}: five hooks / none", used["hooked"], used["plain"], note="seconds"))
        for transport in TRANSPORTS:
            used = asyncio.run(_tenants(url, transport, 2 if quick else 7))
            figures.append(ratio(f"{transport}: {TENANTS} keys / one key, throughput", used["one"], used["many"]))
        for transport in TRANSPORTS:
            figures += asyncio.run(_profile(url, transport))
    return figures
