"""The package that openapi-python-client makes with its own templates from the same contract."""

from __future__ import annotations

import atexit
import functools
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

CONTRACT = Path(__file__).parents[1] / "mijnklantportaal_client/_generated/contract.json"
NAME = "stock_portal"


@functools.cache
def folder() -> Path:
    """Makes it, for this run: the folder that has to be on the path for `import stock_portal`."""
    place = Path(tempfile.mkdtemp(prefix="stock-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    programs = Path(sys.executable).parent
    command = [str(programs / "openapi-python-client"), "generate", "--path", str(CONTRACT), "--meta", "none"]
    # It formats its own code with a program that it looks for.
    path = os.pathsep.join([str(programs), os.environ.get("PATH", "")])
    done = subprocess.run(
        [*command, "--output-path", str(place / NAME)],
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if not (place / NAME / "client.py").exists():
        raise RuntimeError(f"openapi-python-client made no package: {done.stdout}{done.stderr}")
    return place


@functools.cache
def importable() -> None:
    """Puts it on the path of this process."""
    sys.path.insert(0, str(folder()))
