"""Events that only people bring about, and what people can't do."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from mijnklantportaal_client.models import EventType
from tests.sandbox.behaviour.conftest import NOW, UNKNOWN, Desk, in_this_process

HOUR = datetime.timedelta(hours=1)
LINE = {"description": "Logo", "amount_excl_vat": "10", "vat_rate": 21}


class Office:
    """Somebody's whole work."""

    def __init__(self, desk: Desk) -> None:
        self.portal, self.people, self.desk = desk.portal, desk.people, desk

    async def work(self) -> dict[str, str]:
        """Does everything once; answers the ID of one of each kind."""
        portal, people = self.portal, self.people
        customer = (await self.desk.customer()).id
        appointment = people.request_appointment(NOW, NOW + HOUR, customer_id=customer)["id"]
        await portal.appointments.cancel(appointment)
        fields: dict[str, Any] = {"customer_id": customer, "issued_at": "2026-03-02", "lines": [LINE]}
        invoice = (await portal.customer_invoices.create_from_lines(invoice_number="1", **fields)).id
        people.pay(invoice)
        people.charge_back_invoice(invoice)
        fields["expires_at"] = "2026-03-31"
        offers = [(await portal.customer_offers.create_from_lines(offer_number="1", **fields)).id for _ in range(2)]
        people.accept_offer(offers[0])
        people.reject_offer(offers[1])
        links = [
            (await portal.payment_links.create(description="x", amount="1", expires_at="2026-03-02")).id
            for _ in range(2)
        ]
        people.pay(links[0])
        ticket = people.open_ticket("Vraag", "Hallo")["id"]
        await portal.tickets.reply(ticket, message="Hallo")
        people.reply_to_ticket(ticket, "Dank")
        subscription = (
            await portal.customer_subscriptions.create(
                customer_id=customer,
                description="x",
                start_date="2026-04-01",
                interval="1 month",
                amount="1",
                vat_rate=0,
            )
        ).id
        await portal.customer_subscriptions.update(subscription, amount="2")
        payment = people.collect_subscription_payment(subscription)["id"]
        people.update_subscription_payment(payment)
        self.desk.pass_time(days=1)
        people.delete_invoice(invoice)
        people.delete_offer(offers[0])
        people.delete_subscription(subscription)
        people.delete_customer(customer)
        return {"offer": offers[1], "link": links[1], "ticket": ticket, "payment": payment}


async def test_every_event_happens(desk: Desk) -> None:
    """All 23 of them, in the course of one day's work; making a customer is left out of the count by the desk."""
    await Office(desk).work()
    assert set(desk.events) | {"customer-created"} == {str(each) for each in EventType}
    assert len(EventType) == 23


async def test_answers_are_those_of_the_api(desk: Desk) -> None:
    """With links that lead somewhere, and nothing that the portal keeps for itself."""
    customer, portal, people = await desk.customer(), desk.portal, desk.people
    fields: dict[str, Any] = {"customer_id": customer.id, "issued_at": "2026-03-02"}
    invoice = await portal.customer_invoices.create_from_pdf(**fields, invoice_number="1", amount="1.00", pdf=b"%PDF-")
    assert people.pay(invoice.id) == (await portal.customer_invoices.get(invoice.id)).to_dict()
    terms: dict[str, Any] = {"interval": "1 month", "amount": "10", "vat_rate": 21, "start_date": "2026-03-02"}
    subscription = await portal.customer_subscriptions.create(customer_id=customer.id, description="Hosting", **terms)
    payment = people.collect_subscription_payment(subscription.id)
    assert (payment["subscriptionId"], payment["status"]) == (subscription.id, "open")
    assert people.delete_subscription(subscription.id) == subscription.to_dict()


async def test_records_that_fit_nothing(desk: Desk) -> None:
    """A ticket of nobody who is there, and a card with half an expiry, as the examples have them."""
    ticket = desk.sandbox.state.tickets.add()
    assert desk.people.reply_to_ticket(ticket.id, "Dank")["messages"][-1]["postedBy"] is None
    card = desk.sandbox.state.punch_cards.add(expiry_periode=None)
    issued = await desk.portal.punch_cards.issue(card.id, customer_id=(await desk.customer()).id)
    assert issued.expires_at is None


