"""What the programs say of themselves is enough to start them."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

PROGRAMS = sorted((Path(__file__).parents[2] / "examples").glob("*.py"))


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_every_setting_is_named(path: Path) -> None:
    """Whatever the environment must have is in the docstring, which begins with one line on what the program does."""
    code = path.read_text(encoding="utf-8")
    doc = ast.get_docstring(ast.parse(code)) or ""
    assert doc.partition("\n")[0].endswith((".", ":")) or "\n" not in doc
    wanted = set(re.findall(r"os\.environ\[\"(\w+)\"\]", code))
    if "MijnKlantportaal()" in code:
        wanted.add("MIJNKLANTPORTAAL_API_KEY")
    assert {name for name in wanted if name not in doc} == set()
