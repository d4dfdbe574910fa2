"""Faults over real HTTP: for each the right error, the right outcome, and the right number of executions."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from mijnklantportaal_client import Outcome, RetryPolicy, errors
from proof import site as proof_site
from proof.fault_answers import CUSTOMER_ID
from proof.fault_table import FAULTS
from proof.faults import Cell
from proof.site import METHODS, Site, Watch, new_client
from tests.conftest import TRANSPORT, Alarms
from tests.waiting import until

N, R, U, A = Outcome.NOT_SENT, Outcome.REJECTED, Outcome.UNKNOWN, Outcome.ACCEPTED
CONNECTION, TIMEOUT = errors.APIConnectionError, errors.APITimeoutError
TOO_LARGE, STATUS, SERVER = errors.ResponseTooLargeError, errors.APIStatusError, errors.ServerError
CALLS = ["get", "create", "upload", "stream"]
MIB = 1024 * 1024


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """A running fault server in another process."""
    with proof_site.running() as place:
        yield place


class Case:
    """A client whose every call meets one fault."""

    def __init__(self, site: Site, fault: str, **options: Any) -> None:
        self.site = site
        self.key = proof_site.new_key()
        base_url = options.pop("base_url", site.url(fault, self.key))
        self.portal = new_client(base_url, **{"rate_limit": None, **options})
        clock = self.portal._dispatcher.clock
        assert isinstance(clock, proof_site.SkippingClock)
        self.clock = clock

    async def call(self, name: str) -> Any:
        """One of the kinds of calls."""
        return await proof_site.call(self.portal, name)

    async def fail(self, name: str) -> errors.MijnKlantportaalError:
        """The error that a call ends with."""
        with pytest.raises(errors.MijnKlantportaalError) as caught:
            await self.call(name)
        return caught.value

    async def comes_to(self, outcome: Outcome) -> None:
        """Waits until both the server and the client have come to the fault, in the first call of all."""
        session = self.portal._dispatcher.session
        send = session.http.send
        seen: list[Any] = []

        async def watched(*args: Any, **kwargs: Any) -> Any:
            seen.append(kwargs["progress"])
            return await send(*args, **kwargs)

        session.http.send = watched  # type: ignore[method-assign]
        await until(lambda: self.arrived and seen[0].outcome is outcome)

    @property
    def executed(self) -> int:
        return self.site.executed(self.key)

    @property
    def arrived(self) -> bool:
        """Whether the server has read a request by now."""
        return bool(self.site.told(self.key, settle=False)["executed"])


@pytest.fixture(autouse=True, params=["httpx", "fast"] if TRANSPORT == "httpx" else [TRANSPORT])
def transport(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything holds for both."""
    monkeypatch.setattr(proof_site, "TRANSPORT", request.param)


