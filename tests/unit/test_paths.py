"""Paths without what is nobody's business."""

from __future__ import annotations

import json
import re
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mijnklantportaal_client._paths import template_of

TABLE = resources.files("mijnklantportaal_client").joinpath("_generated/operations.json").read_text(encoding="utf-8")
TEMPLATES = sorted({operation["path"] for operation in json.loads(TABLE)})
WORDS = {part for template in TEMPLATES for part in template.split("/") if not part.startswith("{")}


@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("/customers", "/customers"),
        ("/customers/cst_abc12345def678", "/customers/{id}"),
        ("/customers/cst_1/", "/customers/{id}/"),
        ("/customers/search/jansen", "/customers/{id}/{id}"),
        ("/customers/search/x1/jansen", "/customers/{id}/{id}/{id}"),
        ("/customers/cst_1/notes", "/customers/{id}/notes"),
        ("/customers/cst_1/notes/jansen", "/customers/{id}/notes/{id}"),
        ("/customers/jansen@example.org/pdf", "/customers/{id}/pdf"),
        ("/punch-cards/pc_1/issued/ipc_2/stamp", "/punch-cards/{id}/issued/{id}/stamp"),
        ("/v2/customers/jansen", "/v2/customers/{id}"),
        ("/v2/new-things/x", "/v2/new-things/{id}"),
        ("/new-things/v2", "/new-things/{id}"),
        ("/Jansen", "/{id}"),
        ("/cst_1", "/{id}"),
        ("/", "/"),
        ("customers", "/customers"),
    ],
)
def test_paths(path: str, template: str) -> None:
    """Words stay where they name something; whatever else there is may be an ID or a name."""
    assert template_of(path) == template


@pytest.mark.parametrize("template", TEMPLATES)
def test_paths_of_the_contract(template: str) -> None:
    """Each is told from all others of its kind; only the names of its parameters are lost."""
    path = re.sub(r"\{\w+\}", "abc_abc12345def678", template)
    assert template_of(path) == re.sub(r"\{\w+\}", "{id}", template)


@given(st.lists(st.text(alphabet="abcXYZ019._~@-", min_size=1), max_size=5))
def test_nothing_else_is_shown(parts: list[str]) -> None:
    """Whatever is no word of the contract is hidden, unless it is a word right behind an ID."""
    shown = template_of("/" + "/".join(["customers", *parts])).split("/")[1:]
    assert len(shown) == 1 + len(parts)
    for before, part, original in zip(shown, shown[1:], parts, strict=False):
        assert part in ("{id}", original)
        assert part == "{id}" or part in WORDS or (before == "{id}" and part.islower())
