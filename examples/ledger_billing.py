"""Monthly invoices from a CSV, once each, however often this is started and wherever it stops.

    pip install rich
    MIJNKLANTPORTAAL_API_KEY=... python ledger_billing.py 2026-01.csv billing.db

The file has a line for each line of an invoice: `number,customer,description,amount,vat`, with commas between them and
amounts without VAT like 12.95. Lines with one number make one invoice. The number is the key: it is chosen before
anything is sent, and never used for anything else. Keep `billing.db`; start again until nothing is left to do.
"""

import argparse
import asyncio
import csv
import datetime
import re
import sys
from decimal import Decimal
from pathlib import Path

import attrs
from rich.progress import Progress

from mijnklantportaal_client import MijnKlantportaal
from mijnklantportaal_client.ids import check_id
from mijnklantportaal_client.ledger import Ledger, Report, find_created
from mijnklantportaal_client.models import CustomerInvoice, InvoiceLineInput

COLUMNS = ("number", "customer", "description", "amount", "vat")


@attrs.define
class Bill:
    """An invoice that is to be made."""

    number: str
    customer_id: str
    lines: list[InvoiceLineInput]


def amount_of(text: str) -> Decimal:
    """An amount in euro.

    Raises:
        ValueError: It is written in another way than 12.95.
    """
    if not re.fullmatch(r"-?[0-9]+(\.[0-9]{1,2})?", text):
        raise ValueError(f"{text!r} is no amount; write it like 12.95")
    return Decimal(text)


def month_of(table: Path) -> datetime.date:
    """The first day of the month that a file is named after.

    Raises:
        ValueError: It is not named after one.
    """
    try:
        return datetime.date.fromisoformat(f"{table.stem}-01")
    except ValueError:
        raise ValueError(f"{table.name}: name the file after its month, such as 2026-01.csv") from None


def read(path: Path) -> list[Bill]:
    """The invoices of a file; a line that can't be right is an error before anything is sent.

    Raises:
        ValueError: A column is missing, a line has a wrong ID, amount or rate, or one number stands for two customers.
    """
    bills: dict[str, Bill] = {}
    with path.open(newline="", encoding="utf-8-sig") as file:
        table = csv.DictReader(file)
        if missing := [name for name in COLUMNS if name not in (table.fieldnames or ())]:
            raise ValueError(f"{path.name}: no column {', '.join(missing)}; the first line is {','.join(COLUMNS)}")
        for at, row in enumerate(table, 2):
            try:
                if None in row.values():
                    raise ValueError(f"fewer than {len(COLUMNS)} columns")
                customer_id = check_id(row["customer"], "cst_")
                amount, rate = amount_of(row["amount"]), int(row["vat"])
            except ValueError as error:
                raise ValueError(f"{path.name}, line {at}: {error}") from error
            bill = bills.setdefault(row["number"], Bill(row["number"], customer_id, []))
            if bill.customer_id != customer_id:
                raise ValueError(f"{path.name}, line {at}: {bill.number} is an invoice of {bill.customer_id}")
            bill.lines.append(InvoiceLineInput(description=row["description"], amount_excl_vat=amount, vat_rate=rate))
    return list(bills.values())


async def bill_all(
    portal: MijnKlantportaal, bills: list[Bill], path: str, date: datetime.date
) -> Report[CustomerInvoice]:
    """Make what is not made yet."""
    listing = portal.customer_invoices.list()

    async def create(bill: Bill) -> CustomerInvoice:
        return await portal.customer_invoices.create_from_lines(
            customer_id=bill.customer_id, invoice_number=bill.number, issued_at=date, lines=bill.lines
        )

    async def find(bill: Bill) -> CustomerInvoice | None:
        return await find_created(listing, match=lambda invoice: invoice.invoice_number == bill.number)

    async with Ledger(path) as ledger:
        with Progress() as bar:
            task = bar.add_task("Billing", total=len(bills))
            return await ledger.run(
                bills,
                key=lambda bill: f"invoice {bill.number}",
                call=create,
                find=find,
                on_progress=lambda told: bar.update(task, completed=told.finished),
            )


async def main(table: Path, path: str) -> int:
    """Bill what is in the table, dated as its name says; answer 1 where something is left for a person to look at."""
    # Not today: the date is part of what is sent, which must be the same when this is started again tomorrow.
    date = month_of(table)
    bills = read(table)
    async with MijnKlantportaal() as portal:
        report = await bill_all(portal, bills, path, date)
    print(report)
    for key, error in {**report.failed, **report.unresolved}.items():
        print(f"{key}: {error}")
    return 0 if report.complete else 1


def arguments() -> argparse.ArgumentParser:
    """The words of the command."""
    parser = argparse.ArgumentParser(description="Monthly invoices from a CSV, once each")
    parser.add_argument("table", type=Path, help="the lines of the invoices, in a file like 2026-01.csv")
    parser.add_argument("ledger", nargs="?", default="billing.db", help="what was done; keep it (default: billing.db)")
    return parser


if __name__ == "__main__":
    given = arguments().parse_args()
    sys.exit(asyncio.run(main(given.table, given.ledger)))
