"""The billing runs that are killed: the proof holds, and finds what is planted."""

from __future__ import annotations

import pytest

from proof import ledger
from proof.ledger import Tally, judge

SEED = 20261122


@pytest.mark.slow
def test_small_runs() -> None:
    """Nothing is made twice or left out, though processes were killed; and a plain retry is counted beside it."""
    section = ledger.prove(scale=0.1, seed=SEED)
    assert section.failures == ()
    names = [row[0] for row in section.rows]
    assert len(names) == 4
    for _, runs, kills, troubles, wanted, made, twice, missing in section.rows[:3]:
        assert (int(kills) >= 3, int(troubles) > 0) == (True, True)
        assert (int(wanted), made, twice, missing) == (20 * int(runs), wanted, "0", "0")
    assert section.rows[3][0].startswith("Plain retry")


@pytest.mark.parametrize(
    ("made", "found"),
    [
        ("abc", []),
        ("abbc", ["x: 1 invoices too many"]),
        ("ab", ["x: 1 invoices missing"]),
        ("aa", ["x: 1 invoices too many", "x: 2 invoices missing"]),
    ],
)
def test_judge(made: str, found: list[str]) -> None:
    """What is twice on the server and what is not there is found."""
    tally = Tally(name="x", kills=1)
    tally.count(list(made), list("abc"))
    assert judge(tally) == found
    assert tally.row == ("x", "1", "1", "0", "3", str(len(made)), str(tally.twice), str(tally.missing))


def test_a_proof_that_kills_nobody_is_none() -> None:
    """Neither is one that left out a kind of await."""
    assert judge(Tally(name="x")) == ["x: nobody was killed"]
    assert judge(Tally(name="x", kills=1, points={"a", "b"}, killed_at={"a"})) == ["x: nobody was killed b"]
