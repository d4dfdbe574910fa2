"""A process of its own that takes slots and keeps them until it is killed."""

from __future__ import annotations

import asyncio
import sys

from mijnklantportaal_client._clock import SYSTEM
from mijnklantportaal_client._pacing import Server
from mijnklantportaal_client._redis import RedisLine


async def main(url: str, base_url: str, key: str, per: float, lease: float, count: int) -> None:
    """Takes the slots and says so."""
    line = RedisLine(SYSTEM, url, Server(base_url, key), per)
    line.lease = lease
    for _ in range(count):
        await line.acquire(None)
    sys.stdout.write("taken\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    where, *server, length, renewed, number = sys.argv[1:]
    asyncio.run(main(where, server[0], server[1], float(length), float(renewed), int(number)))
