"""Calls that wait for the rate limit: what the client does with it, and what it tells."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mijnklantportaal_client import ConfigurationError, Outcome, RateLimit, RetryPolicy, errors
from mijnklantportaal_client._pacing import Pacing, Registry

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from tests.conftest import Bench, MakeBench

CUSTOMER = {"id": "cst_abc12345def678"}
REFUSED = httpx.ConnectError("refused")


def limited(retry_after: str | None = None, **headers: str) -> httpx.Response:
    """A 429."""
    given = {} if retry_after is None else {"retry-after": retry_after}
    return httpx.Response(429, headers=given | headers)


def told(limit: object, remaining: object) -> httpx.Response:
    """A customer, with what the server says of its limit."""
    headers = {"x-ratelimit-limit": str(limit), "x-ratelimit-remaining": str(remaining)}
    return httpx.Response(200, json=CUSTOMER, headers=headers)


def moments(it: Bench) -> Callable[[httpx.Request], Any]:
    """An answer that notes when its request came."""
    it_came: list[float] = []

    def answer(_request: httpx.Request) -> dict[str, Any]:
        it_came.append(it.clock.now - 1000.0)
        return CUSTOMER

    it.server.steps = [answer]
    answer.came = it_came  # type: ignore[attr-defined]
    return answer


async def run(it: Bench, calls: int, **changes: Any) -> list[float]:
    """So many calls one after another, and when each of them came to the server."""
    answer = moments(it)
    portal = it.portal.with_options(**changes) if changes else it.portal
    for _ in range(calls):
        await portal.customers.get("cst_abc12345def678")
    came: list[float] = answer.came  # type: ignore[attr-defined]
    return came


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (RateLimit(), [0.0] * 60 + [60.0] * 5),
        (RateLimit(3), [0, 0, 0, 60, 60, 60, 120]),
        (RateLimit(2, 1.5), [0, 0, 1.5, 1.5, 3.0]),
        (RateLimit(70), [0.0] * 60 + [60.0] * 15),
        (None, [0.0] * 130),
    ],
)
async def test_bursts_then_waits(bench: MakeBench, limit: RateLimit | None, expected: list[float]) -> None:
    """A window is used up, and then waited for."""
    it = bench(CUSTOMER, rate_limit=limit)
    assert await run(it, len(expected)) == expected


async def test_a_higher_limit_is_learned(bench: MakeBench) -> None:
    """The header of the first answer counts for the rest of the window."""
    it = bench(told(120, 119), CUSTOMER)
    for _ in range(120):
        await it.get()
    assert it.clock.waits == []
    await it.get()
    assert it.clock.waits == [60.0]


async def test_what_others_used_is_learned(bench: MakeBench) -> None:
    """An API key that somebody else uses too has less left."""
    it = bench(told(60, 2), CUSTOMER)
    for _ in range(3):
        await it.get()
    assert it.clock.waits == []
    await it.get()
    assert it.clock.waits == [60.0]


@pytest.mark.parametrize("odd", ["", "many", "-1", "1e3", "60, 60;w=60", "0", "٣", "9" * 30])
async def test_odd_headers_teach_nothing(bench: MakeBench, odd: str) -> None:
    """What is no number is left alone."""
    it = bench(httpx.Response(200, json=CUSTOMER, headers=[(b"x-ratelimit-limit", odd.encode())]), CUSTOMER)
    for _ in range(61):
        await it.get()
    assert it.clock.waits == [60.0]


@pytest.mark.parametrize("name", ["get", "create", "upload"])
@pytest.mark.parametrize(
    ("answer", "wait"),
    [
        (limited("7"), 7.0),
        (limited("Fri, 01 Mar 2030 12:00:30 GMT"), 30.0),
        (limited(**{"x-ratelimit-reset": "1898596842"}), 42.0),
        (limited("0"), 1.0),
        (limited(), 60.0),
    ],
)
async def test_a_refusal_is_waited_for(bench: MakeBench, name: str, answer: httpx.Response, wait: float) -> None:
    """Nothing was carried out, so that any call goes again after the reset, and no attempt of the policy is used up."""
    it = bench(answer, answer, REFUSED, CUSTOMER, retry=RetryPolicy(max_attempts=2, initial=0.5, jitter=False))
    await getattr(it, name)()
    assert it.clock.waits[0] == wait
    assert (len(it.server.requests), it.clock.waits[2]) == (4, 0.5)
    assert it.hook.names.count("on_wait") == 2
    assert it.hook.names.count("on_retry") == 1
    (outcome,) = it.hook.of("on_outcome")
    assert (outcome.outcome, outcome.attempt, outcome.waited) == (Outcome.ACCEPTED, 4, sum(it.clock.waits[:2]))


async def test_a_refusal_pauses_every_call(bench: MakeBench) -> None:
    """Also those of another client and of a copy, as they share one key."""
    it = bench(told(60, 59), limited("30"), CUSTOMER)
    await it.get()
    other = bench(CUSTOMER)
    other.portal._dispatcher.registry = it.portal._dispatcher.registry
    other.portal._dispatcher.clock = it.clock
    refused = asyncio.create_task(it.get())
    await asyncio.sleep(0)
    while len(it.server.requests) < 2:  # noqa: ASYNC110
        await asyncio.sleep(0)
    await asyncio.gather(refused, other.get(), it.get(tags={"copy": True}))
    assert it.clock.now == 1030.0


async def test_a_wait_longer_than_the_deadline(bench: MakeBench) -> None:
    """Better an error at once than an hour of silence; without a deadline it is waited for."""
    it = bench(limited("3600"), CUSTOMER)
    with pytest.raises(errors.RateLimitError) as caught:
        await it.create()
    assert (caught.value.retry_after, caught.value.outcome, it.clock.waits) == (3600.0, Outcome.REJECTED, [])
    it = bench(limited("3600"), CUSTOMER, deadline=None)
    await it.create()
    assert it.clock.waits == [3600.0]


async def test_an_endless_refusal_ends(bench: MakeBench) -> None:
    """Somebody who is shut out hears it after twenty-one refusals."""
    it = bench(limited("0"))
    with pytest.raises(errors.RateLimitError) as caught:
        await it.get()
    assert (caught.value.attempts, len(it.server.requests)) == (21, 21)
    assert it.clock.waits[:8] == [1, 2, 4, 8, 16, 32, 60, 60]


async def test_a_body_that_can_be_read_once_is_not_sent_again(bench: MakeBench) -> None:
    """The refusal is the caller's to handle."""

    async def stream() -> AsyncIterator[bytes]:
        yield b"content"

    it = bench(limited("1"), CUSTOMER)
    with pytest.raises(errors.RateLimitError) as caught:
        await it.upload(stream())
    assert (caught.value.attempts, caught.value.outcome) == (1, Outcome.REJECTED)


