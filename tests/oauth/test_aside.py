"""Work on the loop in the background, and those who wait for it."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from typing import Any

import httpx
import pytest
import respx

from mijnklantportaal_client import ConfigurationError, Outcome
from mijnklantportaal_client._session import UNBROKEN
from mijnklantportaal_client.blocking import _BACKGROUND
from mijnklantportaal_client.oauth import OAuthApp, Token, _aside, _endpoint
from mijnklantportaal_client.oauth._answer import Refusal
from mijnklantportaal_client.oauth._aside import aside, ended, insist, outcome_of
from mijnklantportaal_client.oauth._endpoint import ask
from mijnklantportaal_client.oauth._grant import Grant, from_code
from mijnklantportaal_client.testing import no_waiting
from tests.oauth.conftest import BACK, SECRET

URL = "https://manage.mijnklantportaal.nl"


def grant() -> Grant:
    """A request for a token."""
    return from_code(OAuthApp("our-app", SECRET, BACK), "code-1")


async def test_what_is_raised_comes_out() -> None:
    """As if it had been awaited."""

    async def fails() -> None:
        raise ValueError("there")

    with pytest.raises(ValueError, match="there"):
        await outcome_of(aside(fails()))


async def test_work_that_is_cancelled() -> None:
    """Whoever ends the loop in the background without waiting: an error, and nobody waits for ever."""

    async def ends() -> None:
        raise asyncio.CancelledError

    with pytest.raises(ConfigurationError, match="was not waited for"):
        await outcome_of(aside(ends()))


async def test_at_the_end_of_the_interpreter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing can be begun any more."""
    monkeypatch.setattr(_BACKGROUND, "submit", lambda work: False)
    with pytest.raises(ConfigurationError, match="while the interpreter ends"):
        await ask(URL, grant())


@pytest.mark.parametrize("answers", [True, False])
async def test_cancelled_while_it_waits(monkeypatch: pytest.MonkeyPatch, answers: bool) -> None:
    """The answer is waited for, though not for ever."""
    monkeypatch.setattr(_aside, "_GRACE", 5 if answers else 0.01)
    future: Future[str] = Future()
    task = asyncio.create_task(outcome_of(future))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.sleep(0)
    assert not task.done()
    if answers:
        future.set_result("late")
        assert await task == "late"
    else:
        with pytest.raises(asyncio.CancelledError):
            await task
        future.set_result("too late")


async def test_waiting_for_a_while() -> None:
    """It says whether it has ended."""
    future: Future[int] = Future()
    assert await ended(future, 0.001) is False
    future.set_result(1)
    assert await ended(future, 0.001) is True


async def test_cancelled_where_it_must_not_be() -> None:
    """It is done again."""
    tries = 0

    async def work() -> int:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise asyncio.CancelledError
        return tries

    assert await insist(work) == 2


def broken(size: int) -> Any:
    """An answer whose end does not come."""

    class Stream(httpx.AsyncByteStream):
        async def __aiter__(self) -> Any:
            yield b'{"access_token": "a"' + b" " * size
            raise httpx.ReadError("cut")

    return Stream()


@pytest.mark.parametrize(
    ("answer", "problem", "outcome"),
    [
        (httpx.ReadTimeout("x"), "could not be asked: no answer came in time", Outcome.UNKNOWN),
        (httpx.ConnectError("x"), "could not be asked: could not connect", Outcome.NOT_SENT),
        (httpx.Response(200, stream=broken(0)), "the answer broke off", Outcome.ACCEPTED),
        (httpx.Response(200, content=b'{"access_token": "a"}' + b" " * 70_000), "can't be read", Outcome.ACCEPTED),
        (httpx.Response(500, stream=broken(0)), "answered 500", Outcome.UNKNOWN),
    ],
)
async def test_what_the_network_does(answer: Any, problem: str, outcome: Outcome) -> None:
    """Each is temporary, and tells whether the code may be used up."""
    with respx.mock() as router, no_waiting():
        route = router.post(f"{URL}/oauth/tokens")
        if isinstance(answer, Exception):
            route.mock(side_effect=answer)
        else:
            route.mock(return_value=answer)
        found = await ask(URL, grant())
    assert isinstance(found, Refusal)
    assert (found.temporary, found.outcome) == (True, outcome)
    assert problem in found.text
    assert route.call_count == (3 if outcome is Outcome.NOT_SENT else 1)


async def test_server_that_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """However it keeps the connection busy."""
    monkeypatch.setattr(_endpoint, "_LONGEST", 0.01)

    async def hang(request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    with respx.mock(assert_all_called=False) as router:
        router.post(f"{URL}/oauth/tokens").mock(side_effect=hang)
        found = await ask(URL, grant())
    assert isinstance(found, Refusal)
    assert (found.temporary, "no whole answer came within" in found.text) == (True, True)


async def test_what_is_sent() -> None:
    """JSON, as documented, and nothing that identifies but the version; a long wait is left to the caller."""
    with respx.mock() as router:
        route = router.post(f"{URL}/oauth/tokens")
        route.mock(
            side_effect=[
                httpx.Response(429, headers={"retry-after": "60"}),
                httpx.Response(200, json={"access_token": "a"}),
            ]
        )
        refused = await ask(URL, grant())
        token = await ask(URL, grant())
    assert isinstance(refused, Refusal)
    assert (refused.wait, token) == (60, Token("a"))
    request = route.calls.last.request
    assert request.headers["content-type"] == "application/json"
    assert request.headers["user-agent"].startswith("mijnklantportaal-client/")
    assert request.headers["content-length"] == str(len(request.content))
    assert not {"authorization", "cookie"} & set(request.headers)


async def test_connections_that_nobody_uses_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """They serve those who ask one after another, and are closed a while behind the last of them."""
    with respx.mock() as router:
        router.post(f"{URL}/oauth/tokens").mock(return_value=httpx.Response(200, json={"access_token": "a"}))
        await ask(URL, grant())
        ((_, every),) = _endpoint._SHARED.items()
        shared = every[URL]
        assert (shared.users, shared.session.closed) == (0, False)
        monkeypatch.setattr(_endpoint, "_IDLE", 0.0)
        await ask(URL, grant())
        assert every.get(URL, shared) is shared

        async def closed() -> None:
            own = asyncio.current_task()
            if URL in every:
                timer = every[URL].closing
                assert timer is not None
                timer.cancel()
                _endpoint._close(every, URL)
            loop = asyncio.get_running_loop()
            await asyncio.gather(*(task for task in UNBROKEN if task.get_loop() is loop and task is not own))

        await outcome_of(aside(closed()))
        assert shared.session.closed
        await ask(URL, grant())
    assert every.get(URL) is not shared
