"""What an outcome says, and which of several counts."""

import copy
import pickle
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mijnklantportaal_client._outcome import Outcome

ORDER = [Outcome.NOT_SENT, Outcome.REJECTED, Outcome.UNKNOWN, Outcome.ACCEPTED]


def test_values_are_the_lower_case_names() -> None:
    """The values are what events and logs show."""
    assert {outcome.name: outcome.value for outcome in Outcome} == {
        "NOT_SENT": "not_sent",
        "REJECTED": "rejected",
        "UNKNOWN": "unknown",
        "ACCEPTED": "accepted",
    }


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [(Outcome.NOT_SENT, False), (Outcome.REJECTED, False), (Outcome.UNKNOWN, True), (Outcome.ACCEPTED, True)],
)
def test_may_have_happened(outcome: Outcome, expected: bool) -> None:
    """Only what was sent and not refused may have happened."""
    assert outcome.may_have_happened is expected


def test_worst_of_every_pair() -> None:
    """Of two outcomes the later one in the order counts, whichever came first."""
    for low, better in enumerate(ORDER):
        for worse in ORDER[low:]:
            assert Outcome.worst(better, worse) is worse
            assert Outcome.worst(worse, better) is worse


def test_worst_of_all_does_not_depend_on_their_order() -> None:
    """The worst of all four is the same in all 24 orders."""
    assert {Outcome.worst(*outcomes) for outcomes in permutations(ORDER)} == {Outcome.ACCEPTED}


def test_worst_of_none_is_not_sent() -> None:
    """A call without an attempt sent nothing."""
    assert Outcome.worst() is Outcome.NOT_SENT


@given(st.lists(st.sampled_from(ORDER), min_size=1), st.lists(st.sampled_from(ORDER), min_size=1))
def test_worst_can_be_taken_step_by_step(first: list[Outcome], second: list[Outcome]) -> None:
    """The worst of the worst of two parts is the worst of the whole, and one of its outcomes."""
    whole = Outcome.worst(*first, *second)
    assert Outcome.worst(Outcome.worst(*first), Outcome.worst(*second)) is whole
    assert whole in first + second


@pytest.mark.parametrize("outcome", list(Outcome))
def test_copies_are_the_member_itself(outcome: Outcome) -> None:
    """Copying and pickling give the same member, so that `is` works on errors from other processes."""
    assert copy.deepcopy(outcome) is outcome
    assert pickle.loads(pickle.dumps(outcome)) is outcome
    assert Outcome(outcome.value) is outcome
