"""What is installed: the built wheel, and its version."""

import re
import subprocess
import sys
import zipfile
from email.parser import HeaderParser
from pathlib import Path

import pytest

import mijnklantportaal_client

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "mijnklantportaal_client"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.Path:
    """The wheel, built from the tree with the backend that is installed here."""
    target = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(target), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (found,) = target.glob("*.whl")
    assert found.name == f"{PACKAGE}-{mijnklantportaal_client.__version__}-py3-none-any.whl"
    return zipfile.Path(found)


@pytest.mark.slow
def test_wheel_holds_the_package_and_nothing_else(wheel: zipfile.Path) -> None:
    """Every file of the package, its data and marker, and no tests, templates, scripts or examples."""
    names = {name for name in wheel.root.namelist() if not name.endswith("/")}
    info = f"{PACKAGE}-{mijnklantportaal_client.__version__}.dist-info/"
    in_tree = {
        str(path.relative_to(ROOT))
        for path in (ROOT / PACKAGE).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in names if not name.startswith(info)} == in_tree
    assert {
        f"{PACKAGE}/py.typed",
        f"{PACKAGE}/_generated/contract.json",
        f"{PACKAGE}/_generated/operations.json",
    } <= names
    assert f"{info}licenses/LICENSE" in names


@pytest.mark.slow
def test_wheel_says_what_it_needs(wheel: zipfile.Path) -> None:
    """Python 3.11 and three libraries, none of them for tests or the generator."""
    info = wheel / f"{PACKAGE}-{mijnklantportaal_client.__version__}.dist-info" / "METADATA"
    metadata = HeaderParser().parsestr(info.read_text(encoding="utf-8"))
    needs = {re.split(r"[^\w-]", each)[0] for each in metadata.get_all("Requires-Dist", []) if "extra ==" not in each}
    assert needs == {"anyio", "attrs", "httpx", "tzdata"}
    assert metadata["Version"] == mijnklantportaal_client.__version__
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["License-Expression"] == "MIT"


def test_version_is_written_in_one_place() -> None:
    """In `_version.py`; the top level repeats it, and no other file of the package holds it."""
    version = mijnklantportaal_client.__version__
    assert re.fullmatch(r"0\.\d+\.\d+", version)
    holders = [
        path.name for path in (ROOT / PACKAGE).glob("*.py") if f'"{version}"' in path.read_text(encoding="utf-8")
    ]
    assert holders == ["_version.py"]
    assert f'"{version}"' not in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
