"""Dates and moments: ISO 8601 in answers, the portal's local time in requests."""

from __future__ import annotations

import datetime
import re
from typing import Any, Literal

from ._codec import Codec, WriteOptions, plain_text, wrong_type
from ._drift import Drift, Place, Unreadable
from ._json import plain

is_moment = re.compile(r"....-..-..T(?!24)..:..:..\+..:[0-5].", re.DOTALL).fullmatch
"""Whether a moment that Python can read is written in the same way again. Where a dot stands, it has to be a digit."""


class Date(Codec):
    """A calendar date, `2024-04-29`."""

    def read(self, raw: Any, drift: Drift, place: Place) -> datetime.date:
        try:
            return datetime.date.fromisoformat(raw)
        except (TypeError, ValueError):
            raise Unreadable from None

    def exact(self, value: Any, raw: Any) -> bool:
        return bool(value.isoformat() == raw)

    def dump(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, datetime.date) else plain(value)

    def write(self, value: Any, name: str, options: WriteOptions) -> str:
        if isinstance(value, datetime.datetime) or not isinstance(value, (datetime.date, str)):
            raise wrong_type(name, "a datetime.date or a str like '2024-04-29'", value)
        if isinstance(value, str):
            text = plain_text(value)
            try:
                exact = datetime.date.fromisoformat(text).isoformat() == text
            except ValueError:
                exact = False
            if not exact:
                raise ValueError(f"{name}: {text!r:.40} is no date; write it like '2024-04-29'")
            return text
        return str(value.isoformat())


class Moment(Codec):
    """A moment in answers: ISO 8601 with its offset from UTC."""

    def read(self, raw: Any, drift: Drift, place: Place) -> datetime.datetime:
        try:
            moment = datetime.datetime.fromisoformat(raw)
        except (TypeError, ValueError):
            raise Unreadable from None
        if moment.tzinfo is None:
            raise Unreadable
        return moment

    def exact(self, value: Any, raw: Any) -> bool:
        return bool(value.isoformat() == raw)

    def dump(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, datetime.datetime) else plain(value)

    def write(self, value: Any, name: str, options: WriteOptions) -> str:
        moment = _aware(value, name, "an ISO text with its offset from UTC, like '2024-04-29T21:00:00+02:00'")
        if isinstance(moment, str):
            try:
                moment = self.read(moment, Drift(), "")
            except Unreadable:
                raise ValueError(f"{name}: {moment!r:.40} is no moment like '2024-04-29T21:00:00+02:00'") from None
        return _in_zone(moment, name, options).isoformat(timespec="seconds")


class LocalMoment(Codec):
    """A moment in requests, without a zone on the wire: the portal's local time to the second or the minute."""

    def __init__(self, precision: Literal["seconds", "minutes"], example: str) -> None:
        self.precision = precision
        self.example = example

    def write(self, value: Any, name: str, options: WriteOptions) -> str:
        moment = _aware(value, name, f"a str like {self.example!r}")
        if isinstance(moment, datetime.datetime):
            return self._local(_in_zone(moment, name, options))
        try:
            parsed = datetime.datetime.fromisoformat(moment)
        except ValueError:
            parsed = None
        if parsed is None or self._local(parsed) != moment:
            raise ValueError(f"{name}: {moment!r:.40} is no moment; write it like {self.example!r}")
        return moment

    def dump(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, datetime.datetime) else plain(value)

    def _local(self, moment: datetime.datetime) -> str:
        return moment.replace(tzinfo=None).isoformat(" ", self.precision)


def _in_zone(moment: datetime.datetime, name: str, options: WriteOptions) -> datetime.datetime:
    try:
        return moment.astimezone(options.zone)
    except OverflowError:
        raise ValueError(f"{name}: the moment is out of range") from None


def _aware(value: Any, name: str, text: str) -> datetime.datetime | str:
    if isinstance(value, datetime.datetime):
        if value.tzinfo is None or value.utcoffset() is None:
            raise ValueError(
                f"{name}: a datetime needs a tzinfo, else the moment is a guess; "
                "write datetime.now(ZoneInfo('Europe/Amsterdam')), for one"
            )
        return value
    if isinstance(value, str):
        return plain_text(value)
    raise wrong_type(name, f"an aware datetime or {text}", value)
