"""Asks the token endpoint."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator
from concurrent.futures import Future
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import attrs

from .._outcome import Outcome
from .._request import JSONBody, Request
from .._retry import backoff, should_retry
from .._session import Session
from .._wire import Flaw, Progress, TransportError, default_headers
from ._answer import Refusal, read
from ._aside import aside, ended, keep
from ._flight import PROCESS
from ._token import Token

if TYPE_CHECKING:
    from .._sender import Sender
    from ._grant import Grant

_PATH = "/oauth/tokens"
_TIMEOUT = 15.0
_LONGEST = 30.0
_IDLE = 10.0
_MOST_BYTES = 65_536
# Whoever is told to wait longer hears of it at once.
_LONGEST_PAUSE = 5.0


async def ask(base_url: str, grant: Grant) -> Token | Refusal:
    """Asks, and waits for what comes of it."""
    future = begin(base_url, grant)
    await ended(future)
    return future.result()


def begin(base_url: str, grant: Grant) -> Future[Token | Refusal]:
    """Asks; the answer comes even if the caller's event loop does not last until then."""
    return aside(_until_done(base_url, grant))


async def _until_done(base_url: str, grant: Grant) -> Token | Refusal:
    attempt = 1
    worst = Outcome.NOT_SENT
    while True:
        answer = await _attempt(base_url, grant)
        if isinstance(answer, Token):
            return answer
        worst = Outcome.worst(worst, answer.outcome)
        pause = backoff(grant.retry, attempt, random.random) if answer.wait is None else answer.wait
        again = answer.temporary and should_retry(
            grant.retry,
            method="POST",
            outcome=answer.outcome,
            status=answer.status,
            attempt=attempt,
            replayable=True,
        )
        if not again or pause > _LONGEST_PAUSE:
            return attrs.evolve(answer, outcome=worst)
        attempt += 1
        await PROCESS.clock.sleep(pause)


async def _attempt(base_url: str, grant: Grant) -> Token | Refusal:
    body = JSONBody(grant.body)
    headers = {**default_headers(None), "content-type": body.content_type, "content-length": str(body.length)}
    request = Request(method="POST", path=_PATH, query="", headers={}, body=body)
    progress = Progress()
    sent_at = PROCESS.clock.time()
    try:
        async with _connections(base_url) as http, asyncio.timeout(_LONGEST):
            answer = await http.send(request, headers, timeout=_TIMEOUT, limit=_MOST_BYTES, progress=progress)
    except TransportError as failure:
        return _no_answer(grant.hide(failure.reason), progress)
    except TimeoutError:
        return _no_answer(f"no whole answer came within {_LONGEST:.0f} s", progress)
    # What is too long or can't be decompressed is read as far as it came, which is not at all.
    if answer.flaw in (Flaw.LOST, Flaw.TIMED_OUT) and 200 <= answer.status <= 299:
        return _no_answer(f"the answer broke off: {grant.hide(answer.why)}", progress)
    return read(grant, answer.status, answer.headers, answer.content, sent_at=sent_at, now=PROCESS.clock.time())


def _no_answer(why: str, progress: Progress) -> Refusal:
    what = f"the OAuth server could not be asked: {why}"
    return Refusal(text=what, temporary=True, status=progress.status, outcome=progress.outcome)


@attrs.define(eq=False)
class _Shared:
    session: Session
    users: int = 0
    closing: asyncio.TimerHandle | None = None


# Of each event loop, and touched there alone.
_SHARED: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, _Shared]] = WeakKeyDictionary()


@asynccontextmanager
async def _connections(base_url: str) -> AsyncGenerator[Sender, None]:
    """Connections that are shared by those who ask one after another, and closed a while behind the last of them.

    To set up encryption anew each time would take longer than all the rest.
    """
    loop = asyncio.get_running_loop()
    every = _SHARED.setdefault(loop, {})
    shared = every.setdefault(base_url, _Shared(Session(base_url, None)))
    # From now on, whoever ends this loop closes them.
    shared.session.check()
    shared.users += 1
    if shared.closing is not None:
        shared.closing.cancel()
    try:
        yield shared.session.http
    finally:
        shared.users -= 1
        if shared.users == 0:
            shared.closing = loop.call_later(_IDLE, _close, every, base_url)


def _close(every: dict[str, _Shared], base_url: str) -> None:
    keep(asyncio.get_running_loop().create_task(every.pop(base_url).session.aclose()))