async def test_max_wait(bench: MakeBench) -> None:
    """A call that would wait too long is told so before anything is sent."""
    it = bench(CUSTOMER, rate_limit=RateLimit(2, max_wait=59.0), tags={"tenant": 7})
    await it.get()
    it.clock.now += 0.5
    await it.get()
    with pytest.raises(errors.PacingTimeoutError) as caught:
        await it.get()
    error = caught.value
    assert (error.wait, error.outcome, error.attempts, error.tags) == (59.5, Outcome.NOT_SENT, 0, {"tenant": 7})
    assert isinstance(error, TimeoutError)
    assert str(error).startswith(
        "customers.get: the rate limit would make it wait 60 s, longer than max_wait. Nothing reached the server. "
        "Come back later, or allow a longer max_wait."
    )
    assert (error.__cause__, error.__suppress_context__) == (None, True)
    it.clock.now += 1
    assert await it.get() is not None
    assert it.clock.waits == [58.5]


async def test_max_wait_after_a_refusal(bench: MakeBench) -> None:
    """The error tells that the server refused, not that nothing was sent."""
    it = bench(limited("30"), CUSTOMER, rate_limit=RateLimit(max_wait=29))
    with pytest.raises(errors.PacingTimeoutError) as caught:
        await it.create()
    assert (caught.value.wait, caught.value.outcome, caught.value.attempts) == (30.0, Outcome.REJECTED, 1)


