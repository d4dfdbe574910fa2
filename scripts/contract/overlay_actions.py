"""What each action of the overlay does to a document, and the overlay without those that do nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import attrs
import yaml

from codegen.overlay import Loader, OverlayError, carry_out, check_shape, unshared

if TYPE_CHECKING:
    from codegen.document import Schema

_NO_MATCH = "matches nothing"


@attrs.frozen
class ActionOutcome:
    """What became of one action.

    Attributes:
        number: Its position, from 0.
        target: What it is for.
        reason: Its description.
        problem: Why it can't be carried out, or None.
        idle: Whether it was carried out and changed nothing: the document says the same by itself.
    """

    number: int
    target: str
    reason: str
    problem: str | None
    idle: bool

    @property
    def unmatched(self) -> bool:
        """Whether its target is gone."""
        return self.problem == _NO_MATCH

    @property
    def useless(self) -> bool:
        """Whether the result is the same without it."""
        return self.idle or self.unmatched


def carry_out_all(document: Schema, overlay: Schema) -> tuple[Schema, list[ActionOutcome]]:
    """The document with every action that can be carried out, and what became of each.

    Raises:
        OverlayError: The overlay is none.
    """
    check_shape(overlay)
    result: Schema = unshared(document)
    outcomes: list[ActionOutcome] = []
    before = json.dumps(result, sort_keys=True)
    for number, action in enumerate(overlay["actions"]):
        problem = carry_out(result, action)
        after = json.dumps(result, sort_keys=True)
        reason = " ".join(action["description"].split())
        outcomes.append(ActionOutcome(number, action["target"], reason, problem, problem is None and before == after))
        before = after
    return result, outcomes


def without(text: str, numbers: set[int]) -> str:
    """The text of an overlay without some of its actions; comments stay.

    Raises:
        OverlayError: What is left would not be the same overlay, for example because an anchor went with an action.
    """
    whole = _load(text)
    lines = text.splitlines(keepends=True)
    starts = [node.start_mark.line for node in _action_nodes(text)]
    for number in sorted(numbers, reverse=True):
        end = starts[number + 1] if number + 1 < len(starts) else _end_of_actions(lines, starts[number])
        # Comments above an action are about it, or about all that follow.
        while end > starts[number] + 1 and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
            end -= 1
        del lines[starts[number] : end]
    left = "".join(lines)
    wanted = whole | {"actions": [action for i, action in enumerate(whole["actions"]) if i not in numbers]}
    if _load(left) != wanted:
        raise OverlayError("the actions that do nothing can't be taken out by themselves; take them out by hand")
    return left


def _load(text: str) -> dict[str, Any]:
    try:
        content: dict[str, Any] = yaml.load(text, Loader=Loader)  # noqa: S506 - a subclass of SafeLoader
    except yaml.YAMLError as error:
        raise OverlayError(f"without the actions that do nothing, the overlay can't be read: {error}") from error
    return content


def _action_nodes(text: str) -> list[yaml.Node]:
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    return next((list(value.value) for key, value in pairs if key.value == "actions"), [])


def _end_of_actions(lines: list[str], start: int) -> int:
    """The line after the last action: the next key of the root, or the end."""
    following = range(start + 1, len(lines))
    return next((number for number in following if lines[number][:1] not in (" ", "#", "\n", "")), len(lines))
