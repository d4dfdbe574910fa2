"""Several processes with one store: one of them refreshes."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from mijnklantportaal_client.oauth import FileTokenStore, Token
from mijnklantportaal_client.oauth._flight import PROCESS
from mijnklantportaal_client.testing import RemoteSandbox
from tests.oauth.conftest import Place
from tests.waiting import PATIENCE, until

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
        told = [each.communicate(timeout=PATIENCE) for each in programs]
        assert [each.returncode for each in programs] == [0, 0]
        assert [error for _, error in told] == ["", ""]
        kept = asyncio.run(store.load("portal-42"))
        assert kept is not None
        assert [output for output, _ in told] == [f"{kept.access_token}\n"] * 2
        assert [each.error for each in sandbox.oauth.exchanges] == [None]
        assert [each.status for each in sandbox.requests] == [200] * 40
    finally:
        sandbox.oauth.rotate = False


ENDS = {
    "an error in asyncio.run": """
async def main():
    tasks = [asyncio.create_task(OAuthTokens(app, store=store, key="portal-42").token()), asyncio.create_task(leaves())]
    await asyncio.to_thread(sys.stdin.readline)
    sys.exit(3)
async def leaves():
    try:
        await asyncio.Event().wait()
    finally:
        print("leaving", flush=True)
asyncio.run(main())
""",
    "the end of the interpreter": """
def work():
    # What the thread is told in the end is of no interest.
    with contextlib.suppress(asyncio.CancelledError):
        blocking.run(OAuthTokens(app, store=store, key="portal-42").token())
threading.Thread(target=work, daemon=True).start()
# Before what the package does then, which was registered earlier.
atexit.register(print, "leaving", flush=True)
sys.stdin.readline()
sys.exit(3)
""",
}
BEGINS = """
import asyncio, atexit, contextlib, sys, threading
from mijnklantportaal_client import blocking
from mijnklantportaal_client.oauth import FileTokenStore, OAuthApp, OAuthTokens
app = OAuthApp("our-app", "our-secret", "http://localhost/back", sys.argv[1])
store = FileTokenStore(sys.argv[2])
"""


class SlowServer(BaseHTTPRequestHandler):
    """Answers the token endpoint once the program that asked is on its way out."""

    asked = threading.Event()
    leaving = threading.Event()

    def do_POST(self) -> None:
        """Takes its time."""
        self.rfile.read(int(self.headers["content-length"]))
        self.asked.set()
        assert self.leaving.wait(PATIENCE)
        answer = b'{"access_token": "new", "refresh_token": "next", "expires_in": 3600}'
        self.send_response(200)
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Is silent."""


@pytest.mark.slow
@pytest.mark.parametrize("end", ENDS)
def test_program_that_ends_while_it_refreshes(tmp_path: Path, end: str) -> None:
    """The token that is on its way is waited for and saved, without a word on stderr."""
    SlowServer.asked.clear()
    SlowServer.leaving.clear()
    store = FileTokenStore(tmp_path / "tokens")
    asyncio.run(store.save("portal-42", Token("old", "first", time.time() - 1)))
    with ThreadingHTTPServer(("127.0.0.1", 0), SlowServer) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,)).start()
        try:
            url = f"http://127.0.0.1:{server.server_port}"
            command = [sys.executable, "-W", "error", "-c", BEGINS + ENDS[end], url, str(store.directory)]
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
            with subprocess.Popen(command, **pipes) as program:  # type: ignore[call-overload]
                assert SlowServer.asked.wait(PATIENCE)
                program.stdin.write("go\n")
                program.stdin.flush()
                assert program.stdout.readline() == "leaving\n"
                SlowServer.leaving.set()
                _, told = program.communicate(timeout=PATIENCE)
        finally:
            server.shutdown()
    assert (program.returncode, told) == (3, "")
    kept = asyncio.run(store.load("portal-42"))
    assert kept is not None
    assert (kept.access_token, kept.refresh_token) == ("new", "next")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
async def test_fork_in_the_middle_of_a_refresh(place: Place) -> None:
    """What is under way is the parent's: a child knows nothing of it and waits for nobody."""
    await place.consented(lasts=-1)
    async with place.store.lock("portal-42"):
        waiting = asyncio.create_task(place.tokens().token())
        await until(lambda: len(PROCESS) == 1)
        child = os.fork()
        if child == 0:
            os._exit(len(PROCESS))
        _, status = await asyncio.to_thread(os.waitpid, child, 0)
        assert os.waitstatus_to_exitcode(status) == 0
    assert await waiting
