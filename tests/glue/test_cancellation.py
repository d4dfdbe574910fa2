"""Deadlines and cancellation at every place where a call waits."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mijnklantportaal_client import MijnKlantportaal, Outcome, errors

if TYPE_CHECKING:
    from tests.conftest import Alarms, Bench, MakeBench

N, R, U, A = Outcome.NOT_SENT, Outcome.REJECTED, Outcome.UNKNOWN, Outcome.ACCEPTED
CUSTOMER = {"id": "cst_abc12345def678"}
HOOKS = ("on_wait", "on_request", "on_response", "on_retry", "on_drift", "on_outcome")


class Place:
    """Somewhere in a call: whoever comes there first waits for ever."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.reached = asyncio.Event()

    async def wait(self, where: str) -> None:
        """Waits if this is the place."""
        if where == self.where and not self.reached.is_set():
            self.reached.set()
            await asyncio.Event().wait()


class Hook:
    """A hook that may wait in each of its methods."""

    def __init__(self, place: Place) -> None:
        for name in HOOKS:
            setattr(self, name, lambda _event, name=name: place.wait(name))


class Source:
    """A token source that may wait."""

    key = "tenant"

    def __init__(self, place: Place) -> None:
        self.place = place

    async def token(self) -> str:
        await self.place.wait("token")
        return "a-token-of-some-length"

    async def refused(self, token: str) -> bool:
        await self.place.wait("refused")
        return False


class Body(httpx.AsyncByteStream):
    """The content of an answer that comes in two parts, with a wait between them."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b'{"id": '
        await self.place.wait(self.place.where)
        yield b'"cst_abc12345def678"}'

    async def aclose(self) -> None:
        self.closed = True


class Scene:
    """A client whose first call waits for ever at some place."""

    def __init__(self, bench: MakeBench, where: str, **options: Any) -> None:
        self.place = Place(where)
        self.bodies: list[Body] = []
        refused = dict.fromkeys(("on_wait", "turn", "on_retry", "backoff"), 429)
        first = {"request": self.hang, "refused": 401, **refused}.get(where, CUSTOMER)
        if where in ("on_retry", "backoff"):
            options["rate_limit"] = None
        if where.startswith("body_"):
            first = self.streamed
        self.it: Bench = bench(first, CUSTOMER, auth=Source(self.place), hooks=[Hook(self.place)], **options)
        clock = self.it.clock
        sleep, wait = clock.sleep, clock.wait

        async def back_off(seconds: float) -> None:
            await self.place.wait("backoff")
            await sleep(seconds)

        async def turn(event: asyncio.Event, seconds: float | None) -> None:
            await self.place.wait("turn")
            await wait(event, seconds)

        clock.sleep, clock.wait = back_off, turn  # type: ignore[method-assign]

    async def hang(self, request: httpx.Request) -> None:
        await self.place.wait("request")

    def streamed(self, request: httpx.Request) -> httpx.Response:
        self.bodies.append(Body(self.place))
        return httpx.Response(int(self.place.where.removeprefix("body_")), stream=self.bodies[-1])

    async def check_usable(self) -> None:
        """No place, no task and no connection is left, and another call works."""
        http = self.it.portal._dispatcher.session.http
        lines: list[Any] = list(self.it.portal._dispatcher.registry._lines.values())
        assert [(line.window.in_flight, len(line._queue), len(line._under_way)) for line in lines] == [(0, 0, 0)] * len(
            lines
        )
        assert http._places._value == 20
        assert [body.closed for body in self.bodies] == [True] * len(self.bodies)
        assert (await self.it.get()).id == CUSTOMER["id"]
        assert asyncio.all_tasks() - {asyncio.current_task()} == set()


# place: outcome of a GET, outcome of a POST
PLACES = {
    "token": (N, N),
    "on_request": (N, N),
    "request": (U, U),
    "body_200": (A, A),
    "body_303": (R, U),
    "body_404": (R, R),
    "body_500": (U, U),
    "on_response": (A, A),
    "refused": (R, R),
    "on_wait": (R, R),
    "turn": (R, R),
    "on_retry": (R, R),
    "backoff": (R, R),
    "on_drift": (A, A),
    "on_outcome": (A, A),
}


@pytest.mark.parametrize("name", ["get", "create", "upload"])
@pytest.mark.parametrize("where", PLACES)
async def test_cancelled(bench: MakeBench, where: str, name: str) -> None:
    """The `CancelledError` says in a note what may have happened, hooks hear it once, and the client still works."""
    scene = Scene(bench, where)
    task = asyncio.create_task(getattr(scene.it, name)())
    await scene.place.reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError) as caught:
        await task
    outcome = PLACES[where][name != "get"]
    (note,) = caught.value.__notes__
    assert f"outcome {outcome.value}: " in note
    operation = {"get": "customers.get", "create": "customers.create", "upload": "files.upload"}[name]
    assert note.startswith(f"{operation} (call ")
    if where != "on_outcome":
        told = [(event.outcome, event.error) for event in scene.it.hook.of("on_outcome")]
        assert told == [(outcome, "CancelledError")]
    await scene.check_usable()


NO_DEADLINE = ("on_wait", "turn", "on_response", "on_drift", "on_outcome")


@pytest.mark.parametrize("name", ["get", "create"])
@pytest.mark.parametrize("where", [place for place in PLACES if place not in NO_DEADLINE])
async def test_deadline(bench: MakeBench, alarms: Alarms, where: str, name: str) -> None:
    """Wherever the time runs out, the error has the outcome; a refusal that came is that refusal."""
    scene = Scene(bench, where, deadline=60)
    task = asyncio.create_task(getattr(scene.it, name)())
    await scene.place.reached.wait()
    alarms.ring()
    with pytest.raises(errors.MijnKlantportaalError) as caught:
        await task
    error = caught.value
    kinds = {
        "body_303": errors.APIStatusError,
        "body_404": errors.NotFoundError,
        "body_500": errors.ServerError,
        "refused": errors.AuthenticationError,
        "on_retry": errors.RateLimitError,
    }
    assert type(error) is kinds.get(where, errors.APITimeoutError)
    assert error.outcome is PLACES[where][name != "get"]
    assert (error.__cause__, error.__context__) == (None, None)
    assert [event.outcome for event in scene.it.hook.of("on_outcome")] == [error.outcome]
    await scene.check_usable()


@pytest.mark.parametrize("where", ["on_response", "on_drift", "on_outcome"])
async def test_deadline_does_not_lose_an_answer(bench: MakeBench, alarms: Alarms, where: str) -> None:
    """Once the answer is here the deadline is lifted: a slow hook can't turn a success into an error."""
    left: list[float | None] = []

    class Slow:
        pass

    setattr(Slow, where, staticmethod(lambda _event: left.append(alarms.left)))
    it = bench(CUSTOMER, hooks=[Slow()], deadline=60)
    assert (await it.create()).id == CUSTOMER["id"]
    assert set(left) == {None}


