"""Faults over real HTTP: for each the right error, the right outcome, and the right number of executions."""

from __future__ import annotations

import asyncio
import itertools
import json
import socket
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from mijnklantportaal_client import MijnKlantportaal, Outcome, RetryPolicy, errors
from mijnklantportaal_client._clock import Clock

N, R, U, A = Outcome.NOT_SENT, Outcome.REJECTED, Outcome.UNKNOWN, Outcome.ACCEPTED
CONNECTION, TIMEOUT, DECODE = errors.APIConnectionError, errors.APITimeoutError, errors.ResponseDecodeError
TOO_LARGE, STATUS, SERVER = errors.ResponseTooLargeError, errors.APIStatusError, errors.ServerError
CALLS = ["get", "create", "upload", "stream"]
CUSTOMER_ID = "cst_abc12345def678"
TOKEN = "tok-Zeer-Geheim-0123456789"
MIB = 1024 * 1024
TLS = ssl.create_default_context()
_keys = (f"key{number}" for number in itertools.count())


class FakeClock(Clock):
    """Real time, but waits between attempts take none."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    def time(self) -> float:
        return 1_898_596_800.0  # 2030-03-01 12:00:00 UTC

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)


class Site:
    """The fault server."""

    def __init__(self, ports: dict[str, int]) -> None:
        self.ports = ports

    def told(self, key: str) -> dict[str, Any]:
        """What the server knows of a key."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.ports['main']}/_count/{key}", timeout=10) as response:
            found: dict[str, Any] = json.load(response)
        return found

    def executed(self, key: str) -> int:
        """How many requests were read to their end."""
        count: int = self.told(key)["executed"]
        return count


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """A running fault server in another process."""
    script = Path(__file__).with_name("fault_server.py")
    with subprocess.Popen([sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        yield Site(json.loads(process.stdout.readline()))
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(timeout=10) == 0


class Case:
    """A client whose every call meets one fault."""

    def __init__(self, site: Site, fault: str, **options: Any) -> None:
        self.site = site
        self.key = next(_keys)
        base_url = options.pop("base_url", f"http://127.0.0.1:{site.ports['main']}/{fault}/{self.key}/v1")
        self.portal = MijnKlantportaal(api_key=TOKEN, base_url=base_url, **options)
        self.clock = FakeClock()
        self.portal._dispatcher.clock = self.clock

    async def call(self, name: str) -> Any:
        """One of the four kinds of calls."""
        if name == "get":
            return await self.portal.customers.get(CUSTOMER_ID)
        if name == "create":
            return await self.portal.customers.create(
                company_name="Test Company BV",
                address="Teststreet 123",
                zip_code="1234AB",
                city="Amsterdam",
                primary_email="john.doe@test.com",
            )
        return await self.portal.files.upload(file=b"x" * 200_000 if name == "upload" else _stream())

    async def fail(self, name: str) -> errors.MijnKlantportaalError:
        """The error that a call ends with."""
        with pytest.raises(errors.MijnKlantportaalError) as caught:
            await self.call(name)
        return caught.value

    @property
    def executed(self) -> int:
        return self.site.executed(self.key)


async def _stream() -> AsyncIterator[bytes]:
    for _ in range(4):
        yield b"x" * 50_000


@pytest.fixture(autouse=True)
def one_tls_context(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each client makes a context that plain http never uses, which takes longer than all the rest of a test."""
    monkeypatch.setattr(ssl, "create_default_context", lambda **_: TLS)


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


# fault: (class, outcome of a GET, its executions, outcome of a POST); a POST is always carried out exactly once.
FAULTS: dict[str, tuple[type[errors.MijnKlantportaalError], Outcome, int, Outcome]] = {
    "reset": (CONNECTION, U, 4, U),
    "close": (CONNECTION, U, 4, U),
    "cut_headers": (CONNECTION, U, 4, U),
    "cut_204": (CONNECTION, U, 4, U),
    "junk": (CONNECTION, U, 4, U),
    "binary_junk": (CONNECTION, U, 4, U),
    "endless_headers": (CONNECTION, U, 4, U),
    "length_odd": (CONNECTION, U, 4, U),
    "cut_200": (CONNECTION, A, 4, A),
    "cut_chunked": (CONNECTION, A, 4, A),
    "bad_chunk": (CONNECTION, A, 4, A),
    "length_too_long": (CONNECTION, A, 4, A),
    "short_gzip": (CONNECTION, A, 4, A),
    "length_too_short": (DECODE, A, 1, A),
    "html_200": (DECODE, A, 1, A),
    "empty_200": (DECODE, A, 1, A),
    "status_204": (DECODE, A, 1, A),
    "broken_gzip": (DECODE, A, 1, A),
    "no_gzip": (DECODE, A, 1, A),
    "not_utf8": (DECODE, A, 1, A),
    "a_list": (DECODE, A, 1, A),
    "a_null": (DECODE, A, 1, A),
    "nan": (DECODE, A, 1, A),
    "deep": (DECODE, A, 1, A),
    "bomb": (TOO_LARGE, A, 1, A),
    "tail_after_gzip": (TOO_LARGE, A, 1, A),
    "large": (TOO_LARGE, A, 1, A),
    "endless": (TOO_LARGE, A, 1, A),
    "endless_gzip": (TOO_LARGE, A, 1, A),
    "status_101": (CONNECTION, U, 4, U),
    "status_303": (STATUS, R, 1, U),
    "status_304": (STATUS, R, 1, U),
    "status_308": (STATUS, R, 1, U),
    "cut_303": (STATUS, R, 1, U),
    "bad_location": (STATUS, R, 1, U),
    "status_404": (errors.NotFoundError, R, 1, R),
    "cut_404": (errors.NotFoundError, R, 1, R),
    "gzip_404": (errors.NotFoundError, R, 1, R),
    "broken_gzip_404": (errors.NotFoundError, R, 1, R),
    "bomb_404": (errors.NotFoundError, R, 1, R),
    "status_408": (STATUS, R, 4, U),
    "status_418": (STATUS, R, 1, R),
    "status_422": (errors.ValidationError, R, 1, R),
    "cut_422": (errors.ValidationError, R, 1, R),
    "status_500": (SERVER, U, 4, U),
    "cut_500": (SERVER, U, 4, U),
    "large_500": (SERVER, U, 4, U),
    "html_502": (SERVER, U, 4, U),
    "status_520": (SERVER, U, 4, U),
    "status_999": (STATUS, U, 1, U),
}


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("fault", FAULTS)
async def test_fault(case: Any, fault: str, name: str) -> None:
    """Each fault has its class and outcome; a GET is tried as often as that helps, a POST is carried out once."""
    kind, read, attempts, write = FAULTS[fault]
    it = case(fault, max_response_bytes=MIB)
    error = await it.fail(name)
    expected = (kind, read, attempts) if name == "get" else (kind, write, 1)
    assert (type(error), error.outcome, it.executed) == expected
    assert error.attempts == it.executed
    assert error.__cause__ is None
    assert error.__context__ is None


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize(
    "fault", ["ok", "created", "gzip", "deflate", "raw_deflate", "chunked", "early_hints", "cookie"]
)
async def test_good_answers(case: Any, fault: str, name: str) -> None:
    """Every way to send a good answer is read, after one request."""
    it = case(fault)
    assert (await it.call(name)).id == CUSTOMER_ID
    assert it.executed == 1


@pytest.mark.parametrize("name", CALLS)
async def test_refused_connection(case: Any, name: str) -> None:
    """Nothing was sent, so that even a POST is tried again, unless its content can be read only once."""
    with socket.socket() as bound:
        # Bound, but nobody listens.
        bound.bind(("127.0.0.1", 0))
        it = case("", base_url=f"http://127.0.0.1:{bound.getsockname()[1]}/v1")
        error = await it.fail(name)
    assert (type(error), error.outcome) == (CONNECTION, N)
    assert error.attempts == (1 if name == "stream" else 4)
    assert "could not connect" in str(error)


@pytest.mark.parametrize("name", CALLS)
async def test_reset_before_reading(case: Any, site: Site, name: str) -> None:
    """The first byte arrived, so the whole request may have: a POST is not sent again."""
    before = site.executed("slammed")
    it = case("", base_url=f"http://127.0.0.1:{site.ports['slammed']}/v1")
    error = await it.fail(name)
    assert (type(error), error.outcome) == (CONNECTION, U)
    assert error.attempts == site.executed("slammed") - before == (4 if name == "get" else 1)


@pytest.mark.parametrize("name", ["create", "upload", "stream"])
async def test_reset_while_the_body_is_sent(case: Any, name: str) -> None:
    """The server did not read it all, but the client can't know that."""
    it = case("reset_in_body")
    error = await it.fail(name)
    assert (type(error), error.outcome, error.attempts, it.executed) == (CONNECTION, U, 1, 0)


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
    it = case(fault, timeout=0.2, retry=RetryPolicy(max_attempts=2))
    error = await it.fail(name)
    attempts = 2 if name == "get" and kind is TIMEOUT else 1
    assert (type(error), error.outcome, it.executed) == (kind, read if name == "get" else write, attempts)


@pytest.mark.parametrize("name", ["get", "create"])
@pytest.mark.parametrize(
    ("fault", "kind", "read", "write"),
    [
        ("hang", TIMEOUT, U, U),
        ("drip_head", TIMEOUT, U, U),
        ("drip", TIMEOUT, A, A),
        ("hang_404", errors.NotFoundError, R, R),
    ],
)
async def test_deadline(
    case: Any, fault: str, kind: type[errors.MijnKlantportaalError], read: Outcome, write: Outcome, name: str
) -> None:
    """The deadline ends a call that makes progress for ever; a status that came counts."""
    it = case(fault, deadline=0.3)
    error = await it.fail(name)
    assert (type(error), error.outcome, it.executed) == (kind, read if name == "get" else write, 1)
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
    site.told("closed")
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
    progress = asyncio.Event()
    task = asyncio.create_task(it.call(name))
    dispatcher = it.portal._dispatcher
    send = dispatcher.http.send
    seen: list[Any] = []

    async def watched(*args: Any, **kwargs: Any) -> Any:
        seen.append(kwargs["progress"])
        progress.set()
        return await send(*args, **kwargs)

    dispatcher.http.send = watched
    await progress.wait()
    # Both the server and the client have come to the fault.
    while not it.executed or seen[0].outcome is not outcome:  # noqa: ASYNC110
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError) as caught:
        await task
    assert f"outcome {outcome.value}" in caught.value.__notes__[0]
    assert dispatcher.http._places._value == 20
    dispatcher.http.base_url = f"http://127.0.0.1:{site.ports['main']}/ok/{it.key}/v1"
    assert (await it.call("get")).id == CUSTOMER_ID


@pytest.mark.parametrize("name", ["get", "create"])
async def test_closing_ends_what_is_under_way(case: Any, name: str) -> None:
    """A call that waits for its answer while its client is closed ends at once, and is not tried again."""
    it = case("hang")
    task = asyncio.create_task(it.fail(name))
    while not it.executed:  # noqa: ASYNC110
        await asyncio.sleep(0)
    await it.portal.aclose()
    error = await task
    assert (type(error), error.outcome, error.attempts) == (CONNECTION, U, 1)
