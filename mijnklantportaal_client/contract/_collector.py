"""A hook that counts where answers differ from the contract."""

from __future__ import annotations

import datetime
import os
import threading
from typing import TYPE_CHECKING

from .._contract import shipped
from .._pager import check_whole
from ._findings import Findings, Found
from ._places import locate

if TYPE_CHECKING:
    from .._drift import DriftKind
    from ..events import DriftEvent, ResponseEvent

    _Key = tuple[str, DriftKind, str, int]


class DriftCollector:
    """Counts where the answers of the API differ from the contract, for each operation, kind and place.

    Give it to as many clients as you like, on any threads and event loops, and look at it when you like:

        collector = DriftCollector()
        async with MijnKlantportaal(hooks=[collector]) as portal:
            ...
        print(collector.report())

    It holds no data of any answer: a place is a JSON pointer with `*` for each index, and a name that may be data is
    withheld. It belongs to one process; a child that is forked counts from nothing.

    Args:
        max_places: Most places that are kept, and most operations whose answers are counted; what else there is, is
            only counted.

    Raises:
        TypeError: `max_places` is no whole number.
        ValueError: `max_places` is less than 1.
    """

    def __init__(self, *, max_places: int = 1000) -> None:
        check_whole(max_places, "max_places", 1)
        self._most = max_places
        self._begin()

    def on_drift(self, event: DriftEvent) -> None:
        """Counts a difference."""
        contract = shipped()
        place = locate(contract, contract.answer(event.operation, event.status_code), event.location)
        key: _Key = (event.operation, event.kind, place, event.status_code)
        now = _now()
        with self._held():
            found = self._found.get(key)
            if found is not None:
                self._found[key] = (found[0] + 1, found[1], now)
            elif len(self._found) < self._most:
                self._found[key] = (1, now, now)
            else:
                self._beyond += 1

    def on_response(self, event: ResponseEvent) -> None:
        """Counts an answer."""
        key = (event.operation, event.status_code)
        with self._held():
            if key in self._answers or len(self._answers) < self._most:
                self._answers[key] = self._answers.get(key, 0) + 1

    def snapshot(self) -> Findings:
        """What was found so far; it goes on counting."""
        with self._held():
            return self._findings()

    def reset(self) -> Findings:
        """What was found so far; it counts from nothing again, and misses nothing in between."""
        with self._held():
            findings = self._findings()
            self._clear()
            return findings

    def report(self) -> str:
        """What was found so far, in Markdown, as the probe reports it."""
        return self.snapshot().report()

    def to_json(self) -> str:
        """What was found so far, as the text of a JSON object."""
        return self.snapshot().to_json()

    def _held(self) -> threading.Lock:
        if self._process != os.getpid():
            # Another thread of the parent may have held the lock, and what was counted there is told there.
            self._begin()
        return self._lock

    def _begin(self) -> None:
        self._process = os.getpid()
        self._lock = threading.Lock()
        self._clear()

    def _clear(self) -> None:
        self._found: dict[_Key, tuple[int, datetime.datetime, datetime.datetime]] = {}
        self._answers: dict[tuple[str, int], int] = {}
        self._beyond = 0
        self._since = _now()

    def _findings(self) -> Findings:
        drifts = tuple(
            Found(operation=operation, kind=kind, place=place, status=status, times=times, first=first, last=last)
            for (operation, kind, place, status), (times, first, last) in sorted(self._found.items())
        )
        answers: dict[str, dict[int, int]] = {}
        for (operation, status), times in sorted(self._answers.items()):
            answers.setdefault(operation, {})[status] = times
        return Findings(drifts=drifts, answers=answers, beyond=self._beyond, since=self._since, until=_now())


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC).replace(microsecond=0)
