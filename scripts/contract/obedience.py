"""Whether the sandbox keeps to a contract: a short run of schemathesis, the same each time."""

from __future__ import annotations

import json
import re
from pathlib import Path

from mijnklantportaal_client.testing import RemoteSandbox
from proof import sandbox as proof

_OPTIONS = ("--seed", "20261126", "--max-examples", "1", "--phases", "examples,fuzzing")
_MOST = 80
"""Lines of what it says that are shown."""


def disobedience(contract: Path) -> list[str]:
    """What a sandbox with the demo in it does that the contract does not allow; `make proof` asks much more."""
    count = sum(
        method in ("get", "put", "post", "delete", "patch")
        for item in json.loads(contract.read_text(encoding="utf-8"))["paths"].values()
        for method in item
    )
    with RemoteSandbox.start(rate_limit=None, demo=True) as sandbox:
        ended = proof.ask(sandbox, *_OPTIONS, contract=contract)
        broken = proof.broken(sandbox)
    tested, _, _ = proof.counts(ended.stdout)
    if tested != count:
        broken.append(f"{tested} of {count} operations were asked")
    if ended.returncode:
        broken += [
            "schemathesis found something:",
            *_beginning(ended.stdout),
            *ended.stderr[-500:].splitlines(),
        ]
    return broken


def _beginning(output: str) -> list[str]:
    """The first of what it found, which begins with the operation that it is about."""
    heading = re.search(r"^=+ (?:ERRORS|FAILURES) =+\n", output, re.MULTILINE)
    lines = output[heading.end() if heading else 0 :].strip("\n").splitlines()
    if len(lines) <= _MOST:
        return lines
    return [*lines[:_MOST], f"... and {len(lines) - _MOST} more lines"]