@pytest.fixture(autouse=True)
def one_tls_context(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each client would make one, which takes longer than all the rest of a test."""
    context = proof_site.tls_context()
    monkeypatch.setattr(ssl, "create_default_context", lambda **_: context)


@pytest.fixture
async def case(site: Site) -> AsyncIterator[Any]:
    """Makes cases, closes their clients, and looks that no task is left."""
    made: list[Case] = []

    def make(fault: str, **options: Any) -> Case:
        made.append(Case(site, fault, **options))
        return made[-1]

    yield make
    for each in made:
        await each.portal.aclose()
    # Connections of asyncio, and the generators that httpx leaves where reading stops early, end some steps later.
    for _ in range(20):
        await asyncio.sleep(0)
    assert asyncio.all_tasks() - {asyncio.current_task()} == set()


@pytest.mark.parametrize("fault", [name for name, fault in FAULTS.items() if not (fault.slow or fault.heavy)])
async def test_fault(site: Site, fault: str) -> None:
    """Each fault has its class, outcome and executions for each kind of call; nothing is left, and the next call works.

    The slow and the heavy ones are left to the whole proof.
    """
    watch = Watch()
    problems: list[str] = []
    cells = [
        Cell(site, fault, method) for method in METHODS if not FAULTS[fault].bodies or method not in ("get", "cancel")
    ]
    for cell in cells:
        await cell.begin(watch)
        await cell.finish(watch)
        problems += cell.problems
    assert problems == []
    assert len(cells) >= 4


@pytest.mark.parametrize("name", ["get", "create"])
@pytest.mark.parametrize("fault", ["gib", "gib_chunked", "endless", "endless_gzip", "bomb"])
async def test_limit_of_an_answer(case: Any, fault: str, name: str) -> None:
    """However much comes, and however it is packed, reading stops at the limit."""
    it = case(fault, max_response_bytes=MIB)
    error = await it.fail(name)
    assert (type(error), error.outcome, error.attempts, it.executed) == (TOO_LARGE, A, 1, 1)


async def test_limit_of_a_refusal(case: Any) -> None:
    """A status of 300 or more is not hidden by the size of its page."""
    error = await case("bomb_404", max_response_bytes=MIB).fail("create")
    assert (type(error), error.outcome) == (errors.NotFoundError, R)


async def test_text_of_a_refused_connection(case: Any) -> None:
    """It says what could not be done."""
    with socket.socket() as bound:
        # Bound, but nobody listens.
        bound.bind(("127.0.0.1", 0))
        error = await case("", base_url=f"http://127.0.0.1:{bound.getsockname()[1]}/v1").fail("create")
    assert (type(error), error.outcome) == (CONNECTION, N)
    assert "could not connect" in str(error)


async def test_answer_before_the_body_was_read(case: Any) -> None:
    """A refusal that comes while the body is still being sent is that refusal."""
    error = await case("refuses_body").fail("create")
    assert (type(error), error.outcome, error.status_code) == (STATUS, R, 413)


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize(
    ("fault", "kind", "read", "write"),
    [("hang", TIMEOUT, U, U), ("hang_200", TIMEOUT, A, A), ("hang_404", errors.NotFoundError, R, R)],
)
async def test_no_progress(
    case: Any, fault: str, kind: type[errors.MijnKlantportaalError], read: Outcome, write: Outcome, name: str
) -> None:
    """Silence longer than `timeout` is a time-out; after a status of 300 or more it is that status."""
    # Long enough for a status to come first.
    it = case(fault, timeout=0.2 if fault == "hang" else 1.0, retry=RetryPolicy(max_attempts=2))
    error = await it.fail(name)
    attempts = 2 if name == "get" and kind is TIMEOUT else 1
    assert (type(error), error.outcome, it.executed) == (kind, read if name == "get" else write, attempts)


@pytest.mark.parametrize("name", ["get", "create"])
@pytest.mark.parametrize(
    ("fault", "kind", "outcome"),
    [
        ("hang", TIMEOUT, U),
        ("drip_head", TIMEOUT, U),
        ("drip", TIMEOUT, A),
        ("hang_404", errors.NotFoundError, R),
    ],
)
async def test_deadline(
    case: Any,
    fault: str,
    kind: type[errors.MijnKlantportaalError],
    outcome: Outcome,
    name: str,
    alarms: Alarms,
) -> None:
    """The deadline ends a call that makes progress for ever; a status that came counts."""
    it = case(fault, deadline=60)
    task = asyncio.create_task(it.fail(name))
    await it.comes_to(outcome)
    alarms.ring()
    error = await task
    assert (type(error), error.outcome, it.executed) == (kind, outcome, 1)
    assert (error.__cause__, error.__context__) == (None, None)


@pytest.mark.parametrize("name", ["get", "create", "upload"])
@pytest.mark.parametrize(("fault", "wait"), [("retry_seconds", 7.0), ("retry_date", 30.0)])
async def test_429_waits_as_long_as_the_server_says(case: Any, fault: str, wait: float, name: str) -> None:
    """Seconds or a date: the wait is exactly that, for every method, since a 429 was not carried out."""
    it = case(fault)
    assert (await it.call(name)).id == CUSTOMER_ID
    assert (it.clock.waits, it.executed) == ([wait], 2)


async def test_429_again_and_again(case: Any) -> None:
    """A POST that is refused every time ends as refused."""
    it = case("status_429")
    error = await it.fail("create")
    assert (type(error), error.outcome, it.executed) == (errors.RateLimitError, R, 4)


async def test_429_of_a_stream_that_can_be_read_once(case: Any) -> None:
    """There is nothing to send a second time."""
    it = case("retry_seconds")
    error = await it.fail("stream")
    assert (type(error), error.outcome, it.executed) == (errors.RateLimitError, R, 1)


async def test_503_is_retried_for_a_get_only(case: Any) -> None:
    """A GET comes through after the wait that the server asked for; a POST may have been carried out."""
    it = case("busy_once")
    assert (await it.call("get")).id == CUSTOMER_ID
    assert (it.clock.waits, it.executed) == ([3.0], 2)
    it = case("busy_once")
    error = await it.fail("create")
    assert (type(error), error.outcome, it.executed) == (SERVER, U, 1)


@pytest.mark.parametrize("fault", ["status_303", "status_308", "bad_location"])
async def test_redirect_is_not_followed(case: Any, site: Site, fault: str) -> None:
    """Neither the call nor the token goes anywhere else."""
    await case(fault).fail("create")
    assert site.executed("elsewhere") == 0


@pytest.mark.parametrize("name", CALLS)
async def test_connection_closed_while_idle(case: Any, site: Site, name: str) -> None:
    """A pooled connection that the server has closed is noticed before it is used: every call goes on a new one."""
    it = case("closes_when_idle")
    await it.call("get")
    site.order("wait_closed")
    await it.call(name)
    assert (it.executed, site.told(it.key)["connections"]) == (2, 2)


async def test_connection_lost_when_reused(case: Any, site: Site) -> None:
    """Closed at the very moment of use: a GET simply works; a POST ends as unknown, for it might have arrived."""
    it = case("lost_when_reused")
    await it.call("get")
    await it.call("get")
    assert (it.executed, site.told(it.key)["connections"], len(it.clock.waits)) == (2, 2, 1)
    error = await it.fail("create")
    assert (type(error), error.outcome, error.attempts, it.executed) == (CONNECTION, U, 1, 2)


async def test_connections_are_reused(case: Any, site: Site) -> None:
    """Calls one after another share a connection."""
    it = case("ok")
    for name in ("get", "create", "upload", "get"):
        await it.call(name)
    assert site.told(it.key)["connections"] == 1


async def test_many_calls_at_once(case: Any, site: Site) -> None:
    """More calls than connections: all come through, on at most 20 connections."""
    it = case("ok")
    found = await asyncio.gather(*[it.call("get") for _ in range(60)])
    assert len(found) == it.executed == 60
    assert site.told(it.key)["connections"] <= 20


async def test_cookies_are_not_sent_back(case: Any, site: Site) -> None:
    """A server's cookie is neither kept nor shown."""
    it = case("cookie")
    response = await it.portal.with_raw_response.customers.get(CUSTOMER_ID)
    assert "set-cookie" not in response.headers
    assert response.request_id == "req-7"
    await it.call("create")
    names = {line.split(":")[0].lower() for line in site.told(it.key)["headers"]}
    assert "cookie" not in names
    assert "authorization" in names


async def test_hook_of_a_given_client_that_raises(case: Any, site: Site) -> None:
    """`raise_for_status` as a hook of one's own httpx client does not hide what the status says."""
    import httpx

    async def complain(response: httpx.Response) -> None:
        response.raise_for_status()

    async with httpx.AsyncClient(event_hooks={"response": [complain]}) as http_client:
        it = case("status_404", http_client=http_client)
        error = await it.fail("create")
    assert (type(error), error.outcome, it.executed) == (errors.NotFoundError, R, 1)


@pytest.mark.parametrize("name", ["get", "create"])
@pytest.mark.parametrize(("fault", "outcome"), [("hang", U), ("drip", A), ("hang_404", R)])
async def test_cancelled(case: Any, site: Site, fault: str, outcome: Outcome, name: str) -> None:
    """A cancelled call says in a note what it may have done, and the client works afterwards."""
    it = case(fault)
    task = asyncio.create_task(it.call(name))
    await it.comes_to(outcome)
    task.cancel()
    with pytest.raises(asyncio.CancelledError) as caught:
        await task
    assert f"outcome {outcome.value}" in caught.value.__notes__[0]
    session = it.portal._dispatcher.session
    assert session.http._places._value == 20
    session.http.base_url = site.url("ok", it.key)
    assert (await it.call("get")).id == CUSTOMER_ID


@pytest.mark.parametrize("name", ["get", "create"])
async def test_closing_ends_what_is_under_way(case: Any, name: str) -> None:
    """A call that waits for its answer while its client is closed ends at once, and is not tried again."""
    it = case("hang")
    task = asyncio.create_task(it.fail(name))
    await until(lambda: it.arrived)
    await it.portal.aclose()
    error = await task
    assert (type(error), error.outcome, error.attempts) == (CONNECTION, U, 1)


@pytest.mark.parametrize("turns", range(16))
@pytest.mark.parametrize("name", ["create", "upload"])
async def test_closing_before_it_is_sent(site: Site, name: str, turns: int) -> None:
    """However early a client is closed, none of its calls is sent any more, and none leaves a connection behind."""
    watch = Watch()
    key = proof_site.new_key()
    portal = new_client(site.url("ok", key), rate_limit=None)
    watch.clients.append(portal)
    task = asyncio.create_task(proof_site.call(portal, name))
    for _ in range(turns):
        await asyncio.sleep(0)
    await portal.aclose()
    # The event loop stands still here, so that nothing is sent meanwhile.
    executed = site.executed(key)
    result: Any = (await asyncio.gather(task, return_exceptions=True))[0]
    assert site.executed(key) == executed
    if isinstance(result, Exception):
        assert isinstance(result, (CONNECTION, errors.ConfigurationError))
        assert result.outcome is U or (result.outcome, executed) == (N, 0)
    else:
        assert executed == 1
    assert await watch.left() == []


@pytest.mark.parametrize("turns", range(1, 6))
async def test_closing_that_is_cancelled(site: Site, turns: int) -> None:
    """However early it is cancelled, every connection is closed."""
    watch = Watch()
    portal = new_client(site.url("ok", proof_site.new_key()), rate_limit=None)
    watch.clients.append(portal)
    await asyncio.gather(*[proof_site.call(portal, "get") for _ in range(5)])
    assert await watch.left() == []
    task = asyncio.create_task(portal.aclose())
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    watch.clients.clear()
    assert await watch.left() == []
