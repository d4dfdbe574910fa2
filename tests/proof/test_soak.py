"""The soak: nothing runs twice, nothing is left, and the judges find what is planted."""

from __future__ import annotations

import asyncio
import os
import socket
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from mijnklantportaal_client import MijnKlantportaal, Outcome, RetryPolicy
from proof import soak, soak_calls, soak_judge, soak_server
from proof.soak_calls import plan_of
from proof.soak_judge import End, Notes, Sample, judge, judge_flat
from proof.soak_server import WEIGHTS, fault_of, reference_of

SEED = 20261122
LIMIT = RetryPolicy()


def number_of(cell: str) -> int:
    """The number in a cell."""
    return int(cell.replace(",", ""))


@pytest.mark.slow
def test_two_thousand_calls() -> None:
    """A tenth of the proof: every call ended as the ledger says, and nothing is left."""
    section = soak.prove(scale=0.1, seed=SEED)
    assert section.failures == ()
    total = dict(zip(section.columns, section.rows[-1], strict=True))
    assert total["Call"] == "**all**"
    assert total["Calls"] == "2,000"
    assert [row[0] for row in section.rows[:-1]] == list(soak_calls.KINDS)
    ends = ("Value", "`NOT_SENT`", "`REJECTED`", "`UNKNOWN`", "`ACCEPTED`", "Not begun")
    # A walk that was cancelled between its calls has no outcome of its own.
    assert number_of(total["Calls"]) - 20 <= sum(number_of(total[end]) for end in ends) <= number_of(total["Calls"])
    assert min(number_of(total[end]) for end in (*ends[:-1], "Interrupted", "Once")) > 20
    assert number_of(total["Value"]) > 400
    writes = [row for row in section.rows[:-1] if row[0] not in soak_calls.READS]
    assert {row[-1] for row in writes} == {"0"}
    assert number_of(total["More than once"]) > 0
    assert f"times, in {len(WEIGHTS) - 1} ways." in section.text
    assert "0 tasks were left" in section.text


@pytest.mark.slow
def test_a_client_that_sends_again_is_found() -> None:
    """With retries that are not safe, the ledger shows what ran twice."""
    section = soak.run(200, SEED, RetryPolicy(retry_unsafe=True))
    twice = [failure for failure in section.failures if "was carried out 2 times" in failure]
    assert twice
    assert all(f"seed {SEED}, call " in failure and "faults in turn" in failure for failure in twice)
    assert sum(number_of(row[-1]) for row in section.rows[:-1] if row[0] not in soak_calls.READS) >= len(twice)


@pytest.mark.slow
def test_what_is_left_behind_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sockets, tasks and memory that calls leave, and answers that get to the wrong one, are all told."""
    sockets: list[socket.socket] = []
    memory: list[object] = []

    async def leaves_a_socket(portal: MijnKlantportaal, reference: str) -> str:
        sockets.append(socket.socket())
        return reference

    async def leaves_a_task(portal: MijnKlantportaal, reference: str) -> str:
        tasks.add(asyncio.create_task(asyncio.Event().wait()))
        return reference

    async def leaves_memory(portal: MijnKlantportaal, reference: str) -> str:
        memory.extend(object() for _ in range(400))
        return reference

    async def gets_another(portal: MijnKlantportaal, reference: str) -> str:
        return reference_of(7)

    async def fails(portal: MijnKlantportaal, reference: str) -> str:
        raise LookupError(reference)

    tasks: set[asyncio.Task[Any]] = set()
    makers = {
        "get": leaves_a_socket,
        "create": leaves_a_task,
        "update": leaves_memory,
        "reply": gets_another,
        "raw": fails,
    }
    monkeypatch.setattr(soak_calls, "_MAKERS", soak_calls._MAKERS | makers)
    monkeypatch.setattr(soak, "_MOST_FAILURES", 1000)
    section = soak.run(300, SEED, LIMIT)
    for each in sockets:
        each.close()
    text = "\n".join(section.failures)
    assert "sockets are open at the end" in text
    assert "tasks are left at the end" in text
    assert "tasks were left" in text
    assert "blocks of memory more" in text
    assert "got the answer of ref0000007z" in text
    assert "LookupError" in text
    # It says that it got a value, and the server knows of nothing.
    assert "ended as VALUE and was carried out 0 times" in text


@pytest.mark.slow
def test_calls_that_are_stuck_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call that never ends does not hold the proof up for ever."""

    async def hangs(portal: MijnKlantportaal, reference: str) -> str:
        await asyncio.Event().wait()
        return reference

    monkeypatch.setattr(soak_calls, "_MAKERS", soak_calls._MAKERS | {"update": hangs})
    monkeypatch.setattr(soak, "LONGEST_BATCH", 2.0)
    section = soak.run(200, SEED, LIMIT)
    assert f"seed {SEED}: calls were stuck for 2.0 s" in section.failures
    assert any(failure.endswith("it never ended") for failure in section.failures)
    assert len(section.failures) <= soak._MOST_FAILURES + 1


