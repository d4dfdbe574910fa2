"""Punch cards (strippenkaarten) at a till: sell one, stamp one, look at one.

    MIJNKLANTPORTAAL_API_KEY=... python punch_card_till.py sell pcd_... cst_...
    MIJNKLANTPORTAAL_API_KEY=... python punch_card_till.py stamp pcd_... pcb_... [stamps]
    MIJNKLANTPORTAAL_API_KEY=... python punch_card_till.py look pcd_... pcb_...

A stamp whose answer is lost may have been made, and the API has no key that makes sending it twice harmless. The till
looks at the card instead: what is left on it tells. That holds where one till at a time stamps a card.
"""

import argparse
import asyncio
import sys

from mijnklantportaal_client import ConflictError, MijnKlantportaal, MijnKlantportaalError, ValidationError
from mijnklantportaal_client.models import IssuedPunchCard


async def sell(portal: MijnKlantportaal, punch_card_id: str, customer_id: str) -> IssuedPunchCard:
    """Give a customer a card of this kind."""
    return await portal.punch_cards.issue(punch_card_id, customer_id=customer_id)


async def stamp(portal: MijnKlantportaal, punch_card_id: str, card_id: str, stamps: int = 1) -> IssuedPunchCard:
    """Use punches up, once, whatever happens to the answer.

    Raises:
        ValidationError: The card has too few left, or has expired; nothing was used up.
        MijnKlantportaalError: The stamp was not made, or can't be known to have been: look at the card later.
    """
    before = await portal.punch_cards.get_issued(punch_card_id, card_id)
    try:
        return await portal.punch_cards.stamp(punch_card_id, card_id, stamps=stamps)
    except MijnKlantportaalError as error:
        if not error.outcome.may_have_happened:
            raise
        after = await portal.punch_cards.get_issued(punch_card_id, card_id)
        if after.punches_left == before.punches_left - stamps:
            return after
        # It may still be under way, so that it can't be sent again here.
        raise


def receipt(card: IssuedPunchCard) -> str:
    """What the till prints."""
    until = f", until {card.expires_at:%d-%m-%Y}" if card.expires_at else ""
    return f"{card.id}: {card.punches_left} left{until} ({card.status})"


async def main(given: argparse.Namespace) -> str:
    """Do what was asked, and answer the receipt."""
    async with MijnKlantportaal() as portal:
        if given.action == "sell":
            return receipt(await sell(portal, given.punch_card, given.id))
        if given.action == "stamp":
            return receipt(await stamp(portal, given.punch_card, given.id, given.stamps))
        return receipt(await portal.punch_cards.get_issued(given.punch_card, given.id))


def arguments() -> argparse.ArgumentParser:
    """The words of the command."""
    parser = argparse.ArgumentParser(description="Punch cards at a till")
    parser.add_argument("action", choices=["sell", "stamp", "look"])
    parser.add_argument("punch_card", help="kind of card, pcd_...")
    parser.add_argument("id", help="the customer's card, pcb_...; to sell one, the customer, cst_...")
    parser.add_argument("stamps", nargs="?", type=int, default=1)
    return parser


if __name__ == "__main__":
    try:
        print(asyncio.run(main(arguments().parse_args())))
    except (ValidationError, ConflictError) as refusal:
        sys.exit(f"refused: {refusal.message}")
    except MijnKlantportaalError as failure:
        sys.exit(str(failure))
