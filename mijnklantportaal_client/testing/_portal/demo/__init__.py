"""A small web agency and 40 customers, as they would be after a year of work through the API and in the portal.

The year is lived in fast motion: the portal's clock goes from one thing to the next, and each is done by the operation
that does it otherwise, so that what is there is what can come about.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from .desk import Desk
from .sales import Sales
from .service import Service
from .year import Year

if TYPE_CHECKING:
    from ..portal import Portal


def fill(portal: Portal, seed: int) -> None:
    """Puts the demo into an empty portal. No webhook tells of it.

    Args:
        portal: Where it goes; dates are relative to its clock.
        seed: The same one gives the same demo at the same moment.
    """
    clock, ids, events = portal.clock, portal._random, len(portal._events)
    with portal.changing():
        try:
            # Not the portal's own, which would give the same IDs once more.
            portal._random = random.Random(f"IDs of demo {seed}")  # noqa: S311 - nothing is secret here
            rng = random.Random(f"demo {seed}")  # noqa: S311
            year = Year(portal, rng)
            desk = Desk(portal, year, rng)
            Sales(desk).begin()
            Service(desk).begin()
            year.live()
        finally:
            portal.clock, portal._random = clock, ids
        portal.settle()
        del portal._events[events:]