def first(kind: str) -> int:
    """The first call of a kind."""
    return next(number for number in range(1_000) if plan_of(SEED, number).kind == kind)


def lines(kind: str, end: End, executed: int, told: int = 1, outcome: End | None = None) -> list[str]:
    """What the judge says of one call."""
    number = first(kind)
    notes = Notes.of(number + 1)
    notes.ends[number] = end
    notes.told[number] = told
    same = End.ACCEPTED if end is End.VALUE else end
    notes.outcomes[number] = same if outcome is None else outcome
    found = judge(SEED, notes, Counter({reference_of(number): executed}), number)
    assert all(line.startswith(f"seed {SEED}, call {number}, {kind}, faults in turn ") for line in found)
    return [line.rpartition(": ")[2] for line in found]


@pytest.mark.parametrize("kind", ["create", "update", "cancel", "upload", "stream", "raw"])
@pytest.mark.parametrize(
    ("end", "right", "wrong"),
    [
        (End.VALUE, (1,), (0, 2)),
        (End.ACCEPTED, (1,), (0, 2, 3)),
        (End.NOT_SENT, (0,), (1, 2)),
        (End.REJECTED, (0,), (1, 2)),
        (End.UNKNOWN, (0, 1), (2, 3)),
    ],
)
def test_what_a_write_may_have_done(kind: str, end: End, right: tuple[int, ...], wrong: tuple[int, ...]) -> None:
    """How often a write was carried out has to fit its outcome."""
    for executed in right:
        assert lines(kind, end, executed) == []
    for executed in wrong:
        assert lines(kind, end, executed) == [f"ended as {end.name} and was carried out {executed} times"]


def test_what_a_read_may_have_done() -> None:
    """A read may run again, but not where nothing was sent."""
    assert lines("get", End.VALUE, 3) == lines("get", End.UNKNOWN, 0) == lines("get", End.REJECTED, 1) == []
    assert lines("get", End.VALUE, 0) == ["ended as VALUE and was carried out 0 times"]
    assert lines("get", End.NOT_SENT, 1) == ["ended as NOT_SENT and was carried out 1 times"]
    assert lines("walk", End.NOT_SENT, 2) == lines("walk", End.NO_NOTE, 2, told=2) == []


def test_other_things_that_are_wrong() -> None:
    """Calls that do not end, say nothing, or say something else to hooks; and what nobody asked for."""
    assert lines("create", End.NONE, 0) == ["it never ended"]
    assert lines("create", End.NO_NOTE, 0) == ["its CancelledError has no note"]
    assert lines("create", End.VALUE, 1, told=0) == ["on_outcome came 0 times"]
    assert lines("create", End.VALUE, 1, told=2) == ["on_outcome came 2 times"]
    assert lines("create", End.NEVER_BEGUN, 0, told=0) == []
    assert lines("create", End.NEVER_BEGUN, 1, told=0) == ["ended as NEVER_BEGUN and was carried out 1 times"]
    said = "ended as UNKNOWN, and on_outcome said REJECTED"
    assert lines("create", End.UNKNOWN, 0, outcome=End.REJECTED) == [said]
    assert lines("dead", End.NOT_SENT, 0) == []
    assert lines("dead", End.UNKNOWN, 1) == ["ended as UNKNOWN and was carried out 1 times"]
    assert judge(1, Notes.of(0), Counter({"ref9": 1})) == ["seed 1: ref9 was carried out and nobody asked"]
    assert [End.of(outcome).name for outcome in Outcome] == [outcome.name for outcome in Outcome]


