"""What everybody at the agency works with."""

from __future__ import annotations

import datetime
import random
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..behaviour import Asked
from ..people import People

if TYPE_CHECKING:
    from ..portal import Portal
    from ..records import Record
    from .companies import Company
    from .year import Year


class Desk:
    """The portal as the agency uses it: the operations of the API, and what people do in it."""

    def __init__(self, portal: Portal, year: Year, rng: random.Random) -> None:
        self.portal = portal
        self.year = year
        self.rng = rng
        self.people = People(portal)
        self.customers: list[tuple[Record, Company]] = []
        """Those there are by now."""
        self._handlers = {name: each for part in portal.behaviours for name, each in part.handlers.items()}
        self._numbers: Counter[str] = Counter()

    def do(
        self,
        operation: str,
        record: Record | None = None,
        ids: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        /,
        **body: Any,
    ) -> Record:
        """Carries out an operation that answers a record; None in the body stands for what is not sent.

        Args:
            operation: Its operationId.
            record: What the last ID in its path belongs to.
            ids: The IDs in its path, where it looks at them.
            query: Its query parameters.
            **body: The fields of its body.
        """
        sent = {name: value for name, value in body.items() if value is not None}
        records = {} if record is None else {"": record}
        done: Any = self._handlers[operation](self.portal, Asked(operation, ids or {}, records, query or {}, sent))
        return done if isinstance(done, dict) else {}

    def current(self, collection: str, record: Record) -> Record:
        """A record as it is by now."""
        return self.portal.of(collection).get(record["id"]) or record

    def somebody(self) -> tuple[Record, Company]:
        """One of the customers."""
        return self.rng.choice(self.customers)

    def likely(self, chance: float) -> bool:
        """Whether it happens this time."""
        return self.rng.random() < chance

    def number(self, kind: str) -> str:
        """The next number of a kind: `2026-007`, counted within the year."""
        series = f"{kind}{self.portal.today().year}"
        self._numbers[series] += 1
        return f"{series}-{self._numbers[series]:03}"


def local(moment: datetime.datetime) -> str:
    """A moment as requests write it."""
    return moment.strftime("%Y-%m-%d %H:%M:%S")
