"""The job of the pacing proof, done by a client that only retries: httpx with stamina, as its documentation shows."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import httpx
import stamina
import stamina.instrumentation

from .pacing_figures import Figure, Size, run
from .window_site import CUSTOMER_ID, TOKEN, Site


def read_retry_after(error: Exception) -> bool | float:
    """The hook that stamina's documentation advises where a server tells how long to wait."""
    if isinstance(error, httpx.HTTPStatusError) and (seconds := error.response.headers.get("Retry-After")):
        return float(seconds)
    return isinstance(error, httpx.HTTPError)


WAYS = ("defaults", "without an end", "`Retry-After` honoured, without an end")


def ways(size: Size) -> dict[str, dict[str, Any]]:
    """How stamina can be told to retry; its times are scaled like the window."""
    scale = size.per / 60
    waits = {"wait_initial": 0.1 * scale, "wait_max": 5.0 * scale, "wait_jitter": 1.0 * scale}
    endless = {"attempts": None, "timeout": None}
    return {
        WAYS[0]: {"on": httpx.HTTPError, "timeout": 45.0 * scale, **waits},
        WAYS[1]: {"on": httpx.HTTPError, **endless, **waits},
        WAYS[2]: {"on": read_retry_after, **endless, **waits},
    }


@contextmanager
def quiet() -> Generator[None, None, None]:
    """Without a line in the log for each of hundreds of refusals."""
    stamina.instrumentation.set_on_retry_hooks(())
    try:
        yield
    finally:
        stamina.instrumentation.set_on_retry_hooks(None)


async def retry_only(site: Site, size: Size, shortest: float, way: str) -> Figure:
    """The job in one of these ways."""
    account = site.account("rolling", size.limit, size.per, size.step)
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {TOKEN}"}) as client:

        @stamina.retry(**ways(size)[way])
        async def get(_: int) -> httpx.Response:
            response = await client.get(f"{account.base_url}/customers/{CUSTOMER_ID}")
            return response.raise_for_status()

        job = await run(get, size.calls, size.tasks)
    return Figure(
        name=f"httpx with stamina, {way}",
        setting=account.setting,
        job=job,
        told=account.told(),
        shortest=shortest,
        also=f"{job.calls - job.done} calls failed" if job.errors else "",
        has_to_end=False,
    )
