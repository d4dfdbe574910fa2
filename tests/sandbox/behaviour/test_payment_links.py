"""Payment links, what is paid through them, and how they end."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest

from mijnklantportaal_client import ValidationError
from mijnklantportaal_client.models import PaymentLink
from tests.sandbox.behaviour.conftest import NOW, Desk, at, refused


async def link(desk: Desk, **changes: Any) -> PaymentLink:
    """A payment link."""
    return await desk.portal.payment_links.create(**{"description": "Contributie", "amount": "12.5", **changes})


async def test_a_link_is_kept(desk: Desk) -> None:
    """Until it is paid."""
    made = await link(desk)
    assert (made.amount, made.reusable, made.expires_at) == (Decimal("12.50"), False, None)
    assert (made.status, made.checkout_url) == ("open", f"{desk.origin}/pay/{made.id}")
    assert (await desk.portal.payment_links.get(made.id), desk.events) == (made, ["payment-link-created"])
    assert (await desk.portal.payment_links.list()).data == [made]


async def test_a_link_is_paid_once(desk: Desk) -> None:
    """It is of no use then."""
    made = await link(desk)
    other = await link(desk)
    desk.people.pay(made.id, name="Kees Vos")
    desk.people.pay(other.id)
    paid = await desk.portal.payment_links.get(made.id)
    assert (paid.status, paid.checkout_url) == ("paid", None)
    payments = (await desk.portal.payment_links.list_payments(made.id)).data
    assert [(each.amount, each.status, each.payers_name) for each in payments] == [(made.amount, "paid", "Kees Vos")]
    assert (payments[0].payment_link_id, payments[0].integration) == (made.id, "mollie")
    assert str(payments[0].integration_id).startswith("tr_")
    with pytest.raises(ValueError, match=f"{made.id} is paid"):
        desk.people.pay(made.id)
    assert desk.events[2:] == ["payment-link-paid"] * 2


async def test_a_reusable_link_is_paid_again_and_again(desk: Desk) -> None:
    """Until it is closed."""
    made = await link(desk, reusable=True)
    for name in ("Kees", "Fatima"):
        desk.people.pay(made.id, name=name)
    payments = (await desk.portal.payment_links.list_payments(made.id)).data
    assert [each.payers_name for each in payments] == ["Fatima", "Kees"]
    assert (await desk.portal.payment_links.get(made.id)).status == "open"
    closed = await desk.portal.payment_links.close(made.id)
    assert (closed.status, closed.checkout_url) == ("closed", None)


@pytest.mark.parametrize("how", ["closed", "paid", "expired"])
async def test_only_an_open_link_is_closed(desk: Desk, how: str) -> None:
    """Whatever ended it."""
    made = await link(desk, expires_at=NOW.date())
    if how == "closed":
        await desk.portal.payment_links.close(made.id)
    elif how == "paid":
        desk.people.pay(made.id)
    else:
        desk.pass_time(days=1)
    with pytest.raises(ValidationError, match="Payment Link already closed"):
        await desk.portal.payment_links.close(made.id)
    assert (await desk.portal.payment_links.get(made.id)).status == how


async def test_a_link_expires_at_the_end_of_its_last_day(desk: Desk) -> None:
    """And a webhook tells of it."""
    made = await link(desk, expires_at=datetime.date(2026, 3, 4))
    assert made.expires_at == at("2026-03-04T23:59:59")
    desk.pass_until("2026-03-04T23:59:59")
    assert (await desk.portal.payment_links.get(made.id)).status == "open"
    desk.pass_until("2026-03-05T00:00:00")
    expired = await desk.portal.payment_links.get(made.id)
    assert (expired.status, expired.checkout_url) == ("expired", None)
    assert desk.events == ["payment-link-created", "payment-link-expired"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"amount": "0"}, {"amount": ["The amount field must be greater than 0."]}),
        ({"amount": "-5"}, {"amount": ["The amount field must be greater than 0."]}),
        (
            {"expires_at": "2026-03-01"},
            {"expiresAt": ["The expires at field must be a date after or equal to today."]},
        ),
    ],
)
async def test_a_link_that_nobody_could_pay(desk: Desk, fields: dict[str, Any], said: dict[str, list[str]]) -> None:
    """It is not made."""
    assert await refused(link(desk, **fields)) == said
