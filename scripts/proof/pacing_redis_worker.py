"""One of several processes that share a window through Redis; it does one job after another, and tells what it did.

A job comes as a line of JSON, is begun by another line, and ends with one that tells what came of it.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

import attrs

from mijnklantportaal_client import MijnKlantportaal, RateLimit

from .pacing_figures import run
from .pacing_jobs import reading
from .window_site import CUSTOMER_ID, TOKEN


def say(line: str) -> None:
    """To whoever started it."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def do(base_url: str, warm_up: str, redis: str | None, per: float, calls: int, tasks: int) -> None:
    """Does its part, once everything is loaded that a call needs."""
    pace = RateLimit(per=per, redis=redis)
    async with MijnKlantportaal(api_key=TOKEN, base_url=warm_up, rate_limit=pace) as portal:
        await portal.customers.get(CUSTOMER_ID)
    async with MijnKlantportaal(api_key=TOKEN, base_url=base_url, rate_limit=pace) as portal:
        say("ready")
        await asyncio.to_thread(sys.stdin.readline)
        job = await run(reading(portal), calls, tasks)
        # The processes of a machine have one such clock.
        say(json.dumps({**attrs.asdict(job), "ended": time.monotonic()}))


if __name__ == "__main__":
    while order := sys.stdin.readline():
        asyncio.run(do(**json.loads(order)))
