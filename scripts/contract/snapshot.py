"""`api-surface.json`: the public names that are agreed upon, and the version that has them."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import attrs

from . import surface
from .surface_diff import NameChange, compare, next_version, raised

FILE = "api-surface.json"
_VERSION = "mijnklantportaal_client/_version.py"


@attrs.frozen
class Snapshot:
    """Names and signatures of one version."""

    version: str
    names: dict[str, str]

    def text(self) -> str:
        """One line for each name, so that a review shows what changed."""
        content: dict[str, Any] = {"version": self.version, "names": self.names}
        return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


@attrs.frozen
class Verdict:
    """How the names of a folder differ from what is agreed upon.

    Attributes:
        changes: All differences.
        problem: Why they can't be agreed upon as they are; empty where they can.
    """

    changes: list[NameChange]
    problem: str


def current(root: Path) -> Snapshot:
    """The names as they are in a folder's package now."""
    return Snapshot(version(root), surface.read(root))


def version(root: Path) -> str:
    """The version of a folder's package."""
    module = ast.parse((root / _VERSION).read_text(encoding="utf-8"))
    return next(str(ast.literal_eval(node.value)) for node in module.body if isinstance(node, ast.Assign))


def agreed(root: Path) -> Snapshot | None:
    """The committed names, if there are any.

    Raises:
        ValueError: The file is not what `make api-surface` writes.
    """
    path = root / FILE
    if not path.exists():
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return Snapshot(str(content["version"]), dict(content["names"]))
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{FILE} can't be read ({error!r}); `make api-surface` writes it anew") from error


def judge(before: Snapshot, after: Snapshot, *, released: str | None) -> Verdict:
    """Compares, and asks for another version where one that is out would be broken in silence.

    Args:
        before: What is agreed upon.
        after: What is there.
        released: The newest version that users may have; None before the first.
    """
    changes = compare(before.names, after.names)
    breaks = [change for change in changes if change.breaking]
    problem = ""
    if breaks and released is not None and not raised(released, after.version):
        wanted = next_version(released, breaking=True)
        problem = f"this breaks users of {released}: the version has to be {wanted} or later, not {after.version}"
    return Verdict(changes, problem)


def last_released(root: Path) -> str | None:
    """The newest version whose heading in the changelog has a date."""
    text = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    found = re.search(r"^## \[(\d[^\]]*)\] - \d{4}-\d\d-\d\d", text, re.MULTILINE)
    return found[1] if found else None