async def test_deadline_stands_still_in_the_line(bench: MakeBench, alarms: Alarms) -> None:
    """Neither the wait for the rate limit nor a back-off can run into the deadline, but a back-off counts for it."""
    scene = Scene(bench, "turn", deadline=60)
    lefts: list[float | None] = []

    class Watch:
        def on_request(self, _event: object) -> None:
            lefts.append(alarms.left)

    portal = scene.it.portal.with_options(hooks=[Watch()])
    task = asyncio.create_task(portal.customers.get("cst_abc12345def678"))
    await scene.place.reached.wait()
    assert (lefts, alarms.left) == ([60.0], None)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    it = bench(httpx.Response(503, headers={"retry-after": "50"}), CUSTOMER, deadline=60, hooks=[Watch()])
    await it.get()
    assert lefts == [60.0, 60.0, 10.0]


@pytest.mark.parametrize("where", ["turn", "backoff"])
async def test_closing_ends_those_that_wait(bench: MakeBench, where: str) -> None:
    """A call that waits when its client is closed ends at once, with nothing more sent.

    It does so whether it waits for the rate limit or, for as long as a server likes, for its next attempt.
    """
    scene = Scene(bench, where)
    task = asyncio.create_task(scene.it.create())
    await scene.place.reached.wait()
    await scene.it.portal.aclose()
    with pytest.raises(errors.ConfigurationError, match="closed") as caught:
        await task
    assert (caught.value.outcome, len(scene.it.server.requests)) == (R, 1)


