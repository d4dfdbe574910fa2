"""Which failures are followed by another attempt, after what wait, and what the call says in the end."""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mijnklantportaal_client import Outcome, RetryPolicy, errors

if TYPE_CHECKING:
    from tests.conftest import MakeBench

N, R, U, A = Outcome.NOT_SENT, Outcome.REJECTED, Outcome.UNKNOWN, Outcome.ACCEPTED
REFUSED = httpx.ConnectError("refused")
SLOW = httpx.ReadTimeout("too slow")
LOST = httpx.ReadError("lost")
CUSTOMER = {"id": "cst_abc12345def678"}
WAITS = [0.375, 0.75, 1.5]


@pytest.fixture
def bench(bench: MakeBench) -> MakeBench:
    """Without pacing, which takes a 429 for its own."""
    return functools.partial(bench, rate_limit=None)


def limited(**headers: str) -> httpx.Response:
    """A 429."""
    return httpx.Response(429, headers={name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.parametrize(
    ("step", "kind", "outcome", "get", "create"),
    [
        (REFUSED, errors.APIConnectionError, (N, N), 4, 4),
        (httpx.ConnectTimeout("x"), errors.APITimeoutError, (N, N), 4, 4),
        (httpx.PoolTimeout("x"), errors.APITimeoutError, (N, N), 4, 4),
        (httpx.ProxyError("x"), errors.APIConnectionError, (N, N), 4, 4),
        (httpx.UnsupportedProtocol("x"), errors.APIConnectionError, (N, N), 4, 4),
        (SLOW, errors.APITimeoutError, (U, U), 4, 1),
        (LOST, errors.APIConnectionError, (U, U), 4, 1),
        (httpx.WriteTimeout("x"), errors.APITimeoutError, (U, U), 4, 1),
        (httpx.WriteError("x"), errors.APIConnectionError, (U, U), 4, 1),
        (httpx.RemoteProtocolError("x"), errors.APIConnectionError, (U, U), 4, 1),
        (httpx.LocalProtocolError("x"), errors.APIConnectionError, (U, U), 4, 1),
        (httpx.DecodingError("x"), errors.APIConnectionError, (U, U), 4, 1),
        (httpx.TooManyRedirects("x"), errors.APIConnectionError, (U, U), 4, 1),
        (httpx.InvalidURL("x"), errors.APIConnectionError, (U, U), 4, 1),
        (httpx.StreamClosed(), errors.APIConnectionError, (U, U), 4, 1),
        (OSError("x"), errors.APIConnectionError, (U, U), 4, 1),
        (TimeoutError("x"), errors.APITimeoutError, (U, U), 4, 1),
        (UnicodeError("label too long"), errors.APIConnectionError, (U, U), 4, 1),
        (RuntimeError("x"), errors.APIConnectionError, (U, U), 4, 1),
        (408, errors.APIStatusError, (R, U), 4, 1),
        (429, errors.RateLimitError, (R, R), 4, 4),
        (500, errors.ServerError, (U, U), 4, 1),
        (503, errors.ServerError, (U, U), 4, 1),
        (520, errors.ServerError, (U, U), 4, 1),
        (302, errors.APIStatusError, (R, U), 1, 1),
        (400, errors.BadRequestError, (R, R), 1, 1),
        (401, errors.AuthenticationError, (R, R), 1, 1),
        (404, errors.NotFoundError, (R, R), 1, 1),
        (422, errors.ValidationError, (R, R), 1, 1),
        (b"<html>", errors.ResponseDecodeError, (A, A), 1, 1),
    ],
)
@pytest.mark.parametrize("name", ["get", "create", "upload"])
async def test_attempts(
    bench: MakeBench,
    step: Any,
    kind: type[errors.MijnKlantportaalError],
    outcome: tuple[Outcome, Outcome],
    get: int,
    create: int,
    name: str,
) -> None:
    """A GET is tried again where that can help; anything else only where it was certainly not carried out."""
    it = bench(step)
    with pytest.raises(kind) as caught:
        await getattr(it, name)()
    error = caught.value
    attempts = get if name == "get" else create
    assert type(error) is kind
    assert error.outcome is outcome[name != "get"]
    assert (error.attempts, len(it.server.requests)) == (attempts, attempts)
    assert it.clock.waits == WAITS[: attempts - 1]
    assert error.elapsed == sum(it.clock.waits)


async def test_success_after_failures(bench: MakeBench) -> None:
    """A GET comes through on its last attempt, and tells of no error."""
    it = bench(SLOW, 503, LOST, CUSTOMER)
    assert (await it.get()).id == CUSTOMER["id"]
    assert it.clock.waits == WAITS
    assert [event.error for event in it.hook.of("on_outcome")] == [None]


@pytest.mark.parametrize(
    ("steps", "outcome"),
    [
        ([SLOW, 404], U),
        ([500, REFUSED, REFUSED, REFUSED], U),
        ([429, REFUSED, 404], R),
        ([REFUSED, 404], R),
        ([503, b""], A),
        ([408, 404], R),
    ],
)
async def test_the_worst_of_all_attempts_counts(bench: MakeBench, steps: list[Any], outcome: Outcome) -> None:
    """What an early attempt may have done is not forgotten when a later one is refused."""
    it = bench(*steps)
    with pytest.raises(errors.MijnKlantportaalError) as caught:
        await it.get()
    assert caught.value.outcome is outcome
    assert it.hook.of("on_outcome")[0].outcome is outcome


@pytest.mark.parametrize(("steps", "outcome"), [([REFUSED, SLOW], U), ([429, 500], U), ([REFUSED, 429, 422], R)])
async def test_the_worst_of_all_attempts_of_a_post(bench: MakeBench, steps: list[Any], outcome: Outcome) -> None:
    """A POST goes on only while it was not carried out, and stops at the first doubt."""
    it = bench(*steps)
    with pytest.raises(errors.MijnKlantportaalError) as caught:
        await it.create()
    assert caught.value.outcome is outcome
    assert len(it.server.requests) == len(steps)


@pytest.mark.parametrize(
    ("policy", "attempts", "waits"),
    [
        (RetryPolicy(max_attempts=1), 1, []),
        (RetryPolicy(max_attempts=2), 2, [0.375]),
        (RetryPolicy(jitter=False), 4, [0.5, 1.0, 2.0]),
        (RetryPolicy(max_attempts=6, maximum=1.0, jitter=False), 6, [0.5, 1.0, 1.0, 1.0, 1.0]),
        (RetryPolicy(max_attempts=3, initial=0, maximum=0), 3, [0.0, 0.0]),
    ],
)
async def test_policy(bench: MakeBench, policy: RetryPolicy, attempts: int, waits: list[float]) -> None:
    """Number and length of the waits are those of the policy."""
    it = bench(500, retry=policy)
    with pytest.raises(errors.ServerError):
        await it.get()
    assert (len(it.server.requests), it.clock.waits) == (attempts, waits)


async def test_retry_unsafe(bench: MakeBench) -> None:
    """Who asks for it gets a POST sent again."""
    it = bench(500, CUSTOMER, retry=RetryPolicy(retry_unsafe=True))
    await it.create()
    assert len(it.server.requests) == 2


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"retry_after": "17"}, 17.0),
        ({"retry_after": "0"}, 0.0),
        ({"retry_after": "Fri, 01 Mar 2030 12:01:00 GMT"}, 60.0),
        ({"retry_after": "Fri, 01 Mar 2030 11:00:00 GMT"}, 0.0),
        ({"x_ratelimit_reset": "1898596842"}, 42.0),
        ({"retry_after": "soon"}, 0.375),
        ({}, 0.375),
    ],
)
@pytest.mark.parametrize("name", ["get", "create"])
async def test_wait_that_the_server_asks_for(bench: MakeBench, headers: dict[str, str], wait: float, name: str) -> None:
    """It is honoured in full, in seconds or as a date."""
    it = bench(limited(**headers), CUSTOMER)
    await getattr(it, name)()
    assert it.clock.waits == [wait]


