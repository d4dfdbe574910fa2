"""A client in a process that was forked off."""

import asyncio
import multiprocessing
import os
import threading
from collections.abc import Iterator

import pytest

from example_server import serve
from mijnklantportaal_client import MijnKlantportaal

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")


@pytest.fixture
def base_url() -> Iterator[str]:
    """An example server."""
    server, url = serve(port=0)
    yield url
    server.close()


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_forked_client_has_connections_of_its_own(base_url: str) -> None:
    """The child can use the client on a loop of its own, and the parent's connection works on."""
    portal = MijnKlantportaal(api_key="k", base_url=base_url)
    parent, child = multiprocessing.Pipe()
    with asyncio.Runner() as runner:
        assert runner.run(portal.customers.get("cst_before")).id == "cst_before"
        pid = os.fork()
        if pid == 0:
            try:
                # The runner's loop is the parent's; a thread without one stands for a web server's worker.
                thread = threading.Thread(target=lambda: child.send(asyncio.run(portal.customers.get("cst_child")).id))
                thread.start()
                thread.join(20)
            finally:
                os._exit(0)
        assert parent.poll(20)
        assert parent.recv() == "cst_child"
        os.waitpid(pid, 0)
        assert runner.run(portal.customers.get("cst_after")).id == "cst_after"
        runner.run(portal.aclose())
