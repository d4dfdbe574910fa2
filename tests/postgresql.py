"""A PostgreSQL server of the tests' own, where its programs are installed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.waiting import wait_until


def programs() -> Path | None:
    """Where PostgreSQL's programs are; Debian keeps them off the PATH."""
    found = shutil.which("initdb")
    places = [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return places[-1] if places else None


@contextmanager
def server() -> Iterator[str]:
    """Runs a server that is reached by a socket in a folder alone; gives its address for SQLAlchemy and psycopg."""
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    where = programs()
    if where is None:
        pytest.skip("PostgreSQL is not installed; on Debian and Ubuntu its package is postgresql")
    # The path of a socket has to be short.
    with tempfile.TemporaryDirectory(prefix="pg", dir="/tmp") as folder:
        # It refuses to run as root.
        other: dict[str, Any] = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
        if other:
            shutil.chown(folder, "postgres", "postgres")
        options = {"cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **other}
        made = [str(where / "initdb"), "-D", "data", "-A", "trust", "-U", "tests", "-N", "--locale=C", "-E", "UTF8"]
        subprocess.run(made, check=True, **options)
        command = [str(where / "postgres"), "-D", "data", "-F", "-k", folder, "-c", "listen_addresses="]
        with subprocess.Popen(command, **options) as running:
            try:
                wait_for(f"host={folder} user=tests dbname=postgres")
                yield f"postgresql+psycopg://tests@/postgres?host={folder}"
            finally:
                running.send_signal(signal.SIGINT)


def wait_for(address: str) -> None:
    """Waits until a server answers; its socket is there before."""
    import psycopg

    def answers() -> bool:
        try:
            psycopg.connect(address).close()
        except psycopg.OperationalError:
            return False
        return True

    wait_until(answers, "an answer of PostgreSQL")