@pytest.mark.parametrize("name", ["get", "create"])
async def test_wait_that_would_pass_the_deadline(bench: MakeBench, name: str) -> None:
    """The error comes at once, since waiting could only end in a time-out."""
    it = bench(limited(retry_after="120"), CUSTOMER)
    with pytest.raises(errors.RateLimitError) as caught:
        await getattr(it, name)()
    assert (caught.value.retry_after, it.clock.waits, caught.value.attempts) == (120.0, [], 1)


async def test_wait_without_a_deadline(bench: MakeBench) -> None:
    """Without a deadline even an hour is waited."""
    it = bench(limited(retry_after="3600"), CUSTOMER, deadline=None)
    await it.get()
    assert it.clock.waits == [3600.0]


async def test_waits_count_for_the_deadline(bench: MakeBench) -> None:
    """Time that earlier attempts took is not there for a wait any more."""
    it = bench(limited(retry_after="50"), limited(retry_after="50"), limited(retry_after="50"), CUSTOMER)
    with pytest.raises(errors.RateLimitError):
        await it.get()
    assert it.clock.waits == [50.0, 50.0]


async def _stream() -> AsyncIterator[bytes]:
    yield b"content"


@pytest.mark.parametrize("step", [429, REFUSED])
async def test_body_that_can_be_read_only_once(bench: MakeBench, step: Any) -> None:
    """It is not sent again, though the failure would allow it."""
    it = bench(step, CUSTOMER)
    with pytest.raises(errors.MijnKlantportaalError) as caught:
        await it.upload(_stream())
    assert caught.value.attempts == 1


