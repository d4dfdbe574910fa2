"""Run the benchmarks side by side: a table here, the same in benchmarks/results.md, and plots in docs/images.

python -m benchmarks [--quick] [--only calls,pages] [--output benchmarks/results.md]
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import report

if TYPE_CHECKING:
    from benchmarks.figures import Figure

MODULES = {
    "calls": "One call after another, and 100 in flight",
    "pages": "A list of 40 pages",
    "decoding": "Decoding",
    "imports": "Import",
    "memory": "Memory",
    "pacing": "Pacing",
    "costs": "What a call costs",
    "tls": "TLS on loopback",
    "tenants": "Many tenants",
    "ledger_cost": "The ledger",
    "sandbox": "The sandbox",
    "generating": "make generate",
}
HERE = Path(__file__).parent
IMAGES = HERE.parent / "docs" / "images"


def main(arguments: list[str] | None = None) -> int:
    """Answer 1 where a figure is not what it should be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a look that takes seconds; its figures vary")
    parser.add_argument("--only", help=f"which of {', '.join(MODULES)}")
    parser.add_argument("--output", type=Path, help="the page whose sections are made anew, with their plots")
    given = parser.parse_args(arguments)
    missed = False
    for name in given.only.split(",") if given.only else MODULES:
        if importlib.util.find_spec(f"benchmarks.{name}") is None:
            print(f"benchmarks/{name}.py: there is no such benchmark", file=sys.stderr)
            continue
        begun = time.monotonic()
        figures: list[Figure] = importlib.import_module(f"benchmarks.{name}").measure(quick=given.quick)
        title = MODULES.get(name, name)
        print(f"\n{report.text(title, figures)}\n({time.monotonic() - begun:.0f} s)", flush=True)
        missed = missed or any(figure.met is False for figure in figures)
        if given.output is not None:
            report.write(given.output, tuple(MODULES), name, report.markdown(title, figures))
            report.plot(IMAGES / f"bench-{name}.svg", title, figures)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
