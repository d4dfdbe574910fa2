"""Whether the sandbox keeps to the contract, asked by schemathesis."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from mijnklantportaal_client.testing import RemoteSandbox

from .report import Section

CONTRACT = Path(__file__).parents[2] / "mijnklantportaal_client" / "_generated" / "contract.json"
EXAMPLES = 40
"""Requests of each operation and kind at scale 1."""
OPERATIONS = 70
# A valid request that is refused is no fault: most need IDs that exist, and what they are about in the right state. And
# what DELETE is for, an appointment that is canceled or a payment link that is closed, is still there afterwards.
_UNFIT = "positive_data_acceptance,use_after_free"
_OPTIONS = ["--exclude-checks", _UNFIT, "--continue-on-failure", "--no-shrink", "--no-color"]
_PHASES = "examples,fuzzing,stateful"


def prove(*, scale: float, seed: int) -> Section:
    """Ask a sandbox with the demo in it."""
    examples = max(1, round(EXAMPLES * scale))
    phases = f"{_PHASES},coverage" if scale >= 1 else _PHASES
    with RemoteSandbox.start(rate_limit=None, demo=True) as sandbox:
        ended = ask(sandbox, "--seed", str(seed), "--max-examples", str(examples), "--phases", phases)
        failures = broken(sandbox)
    tested, generated, passed = counts(ended.stdout)
    if tested != OPERATIONS:
        failures.append(f"{tested} of {OPERATIONS} operations were asked")
    if ended.returncode != 0:
        failures.append(f"schemathesis found something:\n{ended.stdout[-5000:]}{ended.stderr[-1000:]}")
    return Section(
        title="The sandbox against the contract",
        text="schemathesis asks a sandbox with the demo in it what the contract allows and what it does not, by itself "
        f"and in chains of operations ({phases}; {examples} examples, seed {seed}), with all its checks but two: that "
        "a valid request is never refused, which needs IDs that exist, and that what was deleted is gone: the two "
        "DELETEs of this API cancel and close.",
        columns=("Operations", "Requests", "Kept to the contract"),
        rows=((str(tested), str(generated), str(passed)),),
        failures=tuple(failures),
    )


def broken(sandbox: RemoteSandbox) -> list[str]:
    """The requests that it could not answer."""
    failed = [each for each in sandbox.requests if each.status is None or each.status >= 500]
    return [f"{each.method} {each.path} was answered {each.status}" for each in failed]


def ask(sandbox: RemoteSandbox, *options: str, contract: Path = CONTRACT) -> subprocess.CompletedProcess[str]:
    """One run of schemathesis."""
    command = [sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()", "run", str(contract)]
    access = ["--url", sandbox.base_url, "-H", f"Authorization: Bearer {sandbox.key}"]
    environment = {
        **os.environ,
        "SCHEMATHESIS_HOOKS": "schemathesis_formats",
        "PYTHONPATH": str(Path(__file__).parent),
        "NO_PROXY": "127.0.0.1",
    }
    with tempfile.TemporaryDirectory() as folder:
        return subprocess.run(
            [*command, *access, *_OPTIONS, *options],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )


def counts(output: str) -> tuple[int, int, int]:
    """How many operations were asked, how many requests there were, and how many answers were as they should be."""
    found = re.search(r"Tested: (\d+).* (\d+) generated(?:, (\d+) passed)?", output, re.DOTALL)
    return (int(found[1]), int(found[2]), int(found[3] or 0)) if found else (0, 0, 0)
