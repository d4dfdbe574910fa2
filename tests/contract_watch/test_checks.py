"""`make contract`: everything holds for a project that fits, and each kind of tampering is found by its check."""

from __future__ import annotations

import json
import re
import subprocess
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import pytest

import check_contract
import generate
from codegen.overlay import OverlayError
from contract import checks, obedience, snapshot
from contract.checks import CHECKS, Check, Project
from contract.swap import FOLDER
from mijnklantportaal_client.testing import RemoteSandbox
from proof import sandbox as proof

# The generator runs on one Python; what it makes is tested on every one.
pytestmark = pytest.mark.slow

BY_NAME = {check.name: check for check in CHECKS}
CONTRACT, OVERLAY, MADE = "openapi.yaml", "openapi.overlay.yaml", generate.PACKAGE.as_posix()
CLIENT, IDS, NOTES = (
    "mijnklantportaal_client/_client.py",
    "mijnklantportaal_client/ids.py",
    f"{MADE}/resources/notes.py",
)
MATCH, NAMES = "operations and methods", "public names"
LOCAL = tuple(check for check in CHECKS if check.name != "sandbox")


def edit(path: Path, old: str, new: str) -> None:
    """Replaces the first place of a text, which has to be there."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def found(project: Project, name: str) -> list[str]:
    """What one check finds."""
    return checks.problems(BY_NAME[name], project)


def test_a_project_that_fits(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line for each check, with its time; the status is 0."""
    assert check_contract.check(root, LOCAL) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [re.sub(r" +\d+\.\d s$", "", line) for line in lines] == [f"ok      {check.name}" for check in LOCAL]


