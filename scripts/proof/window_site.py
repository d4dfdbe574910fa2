"""The server with a rate limit, as a proof or a test meets it."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import attrs

from mijnklantportaal_client import MijnKlantportaal, RateLimit

TOKEN = "tok-Zeer-Geheim-0123456789"  # noqa: S105 - of nobody
CUSTOMER_ID = "cst_abc12345def678"
_keys = (f"key{number}" for number in itertools.count())


@attrs.frozen(kw_only=True)
class Told:
    """What the server counted.

    Attributes:
        executed: Our requests that were carried out.
        refused: Our requests that were refused with 429.
        bursts: How many times we were refused, those in a row being one time.
        others_executed: Requests of somebody else with the same token.
        with_first: Requests that had come when the first was answered, that one included.
        posts: How often each POST was carried out.
        phase: Which part of a fixed window is over.
    """

    executed: int
    refused: int
    bursts: int
    others_executed: int
    others_refused: int
    with_first: int
    posts: dict[str, int]
    phase: float


class Account:
    """A token of its own at the server, with a limit of so many requests in so many seconds."""

    def __init__(self, port: int, mode: str, limit: int, per: float, step: float) -> None:
        self.mode = mode
        self.limit = limit
        self.per = per
        self._port = port
        self._path = f"/{mode}/{limit}/{per:g}/{step:.6f}/{next(_keys)}"

    @property
    def setting(self) -> str:
        """How the server counts."""
        return f"{self.mode}, {self.limit} requests per {self.per:g} s"

    @property
    def base_url(self) -> str:
        """Where a client finds it."""
        return f"http://127.0.0.1:{self._port}{self._path}/v1"

    def client(self, rate_limit: RateLimit | None, **options: Any) -> MijnKlantportaal:
        """A client that has the token."""
        return MijnKlantportaal(api_key=TOKEN, base_url=self.base_url, rate_limit=rate_limit, **options)

    def told(self) -> Told:
        """What the server counted so far."""
        return self._do("tell")

    def use(self, requests: int) -> None:
        """Somebody else sends so many requests at once."""
        self._do("use", requests)

    def others(self, requests: int) -> None:
        """Somebody else sends so many requests in each window from now on, evenly spread; 0 ends that."""
        self._do("others", requests)

    def change_limit(self, limit: int, *, after: int = 0) -> None:
        """The limit is another one from the moment on that so many of our requests were carried out."""
        self._do("limit", limit, after)

    def pass_time(self, seconds: float) -> None:
        """The server's clock goes on by so many seconds at once."""
        self._do("pass", seconds)

    def slow_down_first(self, seconds: float) -> None:
        """The next answer takes so long; what comes meanwhile is counted in `with_first`."""
        self._do("slow", seconds)

    def _do(self, *words: object) -> Told:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=10)
        path = "/".join([self._path, "_", *map(str, words)])
        connection.request("GET", path, headers={"Authorization": f"Bearer {TOKEN}"})
        found: dict[str, Any] = json.load(connection.getresponse())
        connection.close()
        return Told(
            executed=found.get("our_executed", 0),
            refused=found.get("our_refused", 0),
            bursts=found.get("bursts", 0),
            others_executed=found.get("other_executed", 0),
            others_refused=found.get("other_refused", 0),
            with_first=found.get("asked_with_the_first", 0),
            posts=found["posts"],
            phase=found["phase"],
        )


class Site:
    """The server, in another process."""

    def __init__(self, port: int) -> None:
        self._port = port

    def account(self, mode: str, limit: int = 60, per: float = 60.0, step: float = 1.0) -> Account:
        """A token that nobody has used yet; `window_server.Window` tells the modes."""
        return Account(self._port, mode, limit, per, step)


@contextmanager
def running() -> Generator[Site, None, None]:
    """Starts the server and ends it."""
    script = Path(__file__).with_name("window_server.py")
    with subprocess.Popen([sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        try:
            yield Site(json.loads(process.stdout.readline())["port"])
        finally:
            process.stdin.close()
        assert process.wait(timeout=10) == 0


def new_customer(number: int) -> dict[str, Any]:
    """Arguments of a customer that the server can tell from all others."""
    return {
        "company_name": f"Company {number}",
        "address": "Teststreet 123",
        "zip_code": "1234AB",
        "city": "Amsterdam",
        "primary_email": "john.doe@test.com",
    }
