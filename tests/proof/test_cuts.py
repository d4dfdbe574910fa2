"""The cuts at every byte: the proof holds, and finds what is planted."""

from __future__ import annotations

import asyncio
import itertools
import random

import pytest

from mijnklantportaal_client import _dispatch, _wire
from mijnklantportaal_client._outcome import Outcome
from proof import cuts, site
from proof.cuts import Batch, Cut, every_cut, head_of, positions
from proof.cuts_tls import TLSBatch
from proof.fault_cuts import FORMS
from proof.fault_table import Expected
from proof.site import Site

SEED = 20261122
LOST = "APIConnectionError"
LENGTH = len(FORMS["length"])
HEAD = head_of("length")


@pytest.mark.slow
def test_every_tenth_byte() -> None:
    """A tenth of the proof: nothing wrong, nothing twice, and everything was cut."""
    section = cuts.prove(scale=0.1, seed=SEED)
    assert section.failures == ()
    assert len(section.rows) == 62
    for place, method, _, _, *counts in section.rows:
        calls, requests, executed, values, wrong = map(int, counts)
        assert wrong == 0
        assert calls >= 10
        assert values <= 1 or "TLS" in place
        if method != "GET" and "TLS" not in place:
            assert requests == calls
        if place == "request":
            assert executed == (2 if method == "GET" else 1)
        if place == "answer":
            assert executed == requests


def test_every_cut_is_there() -> None:
    """Requests of every kind of call, every form of an answer for a GET and a POST, by FIN and by RST."""
    found = list(every_cut())
    assert len(found) == len(set(found)) == 2 * (6 + 2 * len(FORMS) + 3) == 54


@pytest.mark.parametrize(
    ("cut", "at", "length", "expected"),
    [
        (Cut("get", "request", "length", "fin"), 0, 300, Expected(LOST, "unknown", 2, 0)),
        (Cut("create", "request", "length", "rst"), 299, 300, Expected(LOST, "unknown", 1, 0)),
        (Cut("create", "request", "length", "rst"), 300, 300, Expected(LOST, "unknown", 1, 1)),
        (Cut("get", "answer", "length", "fin"), HEAD - 1, LENGTH, Expected(LOST, "unknown", 2, 2)),
        (Cut("get", "answer", "length", "fin"), HEAD, LENGTH, Expected(LOST, "accepted", 2, 2)),
        (Cut("create", "answer", "length", "rst"), HEAD, LENGTH, Expected(LOST, "accepted", 1, 1)),
        (Cut("create", "answer", "length", "rst"), LENGTH, LENGTH, Expected(None, None, 1, 1)),
        (Cut("get", "answer", "until_close", "fin"), 99, 400, Expected("ResponseDecodeError", "accepted", 1, 1)),
        (Cut("get", "answer", "until_close", "rst"), 400, 400, Expected(LOST, "accepted", 2, 2)),
        (Cut("get", "answer", "until_close", "fin"), 400, 400, Expected(None, None, 1, 1)),
        (Cut("get", "answer", "gzip_until_close", "fin"), 99, 400, Expected(LOST, "accepted", 2, 2)),
        (Cut("create", "answer", "refusal", "fin"), 99, 100, Expected("ValidationError", "rejected", 1, 1)),
        (Cut("get", "answer", "failure", "fin"), 99, 100, Expected("ServerError", "unknown", 2, 2)),
        (Cut("get", "answer", "redirect", "fin"), 99, 100, Expected("APIStatusError", "rejected", 1, 1)),
        (Cut("create", "answer", "redirect", "fin"), 99, 100, Expected("APIStatusError", "unknown", 1, 1)),
    ],
)
def test_expected(cut: Cut, at: int, length: int, expected: Expected) -> None:
    """Where the head ends, the outcome changes."""
    assert cut.expected(at, length) == expected


def test_head() -> None:
    """The head ends with an empty line; what is announced before it is a part of it."""
    assert FORMS["length"][HEAD:] == FORMS["until_close"][head_of("until_close") :]
    assert FORMS["early_hints"][head_of("early_hints") :] == FORMS["length"][HEAD:]


def test_positions() -> None:
    """Every byte, or every tenth from a random one on, and always the corners."""
    rng = random.Random(SEED)
    assert positions(5, 1.0, rng, {0, 5}) == [0, 1, 2, 3, 4, 5]
    starts = set()
    for _ in range(200):
        found = positions(100, 0.1, rng, {0, 99, 100})
        inner = [at for at in found if at not in (0, 99, 100)]
        assert {b - a for a, b in itertools.pairwise(inner)} == {10}
        assert {0, 99, 100} <= set(found)
        starts.add(inner[0] % 10)
    assert starts == set(range(10))


def failures(batch: Batch | TLSBatch, scale: float) -> tuple[str, ...]:
    """What the proof says of one batch."""
    with site.quiet() as noise:
        asyncio.run(batch.run(scale, random.Random(SEED)))
    assert noise == []
    return tuple(batch.failures)


def test_planted_second_request(place: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that sends everything again is found out at every byte."""
    cut = Cut("create", "answer", "refusal", "rst")
    assert failures(Batch(place, cut), 0.05) == ()
    monkeypatch.setattr(_dispatch, "should_retry", lambda policy, **about: about["attempt"] < policy.max_attempts)
    batch = Batch(place, cut)
    found = failures(batch, 0.05)
    assert batch.calls >= 5
    assert sum(each.endswith("executed: 2 in place of 1") for each in found) == batch.calls
    assert found[0].startswith("POST, answer cut by rst after byte 0, answer refusal: ")


def test_planted_second_request_over_tls(place: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same where nobody but the server knows what was done."""
    assert failures(TLSBatch(place, "create", "way_back", "fin"), 0.05) == ()
    monkeypatch.setattr(_dispatch, "should_retry", lambda policy, **about: about["attempt"] < policy.max_attempts)
    batch = TLSBatch(place, "create", "way_back", "fin")
    assert any(each.endswith("carried out 2 times") for each in failures(batch, 0.05))


def test_planted_outcome(place: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that takes a cut answer for none is found out as soon as the head is whole."""
    monkeypatch.setattr(_wire, "status_outcome", lambda *_: Outcome.UNKNOWN)
    found = failures(Batch(place, Cut("create", "answer", "length", "fin")), 0.05)
    assert (
        f"POST, answer cut by fin after byte {HEAD}, answer length: outcome: 'unknown' in place of 'accepted'" in found
    )
    assert not any(f"after byte {HEAD - 1}," in each for each in found)
