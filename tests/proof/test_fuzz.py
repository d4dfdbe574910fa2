"""The fuzzing of answers: it holds, it is complete, and it finds what is planted."""

from __future__ import annotations

import datetime
import json
import logging
from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from mijnklantportaal_client import Page, _field, _json_fast, _model, errors, models
from mijnklantportaal_client._codecs import STRING, ModelOf
from mijnklantportaal_client._drift import Drift
from mijnklantportaal_client._model import Model
from mijnklantportaal_client._moments import Moment
from mijnklantportaal_client._page import PageOf
from proof import fuzz, fuzz_json, fuzz_judge, fuzz_targets
from proof.fuzz_judge import WrongError
from proof.fuzz_mutations import BYTE_MUTATIONS, JSON_MUTATIONS, Tree, mutate, twin_key
from proof.fuzz_targets import MARK

SEED = 20261122
CUSTOMER: dict[str, Any] = next(target.example for target in fuzz_targets.all_targets() if target.name == "Customer")
Plant = Callable[[pytest.MonkeyPatch], None]


@pytest.mark.slow
def test_ten_thousand_answers() -> None:
    """A tenth of the proof: every answer is a value or a refusal, and every method and model was met."""
    section = fuzz.prove(scale=0.1, seed=SEED)
    assert section.failures == ()
    *rows, (name, *cells) = section.rows
    answers, values, drifted, refused, wrong = (int(cell.replace(",", "")) for cell in cells)
    assert (name, answers, wrong) == ("**all**", 10_300, 0)
    assert values + drifted + refused == answers
    assert min(values, drifted, refused) > 1_000
    groups = {group: int(cell.replace(",", "")) for group, cell, *_ in rows}
    assert len(groups) == 18
    # 122 things to read as, in turns: 72 methods, 38 models and 12 statuses.
    assert groups["every model, by `cast_to`"] in range(38 * 84, 38 * 85 + 1)
    assert groups["refusals, statuses 302 to 503"] in range(12 * 84, 12 * 85 + 1)
    assert "all 72\nmethods" in section.text
    mutated = int(section.text.split()[0].replace(",", ""))
    assert 10_000 <= mutated < 10_300


def test_targets_are_all_there() -> None:
    """Every method and every model is read, with arguments and examples that are valid."""
    targets = fuzz_targets.all_targets()
    names = [target.name for target in targets]
    assert (len(names), len(set(names))) == (122, 122)
    assert fuzz_targets.missing_from(dict.fromkeys(names, 1)) == []
    assert fuzz_targets.missing_from(dict.fromkeys(names[1:], 1)) == ["agreements.list"]
    marks = [json.dumps(target.example).count(MARK) for target in targets]
    assert sum(count > 0 for count in marks) > 40
    assert fuzz_targets.sensitive_fields(models.Webhook) == {"secret"}


def test_cases_are_the_same_each_time() -> None:
    """A case is made by its seed and number alone."""
    targets = fuzz_targets.all_targets()
    cases = [[fuzz.case_of(targets, 7, number) for number in range(300)] for _ in range(2)]
    assert [(case.content, case.mutations) for case in cases[0]] == [
        (case.content, case.mutations) for case in cases[1]
    ]
    assert fuzz.case_of(targets, 8, 0).content != cases[0][0].content
    assert cases[0][5].told("it broke").startswith(f"{targets[5].name}, seed 7, case 5 (")


def test_every_mutation_is_made() -> None:
    """All kinds occur, some answers are left whole, and what is said to be JSON only is so often enough."""
    made = [mutate(Random(number), CUSTOMER) for number in range(2_000)]
    names = {name for _, names in made for name in names}
    assert names == {mutation.__name__ for mutation in (*JSON_MUTATIONS, *BYTE_MUTATIONS)}
    whole = [content for content, names in made if not names]
    assert 10 < len(whole) < 100
    assert all(json.loads(content) == CUSTOMER for content in whole)
    parsed = 0
    for content, _ in made:
        try:
            fuzz_json.parse(content)
        except ValueError:
            continue
        parsed += 1
    assert 1_000 < parsed < 1_800


def test_a_key_twice() -> None:
    """An object can be written with one key twice."""
    tree = Tree(Random(1), {"id": 1})
    twin_key(tree)
    assert tree.encode().count('"id"') == 2


def test_a_small_run_says_what_it_missed() -> None:
    """Where not every method is met, the proof fails."""
    section = fuzz.prove(scale=0.001, seed=SEED)
    assert "no answer was read as Ticket, seed 20261122" in section.failures
    assert "no answer was read as Customer, seed 20261122" not in section.failures
    assert section.rows[-1][1] == "103"


