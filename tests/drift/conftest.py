"""A portal with a small web agency in it, and the probe that looks at it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from mijnklantportaal_client._contract import operations_table, shipped
from mijnklantportaal_client.contract._guard import ReadingPortal
from mijnklantportaal_client.contract._plan import selected, steps
from mijnklantportaal_client.contract._probe import Probe
from mijnklantportaal_client.contract._run import Run
from mijnklantportaal_client.testing import RemoteSandbox, Sandbox
from mijnklantportaal_client.testing._transport import SandboxTransport

KEY = "tok-Zeer/Geheim-0123456789"
NOON = datetime.datetime(2026, 3, 2, 12, tzinfo=datetime.UTC)


class Watched:
    """A portal, or whatever else answers, and the probe."""

    def __init__(self, transport: httpx.AsyncBaseTransport, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.transport = transport
        self.told: list[str] = []

    def probe(self, *only: str, samples: int = 3, most: int = 500, **options: Any) -> Probe:
        """A probe of some resources, methods or operations; of everything where none is named."""
        client = httpx.AsyncClient(transport=self.transport)
        given: dict[str, Any] = {"api_key": KEY, "base_url": "http://localhost/v1", "rate_limit": None, **options}
        portal = ReadingPortal(most=most, http_client=client, **given)
        asked = selected(steps(operations_table()), only, shipped())
        return Probe(portal, asked, samples=samples, today=NOON.date(), tell=self.told.append)

    async def read(self, *only: str, **options: Any) -> Run:
        """What such a probe finds."""
        probe = self.probe(*only, **options)
        await probe.read()
        return probe.run()


@pytest.fixture(scope="module")
def agency() -> Iterator[Sandbox]:
    """A portal with something in every part of it."""
    sandbox = Sandbox(demo=True, rate_limit=None, keys=[KEY], clock=NOON)
    sandbox.state.webhooks.add()
    yield sandbox
    sandbox.close()


@pytest.fixture
def watched(agency: Sandbox) -> Watched:
    """It, with no trouble left from other tests."""
    agency.calm()
    agency.requests.clear()
    return Watched(SandboxTransport(agency), agency)


@pytest.fixture
def watch(agency: Sandbox) -> type[Watched]:
    """Makes the same of other servers."""
    return Watched


@pytest.fixture(scope="module")
def agency_server() -> Iterator[RemoteSandbox]:
    """The same over HTTP."""
    with RemoteSandbox.start(demo=True, rate_limit=1000, at=NOON, key=KEY) as sandbox:
        sandbox.state.webhooks.add()
        yield sandbox
