"""Programs that end while a client is open or calling: no warnings, no waiting, no call that nobody hears of."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from mijnklantportaal_client.testing import RemoteSandbox
from tests.conftest import TRANSPORT
from tests.waiting import PATIENCE, wait_until

HEAD = f"""
import atexit, signal, sys, threading
from mijnklantportaal_client import MijnKlantportaal, blocking
from mijnklantportaal_client.blocking import run

portal = MijnKlantportaal(transport={TRANSPORT!r})
"""
NEW_CUSTOMER = 'company_name="A", address="B 1", zip_code="1234AB", city="C", primary_email="a@example.com"'


NAMES = ("a", "b", "before", "parent", "child", "after")


@pytest.fixture
def server(sandbox: RemoteSandbox) -> RemoteSandbox:
    """A sandbox with a few customers."""
    for name in NAMES:
        sandbox.state.customers.add(id=f"cst_{name}")
    return sandbox


def wait_for(server: RemoteSandbox, operation: str, count: int = 1) -> None:
    """Waits until so many requests have come, whether they are answered or not."""
    wait_until(lambda: len(server.requests.of(operation)) >= count, f"request number {count}")


class Program:
    """A process where every warning is an error."""

    def __init__(self, server: RemoteSandbox, code: str, before: str = "") -> None:
        about = {"MIJNKLANTPORTAAL_API_KEY": server.key, "MIJNKLANTPORTAAL_BASE_URL": server.base_url}
        warnings = ["-W", "error", "-W", "ignore:.*multi-threaded:DeprecationWarning"]
        self.process = subprocess.Popen(
            [sys.executable, *warnings, "-c", before + HEAD + code],
            env={**os.environ, **about},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def end(self) -> tuple[int, str, str]:
        """Exit code, output and errors."""
        output, errors = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, output, errors


@pytest.fixture
def program(server: RemoteSandbox) -> Iterator[Callable[..., Program]]:
    """Starts programs, and ends those that hang."""
    started: list[Program] = []

    def start(code: str, before: str = "") -> Program:
        started.append(Program(server, code, before))
        return started[-1]

    yield start
    for each in started:
        each.process.kill()
        each.process.communicate()


@pytest.mark.parametrize(
    ("ending", "exit_code"),
    [
        ("run(portal.aclose())", 0),
        ("atexit.register(lambda: run(portal.aclose()))", 0),
        ("", 0),
        ("sys.exit(3)", 3),
        ("run(portal.aclose()); run(portal.aclose())", 0),
    ],
)
def test_a_client_that_is_closed_or_left_open(program: Callable[..., Program], ending: str, exit_code: int) -> None:
    """Both end without a word."""
    code = f"print(run(portal.customers.get('cst_a')).id)\n{ending}"
    assert program(code).end() == (exit_code, "cst_a\n", "")


def test_a_child_process_that_ends_by_itself(program: Callable[..., Program]) -> None:
    """Its end leaves the parent's connections and loop alone."""
    code = """
import os
print(run(portal.customers.get("cst_before")).id, flush=True)
child = os.fork()
print(run(portal.customers.get("cst_parent" if child else "cst_child")).id, flush=True)
if child:
    assert os.waitpid(child, 0) == (child, 0)
    print(run(portal.customers.get("cst_after")).id, flush=True)
"""
    exit_code, output, errors = program(code).end()
    assert (exit_code, errors) == (0, "")
    lines = output.splitlines()
    assert (lines[0], sorted(lines[1:3]), lines[3:]) == ("cst_before", ["cst_child", "cst_parent"], ["cst_after"])


def test_a_call_of_a_thread_ends_before_the_program(server: RemoteSandbox, program: Callable[..., Program]) -> None:
    """As the interpreter waits for threads that are no daemons."""
    script = program(
        "print(run(portal.customers.get('cst_a')).id, flush=True)\n"
        "sys.stdin.readline()\n"
        "said = threading.Event()\n"
        "thread = threading.Thread(target=lambda: said.wait() and print(run(portal.customers.get('cst_b')).id))\n"
        "thread.start()\n"
        "print('the main thread is done', flush=True)\n"
        "said.set()"
    )
    assert script.process.stdout is not None
    assert script.process.stdin is not None
    assert script.process.stdout.readline() == "cst_a\n"
    server.delay("get-customer", 1.0)
    script.process.stdin.write("go on\n")
    script.process.stdin.flush()
    assert script.process.stdout.readline() == "the main thread is done\n"
    assert script.end() == (0, "cst_b\n", "")


FILES = """
import asyncio, os, pathlib, tempfile
folder = pathlib.Path(tempfile.mkdtemp())
(folder / "up").write_bytes(bytes(100_000))
link = run(portal.files.get_download_link(run(portal.files.upload(file=folder / "up")).id))
begun = threading.Event()
async def wait(done, total):
    # The interpreter is about to end once there are no more threads to be had.
    while True:
        begun.set()
        try:
            await asyncio.to_thread(int)
        except RuntimeError:
            return
        await asyncio.sleep(0)
async def tell(call):
    try:
        result = await call
        print(len(result.read_bytes()) if isinstance(result, pathlib.Path) else result.size, flush=True)
    except BaseException as error:
        print(type(error).__name__, flush=True)
    print(sorted(os.listdir(folder)), flush=True)
"""