def test_the_log_is_quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Thousands of answers that drift leave the log as it was."""
    logger = logging.getLogger("mijnklantportaal_client")
    filters = list(logger.filters)
    fuzz.prove(scale=0.001, seed=SEED)
    assert caplog.records == []
    assert logger.filters == filters


def _unknown_fields_lost(patch: pytest.MonkeyPatch) -> None:
    dump = Model._dump
    patch.setattr(Model, "_dump", lambda self: {k: v for k, v in dump(self).items() if k in self._wire_names})


def _everything_shown(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        _model, "shown_part", lambda field, value, _: "" if value is _field.EMPTY else f"{field.name}={value!r}"
    )


def _texts_may_be_numbers(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(type(STRING), "read", lambda self, raw, drift, pointer: raw)


def _missing_is_none(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Model, "__getattr__", lambda self, name: None)


def _copies_without_oddities(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(_model, "_kept_state", lambda model: ())


def _drift_untold(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Drift, "add", lambda *args, **kwargs: None)


def _rows_dropped(patch: pytest.MonkeyPatch) -> None:
    read = PageOf.read

    def shorter(self: Any, raw: Any, drift: Any, pointer: str) -> Page[Any]:
        page = read(self, raw, drift, pointer)
        del page.data[1:]
        return page

    patch.setattr(PageOf, "read", shorter)


def _anything_is_an_object(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(ModelOf, "read_whole", lambda self, raw, drift: self.read(raw, drift, ""))


def _fast_parser_rounds(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(_json_fast, "loads", json.loads)


def _errors_do_not_pickle(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(errors.MijnKlantportaalError, "__reduce__", lambda self: (type(self), self.args))


@pytest.mark.parametrize(
    ("plant", "found"),
    [
        (_unknown_fields_lost, "to_dict() is not what came"),
        (_everything_shown, "shows what is secret"),
        (_texts_may_be_numbers, "is a int, not <class 'str'>"),
        (_missing_is_none, "is None, a"),
        (_copies_without_oddities, "a copy is not equal"),
        (_drift_untold, "is missing, and nothing told"),
        (_rows_dropped, "objects came and 1 were read"),
        (_anything_is_an_object, "a value was read where there is none"),
        (_fast_parser_rounds, "the faster parser finds something else"),
        (_errors_do_not_pickle, "a pickled error"),
    ],
)
def test_what_is_planted_is_found(monkeypatch: pytest.MonkeyPatch, plant: Plant, found: str) -> None:
    """A client with a mistake in it does not pass, and the failure says how to see it again."""
    plant(monkeypatch)
    section = fuzz.prove(scale=0.01, seed=SEED)
    failures = [failure for failure in section.failures if found in failure]
    assert failures
    assert all(f"seed {SEED}, case " in failure for failure in failures)
    assert int(section.rows[-1][-1].replace(",", "")) >= len(failures)


def test_an_error_that_is_none_of_ours_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever else is raised while a value is read or used is told, with its place."""

    def broken(self: Any, raw: Any, drift: Any, pointer: str) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(Moment, "read", broken)
    section = fuzz.prove(scale=0.01, seed=SEED)
    assert any("ZeroDivisionError in broken, line" in failure for failure in section.failures)
    assert section.failures[fuzz._MOST_FAILURES].startswith("and ")


@pytest.mark.parametrize(
    ("raw", "out", "expected"),
    [
        (1, 1, True), (1, 1.0, False), (1, True, False), (True, 1, False), (0, False, False),
        (Decimal("1.50"), 1.5, True), (Decimal("1.5"), "1.5", False), (Decimal("1E+400"), "1E+400", True),
        (Decimal("1E+400"), 1e308, False), (Decimal("1E+0"), 1, True), (Decimal("1.5"), 1.25, False),
        ("a", "a", True), ("a", "b", False), (None, None, True), (None, "", False),
        ({"a": [1]}, {"a": [1]}, True), ({"a": 1}, {}, False), ({}, {"a": 1}, False),
        ([1], [1, 1], False), ([], {}, False),
    ],
)  # fmt: skip
def test_same(raw: Any, out: Any, expected: bool) -> None:
    """What came out is compared as JSON, kinds of values included."""
    assert fuzz_json.same(raw, out) is expected


@pytest.mark.parametrize(
    ("value", "hint", "expected"),
    [
        (1, int, True), (True, int, False), ("a", int | None, False), (None, int | None, True), (None, int, False),
        ([1], list[int], True), (["a"], list[int], False), ((1,), list[int], False), ({"a": 1}, dict[str, int], True),
        ({"a": "b"}, dict[str, int], False), (object(), Any, True),
        (datetime.datetime.now(datetime.UTC), datetime.date, False), (datetime.date.min, datetime.date, True),
        (models.TicketStatus.OPEN, models.TicketStatus | str, True), (models.TicketStatus.OPEN, str, False),
    ],
)  # fmt: skip
def test_fits(value: Any, hint: Any, expected: bool) -> None:
    """Annotations are taken at their word."""
    assert fuzz_judge.fits(value, hint) is expected


@pytest.mark.parametrize(
    ("kind", "pointer"),
    [("wrong_type", "/nothing"), ("missing", "/id"), ("missing", "/nothing/id"), ("unknown_field", "")],
)
def test_drift_that_points_nowhere(kind: Any, pointer: str) -> None:
    """A difference has a place in the answer."""
    drift = Drift()
    drift.add(kind, pointer)
    with pytest.raises(WrongError):
        fuzz_judge.judge_drift(CUSTOMER, drift)
