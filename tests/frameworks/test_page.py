"""The page about threads and processes: its code is the examples', or runs as it is."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from example_server import serve

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "threads-and-processes.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
SCRIPTS = [block for block in BLOCKS if "celery" not in block and "django" not in block]
EXPECTED = [
    [f"cst_abc12345def{number:03}" for number in range(1, 21)],
    ["Test Company BV"],
    ["['Test Company BV', 'Test Company BV']"],
]


@pytest.fixture
def base_url() -> Iterator[str]:
    """An example server."""
    server, url = serve(port=0)
    yield url
    server.close()


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
def test_the_scripts_run(base_url: str, code: str, expected: list[str]) -> None:
    """As they are, and without a warning, also where the client is left open."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env={**os.environ, "MIJNKLANTPORTAAL_BASE_URL": base_url, "MIJNKLANTPORTAAL_API_KEY": "k"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == expected
