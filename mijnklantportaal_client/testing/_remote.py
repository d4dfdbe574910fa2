"""A sandbox in another process, with the same commands."""

from __future__ import annotations

import datetime
import subprocess
import sys
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx

from .._model import Model
from ._api.journal import Journal, SandboxRequest
from ._extra import require
from ._given import names, sent
from ._portal.contract import shipped
from ._remote_oauth import RemoteKeys, RemoteOAuth

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Self

    from .._client import MijnKlantportaal
    from ._api.trouble import When
    from ._state import State


class RemoteSandbox:
    """A sandbox that runs as a server, such as `python -m mijnklantportaal_client.testing`.

        with RemoteSandbox.start() as sandbox:
            sandbox.drop("create-customer", when="after")
            asyncio.run(main(sandbox.base_url))

    Commands are those of `Sandbox`, and wait for their answer. Each raises ValueError where the sandbox refuses it.

    Args:
        url: Where it is, such as `http://127.0.0.1:8400`.
        key: An API key that it accepts.
    """

    def __init__(self, url: str = "http://127.0.0.1:8400", *, key: str = "sandbox") -> None:
        self.url = url.rstrip("/")
        self.base_url = f"{self.url}/v1"
        """What a client takes as its base URL."""
        self.key = key
        self._http = httpx.Client(base_url=f"{self.url}/_sandbox/control", trust_env=False, timeout=30)
        self.people = RemotePeople(self)
        """What people do in the portal: the methods of `Sandbox.people`."""
        self.keys = RemoteKeys(self)
        """Its API keys, as `Sandbox.keys`."""
        self.oauth = RemoteOAuth(self)
        """Its OAuth server, as `Sandbox.oauth`."""

    @classmethod
    @contextmanager
    def start(
        cls,
        *,
        port: int = 0,
        rate_limit: int | None = 60,
        per: float = 60.0,
        demo: bool = False,
        seed: int = 1,
        state: str | Path | None = None,
        key: str = "sandbox",
        at: datetime.datetime | None = None,
    ) -> Generator[Self, None, None]:
        """Runs one in another process until the end of the block; port 0 takes a free one.

        Raises:
            RuntimeError: It did not start; what it said is above.
        """
        limit = "off" if rate_limit is None else str(rate_limit)
        options = ["--port", str(port), "--rate-limit", limit, "--per", str(per), "--seed", str(seed), f"--key={key}"]
        options += ["--demo"] if demo else []
        options += [] if at is None else ["--at", at.isoformat()]
        options += [] if state is None else [f"--state={state}"]
        require()
        # It ends when the pipe to its standard input closes, so even a process that is killed leaves none behind.
        command = [sys.executable, "-m", "mijnklantportaal_client.testing", "--until-stdin-closes", *options]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
            if process.stdin is None or process.stdout is None:
                raise RuntimeError("the sandbox did not start")
            try:
                told = process.stdout.readline().split()
                if not told:
                    raise RuntimeError("the sandbox did not start")
                sandbox = cls(told[-1].removesuffix("/v1"), key=key)
                sandbox.process = process
                try:
                    yield sandbox
                finally:
                    sandbox.close()
            finally:
                process.stdin.close()
                try:
                    process.wait(timeout=10)
                except subprocess.TimeoutExpired:
                    process.kill()

    process: subprocess.Popen[str] | None = None
    """The process, of one that `start` began."""

    def client(self, **options: Any) -> MijnKlantportaal:
        """A client of this sandbox, which is yours to close; `options` are those of `MijnKlantportaal`."""
        from .._client import MijnKlantportaal

        if options.get("auth") is None:
            options.setdefault("api_key", self.key)
        return MijnKlantportaal(base_url=self.base_url, **options)

    @property
    def requests(self) -> Journal:
        """What was asked so far."""
        rows = self.command("GET", "/requests")["data"]
        for row in rows:
            row["at"] = datetime.datetime.fromisoformat(row["at"])
        return RemoteJournal(self, [SandboxRequest(**row) for row in rows], _operation_id)

    @property
    def deliveries(self) -> list[dict[str, Any]]:
        """The webhooks that were sent so far, as JSON."""
        found: list[dict[str, Any]] = self.command("GET", "/deliveries")["data"]
        return found

    @property
    def events(self) -> list[str]:
        """The types of what happened so far that webhooks can be registered for."""
        found: list[str] = self.command("GET", "/events")["data"]
        return found

    @cached_property
    def state(self) -> State:
        """What the portal holds."""
        from ._state import State

        return State(_RemoteSource(self))

    @cached_property
    def clock(self) -> RemoteClock:
        """The portal's time, which can be made to pass."""
        return RemoteClock(self)

    def fail(self, operation: str, status: int = 503, times: int | None = 1, **details: Any) -> None:
        """As `Sandbox.fail`."""
        self._trouble("fail", operation=operation, status=status, times=times, **details)

    def delay(self, operation: str, seconds: float, times: int | None = 1) -> None:
        """As `Sandbox.delay`."""
        self._trouble("delay", operation=operation, seconds=seconds, times=times)

    def drop(self, operation: str, when: When = "before", times: int | None = 1) -> None:
        """As `Sandbox.drop`."""
        self._trouble("drop", operation=operation, when=when, times=times)

    def drift(
        self,
        operation: str,
        *,
        remove: str | Iterable[str] = (),
        add: Mapping[str, Any] | None = None,
        change: Mapping[str, Any] | None = None,
        times: int | None = None,
    ) -> None:
        """As `Sandbox.drift`."""
        self._trouble("drift", operation=operation, remove=names(remove), add=add, change=change, times=times)

    def churn(self, operation: str, *, insert: int = 0, delete: int = 0, times: int | None = None) -> None:
        """As `Sandbox.churn`."""
        self._trouble("churn", operation=operation, insert=insert, delete=delete, times=times)

    def calm(self) -> None:
        """Ends all trouble."""
        self.command("DELETE", "/trouble")

    def reset(self) -> None:
        """As `Sandbox.reset`."""
        self.command("POST", "/reset", {})

    def limit_rate(self, requests: int | None, per: float = 60.0) -> None:
        """As `Sandbox.limit_rate`."""
        self.command("POST", "/rate-limit", {"requests": requests, "per": per})

    def trigger(self, event_type: str, record: Mapping[str, Any] | Model | str | None = None) -> None:
        """As `Sandbox.trigger`; the webhook is on its way then."""
        data = record.to_dict() if isinstance(record, Model) else record
        self.command("POST", "/trigger", {"event_type": event_type, "record": data})

    def close(self) -> None:
        """Closes the connection for commands; the server runs on."""
        self._http.close()

    def command(self, method: str, path: str, body: Any = None, **query: str) -> Any:
        """Sends a command.

        Raises:
            KeyError: What it is about is not there.
            ValueError: The sandbox refused it.
        """
        response = self._http.request(method, path, json=body, params=query)
        answer = response.json()
        if response.status_code == 404:
            raise KeyError(answer["message"])
        if response.status_code >= 400:
            raise ValueError(answer["message"])
        return answer

    def _trouble(self, kind: str, **details: Any) -> None:
        self.command("POST", f"/trouble/{kind}", sent(details))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<RemoteSandbox {self.url}>"


