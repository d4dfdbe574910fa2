"""The rules on the Redis server against those in one process, step by step."""

from __future__ import annotations

import math
from importlib import resources
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mijnklantportaal_client._window import Window
from proof.redis_site import RedisSite

PER = 60.0
KEYS = [f"{{test}}:{part}" for part in ("state", "used", "foreign", "flying", "waiting", "active")]
# Nothing that the rules know of is a multiple of it, so that no two moments are the same by chance.
STEP = math.sqrt(2) / 10
LEASE = 1e9
CLOCK = "redis.call('TIME')"
# What the script says where only an answer can tell.
UNKNOWN = {25_000, 250_000}


class Script:
    """The script, at moments that are given."""

    def __init__(self, redis: RedisSite) -> None:
        self.client: Any = redis.look()
        self.client.flushall()
        script = resources.files("mijnklantportaal_client").joinpath("_redis.lua").read_text("utf-8")
        assert script.count(CLOCK) == 1
        self._run = self.client.register_script(script.replace(CLOCK, "{1700000000, 0}"))

    def run(
        self, now: float, wanted: int = 0, first: int = 1, *reports: str | float | None, caller: str = "a"
    ) -> list[int]:
        """Tells the ends of requests, in six words each, and asks."""
        settings = [round(now * 1e6), round(PER * 1e6), round(LEASE * 1e6), 60, 0, 0, wanted, first]
        words = ["" if each is None else each for each in reports]
        found: list[int] = self._run(keys=KEYS, args=[caller, "p", *settings, *words])
        return found

    def end(
        self,
        now: float,
        what: str,
        slot: str,
        one: int | None = None,
        two: int | None = None,
        *,
        went: float | None = None,
    ) -> None:
        """Tells the end of one request, which went at another moment or at this one."""
        lasted = 0.0 if went is None else now - went
        self.run(now, 0, 0, what, slot, 0, round(lasted * 1e6), one, two)


class Both:
    """A window here and one at the server, which are told the same."""

    def __init__(self, redis: RedisSite) -> None:
        self.script = Script(redis)
        self.window = Window(60, PER, learns=True)
        self.now = 0.0
        # Of those under way: what the window calls them, and when they went.
        self.numbers: dict[int, tuple[int, float]] = {}
        self.taken = 0
        self.granted = 0

    def take(self) -> None:
        """Asks for a slot, which both give or both refuse, for the same time."""
        at = self.window.free_at(self.now)
        self.taken += 1
        granted, wait, _, limit, *_ = self.script.run(self.now, 1, self.taken)
        assert limit == self.window.limit
        assert granted == (at is not None and at <= self.now), (at, wait)
        if granted:
            self.granted += 1
            self.numbers[self.taken] = self.window.take(self.now), self.now
        elif at is None:
            assert wait in UNKNOWN
        else:
            assert wait / 1e6 == pytest.approx(at - self.now, abs=0.002)

    def end(self, index: int, what: str, one: int | None, two: int | None) -> None:
        """Ends one of those that are under way."""
        if not self.numbers:
            return
        slot = sorted(self.numbers)[index % len(self.numbers)]
        number, went = self.numbers.pop(slot)
        if what == "answered":
            self.window.answered(number, self.now, one, two)
        elif what == "given_up":
            self.window.given_up(number, self.now)
        elif what == "put_back":
            one = one and 1
            self.window.put_back(number, tried=one == 1)
        else:
            wait = None if one is None else one * 1.7
            self.window.refused(number, self.now, wait)
            one = None if wait is None else round(wait * 1e6)
        self.script.end(self.now, what, f"a:{slot}", one, two, went=went)


ENDS = st.sampled_from(["answered", "answered", "answered", "given_up", "put_back", "refused"])
OPERATIONS = st.one_of(
    st.tuples(st.just("take"), st.integers(1, 8)),
    st.tuples(ENDS, st.integers(0, 9), st.sampled_from([None, 1, 3, 6]), st.integers(0, 6) | st.none()),
    st.tuples(st.just("pass"), st.integers(1, 600)),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(OPERATIONS, min_size=5, max_size=40))
@example(steps=[("take", 2), ("answered", 0, 3, 1), ("take", 3), ("answered", 0, 3, 0), ("pass", 430), ("take", 3)])
@example(steps=[("take", 2), ("answered", 0, 3, 1), ("take", 2), ("pass", 506), ("answered", 0, 3, 0), ("take", 3)])
@example(
    steps=[("take", 1), ("answered", 0, 6, 5), ("take", 3), ("refused", 0, None, None), ("pass", 430), ("take", 3)]
)
def test_one_process_alone_may_do_the_same_with_redis_as_without(
    running_redis: RedisSite, steps: list[tuple[Any, ...]]
) -> None:
    """Slots, waits, limits, probes, pauses and what somebody else uses: all as in the window of one process."""
    both = Both(running_redis)
    for what, *arguments in steps:
        both.now += STEP
        if what == "take":
            for _ in range(arguments[0]):
                both.take()
        elif what == "pass":
            both.now += arguments[0] * STEP
        else:
            both.end(arguments[0], what, arguments[1], arguments[2])
    assert both.script.client.zcard(KEYS[3]) == len(both.numbers)
    both.script.client.close()


