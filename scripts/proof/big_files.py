"""Files of 2 GiB go up and come down, whole and in constant memory."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from proof.big_files_server import blocks
from proof.report import Section

SIZE = 2 * 1024**3
MOST_GROWTH = 32 * 1024**2
KINDS = {"upload": "upload of a file", "stream": "upload of an async stream", "download": "download into a file"}
_SCRIPTS = Path(__file__).parents[1]


def judge(kind: str, size: int, digest: str, found: dict[str, Any]) -> list[str]:
    """What is wrong with it."""
    done, total = found["told"]
    wrong = [] if found["digest"] == digest else ["what arrived is not what was sent"]
    wrong += [f"memory grew by {_mebi(found['grown'])}"] if found["grown"] >= MOST_GROWTH else []
    # A body that is uploaded is a little longer than its file.
    right = done == size if kind == "download" else size < done < size + 1000
    wrong += [] if right and total == (None if kind == "stream" else done) else [f"progress told {done} of {total}"]
    return [f"{KINDS[kind]}: {each}" for each in wrong]


def transfer(port: int, kind: str, size: int, file: Path) -> dict[str, Any]:
    """Moves one file in a process of its own."""
    command = [sys.executable, "-W", "error", "-m", "proof.big_files_client", str(port), kind, str(size), str(file)]
    found: dict[str, Any] = json.loads(subprocess.run(command, cwd=_SCRIPTS, stdout=subprocess.PIPE, check=True).stdout)
    return found


def prove(*, scale: float, seed: int) -> Section:  # noqa: ARG001 - nothing here is left to chance
    """Moves a file each way, or with a smaller scale a smaller one."""
    size = int(SIZE * scale)
    server = [sys.executable, "-m", "proof.big_files_server"]
    rows, failures = [], []
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(server, cwd=_SCRIPTS, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process,
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        port = int(process.stdout.readline())
        file, digest = Path(folder) / "file.bin", hashlib.blake2b()
        with file.open("wb") as written:
            for block in blocks(size):
                written.write(block)
                digest.update(block)
        for kind, name in KINDS.items():
            found = transfer(port, kind, size, file)
            failures += judge(kind, size, digest.hexdigest(), found)
            pace = f"{size / found['seconds'] / 1e6:.0f} MB/s"
            rows.append((name, _mebi(size), f"{found['seconds']:.1f} s", pace, _mebi(found["grown"])))
        process.stdin.close()
    text = f"""
A file of {_mebi(size)} went up from the disk and as an async stream, and another came down into a file, over HTTP on
loopback, each in a process of its own that had moved a small file before. What arrived had the hash of what was sent.
The memory of the client's process may grow by less than {_mebi(MOST_GROWTH)} at its peak.
"""
    columns = ("Transfer", "Size", "Time", "Pace", "Memory grew by")
    return Section(title="Large files", text=text, columns=columns, rows=tuple(rows), failures=tuple(failures))


def _mebi(size: int) -> str:
    return f"{size / 1024**2:.0f} MiB"
