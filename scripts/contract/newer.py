"""What a newer document makes of the contract: decided without writing anything."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

import generate
from codegen.document import ContractError, Schema
from codegen.lint import lint
from codegen.overlay import load_yaml
from codegen.prepare import prepare

from .changes import changes
from .lints import ids_without_rule, mistyped_extensions, values_left_out
from .overlay_actions import ActionOutcome, carry_out_all

if TYPE_CHECKING:
    from .change import Change


@attrs.frozen
class Newer:
    """A newer document beside what the package was made from.

    Attributes:
        name: Of its file.
        actions: What became of each action of the overlay.
        mended: Mistakes that were put right by rule.
        problems: What has to be decided before code can be made of it.
        notes: What somebody should look at, and that stops nothing.
        changes: What is different for callers; None where that can't be said yet.
    """

    name: str
    actions: list[ActionOutcome]
    mended: list[str]
    problems: list[str]
    notes: list[str]
    changes: list[Change] | None

    @property
    def broken_actions(self) -> list[ActionOutcome]:
        """Actions that don't fit what stands at their target."""
        return [action for action in self.actions if action.problem and not action.unmatched]

    @property
    def useless_actions(self) -> list[ActionOutcome]:
        """Actions without which the result is the same."""
        return [action for action in self.actions if action.useless]


def look(document: Schema, name: str, root: Path) -> Newer:
    """Compares a document with what a folder's package was made from.

    Raises:
        OverlayError: The overlay of the folder can't be read.
    """
    corrected, actions = carry_out_all(document, load_yaml(root / "openapi.overlay.yaml"))
    mended: list[str] = []
    problems: list[str] = []
    notes = [*mistyped_extensions(corrected), *values_left_out(document, corrected)]
    found: list[Change] | None = None
    try:
        prepared = prepare(corrected, mended)
        before = json.loads((root / generate.PACKAGE / "contract.json").read_text(encoding="utf-8"))
        found = changes(before, prepared)
        notes += ids_without_rule(prepared)
        lint(prepared)
    except (ContractError, RecursionError) as error:
        headline, *lines = str(error).splitlines() or [type(error).__name__]
        problems += lines or [headline]
    return Newer(name, actions, mended, problems, notes, found)
