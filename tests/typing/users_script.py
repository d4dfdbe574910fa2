# mypy: ignore-errors
# ruff: noqa: ASYNC230, T201
# The lines above are for this repository's own checks; the test takes the first one out. Each line that ends in
# "# expect: error" has to be refused by every type checker, and no other line by any.
"""What users write, and mistakes that they make."""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, assert_type

import mijnklantportaal_client
from mijnklantportaal_client import (
    UNSET,
    APIResponse,
    APIStatusError,
    AsyncPager,
    FileUpload,
    InvalidIDError,
    MijnKlantportaal,
    Outcome,
    Page,
    RetryPolicy,
    ValidationError,
    contract,
    models,
    resources,
    testing,
)
from mijnklantportaal_client.errors import MijnKlantportaalError
from mijnklantportaal_client.events import DriftEvent, OutcomeEvent
from mijnklantportaal_client.ids import PREFIXES, check_id
from mijnklantportaal_client.models import (
    Customer,
    CustomerInvoice,
    DownloadLink,
    EventType,
    InvoiceLineInput,
    InvoiceLineInputDict,
    Link,
    Ticket,
    TicketStatus,
    VatRate,
)
from mijnklantportaal_client.resources import CustomerInvoices, Customers


class Watcher:
    """A hook."""

    def on_outcome(self, event: OutcomeEvent) -> None:
        """Hear how calls end."""
        assert_type(event.outcome, Outcome)
        assert_type(event.status_code, int | None)

    async def on_drift(self, event: DriftEvent) -> None:
        """Hear where answers differ."""
        assert_type(event.location, str)


async def read(portal: MijnKlantportaal) -> None:
    """Records, and what their fields are."""
    invoice = await portal.customer_invoices.get("inv_abc12345def678")
    assert_type(invoice, CustomerInvoice)
    assert_type(invoice.id, str)
    assert_type(invoice.amount, Decimal)
    assert_type(invoice.issued_at, datetime.date)
    assert_type(invoice.due_at, datetime.date | None)
    assert_type(invoice.paid_at, datetime.datetime | None)
    assert_type(invoice.links.customer, Link)
    assert_type(invoice.to_dict(), dict[str, Any])
    assert_type(invoice.to_dict(by="python"), dict[str, Any])
    assert_type(CustomerInvoice.from_dict(invoice.to_dict()), CustomerInvoice)
    assert_type(invoice.additional_properties, dict[str, Any])
    assert_type(invoice.unreadable, Mapping[str, Any])
    ticket = await portal.tickets.get("tic_abc12345def678")
    assert_type(ticket.status, TicketStatus | str)
    if ticket.status == TicketStatus.OPEN:
        assert_type([message.posted_at for message in ticket.messages], list[datetime.datetime])
    link = await portal.files.get_download_link("fsf_abc12345678")
    assert_type(link, DownloadLink)
    assert_type(await portal.download(link, to="a.pdf", on_progress=print, max_bytes=None, overwrite=False), Path)
    assert_type(await portal.read(link), bytes)
    assert_type(await portal.read(link.link), bytes)
    assert_type(await portal.customer_groups.add_customers("cug_abc1234", customers=["cst_abc12345"]), list[Customer])
    own = await portal.mijnklantportaal_invoices.get("fac_abc12345678")
    assert_type([line.amount_excl_vat for line in own.lines], list[Decimal])


async def walk(portal: MijnKlantportaal) -> None:
    """Lists, in every way."""
    pager = portal.customers.list(page=2, prefetch=0)
    assert_type(pager, AsyncPager[Customer])
    async for customer in pager:
        assert_type(customer, Customer)
        assert_type(customer.phone, str | None)
        assert_type(customer.customer_groups, list[str])
    async for page in portal.tickets.list().pages():
        assert_type(page, Page[Ticket])
    first = await portal.customers.list()
    assert_type(first, Page[Customer])
    assert_type(first.data, list[Customer])
    assert_type(first.has_next, bool)
    assert_type(await portal.customers.list().collect(limit=10), list[Customer])
    names = [customer.company_name async for customer in portal.customers.list()]
    assert_type(names, list[str])
    async for appointment in portal.appointments.list(start_at=datetime.datetime.now(datetime.UTC), days=7):
        assert_type(appointment.starts_at, datetime.datetime)