@pytest.fixture
def script(redis: RedisSite) -> Any:
    """The script in an empty server, where the limit is 60."""
    script = Script(redis)
    script.run(0.0, 1, 1)
    script.end(0.1, "answered", "a:1", 60, None)
    yield script
    script.client.close()


def test_slots_are_shared_evenly_among_those_who_wait(script: Any) -> None:
    """Whoever wants less leaves the rest to the others; the first to come get what can't be shared."""
    assert script.run(1.0, 59, 100)[0] == 59
    wanted = {"b": 3, "c": 40, "d": 100, "e": 100}
    for number, (caller, wants) in enumerate(wanted.items()):
        granted, wait, *_ = script.run(2.0 + number / 100, wants, 1, caller=caller)
        assert (granted, wait > 0) == (0, True)
    for slot in range(59):
        script.end(3.0, "put_back", f"a:{100 + slot}", 1)
    granted = {caller: script.run(3.0, wants, 1, caller=caller)[0] for caller, wants in reversed(wanted.items())}
    assert granted == {"b": 3, "c": 19, "d": 19, "e": 18}


def test_whoever_was_served_comes_after_the_others(script: Any) -> None:
    """One slot after another, for three who want many."""
    assert script.run(1.0, 59, 100)[0] == 59
    for number, caller in enumerate("bcd"):
        assert script.run(2.0 + number / 100, 9, 1, caller=caller)[0] == 0
    served: list[str] = []
    for round_ in range(6):
        script.end(3.0 + round_, "put_back", f"a:{100 + round_}", 1)
        served += [c for c in "dcb" if script.run(3.1 + round_, 9, 10 + 10 * round_, caller=c)[0] == 1]
    assert served == ["b", "c", "d", "b", "c", "d"]


def test_what_is_kept_for_others_is_looked_for_again_soon(script: Any) -> None:
    """And taken where they do not come."""
    assert script.run(1.0, 59, 100)[0] == 59
    assert script.run(2.0, 5, 1, caller="b")[0] == 0
    script.end(3.0, "put_back", "a:100", 1)
    granted, wait, *_ = script.run(3.0, 1, 200, caller="c")
    assert (granted, wait) == (0, 20_000)
    # The one for whom it was kept should have looked after six seconds at the latest, and had one second more.
    assert script.run(8.9, 1, 201, caller="c")[0] == 0
    assert script.run(9.1, 1, 202, caller="c")[0] == 1


def test_reports_that_come_twice_count_once(script: Any) -> None:
    """As where the answer to the first got lost."""
    assert script.run(1.0, 4, 100)[0] == 4
    for what, slot, one in (("answered", 100, 60), ("given_up", 101, None), ("put_back", 102, 1), ("refused", 103, 0)):
        for _ in range(2):
            script.end(2.0, what, f"a:{slot}", one, None)
    assert script.client.zcard(KEYS[3]) == 0
    assert sorted(script.client.zrange(KEYS[1], 0, -1)) == [b"a:1", b"a:100", b"a:101"]
    assert script.client.hget(KEYS[0], "refusals") == b"1"


def test_a_report_that_comes_late_frees_its_slot_in_time(script: Any) -> None:
    """One window after the answer, whenever it was told."""
    assert script.run(1.0, 59, 100)[0] == 59
    late = [each for number in range(59) for each in ("given_up", f"a:{100 + number}", round(9e6), 0, "", "")]
    script.run(11.0, 0, 0, *late)
    assert script.run(61.5, 2, 200)[0] == 1
    assert script.run(62.5, 60, 300)[0] == 59


def test_times_at_which_more_may_go(script: Any) -> None:
    """For those who wait, in their order; what is under way is taken to end now."""
    assert script.run(1.0, 59, 100)[0] == 59
    script.end(10.0, "given_up", "a:100", None)
    granted, wait, again, limit, _, _, others, wanted_by_others, *times = script.run(20.0, 3, 200)
    assert (granted, again, limit, others, wanted_by_others) == (0, 6_000_000, 60, 0, 0)
    assert [round(each / 1e6, 1) for each in [wait, *times[:3]]] == [40.1, 40.1, 50.0, 60.0]
    assert len(times) == 60


def test_what_became_free_while_an_answer_came_is_nobody_elses(script: Any) -> None:
    """As in the window of one process: the server may have counted it when it wrote the answer."""
    for slot, went, came, remaining in ((2, 61.0, 61.2, 2), (3, 62.0, 63.0, 1)):
        assert script.run(went, 1, slot)[0] == 1
        script.end(came, "answered", f"a:{slot}", 3, remaining, went=went)
    assert script.run(122.9, 1, 4)[0] == 1
    # The slot of the third one is free again, but the answer was written before that.
    script.end(123.5, "answered", "a:4", 3, 1, went=122.9)
    assert script.client.zcard(KEYS[2]) == 0
    assert script.run(123.5, 3, 5)[0] == 2
