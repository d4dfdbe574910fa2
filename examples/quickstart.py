"""The main job from start to end: read, walk a list, create, and meet the two most common mistakes.

    MIJNKLANTPORTAAL_API_KEY=... python examples/quickstart.py

`make demo` runs it against a sandbox. With a real key it takes the first invoice in the list of your own portal; mind
that step 3 makes a customer.
"""

import asyncio
import textwrap

from mijnklantportaal_client import InvalidIDError, MijnKlantportaal, NotFoundError

CUSTOMER_ID = "cst_abc12345def678"
UNKNOWN_CUSTOMER_ID = "cst_missing"


def title(text: str) -> None:
    """Print the heading of a step."""
    print(f"\n{text}")


def show(label: str, value: object) -> None:
    """Print a label and its value, which may be long; a link stays whole, to be clicked."""
    start, further = f"   {label:<17}", " " * 20
    lines = textwrap.TextWrapper(110, start, further, break_long_words=False, break_on_hyphens=False)
    print(lines.fill(str(value)))


async def fetch_invoice(portal: MijnKlantportaal) -> None:
    """Amounts are exact decimals, dates are dates, moments know their offset."""
    title("1. Fetch an invoice")
    first = await portal.customer_invoices.list().collect(limit=1)
    if not first:
        show("none", "this portal has no invoice yet")
        return
    invoice = await portal.customer_invoices.get(first[0].id)
    show("ID", invoice.id)
    show("number", invoice.invoice_number)
    show("amount", f"{invoice.amount} {invoice.currency}    {invoice.amount!r}")
    show("with 9% off", f"{invoice.amount * 91 / 100:.2f} {invoice.currency}")
    show("due", f"{invoice.due_at}    {invoice.due_at!r}")
    show("paid", invoice.paid_at or "not yet")


async def walk_customers(portal: MijnKlantportaal) -> None:
    """A list is awaited for its first page, or iterated over for everything; pages come as they are needed."""
    title("2. Walk the customers, page by page")
    async for page in portal.customers.list().pages():
        ids = [customer.id for customer in page.data]
        span = f", {ids[0]} to {ids[-1]}" if ids else ""
        show(f"page {page.current_page}", f"{len(ids):>2} customers{span}")
    count = 0
    async for customer in portal.customers.list():
        count += customer.city == "Amsterdam"
    show("in Amsterdam", f"{count} customers, counted one by one")


async def create_customer(portal: MijnKlantportaal) -> None:
    """Arguments are the fields of the API in snake_case; a wrong one is an error before anything is sent."""
    title("3. Create a customer")
    customer = await portal.customers.create(
        company_name="Bakkerij Jansen",
        address="Dorpsstraat 1",
        zip_code="1234AB",
        city="Amsterdam",
        primary_email="info@example.com",
    )
    show("ID", customer.id)
    show("name", customer.company_name)
    show("created at", customer.created_at)
    show("in a log", textwrap.shorten(repr(customer), 90, placeholder=" ...)"))
    show("kept out of it", "name, address, e-mail and phone")


async def be_refused_an_id(portal: MijnKlantportaal) -> None:
    """The ID of one thing in the place of another is caught without a request."""
    title("4. Ask for an invoice with the ID of a customer")
    try:
        await portal.customer_invoices.get(CUSTOMER_ID)
    except InvalidIDError as error:
        show(type(error).__name__, error)
        show("parameter", error.parameter)
        show("expected", " or ".join(error.expected))
        show("outcome", error.outcome)


async def meet_a_404(portal: MijnKlantportaal) -> None:
    """Every error says what happened, and what it means for what was asked."""
    title("5. Ask for a customer who is not there")
    try:
        await portal.customers.get(UNKNOWN_CUSTOMER_ID)
    except NotFoundError as error:
        show(type(error).__name__, error)
        show("status", error.status_code)
        show("outcome", error.outcome)
        show("attempts", error.attempts)


async def main() -> None:
    """Run the steps on one client, which keeps its connections open between them."""
    async with MijnKlantportaal() as portal:
        await fetch_invoice(portal)
        await walk_customers(portal)
        await create_customer(portal)
        await be_refused_an_id(portal)
        await meet_a_404(portal)


if __name__ == "__main__":
    asyncio.run(main())
