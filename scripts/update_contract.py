"""Takes a newer document of the vendor in, with a report on what it changes.

python scripts/update_contract.py new.yaml            reports, generates, checks, drafts the changelog
python scripts/update_contract.py --prune new.yaml    the same, and takes useless actions out of the overlay
python scripts/update_contract.py                     finishes an update that was interrupted
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

from codegen.document import ContractError  # noqa: E402
from codegen.overlay import OverlayError  # noqa: E402
from contract.swap import UnfinishedError, finish  # noqa: E402
from contract.update import StoppedError, update  # noqa: E402


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line.

    Returns:
        0 where the new contract is in and holds, 1 where it is in and checks fail, 2 where nothing was written.
    """
    parser = argparse.ArgumentParser(description="Take a newer contract of the vendor in.")
    parser.add_argument("spec", type=Path, nargs="?", help="the vendor's document, YAML or JSON")
    parser.add_argument("--prune", action="store_true", help="take actions out of the overlay that do nothing any more")
    parser.add_argument("--root", type=Path, default=ROOT, help="folder of openapi.yaml (default: the project)")
    options = parser.parse_args(arguments)
    # The checks run in a folder of their own.
    root = options.root.resolve()
    try:
        finished = finish(root)
        if finished:
            print("The interrupted update is in place now.", file=sys.stderr)
        if options.spec is None:
            if finished:
                return 0
            parser.error("which document? make update-contract SPEC=file")
        done = update(root, options.spec, prune=options.prune)
    except StoppedError as stopped:
        print(stopped)
        return 2
    except (ContractError, OverlayError, UnfinishedError, OSError, ValueError) as error:
        print(f"Nothing was written: {error}", file=sys.stderr)
        return 2
    print(done.report)
    return 0 if done.checked else 1


if __name__ == "__main__":
    sys.exit(main())
