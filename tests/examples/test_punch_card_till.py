"""The till: no punch is used up twice, and none is lost."""

import os
import subprocess
import sys
from typing import Literal

import punch_card_till as till
import pytest

from mijnklantportaal_client import APIConnectionError, MijnKlantportaal, ValidationError
from mijnklantportaal_client.testing import Sandbox

WITH_A_KEY = {**os.environ, "MIJNKLANTPORTAAL_API_KEY": "a-key"}


@pytest.fixture
def cards(mkp_sandbox: Sandbox) -> tuple[str, str, str]:
    """A kind of card with ten punches, a customer, and a card that the customer has."""
    kind = mkp_sandbox.state.punch_cards.add(punches=10).id
    customer = mkp_sandbox.state.customers.add().id
    return kind, customer, mkp_sandbox.state.issued_punch_cards.add(punch_card_id=kind, punches_left=10).id


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_lost_answer(
    mkp_sandbox: Sandbox, mkp_portal: MijnKlantportaal, cards: tuple[str, str, str], when: Literal["before", "after"]
) -> None:
    """A stamp that was made is told as made, one that was not as an error, and the card shows the same."""
    kind, _, card = cards
    mkp_sandbox.drop("punch_cards.stamp", when=when)
    if when == "after":
        assert (await till.stamp(mkp_portal, kind, card, 2)).punches_left == 8
    else:
        with pytest.raises(APIConnectionError):
            await till.stamp(mkp_portal, kind, card, 2)
    assert mkp_sandbox.state.issued_punch_cards.get(card).punches_left == (8 if when == "after" else 10)
    assert len(mkp_sandbox.requests.of("punch_cards.stamp")) == 1


async def test_too_many(mkp_sandbox: Sandbox, mkp_portal: MijnKlantportaal, cards: tuple[str, str, str]) -> None:
    """A card with too few left is refused, and keeps what it has."""
    kind, _, card = cards
    with pytest.raises(ValidationError):
        await till.stamp(mkp_portal, kind, card, 11)
    assert mkp_sandbox.state.issued_punch_cards.get(card).punches_left == 10


@pytest.mark.parametrize(
    ("action", "expected"),
    [("sell", "10 left"), ("stamp", "7 left"), ("look", "10 left")],
)
async def test_the_command(cards: tuple[str, str, str], action: str, expected: str) -> None:
    """Each action answers a receipt."""
    kind, customer, card = cards
    words = [action, kind, customer if action == "sell" else card, *(["3"] if action == "stamp" else [])]
    assert expected in await till.main(till.arguments().parse_args(words))


def test_a_slip_of_the_keyboard() -> None:
    """Whoever stands at the till sees what is wrong, and no traceback."""
    command = [sys.executable, till.__file__, "sell", "cst_abc", "pcd_abc"]
    done = subprocess.run(command, env=WITH_A_KEY, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("punch_cards.issue: `punch_card_id` must be `pcd_...` (the ID of a punch card); got")
    assert done.stderr.count("\n") == 1
