"""Monthly invoices from a CSV, once each, however often this is started and wherever it stops.

    pip install rich
    MIJNKLANTPORTAAL_API_KEY=... python ledger_billing.py 2026-01.csv billing.db

The file has a line for each line of an invoice: `number,customer,description,amount,vat`. Lines with one number make
one invoice. The number is the key: it is chosen before anything is sent, and never used for anything else. Keep
`billing.db`; start again until nothing is left to do.
"""

import asyncio
import csv
import datetime
import sys
from decimal import Decimal
from pathlib import Path

import attrs
from rich.progress import Progress

from mijnklantportaal_client import MijnKlantportaal
from mijnklantportaal_client.ids import check_id
from mijnklantportaal_client.ledger import Ledger, Report, find_created
from mijnklantportaal_client.models import CustomerInvoice, InvoiceLineInput


@attrs.define
class Bill:
    """An invoice that is to be made."""

    number: str
    customer_id: str
    lines: list[InvoiceLineInput]


def read(path: Path) -> list[Bill]:
    """The invoices of a file; a line that can't be right is an error before anything is sent.

    Raises:
        ValueError: A line has a wrong ID, amount or rate, or one number stands for two customers.
    """
    bills: dict[str, Bill] = {}
    with path.open(newline="", encoding="utf-8-sig") as file:
        for at, row in enumerate(csv.DictReader(file), 2):
            try:
                customer_id = check_id(row["customer"], "cst_")
                amount, rate = Decimal(row["amount"]), int(row["vat"])
            except (ArithmeticError, ValueError) as error:
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
    date = datetime.date.fromisoformat(f"{table.stem}-01")
    bills = read(table)
    async with MijnKlantportaal() as portal:
        report = await bill_all(portal, bills, path, date)
    print(report)
    for key, error in {**report.failed, **report.unresolved}.items():
        print(f"{key}: {error}")
    return 0 if report.complete else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "billing.db")))
