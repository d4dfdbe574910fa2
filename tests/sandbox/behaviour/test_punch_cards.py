"""Punch cards, and those that customers have of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from mijnklantportaal_client import NotFoundError
from mijnklantportaal_client.models import IssuedPunchCard, PunchCard
from tests.sandbox.behaviour.conftest import NOW, Desk, at, refused


async def card(desk: Desk, **changes: Any) -> PunchCard:
    """A kind of card, with 10 punches."""
    return await desk.portal.punch_cards.create(
        **{"name": "Rijlessen", "punches": 10, "punch_label": "lessen", **changes}
    )


async def issued(desk: Desk, **changes: Any) -> IssuedPunchCard:
    """A customer's card."""
    kind, customer = await card(desk, **changes), await desk.customer()
    return await desk.portal.punch_cards.issue(kind.id, customer_id=customer.id)


async def test_a_card_is_kept(desk: Desk) -> None:
    """It is not for sale and never expires unless told otherwise; a price counts for nothing then."""
    cards = desk.portal.punch_cards
    made = await card(desk, price="100", vat_rate=21)
    assert (made.for_sale, made.price, made.vat_rate) == (False, None, None)
    assert (made.expiry_value, made.expiry_periode, made.description) == (None, None, None)
    assert (await cards.list()).data == [await cards.get(made.id)] == [made]


async def test_a_card_is_put_up_for_sale(desk: Desk) -> None:
    """And taken back."""
    cards = desk.portal.punch_cards
    made = await card(desk, for_sale=True, price="229.9", vat_rate=21, expiry_value="3", expire_period="years")
    assert (made.for_sale, made.price, made.vat_rate) == (True, Decimal("229.90"), 21)
    assert (made.expiry_value, made.expiry_periode) == (3, "years")
    withdrawn = await cards.update(made.id, for_sale=False)
    assert (withdrawn.for_sale, withdrawn.price, withdrawn.vat_rate) == (False, None, None)
    again = await cards.update(made.id, for_sale=True, price="10", vat_rate=9)
    assert (await cards.get(made.id), again.price, again.vat_rate) == (again, Decimal("10.00"), 9)


PRICE = {
    "price": ["The price field is required when for sale is true."],
    "vatRate": ["The vat rate field is required when for sale is true."],
}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"punches": 0}, {"punches": ["The punches field must be at least 1."]}),
        ({"for_sale": True}, PRICE),
        ({"for_sale": True, "price": "1"}, {"vatRate": PRICE["vatRate"]}),
        ({"expiry_value": 1}, {"expirePeriod": ["The expire period field is required when expiry value is present."]}),
        (
            {"expire_period": "days"},
            {"expiryValue": ["The expiry value field is required when expire period is present."]},
        ),
        (
            {"expire_period": "days", "expiry_value": "1.5"},
            {"expiryValue": ["The expiry value field must be an integer."]},
        ),
        ({"expire_period": "days", "expiry_value": 0}, {"expiryValue": ["The expiry value field must be at least 1."]}),
        (
            {"expire_period": "days", "expiry_value": "1001"},
            {"expiryValue": ["The expiry value field must not be greater than 1000."]},
        ),
    ],
)
async def test_a_card_that_is_refused(desk: Desk, fields: dict[str, Any], said: dict[str, list[str]]) -> None:
    """What belongs together has to be there together."""
    assert await refused(card(desk, **fields)) == said


async def test_a_card_on_sale_needs_a_price(desk: Desk) -> None:
    """Though it had one before."""
    made = await card(desk, for_sale=True, price="10", vat_rate=9)
    assert await refused(desk.portal.punch_cards.update(made.id, for_sale=True)) == PRICE


async def test_a_card_is_stamped_until_it_is_used_up(desk: Desk) -> None:
    """Once unless told otherwise."""
    mine, cards = await issued(desk), desk.portal.punch_cards
    assert (mine.punches_left, mine.status, mine.expires_at, mine.issued_at) == (10, "active", None, NOW)
    ids = (str(mine.punch_card_id), mine.id)
    assert (await cards.stamp(*ids)).punches_left == 9
    assert await refused(cards.stamp(*ids, stamps=10)) == {"stamps": ["The stamps field must not be greater than 9."]}
    assert await refused(cards.stamp(*ids, stamps=0)) == {"stamps": ["The stamps field must be at least 1."]}
    used = await cards.stamp(*ids, stamps=9)
    assert (used.punches_left, used.status) == (0, "fully_used")
    assert await refused(cards.stamp(*ids)) == {"stamps": ["The stamps field must not be greater than 0."]}
    assert await cards.get_issued(*ids) == used


@pytest.mark.parametrize(
    ("period", "expires"),
    [("days", "2026-03-04T12:00:00"), ("months", "2026-05-02T12:00:00"), ("years", "2028-03-02T12:00:00")],
)
async def test_a_card_expires(desk: Desk, period: str, expires: str) -> None:
    """At that moment, unless it was used up before."""
    mine = await issued(desk, expiry_value=2, expire_period=period)
    used = await issued(desk, punches=1, expiry_value=2, expire_period=period)
    await desk.portal.punch_cards.stamp(str(used.punch_card_id), used.id)
    assert mine.expires_at == at(expires)
    ids = (str(mine.punch_card_id), mine.id)
    desk.sandbox.clock.set(at(expires))
    desk_cards = desk.portal.punch_cards
    assert await refused(desk_cards.stamp(*ids)) == {"stamps": ["The punch card has expired."]}
    assert (await desk_cards.get_issued(*ids)).status == "expired"
    assert (await desk_cards.get_issued(str(used.punch_card_id), used.id)).status == "fully_used"


async def test_a_card_belongs_to_its_kind(desk: Desk) -> None:
    """Under another one it is not found."""
    mine, other = await issued(desk), await issued(desk)
    cards = desk.portal.punch_cards
    assert (await cards.list_issued(str(mine.punch_card_id))).data == [mine]
    for call in (cards.get_issued, cards.stamp):
        with pytest.raises(NotFoundError):
            await call(str(mine.punch_card_id), other.id)


async def test_people_buy_cards(desk: Desk) -> None:
    """Those that are for sale."""
    kind, customer = await card(desk, for_sale=True, price="10", vat_rate=9), await desk.customer()
    bought = desk.people.buy_punch_card(kind.id, customer.id)
    assert (await desk.portal.punch_cards.get_issued(kind.id, bought["id"])).customer_id == customer.id
    await desk.portal.punch_cards.update(kind.id, for_sale=False)
    with pytest.raises(ValueError, match="is not for sale"):
        desk.people.buy_punch_card(kind.id, customer.id)