async def test_deadline_while_waiting_for_a_connection(bench: MakeBench, alarms: Alarms) -> None:
    """Whoever waits for a place among 20 has sent nothing."""

    async def hang(request: httpx.Request) -> None:
        await asyncio.Event().wait()

    it = bench(hang, rate_limit=None)
    first = [asyncio.create_task(it.create()) for _ in range(20)]
    while len(it.server.requests) < 20:  # noqa: ASYNC110
        await asyncio.sleep(0)
    last = asyncio.create_task(it.create())
    while len(alarms.set) < 21 or it.hook.names.count("on_request") < 21:  # noqa: ASYNC110
        await asyncio.sleep(0)
    alarms.ring()
    with pytest.raises(errors.APITimeoutError) as caught:
        await last
    assert caught.value.outcome is N
    for task in first:
        task.cancel()
    assert len(await asyncio.gather(*first, return_exceptions=True)) == 20
    assert it.portal._dispatcher.session.http._places._value == 20


async def test_text_of_the_deadline(bench: MakeBench, alarms: Alarms) -> None:
    """It says how long that was, what it means and what to do."""
    scene = Scene(bench, "request", deadline=2.5)
    task = asyncio.create_task(scene.it.create())
    await scene.place.reached.wait()
    alarms.ring()
    with pytest.raises(TimeoutError) as caught:
        await task
    assert str(caught.value).startswith(
        "customers.create: not done within 2.5 s. It may have been carried out: look before sending it again. "
        "Check the network, or allow more time with timeout= and deadline=."
    )


async def test_outer_timeout_stays_what_it_is(bench: MakeBench) -> None:
    """`asyncio.timeout` around a call raises its own `TimeoutError`, with the note in its chain."""
    scene = Scene(bench, "request")

    async def call() -> None:
        async with asyncio.timeout(None) as timeout:
            task = asyncio.create_task(scene.place.reached.wait())
            task.add_done_callback(lambda _: timeout.reschedule(asyncio.get_running_loop().time()))
            await scene.it.create()

    with pytest.raises(TimeoutError) as caught:
        await call()
    assert not isinstance(caught.value, errors.MijnKlantportaalError)
    assert caught.value.__cause__ is not None
    assert "outcome unknown" in caught.value.__cause__.__notes__[0]


async def test_no_deadline_for_a_stream(bench: MakeBench, alarms: Alarms) -> None:
    """An upload takes as long as it takes, unless a deadline was set."""
    seen: list[float | None] = []

    class Watch:
        def on_request(self, _event: object) -> None:
            seen.append(alarms.left)

    it = bench(CUSTOMER, hooks=[Watch()])
    await it.get()
    await it.upload()
    await it.upload(io.BytesIO(b"content"))
    await it.upload(io.BytesIO(b"content"), deadline=9)
    await it.get(deadline=None)
    assert seen == [120.0, 120.0, None, 9.0, None]


async def test_stream_of_the_caller_is_closed(bench: MakeBench) -> None:
    """A stream that is being sent when the call ends is closed at once, not when it is collected."""
    closed: list[bool] = []
    reached = asyncio.Event()

    async def stream() -> AsyncIterator[bytes]:
        try:
            yield b"x"
            reached.set()
            await asyncio.Event().wait()
        finally:
            closed.append(True)

    it = bench(CUSTOMER)
    task = asyncio.create_task(it.upload(stream()))
    await reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert closed == [True]


async def test_stream_that_is_not_read_to_its_end_is_closed() -> None:
    """An answer that comes before everything was sent leaves nothing open."""
    closed: list[bool] = []

    async def stream() -> AsyncIterator[bytes]:
        try:
            while True:
                yield b"x"
        finally:
            closed.append(True)

    class Hasty(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            assert isinstance(request.stream, httpx.AsyncByteStream)
            chunks = aiter(request.stream)
            assert [await anext(chunks) for _ in range(3)][1:] == [b"x", b"x"]
            return httpx.Response(413)

    async with httpx.AsyncClient(transport=Hasty()) as http_client:
        portal = MijnKlantportaal(api_key="key", http_client=http_client)
        with pytest.raises(errors.APIStatusError):
            await portal.files.upload(file=stream())
        assert closed == [True]
