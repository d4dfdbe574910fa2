"""The invoices of a month, once each, however often this is started and wherever it stops.

    MIJNKLANTPORTAAL_API_KEY=... python examples/ledger_billing.py billing.db

It bills every customer of the portal for hosting in January. It needs `rich` for the progress bar.
"""

import asyncio
import sys

import attrs
from rich.progress import Progress

from mijnklantportaal_client import MijnKlantportaal
from mijnklantportaal_client.ledger import Ledger, Report, find_created
from mijnklantportaal_client.models import Customer, CustomerInvoice

MONTH = "2026-01"


@attrs.frozen
class Bill:
    """An invoice that is to be made; its number is known before it is sent, and is never used again."""

    customer_id: str
    number: str


def bills(customers: list[Customer]) -> list[Bill]:
    """What there is to bill: the same list whenever it is made."""
    ids = sorted(customer.id for customer in customers)
    return [Bill(id, f"{MONTH}-{id.removeprefix('cst_')}") for id in ids]


async def bill_all(portal: MijnKlantportaal, path: str) -> Report[CustomerInvoice]:
    """Make what is not made yet."""
    listing = portal.customer_invoices.list()

    async def create(bill: Bill) -> CustomerInvoice:
        return await portal.customer_invoices.create_from_lines(
            customer_id=bill.customer_id,
            invoice_number=bill.number,
            issued_at=f"{MONTH}-31",
            lines=[{"description": f"Hosting {MONTH}", "amount_excl_vat": "100.00", "vat_rate": 21}],
        )

    async def find(bill: Bill) -> CustomerInvoice | None:
        return await find_created(listing, match=lambda invoice: invoice.invoice_number == bill.number)

    todo = bills(await portal.customers.list().collect())
    async with Ledger(path) as ledger:
        with Progress() as bar:
            task = bar.add_task("Billing", total=len(todo))
            return await ledger.run(
                todo,
                key=lambda bill: f"invoice {bill.number}",
                call=create,
                find=find,
                on_progress=lambda told: bar.update(task, completed=told.finished),
            )


async def main(path: str) -> int:
    """Answer 1 where something is left for a person to look at."""
    async with MijnKlantportaal() as portal:
        report = await bill_all(portal, path)
    print(report)
    for key, error in {**report.failed, **report.unresolved}.items():
        print(f"{key}: {error}")
    return 0 if report.complete else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "billing.db")))
