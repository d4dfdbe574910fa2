"""The page about the ledger, and its example: the code runs as it is, and the tables are those of the code."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import attrs
import pytest

from mijnklantportaal_client import ledger
from mijnklantportaal_client.ledger import EntryState, Ledger, LedgerError, LedgerStore, Report
from mijnklantportaal_client.testing import RemoteSandbox
from tests.pages.conftest import ROOT, page, prints, python, table

PAGE = page("ledger")
BLOCKS = python(PAGE)


def names(header: str) -> list[str]:
    """The first column of a table."""
    return [row[0].strip("| `") for row in table(PAGE, header)]


def test_tables() -> None:
    """Every state, option, error and part of a report, and nothing else."""
    assert names("state") == [state.value for state in EntryState]
    assert set(names("error")) == {name for name in ledger.__all__ if name.endswith("Error")}
    assert all(issubclass(getattr(ledger, name), LedgerError) for name in names("error"))
    assert names("`Report`") == [field.name for field in attrs.fields(Report)][1:]
    parameters = list(inspect.signature(Ledger).parameters.values())[1:]
    told = [(row[0].strip("| `"), row[1].strip("`")) for row in table(PAGE, "`Ledger(store, ...)`")]
    assert told == [(each.name, str(each.default)) for each in parameters]
    methods = [name for name, _ in inspect.getmembers(LedgerStore, inspect.isfunction) if not name.startswith("_")]
    assert len(methods) == 6
    assert "a `LedgerStore` has six methods" in PAGE
    assert f"`settle` ({parameters[0].default:.0f} s by default)" in PAGE


def test_no_link_is_dead() -> None:
    """Files are there."""
    targets = re.findall(r"\]\(([^)]+)\)", PAGE)
    assert [target for target in targets if not (ROOT / "docs" / target).is_file()] == []
    assert targets


@pytest.mark.slow
def test_the_code(sandbox: RemoteSandbox, tmp_path: Path) -> None:
    """Each block prints what it should, twice the same, and makes its change once."""
    sandbox.state.customers.add()

    def run(code: str) -> str:
        return prints(code, sandbox, tmp_path)

    once, batch, people = BLOCKS
    assert [run(once), run(once)] == ["2026-001 121.00\n"] * 2
    assert [run(batch), run(batch)] == [
        "2 items: 2 done, 0 done earlier, 0 found, 0 unresolved, 0 failed\n",
        "2 items: 0 done, 2 done earlier, 0 found, 0 unresolved, 0 failed\n",
    ]
    assert run(people) == ""
    assert (len(sandbox.state.customer_invoices), len(sandbox.state.files)) == (1, 2)
