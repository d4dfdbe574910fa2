"""The page about the contract: it is current, its code runs, and its tables are those of the code."""

from __future__ import annotations

import datetime
import json
import logging
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any, get_args

import attrs
import pytest
import yaml

import contract_page
from mijnklantportaal_client._contract import Contract, operations_table, shipped
from mijnklantportaal_client._drift import DriftKind
from mijnklantportaal_client.contract import DriftCollector, Findings
from mijnklantportaal_client.contract.__main__ import _parser
from mijnklantportaal_client.contract._compare import Change
from mijnklantportaal_client.contract._recording import Recording, contract_digest
from mijnklantportaal_client.contract._run import DRIFT, INCOMPLETE, NOTHING, Result, Run
from mijnklantportaal_client.contract._shapes import Shapes
from mijnklantportaal_client.events import DriftEvent
from mijnklantportaal_client.testing import RemoteSandbox
from tests.pages.conftest import ROOT, page, python, table

PAGE = page("contract")
FORM = ROOT / ".github" / "ISSUE_TEMPLATE" / "contract-drift.yml"
HOOK, AT_EXIT, CELERY = python(PAGE)
LONG = [f"a{'b' * 37}{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
EVENT = """
from mijnklantportaal_client.events import DriftEvent
about = {"call_id": "", "operation": "get-ticket", "name": "", "method": "GET", "path": "", "base_url": "", "tags": {}}
event = DriftEvent(kind="missing", location="/title", status_code=200, attempt=1, **about)
"""


def run(code: str, **environment: str) -> str:
    """What some code writes, without a warning."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def recording(date: str = "2026-12-01", *, live: bool = True, status: int = 200) -> Recording:
    """What a run saw of one operation."""
    shapes = Shapes()
    shapes.observe(shipped(), shipped().answer("get-webhook", 200), {"id": "wbh_a"})
    return Recording(
        date=datetime.date.fromisoformat(date),
        live=live,
        client="0.1.0",
        contract=contract_digest(),
        shapes={"get-webhook": {status: shapes}},
        times={"get-webhook": {status: 3}},
    )


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with nothing but the page and what was seen."""
    (tmp_path / "docs").mkdir()
    for name in (contract_page.PAGE, contract_page.SEEN):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def test_the_page_is_current(capsys: pytest.CaptureFixture[str]) -> None:
    """It is what the contract, the recordings and the prose make."""
    assert contract_page.main(["--check"]) == 0
    assert capsys.readouterr().out == "docs/contract.md is current\n"


def test_a_page_that_is_not(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is found and left as it is, and can be made anew."""
    page = root / contract_page.PAGE
    page.write_text("old", encoding="utf-8")
    assert contract_page.main(["--check", "--root", str(root)]) == 1
    assert "run `python scripts/contract_page.py`" in capsys.readouterr().err
    assert page.read_text(encoding="utf-8") == "old"
    assert contract_page.main(["--root", str(root)]) == 0
    assert page.read_text(encoding="utf-8") == PAGE


def test_every_operation_is_there_once() -> None:
    """With its methods, what is documented, what is inferred, and that none was seen."""
    rows = re.findall(r"^\| \[?`([a-z-]+)`\S* \| (`.*) \| (full|partial) \| (.*) \| - \|$", PAGE, re.MULTILINE)
    assert rows == [
        (
            each["id"],
            ", ".join(f"`{method}`" for method in each["methods"]),
            each["documented"],
            ", ".join(sorted(each["inferred"])),
        )
        for each in operations_table()
    ]
    assert "Of 70 operations 13 are documented in full, and none was seen live" in PAGE


def test_what_was_seen_live(root: Path, tmp_path: Path) -> None:
    """The latest day on which an operation answered with a success, whatever the order of the recordings."""
    for index, each in enumerate([recording("2026-12-05"), recording("2026-12-09", status=403), recording()]):
        (tmp_path / f"{index}.json").write_text(each.to_json(), encoding="utf-8")
        assert contract_page.main(["--root", str(root), "--add", str(tmp_path / f"{index}.json")]) == 0
    page = (root / contract_page.PAGE).read_text(encoding="utf-8")
    assert "| `get` | full |  | 2026-12-05, 200 x 3 |" in page
    assert "and 1 were seen live." in page
    kept = json.loads((root / contract_page.SEEN).read_text(encoding="utf-8"))["recordings"]
    assert [each["date"] for each in kept] == ["2026-12-05", "2026-12-09", "2026-12-01"]


def test_what_another_server_says_is_not_kept(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A sandbox is no proof of anything."""
    (tmp_path / "shapes.json").write_text(recording(live=False).to_json(), encoding="utf-8")
    assert contract_page.main(["--root", str(root), "--add", str(tmp_path / "shapes.json")]) == 2
    assert "not recorded from the vendor's own server" in capsys.readouterr().err
    assert json.loads((root / contract_page.SEEN).read_text(encoding="utf-8")) == {"recordings": []}


@pytest.mark.parametrize("content", ["{", "[]", '{"recordings": [{}]}', '{"recordings": 1}'])
def test_recordings_that_cannot_be_read(root: Path, capsys: pytest.CaptureFixture[str], content: str) -> None:
    """The file is named, and the page is left as it is."""
    (root / contract_page.SEEN).write_text(content, encoding="utf-8")
    assert contract_page.main(["--root", str(root)]) == 2
    assert "contract-seen.json can't be read" in capsys.readouterr().err


def test_a_kind_that_nobody_explained() -> None:
    """A new word in the overlay needs one on the page."""
    document = {"paths": {}, "components": {"schemas": {"New": {"x-inferred": ["colour"]}}}}
    with pytest.raises(contract_page.PageError, match="does not explain 'colour'"):
        contract_page.page(Contract(document), [], [])


def test_a_template_without_a_part(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing is left out in silence."""
    (tmp_path / "prose.md").write_text("{{ summary }}", encoding="utf-8")
    monkeypatch.setattr(contract_page, "TEMPLATE", tmp_path / "prose.md")
    with pytest.raises(contract_page.PageError, match=r"needs \{\{ kinds \}\} once"):
        contract_page.page(shipped(), operations_table(), [])


def test_the_collector_counts_what_the_page_says(sandbox: RemoteSandbox) -> None:
    """The first block prints its own comment."""
    sandbox.state.tickets.add()
    sandbox.drift("list-tickets", change={"status": "simmering"})
    comment = re.findall(r"print\(.*\)  # (.*)\n", HOOK)
    told = run(HOOK, MIJNKLANTPORTAAL_BASE_URL=sandbox.base_url, MIJNKLANTPORTAAL_API_KEY=sandbox.key)
    # The log tells it as well, since nothing else was set up.
    assert [line for line in told.splitlines() if "differs" not in line] == comment


@pytest.mark.parametrize("drifts", [False, True])
def test_a_process_that_ends(drifts: bool) -> None:
    """The second block tells what was found, and nothing where that is nothing."""
    told = run(f"{AT_EXIT}\n{EVENT}\n{'drift.on_drift(event)' if drifts else ''}")
    assert ("| `get-ticket` | missing | `/title` | string | 1 |" in told) is drifts
    assert bool(told) is drifts


def test_a_celery_worker_that_ends(caplog: pytest.LogCaptureFixture) -> None:
    """The third block tells it at the signal of its children, once."""
    signals = pytest.importorskip("celery.signals")
    names: dict[str, Any] = {}
    exec(CELERY + EVENT, names)
    names["drift"].on_drift(names["event"])
    with caplog.at_level(logging.WARNING, "shop.drift"):
        for _ in range(2):
            signals.worker_process_shutdown.send(sender=None, pid=1, exitcode=0)
    signals.worker_process_shutdown.disconnect(names["tell_drift"])
    (record,) = caplog.records
    assert "| `get-ticket` | missing | `/title` | string | 1 |" in record.message


def test_the_options_of_the_command() -> None:
    """All of them, with their defaults."""
    (commands,) = [action for action in _parser()._actions if action.dest == "command"]
    choices: Any = commands.choices
    told = {name.strip("`").partition(" ")[0]: text for name, text in table(PAGE, "option of `probe`")}
    there = {each.option_strings[0]: each.default for each in choices["probe"]._actions}
    assert told.keys() == there.keys() - {"-h"}
    for name, default in there.items():
        if isinstance(default, (int, float)) and not isinstance(default, bool):
            assert f"({default:g})" in told[name]
    assert set(choices) == {"probe", "compare"}


def test_the_exit_statuses() -> None:
    """Are those that the command exits with."""
    assert [int(status.strip("`")) for status, _ in table(PAGE, "exit status")] == [NOTHING, DRIFT, INCOMPLETE]


def test_what_the_report_holds() -> None:
    """The sections, in their order."""
    told = re.findall(r"^\d\. \*\*(.*?)\*\*", PAGE, re.MULTILINE)
    findings = DriftCollector().snapshot()
    report = Run(findings=findings, results=(), live=False, requests=0, stopped=None, changes=()).report()
    assert re.findall(r"^## (.*)$", report, re.MULTILINE) == told


def test_the_methods_of_the_collector() -> None:
    """All that is for users, and what a snapshot has."""
    told = {name.strip("`()"): text for name, text in table(PAGE, "`DriftCollector`")}
    there = {name for name in vars(DriftCollector) if not name.startswith(("_", "on_"))}
    assert told.keys() == there
    assert re.findall(r"`(\w+)`", told["snapshot"])[1:] == [field.name for field in attrs.fields(Findings)]
    assert "1000 places at most" in PAGE


def test_the_form_for_issues() -> None:
    """It takes the report, and has every kind of drift."""
    form = yaml.safe_load(FORM.read_text(encoding="utf-8"))
    assert {"name", "description", "body"} <= form.keys()
    assert f'the form "{form["name"]}"' in " ".join(PAGE.split())
    fields = {each["id"]: each for each in form["body"] if each["type"] != "markdown"}
    assert len(fields) == len([each for each in form["body"] if each["type"] != "markdown"])
    assert set(get_args(DriftKind)) <= set(fields["kinds"]["attributes"]["options"])
    assert (fields["report"]["type"], fields["report"]["validations"]) == ("textarea", {"required": True})
    # GitHub shows it as Markdown only where no language is named.
    assert "render" not in fields["report"]["attributes"]


def test_a_report_fits_into_the_form() -> None:
    """GitHub takes 65,536 characters; the longest report has less, with all that can be in it."""
    collector = DriftCollector(max_places=10_000)
    about: dict[str, Any] = {"call_id": "", "name": "", "method": "GET", "path": "", "base_url": "", "tags": {}}
    for operation in operations_table():
        for number in range(30):
            field = f"a{'b' * 37}{'abcdefghij'[number // 10]}{'abcdefghij'[number % 10]}"
            location = f"/data/0/{field}" if operation["answer"] == "page" else f"/{field}"
            event = DriftEvent(
                kind="unknown_field", location=location, status_code=200, attempt=1, operation=operation["id"], **about
            )
            collector.on_drift(event)
    findings = collector.snapshot()
    assert len(findings.drifts) == 70 * 30
    assert len(findings.report()) < 60_000
    change = Change(operation="x" * 99, place="x" * 200, what="x", before="x" * 200, now="x" * 200, allowed=True)
    shapes = Shapes()
    for operation in operations_table():
        shapes.observe(shipped(), shipped().answer(operation["id"], 200), {"data": [{}], **dict.fromkeys(LONG, "x")})
    results = tuple(
        Result(each["id"], each["id"], Counter({200: 10**9}), Counter({"x" * 99: 1}), "x" * 200, {200: shapes})
        for each in operations_table()
    )
    run = Run(findings=findings, results=results, live=False, requests=0, stopped="x" * 200, changes=(change,) * 500)
    assert 40_000 < len(run.report()) < 60_000
    assert "more rows are left out." in run.report()
