"""The proof by faults: it holds, it is complete, and it finds what is planted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import attrs
import pytest

from mijnklantportaal_client import _dispatch, _http, _wire
from mijnklantportaal_client._outcome import Outcome
from proof import fault_answers, fault_server, faults, site
from proof.fault_table import FAULTS, Expected
from proof.faults import Cell
from proof.judge import Seen, honest, judge
from proof.site import METHODS, Site, Watch
from tests.conftest import httpx_only

SEED = 20261122
# What no table of single calls can show: each has a test of its own.
ELSEWHERE = {"after", "closes_when_idle", "lost_when_reused", "retry_date", "silent"}


@pytest.mark.slow
def test_a_tenth() -> None:
    """Every slow fault, the heavy ones with two calls each, and a tenth of the others, all of which e2e tests meet."""
    section = faults.prove(scale=0.1, seed=SEED)
    assert section.failures == ()
    assert len(section.rows) == len(FAULTS) == 134
    cells = {
        (name, method): cell
        for name, row in zip(FAULTS, section.rows, strict=True)
        for method, cell in zip(METHODS, row[2:], strict=True)
        if cell
    }
    slow = [cell for cell in cells if FAULTS[cell[0]].slow]
    heavy = [cell for cell in cells if FAULTS[cell[0]].heavy]
    assert len(slow) == sum(fault.slow for fault in FAULTS.values()) * len(METHODS) == 66
    assert len(heavy) == 7 * 2
    assert 50 < len(cells) - len(slow) - len(heavy) < 100
    assert cells["bomb", "create"] == "accepted, 1"


def test_cells_are_complete(place: Site) -> None:
    """In full, every fault meets every kind of call that can meet it, in an order of its own for each seed."""
    cells = [(cell.name, cell.method) for cell in faults.cells(place, 1.0, SEED)]
    assert len(cells) == len(set(cells)) == 134 * 6 - 2 * 2
    assert {name for name, _ in cells} == set(FAULTS)
    again, other = ([(cell.name, cell.method) for cell in faults.cells(place, 1.0, seed)] for seed in (SEED, 7))
    assert cells == again
    assert sorted(cells) == sorted(other)
    assert cells != other


def test_table_is_complete() -> None:
    """Whatever the server can do wrong is in the table."""
    known = set(fault_answers.PLAIN) | set(fault_answers.STREAMS) | set(fault_answers.DRIPS)
    known |= set(fault_server.Faults().acts)
    assert known - set(FAULTS) <= ELSEWHERE
    assert sum(fault.heavy for fault in FAULTS.values()) == 7


@pytest.mark.parametrize(
    ("name", "method", "expected"),
    [
        ("reset", "get", Expected("APIConnectionError", "unknown", 4, 4)),
        ("reset", "update", Expected("APIConnectionError", "unknown", 1, 1)),
        ("refused", "upload", Expected("APIConnectionError", "not_sent", 4, 0)),
        ("refused", "stream", Expected("APIConnectionError", "not_sent", 1, 0)),
        ("retry_seconds", "create", Expected(None, None, 2, 2)),
        ("retry_seconds", "stream", Expected("RateLimitError", "rejected", 1, 1)),
        ("busy_once", "get", Expected(None, None, 2, 2)),
        ("busy_once", "cancel", Expected("ServerError", "unknown", 1, 1)),
        ("status_303", "get", Expected("APIStatusError", "rejected", 1, 1)),
        ("status_303", "create", Expected("APIStatusError", "unknown", 1, 1)),
        ("hang", "get", Expected("APITimeoutError", "unknown", 2, 2)),
    ],
)
def test_table(name: str, method: str, expected: Expected) -> None:
    """What it expects of a kind of call."""
    assert FAULTS[name].expected(method) == expected


WANTED = Expected("ServerError", "unknown", 1, 1)
RIGHT = Seen(error="ServerError", outcome="unknown", attempts=1, begun=1, executed=1)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({}, []),
        ({"error": "APIStatusError"}, ["error: 'APIStatusError' in place of 'ServerError'"]),
        ({"outcome": "rejected"}, ["outcome: 'rejected' in place of 'unknown'"]),
        ({"executed": 2}, ["executed: 2 in place of 1"]),
        ({"attempts": 2}, ["attempts: 2 in place of 1"]),
        ({"begun": 2, "attempts": 2}, ["begun: 2 in place of 1"]),
        ({"chained": True}, ["chained: True in place of False"]),
    ],
)
def test_judge(change: dict[str, Any], problem: list[str]) -> None:
    """Each thing that can be wrong is found."""
    assert judge(WANTED, attrs.evolve(RIGHT, **change)) == problem


def test_judge_of_a_value() -> None:
    """A value has to be the right one, and a refusal is none."""
    wanted = Expected(None, None, 1, 1)
    assert judge(wanted, Seen(begun=1, executed=1, value="cst_abc12345def678")) == []
    assert judge(wanted, Seen(begun=1, executed=1, value="cst_other")) == [
        "value: 'cst_other' in place of 'cst_abc12345def678'"
    ]
    assert len(judge(wanted, RIGHT)) == 3


def test_judge_where_either_may_be() -> None:
    """Where it depends on who is faster, `not_sent` is right as long as nothing was executed."""
    wanted = Expected("APIConnectionError", "unknown", 4, 0)
    unsent = Seen(error="APIConnectionError", outcome="not_sent", attempts=4, begun=4, executed=0)
    assert judge(wanted, unsent, either=True) == []
    assert judge(wanted, unsent) == ["outcome: 'not_sent' in place of 'unknown'"]
    assert judge(wanted, attrs.evolve(unsent, executed=1), either=True) == ["not sent, but executed"]
    assert judge(wanted, attrs.evolve(unsent, outcome="rejected"), either=True) != []


@pytest.mark.parametrize(
    ("method", "outcome", "executed", "refused", "wrong"),
    [
        ("create", "not_sent", 0, 0, []),
        ("create", "unknown", 0, 0, []),
        ("create", "unknown", 1, 0, []),
        ("create", "accepted", 1, 0, []),
        ("create", None, 2, 1, []),
        ("create", "rejected", 1, 1, []),
        ("get", "unknown", 4, 0, []),
        ("create", "not_sent", 1, 1, ["not_sent, but the server read 1 requests"]),
        ("create", "rejected", 1, 0, ["rejected, but carried out 1 times"]),
        ("create", "accepted", 0, 0, ["accepted, but not carried out"]),
        ("create", None, 0, 0, ["a value, but not carried out"]),
        ("create", "unknown", 2, 0, ["carried out 2 times"]),
    ],
)
def test_honest(method: str, outcome: str | None, executed: int, refused: int, wrong: list[str]) -> None:
    """An outcome may be worse than what happened, and never better."""
    assert honest(method, outcome, executed, refused) == wrong


def problems(place: Site, name: str, method: str) -> list[str]:
    """What the proof says of one cell."""

    async def run() -> list[str]:
        watch = Watch()
        cell = Cell(place, name, method)
        await cell.begin(watch)
        await cell.finish(watch)
        return cell.problems

    with site.quiet():
        return asyncio.run(run())


def retries_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client like others: whatever fails is sent again."""
    monkeypatch.setattr(_dispatch, "should_retry", lambda policy, **about: about["attempt"] < policy.max_attempts)