async def write(portal: MijnKlantportaal) -> None:
    """Arguments, nested ones too."""
    customer = await portal.customers.create(
        company_name="Test Company BV",
        address="Teststreet 123",
        zip_code="1234AB",
        city="Amsterdam",
        primary_email="john.doe@test.com",
        country_code=UNSET,
    )
    lines: list[InvoiceLineInputDict] = [{"description": "Hosting", "amount_excl_vat": "12.95", "vat_rate": 21}]
    number = "2024-001"
    today = datetime.date(2024, 4, 29)
    create = portal.customer_invoices.create_from_lines
    await create(customer_id=customer.id, invoice_number=number, issued_at=today, lines=lines)
    await create(
        customer_id=customer.id,
        invoice_number=number,
        issued_at="2024-04-29",
        lines=[
            {"description": "Hosting", "amount_excl_vat": Decimal("12.95"), "vat_rate": VatRate.STANDARD},
            InvoiceLineInput(description="Domain", amount_excl_vat=10, vat_rate=9),
        ],
        send_notification=True,
        extra_body={"newField": [1, 2]},
        extra_query={"dryRun": True},
        extra_headers={"X-Trace": "1"},
    )
    await portal.payment_links.create(description="Contribution", amount=Decimal("12.95"), expires_at=today)
    await portal.payment_links.create(description="Contribution", amount=12)
    await portal.customer_subscription_packages.sign_up_customer("spg_abc", customer_id="cst_abc", invoice_text=None)
    await portal.webhooks.create(url="https://example.com/", type=EventType.INVOICE_PAID)
    await portal.webhooks.create(url="https://example.com/", type="something-new")
    await portal.punch_cards.create(name="Lessons", punches=10, punch_label="lesson", expiry_value="3")
    for file in (b"content", Path("a.pdf"), FileUpload(b"content", "a.pdf", "application/pdf")):
        await portal.files.upload(file=file, directory="fsd_abc12345678")
    with Path("a.pdf").open("rb") as opened:
        await portal.files.upload(file=opened)


async def configure() -> None:
    """Options, raw answers, errors."""
    watcher = Watcher()
    async with MijnKlantportaal(
        api_key="key", retry=RetryPolicy(max_attempts=2), strict="money", hooks=[watcher], tags={"job": 1}
    ) as portal:
        copy = portal.with_options(timeout=5, deadline=None, validate_ids=False, api_key=None)
        assert_type(copy, MijnKlantportaal)
        assert_type(portal.customers, Customers)
        assert_type(copy.customer_invoices, CustomerInvoices)
        response = await portal.with_raw_response.customers.get("cst_abc12345def678")
        assert_type(response, APIResponse[Customer])
        assert_type(response.parsed, Customer)
        assert_type(response.status_code, int)
        assert_type(response.headers["content-type"], str)
        assert_type(response.request_id, str | None)
        raw_page = await portal.with_raw_response.customers.list(page=2)
        assert_type(raw_page, APIResponse[Page[Customer]])
        cast = await portal.request("GET", "/customers/cst_abc12345def678", cast_to=Customer)
        assert_type(cast, APIResponse[Customer])
        assert_type(check_id("cst_abc12345def678", "cst_"), str)
        assert_type(PREFIXES["cst_"], str)
        try:
            await read(portal)
        except InvalidIDError as error:
            assert_type(error.parameter, str)
        except ValidationError as error:
            assert_type(error.errors, Mapping[str, list[str]])
        except APIStatusError as error:
            assert_type(error.status_code, int)
        except MijnKlantportaalError as error:
            assert_type(error.outcome.may_have_happened, bool)


def mistakes_with_names() -> None:
    """Names that no module has; each is loaded when it is first used, which must not hide that."""
    print(mijnklantportaal_client.NotFoundErorr)  # expect: error
    print(models.CustomerInvoise)  # expect: error
    print(resources.CustomerInvoise)  # expect: error
    print(testing.SandBox)  # expect: error
    print(contract.DriftColector)  # expect: error