async def test_a_share_leaves_room(bench: MakeBench) -> None:
    """A batch waits in a line of its own, and what it leaves is free for others."""
    it = bench(CUSTOMER)
    batch = it.portal.with_options(rate_limit=RateLimit(40))
    for _ in range(40):
        await batch.customers.get("cst_abc12345def678")
    waits = asyncio.create_task(asyncio.wait_for(batch.customers.get("cst_abc12345def678"), None))
    held = asyncio.Event()
    it.clock.wait = lambda event, seconds: held.wait()  # type: ignore[assignment, method-assign, return-value]
    await asyncio.sleep(0)
    for _ in range(20):
        await it.get()
    assert not waits.done()
    assert it.clock.waits == []
    assert len(it.server.requests) == 60
    waits.cancel()
    await asyncio.gather(waits, return_exceptions=True)


async def test_copies_of_a_copy_keep_its_share(bench: MakeBench) -> None:
    """Other options of a copy change nothing of its share; a second share is another one."""
    it = bench(CUSTOMER)
    batch = it.portal.with_options(rate_limit=RateLimit(2))
    for portal in (batch, batch.with_options(tags={"a": 1}), it.portal.with_options(rate_limit=RateLimit(2))):
        await portal.customers.get("cst_abc12345def678")
    assert it.clock.waits == []
    await batch.customers.get("cst_abc12345def678")
    assert it.clock.waits == [60.0]


async def test_a_copy_with_another_key_has_its_own_window(bench: MakeBench) -> None:
    """Another tenant is not held up, and a share is one for each tenant."""
    it = bench(CUSTOMER, rate_limit=RateLimit(1))
    await it.get()
    await it.get(api_key="another-key")
    assert it.clock.waits == []
    share = it.portal.with_options(rate_limit=RateLimit(1, key="tenants"))
    await share.customers.get("cst_abc12345def678")
    await share.with_options(api_key="third-key").customers.get("cst_abc12345def678")
    # The ceiling of the client is one for the whole key, which both have now.
    assert it.clock.waits == [60.0]


async def test_off_and_on_again(bench: MakeBench) -> None:
    """`None` turns pacing off for a copy, and a `RateLimit` on for a copy of that."""
    it = bench(CUSTOMER, rate_limit=RateLimit(1))
    off = it.portal.with_options(rate_limit=None)
    on = off.with_options(rate_limit=RateLimit(2))
    for _ in range(5):
        await off.customers.get("cst_abc12345def678")
    for _ in range(2):
        await on.customers.get("cst_abc12345def678")
    assert it.clock.waits == []
    await on.customers.get("cst_abc12345def678")
    assert it.clock.waits == [60.0]


async def test_clients_with_one_key_share_one_window(bench: MakeBench) -> None:
    """Two clients of one tenant, each with the same ceiling, have it together; two tenants don't."""
    registry = Registry((first := bench(CUSTOMER, rate_limit=RateLimit(2))).clock)
    second = bench(CUSTOMER, rate_limit=RateLimit(2))
    other = bench(CUSTOMER, rate_limit=RateLimit(2), api_key="another-key")
    elsewhere = bench(CUSTOMER, rate_limit=RateLimit(2), base_url="https://example.com")
    for it in (first, second, other, elsewhere):
        it.portal._dispatcher.registry = registry
        it.portal._dispatcher.clock = first.clock
    for it in (first, second, other, other, elsewhere, elsewhere):
        await it.get()
    assert first.clock.waits == []
    await second.get()
    assert first.clock.waits == [60.0]