@pytest.mark.parametrize(
    ("call", "told"),
    [
        ("download(link, to=folder / 'down', on_progress=wait)", "100000\n['down', 'up']\n"),
        ("files.upload(file=folder / 'up', on_progress=wait)", "100000\n['up']\n"),
    ],
)
def test_a_file_of_a_thread_ends_before_the_program(program: Callable[..., Program], call: str, told: str) -> None:
    """Also where the interpreter gives no more threads to read and write files in."""
    thread = f"threading.Thread(target=lambda: run(tell(portal.{call}))).start()\nassert begun.wait(20)"
    assert program(FILES + thread).end() == (0, told, "")


def test_a_ledger_of_a_thread_records_before_the_program_ends(program: Callable[..., Program]) -> None:
    """What was sent is written down, so that nobody has to look for it the next time."""
    code = (
        "from mijnklantportaal_client.ledger import Ledger\n"
        "async def work():\n"
        "    async def call():\n"
        f"        made = await portal.customers.create({NEW_CUSTOMER})\n"
        "        await wait(0, 0)\n"
        "        return made\n"
        "    ledger = Ledger(folder / 'ledger.db')\n"
        "    made = await ledger.once('a', call)\n"
        "    print((await ledger.entry('a')).state.value, await ledger.once('a', call) == made, flush=True)\n"
        "    await ledger.aclose()\n"
        "threading.Thread(target=lambda: run(work())).start()\n"
        "assert begun.wait(20)\n"
    )
    assert program(FILES + code).end() == (0, "done True\n", "")


def test_a_download_that_nobody_waits_for_leaves_nothing(program: Callable[..., Program]) -> None:
    """Its thread is a daemon, so that it is cancelled."""
    wait = "async def wait(done, total):\n    begun.set()\n    await asyncio.Event().wait()\n"
    call = "run(tell(portal.download(link, to=folder / 'down', on_progress=wait)))"
    thread = f"threading.Thread(target=lambda: {call}, daemon=True).start()\nassert begun.wait(20)"
    assert program(FILES + wait + thread).end() == (0, "CancelledError\n['up']\n", "")


def test_a_call_that_nobody_waits_for_is_cancelled(server: RemoteSandbox, program: Callable[..., Program]) -> None:
    """The thread is a daemon, so the program ends in the middle of its call."""
    server.delay("create-customer", PATIENCE)
    script = program(
        f"call = portal.customers.create({NEW_CUSTOMER})\n"
        "async def tell():\n"
        "    try:\n"
        "        await call\n"
        "    except BaseException as error:\n"
        "        print(type(error).__name__, *error.__notes__, flush=True)\n"
        "threading.Thread(target=lambda: run(tell()), daemon=True).start()\n"
        "sys.stdin.readline()"
    )
    wait_for(server, "create-customer")
    exit_code, output, errors = script.end()
    assert (exit_code, errors) == (0, "")
    assert output.startswith("CancelledError customers.create (call ")
    assert output.endswith("): outcome unknown: it may have been carried out\n")
    assert server.state.customers[0].company_name == "A"


def test_a_hook_that_hangs_does_not_keep_the_program(program: Callable[..., Program]) -> None:
    """It is left behind after a while."""
    script = program(
        "blocking._LONGEST_END = 0.1\n"
        "hangs = threading.Event()\n"
        "class Hook:\n"
        "    def on_request(self, event):\n"
        "        hangs.set()\n"
        "        threading.Event().wait()\n"
        "copy = portal.with_options(hooks=[Hook()])\n"
        "threading.Thread(target=lambda: run(copy.customers.get('cst_a')), daemon=True).start()\n"
        "assert hangs.wait(20)\n"
    )
    assert script.end() == (0, "", "")


def test_a_call_that_comes_too_late(program: Callable[..., Program]) -> None:
    """An exit handler that is registered before the import runs after everything has ended; it is told."""
    early = """
import atexit
def too_late():
    try:
        run(portal.customers.get("cst_b"))
    except Exception as error:
        print(type(error).__name__, error)
atexit.register(too_late)
"""
    exit_code, output, errors = program("print(run(portal.customers.get('cst_a')).id)", early).end()
    assert (exit_code, errors) == (0, "")
    first, refused = output.splitlines()
    assert first == "cst_a"
    assert refused.startswith("ConfigurationError blocking.run() can't start a thread, as nobody can while the interp")
    assert refused.endswith("make the first call before that")


@pytest.mark.skipif(os.name == "nt", reason="this system sends no SIGINT to another process")
def test_ctrl_c_cancels_the_call_and_tells_its_outcome(server: RemoteSandbox, program: Callable[..., Program]) -> None:
    """The traceback says whether the customer may have been created."""
    server.delay("create-customer", PATIENCE)
    # A program that was started in the background ignores the signal.
    script = program(
        f"signal.signal(signal.SIGINT, signal.default_int_handler)\nrun(portal.customers.create({NEW_CUSTOMER}))"
    )
    wait_for(server, "create-customer")
    script.process.send_signal(signal.SIGINT)
    exit_code, output, errors = script.end()
    assert (exit_code, output) == (-signal.SIGINT, "")
    *_, name, note = errors.splitlines()
    assert name == "KeyboardInterrupt"
    assert note.startswith("customers.create (call ")
    assert note.endswith("): outcome unknown: it may have been carried out")
    assert "During handling" not in errors
    assert server.state.customers[0].company_name == "A"