def test_all_failures_are_told(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A check that fails does not keep the others from being run, but those that need it are not guessed at."""
    edit(root / "openapi.overlay.yaml", "$.info", "$.infos")
    edit(root / "mijnklantportaal_client/_client.py", "timeout: float = 30.0", "timeout: float")
    assert check_contract.check(root, LOCAL) == 1
    told = capsys.readouterr()
    failed = re.findall(r"^FAILED +(\w.*?) +\d+\.\d s$", told.out, re.MULTILINE)
    assert failed == [check.name for check in LOCAL]
    # All but the overlay and the public names.
    assert told.out.count("can't be looked at before this holds: ") == len(LOCAL) - 2
    assert "breaks users: Client.__init__: Parameter is now required: `timeout`" in told.out
    assert told.err == f"{len(LOCAL)} of {len(LOCAL)} checks failed\n"


@pytest.mark.parametrize(
    ("name", "path", "old", "new", "expected"),
    [
        ("overlay", OVERLAY, "target: $.info\n", "target: $.inf\n", r"\$\.inf \(.*\): matches nothing"),
        ("overlay", OVERLAY, "    description: Nobody said what it is.\n", "", "has no description"),
        ("OpenAPI 3.1", CONTRACT, "openapi: 3.1", "openapi: 3.0", r"\$\.openapi"),
        ("lint", CONTRACT, "type: string", "typ: string", "unknown keyword 'typ'; did you mean 'type'"),
        ("lint", OVERLAY, "description: The first of two", "x-inferrred: true", "did you mean 'x-inferred'"),
        ("generated code", CONTRACT, "operationId: get-note", "operationId: get-a-note", "names get-note, which"),
        ("generated code", f"{MADE}/models/part.py", "class Part", "class  Part", r"models/part\.py: not"),
        ("generated code", f"{MADE}/contract.json", "3.1", "3.2", r"contract\.json: not"),
        (MATCH, CONTRACT, "operationId: get-note", "operationId: get-a-note", "get-a-note: in the contract, not"),
        (MATCH, NOTES, "async def get(", "async def gett(", r"get-note: no method resources\.Notes\.get$"),
        (MATCH, NOTES, "async def get(", "async def gett(", r"resources\.Notes\.gett: a method without"),
        (MATCH, f"{MADE}/operations.json", '"method": "GET"', '"method": "PUT"', "in operations.json"),
        (NAMES, CLIENT, "timeout: float = 30.0", "timeout: float = 31.0", "breaks users: Client.__init__"),
        (NAMES, CLIENT, "path: str, *", "*, path: str", "breaks users: Client.request"),
        (NAMES, IDS, "def check_id(", "def check_an_id(", "__all__ names check_id, which is not there"),
        (NAMES, IDS, '"PREFIXES", ', "", "breaks users: ids.PREFIXES: removed"),
        (NAMES, snapshot.FILE, '"ids.PREFIXES"', '"ids.PREFIX"', "breaks users: ids.PREFIX: removed"),
        (NAMES, snapshot.FILE, '"names"', '"name"', "can't be read"),
    ],
)  # fmt: skip
def test_tampering(project: Project, name: str, path: str, old: str, new: str, expected: str) -> None:
    """Each fails the check that is there for it, which says where."""
    edit(project.root / path, old, new)
    told = found(project, name)
    assert any(re.search(expected, line) for line in told), told


def test_a_new_id_without_a_rule(project: Project) -> None:
    """A parameter and a field that are called ID, and a value that looks like one."""
    project.prepared["paths"]["/search"]["get"]["parameters"].append(
        {"name": "planId", "in": "query", "schema": {"type": "string"}}
    )
    fields = project.prepared["components"]["schemas"]["Part"]["properties"]
    fields["ownerIds"] = {"type": "array", "items": {"type": "string"}}
    fields["boss"] = {"type": "string", "example": "emp_abc12345"}
    fields["id"] = {"type": "string", "example": "prt_abc12345"}
    told = found(project, "lint")
    assert [line for line in told if "without a rule" in line] == [
        "GET /search: 'planId' is an ID without a rule in x-id-rules",
        "Part: 'ownerIds' is an ID without a rule in x-id-rules",
        "Part: 'boss' is an ID without a rule in x-id-rules",
    ]
    project.prepared["x-id-rules"]["foreign"] = ["planId", "ownerIds", "boss"]
    assert not [line for line in found(project, "lint") if "without a rule" in line]


def test_examples_that_are_not_valid(project: Project) -> None:
    """Of a field, of a parameter and of an answer, also where a reference stands between."""
    project.prepared["components"]["schemas"]["Part"]["properties"]["one"]["example"] = []
    operation = project.prepared["paths"]["/search"]["get"]
    operation["parameters"].append({"name": "q", "in": "query", "schema": {"type": "integer"}, "example": "x"})
    answer = {"schema": {"$ref": "#/components/schemas/Part"}, "example": []}
    operation["responses"]["200"] = {"description": "", "content": {"application/json": answer}}
    told = found(project, "examples")
    assert [line.partition(": the example")[0] for line in told] == ["Part ([])", "GET /search q", "GET /search 200"]


def test_names_are_agreed_to(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An addition fails until it is agreed to; so does what breaks users of a version that is not out yet."""
    path = root / "mijnklantportaal_client/ids.py"
    edit(path, "def check_id(", "def check_ids() -> None: ...\ndef check_id(")
    edit(path, '"check_id"]', '"check_id", "check_ids"]')
    edit(root / "mijnklantportaal_client/_client.py", "timeout: float = 30.0", "timeout: float")
    told = found(Project(root), "public names")
    assert told[1:] == [
        "ids.check_ids: new",
        "api-surface.json is of 0.1.0; `make api-surface` agrees to what is there now",
    ]
    assert check_contract.main(["--agree", "--root", str(root)]) == 0
    assert "ids.check_ids: new" in capsys.readouterr().out
    assert found(Project(root), "public names") == []
    assert check_contract.main(["--agree", "--root", str(root)]) == 0


def test_a_break_asks_for_another_version(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Once a version is out, what breaks its users can't be agreed to before the version says so."""
    edit(root / "CHANGELOG.md", "- unreleased", "- 2026-12-01")
    edit(root / "mijnklantportaal_client/ids.py", "def check_id(", "def check_an_id(")
    edit(root / "mijnklantportaal_client/ids.py", '"check_id"', '"check_an_id"')
    reason = "this breaks users of 0.1.0: the version has to be 0.2.0 or later, not 0.1.0"
    assert found(Project(root), "public names")[-1] == reason
    before = (root / snapshot.FILE).read_bytes()
    assert check_contract.main(["--agree", "--root", str(root)]) == 1
    assert reason in capsys.readouterr().err
    assert (root / snapshot.FILE).read_bytes() == before
    edit(root / "mijnklantportaal_client/_version.py", '"0.1.0"', '"0.2.0"')
    assert check_contract.main(["--agree", "--root", str(root)]) == 0
    assert found(Project(root), "public names") == []
    assert json.loads((root / snapshot.FILE).read_text("utf-8"))["version"] == "0.2.0"


def test_a_break_after_an_addition(root: Path) -> None:
    """A version in between that nobody has does not count: users come from the one that is out."""
    edit(root / "CHANGELOG.md", "- unreleased", "- 2026-12-01\n\n## [0.0.9] - 2026-11-01")
    edit(root / "mijnklantportaal_client/_version.py", '"0.1.0"', '"0.1.1"')
    assert snapshot.last_released(root) == "0.1.0"
    assert check_contract.main(["--agree", "--root", str(root)]) == 0
    edit(root / CLIENT, "timeout: float = 30.0", "timeout: float")
    assert found(Project(root), NAMES)[-1].startswith(
        "this breaks users of 0.1.0: the version has to be 0.2.0 or later"
    )


def test_an_interrupted_update(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A tree that may be half of each is not checked."""
    (root / FOLDER).mkdir()
    (root / FOLDER / "journal.json").write_text("[]", "utf-8")
    assert check_contract.main(["--root", str(root)]) == 1
    assert "`make update-contract` finishes it" in capsys.readouterr().err


def test_the_sandbox_is_asked(monkeypatch: pytest.MonkeyPatch, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It runs beside the others, and what it finds is a failure like any other."""

    def told(contract: Path) -> list[str]:
        return [f"asked with {contract.relative_to(root).as_posix()}"]

    monkeypatch.setattr(checks, "disobedience", told)
    assert check_contract.check(root, [BY_NAME["sandbox"]]) == 1
    assert "        asked with mijnklantportaal_client/_generated/contract.json\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("status", "output", "expected"),
    [
        (0, "Tested: 14\n 20 generated, 20 passed", ["GET /x was answered 500"]),
        (1, "Tested: 13\n 20 generated, 19 passed", [
            "GET /x was answered 500", "13 of 14 operations were asked", "schemathesis found something:", "Tested: 13",
            " 20 generated, 19 passed", "bad",
        ]),
    ],
)  # fmt: skip
def test_what_the_sandbox_did_wrong(
    status: int, output: str, expected: list[str], original: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Requests that it could not answer, operations that were left out, and all that schemathesis says."""

    class Started:
        requests = (SimpleNamespace(method="GET", path="/x", status=500), SimpleNamespace(status=200))

    def ask(sandbox: object, *options: str, contract: Path) -> subprocess.CompletedProcess[str]:
        assert options[:2] == ("--seed", "20261126")
        return subprocess.CompletedProcess([], status, output, "bad")

    monkeypatch.setattr(RemoteSandbox, "start", lambda **options: nullcontext(Started()))
    monkeypatch.setattr(proof, "ask", ask)
    assert obedience.disobedience(original / generate.PACKAGE / "contract.json") == expected


def test_the_sandbox_did_much_wrong() -> None:
    """The beginning is shown, which names the operation; how much was left out is told."""
    told = obedience._beginning("\n".join(["ok", "=== FAILURES ===", "_ GET /x _", *["reason"] * 500, "Tested: 14"]))
    assert told[0] == "_ GET /x _"
    assert set(told[1:-1]) == {"reason"}
    assert told[-1] == f"... and {502 - len(told[:-1])} more lines"


@pytest.mark.parametrize("error", [OSError("gone"), ValueError("bad"), OverlayError("a\nb")])
def test_a_check_that_fails_itself(error: Exception, project: Project) -> None:
    """What can't be read is a finding, not a traceback."""

    def run(_: Project) -> list[str]:
        raise error

    assert checks.problems(Check("x", run), project) == str(error).splitlines()
