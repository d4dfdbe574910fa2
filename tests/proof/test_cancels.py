"""The cancellations at every wait: the proof holds, and finds what is planted."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

from mijnklantportaal_client import _http
from mijnklantportaal_client._call import Call
from proof import cancels, site
from proof.cancels import SCENES, Cancelled, Scene, Series, judge
from proof.site import Site
from proof.stepping import AGAIN, EARLY, LATE, TURNS, WAYS
from tests.conftest import TRANSPORT, httpx_only

SEED = 20261122
# The other transport waits less often, and takes a small answer as a whole.
FEWER = TRANSPORT == "fast"
NOTE = f"customers.create (call {'0' * 32}): outcome unknown: it may have been carried out"


@pytest.mark.slow
def test_every_wait() -> None:
    """Every third wait and every tenth turn: nothing wrong, nothing left, and every kind of outcome was seen."""
    section = cancels.prove(scale=0.1, seed=SEED)
    assert section.failures == ()
    assert len(section.rows) == len(SCENES) * len(WAYS) == 96
    counts = [[int(cell) for cell in row[2:]] for row in section.rows]
    times, *outcomes, wrong = (sum(column) for column in zip(*counts, strict=True))
    assert wrong == 0
    assert times == sum(outcomes) >= (140 if FEWER else 350)
    assert min(outcomes[:-1] if FEWER else outcomes) >= 10
    if not FEWER:
        assert all(row[0] > 0 for row, (_, way, *_) in zip(counts, section.rows, strict=True) if way != TURNS)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, []),
        ({"error": None}, ["ended with a value in place of CancelledError"]),
        ({"error": "APIConnectionError"}, ["ended with APIConnectionError in place of CancelledError"]),
        ({"notes": ()}, ["notes: ()"]),
        ({"notes": (NOTE, NOTE)}, [f"notes: {(NOTE, NOTE)}"]),
        ({"notes": ("outcome unknown",)}, ["notes: ('outcome unknown',)"]),
        ({"executed": 2}, ["carried out 2 times"]),
        ({"notes": (NOTE.replace("unknown", "rejected"),)}, ["rejected, but carried out 1 times"]),
        ({"notes": (NOTE.replace("unknown", "rejected"),), "refused": 1}, []),
    ],
)
def test_judge(change: dict[str, Any], found: list[str]) -> None:
    """Each thing that can be wrong is found."""
    right: dict[str, Any] = {"error": "CancelledError", "notes": (NOTE,), "executed": 1, "refused": 0}
    assert judge("create", Cancelled(**{**right, **change})) == found


def run(place: Site, scene: Scene, way: str, file: Path = Path()) -> Series:
    """Cancels at every place of one scene."""
    series = Series(place, scene, way, file)
    with site.quiet() as noise:
        asyncio.run(series.run(1, 0))
    series.failures += noise
    return series


@pytest.mark.parametrize("way", WAYS)
def test_waits_of_a_call(place: Site, way: str) -> None:
    """A POST waits at least eight times over a new connection, and nowhere is anything left."""
    series = run(place, Scene("create"), way)
    assert series.failures == []
    assert series.cancelled >= (2 if FEWER else 8)
    assert set(series.outcomes) == {"not_sent", "unknown"} | (set() if FEWER else {"accepted"})


def test_waits_of_a_file(place: Site, tmp_path: Path) -> None:
    """A file on the disk is read in threads, and is closed whatever happens."""
    file = tmp_path / "upload.bin"
    file.write_bytes(site.UPLOAD)
    series = run(place, Scene("upload", path=True), AGAIN, file)
    assert series.failures == []
    assert series.cancelled >= (3 if FEWER else 15)


@httpx_only
@pytest.mark.usefixtures("flawed")
@pytest.mark.parametrize("way", [EARLY, LATE])
@pytest.mark.parametrize("scene", [Scene("get"), Scene("create", tls=True)], ids=str)
def test_planted_cancellation(place: Site, monkeypatch: pytest.MonkeyPatch, scene: Scene, way: str) -> None:
    """Without a task of its own, an exchange that is cancelled loses connections."""

    async def run_here(work: Coroutine[Any, Any, Any], _: object = None) -> Any:
        return await work

    assert run(place, scene, way).failures == []
    monkeypatch.setattr(_http, "run", run_here)
    assert any("left: a connection that is not idle" in each for each in run(place, scene, way).failures)


def test_planted_note(place: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A note that is too good to be true is found out."""
    monkeypatch.setattr(Call, "note", lambda _: NOTE.replace("unknown", "not_sent"))
    found = run(place, Scene("create", reused=True), EARLY).failures
    assert any("not_sent, but carried out 1 times" in each for each in found)
