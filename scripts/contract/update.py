"""Brings a newer contract in: everything is made and checked beside the tree, and put in place at the end."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import attrs

import contract_page
import generate
from codegen.document import ContractError

from . import snapshot
from .changelog import entries, with_entries
from .intake import read
from .markdown import plain, section
from .newer import Newer, look
from .overlay_actions import without
from .report import names_section, report
from .surface_diff import NameChange, next_version
from .swap import put_in_place, workshop

PARTS = (
    "mijnklantportaal_client",
    "scripts",
    "examples",
    "CHANGELOG.md",
    "README.md",
    "api-surface.json",
    "docs/contract-seen.json",
    "docs/contract.md",
    "generator-config.yml",
    "openapi.overlay.yaml",
    "openapi.yaml",
    "pyproject.toml",
)
"""What making and checking the package needs."""
RESULTS = (
    "openapi.yaml",
    "openapi.overlay.yaml",
    "mijnklantportaal_client/_generated",
    "api-surface.json",
    "docs/contract.md",
    "CHANGELOG.md",
)
"""What an update may change."""


class StoppedError(Exception):
    """The update can't go on; nothing was written. The text is the report so far."""


@attrs.frozen
class Updated:
    """An update that stands in place.

    Attributes:
        report: In Markdown.
        checked: Whether every check holds.
    """

    report: str
    checked: bool


def update(
    root: Path, spec: Path, *, prune: bool = False, checks: Callable[[Path], tuple[bool, str]] | None = None
) -> Updated:
    """Takes a newer document of the vendor in.

    Args:
        root: The project.
        spec: The document.
        prune: Take the actions out of the overlay that match or change nothing.
        checks: Runs the checks in a folder and tells whether they hold, and what they print.

    Raises:
        ContractError: The document is refused.
        OverlayError: The overlay can't be read or pruned.
        StoppedError: Something has to be decided first.
        UnfinishedError: Another update runs.
    """
    document = read(spec)
    with workshop(root) as folder:
        tree = folder / "tree"
        _copy(root, tree)
        _write(tree / "openapi.yaml", spec.read_text(encoding="utf-8-sig"))
        newer = look(document, spec.name, root)
        label = _label(_methods(root))
        unmatched = [action for action in newer.actions if action.unmatched]
        if newer.problems or newer.broken_actions or (unmatched and not prune):
            raise StoppedError("\n".join([*report(newer, label), *section("Nothing was written", _advice(newer))]))
        if prune and newer.useless_actions:
            path = tree / "openapi.overlay.yaml"
            _write(path, without(path.read_text(encoding="utf-8"), {action.number for action in newer.useless_actions}))
        lines = _make(tree, newer)
        holds, told = (checks or run_checks)(tree)
        lines += section("Checks", ["```", *told.splitlines(), "```"])
        lines += section("Next", _next(newer, holds))
        _refuse_if_changed(root, folder / "before")
        put_in_place(root, tree, [part for part in RESULTS if (tree / part).exists()])
    return Updated("\n".join(lines), holds)


