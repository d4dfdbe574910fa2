"""What a ledger keeps of one key. Pure: nothing here waits, reads or writes."""

from __future__ import annotations

import datetime
import enum
from typing import TYPE_CHECKING, Any

import attrs

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST_KEY = 500
CLOCKS_APART = 600.0
"""Seconds by which the clocks of two machines may differ, or one be set forward while nothing else tells the time."""


@enum.unique
class EntryState(enum.Enum):
    """How far the change of a key has come, as far as the ledger knows."""

    BEGUN = "begun"
    """The intent is kept, and the call has begun."""

    READY = "ready"
    """The call has got as far as the client, where it waits for its turn: nothing was sent."""

    SENDING = "sending"
    """The request is being sent, or was."""

    NOT_SENT = "not_sent"
    """The call failed before anything reached the server."""

    REJECTED = "rejected"
    """The server refused the request, so nothing was carried out."""

    UNKNOWN = "unknown"
    """It may have been carried out."""

    ACCEPTED = "accepted"
    """It was carried out, but its answer could not be read."""

    DONE = "done"
    """It was carried out, and the result is kept."""

    @property
    def is_running(self) -> bool:
        """Whether somebody is at it, or was when their process ended."""
        return self in (EntryState.BEGUN, EntryState.READY, EntryState.SENDING)

    @property
    def is_in_doubt(self) -> bool:
        """Whether it must be looked up before anything is sent again."""
        return self in (EntryState.UNKNOWN, EntryState.ACCEPTED)


@attrs.frozen
class Moment:
    """A moment by every clock there is, since each of them can jump.

    Attributes:
        wall: UNIX time.
        awake: Seconds by a clock that all processes of the machine share, that nobody can set, and that stands still
            while the machine sleeps.
        boot: Which start of which machine `awake` counts from; None where that can't be told.
    """

    wall: float
    awake: float
    boot: str | None

    def elapsed(self, now: Moment) -> float:
        """Seconds that have certainly passed since: the fewest that any clock tells, and never less than none."""
        by_wall = now.wall - self.wall
        if self.boot is not None and self.boot == now.boot:
            return max(0.0, min(by_wall, now.awake - self.awake))
        # Of a machine that was started anew; or another one, whose clock may go differently.
        return max(0.0, min(by_wall - CLOCKS_APART, now.awake))

    @property
    def at(self) -> datetime.datetime:
        """The same as an aware `datetime` in UTC."""
        return datetime.datetime.fromtimestamp(self.wall, datetime.UTC)


@attrs.frozen(kw_only=True)
class Entry:
    """What a ledger knows of one key.

    Attributes:
        key: The key.
        state: How far its change has come.
        version: How often the entry was written; whoever writes must know it, so that no two take the same step.
        claim: Whose turn it is or was: another one for every attempt at the key.
        owner: The open ledger that made the claim.
        portal_only: Whether the call changes nothing but by a client of this package.
        begun: When the latest attempt at the key began.
        sent: When the ledger let the latest request go.
        ended: When the attempt ended, or was found dead.
        deadline: The client's deadline for the call, in seconds; None where it has none, or nothing was sent.
        sends: How many attempts at the key got as far as sending.
        tenant: A digest of the portal and whose it is.
        payload: A digest of what was sent.
        operation: Resource and method, such as `customers.create`.
        call_id: The client's ID of the call, as in its events and log lines.
        why: What went wrong, in words.
        result: The result as JSON; holds personal data.
        kept: Whether a result could be kept.
        found: Whether the result was looked up, or told by a person, rather than answered.
        late: A second result, of an attempt that had been given up; then it was carried out twice.
    """

    key: str
    state: EntryState
    version: int = 0
    claim: str = attrs.field(repr=False)
    owner: str = attrs.field(repr=False)
    portal_only: bool = False
    begun: Moment
    sent: Moment | None = None
    ended: Moment | None = None
    deadline: float | None = None
    sends: int = 0
    tenant: str | None = attrs.field(default=None, repr=False)
    payload: str | None = attrs.field(default=None, repr=False)
    operation: str | None = None
    call_id: str | None = None
    why: str | None = None
    result: str | None = attrs.field(default=None, repr=False)
    kept: bool = True
    found: bool = False
    late: str | None = attrs.field(default=None, repr=False)

    @property
    def begun_at(self) -> datetime.datetime:
        """When the latest attempt began: an aware `datetime` in UTC, by the clock of its machine."""
        return self.begun.at

    @property
    def sent_at(self) -> datetime.datetime | None:
        """When the latest request was sent, if one was: an aware `datetime` in UTC, by the clock of its machine."""
        return None if self.sent is None else self.sent.at

    @property
    def is_open(self) -> bool:
        """Whether there is something left to do."""
        return self.state is not EntryState.DONE or self.late is not None

    @property
    def advice(self) -> str:
        """What to do about it, in words."""
        if self.late is not None:
            return "Carried out twice, as two machines were at it: look in the portal, and take one back."
        return _ADVICE[self.state]

    def to_dict(self) -> dict[str, Any]:
        """The entry as JSON values."""
        return {**attrs.asdict(self), "state": self.state.value}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Entry:
        """The entry of such values.

        Raises:
            ValueError: They are none of an entry.
        """
        try:
            values: dict[str, Any] = {**data, "state": EntryState(data["state"])}
            for name in ("begun", "sent", "ended"):
                values[name] = None if data[name] is None else Moment(**data[name])
            return cls(**values)
        except (KeyError, TypeError) as error:
            raise ValueError(f"no entry of a ledger: {error}") from None


_BY_HAND = (
    "look in the portal whether it is there, then ledger.resolve(key, carried_out=True, result=...) "
    "or ledger.resolve(key, carried_out=False)."
)
_ADVICE = {
    EntryState.BEGUN: "If its process is gone, run again with find=, which looks it up and goes on.",
    EntryState.READY: "Nothing was sent. If its process is gone, run again: it is sent then.",
    EntryState.SENDING: "If its process is gone, run again with find=, which looks it up and goes on.",
    EntryState.NOT_SENT: "Nothing was sent. Run again: it is sent then.",
    EntryState.REJECTED: "The server refused it. Mend what it says and run again: it is sent then.",
    EntryState.UNKNOWN: f"Run again with find=, or by hand: {_BY_HAND}",
    EntryState.ACCEPTED: "It was carried out. Run again with find=, or look it up in the portal by hand, then "
    "ledger.resolve(key, carried_out=True, result=...).",
    EntryState.DONE: "Nothing.",
}


def check_key(key: object) -> None:
    """Refuses what can't be a key.

    Raises:
        TypeError: It is no text.
        ValueError: It is empty, too long, or can't be written.
    """
    if not isinstance(key, str):
        raise TypeError(f"key must be a str, not {type(key).__name__}")
    if not 0 < len(key) <= _LONGEST_KEY or not key.isprintable():
        raise ValueError(f"a key has 1 to {_LONGEST_KEY} printable characters, not {key!r:.60}")
