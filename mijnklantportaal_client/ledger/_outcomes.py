"""What carrying a key through came to."""

from __future__ import annotations

import enum
from typing import Any

import attrs

from .._outcome import Outcome
from ._entry import Entry, EntryState
from ._errors import ResultError, UnresolvedError


@enum.unique
class Source(enum.Enum):
    """Where a result comes from."""

    DONE = "done"
    """It was carried out now."""

    EARLIER = "earlier"
    """It was carried out before."""

    FOUND = "found"
    """It was looked up."""


@attrs.frozen
class Done:
    """A result, and where it comes from."""

    value: Any
    source: Source


@attrs.frozen
class Found:
    """What was found for a version of an entry: an object, None, or the error of the search."""

    version: int
    answer: Any

    def value(self) -> Any:
        """What was found.

        Raises:
            BaseException: What the search raised.
        """
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer


def result_of(entry: Entry) -> Any:
    """The result that an entry holds.

    Raises:
        ResultError: It holds none, or none that can be read.
        UnresolvedError: It was carried out twice.
    """
    if entry.late is not None:
        raise unresolved(entry, "it was carried out twice, as two ledgers were at it")
    about = f"the change of the key {entry.key!r} was carried out on {entry.begun_at:%Y-%m-%d %H:%M:%S} UTC"
    if not entry.kept or entry.result is None:
        raise _lost(entry, f"{about}, but its result could not be kept: {entry.why}")
    from ._results import decode

    try:
        return decode(entry.result)
    except ValueError as error:
        raise _lost(entry, f"{about}, but its result can't be read: {error}") from None


def has_lost_result(entry: Entry) -> bool:
    """Whether the change of an entry was carried out, but its result can't be given."""
    if entry.state is not EntryState.DONE or entry.late is not None:
        return False
    try:
        result_of(entry)
    except ResultError:
        return True
    return False


def _lost(entry: Entry, text: str) -> ResultError:
    what = "Nothing was sent. Look it up in the portal, then ledger.resolve(key, carried_out=True, result=...)."
    return ResultError(f"{text}. {what}", key=entry.key, entry=entry)


def unresolved(entry: Entry, why_not: str) -> UnresolvedError:
    """The error that tells all that is known of an entry in doubt."""
    certainly = entry.state in (EntryState.ACCEPTED, EntryState.DONE)
    when = f"{entry.sent_at or entry.begun_at:%Y-%m-%d %H:%M:%S} UTC"
    happened = "was" if certainly else "may have been"
    why = f" ({entry.why})" if entry.why else ""
    text = (
        f"the key {entry.key!r} is open: {entry.operation or 'its call'}, {'sent' if entry.sent else 'begun'} on "
        f"{when}, {happened} carried out{why}; {why_not}. Nothing was sent now. {entry.advice}"
    )
    outcome = Outcome.ACCEPTED if certainly else Outcome.UNKNOWN
    return UnresolvedError(text, key=entry.key, entry=entry, outcome=outcome)
