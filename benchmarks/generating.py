"""How long `make generate` takes."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from benchmarks.figures import Figure, summary

ROOT = Path(__file__).parents[1]


def measure(quick: bool = False) -> list[Figure]:
    """Seconds, into a folder that is compared with the one that is there."""
    times: list[float] = []
    for _ in range(1 if quick else 3):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "scripts/generate.py", "--check"], cwd=ROOT, check=True, capture_output=True)
        times.append(time.perf_counter() - begun)
    return [summary("make generate", times, "<= 15", unit="s")]
