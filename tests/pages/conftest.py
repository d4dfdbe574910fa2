"""The pages of the documentation, as their tests read them: code, tables, and what the code prints."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from mijnklantportaal_client.testing import RemoteSandbox

ROOT = Path(__file__).parents[2]


def page(name: str) -> str:
    """The text of a page of `docs`."""
    return (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")


def python(text: str) -> list[str]:
    """The blocks of Python on a page."""
    return re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def table(text: str, header: str) -> list[list[str]]:
    """The rows below the header whose first cells are these; a bar inside of a cell has a backslash before it."""
    (rows,) = re.findall(rf"^\| {re.escape(header)} \|.*\n\|[ -|]*\n((?:\|.*\n)+)", text, re.MULTILINE)
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows.splitlines()]


def example(name: str) -> str:
    """The code of an example as pages show it: without its docstring."""
    _, _, code = (ROOT / "examples" / f"{name}.py").read_text(encoding="utf-8").split('"""', 2)
    return f"{code.strip()}\n"


def prints(code: str, sandbox: RemoteSandbox, folder: Path | None = None) -> str:
    """What some code prints in a process of its own, which may be no warning."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=folder,
        env={**os.environ, "MIJNKLANTPORTAAL_BASE_URL": sandbox.base_url, "MIJNKLANTPORTAAL_API_KEY": sandbox.key},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout
