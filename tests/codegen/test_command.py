"""The command line: what it writes, compares and reports."""

import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import pytest

import generate as command
from codegen.overlay import load_yaml

# The generator runs on one Python; what it makes is tested on every one.
pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
GENERATED = Path("mijnklantportaal_client/_generated")


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    found = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@pytest.fixture
def project(
    tmp_path: Path, probe: dict[str, Any], no_names: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., int]:
    """The command, working on the probe in a folder of its own."""
    (tmp_path / "mijnklantportaal_client").mkdir()
    monkeypatch.setattr(command, "corrected", lambda root: probe)
    monkeypatch.setattr(command, "generate", partial(command.generate, names=no_names))
    return lambda *arguments: command.main([*arguments, "--root", str(tmp_path)])


def test_the_generated_code_is_current(corrected: dict[str, Any], tmp_path: Path) -> None:
    """What is in the repository is what the contract, the overlay and the templates make."""
    command.generate(corrected, tmp_path / "out")
    assert command.differences(tmp_path / "out", ROOT / GENERATED) == []


def test_write_check_and_mend(project: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A second run changes nothing; a changed, a missing and an extra file are each found, and mended by a run."""
    target = tmp_path / GENERATED
    assert project("--check") == 1
    assert not target.exists()
    assert project() == 0
    written = files(target)
    capsys.readouterr()
    assert project() == 0
    assert capsys.readouterr().out == "nothing changed\n"
    (target / "models/tree.py").write_text("tampered", "utf-8")
    (target / "models/stale.py").write_text("", "utf-8")
    (target / "resources/notes.py").unlink()
    assert project("--check") == 1
    told = capsys.readouterr().err.split("\n  ")
    assert "not current" in told[0]
    assert [line.strip() for line in told[1:]] == ["models/stale.py", "models/tree.py", "resources/notes.py"]
    assert (target / "models/tree.py").read_text("utf-8") == "tampered"
    assert project() == 0
    assert capsys.readouterr().out == "3 files changed\n"
    assert files(target) == written
    assert project("--check") == 0
    assert "is current" in capsys.readouterr().out
    assert sorted(path.name for path in target.parent.iterdir()) == ["_generated"]


def test_a_bad_contract_leaves_everything_as_it_was(
    project: Callable[..., int], probe: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The status is 2, the reason is told, and the package that was there stays."""
    target = tmp_path / GENERATED
    target.mkdir()
    (target / "__init__.py").write_text("old", "utf-8")
    probe["components"]["schemas"]["Part"]["properties"]["x"] = {"type": "array"}
    for arguments in ((), ("--check",)):
        assert project(*arguments) == 2
        assert "Part: an array without items" in capsys.readouterr().err
    assert files(target) == {"__init__.py": b"old"}


def test_bytecode_is_no_difference(tmp_path: Path) -> None:
    """Importing the package does not make it stale."""
    for name in ("fresh", "target"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.py").write_text("x", "utf-8")
    cache = tmp_path / "target/__pycache__"
    cache.mkdir()
    (cache / "a.cpython-311.pyc").write_bytes(b"")
    assert command.differences(tmp_path / "fresh", tmp_path / "target") == []


def test_the_same_bytes_for_every_hash_seed(probe_client: ModuleType, no_names: Path, tmp_path: Path) -> None:
    """Another process with other hashes writes the same files."""
    script = (
        "import sys; from pathlib import Path; import generate; from codegen.overlay import load_yaml;"
        "generate.generate(load_yaml(sys.argv[1]), Path(sys.argv[2]), names=Path(sys.argv[3]))"
    )
    source = Path(__file__).parent / "probe.yaml"
    environment = os.environ | {"PYTHONHASHSEED": "4242", "PYTHONPATH": str(ROOT / "scripts")}
    arguments = [sys.executable, "-c", script, str(source), str(tmp_path / "out"), str(no_names)]
    subprocess.run(arguments, env=environment, check=True)
    here = Path(cast("str", probe_client.__file__)).parent / "_generated"
    assert files(tmp_path / "out") == files(here)


def test_an_overlay_that_does_not_fit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An action that matches nothing stops the command, by its target and description."""
    (tmp_path / "openapi.yaml").write_text("openapi: 3.1.0\ninfo: {title: x, version: '1'}\npaths: {}\n", "utf-8")
    (tmp_path / "openapi.overlay.yaml").write_text(
        "overlay: 1.0.0\ninfo: {title: x, version: '1'}\n"
        "actions: [{target: $.paths.gone, description: Why, update: {a: 1}}]\n",
        "utf-8",
    )
    assert command.main(["--root", str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert "$.paths.gone (Why): matches nothing" in error
    assert load_yaml(tmp_path / "openapi.yaml")["paths"] == {}