async def test_body_is_sent_again_whole(bench: MakeBench) -> None:
    """The second attempt of an upload has the same bytes as the first."""
    it = bench(429, CUSTOMER)
    await it.upload(b"content of the file" * 10_000)
    first, second = it.server.requests
    assert first.content == second.content
    assert len(first.content) == int(first.headers["content-length"])


class Source:
    """A token source that counts what it is asked."""

    key = "tenant-1"

    def __init__(self, *answers: bool) -> None:
        self.answers = list(answers)
        self.given = 0
        self.told: list[str] = []

    async def token(self) -> str:
        self.given += 1
        return f"token-number-{self.given}"

    async def refused(self, token: str) -> bool:
        self.told.append(token)
        return self.answers.pop(0)


@pytest.mark.parametrize("name", ["get", "create", "upload"])
async def test_401_that_the_source_mends(bench: MakeBench, name: str) -> None:
    """One more attempt with the new token, at once, for every method."""
    source = Source(True)
    it = bench(401, CUSTOMER, auth=source)
    await getattr(it, name)()
    assert [each.headers["authorization"] for each in it.server.requests] == [
        "Bearer token-number-1",
        "Bearer token-number-2",
    ]
    assert (source.told, it.clock.waits) == (["token-number-1"], [0.0])


async def test_401_twice(bench: MakeBench) -> None:
    """The source is asked only once in a call."""
    source = Source(True, True)
    it = bench(401, auth=source)
    with pytest.raises(errors.AuthenticationError) as caught:
        await it.get()
    assert (caught.value.attempts, caught.value.outcome, source.told) == (2, R, ["token-number-1"])


async def test_401_that_the_source_can_not_mend(bench: MakeBench) -> None:
    """False means that there is no better token."""
    source = Source(False)
    it = bench(401, auth=source)
    with pytest.raises(errors.AuthenticationError):
        await it.create()
    assert len(it.server.requests) == 1


async def test_401_is_one_more_attempt_than_the_policy_allows(bench: MakeBench) -> None:
    """The renewed token gets its attempt also where retries are off, and costs none where they are on."""
    it = bench(401, CUSTOMER, auth=Source(True), retry=RetryPolicy(max_attempts=1))
    await it.get()
    it = bench(401, 500, 500, CUSTOMER, auth=Source(True), retry=RetryPolicy(max_attempts=3))
    await it.get()
    assert it.clock.waits == [0.0, 0.375, 0.75]


