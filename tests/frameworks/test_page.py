"""The page about threads and processes: its code is the examples', or runs as it is."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from mijnklantportaal_client.testing import RemoteSandbox

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "threads-and-processes.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
SCRIPTS = [block for block in BLOCKS if "celery" not in block and "django" not in block]
EXPECTED = [
    ["cst_def12345abc678", "cst_abc12345def678", *(f"cst_{number}" for number in reversed(range(2, 20)))],
    ["Test Company BV"],
    ["['Test Company BV', 'Test Company BV']"],
]


@pytest.fixture
def portal(sandbox: RemoteSandbox) -> RemoteSandbox:
    """A sandbox with the customers of the page, and some who came before."""
    for id in (*(f"cst_{number}" for number in range(20)), "cst_abc12345def678", "cst_def12345abc678"):
        sandbox.state.customers.add(id=id)
    return sandbox


@pytest.mark.parametrize("name", ["celery_tasks", "django_views"])
def test_the_recipes_are_the_examples(name: str) -> None:
    """Which are tested with the real frameworks."""
    _, _, code = (ROOT / "examples" / f"{name}.py").read_text(encoding="utf-8").split('"""', 2)
    assert f"{code.strip()}\n" in BLOCKS


def test_every_script_is_tested() -> None:
    """None was added without what it should print."""
    assert len(SCRIPTS) == len(EXPECTED)
    assert len(BLOCKS) == len(SCRIPTS) + 2


@pytest.mark.parametrize(("code", "expected"), [*zip(SCRIPTS, EXPECTED, strict=False)])
def test_the_scripts_run(portal: RemoteSandbox, code: str, expected: list[str]) -> None:
    """As they are, and without a warning, also where the client is left open."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env={**os.environ, "MIJNKLANTPORTAAL_BASE_URL": portal.base_url, "MIJNKLANTPORTAAL_API_KEY": portal.key},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == expected
