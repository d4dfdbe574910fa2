"""Whether contract, overlay, generated code, public names and sandbox fit together.

python scripts/check_contract.py              runs every check; the status is 1 where one fails
python scripts/check_contract.py --agree      writes api-surface.json: the public names as they are now
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

from contract import snapshot  # noqa: E402
from contract.checks import CHECKS, Check, Project, problems  # noqa: E402
from contract.swap import UnfinishedError, refuse_unfinished  # noqa: E402


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; the status is 0 where everything holds."""
    parser = argparse.ArgumentParser(description="Check that contract and client fit together.")
    parser.add_argument("--agree", action="store_true", help="agree to the public names as they are now")
    parser.add_argument("--root", type=Path, default=ROOT, help="folder of openapi.yaml (default: the project)")
    options = parser.parse_args(arguments)
    try:
        refuse_unfinished(options.root)
    except UnfinishedError as error:
        print(error, file=sys.stderr)
        return 1
    return agree(options.root) if options.agree else check(options.root)


def check(root: Path, checks: Sequence[Check] = CHECKS) -> int:
    """Runs all checks, also after one has failed, and prints a line for each."""
    project = Project(root)
    failed: set[str] = set()
    # Most of its time the last one waits for other processes.
    with ThreadPoolExecutor(1) as beside:
        early = {each.name: beside.submit(_timed, each, project) for each in checks if each.name == "sandbox"}
        for each in checks:
            blocked = failed.intersection(each.needs)
            if blocked:
                found, seconds = [f"can't be looked at before this holds: {', '.join(sorted(blocked))}"], 0.0
            else:
                found, seconds = early[each.name].result() if each.name in early else _timed(each, project)
            print(f"{'FAILED' if found else 'ok':<7} {each.name:<23} {seconds:5.1f} s", flush=True)
            for line in found:
                print(f"        {line}", flush=True)
            if found:
                failed.add(each.name)
    if failed:
        print(f"{len(failed)} of {len(checks)} checks failed", file=sys.stderr)
    return 1 if failed else 0


def agree(root: Path) -> int:
    """Writes the public names down, unless a released version is broken by a version that does not say so."""
    after = snapshot.current(root)
    before = snapshot.agreed(root)
    if before is not None:
        verdict = snapshot.judge(before, after, released=snapshot.last_released(root))
        for change in verdict.changes:
            print(f"{'breaks users: ' if change.breaking else ''}{change}")
        if verdict.problem:
            print(f"{verdict.problem}; raise it in mijnklantportaal_client/_version.py first", file=sys.stderr)
            return 1
    (root / snapshot.FILE).write_text(after.text(), encoding="utf-8")
    print(f"{snapshot.FILE} holds the {len(after.names)} public names of {after.version}")
    return 0


def _timed(each: Check, project: Project) -> tuple[list[str], float]:
    started = time.monotonic()
    return problems(each, project), time.monotonic() - started


if __name__ == "__main__":
    # Whoever is asked to end stops the sandbox first.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    sys.exit(main())
