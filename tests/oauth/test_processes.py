"""Several processes with one store: one of them refreshes."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mijnklantportaal_client.oauth import FileTokenStore, Token
from mijnklantportaal_client.oauth._flight import PROCESS
from mijnklantportaal_client.testing import RemoteSandbox
from tests.oauth.conftest import Place

PROGRAM = """
import asyncio, sys
from mijnklantportaal_client import MijnKlantportaal
from mijnklantportaal_client.oauth import FileTokenStore, OAuthApp, OAuthTokens
url, directory = sys.argv[1:]
app = OAuthApp("sandbox-app", "sandbox-secret", "http://localhost/back", url)
async def main():
    tokens = OAuthTokens(app, store=FileTokenStore(directory), key="portal-42")
    async with MijnKlantportaal(auth=tokens, base_url=f"{url}/v1", rate_limit=None) as portal:
        print("ready", flush=True)
        sys.stdin.readline()
        await asyncio.gather(*(portal.customers.list() for _ in range(20)))
        print((await tokens.refresh(0)).access_token, flush=True)
asyncio.run(main())
"""


@pytest.mark.slow
def test_two_processes_with_one_directory(sandbox: RemoteSandbox, tmp_path: Path) -> None:
    """Forty calls with a token that has ended, over real HTTP: one refresh, and everybody has its token."""
    sandbox.oauth.rotate = True
    try:
        issued = sandbox.oauth.token()
        store = FileTokenStore(tmp_path / "tokens")
        asyncio.run(store.save("portal-42", Token(issued.access_token, issued.refresh_token, time.time() - 1)))
        command = [sys.executable, "-W", "error", "-c", PROGRAM, sandbox.url, str(store.directory)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        programs = [subprocess.Popen(command, **pipes) for _ in range(2)]  # type: ignore[call-overload]
        for each in programs:
            assert each.stdout.readline() == "ready\n"
        for each in programs:
            each.stdin.write("go\n")
            each.stdin.flush()
        told = [each.communicate(timeout=30) for each in programs]
        assert [each.returncode for each in programs] == [0, 0]
        assert [error for _, error in told] == ["", ""]
        kept = asyncio.run(store.load("portal-42"))
        assert kept is not None
        assert [output for output, _ in told] == [f"{kept.access_token}\n"] * 2
        assert [each.error for each in sandbox.oauth.exchanges] == [None]
        assert [each.status for each in sandbox.requests] == [200] * 40
    finally:
        sandbox.oauth.rotate = False


@pytest.mark.slow
def test_a_program_that_ends_while_it_refreshes(sandbox: RemoteSandbox, tmp_path: Path) -> None:
    """An error in `main` ends it at once; the token that was on its way is saved, without a word on stderr."""
    program = PROGRAM.replace(
        "await asyncio.gather(*(portal.customers.list() for _ in range(20)))",
        "task = asyncio.create_task(portal.customers.list().collect()); await asyncio.sleep(0.05); sys.exit(3)",
    )
    sandbox.oauth.rotate = True
    try:
        issued = sandbox.oauth.token()
        store = FileTokenStore(tmp_path / "tokens")
        asyncio.run(store.save("portal-42", Token(issued.access_token, issued.refresh_token, time.time() - 1)))
        command = [sys.executable, "-W", "error", "-c", program, sandbox.url, str(store.directory)]
        done = subprocess.run(command, input="go\n", capture_output=True, text=True, check=False, timeout=30)
        assert (done.returncode, done.stderr) == (3, "")
        kept = asyncio.run(store.load("portal-42"))
        assert kept is not None
        refreshed = [each.error for each in sandbox.oauth.exchanges]
        assert refreshed in ([], [None])
        assert (kept.refresh_token != issued.refresh_token) is (refreshed == [None])
    finally:
        sandbox.oauth.rotate = False


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
async def test_fork_in_the_middle_of_a_refresh(place: Place) -> None:
    """What is under way is the parent's: a child knows nothing of it and waits for nobody."""
    await place.consented(lasts=-1)
    async with place.store.lock("portal-42"):
        waiting = asyncio.create_task(place.tokens().token())
        await asyncio.sleep(0.02)
        assert len(PROCESS) == 1
        child = os.fork()
        if child == 0:
            os._exit(len(PROCESS))
        _, status = await asyncio.to_thread(os.waitpid, child, 0)
        assert os.waitstatus_to_exitcode(status) == 0
    assert await waiting