async def test_waits_are_told(bench: MakeBench, caplog: pytest.LogCaptureFixture) -> None:
    """Every wait to hooks, those of more than five seconds to the log."""
    caplog.set_level(logging.INFO, "mijnklantportaal_client")
    it = bench(CUSTOMER, rate_limit=RateLimit(1, per=5.5))
    await it.get()
    await it.get()
    it.clock.now += 0.5
    await it.get()
    assert [(event.delay, event.name, event.attempt) for event in it.hook.of("on_wait")] == [
        (5.5, "customers.get", 0),
        (5.0, "customers.get", 0),
    ]
    assert [event.waited for event in it.hook.of("on_outcome")] == [0.0, 5.5, 5.0]
    assert [event.elapsed for event in it.hook.of("on_outcome")] == [0.0, 5.5, 5.0]
    (record,) = (each for each in caplog.records if each.levelno == logging.INFO)
    assert record.getMessage().startswith("get-customer: waits about 6 s for the rate limit (call ")


async def test_a_slot_is_given_back_where_nothing_was_sent(bench: MakeBench) -> None:
    """A token source that fails and a server that can't be reached use nothing up."""
    it = bench(REFUSED, rate_limit=RateLimit(1), retry=RetryPolicy(max_attempts=1))
    for _ in range(3):
        with pytest.raises(errors.APIConnectionError):
            await it.get()
    nobody = it.portal.with_options(api_key=None)
    for _ in range(3):
        with pytest.raises(ConfigurationError):
            await nobody.customers.get("cst_abc12345def678")
    assert it.clock.waits == []
    it.server.steps = [httpx.ReadTimeout("slow"), CUSTOMER]
    with pytest.raises(errors.APITimeoutError):
        await it.get()
    await it.get()
    assert it.clock.waits == [60.0]


async def test_a_request_of_any_kind_is_paced(bench: MakeBench) -> None:
    """`portal.request`, raw responses and pages wait like everything else."""
    it = bench({"data": [], "current_page": 1, "per_page": 15, "next_page_url": None}, rate_limit=RateLimit(1))
    await it.portal.request("GET", "/new")
    await it.portal.with_raw_response.customers.get("cst_abc12345def678")
    await it.portal.customers.list()
    assert it.clock.waits == [60.0, 60.0]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"requests": 0}, "requests must be a whole number"),
        ({"requests": True}, "requests must be a whole number"),
        ({"requests": 1.5}, "requests must be a whole number"),
        ({"per": 0}, "per must be more than 0"),
        ({"per": float("nan")}, "per must be a finite number"),
        ({"per": "60"}, "per must be a finite number"),
        ({"max_wait": -1}, "max_wait must be"),
        ({"max_wait": True}, "max_wait must be"),
        ({"redis": 6379}, "redis must be a URL"),
        ({"redis": "localhost:6379"}, "redis must be a URL"),
        ({"key": ""}, "key must be a text"),
    ],
)
def test_bad_limits(arguments: dict[str, Any], problem: str) -> None:
    """A `ConfigurationError` says what a limit takes."""
    with pytest.raises(ConfigurationError, match=problem):
        RateLimit(**arguments)


def test_a_limit_is_a_value() -> None:
    """Equal where its parts are, with nothing secret in its text."""
    limit = RateLimit(40, per=30.0, redis="redis://:geheim@localhost/0", key="shop", max_wait=5)
    assert repr(limit) == "RateLimit(requests=40, per=30.0, key='shop', max_wait=5)"
    assert limit == RateLimit(40, 30.0, redis="redis://:geheim@localhost/0", key="shop", max_wait=5)


def test_lines_that_nobody_uses_are_forgotten() -> None:
    """A server for thousands of tenants keeps the windows of those that called in the last minute."""

    class Stopped:
        now = 0.0

        def monotonic(self) -> float:
            return self.now

    clock = Stopped()
    registry = Registry(clock)  # type: ignore[arg-type]
    pacing = Pacing(RateLimit())

    def window(tenant: int) -> Any:
        return pacing.pacer(registry, "https://example.com", str(tenant))._lines[-1].window  # type: ignore[attr-defined]

    used = window(0)
    used.given_up(used.take(0.0), 0.0)
    for tenant in range(1, 5000):
        window(tenant)
    assert window(0) is used
    assert len(registry._lines) < 5000
    clock.now = 60.0
    for tenant in range(5000, 10_000):
        window(tenant)
    assert window(0) is not used
