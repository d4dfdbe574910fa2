"""What actions of the overlay do to a newer document, and the overlay without those that do nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from codegen.overlay import OverlayError, load_yaml
from contract.overlay_actions import ActionOutcome, carry_out_all, without
from tests.contract_watch.conftest import OVERLAY


def overlay(*actions: dict[str, Any]) -> dict[str, Any]:
    """An overlay of these actions."""
    return {"overlay": "1.0.0", "info": {"title": "T", "version": "1"}, "actions": list(actions)}


def test_what_becomes_of_each() -> None:
    """Done, in vain because the document says so already, without a target, or not fitting; the rest goes on."""
    document = {"info": {"title": "A"}, "list": [1]}
    result, outcomes = carry_out_all(
        document,
        overlay(
            {"target": "$.info", "description": "one", "update": {"title": "B"}},
            {"target": "$.info", "description": "two", "update": {"title": "B"}},
            {"target": "$.gone", "description": "three\n  lines", "remove": True},
            {"target": "$.list", "description": "four", "remove": True},
            {"target": "$.info", "description": "five", "update": ["x"]},
        ),
    )
    assert result == {"info": {"title": "B"}}
    assert document["info"] == {"title": "A"}
    assert outcomes[:4] == [
        ActionOutcome(0, "$.info", "one", None, False),
        ActionOutcome(1, "$.info", "two", None, True),
        ActionOutcome(2, "$.gone", "three lines", "matches nothing", False),
        ActionOutcome(3, "$.list", "four", None, False),
    ]
    assert "does not fit" in str(outcomes[4].problem)
    assert [outcome.useless for outcome in outcomes] == [False, True, True, False, False]
    with pytest.raises(OverlayError, match="malformed"):
        carry_out_all(document, {})


@pytest.mark.slow
def test_no_action_of_today_is_in_vain(published: dict[str, Any], corrections: dict[str, Any]) -> None:
    """Each changes something, so whichever the report names is news."""
    _, outcomes = carry_out_all(published, corrections)
    assert [outcome.target for outcome in outcomes if outcome.problem or outcome.useless] == []


def test_taking_actions_out() -> None:
    """Comments stay where they are: above what they are about, or above what follows."""
    assert without(OVERLAY, set()) == OVERLAY
    first = without(OVERLAY, {0})
    assert first == OVERLAY.replace(
        OVERLAY[OVERLAY.index("  - target: $.info\n") : OVERLAY.index("  - target: $.x")], ""
    )
    assert "  # ---- Words ----\n  - target: $.x-id-rules.names\n" in first
    last = without(OVERLAY, {1, 2})
    assert [action["target"] for action in yaml.safe_load(last)["actions"]] == ["$.info"]
    assert last.endswith("      title: A better title\n\n  # About the next one.\n")


def test_actions_that_others_need() -> None:
    """An anchor that goes with an action is noticed."""
    text = OVERLAY.replace("title: A better title", "title: &t A better title").replace("The first of two", "*t")
    with pytest.raises(OverlayError, match=r"can't be read.*undefined alias"):
        without(text, {0})
    with pytest.raises(OverlayError, match="by hand"):
        without("{overlay: 1.0.0, actions: [{target: $.a}, {target: $.b}]}\n", {0})


def test_actions_of_today_can_be_taken_out(corrections: dict[str, Any]) -> None:
    """The first, the last and one between: the rest is read as before."""
    text = (Path(__file__).parents[2] / "openapi.overlay.yaml").read_text("utf-8")
    actions = corrections["actions"]
    left = without(text, {0, len(actions) // 2, len(actions) - 1})
    assert left.count("\n  - target:") == len(actions) - 3
    assert [comment for comment in text.splitlines() if comment.lstrip().startswith("# ")] == [
        comment for comment in left.splitlines() if comment.lstrip().startswith("# ")
    ]


@pytest.fixture(scope="module")
def published() -> dict[str, Any]:
    """The contract as the vendor publishes it."""
    return load_yaml(Path(__file__).parents[2] / "openapi.yaml")


@pytest.fixture(scope="module")
def corrections() -> dict[str, Any]:
    """The project's overlay."""
    return load_yaml(Path(__file__).parents[2] / "openapi.overlay.yaml")