async def mistakes_with_files(portal: MijnKlantportaal, invoice: CustomerInvoice) -> None:
    """The same, of files."""
    await portal.download("https://files.example/x")  # expect: error
    await portal.download("https://files.example/x", to=b"a.pdf")  # expect: error
    await portal.download("https://files.example/x", to="a.pdf", on_progress=lambda done: None)  # expect: error
    await portal.read(invoice)  # expect: error
    await portal.files.upload(file=b"x", on_progress=lambda done: None)  # expect: error
    await portal.files.create_directory(name="x", on_progress=print)  # expect: error


async def mistakes(portal: MijnKlantportaal, invoice: CustomerInvoice, day: datetime.date) -> None:
    """Each is one line, so that both checkers point at the same one."""
    lines = portal.customer_invoices.create_from_lines
    await portal.customer_groups.create(name="Hosting", customer=["cst_abc12345"])  # expect: error
    await portal.customer_groups.create()  # expect: error
    await portal.customer_groups.create("Hosting")  # expect: error
    await portal.customer_groups.create(name=1)  # expect: error
    await portal.customer_groups.create(name="Hosting", customers=[1])  # expect: error
    await portal.customer_groups.update("cug_abc1234", name=None)  # expect: error
    await portal.payment_links.create(description="Costs", amount=12.95)  # expect: error
    await portal.payment_links.create(description="Costs", amount="12.95", expires_at=None)  # expect: error
    await portal.payment_links.create(description="Costs", amount="12.95", reusable="yes")  # expect: error
    await portal.payment_links.create(description="Costs", amount="12.95", expires_at=20240504)  # expect: error
    await lines(customer_id="c", invoice_number="1", issued_at=day, lines=[{"description": "Hosting"}])  # expect: error
    await lines(customer_id="c", invoice_number="1", issued_at=day, lines=["Hosting"])  # expect: error
    line: InvoiceLineInputDict = {"description": "a", "amount_exl_vat": "1", "vat_rate": 21}  # expect: error
    price: InvoiceLineInputDict = {"description": "a", "amount_excl_vat": 12.95, "vat_rate": 21}  # expect: error
    short: InvoiceLineInputDict = {"description": "a", "vat_rate": 21}  # expect: error
    InvoiceLineInput(description="Hosting", vat_rate=VatRate.STANDARD)  # expect: error
    InvoiceLineInput(description="Hosting", amount_excl_vat=12.95, vat_rate=21)  # expect: error
    await lines(customer_id="c", invoice_number=2024, issued_at=day, lines=[line, price, short])  # expect: error
    await portal.customers.get(12345)  # expect: error
    await portal.customers.get(None)  # expect: error
    await portal.customers.get()  # expect: error
    await portal.customers.get("cst_abc12345", "cst_abc12345")  # expect: error
    await portal.customers.get(id="cst_abc12345")  # expect: error
    await portal.customers.delete("cst_abc12345")  # expect: error
    await portal.customer.get("cst_abc12345")  # expect: error
    await portal.webhooks.create(url="https://example.com/", type=EventType.INVOICE_PAYED)  # expect: error
    await portal.files.upload(file="a.pdf")  # expect: error
    await portal.files.upload(file=b"", name="a")  # expect: error
    await portal.request("GET", "/customers", cast_to=str)  # expect: error
    print(invoice.ammount)  # expect: error
    print(invoice.paid_at.year)  # expect: error
    print(invoice.amount + 1.5)  # expect: error
    print(portal.customers.list().data)  # expect: error
    print((await portal.customers.list()).total)  # expect: error
    print(portal.customers.list()[0])  # expect: error
    for _customer in portal.customers.list():  # expect: error
        pass
    for _other in await portal.customers.list():  # expect: error
        pass
    list(portal.customers.list())  # expect: error
    portal.with_options(base_url="https://example.com/")  # expect: error
    portal.with_options(retries=3)  # expect: error
    MijnKlantportaal("key")  # expect: error
    MijnKlantportaal(api_key="key", strict="yes")  # expect: error
    MijnKlantportaal(api_key="key", retry=3)  # expect: error
    RetryPolicy(attempts=3)  # expect: error
