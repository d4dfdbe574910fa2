"""Build sdist and wheel once, and do the main job with the wheel alone, on every Python that is named.

python scripts/check_wheel.py [PYTHON ...]

The wheel is installed into fresh environments outside of the project, with the extra `testing`. What runs there finds
no source of ours but the wheel's.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parents[1]
# Runs in the fresh environment: reads, walks, creates, fails and is refused, against a sandbox over HTTP.
JOB = """
import asyncio
from importlib.metadata import version
from pathlib import Path

import mijnklantportaal_client
from mijnklantportaal_client import InvalidIDError, MijnKlantportaal, NotFoundError
from mijnklantportaal_client.testing import RemoteSandbox

assert not Path(mijnklantportaal_client.__file__).is_relative_to(ROOT), mijnklantportaal_client.__file__
assert version("mijnklantportaal-client") == mijnklantportaal_client.__version__


async def job(sandbox):
    async with MijnKlantportaal(api_key=sandbox.key, base_url=sandbox.base_url) as portal:
        assert len(await portal.customers.list().collect()) == 40
        group = await portal.customer_groups.create(name="Wheel")
        assert (await portal.customer_groups.get(group.id)).name == "Wheel"
        for error, id in ((NotFoundError, "cst_missing"), (InvalidIDError, "inv_abc")):
            try:
                await portal.customers.get(id)
            except error:
                pass
            else:
                raise AssertionError(error)


with RemoteSandbox.start(demo=True, seed=1) as sandbox:
    asyncio.run(job(sandbox))
"""


def run(*command: str | Path, cwd: Path = ROOT) -> None:
    """Runs a command, and shows what it said where it fails."""
    done = subprocess.run(
        [str(each) for each in command],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{' '.join(str(each) for each in command)}\n{done.stdout}")


def built(folder: Path) -> tuple[Path, Path]:
    """The sdist, and the wheel that is made from it."""
    # Without a choice, `build` makes the wheel from the sdist, so that what only one of them has is found.
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder)
    (sdist,), (wheel,) = folder.glob("*.tar.gz"), folder.glob("*.whl")
    run(sys.executable, "-m", "twine", "check", "--strict", sdist, wheel)
    return sdist, wheel


def check(python: str, wheel: Path, folder: Path) -> str:
    """Does the job with the wheel; answers the version of Python."""
    run(python, "-m", "venv", folder)
    fresh = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    run(fresh, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", f"{wheel}[testing]")
    run(fresh, "-I", "-W", "error", "-c", f"ROOT = {str(ROOT)!r}\n{JOB}", cwd=folder)
    shown = subprocess.run([fresh, "-V"], capture_output=True, text=True, check=True)
    return shown.stdout.strip()


def main() -> None:
    """Says what was built and where it works."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pythons", nargs="*", default=[sys.executable])
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sdist, wheel = built(folder)
        with zipfile.ZipFile(wheel) as opened, tarfile.open(sdist) as source:
            counts = len(opened.namelist()), len(source.getnames())
        for path, count in zip((wheel, sdist), counts, strict=True):
            print(f"{path.name}: {path.stat().st_size / 1024:.0f} KiB, {count} files")
        with ThreadPoolExecutor() as pool:
            jobs = [pool.submit(check, each, wheel, folder / str(number)) for number, each in enumerate(given.pythons)]
            for job in jobs:
                print(f"{job.result()}: installed, and did its job")


if __name__ == "__main__":
    main()
