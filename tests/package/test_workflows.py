"""The workflows of GitHub: what they run exists, what they use is pinned, and zizmor finds nothing."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
TEXTS = {path.name: path.read_text("utf-8") for path in WORKFLOWS}

pytestmark = pytest.mark.skipif(not WORKFLOWS, reason="a source distribution has no workflows")


def test_which_there_are() -> None:
    """One for each of what the project needs."""
    assert set(TEXTS) == {"ci.yml", "contract-probe.yml", "release.yml"}


@pytest.mark.parametrize("name", TEXTS)
def test_actions_are_pinned(name: str) -> None:
    """By the whole hash, with the version for people, and the same hash everywhere."""
    used = re.findall(r"uses: (.*)", TEXTS[name])
    assert used
    for each in used:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each)
        action = each.partition("@")[0]
        everywhere = {line for text in TEXTS.values() for line in re.findall(rf"uses: ({action}@.*)", text)}
        assert everywhere == {each}


def test_what_they_run_exists() -> None:
    """The targets of make and the files."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for text in TEXTS.values():
        for target in re.findall(r"run: make ([a-z-]+)", text):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE)
        assert all((ROOT / path).exists() for path in re.findall(r"run: bash (\S+)", text))
    assert "run: bash .ci/run" in TEXTS["ci.yml"]
    assert "run: bash .ci/run" in TEXTS["release.yml"]


def test_every_python_is_tried() -> None:
    """Those of the package's classifiers, at least."""
    listed = re.findall(r"Python :: (3\.\d+)\"", (ROOT / "pyproject.toml").read_text("utf-8"))
    tried = re.findall(r"3\.\d+", re.findall(r"python: \[(.*)\]", TEXTS["ci.yml"])[0])
    assert set(listed) <= set(tried)


@pytest.mark.slow
def test_zizmor_finds_nothing() -> None:
    """At its strictest, without asking GitHub; it would find a missing pin."""
    zizmor = [str(Path(sys.executable).with_name("zizmor")), "--offline", "--persona=pedantic", "--no-progress"]
    done = subprocess.run([*zizmor, str(ROOT / ".github")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    loose = re.sub(r"@[0-9a-f]{40} # (v\d+)\S*", r"@\1", TEXTS["ci.yml"])
    found = subprocess.run([*zizmor, "-"], input=loose, capture_output=True, text=True, check=False)
    assert found.returncode != 0
    assert "unpinned-uses" in found.stdout
