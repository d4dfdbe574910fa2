"""Export every invoice to CSV and Parquet, each night; a run that was interrupted goes on where it stopped.

    pip install polars rich
    MIJNKLANTPORTAAL_API_KEY=... python export_invoices.py invoices.csv

The API has no "changed since", so each night reads every page: an old invoice may have been paid meanwhile. Rows are
written page by page to `invoices.csv.part`, which becomes `invoices.csv` when all are there. A run that finds a part
goes on with its last page and knows by their IDs which rows are there already, also where newer ones moved them on.
What the part holds stays as it was read, and newer ones come the next night; without the part, a run begins anew.
"""

import asyncio
import csv
import sys
from pathlib import Path

import polars as pl
from rich.progress import Progress, SpinnerColumn, TextColumn

from mijnklantportaal_client import MijnKlantportaal
from mijnklantportaal_client.models import CustomerInvoice

COLUMNS = ["id", "number", "customer", "issued", "due", "currency", "amount", "paid"]
PER_PAGE = 15


def row(invoice: CustomerInvoice) -> list[object]:
    """One line of the table; empty where the invoice has none."""
    start = [invoice.id, invoice.invoice_number, invoice.customer_id, invoice.issued_at, invoice.due_at]
    return [*start, invoice.currency, invoice.amount, invoice.paid_at.isoformat() if invoice.paid_at else None]


def known_ids(part: Path) -> set[str]:
    """The IDs of the rows that an earlier run has written."""
    if not part.exists():
        return set()
    whole = part.read_text(encoding="utf-8")
    # A run that was killed in the middle of a row leaves half of it, which is taken back.
    whole = whole[: whole.rfind("\n") + 1]
    part.write_text(whole, encoding="utf-8", newline="")
    return {line["id"] for line in csv.DictReader(whole.splitlines())}


async def fetch(portal: MijnKlantportaal, part: Path, progress: Progress) -> int:
    """Add every invoice that the part lacks; answers how many there are in it then."""
    known = known_ids(part)
    task = progress.add_task("invoices", completed=len(known), total=None)
    with part.open("a", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        if not known:
            file.truncate(0)
            table.writerow(COLUMNS)
        # The last page of the earlier run may have been written in part only.
        async for page in portal.customer_invoices.list(page=max(1, len(known) // PER_PAGE)).pages():
            fresh = [invoice for invoice in page.data if invoice.id not in known]
            table.writerows(row(invoice) for invoice in fresh)
            file.flush()
            known.update(invoice.id for invoice in fresh)
            progress.update(task, completed=len(known))
    return len(known)


def convert(table: Path, target: Path) -> None:
    """Write the same as Parquet: amounts as exact decimals, dates as dates, moments in UTC."""
    text = pl.read_csv(table, infer_schema=False)
    moment = pl.col("paid").str.to_datetime(time_zone="UTC")
    typed = text.with_columns(pl.col("issued", "due").str.to_date(), pl.col("amount").cast(pl.Decimal(12, 2)), moment)
    typed.write_parquet(target)


async def export(table: Path) -> int:
    """Make the CSV and its Parquet twin; answers how many invoices are in them."""
    part = table.with_name(f"{table.name}.part")
    columns = (SpinnerColumn(), TextColumn("{task.completed:,.0f} {task.description}"))
    with Progress(*columns, transient=True) as progress:
        async with MijnKlantportaal() as portal:
            count = await fetch(portal, part, progress)
    part.replace(table)
    convert(table, table.with_suffix(".parquet"))
    return count


if __name__ == "__main__":
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "invoices.csv")
    print(asyncio.run(export(target)), "invoices in", target, "and", target.with_suffix(".parquet"))