def flat(blocks: int = 0, resident: int = 0, sockets: int = 3, tasks: int = 1) -> list[str]:
    """What the judge says of a run where the last half differs by this much."""
    early = [Sample(calls, 3, 1, 100_000, 10**8) for calls in range(1_000, 11_000, 1_000)]
    late = [Sample(calls, sockets, tasks, 100_000 + blocks, 10**8 + resident) for calls in range(11_000, 21_000, 1_000)]
    return judge_flat(early + late, most_sockets=43)


def test_what_is_flat() -> None:
    """Less than half a block for each call may be added."""
    assert flat() == flat(sockets=43) == flat(blocks=-5_000) == flat(resident=2**20) == []
    assert flat(blocks=11_000) == ["11000 blocks of memory more after 11000 more calls, 7000 may be"]
    assert flat(resident=20 * 2**20) == ["20.0 MiB more after 11000 more calls, 16 may be"]
    assert len(flat(tasks=2)) == len(flat(sockets=44)) == 10
    assert flat(tasks=2)[0] == "after 11000 calls 1 tasks were left"
    assert flat(sockets=44)[0] == "after 11000 calls 44 sockets were open, 43 may be"


def test_systems_that_tell_less(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system does not say what is open, the rest is judged."""
    unknown = [Sample(calls, None, 1, 1, None) for calls in range(100, 900, 100)]
    assert judge_flat(unknown, most_sockets=0) == []
    monkeypatch.setattr(Path, "is_dir", lambda self: False)
    assert soak_judge.open_sockets() is None
    monkeypatch.setattr(os, "sysconf", lambda name: int("no"))
    assert soak_judge.resident_bytes() is None


def test_open_sockets_are_counted() -> None:
    """A socket more is one more."""
    before = soak_judge.open_sockets()
    with socket.socket():
        now = soak_judge.open_sockets()
    assert (before is None and now is None) or (before is not None and now == before + 1)


def test_plans_and_faults_are_the_same_each_time() -> None:
    """What is done depends on the seed alone."""
    assert [plan_of(1, number) for number in range(200)] == [plan_of(1, number) for number in range(200)]
    assert [fault_of(1, "x", n) for n in range(50)] == [fault_of(1, "x", n) for n in range(50)]
    assert {fault_of(1, "x", n) for n in range(5_000)} == set(WEIGHTS)
    kinds = Counter(plan_of(SEED, number).kind for number in range(2_000))
    assert set(kinds) == set(soak_calls.KINDS)
    plans = [plan_of(SEED, number) for number in range(2_000)]
    assert sum(plan.paced for plan in plans) == 1_000
    for name in ("deadline", "turns", "cancel", "give_up"):
        assert 50 < sum(getattr(plan, name) is not None for plan in plans) < 1_000


def test_requests_that_do_not_fit_are_written_down(tmp_path: Any) -> None:
    """A body that belongs to another request is in the ledger as such, so that nobody asked for it."""
    server = soak_server.SoakServer(str(tmp_path / "ledger"), 1)
    server.carry_out("POST /v1/customers", reference_of(1), b'{"companyName": "ref0000002z"}')
    server.carry_out("DELETE /v1/appointments/apt_ref0000003z", reference_of(3), b"")
    found = server.ledger.execute("SELECT * FROM executed").fetchall()
    server.ledger.close()
    assert found == [("ref0000002z in the request of ref0000001z", "POST"), ("ref0000003z", "DELETE")]
