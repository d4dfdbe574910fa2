"""The arithmetic of pacing, without a clock."""

from __future__ import annotations

import heapq
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mijnklantportaal_client._window import Window

PER = 60.0


def answer(window: Window, now: float, limit: int | None = 60, remaining: int | None = None) -> None:
    """One request that is answered at once."""
    window.answered(window.take(now), now, limit, remaining)


def known(limit: int = 60) -> Window:
    """A window of which something is known: its first answer came at 0."""
    window = Window(limit, PER, learns=True)
    answer(window, 0.0, limit)
    return window


def test_the_first_request_goes_alone() -> None:
    """Nothing is known of the last minute before the first answer."""
    window = Window(60, PER, learns=True)
    assert window.free_at(0.0) == 0.0
    first = window.take(0.0)
    assert window.free_at(0.0) is None
    window.answered(first, 0.1, 60, 59)
    assert window.free_at(0.1) == 0.1


@pytest.mark.parametrize(("how", "alone"), [("given_up", False), ("tried", False), ("untried", True)])
def test_a_first_request_without_answer(how: str, alone: bool) -> None:
    """A server that does not answer is not asked one by one; a call that was cancelled before it went told nothing."""
    window = Window(60, PER, learns=True)
    first = window.take(0.0)
    if how == "given_up":
        window.given_up(first, 1.0)
    else:
        window.put_back(first, tried=how == "tried")
    window.take(1.0)
    assert window.free_at(1.0) == (None if alone else 1.0)


def test_a_slot_is_free_one_window_after_its_answer() -> None:
    """Not after it was sent: the server may have counted it as late as it answered."""
    window = Window(1, PER, learns=False)
    number = window.take(0.0)
    assert window.free_at(10.0) is None
    window.answered(number, 25.0, None, None)
    assert window.free_at(25.0) == 85.0
    assert window.free_at(85.0) == 85.0


def test_what_was_not_sent_is_free_at_once() -> None:
    """A connection that was refused used nothing up."""
    window = Window(1, PER, learns=False)
    window.put_back(window.take(0.0), tried=True)
    assert window.free_at(5.0) == 5.0


def test_what_got_no_answer_counts() -> None:
    """The server may have counted it."""
    window = Window(1, PER, learns=False)
    window.given_up(window.take(0.0), 5.0)
    assert window.free_at(6.0) == 65.0


@pytest.mark.parametrize(("header", "expected"), [(120, 120), (30, 30), (1, 1), (None, 60)])
def test_the_limit_is_learned(header: int | None, expected: int) -> None:
    """The header counts, not the number 60."""
    window = Window(60, PER, learns=True)
    answer(window, 0.0, header)
    assert window.limit == expected


def test_a_ceiling_learns_nothing() -> None:
    """A share stays what it was made, and its first request does not go alone."""
    window = Window(10, PER, learns=False)
    window.take(0.0)
    assert window.free_at(0.0) == 0.0
    answer(window, 0.0, 120, 0)
    assert (window.limit, window.free_at(0.0)) == (10, 0.0)


def test_what_others_used_is_held_back() -> None:
    """Somebody with the same key used 40 of the 60."""
    window = Window(60, PER, learns=True)
    answer(window, 100.0, 60, 19)
    for _ in range(19):
        assert window.free_at(101.0) == 101.0
        window.given_up(window.take(101.0), 101.0)
    assert window.free_at(101.0) == 160.0


def test_own_requests_are_not_taken_for_others() -> None:
    """Answers that come out of order tell of requests that are in flight."""
    window = known()
    numbers = [window.take(0.0) for _ in range(10)]
    for number, remaining in zip(numbers, [49, 55, *[52] * 8], strict=True):
        window.answered(number, 1.0, 60, remaining)
    assert [window.free_at(1.0), window.estimate(1.0, 48)] == [1.0, 0.0]
    assert window.estimate(1.0, 49) == pytest.approx(59.0)


def test_where_others_are_about_one_request_asks_first() -> None:
    """What became free may be theirs by now; a slow answer does not hold the rest up for long."""
    window = Window(60, PER, learns=True)
    answer(window, 0.0, 60, 49)
    window.take(1.0)
    assert window.free_at(1.0) == 1.0
    asks = window.take(10.0)
    assert window.free_at(10.0) == 12.0
    window.answered(asks, 10.5, 60, 40)
    assert window.free_at(10.5) == 10.5


def test_without_others_nobody_asks_first() -> None:
    """A window that is one's own is one's own after a pause as well."""
    window = known()
    window.take(50.0)
    assert window.free_at(50.0) == 50.0


@pytest.mark.parametrize(("wait", "until"), [(12.0, 22.0), (None, 70.0), (0.0, 11.0)])
def test_a_refusal_pauses_everyone_until_the_reset(wait: float | None, until: float) -> None:
    """A whole window where the server does not say how long, and a little where it says not to wait at all."""
    window = known()
    window.refused(window.take(10.0), 10.0, wait)
    assert window.free_at(10.0) == until


