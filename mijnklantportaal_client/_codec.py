"""How each kind of value is read from JSON, written to JSON, and dumped back.

`read` is the lenient side: it takes what the server sent and raises `Unreadable` where that can't be the value its
annotation promises. `write` is the strict side: it takes what a caller passed and raises `TypeError` or `ValueError`
before anything is sent. `dump` turns a read value back into JSON.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ._drift import Odd
from ._json import plain

if TYPE_CHECKING:
    from ._drift import Drift, Place


class WriteOptions:
    """What the writing of arguments depends on."""

    __slots__ = ("_zone", "validate_ids")

    def __init__(self, zone: datetime.tzinfo | str, *, validate_ids: bool = True) -> None:
        self._zone = zone
        self.validate_ids = validate_ids

    @property
    def zone(self) -> datetime.tzinfo:
        """The portal's time zone; loaded here, as most programs never write a moment."""
        if isinstance(self._zone, str):
            from zoneinfo import ZoneInfo

            self._zone = ZoneInfo(self._zone)
        return self._zone


class Codec:
    """One kind of value; this base takes any JSON as it is."""

    def read(self, raw: Any, drift: Drift, place: Place) -> Any:
        return raw

    @property
    def fast(self) -> Callable[[Any], Any]:
        """A reader that raises one of `ODD_ANSWER` for all that is not just as the contract says."""
        return _refuse

    def read_whole(self, raw: Any, drift: Drift) -> Any:
        """Reads what is the whole answer."""
        return self.read(raw, drift, "")

    def exact(self, value: Any, raw: Any) -> bool:
        """Whether `dump(value)` is `raw` again; where it is not, the model keeps `raw`."""
        return True

    def dump(self, value: Any) -> Any:
        return plain(value)

    def write(self, value: Any, name: str, options: WriteOptions) -> Any:
        return plain(value)


def _refuse(_: Any) -> Any:
    raise Odd


def plain_text(value: str) -> str:
    """A text without its class; `str(value)` of an enum that mixes in str would be its name."""
    return str.__str__(value)


def wrong_type(name: str, expected: str, value: object) -> TypeError:
    """The error for an argument of the wrong type; shows the type, never the value."""
    if value is None:
        return TypeError(f"{name} can't be None: pass {expected}, or leave it out (UNSET) where it is optional")
    return TypeError(f"{name} must be {expected}, not {type(value).__name__}")
