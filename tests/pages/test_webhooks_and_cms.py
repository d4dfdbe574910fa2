"""The pages about webhooks and the CMS: their code is the examples', or runs as it is, and their tables are true."""

from __future__ import annotations

import dataclasses
import re

import pytest

from mijnklantportaal_client import cms, errors
from mijnklantportaal_client._incoming import MAX_BODY
from mijnklantportaal_client._incoming_fields import MAX_FIELDS
from mijnklantportaal_client.webhooks import EventType, WebhookEvent
from tests.pages.conftest import ROOT, example, page, python, table

PAGES = {name: page(name) for name in ("webhooks", "cms")}
BLOCKS = {name: python(text) for name, text in PAGES.items()}
RECIPES = [f"{name}_{framework}" for name in PAGES for framework in ("starlette", "fastapi", "django")]
SCRIPTS = [block for blocks in BLOCKS.values() for block in blocks if "assert" in block]


def reasons(kind: type[Exception]) -> list[str]:
    """What the class says of itself."""
    return re.findall(r"`(\w+_\w+)`", str(kind.__doc__).partition("reason:")[2])


@pytest.mark.parametrize("name", RECIPES)
def test_the_recipes_are_the_examples(name: str) -> None:
    """Which are tested with the real frameworks."""
    assert example(name) in BLOCKS[name.partition("_")[0]]


def test_every_block_is_tested() -> None:
    """None was added that is neither a recipe nor a script."""
    assert len(SCRIPTS) == 4
    assert sum(map(len, BLOCKS.values())) == len(SCRIPTS) + len(RECIPES)


@pytest.mark.parametrize("code", SCRIPTS)
def test_the_scripts_run(code: str) -> None:
    """Each does what its asserts say."""
    assert re.search(r"^ *assert ", code, re.MULTILINE)
    exec(compile(code, "page", "exec"), {})


def test_the_attributes_of_an_event() -> None:
    """Each is in the table."""
    names = {field.name for field in dataclasses.fields(WebhookEvent) if not field.name.startswith("_")} | {"payload"}
    assert {name.strip("`") for name, _ in table(PAGES["webhooks"], "attribute")} == names


def test_the_reasons_of_errors() -> None:
    """Each is in its table, as in the docstring of its class."""
    told = [reason.strip("`") for _, reason, _ in table(PAGES["webhooks"], "error") if reason]
    assert told == reasons(errors.WebhookVerificationError)
    assert [reason.strip("`") for reason, _ in table(PAGES["cms"], "`reason`")] == reasons(errors.InvalidCallbackError)


def test_numbers_and_names() -> None:
    """Of types, limits and classes."""
    assert f"| {len(EventType)} types" in PAGES["webhooks"]
    assert all(f"{MAX_BODY // 2**20} MiB" in text for text in PAGES.values())
    assert f"more than {MAX_FIELDS} fields" in PAGES["cms"]
    assert [name for name in cms.__all__ if name not in PAGES["cms"]] == []


def test_no_link_is_dead() -> None:
    """Pages and sections are there."""
    for text in PAGES.values():
        for target in re.findall(r"\]\(([^)]+)\)", text):
            name, _, section = target.partition("#")
            assert f"\n## {section.capitalize()}\n" in (ROOT / "docs" / name).read_text(encoding="utf-8")
