"""Customers, what they are subscribed to, and what they order and pay."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from ..blobs import Upload
from ..people import SIGNATURE
from ..resources._pdf import one_page
from ..resources.customer_subscriptions import update_payment
from . import work
from .companies import Company, companies
from .desk import Desk, local
from .year import BEFORE, DAYS

if TYPE_CHECKING:
    from ..records import Record

_OF_OLD = 22
"""Customers that the agency had before."""


class Sales:
    """Whoever sells and bills."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._portal, self._year, self._rng = desk, desk.portal, desk.year, desk.rng
        self._groups: list[Record] = []
        self._hosting: list[Record] = []
        self._maintenance: list[Record] = []

    def begin(self) -> None:
        """Plans what the year brings."""
        year, found = self._year, companies(self._rng)
        year.on_day(BEFORE, self._open)
        for number, company in enumerate(found):
            late = number - _OF_OLD
            day = 1 + number // 2 if late < 0 else 14 + late * (DAYS - 20) // (len(found) - _OF_OLD)
            year.on_day(day, partial(self._join, company, of_old=late < 0))
        year.spread(range(DAYS // 7), lambda _: self._collect(), until=1.0)
        year.spread(("1 month", "1 year", "1 month"), self._lose)
        year.plan(year.end - datetime.timedelta(days=2), self._sell_from_next_month)
        year.plan(year.end - datetime.timedelta(days=1), lambda: self._offer(*self._desk.somebody()))
        year.plan(year.end - datetime.timedelta(hours=3), self._interest_visitor)

    def _open(self) -> None:
        self._groups = [self._desk.do("create-customer-group", name=name) for name in work.GROUPS]
        self._hosting, self._maintenance = (
            [self._desk.do("create-customer-subscription-package", **package) for package in packages]
            for packages in (work.HOSTING, work.MAINTENANCE)
        )

    def _join(self, company: Company, *, of_old: bool) -> None:
        email, rng = company.email(), self._rng
        customer = self._desk.do("create-customer", companyName=company.name, primaryEmail=email, **company.address)
        known: dict[str, str] = {"phone": company.phone}
        if self._desk.likely(0.25):
            known |= {"integration": "acumulus", "integrationId": f"{rng.randrange(10**6):06}"}
        customer = self._portal.of("customers").change(customer["id"], **known)
        self._desk.customers.append((customer, company))
        starts = self._portal.today() + datetime.timedelta(rng.randint(0, 20))
        if self._desk.likely(0.85):
            self._subscribe(customer, rng.choices(self._hosting, (5, 2, 1))[0], self._groups[0], starts)
        if self._desk.likely(0.2):
            self._subscribe(customer, rng.choice(self._maintenance), self._groups[1], starts)
        if of_old:
            self._bring_along(customer, company)
        for _ in range(rng.choice((0, 1, 1, 2))):
            self._year.later(3, 150, lambda: self._offer(customer, company))

    def _subscribe(self, customer: Record, package: Record, group: Record, starts: datetime.date) -> None:
        self._desk.do(
            "sign-up-customer-subscription-package-to-customer",
            package,
            customerId=customer["id"],
            startDate=starts.isoformat(),
            createInvoice=True,
        )
        self._desk.do("add-customers-to-customer-group", group, customers=[customer["id"]])

    def _lose(self, interval: str) -> None:
        """Somebody terminates a subscription."""
        running = self._portal.of("customer_subscriptions").newest(
            lambda each: each["interval"] == interval and each["status"] == "in_progress"
        )
        if running:
            now = local(self._portal.now())
            self._desk.do("change-customer-subscription", self._rng.choice(running), terminatedAt=now)

    def _sell_from_next_month(self) -> None:
        next_week = self._portal.today() + datetime.timedelta(7)
        first = (next_week.replace(day=28) + datetime.timedelta(7)).replace(day=1)
        self._subscribe(self._desk.somebody()[0], self._maintenance[0], self._groups[1], first)

    def _interest_visitor(self) -> None:
        """Somebody who has not paid yet, and so is no customer."""
        self._desk.do("sign-up-customer-subscription-package-to-non-customer", self._hosting[0], **work.VISITOR)

    def _collect(self) -> None:
        """The week's direct debits."""
        for payment in self._portal.of("subscription_payments").newest(lambda each: each["status"] == "open"):
            update_payment(self._portal, payment, "paid" if self._desk.likely(0.95) else "failed")

    def _bring_along(self, customer: Record, company: Company) -> None:
        """An invoice of before, which is a PDF and was paid."""
        issued = self._portal.today() - datetime.timedelta(self._rng.randint(20, 90))
        paid = datetime.datetime.combine(issued, datetime.time(10, 30)) + datetime.timedelta(self._rng.randint(1, 15))
        number, amount = self._desk.number("OUD-"), f"{self._rng.randrange(5000, 60000) / 100:.2f}"
        self._desk.do(
            "create-customer-invoice",
            customerId=customer["id"],
            invoiceNumber=number,
            issuedAt=issued.isoformat(),
            paidAt=local(paid),
            amount=amount,
            pdf=_pdf(number, f"Factuur {number}", company.name, f"Totaal: EUR {amount}"),
        )

    def _offer(self, customer: Record, company: Company) -> None:
        job, today, fate = self._rng.choice(work.WORK), self._portal.today(), self._rng.random()
        offer = self._desk.do(
            "create-customer-offer-manual",
            customerId=customer["id"],
            offerNumber=self._desk.number("O"),
            issuedAt=today.isoformat(),
            expiresAt=(today + datetime.timedelta(30)).isoformat(),
            lines=_lines(job.lines),
        )
        if fate < 0.65:
            self._year.later(2, 21, lambda: self._begin_work(offer, job, customer, company))
        elif fate < 0.8:
            self._year.later(2, 21, lambda: self._desk.people.reject_offer(offer["id"]))

    def _begin_work(self, offer: Record, job: work.Work, customer: Record, company: Company) -> None:
        self._desk.people.accept_offer(offer["id"], ip=f"203.0.113.{self._rng.randint(1, 254)}")
        if self._desk.likely(0.5):
            self._agree(f"Overeenkomst {job.title.lower()}", company)
        for number, line in enumerate(job.lines):
            self._year.later(5 + 20 * number, 18 + 20 * number, partial(self._bill, customer, line))

    def _agree(self, name: str, company: Company) -> None:
        email = company.email(company.first_name)
        agreement = self._desk.do(
            "create-agreement",
            name=name,
            signerName=work.STAFF[0],
            signerSignatureData=SIGNATURE,
            signers=[{"firstName": company.first_name, "lastName": company.last_name, "email": email}],
            documents=[_pdf(name, name, work.AGENCY, company.name)],
        )
        if self._desk.likely(0.8):
            self._year.later(1, 12, lambda: self._desk.people.sign_agreement(agreement["id"]))

    def _bill(self, customer: Record, line: tuple[str, str]) -> None:
        invoice = self._desk.do(
            "create-customer-invoice-manual",
            customerId=customer["id"],
            invoiceNumber=self._desk.number(""),
            issuedAt=self._portal.today().isoformat(),
            lines=_lines([line]),
        )
        patience = self._rng.random()
        if patience < 0.9:
            days = (2, 27) if patience < 0.75 else (33, 60)
            self._year.later(*days, lambda: self._desk.people.pay(invoice["id"]))


def _lines(lines: Iterable[tuple[str, str]]) -> list[Record]:
    return [{"description": what, "amountExclVat": amount, "vatRate": 21} for what, amount in lines]


def _pdf(name: str, *lines: str) -> Upload:
    return Upload(f"{name}.pdf", "application/pdf", one_page(lines))
