"""What decoding takes: no more than before, compared with plain Python in the same run."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks import answers
from mijnklantportaal_client import _model
from mijnklantportaal_client._codecs import ModelOf
from mijnklantportaal_client._drift import Drift
from mijnklantportaal_client._json import loads
from mijnklantportaal_client._page import PageOf
from mijnklantportaal_client.models import Customer, CustomerInvoice

ROOT = Path(__file__).parents[2]
# Times the instructions of a function that looks at nothing; measured: 2.86, 7.28, 2.18 and 1.97 on Python 3.11, and
# less on 3.12 and 3.13.
LIMITS = {
    "invoices": 3.05,
    "invoices with a new field": 7.8,
    "customers": 2.3,
    "customers without what is not known": 2.1,
}


def program(*arguments: str) -> Any:
    """What a program of the benchmarks prints, in a process of its own."""
    command = [sys.executable, "-m", *arguments]
    return json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True).stdout)


@pytest.fixture(scope="module")
def counts() -> dict[str, int]:
    """The instructions of Python, by what is decoded."""
    counted: dict[str, int] = program("benchmarks.decoding_instructions")
    return counted


@pytest.mark.parametrize("name", LIMITS)
def test_no_more_instructions_than_before(counts: dict[str, int], name: str) -> None:
    """Whoever makes decoding dearer has to say so here."""
    assert counts["least"] > 1000
    assert counts[name] / counts["least"] <= LIMITS[name]


@pytest.mark.parametrize("rest", [(), ("absent",)])
def test_no_more_memory_than_before(rest: tuple[str, ...]) -> None:
    """Measured: 0.60 of plain dicts with null where nothing is known, 0.68 with nothing there."""
    ours, dicts = (int(program("benchmarks.memory", name, "600", *rest)) for name in ("ours", "dicts"))
    assert dicts > 600 * 1000
    assert ours / dicts <= (0.73 if rest else 0.65)


def without(row: dict[str, Any]) -> dict[str, Any]:
    """A row without what is not known."""
    return {key: value for key, value in row.items() if value is not None or key == "paidAt"}


@pytest.mark.parametrize("change", [dict, without])
@pytest.mark.parametrize(("kind", "row"), [(Customer, answers.customer), (CustomerInvoice, answers.invoice)])
def test_usual_rows_never_meet_the_careful_decoder(
    monkeypatch: pytest.MonkeyPatch, kind: Any, row: Callable[[int], dict[str, Any]], change: Any
) -> None:
    """With every field there, with null, and without the fields that may be absent."""
    monkeypatch.setattr(_model, "read_slowly", None)
    rows = [change(row(number)) for number in range(answers.PER_PAGE)]
    drift = Drift()
    page = PageOf(ModelOf(kind)).read_whole(loads(answers.page("rows", rows)), drift)
    assert [each.to_dict() for each in page.data] == rows
    assert drift.found == []