async def test_401_of_a_body_that_can_be_read_only_once(bench: MakeBench) -> None:
    """There is nothing to send with a new token, so none is asked for."""
    source = Source(True)
    it = bench(401, auth=source)
    with pytest.raises(errors.AuthenticationError):
        await it.upload(_stream())
    assert source.told == []


async def test_source_that_raises_an_error_of_ours(bench: MakeBench) -> None:
    """It gets the details of the call like any other."""

    class Broken(Source):
        async def token(self) -> str:
            raise errors.ConfigurationError("no tenant")

    it = bench(CUSTOMER, auth=Broken(), tags={"a": 1})
    with pytest.raises(errors.ConfigurationError) as caught:
        await it.create()
    error = caught.value
    assert (error.operation, error.outcome, error.attempts, error.tags) == ("create-customer", N, 0, {"a": 1})
    assert [event.error for event in it.hook.of("on_outcome")] == ["ConfigurationError"]


@pytest.mark.parametrize("raised", [KeyError("boom"), TimeoutError("mine"), OSError("disk")])
@pytest.mark.parametrize("method", ["token", "refused"])
async def test_source_that_raises_an_error_of_its_own(bench: MakeBench, raised: Exception, method: str) -> None:
    """It comes through as it is, and hooks hear of the outcome."""

    async def fail(*_: Any) -> Any:
        raise raised

    source = Source()
    setattr(source, method, fail)
    it = bench(401, auth=source)
    with pytest.raises(type(raised)) as caught:
        await it.create()
    assert caught.value is raised
    outcomes = [(event.error, event.outcome) for event in it.hook.of("on_outcome")]
    assert outcomes == [(type(raised).__name__, N if method == "token" else R)]


@pytest.mark.parametrize("bad", ["", " x", "x\n", "x y", "é", None, 5, b"x"])
async def test_source_that_gives_no_token(bench: MakeBench, bad: Any) -> None:
    """What can't stand in a header is refused before anything is sent, without showing it."""

    class Odd(Source):
        async def token(self) -> str:
            token: str = bad
            return token

    it = bench(CUSTOMER, auth=Odd())
    with pytest.raises(errors.ConfigurationError, match="the token source"):
        await it.get()
    assert it.server.requests == []


async def test_no_credentials(bench: MakeBench) -> None:
    """`api_key=None` sends nothing; a copy with a key does."""
    it = bench(CUSTOMER, api_key=None)
    with pytest.raises(errors.ConfigurationError, match="with_options") as caught:
        await it.get()
    assert (caught.value.outcome, it.server.requests) == (N, [])
    await it.get(api_key="another-key")
    assert it.server.last.headers["authorization"] == "Bearer another-key"
    await it.get(auth=Source())
    assert it.server.last.headers["authorization"] == "Bearer token-number-1"


async def test_content_that_fails(bench: MakeBench) -> None:
    """An error of the caller's own stream is the cause of the error, and what was sent is not known."""
    boom = KeyError("boom")

    async def broken() -> AsyncIterator[bytes]:
        yield b"x"
        raise boom

    it = bench(CUSTOMER)
    with pytest.raises(errors.APIConnectionError) as caught:
        await it.upload(broken())
    error = caught.value
    assert (error.__cause__, error.outcome, error.attempts) == (boom, U, 1)
    assert "the content to send could not be read: KeyError: 'boom'" in str(error)
    assert "Check the content" in str(error)


async def test_file_that_changes(bench: MakeBench, tmp_path: Any) -> None:
    """A file that got shorter since the call began is not sent as if it were whole."""
    path = tmp_path / "a.pdf"
    path.write_bytes(b"x" * 100)

    def shorten(event: Any) -> None:
        path.write_bytes(b"x" * 50)

    class Shortening:
        on_request = staticmethod(shorten)

    it = bench(CUSTOMER, hooks=[Shortening()])
    with pytest.raises(errors.APIConnectionError, match="FileChangedError") as caught:
        await it.upload(path)
    assert (caught.value.outcome, type(caught.value.__cause__).__name__) == (U, "FileChangedError")
