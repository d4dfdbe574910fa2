"""What tests share: a clock that does not wait, a server that is a list of answers, and hooks that remember."""

from __future__ import annotations

import asyncio
import gc
import importlib.util
import os
import sys
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from pathlib import Path
from typing import Any, TypeAlias
from unittest import mock

import httpx
import pytest
from coverage import Coverage
from hypothesis import settings

from mijnklantportaal_client import MijnKlantportaal, _dispatch, _options
from mijnklantportaal_client._clock import SYSTEM, Clock
from mijnklantportaal_client._pacing import Registry
from mijnklantportaal_client.testing import RemoteSandbox
from tests.postgresql import server as postgresql_server

# httpcore looks for it at every lock it makes, which takes longer than all the rest of a request where it is missing.
if importlib.util.find_spec("sniffio") is None:
    sys.modules["sniffio"] = None  # type: ignore[assignment]

TESTS = Path(__file__).parent
# The same examples each time, so that a change alone can break a test; `--hypothesis-profile=search` looks further.
# How long one takes says nothing on a machine that does other things as well.
settings.register_profile("tests", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None)
settings.load_profile("tests")
# Proofs by numbers, and what runs the generator or a type checker: measuring makes them last two to three times as
# long, and shows nothing that the tests of the package itself do not show.
UNMEASURED = frozenset({"benchmarks", "codegen", "contract_watch", "docs", "examples", "proof", "typing"})
# What does not depend on the version of Python.
SAME_EVERYWHERE = frozenset({"benchmarks", "browser", "contract_watch", "docs", "examples", "proof", "redis_pacing"})
# What clients send with that do not choose by themselves, here and in the programs that tests start.
TRANSPORT = os.environ.get("TRANSPORT", "httpx")
httpx_only = pytest.mark.skipif(TRANSPORT != "httpx", reason="is about httpx itself")
TOKEN = "tok-Zeer/Geheim-0123456789"
WALL = 1_898_596_800.0  # 2030-03-01 12:00:00 UTC
CUSTOMER: dict[str, Any] = {
    "id": "cst_abc12345def678",
    "companyName": "Test Company BV",
    "address": "Teststreet 123",
    "zipCode": "1234AB",
    "city": "Amsterdam",
    "countryCode": "NL",
    "primaryEmail": "john.doe@test.com",
    "phone": None,
    "integration": None,
    "integrationId": None,
    "customerGroups": [],
    "createdAt": "2024-04-28T21:00:00+02:00",
}
NEW_CUSTOMER: dict[str, Any] = {
    "company_name": "Geheime Klant BV",
    "address": "Teststreet 123",
    "zip_code": "1234AB",
    "city": "Amsterdam",
    "primary_email": "john.doe@test.com",
}
Step: TypeAlias = (
    "int | dict[str, Any] | list[Any] | bytes | str | httpx.Response | BaseException | Callable[[httpx.Request], Any]"
)


