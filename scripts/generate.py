"""Makes `mijnklantportaal_client/_generated` from openapi.yaml and openapi.overlay.yaml.

python scripts/generate.py            writes the package
python scripts/generate.py --check    writes nothing; fails if anything would change
"""

from __future__ import annotations

import argparse
import filecmp
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

from codegen.document import ContractError  # noqa: E402
from codegen.lint import lint  # noqa: E402
from codegen.names import assign  # noqa: E402
from codegen.overlay import OverlayError, apply, load_yaml  # noqa: E402
from codegen.prepare import prepare  # noqa: E402
from codegen.project import make_project  # noqa: E402
from codegen.table import operations_table  # noqa: E402

PACKAGE = Path("mijnklantportaal_client/_generated")
NAMES = ROOT / "scripts/names.yml"
CONFIG = ROOT / "generator-config.yml"
TEMPLATES = ROOT / "scripts/templates"


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; the status is 0 where all is well, 1 where the package is stale, 2 for a bad contract."""
    parser = argparse.ArgumentParser(description="Generate the client from the contract.")
    parser.add_argument("--check", action="store_true", help="write nothing, fail if the package is not current")
    parser.add_argument("--root", type=Path, default=ROOT, help="folder of openapi.yaml (default: the project)")
    options = parser.parse_args(arguments)
    target = options.root / PACKAGE
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "_generated"
        try:
            generate(corrected(options.root), fresh)
        except (ContractError, OverlayError) as error:
            print(f"openapi.yaml can't be generated from: {error}", file=sys.stderr)
            return 2
        changed = differences(fresh, target)
        if options.check:
            return report(changed)
        if changed:
            replace(fresh, target)
    print(f"{len(changed)} files changed" if changed else "nothing changed")
    return 0


def corrected(root: Path) -> dict[str, Any]:
    """The contract with the corrections of its overlay.

    Raises:
        OverlayError: A file can't be read, or an overlay action does not fit.
    """
    return apply(load_yaml(root / "openapi.yaml"), load_yaml(root / "openapi.overlay.yaml"))


def generate(document: dict[str, Any], output: Path, *, names: Path = NAMES, config: Path = CONFIG) -> None:
    """Writes the package for a corrected document to a folder, in place of what is there.

    Raises:
        ContractError: The contract can't be generated from.
        OverlayError: The table of names or the settings can't be read.
    """
    try:
        document = prepare(document)
        lint(document)
        resources = assign(document, names)
        project = make_project(document, resources, config, TEMPLATES, output)
        project.build()
    except RecursionError:
        raise ContractError("the contract is nested without end") from None
    write_json(output / "contract.json", document)
    write_json(output / "operations.json", operations_table(document, project.view))
    tidy(output)


def write_json(path: Path, value: Any) -> None:
    """JSON as it is diffed best."""
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def tidy(folder: Path) -> None:
    """Takes out unused imports and formats.

    Raises:
        ContractError: The generated code is not valid Python.
    """
    ruff = [sys.executable, "-m", "ruff"]
    config = ["--config", str(ROOT / "pyproject.toml"), "--no-cache"]
    imports = ["check", "--isolated", "--select", "F401,I001", "--target-version", "py311", "--fix-only", "--quiet"]
    for command in ([*ruff, *imports, "--line-length", "120", "--no-cache"], [*ruff, "format", "--quiet", *config]):
        done = subprocess.run([*command, str(folder)], capture_output=True, text=True, check=False)
        if done.returncode:
            raise ContractError(f"the generated code can't be formatted: {done.stderr or done.stdout}")


def differences(fresh: Path, target: Path) -> list[str]:
    """Files that are new, changed or gone."""

    def files(folder: Path) -> set[str]:
        found = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
        return {path.relative_to(folder).as_posix() for path in found}

    new, old = files(fresh), files(target)
    same = {name for name in new & old if filecmp.cmp(fresh / name, target / name, shallow=False)}
    return sorted((new | old) - same)


def replace(fresh: Path, target: Path) -> None:
    """Puts the new package in place of the old one, as a whole."""
    beside = Path(tempfile.mkdtemp(prefix=".generated-", dir=target.parent))
    try:
        shutil.copytree(fresh, beside / "new")
        if target.exists():
            target.rename(beside / "old")
        (beside / "new").rename(target)
    finally:
        shutil.rmtree(beside)


def report(changed: list[str]) -> int:
    """Tells what is stale."""
    if not changed:
        print("the generated code is current")
        return 0
    print("the generated code is not current; run `make generate`:", *changed, sep="\n  ", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