def test_refusals_in_a_row_wait_longer() -> None:
    """A server that refuses at once whatever it says is not asked all the time."""
    window = known()
    waits = []
    now = 0.0
    for _ in range(9):
        window.refused(window.take(now), now, 0.0)
        at = window.free_at(now)
        assert at is not None
        waits.append(at - now)
        now = at
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    answer(window, now)
    window.refused(window.take(now), now, 0.0)
    assert window.free_at(now) == now + 1


def test_refusals_of_what_went_together_are_one() -> None:
    """Thirty requests that were under way at once do not wait thirty times as long."""
    window = known()
    for number in [window.take(0.0) for _ in range(30)]:
        window.refused(number, 0.5, 0.0)
    assert window.free_at(0.5) == 1.5


def test_after_a_refusal_one_request_goes_first() -> None:
    """Its answer tells how much is left, not that of one that was under way before."""
    window = known()
    late = window.take(9.0)
    window.refused(window.take(10.0), 10.0, 5.0)
    window.answered(late, 11.0, 60, 0)
    first = window.take(71.0)
    assert window.free_at(71.0) is None
    window.answered(first, 72.0, 60, 10)
    assert window.free_at(72.0) == 72.0


def test_an_estimate_counts_whole_windows() -> None:
    """With 2 a minute, the fifth waits two minutes."""
    window = Window(2, PER, learns=False)
    assert [round(window.estimate(0.0, ahead)) for ahead in range(5)] == [0, 0, 60, 60, 120]


def test_an_estimate_knows_of_a_pause() -> None:
    """Whoever comes during it waits for its end."""
    window = known()
    window.refused(window.take(10.0), 10.0, 25.0)
    assert window.estimate(20.0, 0) == 15.0


def test_a_fork_keeps_what_was_used() -> None:
    """The parent's requests count as answered."""
    window = Window(2, PER, learns=True)
    window.take(0.0)
    window.forget_in_flight(10.0)
    assert window.free_at(10.0) == 10.0
    assert not window.is_empty(69.0)
    assert window.is_empty(70.0)


class Server:
    """A rate limit as servers count it: at some moment between sending and answer."""

    def __init__(self, kind: Literal["rolling", "fixed"], limit: int, per: float) -> None:
        self.kind, self.limit, self.per = kind, limit, per
        self.counted: list[float] = []

    def remaining(self, now: float) -> int:
        """How many more requests it takes now."""
        if self.kind == "fixed":
            used = sum(1 for at in self.counted if at // self.per == now // self.per)
        else:
            used = sum(1 for at in self.counted if at > now - self.per)
        return self.limit - used


@given(
    kind=st.sampled_from(["rolling", "fixed"]),
    limit=st.integers(1, 8),
    start=st.floats(0, 30),
    latencies=st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 3000)), min_size=1, max_size=80),
)
def test_no_request_is_refused(
    kind: Literal["rolling", "fixed"], limit: int, start: float, latencies: list[tuple[int, int]]
) -> None:
    """Whatever the latencies, where nobody else uses the key; and each window is used to the full."""
    per = 10.0
    server, window, now = Server(kind, limit, per), Window(limit, per, learns=True), 1_000.0 + start
    waiting = list(latencies)
    flying: list[tuple[float, int, str, int]] = []
    begun = now
    while waiting or flying:
        at = window.free_at(now)
        if waiting and at is not None and (not flying or at <= flying[0][0]):
            now = max(now, at)
            there, back = waiting.pop()
            heapq.heappush(flying, (now + there / 1000, window.take(now), "arrives", back))
            continue
        now, number, what, detail = heapq.heappop(flying)
        if what == "arrives":
            left = server.remaining(now)
            assert left > 0
            server.counted.append(now)
            heapq.heappush(flying, (now + detail / 1000, -number, str(number), left - 1))
        else:
            window.answered(int(what), now, limit, detail)
    assert len(server.counted) == len(latencies)
    # Each slot takes one window and one latency at most; the first request and a rounding come on top.
    assert now - begun <= -(-len(latencies) // limit) * (per + 6.0) + 6.0
    assert window.in_flight == 0


def test_what_became_free_while_an_answer_came_is_nobody_elses() -> None:
    """The server may have counted it when it wrote the answer; to take it for others' would waste a slot."""
    window = Window(3, 60.0, learns=True)
    for number, (went, came, remaining) in enumerate([(0.0, 1.0, 2), (2.0, 3.0, 1)], 1):
        assert window.take(went) == number
        window.answered(number, came, 3, remaining)
    third = window.take(62.9)
    assert window.free_at(63.2) == 63.2  # the second slot is free again
    window.answered(third, 63.5, 3, 1)  # written before that, when the second request still counted
    window.take(63.5)
    assert window.free_at(63.5) == 63.5
    window.take(63.5)
    assert window.free_at(63.5) == 123.5


def test_an_answer_that_took_a_whole_window_tells_nothing_of_others() -> None:
    """What it counted may have been forgotten by then, such as a request of one's own."""
    window = Window(3, 60.0, learns=True)
    window.answered(window.take(0.0), 1.0, 3, 2)
    slow = window.take(2.0)
    assert window.free_at(129.0) == 129.0
    window.answered(slow, 130.0, 3, 1)  # written at once, when the first request still counted
    for _ in range(2):
        assert window.free_at(130.0) == 130.0
        window.take(130.0)
    assert window.free_at(130.0) == 190.0
