"""What the tests with frameworks share: Django's settings, and an application served on loopback."""

from __future__ import annotations

import asyncio
import importlib
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from types import ModuleType
from typing import Any

import pytest
import uvicorn


class Receiver:
    """An application behind a socket that listens already, so that others can be told its address before it starts."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    @asynccontextmanager
    async def serving(self, app: Any, lifespan: Any = "on") -> AsyncIterator[None]:
        """Answers until the end of the block, and then ends what goes on after answers."""
        server = Server(uvicorn.Config(app, ws="none", lifespan=lifespan, log_config=None, access_log=False))
        task = asyncio.create_task(server.serve([self._listener]))
        task.add_done_callback(lambda _: server.ready.set())
        await server.ready.wait()
        assert server.started, "the application did not start"
        try:
            yield
        finally:
            server.should_exit = True
            await task

    def close(self) -> None:
        """Listens no more."""
        self._listener.close()


class Server(uvicorn.Server):
    """Says when it has started."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A socket for one application."""
    receiver = Receiver()
    yield receiver
    receiver.close()


def configure_django() -> None:
    """Once for the process, whichever test comes first; each chooses its URLs by itself."""
    import django
    from django.conf import settings

    if not settings.configured:
        settings.configure(ALLOWED_HOSTS=["127.0.0.1"], SECRET_KEY="of-the-test")
        django.setup()


def fresh(name: str) -> ModuleType:
    """An example, loaded anew, as it reads the environment when it is loaded."""
    sys.modules.pop(name, None)
    return importlib.import_module(name)