async def test_what_is_deleted_is_gone(desk: Desk) -> None:
    """And the rest stays."""
    left = await Office(desk).work()
    state = desk.sandbox.state
    assert [len(each) for each in (state.customers, state.customer_invoices, state.customer_subscriptions)] == [0, 0, 0]
    assert [each.id for each in state.customer_offers] == [left["offer"]]
    assert (await desk.portal.payment_links.get(left["link"])).status == "expired"


@in_this_process
@pytest.mark.parametrize(
    ("act", "error", "text"),
    [
        (lambda people, ids: people.pay(f"plk_{UNKNOWN}"), KeyError, "the portal has no payment link plk_"),
        (lambda people, ids: people.pay(f"inv_{UNKNOWN}"), KeyError, "the portal has no customer invoice inv_"),
        (lambda people, ids: people.pay("nonsense"), KeyError, "the portal has no sign up nonsense"),
        (lambda people, ids: people.pay(ids["link"]), ValueError, "is expired"),
        (lambda people, ids: people.pay(ids["invoice"]), ValueError, "was paid before"),
        (lambda people, ids: people.accept_offer(ids["offer"]), ValueError, "was decided before"),
        (lambda people, ids: people.reject_offer(ids["expired"]), ValueError, "has expired"),
        (lambda people, ids: people.sign_agreement(ids["agreement"], f"ags_{UNKNOWN}"), KeyError, "has no signer ags_"),
        (lambda people, ids: people.sign_agreement(ids["signed"], ids["signer"]), ValueError, "has signed before"),
        (lambda people, ids: people.sign_agreement(ids["signed"]), ValueError, "was signed before"),
        (lambda people, ids: people.request_appointment(NOW, NOW), ValueError, "The attendee name field is required"),
        (
            lambda people, ids: people.request_appointment(NOW, NOW, customer_id=f"cst_{UNKNOWN}"),
            KeyError,
            "the portal has no customer cst_",
        ),
        (lambda people, ids: people.open_ticket("a", "b", source="fax"), ValueError, "portal, email, chat"),
        (lambda people, ids: people.open_ticket("a", "b", customer_id="cst_1"), KeyError, "no customer cst_1"),
        (lambda people, ids: people.reply_to_ticket(f"tic_{UNKNOWN}", "b"), KeyError, "no ticket tic_"),
        (
            lambda people, ids: people.upload_requested_file(ids["request"], f"fqf_{UNKNOWN}", b""),
            KeyError,
            "asks for no fqf_",
        ),
        (
            lambda people, ids: people.upload_requested_file(ids["request"], ids["provided"], b""),
            ValueError,
            "was provided before",
        ),
        (lambda people, ids: people.charge_back_invoice(ids["unpaid"]), ValueError, "was not paid"),
        (lambda people, ids: people.buy_punch_card(ids["card"], ids["customer"]), ValueError, "is not for sale"),
        (lambda people, ids: people.update_subscription_payment(ids["payment"], "lost"), ValueError, "charged_back"),
        (lambda people, ids: people.update_subscription_payment("sbp_1"), KeyError, "no subscription payment sbp_1"),
        (lambda people, ids: people.delete_offer(f"off_{UNKNOWN}"), KeyError, "no customer offer off_"),
    ],
)
async def test_what_people_can_not_do(
    desk: Desk, act: Callable[[Any, dict[str, str]], Any], error: type[Exception], text: str
) -> None:
    """It is said why, and nothing happens."""
    ids = await Office(desk).work() | _more(desk)
    await desk.portal.payment_links.list()
    assert desk.events
    held = {name: list(each) for name, each in desk.inside.collections.items()}
    with pytest.raises(error, match=text):
        act(desk.people, ids)
    assert ({name: list(each) for name, each in desk.inside.collections.items()}, desk.events) == (held, [])


def _more(desk: Desk) -> dict[str, str]:
    """IDs of what was there before."""
    state = desk.sandbox.state
    signed = state.agreements.add(status="signed")
    request = state.file_requests.add()
    return {
        "customer": state.customers.add().id,
        "invoice": state.customer_invoices.add(paid_at=NOW).id,
        "unpaid": state.customer_invoices.add(paid_at=None).id,
        "expired": state.customer_offers.add(accepted_at=None, rejected_at=None, expires_at="2026-03-02").id,
        "agreement": signed.id,
        "signed": signed.id,
        "signer": signed.signers[0].id,
        "request": request.id,
        "provided": request.requested_files[0].id,
        "card": state.punch_cards.add(for_sale=False).id,
    }