class RemotePeople:
    """What people do in the portal of a sandbox in another process."""

    def __init__(self, sandbox: RemoteSandbox) -> None:
        self._sandbox = sandbox

    def __getattr__(self, action: str) -> Any:
        if action.startswith("_"):
            raise AttributeError(action)

        def act(*args: Any, **kwargs: Any) -> Any:
            body = {"args": sent(args), "kwargs": sent(kwargs)}
            return self._sandbox.command("POST", f"/people/{action}", body)["result"]

        return act


class RemoteClock:
    """The time of a sandbox in another process."""

    def __init__(self, sandbox: RemoteSandbox) -> None:
        self._sandbox = sandbox

    def now(self) -> datetime.datetime:
        """The moment, in the zone of Amsterdam."""
        return datetime.datetime.fromisoformat(self._sandbox.command("GET", "/clock")["now"])

    def advance(self, by: datetime.timedelta | float) -> None:
        """Lets time pass at once: a `timedelta`, or seconds."""
        seconds = by.total_seconds() if isinstance(by, datetime.timedelta) else by
        self._sandbox.command("POST", "/clock", {"seconds": seconds})

    def set(self, moment: datetime.datetime) -> None:
        """Lets time pass until an aware moment."""
        self._sandbox.command("POST", "/clock", {"moment": moment.isoformat()})


class RemoteJournal(Journal):
    """What was asked of a sandbox in another process, when it was looked at."""

    def __init__(self, sandbox: RemoteSandbox, requests: list[SandboxRequest], operation_of: Any) -> None:
        super().__init__(requests, operation_of)
        self._sandbox = sandbox

    def clear(self) -> None:
        """Lets the sandbox forget all of them."""
        self._sandbox.command("DELETE", "/requests")
        super().clear()


class _RemoteSource:
    """The records of a portal in another process."""

    def __init__(self, sandbox: RemoteSandbox) -> None:
        self._sandbox = sandbox

    def rows(self, collection: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._sandbox.command("GET", f"/state/{collection}")["data"]
        return found

    def add(self, collection: str, record: Mapping[str, Any]) -> dict[str, Any]:
        added: dict[str, Any] = self._sandbox.command("POST", f"/state/{collection}", dict(record))
        return added

    def remove(self, collection: str, id: str) -> None:
        self._sandbox.command("DELETE", f"/state/{collection}/{quote(id, safe='')}")


def _operation_id(name: str) -> str:
    return shipped().named(name).id
