"""The command, as it is run in CI: over HTTP, with its files and its exit status."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mijnklantportaal_client.contract.__main__ import main
from mijnklantportaal_client.contract._recording import read
from mijnklantportaal_client.contract._run import DRIFT, INCOMPLETE, NOTHING
from mijnklantportaal_client.testing import RemoteSandbox
from tests.drift.conftest import KEY
from tests.waiting import PATIENCE

COMMAND = [sys.executable, "-W", "error", "-m", "mijnklantportaal_client.contract"]
FAST = ["--rate", "1000"]


@pytest.fixture
def server(agency_server: RemoteSandbox, monkeypatch: pytest.MonkeyPatch) -> RemoteSandbox:
    """A portal that is found by the environment, as a workflow sets it."""
    agency_server.calm()
    monkeypatch.setenv("MIJNKLANTPORTAAL_API_KEY", KEY)
    monkeypatch.setenv("MIJNKLANTPORTAAL_BASE_URL", agency_server.base_url)
    return agency_server


def probe(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit status and output of the command, run in this process."""
    status = main(["probe", *FAST, *arguments])
    return (status, *capsys.readouterr())


def test_a_server_that_obeys(server: RemoteSandbox, tmp_path: Path) -> None:
    """As the nightly workflow calls it: nothing is found, both files are there, and nothing is on standard output."""
    done = subprocess.run(
        [*COMMAND, "probe", *FAST, "--output", "report.md", "--json", "report.json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stdout) == (NOTHING, "")
    assert len(done.stderr.splitlines()) == 36
    report = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "None was found." in report
    told = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert (told["drift"], told["complete"], told["live"], told["status"]) == ([], True, False, 0)
    assert KEY not in report + done.stderr + json.dumps(told)


def test_a_server_that_drifts(server: RemoteSandbox, capsys: pytest.CaptureFixture[str]) -> None:
    """It is on standard output, the status is 1, and the log does not tell it a second time with its names."""
    server.drift("list-tickets", add={"Jan Jansen": 1}, change={"status": "simmering"}, remove="createdAt")
    done = subprocess.run(
        [*COMMAND, "probe", *FAST, "--only", "tickets.list", "--quiet"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (DRIFT, "")
    for kind, place in (("missing", "createdAt"), ("unknown_value", "status"), ("unknown_field", "{withheld}")):
        assert f"| `list-tickets` | {kind} | `/data/*/{place}` |" in done.stdout
    assert "Jansen" not in done.stdout
    assert "simmering" not in done.stdout


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no SIGINT to one process")
def test_interruption(server: RemoteSandbox, tmp_path: Path) -> None:
    """Ctrl-C ends it at once, and what was found is written."""
    server.drift("list-customers", add={"newField": 1})
    server.delay("get-customer", 60)
    with subprocess.Popen(
        [*COMMAND, "probe", *FAST, "--only", "customers", "--output", "report.md", "--record", "shapes.json"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
        # What a shell script runs in the background begins with it ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    ) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == "customers.list: 200 x 2\n"
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=PATIENCE) == DRIFT
        assert process.stderr.read() == "interrupted: this is what was found until now\n"
    report = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "| complete | no: interrupted |" in report
    assert "`/data/*/newField`" in report
    assert "list-customers" in read(tmp_path / "shapes.json").shapes


def test_recordings(server: RemoteSandbox, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two runs of the same portal are alike; a change is found, at once or later and without the API."""
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    only = ["--only", "webhooks", "--quiet"]
    assert probe(capsys, *only, "--record", str(first))[0] == NOTHING
    status, report, _ = probe(capsys, *only, "--against", str(first))
    assert (status, "## Changes since the recording\n\nNone." in report) == (NOTHING, True)
    server.drift("list-webhooks", add={"newField": "x"})
    status, report, _ = probe(capsys, *only, "--against", str(first), "--record", str(second))
    line = "| `list-webhooks` | `/data/*/newField` | new field | absent | string (text) 1 of 1 | unexpected |"
    assert (status, line in report) == (DRIFT, True)
    as_json = tmp_path / "changes.json"
    assert main(["compare", str(first), str(second), "--json", str(as_json)]) == DRIFT
    assert line in capsys.readouterr().out
    assert [change["what"] for change in json.loads(as_json.read_text(encoding="utf-8"))] == ["new field"]
    assert main(["compare", str(first), str(first)]) == NOTHING


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["probe", "--only", "nothing"], "to read named 'nothing'"),
        (["probe", "--output", "/nowhere/report.md"], "can't be written"),
        (["probe", "--record", "."], "can't be written"),
        (["probe", "--against", "/nowhere/shapes.json"], "can't be read"),
        (["probe", "--base-url", "ftp://x"], "base_url"),
        (["compare", "/nowhere/a", "/nowhere/b"], "can't be read"),
    ],
)
def test_what_cannot_be_run(
    server: RemoteSandbox, capsys: pytest.CaptureFixture[str], arguments: list[str], reason: str
) -> None:
    """One line says why, the status is 2, and nothing is sent."""
    before = len(server.requests)
    assert main(arguments) == INCOMPLETE
    out, err = capsys.readouterr()
    assert (out, len(err.splitlines())) == ("", 1)
    assert reason in err
    assert len(server.requests) == before


def test_a_proxy_that_cannot_be_used(
    server: RemoteSandbox, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told on one line, and the status is 2."""
    monkeypatch.setenv("HTTP_PROXY", "nonsense://x")
    assert main(["probe", "--quiet"]) == INCOMPLETE
    assert "of the environment can't be used" in capsys.readouterr().err


def test_no_key(capsys: pytest.CaptureFixture[str]) -> None:
    """It says where one is looked for; there is no option that would show it in the list of processes."""
    assert main(["probe"]) == INCOMPLETE
    assert "MIJNKLANTPORTAAL_API_KEY" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["probe", "--help"])
    assert "key" not in capsys.readouterr().out.replace("MIJNKLANTPORTAAL_API_KEY", "").lower()


@pytest.mark.parametrize(
    "arguments",
    [["--samples", "0"], ["--rate", "x"], ["--timeout", "0"], ["--timeout", "nan"], ["--max-requests", "-1"]],
)
def test_senseless_numbers(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    """Are refused with the name of the option."""
    with pytest.raises(SystemExit) as caught:
        main(["probe", *arguments])
    assert caught.value.code == INCOMPLETE
    assert arguments[0] in capsys.readouterr().err


def test_a_file_that_cannot_be_written(
    server: RemoteSandbox, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was found is shown, the other files are there, and the status tells of it."""
    write = Path.write_text

    def fail(path: Path, text: str, **options: Any) -> int:
        if path.name == "report.md":
            raise OSError(28, "No space left on device")
        return write(path, text, **options)

    monkeypatch.setattr(Path, "write_text", fail)
    files = ["--output", str(tmp_path / "report.md"), "--json", str(tmp_path / "report.json")]
    status, out, err = probe(capsys, "--only", "webhooks", "--quiet", *files)
    assert (status, err.count("\n")) == (INCOMPLETE, 1)
    assert "report.md can't be written: No space left on device" in err
    assert "None was found." in out
    assert (tmp_path / "report.json").exists()