class FakeClock(Clock):
    """Time that passes only where somebody waits."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0
        self.waits: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def real(self) -> float:
        return self.now

    def time(self) -> float:
        return WALL + self.now - 1000.0

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)

    async def wait(self, event: asyncio.Event, seconds: float | None) -> None:
        if seconds is None:
            await event.wait()
        else:
            await self.sleep(seconds)


class Recorder:
    """A hook for everything."""

    def __init__(self) -> None:
        self.events: list[tuple[str, Any]] = []

    def __getattr__(self, name: str) -> Callable[[Any], None]:
        if not name.startswith("on_"):
            raise AttributeError(name)
        return lambda event: self.events.append((name, event))

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.events]

    def of(self, name: str) -> list[Any]:
        """The events of one kind."""
        return [event for kind, event in self.events if kind == name]


class Server:
    """Answers one request after another with the steps of a list; the last one again and again."""

    def __init__(self, *steps: Step) -> None:
        self.steps = list(steps)
        self.requests: list[httpx.Request] = []

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        self.requests.append(request)
        step = self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]
        if callable(step) and not isinstance(step, (httpx.Response, BaseException)):
            step = step(request)
            if asyncio.iscoroutine(step):
                step = await step
            if isinstance(step, httpx.Response):
                return step
        if isinstance(step, BaseException):
            raise step
        if isinstance(step, int):
            return httpx.Response(step)
        if isinstance(step, (bytes, str)):
            return httpx.Response(200, content=step)
        if isinstance(step, httpx.Response):
            return httpx.Response(step.status_code, headers=step.headers, content=step.content)
        return httpx.Response(200, json=step)

    @property
    def last(self) -> httpx.Request:
        return self.requests[-1]


class Bench:
    """A client on a list of answers."""

    def __init__(self, *steps: Step, **options: Any) -> None:
        self.server = Server(*steps)
        self.clock = FakeClock()
        self.hook = Recorder()
        self.http_client = httpx.AsyncClient(transport=httpx.MockTransport(self.server))
        given = {"http_client": self.http_client, **options, "hooks": [*options.get("hooks", ()), self.hook]}
        if "auth" not in given:
            given.setdefault("api_key", TOKEN)
        self.portal = MijnKlantportaal(**given)
        self.portal._dispatcher.clock = self.clock
        self.portal._dispatcher.registry = Registry(self.clock)
        # The middle of what jitter can give: 3/4 of the whole wait.
        self.portal._dispatcher.random = lambda: 0.5

    async def get(self, **changes: Any) -> Any:
        """Reads a customer."""
        portal = self.portal.with_options(**changes) if changes else self.portal
        return await portal.customers.get("cst_abc12345def678")

    async def create(self, **changes: Any) -> Any:
        """Creates a customer."""
        portal = self.portal.with_options(**changes) if changes else self.portal
        return await portal.customers.create(**NEW_CUSTOMER)

    async def upload(self, content: Any = b"content", **changes: Any) -> Any:
        """Uploads a file."""
        portal = self.portal.with_options(**changes) if changes else self.portal
        return await portal.files.upload(file=content)


class Alarms:
    """The deadlines that were set; each runs out when it is told to."""

    def __init__(self) -> None:
        self.set: list[asyncio.Timeout] = []

    def __call__(self, when: float | None) -> asyncio.Timeout:
        self.set.append(asyncio.timeout_at(when))
        return self.set[-1]

    @property
    def left(self) -> float | None:
        """Seconds until the last deadline."""
        when = self.set[-1].when()
        return None if when is None else round(when - asyncio.get_running_loop().time(), 1)

    def ring(self) -> None:
        """The last deadline is now."""
        self.set[-1].reschedule(asyncio.get_running_loop().time())


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Some folders are left to the whole suite."""
    for item in items:
        if SAME_EVERYWHERE.intersection(item.path.relative_to(TESTS).parts):
            item.add_marker(pytest.mark.slow)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    """Coverage rests while the tests of some folders run, and what they need is made."""
    measuring = Coverage.current() if UNMEASURED.intersection(item.path.relative_to(TESTS).parts) else None
    if measuring is not None:
        measuring.stop()
    try:
        return (yield)
    finally:
        if measuring is not None:
            measuring.start()


MakeBench: TypeAlias = Callable[..., Bench]


@pytest.fixture
async def bench() -> AsyncIterator[MakeBench]:
    """Makes clients on lists of answers, and closes them."""
    made: list[Bench] = []

    def make(*steps: Step, **options: Any) -> Bench:
        made.append(Bench(*steps, **options))
        return made[-1]

    yield make
    for each in made:
        await each.portal.aclose()
        await each.http_client.aclose()


@pytest.fixture
def alarms(monkeypatch: pytest.MonkeyPatch) -> Alarms:
    """Deadlines without waiting."""
    found = Alarms()
    monkeypatch.setattr(asyncio, "Timeout", found)
    return found


@pytest.fixture(scope="module", autouse=True)
def short_collections() -> None:
    """Leaves what is there by now out of garbage collections: all that pytest keeps made each of them last long."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def fresh_pacing(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test waits for what another one sent."""
    monkeypatch.setattr(_dispatch, "PROCESS", Registry(SYSTEM))


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test depends on a key, a server or a proxy of the machine."""
    names = ["MIJNKLANTPORTAAL_API_KEY", "MIJNKLANTPORTAAL_BASE_URL"]
    for name in [*names, "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"]:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(scope="session", autouse=True)
def default_transport() -> Iterator[None]:
    """`make test TRANSPORT=fast` runs everything once more, on the other transport."""
    is_fast = _options.is_fast

    def chosen(transport: object, http_client: object) -> bool:
        own = transport == "httpx" and http_client is None
        return is_fast(TRANSPORT if own else transport, http_client)

    with mock.patch.object(_options, "is_fast", chosen):
        yield


@pytest.fixture(scope="session")
def running_sandbox() -> Iterator[RemoteSandbox]:
    """A sandbox in another process."""
    with RemoteSandbox.start(rate_limit=None) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running_sandbox: RemoteSandbox) -> RemoteSandbox:
    """The same, which begins anew for each test, without a rate limit."""
    running_sandbox.reset()
    running_sandbox.limit_rate(None)
    return running_sandbox


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address, for SQLAlchemy, of a PostgreSQL server with an empty database."""
    with postgresql_server() as url:
        yield url
