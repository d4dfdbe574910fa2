"""What to do about a key. Pure: from what is known to what comes next."""

from __future__ import annotations

import enum

import attrs

from .._outcome import Outcome
from ._entry import Entry, EntryState, Moment

_STATES = {
    Outcome.NOT_SENT: EntryState.NOT_SENT,
    Outcome.REJECTED: EntryState.REJECTED,
    Outcome.UNKNOWN: EntryState.UNKNOWN,
    Outcome.ACCEPTED: EntryState.ACCEPTED,
}


@enum.unique
class Next(enum.Enum):
    """The next step."""

    SEND = "send"
    RETURN = "return"
    WAIT = "wait"
    """Somebody is at it."""
    BURY = "bury"
    """Whoever was at it is gone."""
    LOOK = "look"
    """It may have happened."""


def next_step(entry: Entry | None, *, alive: bool) -> Next:
    """What comes next.

    Args:
        entry: What is known of the key.
        alive: Whether the one whose turn it is can still go on.
    """
    if entry is None or entry.state in (EntryState.NOT_SENT, EntryState.REJECTED):
        return Next.SEND
    if entry.state is EntryState.DONE:
        return Next.RETURN
    if entry.state.is_in_doubt:
        return Next.LOOK
    return Next.WAIT if alive else Next.BURY


def buried(entry: Entry, now: Moment) -> Entry:
    """What is known of a key whose process ended without a word."""
    certain = entry.state is EntryState.READY or (entry.state is EntryState.BEGUN and entry.portal_only)
    state = EntryState.NOT_SENT if certain else EntryState.UNKNOWN
    return attrs.evolve(entry, state=state, ended=now, why="its process ended, or its ledger was closed, before it did")


def state_after(outcome: Outcome | None, *, refused: bool, portal_only: bool) -> EntryState:
    """The state after a call that failed.

    Args:
        outcome: Of the change that the client made for it; None where there was none.
        refused: Whether the client refused the arguments of the change.
        portal_only: Whether nobody else can have changed anything.
    """
    if outcome is not None:
        return _STATES[outcome]
    return EntryState.NOT_SENT if refused or portal_only else EntryState.UNKNOWN


def unsettled(entry: Entry, now: Moment, settle: float) -> float:
    """Seconds until the old call can't be running any more, on the server either."""
    if entry.state is EntryState.ACCEPTED:
        return 0.0
    rest = settle if entry.ended is None else settle - entry.ended.elapsed(now)
    if entry.sent is not None and entry.deadline is not None:
        # Of a process that was found dead, it is not known when it died; its client gave up at the deadline.
        rest = min(rest, entry.deadline + settle - entry.sent.elapsed(now))
    return max(0.0, rest)
