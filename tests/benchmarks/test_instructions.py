"""The instructions of Python that a call takes: as many as ever, compared with others in the same run."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Measured on Python 3.11: 1.062, 0.298, 1.87, 1.025 and 1.024; on 3.12 and 3.13 1.073, 1.030 and 1.028 at most without
# `fast`. Versions of the libraries make a few per cent.
LIMITS = {
    ("default", "httpx"): 1.11,
    ("fast", "httpx"): 0.33,
    ("fast", "raw aiohttp"): 2.05,
    ("default", "unpaced"): 1.03,
    ("hooked", "unpaced"): 1.03,
}


@pytest.fixture(scope="module")
def counts() -> dict[str, int]:
    """Counted in a process of its own, where nobody else looks at each instruction."""
    command = [sys.executable, "-m", "benchmarks.instructions"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    counted: dict[str, int] = json.loads(done.stdout)
    return counted


@pytest.mark.parametrize(("ours", "theirs"), LIMITS)
def test_no_more_than_before(counts: dict[str, int], ours: str, theirs: str) -> None:
    """Whoever makes a call dearer has to say so here."""
    assert counts[theirs] > 1000
    assert counts[ours] / counts[theirs] <= LIMITS[ours, theirs]
