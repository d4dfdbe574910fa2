"""A user's script under three type checkers: what is right passes, and each mistake is found."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
SCRIPT = Path(__file__).with_name("users_script.py")
MARK = "# expect: error"
CONFIG = {"typeCheckingMode": "strict", "pythonVersion": "3.11"}


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The script, on its own, as in a user's project."""
    first, *lines = SCRIPT.read_text(encoding="utf-8").splitlines(keepends=True)
    assert first == "# mypy: ignore-errors\n"
    script = tmp_path_factory.mktemp("project") / "script.py"
    script.write_text("".join(["#\n", *lines]), encoding="utf-8")
    script.with_name("pyrightconfig.json").write_text(json.dumps(CONFIG), encoding="utf-8")
    return script


@pytest.fixture(scope="module")
def expected(script: Path) -> set[int]:
    """The lines that have to be refused."""
    lines = script.read_text(encoding="utf-8").splitlines()
    return {number for number, line in enumerate(lines, 1) if line.endswith(MARK)}


def run(script: Path, *command: str) -> str:
    """Standard output of a type checker, which finds mistakes and so exits with 1."""
    done = subprocess.run(
        [sys.executable, "-m", *command, script.name], cwd=script.parent, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


def lines_by_mypy(script: Path) -> dict[int, str]:
    """What mypy says of which line."""
    output = run(script, "mypy", "--strict", "--python-version=3.11", "--output=json", "--cache-dir=cache")
    found = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    return {each["line"]: each["message"] for each in found if each["severity"] == "error"}


def lines_by_basedpyright(script: Path) -> dict[int, str]:
    """What basedpyright, strict, says of which line."""
    output = run(script, "basedpyright", "--outputjson", f"--pythonpath={sys.executable}")
    found = json.loads(output)["generalDiagnostics"]
    return {each["range"]["start"]["line"] + 1: each["message"] for each in found if each["severity"] == "error"}


def lines_by_ty(script: Path) -> dict[int, str]:
    """What ty says of which line."""
    output = run(script, "ty", "check", f"--python={sys.prefix}", "--python-version=3.11", "--output-format=concise")
    found = re.findall(rf"^{script.name}:(\d+):\d+: (.*)$", output, re.MULTILINE)
    return {int(line): message for line, message in found}


@pytest.mark.parametrize(
    "lines_by", [lines_by_mypy, lines_by_basedpyright, lines_by_ty], ids=["mypy", "basedpyright", "ty"]
)
def test_checker_finds_every_mistake_and_nothing_else(lines_by: object, script: Path, expected: set[int]) -> None:
    """The lines that it reports are the marked ones."""
    assert callable(lines_by)
    found = lines_by(script)
    assert {line: text for line, text in found.items() if line not in expected} == {}
    assert expected - found.keys() == set()


def test_script_holds_the_mistakes_that_matter(script: Path) -> None:
    """The marks have not been lost: wrong names, types, keys, attributes and IDs are all there."""
    marked = [line for line in script.read_text(encoding="utf-8").splitlines() if line.endswith(MARK)]
    for mistake in ("amount=12.95", "amount_exl_vat", "ammount", "get(12345)", "customer=[", "name=None", "lines=[{"):
        assert any(mistake in line for line in marked), mistake
    assert len(marked) >= 30
