"""Tickets, appointments, files, payment links and punch cards; and what the portal itself costs."""

from __future__ import annotations

import base64
import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from ..blobs import Upload
from ..people import SIGNATURE
from ..resources._pdf import one_page
from ..resources.tickets import post
from . import work
from .desk import Desk, local
from .year import BEFORE, DAYS

if TYPE_CHECKING:
    from ..records import Record

_PICTURE = base64.b64decode(SIGNATURE.partition(",")[2])
_KINDS = {"pdf": "application/pdf", "png": "image/png", "csv": "text/csv", "txt": "text/plain"}
_NEVER_USED = 1
"""Which of the issued punch cards is forgotten until it has expired."""


class Service:
    """Whoever looks after customers."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._portal, self._year, self._rng = desk, desk.portal, desk.year, desk.rng
        self._cards: list[Record] = []

    def begin(self) -> None:
        """Plans what the year brings."""
        year = self._year
        year.on_day(BEFORE, self._open)
        year.spread(work.DIRECTORIES.items(), lambda item: self._file(*item), until=0.3)
        year.spread(work.TICKETS, self._ticket)
        year.spread(work.APPOINTMENTS * 8, self._appointment)
        for title in work.APPOINTMENTS[:3]:
            year.plan(year.end - datetime.timedelta(days=2), partial(self._appointment, title, days=(3, 7)))
        year.spread(work.FILE_REQUESTS, self._ask_for_files)
        year.spread(work.PAYMENT_LINKS, self._payment_link)
        year.spread(range(10), self._issue_card)
        year.spread(range(DAYS // 30), self._pay_for_the_portal, until=1.0)

    def _open(self) -> None:
        self._cards = [self._desk.do("create-punch-card", **card) for card in work.PUNCH_CARDS]

    def _ticket(self, conversation: work.Conversation) -> None:
        customer, company = self._desk.somebody()
        ticket = self._desk.people.open_ticket(
            conversation.title,
            conversation.messages[0],
            customer_id=customer["id"],
            source=conversation.source,
            name=company.contact,
        )
        if conversation.has_screenshot:
            ids = {"ticketId": ticket["id"], "messageId": ticket["messages"][0]["id"]}
            screenshot = Upload("Schermafdruk.png", "image/png", _PICTURE)
            self._desk.do("upload-attachment-to-ticket-message", ticket, ids, attachment=screenshot)
        writers = (company.contact, self._rng.choice(work.STAFF))
        self._year.later(0, 2, lambda: self._go_on(ticket, conversation, 1, writers))

    def _go_on(self, ticket: Record, conversation: work.Conversation, number: int, writers: tuple[str, str]) -> None:
        """Writes one message of a conversation, and then the next."""
        ticket = self._desk.current("tickets", ticket)
        if number < len(conversation.messages):
            is_customer = number % 2 == 0
            post(self._portal, ticket, conversation.messages[number], writers[number % 2], is_customer=is_customer)
            self._year.later(0, 2, lambda: self._go_on(ticket, conversation, number + 1, writers))
        elif conversation.is_closed:
            self._desk.do("close-ticket", ticket)

    def _appointment(self, title: str, days: tuple[int, int] = (4, 24)) -> None:
        customer, company = self._desk.somebody()
        starts = self._year.soon(*days, minutes=(0, 15, 30, 45))
        ends = starts + datetime.timedelta(minutes=self._rng.choice((30, 60, 90)))
        if self._desk.likely(0.25):
            asked = self._desk.people.request_appointment(starts, ends, title=title, customer_id=customer["id"])
            if self._desk.likely(0.8):
                self._year.later(1, 2, lambda: self._desk.do("change-appointment-status", asked, status="scheduled"))
            return
        made = self._desk.do(
            "schedule-appointment",
            name=title,
            customerId=customer["id"],
            attendeeName=company.contact,
            attendeeEmail=company.email(company.first_name),
            startsAt=local(starts),
            endsAt=local(ends),
        )
        if self._desk.likely(0.5):
            link = f"https://vergaderen.example/{self._rng.randrange(10**9):09}"
            made = self._portal.of("appointments").change(made["id"], onlineMeetingLink=link)
        if self._desk.likely(0.12):
            self._year.later(1, 3, lambda: self._desk.do("cancel-appointment", made))

    def _file(self, directory: str, files: tuple[tuple[str, str], ...]) -> None:
        folder = self._desk.do("post-files", name=directory)
        stored = [
            self._desk.do("post-files", None, None, {"directory": folder["id"]}, file=_file(name, text))
            for name, text in files
        ]
        self._desk.do("create-file-share", content=[folder["id"]])
        self._desk.do("create-file-share", content=[stored[0]["id"]], customerId=self._desk.somebody()[0]["id"])

    def _ask_for_files(self, wish: work.Wish) -> None:
        folders = self._portal.of("directories").newest()
        request = self._desk.do(
            "create-file-request",
            name=wish.name,
            description=wish.reason,
            requestedFiles=list(wish.files),
            customerId=None if wish.is_public else self._desk.somebody()[0]["id"],
            directoryId=folders[0]["id"] if folders else None,
        )
        for wanted in request["requestedFiles"][: wish.provided]:
            self._year.later(1, 9, partial(self._provide, request, wanted))

    def _provide(self, request: Record, wanted: Record) -> None:
        name = wanted["name"]
        self._desk.people.upload_requested_file(request["id"], wanted["id"], one_page([name]), filename=f"{name}.pdf")

    def _payment_link(self, plan: work.PaymentLink) -> None:
        last = plan.days and (self._portal.today() + datetime.timedelta(plan.days)).isoformat()
        link = self._desk.do(
            "create-payment-link",
            description=plan.description,
            amount=plan.amount,
            reusable=plan.is_reusable,
            expiresAt=last,
        )
        for _ in range(plan.times):
            name = self._desk.somebody()[1].contact
            self._year.later(1, 25, partial(self._desk.people.pay, link["id"], name=name))
        if plan.is_closed:
            self._year.later(30, 40, lambda: self._desk.do("close-payment-link", link))

    def _issue_card(self, number: int) -> None:
        customer, _ = self._desk.somebody()
        card = self._desk.do("issue-punch-card", self._cards[number % len(self._cards)], customerId=customer["id"])
        if number != _NEVER_USED:
            self._year.later(5, 30, lambda: self._stamp(card))

    def _stamp(self, card: Record) -> None:
        card = self._desk.current("issued_punch_cards", card)
        if card["status"] == "active":
            ids = {"punchCardId": card["punchCardId"], "issuedPunchCardId": card["id"]}
            stamps = min(self._rng.choice((1, 1, 1, 2, 3)), card["punchesLeft"])
            self._desk.do("stamp-an-issued-punch-card", card, ids, stamps=stamps)
            self._year.later(7, 40, lambda: self._stamp(card))

    def _pay_for_the_portal(self, month: int) -> None:
        """What MijnKlantportaal bills; its prices are invented."""
        lines = [self._line("Pro-abonnement", 1, 3495)]
        if month % 3 == 0:
            lines.append(self._line("Extra opslag, 10 GB", self._rng.randint(1, 3), 250))
        net, vat, gross = (
            round(sum(line[name] for line in lines), 2) for name in ("amountExclVat", "vatAmount", "amountInclVat")
        )
        today = self._portal.today()
        invoice = self._portal.create(
            "mijnklantportaal_invoices",
            invoiceNumber=f"MKP-{today.year}.{1000 + 37 * month + self._rng.randrange(30):04}",
            lines=lines,
            currency="EUR",
            subtotalAmount=net,
            vatAmount=vat,
            totalAmount=gross,
            issuedAt=f"{today.isoformat()}T00:00:00.000Z",
            isPaid=False,
        )
        paid: Any = self._portal.of("mijnklantportaal_invoices").change
        self._year.later(7, 14, lambda: paid(invoice["id"], isPaid=True))

    def _line(self, description: str, quantity: int, cents: int) -> Record:
        net = quantity * cents
        vat = (net * 21 + 50) // 100
        return {
            "id": self._portal.new_id("fcl_"),
            "description": description,
            "quantity": quantity,
            "currency": "EUR",
            "amountExclVat": net / 100,
            "vatRate": 21,
            "vatAmount": vat / 100,
            "amountInclVat": (net + vat) / 100,
        }


def _file(name: str, text: str) -> Upload:
    kind = name.rpartition(".")[2]
    content = one_page([text]) if kind == "pdf" else _PICTURE if kind == "png" else text.encode()
    return Upload(name, _KINDS[kind], content)
