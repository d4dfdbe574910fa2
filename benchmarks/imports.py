"""What it costs to import the package, and to make one call: fresh processes, in turns.

Seconds of the processor are compared, as a user has it: with compiled modules, and with nothing installed but what the
package needs. Beside rich and click, for one, httpx loads a command line that nobody asked for, and looks slower.
"""

from __future__ import annotations

import compileall
import importlib.metadata
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from benchmarks import answers, stock
from benchmarks.figures import Figure, ratio

ROOT = Path(__file__).parents[1]
PACKAGE = "mijnklantportaal_client"
NEEDED = ("anyio", "attrs", "httpx", "tzdata")
# What https costs besides is in NOTES-decoding.md.
_PLAIN = "of bare httpx, over plain http, for which this package loads no authorities"
BARE = """
import asyncio, sys, httpx
async def main():
    async with httpx.AsyncClient(base_url=sys.argv[1], headers={"Authorization": "Bearer a-key"}) as client:
        answer = await client.get("/customers/cst_abc12345def678")
        answer.raise_for_status()
        print(answer.json()["companyName"])
asyncio.run(main())
"""
OURS = """
import asyncio, sys
from mijnklantportaal_client import MijnKlantportaal
async def main():
    async with MijnKlantportaal(base_url=sys.argv[1], api_key="a-key") as portal:
        customer = await portal.customers.get("cst_abc12345def678")
        print(customer.company_name)
asyncio.run(main())
"""


def measure(quick: bool = False) -> list[Figure]:
    """Ratios to `import httpx`, and to the same script with bare httpx."""
    with tempfile.TemporaryDirectory() as folder, _server() as url:
        _fill(Path(folder))
        scripts = {
            "nothing": ("-c", "pass"),
            "import httpx": ("-c", "import httpx"),
            "import ours": ("-c", f"import {PACKAGE}"),
            "import stock": ("-c", f"import {stock.NAME}.models"),
            "call httpx": ("-c", BARE, url),
            "call ours": ("-c", OURS, url),
        }
        environment = {**os.environ, "PYTHONPATH": folder, "NO_PROXY": "*"}
        environment.pop("COVERAGE_PROCESS_START", None)
        times: dict[str, list[float]] = {name: [] for name in scripts}
        names = list(scripts)
        for number in range(4 if quick else 25):
            start = number % len(names)
            for name in names[start:] + names[:start]:
                times[name].append(_seconds(scripts[name], environment))

    def less(name: str) -> list[float]:
        """What is over the start of Python itself."""
        return [seconds - empty for seconds, empty in zip(times[name], times["nothing"], strict=True)]

    note = "less what Python itself takes to start"
    return [
        ratio(f"import {PACKAGE}", less("import ours"), less("import httpx"), "<= 0.25", note),
        ratio("import the stock package with its models", less("import stock"), less("import httpx"), "", note),
        ratio("a script that makes one call", times["call ours"], times["call httpx"], "<= 1.25", _PLAIN),
    ]


def _seconds(script: tuple[str, ...], environment: Mapping[str, str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    # Without `site`: what is installed beside it is not looked at.
    command = [os.path.realpath(sys.executable), "-S", *script]
    subprocess.run(command, env=environment, capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _fill(folder: Path) -> None:
    """Puts the package there, the stock one, and all that they need; compiled."""
    for name in _modules(NEEDED):
        shutil.copytree(name, folder / name.name) if name.is_dir() else shutil.copy(name, folder)
    shutil.copytree(ROOT / PACKAGE, folder / PACKAGE, ignore=shutil.ignore_patterns("__pycache__", "testing"))
    shutil.copytree(stock.folder() / stock.NAME, folder / stock.NAME)
    compileall.compile_dir(folder, quiet=2)


def _modules(names: tuple[str, ...]) -> set[Path]:
    """The files and folders of some distributions and of what they need."""
    found: set[Path] = set()
    seen: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        try:
            distribution = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            # Only needed on another Python.
            continue
        tops = {file.parts[0] for file in distribution.files or () if not file.parts[0].startswith("..")}
        found |= {Path(str(distribution.locate_file(top))) for top in tops if not top.endswith((".dist-info", ".pth"))}
        waiting += [re.split(r"[^\w.-]", each)[0] for each in distribution.requires or () if "extra ==" not in each]
    return {path for path in found if path.name != "__pycache__"}


class _Customer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    content = json.dumps(answers.customer(1)).encode()

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(self.content)))
        self.end_headers()
        self.wfile.write(self.content)

    def log_message(self, *arguments: object) -> None:
        pass


@contextmanager
def _server() -> Iterator[str]:
    """In a thread of this process, whose time does not count."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Customer) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/v1"
        finally:
            server.shutdown()
            thread.join()