def run_checks(tree: Path) -> tuple[bool, str]:
    """`make contract` in a tree of its own."""
    environment = {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, str(tree / "scripts/check_contract.py")]
    with subprocess.Popen(
        command, cwd=tree, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            told, _ = process.communicate()
        except BaseException:
            # Asked and not killed, so that it ends what it has started itself.
            process.terminate()
            raise
    return process.returncode == 0, told


def _copy(root: Path, tree: Path) -> None:
    """The tree to work in, and the results as they were, to see whether somebody changes them meanwhile."""
    for target, parts in ((tree, PARTS), (tree.parent / "before", RESULTS)):
        for part in parts:
            if (root / part).is_dir():
                shutil.copytree(root / part, target / part, ignore=shutil.ignore_patterns("__pycache__"))
            elif (root / part).exists():
                (target / part).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(root / part, target / part)


def _make(tree: Path, newer: Newer) -> list[str]:
    """Generates, agrees to the new names where nobody is broken in silence, and drafts the changelog."""
    sources = {"names": tree / "scripts/names.yml", "config": tree / "generator-config.yml"}
    # What is gone is known by the name that it had.
    before = _methods(tree)
    try:
        generate.generate(generate.corrected(tree), tree / generate.PACKAGE, **sources)
    except ContractError as error:
        problems = [f"- {plain(line)}" for line in str(error).splitlines() if line.strip()]
        told = [*report(newer, _label(before)), *section("To be decided first", problems)]
        raise StoppedError("\n".join([*told, *section("Nothing was written", _advice(newer))])) from None
    if (tree / contract_page.SEEN).exists():
        # What it can't explain yet, the checks say.
        with contextlib.suppress(contract_page.PageError):
            _write(tree / contract_page.PAGE, contract_page.made(tree))
    label = _label(before | _methods(tree))
    lines = report(newer, label)
    changes, step = _agree(tree, newer)
    lines += names_section(changes)
    new = entries(newer.changes or [], label)
    path = tree / "CHANGELOG.md"
    _write(path, with_entries(path.read_text(encoding="utf-8"), new))
    return [*lines, *section("Version", [step])]


def _agree(tree: Path, newer: Newer) -> tuple[list[NameChange], str]:
    """The changes of public names and the step of the version; `api-surface.json` is renewed if that is all right."""
    after = snapshot.current(tree)
    before = snapshot.agreed(tree) or after
    released = snapshot.last_released(tree)
    verdict = snapshot.judge(before, after, released=released)
    if not verdict.problem:
        _write(tree / snapshot.FILE, after.text())
    breaking = any(change.breaking for change in verdict.changes) or any(one.breaking for one in newer.changes or [])
    if not newer.changes and not verdict.changes:
        return [], f"Nothing asks for another version than {after.version}."
    if released is None:
        return verdict.changes, f"{after.version} is not released, so it can stay: nobody has it yet."
    wanted = next_version(released, breaking=breaking)
    return verdict.changes, f"{released} is released; the next one is {wanted}."


def _methods(root: Path) -> dict[str, str]:
    """How an operation is called in the package, by its ID."""
    table = json.loads((root / generate.PACKAGE / "operations.json").read_text(encoding="utf-8"))
    return {entry["id"]: ", ".join(f"`{entry['resource']}.{method}`" for method in entry["methods"]) for entry in table}


def _label(methods: dict[str, str]) -> Callable[[str], str]:
    """The words for a place: an operation's methods, and the name of a schema."""
    return lambda name: methods.get(name) or f"`{name}`"


def _advice(newer: Newer) -> list[str]:
    lines = ["Change `openapi.overlay.yaml` or `scripts/names.yml`, and give the same command again."]
    if newer.useless_actions:
        lines.append("`PRUNE=1` takes the actions out of the overlay that match or change nothing.")
    return lines


def _next(newer: Newer, holds: bool) -> list[str]:
    lines = [] if holds else ["- Some checks do not hold yet: see above, mend, `make contract`."]
    if any(change.kind == "operation" and change.action == "added" for change in newer.changes or []):
        lines += [
            "- Give new operations a name in `scripts/names.yml`, and `make generate api-surface`.",
            "- Give them a behaviour in the sandbox, which answers with the contract's examples until then.",
            "- Give a new resource its Dutch words there, too, and a line in the `nav` of `mkdocs.yml`.",
        ]
    return [
        *lines,
        "- Read the diff of `_generated/` and the draft in `CHANGELOG.md`.",
        "- `make test lint docs`: the numbers and tables of the README and of `docs/` are compared with the contract.",
    ]


def _refuse_if_changed(root: Path, before: Path) -> None:
    """Work that somebody did while this ran is not written over."""
    for part in RESULTS:
        if _content(root / part) != _content(before / part):
            raise StoppedError(f"{part} was changed while the update ran; nothing was written. Start again.")


def _content(path: Path) -> dict[str, bytes]:
    files = [path] if path.is_file() else [one for one in path.rglob("*") if one.is_file()]
    return {one.relative_to(path).as_posix(): one.read_bytes() for one in files if "__pycache__" not in one.parts}


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