def keeps_leftovers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection with more in it than the answer is used again."""
    monkeypatch.setattr(_http, "_has_more", lambda _: False)


def takes_all_for_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A status that says nothing is taken for a refusal."""
    monkeypatch.setattr(_wire, "status_outcome", lambda *_: Outcome.REJECTED)


def closes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer is never ended."""

    async def end(_: object) -> None:
        pass

    monkeypatch.setattr(_http, "_end", end)


@pytest.mark.usefixtures("flawed")
@pytest.mark.parametrize(
    ("plant", "name", "method", "found"),
    [
        (retries_everything, "reset", "create", "executed: 4 in place of 1"),
        (retries_everything, "status_500", "upload", "begun: 4 in place of 1"),
        pytest.param(
            keeps_leftovers,
            "two_answers",
            "create",
            "the call after it got the answer cst_abc12345def678",
            marks=httpx_only,
        ),
        pytest.param(
            keeps_leftovers,
            "junk_after_answer",
            "update",
            "the call after it failed: customers.update: ",
            marks=httpx_only,
        ),
        (takes_all_for_refused, "status_500", "cancel", "outcome: 'rejected' in place of 'unknown'"),
        pytest.param(closes_nothing, "cut_404", "create", "left: a connection that is not idle", marks=httpx_only),
    ],
)
def test_planted(
    place: Site,
    monkeypatch: pytest.MonkeyPatch,
    plant: Callable[[pytest.MonkeyPatch], None],
    name: str,
    method: str,
    found: str,
) -> None:
    """A client with a flaw is found out."""
    assert problems(place, name, method) == []
    plant(monkeypatch)
    wrong = problems(place, name, method)
    assert any(found in each for each in wrong)
    assert all(each.startswith(f"{name}, {METHODS[method]}: ") for each in wrong)
