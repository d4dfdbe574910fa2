"""Files go up and come down in constant memory: a smaller one, and whether the proof would see what is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from proof import big_files
from proof.big_files import MOST_GROWTH, judge
from proof.big_files_client import begin_to_watch, memory

pytestmark = pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="only Linux tells what is held")
SIZE = 64 * 1024**2


def test_64_mebibytes() -> None:
    """Twice the size of what memory may grow by, each way."""
    section = big_files.prove(scale=1 / 32, seed=0)
    assert section.failures == ()
    assert [row[1] for row in section.rows] == ["64 MiB"] * 3


def test_memory_is_seen() -> None:
    """What is held for a moment counts."""
    before = begin_to_watch()
    held = b"x" * SIZE
    del held
    # Some of what was held before may be given back meanwhile.
    assert abs(memory("VmHWM") - before - SIZE) < 8 * 1024**2


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({}, []),
        ({"digest": "b"}, ["what arrived is not what was sent"]),
        ({"grown": MOST_GROWTH}, ["memory grew by 32 MiB"]),
        ({"told": (SIZE, SIZE)}, [f"progress told {SIZE} of {SIZE}"]),
        ({"told": (SIZE + 200, None)}, [f"progress told {SIZE + 200} of None"]),
    ],
)
def test_judge(change: dict[str, Any], wrong: list[str]) -> None:
    """Each thing that can be wrong with an upload is found."""
    found = {"digest": "a", "grown": 0, "told": (SIZE + 200, SIZE + 200), **change}
    assert judge("upload", SIZE, "a", found) == [f"upload of a file: {each}" for each in wrong]
