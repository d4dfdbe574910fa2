"""The nightly export: exact, and whole also where it was interrupted."""

import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from mijnklantportaal_client import APIConnectionError, MijnKlantportaal
from mijnklantportaal_client.testing import Sandbox

pl = pytest.importorskip("polars", reason="polars is not installed")
pytest.importorskip("rich", reason="rich is not installed")

from export_invoices import COLUMNS, PER_PAGE, export

PAID = datetime.datetime(2026, 3, 1, 12, 30, tzinfo=datetime.UTC)


@pytest.fixture
def invoices(mkp_sandbox: Sandbox) -> list[str]:
    """Four pages of invoices, the newest of them unpaid; their IDs, newest first."""
    for number in range(50):
        paid_at = None if number == 49 else PAID
        amount = f"{number}.10"
        mkp_sandbox.state.customer_invoices.add(amount=amount, paid_at=paid_at, invoice_number=f"2026-{number:03}")
    return [invoice.id for invoice in mkp_sandbox.state.customer_invoices]


async def test_every_invoice_is_there_with_its_type(invoices: list[str], tmp_path: Path) -> None:
    """Amounts are exact decimals, dates are dates, moments know their zone, in CSV and in Parquet."""
    table = tmp_path / "invoices.csv"
    assert await export(table) == 50
    lines = table.read_text(encoding="utf-8").splitlines()
    assert lines[0] == ",".join(COLUMNS)
    assert [line.split(",")[0] for line in lines[1:]] == invoices
    frame = pl.read_parquet(tmp_path / "invoices.parquet")
    assert frame["id"].to_list() == invoices
    assert frame["amount"].to_list() == [Decimal(f"{number}.10") for number in reversed(range(50))]
    assert frame["issued"].dtype == pl.Date
    assert frame["paid"].to_list() == [None, *[PAID] * 49]
    assert not table.with_name("invoices.csv.part").exists()


async def test_an_interrupted_run_goes_on(mkp_sandbox: Sandbox, invoices: list[str], tmp_path: Path) -> None:
    """It asks for no page before the last one it had, and writes no row twice though newer ones came meanwhile."""
    table = tmp_path / "invoices.csv"
    with mkp_sandbox.drop("customer_invoices.list", when="before", times=None), pytest.raises(APIConnectionError):
        await export(table)
    part = tmp_path / "invoices.csv.part"
    assert part.read_text(encoding="utf-8") == ",".join(COLUMNS) + "\n"
    async with MijnKlantportaal() as portal:
        first_pages = await portal.customer_invoices.list().collect(limit=2 * PER_PAGE)
    # As a run leaves it that was killed in the middle of its thirty-first row.
    rows = [f"{invoice.id},n,c,2026-01-01,,EUR,1.00," for invoice in first_pages]
    part.write_text("\n".join([",".join(COLUMNS), *rows, "inv_half"]), encoding="utf-8")
    newer = mkp_sandbox.state.customer_invoices.add().id
    mkp_sandbox.requests.clear()
    assert await export(table) == 50
    found = [line.split(",")[0] for line in table.read_text(encoding="utf-8").splitlines()[1:]]
    assert found == invoices
    assert newer not in found
    assert [request.query["page"] for request in mkp_sandbox.requests] == ["2", "3", "4"]
