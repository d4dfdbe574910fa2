"""Run the long proofs in full and write their sections of docs/proof.md, or a smaller part of them for a look.

python scripts/prove.py [--scale 0.1] [--seed 20261122] [--only faults,cuts] [--output docs/proof.md]
"""

from __future__ import annotations

import argparse
import importlib
import platform
import re
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from proof.report import Section

PROOFS = ("faults", "cuts", "cancels", "fuzz", "soak", "pacing", "pacing_redis", "sandbox", "big_files", "ledger")
HEAD = """# Proof

What the client promises about failures and pacing, run against servers of our own on loopback; the real API was never
reached. `make proof` makes this page anew, CI runs a tenth of it with a fixed seed.
"""


def main(arguments: list[str] | None = None) -> int:
    """Answer 1 where a proof failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full figures; 1.0 by default")
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument("--only", default=",".join(PROOFS), help=f"which of {', '.join(PROOFS)}")
    parser.add_argument("--output", type=Path, help="the page whose sections are made anew; by default nothing is kept")
    given = parser.parse_args(arguments)
    failed = 0
    for name in given.only.split(","):
        begun = time.monotonic()
        section: Section = importlib.import_module(f"proof.{name}").prove(scale=given.scale, seed=given.seed)
        print(f"{name}: {len(section.failures)} failures, {time.monotonic() - begun:.0f} s", flush=True)
        for failure in section.failures:
            print(f"  {failure}", file=sys.stderr)
        failed += len(section.failures)
        if given.output is not None:
            how = f"Scale {given.scale:g}, seed {given.seed}, {platform.system()}, Python {platform.python_version()}."
            write(given.output, name, f"{section.markdown()}\n{how}\n")
    return 1 if failed else 0


def write(page: Path, name: str, text: str) -> None:
    """Put a section into the page, in the place of the old one."""
    old = page.read_text(encoding="utf-8") if page.exists() else ""
    sections = dict(re.findall(r"<!-- (\w+) -->\n(.*?)(?=\n<!-- |\Z)", old, re.DOTALL))
    sections[name] = text
    ordered = (f"<!-- {each} -->\n{sections[each].rstrip()}\n" for each in PROOFS if each in sections)
    page.parent.mkdir(exist_ok=True)
    page.write_text("\n".join([HEAD, *ordered]), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
