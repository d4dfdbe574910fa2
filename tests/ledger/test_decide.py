"""What comes next for a key, and when an old request can't be running any more."""

from __future__ import annotations

import json

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mijnklantportaal_client import Outcome
from mijnklantportaal_client.ledger import Entry, EntryState, Moment
from mijnklantportaal_client.ledger._decide import Next, buried, next_step, state_after, unsettled

NOW = Moment(wall=1_000_000.0, awake=5000.0, boot="one")
SETTLE = 180.0


def later(seconds: float, *, boot: str | None = "one") -> Moment:
    """A moment after NOW."""
    return Moment(NOW.wall + seconds, NOW.awake + seconds, boot)


def entry(state: EntryState, **details: object) -> Entry:
    """An entry in a state."""
    given: dict[str, object] = {"key": "k", "claim": "c", "owner": "o", "begun": NOW, **details}
    return Entry(state=state, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("state", "alive", "expected"),
    [
        (None, False, Next.SEND),
        (EntryState.BEGUN, True, Next.WAIT),
        (EntryState.BEGUN, False, Next.BURY),
        (EntryState.READY, True, Next.WAIT),
        (EntryState.READY, False, Next.BURY),
        (EntryState.SENDING, True, Next.WAIT),
        (EntryState.SENDING, False, Next.BURY),
        (EntryState.NOT_SENT, False, Next.SEND),
        (EntryState.REJECTED, False, Next.SEND),
        (EntryState.UNKNOWN, False, Next.LOOK),
        (EntryState.ACCEPTED, False, Next.LOOK),
        (EntryState.DONE, False, Next.RETURN),
    ],
)
def test_next_step(state: EntryState | None, alive: bool, expected: Next) -> None:
    """Every state has one; only what certainly was not carried out is sent."""
    assert next_step(None if state is None else entry(state), alive=alive) is expected


@pytest.mark.parametrize(
    ("state", "portal_only", "expected"),
    [
        (EntryState.BEGUN, False, EntryState.UNKNOWN),
        (EntryState.BEGUN, True, EntryState.NOT_SENT),
        (EntryState.READY, False, EntryState.NOT_SENT),
        (EntryState.READY, True, EntryState.NOT_SENT),
        (EntryState.SENDING, False, EntryState.UNKNOWN),
        (EntryState.SENDING, True, EntryState.UNKNOWN),
    ],
)
def test_what_a_death_means(state: EntryState, portal_only: bool, expected: EntryState) -> None:
    """Before the client came to its turn nothing can have been sent by it, but by another library in the call."""
    found = buried(entry(state, portal_only=portal_only), later(9))
    assert (found.state, found.ended) == (expected, later(9))
    assert "process ended" in str(found.why)


@pytest.mark.parametrize(
    ("outcome", "refused", "portal_only", "expected"),
    [
        (Outcome.NOT_SENT, False, False, EntryState.NOT_SENT),
        (Outcome.REJECTED, False, False, EntryState.REJECTED),
        (Outcome.UNKNOWN, True, True, EntryState.UNKNOWN),
        (Outcome.ACCEPTED, True, True, EntryState.ACCEPTED),
        (None, False, False, EntryState.UNKNOWN),
        (None, True, False, EntryState.NOT_SENT),
        (None, False, True, EntryState.NOT_SENT),
    ],
)
def test_what_a_failure_means(outcome: Outcome | None, refused: bool, portal_only: bool, expected: EntryState) -> None:
    """The outcome of the change decides; without one, whether anybody else can have changed something."""
    assert state_after(outcome, refused=refused, portal_only=portal_only) is expected


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (later(60), 60.0),
        (later(-5), 0.0),
        (Moment(NOW.wall + 1e9, NOW.awake + 60, "one"), 60.0),
        (Moment(NOW.wall - 1e9, NOW.awake + 60, "one"), 0.0),
        (Moment(NOW.wall + 60, NOW.awake, "one"), 0.0),
        (Moment(NOW.wall + 1e9, 45.0, "two"), 45.0),
        (Moment(NOW.wall + 30, 4500.0, "two"), 0.0),
        (Moment(NOW.wall + 700, 4500.0, "two"), 100.0),
        (Moment(NOW.wall + 60, 4500.0, None), 0.0),
        (Moment(NOW.wall + 700, 4500.0, None), 100.0),
    ],
)
def test_elapsed(now: Moment, expected: float) -> None:
    """The clock that tells the least is believed: one was set, the machine slept, or it was started anew."""
    assert NOW.elapsed(now) == expected


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.sampled_from(["one", "two", None]), st.floats(0, 1e5))
def test_no_jump_shortens_a_wait(wall: float, awake: float, boot: str | None, settle: float) -> None:
    """Whatever a clock does, no more time is taken for passed than the other one tells, and none is negative."""
    now = Moment(NOW.wall + wall, NOW.awake + awake, boot)
    passed = NOW.elapsed(now)
    assert 0 <= passed <= max(0.0, now.wall - NOW.wall)
    rest = unsettled(entry(EntryState.UNKNOWN, ended=NOW), now, settle)
    assert 0 <= rest <= settle


@pytest.mark.parametrize(
    ("state", "ended", "sent", "deadline", "now", "expected"),
    [
        (EntryState.UNKNOWN, NOW, None, None, NOW, SETTLE),
        (EntryState.UNKNOWN, NOW, None, None, later(100), 80.0),
        (EntryState.UNKNOWN, NOW, None, None, later(500), 0.0),
        (EntryState.UNKNOWN, None, None, None, later(500), SETTLE),
        (EntryState.ACCEPTED, NOW, NOW, 120.0, NOW, 0.0),
        (EntryState.UNKNOWN, later(1000), NOW, 120.0, later(1000), 0.0),
        (EntryState.UNKNOWN, later(200), NOW, 120.0, later(210), 90.0),
        (EntryState.UNKNOWN, later(1000), NOW, None, later(1000), SETTLE),
    ],
)
def test_unsettled(
    state: EntryState, ended: Moment | None, sent: Moment | None, deadline: float | None, now: Moment, expected: float
) -> None:
    """`settle` after the end, or after the latest moment at which the client can have sent anything."""
    found = entry(state, ended=ended, sent=sent, deadline=deadline)
    assert unsettled(found, now, SETTLE) == expected


@pytest.mark.parametrize("state", EntryState)
def test_entries_are_json(state: EntryState) -> None:
    """Everything of an entry comes back, and each state has an advice."""
    whole = entry(state, version=3, sent=later(1), ended=later(2), deadline=120.0, sends=1, tenant="t", payload="p")
    whole = attrs.evolve(whole, operation="customers.create", call_id="c", why="w", result="{}", kept=False, late="1")
    assert Entry.from_dict(json.loads(json.dumps(whole.to_dict()))) == whole
    assert entry(state).advice
    assert "twice" in whole.advice
    assert (entry(state).is_open, whole.is_open) == (state is not EntryState.DONE, True)


@pytest.mark.parametrize(
    "change", [{"state": "nothing like it"}, {"begun": {"wall": 1}}, {"more": 1}, {"begun": 5}, {"sent": []}]
)
def test_what_is_no_entry(change: dict[str, object]) -> None:
    """It is refused."""
    with pytest.raises(ValueError, match=r"entry|EntryState"):
        Entry.from_dict({**entry(EntryState.DONE).to_dict(), **change})
