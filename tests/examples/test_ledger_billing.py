"""Monthly billing from a file: each invoice once, and nothing where the file is wrong."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

pytest.importorskip("rich", reason="rich is not installed")

import ledger_billing

from mijnklantportaal_client.testing import Sandbox

HEAD = "number,customer,description,amount,vat"


@pytest.fixture
def table(mkp_sandbox: Sandbox, tmp_path: Path) -> Path:
    """Three customers; the last one has an invoice with two lines."""
    ids = [mkp_sandbox.state.customers.add().id for _ in range(3)]
    rows = [f"2026-{number:03},{id},Hosting,10.00,21" for number, id in enumerate(ids)]
    path = tmp_path / "2026-01.csv"
    path.write_text("\n".join([HEAD, *rows, f"2026-002,{ids[2]},Domain,1.50,21", ""]), encoding="utf-8")
    return path


async def test_a_month_is_billed_once(mkp_sandbox: Sandbox, table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What failed is told and sent by the next run; what was lost on its way back is found, and not sent again."""
    mkp_sandbox.fail("customer_invoices.create_from_lines", status=422)
    mkp_sandbox.drop("customer_invoices.create_from_lines", when="after")
    path = str(table.with_name("billing.db"))
    assert await ledger_billing.main(table, path) == 1
    told = capsys.readouterr().out
    assert "3 items: 1 done, 0 done earlier, 1 found, 0 unresolved, 1 failed" in told
    assert await ledger_billing.main(table, path) == 0
    assert "3 items: 1 done, 2 done earlier, 0 found, 0 unresolved, 0 failed" in capsys.readouterr().out
    made = {each.invoice_number: str(each.amount) for each in mkp_sandbox.state.customer_invoices}
    assert made == {"2026-000": "12.10", "2026-001": "12.10", "2026-002": "13.92"}
    assert len(mkp_sandbox.state.customer_invoices) == 3


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("2026-009,inv_abc,Hosting,10.00,21", "must be"),
        ("2026-009,cst_abc,Hosting,ten,21", "'ten' is no amount; write it like 12.95"),
        ('2026-009,cst_abc,Hosting,"10,00",21', "'10,00' is no amount; write it like 12.95"),
        ("2026-009,cst_abc,Hosting,NaN,21", "'NaN' is no amount"),
        ("2026-009,cst_abc,Hosting,10.005,21", r"'10\.005' is no amount"),
        ("2026-009,cst_abc,Hosting,10.00", "fewer than 5 columns"),
        ("2026-009,cst_abc,Hosting,10.00,high", "invalid literal"),
        ("2026-000,cst_other,Hosting,10.00,21", "2026-000 is an invoice of cst_"),
    ],
)
def test_a_wrong_line(mkp_sandbox: Sandbox, table: Path, row: str, problem: str) -> None:
    """It is named, and nothing is sent."""
    table.write_text(table.read_text(encoding="utf-8") + row + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match=rf"2026-01\.csv, line 6: .*{problem}"):
        asyncio.run(ledger_billing.main(table, str(table.with_name("billing.db"))))
    assert len(mkp_sandbox.requests) == 0


@pytest.mark.parametrize(
    ("name", "head", "problem"),
    [
        ("2026-01.csv", HEAD.replace(",", ";"), "no column number, customer, description, amount, vat; the first line"),
        ("2026-01.csv", "", "no column number, customer, description, amount, vat; the first line"),
        ("january.csv", HEAD, "name the file after its month, such as 2026-01.csv"),
    ],
)
def test_a_wrong_file(mkp_sandbox: Sandbox, tmp_path: Path, name: str, head: str, problem: str) -> None:
    """What is expected is told, and nothing is sent."""
    path = tmp_path / name
    path.write_text(f"{head}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=f"{name}: {problem}"):
        asyncio.run(ledger_billing.main(path, str(tmp_path / "billing.db")))
    assert len(mkp_sandbox.requests) == 0


def test_the_command() -> None:
    """The ledger has a name of its own where none is given."""
    given = ledger_billing.arguments().parse_args(["2026-01.csv"])
    assert (given.table, given.ledger) == (Path("2026-01.csv"), "billing.db")
