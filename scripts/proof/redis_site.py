"""A Redis server of its own, for a proof or a test."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

WHY_NOT = "redis-server is not on the PATH; on Debian and Ubuntu its package is redis-server"
_PATIENCE = 20.0


def is_there() -> bool:
    """Whether a server can be started."""
    return shutil.which("redis-server") is not None


class RedisSite:
    """A server that keeps nothing on disk, so that it forgets everything when it is stopped."""

    def __init__(self, password: str | None = None) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._password = password
        secret = f":{password}@" if password else ""
        self.url = f"redis://{secret}127.0.0.1:{self.port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it and waits until it answers."""
        settings = {"port": self.port, "bind": "127.0.0.1", "save": "", "appendonly": "no", "loglevel": "warning"}
        settings |= {"requirepass": self._password} if self._password else {}
        arguments = [word for name, value in settings.items() for word in (f"--{name}", str(value))]
        self._process = subprocess.Popen(["redis-server", *arguments], stdout=subprocess.DEVNULL)
        end = time.monotonic() + _PATIENCE
        while True:
            try:
                with self.look() as client:
                    client.ping()
            except RedisError:
                assert self._process.poll() is None, "redis-server ended"
                assert time.monotonic() < end, "redis-server does not answer"
                time.sleep(0.02)
            else:
                return

    def stop(self) -> None:
        """Ends it, without a word."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(timeout=_PATIENCE)
            self._process = None

    def freeze(self) -> None:
        """Lets it take connections and answer nothing."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Lets it answer again."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def look(self) -> Redis:
        """A client to look with."""
        return Redis(host="127.0.0.1", port=self.port, password=self._password, socket_timeout=_PATIENCE, protocol=2)

    @property
    def version(self) -> str:
        """Its version."""
        with self.look() as client:
            found: Any = client.info("server")
        return str(found["redis_version"])

    def read(self, part: str) -> Any:
        """What is kept under the only key of one kind: a dictionary, or members with their scores."""
        with self.look() as client:
            names: Any = client.keys(f"mijnklantportaal:*:{part}")
            if not names:
                return {}
            (name,) = names
            kind: Any = client.type(name)
            found: Any = client.hgetall(name) if kind == b"hash" else client.zrange(name, 0, -1, withscores=True)
            return {key.decode(): value for key, value in (found.items() if kind == b"hash" else found)}


@contextmanager
def running(password: str | None = None) -> Generator[RedisSite, None, None]:
    """Starts a server and ends it."""
    site = RedisSite(password)
    site.start()
    try:
        yield site
    finally:
        site.stop()
