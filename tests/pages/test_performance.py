"""docs/performance.md says what the benchmarks measure: the same figures, and nothing that they do not have."""

from __future__ import annotations

import re
import textwrap
from typing import Any

from mijnklantportaal_client import MijnKlantportaal
from mijnklantportaal_client.testing import Sandbox
from tests.pages.conftest import ROOT, page, python

PAGE = page("performance")
RESULTS = (ROOT / "benchmarks/results.md").read_text(encoding="utf-8")


def rows(text: str) -> list[list[str]]:
    """The cells of a page's tables, without their heads."""
    found = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"]
    return [row for row in found if row[0] not in ("figure", "---")]


def test_figures() -> None:
    """Each one is measured, and is to be what the benchmark demands."""
    demanded = {row[0]: row[3] for row in rows(RESULTS)}
    claimed = {row[0]: row[1] for row in rows(PAGE)}
    assert len(claimed) >= 11
    assert {name: demanded.get(name) for name in claimed} == claimed


def test_links() -> None:
    """Every picture and page is there."""
    links = re.findall(r"\]\(([^)]+)\)", PAGE)
    assert len(links) >= 2
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []


async def test_examples() -> None:
    """They run as they stand, in an installed sandbox."""
    walking, making = python(PAGE)
    code = f"{making}\nasync def walk():\n{textwrap.indent(walking, '    ')}    await portal.aclose()\n"
    names: dict[str, Any] = {"MijnKlantportaal": MijnKlantportaal}
    sandbox = Sandbox()
    sandbox.state.customers.add(company_name="Bakkerij Jansen")
    with sandbox.install():
        exec(code, names)
        await names["walk"]()
    assert len(sandbox.requests) == 1


def test_what_was_missed_is_said() -> None:
    """The page names every figure that the last run missed, or says that there is none."""
    missed = [row[0] for row in rows(RESULTS) if row[4:5] == ["missed"]]
    assert ("In the last run none was missed." in PAGE.replace("\n", " ")) is (missed == [])
    assert [name for name in missed if f"`{name}`" not in PAGE] == []
