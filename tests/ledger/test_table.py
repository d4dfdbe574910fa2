"""What people see: `python -m mijnklantportaal_client.ledger FILE`."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from mijnklantportaal_client import MijnKlantportaalError
from mijnklantportaal_client.ledger import Ledger
from mijnklantportaal_client.ledger.__main__ import main
from tests.conftest import CUSTOMER, MakeBench


async def fill(ledger: Ledger, bench: MakeBench) -> None:
    """Something done, refused and in doubt."""
    it = bench(CUSTOMER, 422, httpx.ReadError("lost"))
    await ledger.once("2026-01/cst_1", it.create)
    for key in ("2026-01/cst_2", "2026-01/cst_3" + "x" * 100):
        with pytest.raises(MijnKlantportaalError):
            await ledger.once(key, it.create)


async def test_the_table(ledger: Ledger, bench: MakeBench, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is open with what to do, while the ledger is at work and after; nothing in the file or beside it changes."""
    await fill(ledger, bench)

    async def call() -> None:
        assert main([str(path)]) == 1

    await ledger.once("2026-01/cst_4", call)
    await ledger.aclose()
    told = capsys.readouterr().out
    assert "2026-01/cst_4                                                 begun, at work  -" in told
    assert "    Its process is at work on it: wait." in told
    before = path.read_bytes()
    assert main([str(path)]) == 1
    told = capsys.readouterr().out
    lines = told.splitlines()
    assert lines[0].split() == ["KEY", "STATE", "SENT", "(UTC)", "CALL"]
    assert lines[1].split() == ["2026-01/cst_2", "rejected", "2030-03-01", "12:00:00", "customers.create"]
    (long,) = [line.split()[0] for line in lines if line.startswith("2026-01/cst_3xxx")]
    assert (len(long), long[-3:]) == (60, "...")
    assert "ledger.resolve(key, carried_out=False)" in told.replace("\n    ", " ")
    assert (lines[-1], "cst_1" in told, "2026-01/cst_4" in told) == ("2 open", False, False)
    assert main([str(path), "--all"]) == 1
    assert "2026-01/cst_1 " in capsys.readouterr().out
    assert [file.name for file in path.parent.iterdir()] == ["ledger.db"]
    assert path.read_bytes() == before


async def test_nothing_is_open(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Also in a file that was never written to."""

    async def call() -> int:
        return 1

    async with Ledger(path) as ledger:
        await ledger.once("k", call)
    assert main([str(path)]) == 0
    path.with_name("empty.db").touch()
    assert main([str(path.with_name("empty.db"))]) == 0
    assert capsys.readouterr().out == "Nothing is open.\n" * 2


async def test_a_process_that_was_killed(ledger: Ledger, bench: MakeBench, path: Path) -> None:
    """Its file is read with what is beside it, as it was left."""
    await fill(ledger, bench)
    copy = path.parent / "copy"
    copy.mkdir()
    for name in ("ledger.db", "ledger.db-wal"):
        shutil.copy(path.with_name(name), copy / name)
    assert main([str(copy / "ledger.db")]) == 1


def test_there_is_no_file(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """None is made."""
    assert main([str(path)]) == 2
    assert "there is no ledger" in capsys.readouterr().err
    assert not path.exists()


def test_a_file_that_can_not_be_looked_at(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A line and no traceback, as where nobody may look into the directory."""
    assert main([str(path.with_name("x" * 300))]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.slow
def test_as_a_module(path: Path) -> None:
    """It exits with the status."""
    command = [sys.executable, "-W", "error", "-m", "mijnklantportaal_client.ledger", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"there is no ledger at {path}\n")
