"""A sandbox whose time stands still, with a client: in this process, and the same again in another one."""

from __future__ import annotations

import datetime
from collections.abc import AsyncIterator, Awaitable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from mijnklantportaal_client import MijnKlantportaal, ValidationError
from mijnklantportaal_client.models import Customer
from mijnklantportaal_client.testing import RemoteSandbox, Sandbox
from mijnklantportaal_client.testing._portal.portal import Portal
from mijnklantportaal_client.testing._transport import SandboxTransport

ZONE = ZoneInfo("Europe/Amsterdam")
NOW = datetime.datetime(2026, 3, 2, 12, 0, tzinfo=ZONE)
UNKNOWN = "000000000000"
in_this_process = pytest.mark.parametrize("desk", ["in this process"], indirect=True)
"""For a test that looks where no request gets."""


def at(text: str) -> datetime.datetime:
    """A moment in Amsterdam."""
    return datetime.datetime.fromisoformat(text).replace(tzinfo=ZONE)


class Desk:
    """A sandbox and the client of whoever works with it."""

    def __init__(self, sandbox: Sandbox | RemoteSandbox) -> None:
        self.sandbox = sandbox
        self.portal: MijnKlantportaal = sandbox.client(rate_limit=None)
        self.people: Any = sandbox.people
        self.origin = sandbox.url if isinstance(sandbox, RemoteSandbox) else "http://127.0.0.1"
        """Its address, as links have it."""
        self._seen = 0

    @property
    def inside(self) -> Portal:
        """The portal itself, of a sandbox in this process."""
        assert isinstance(self.sandbox, Sandbox)
        return self.sandbox.portal

    @property
    def events(self) -> list[str]:
        """What happened since they were last asked for, or a customer was made."""
        events = self.sandbox.events[self._seen :]
        self._seen += len(events)
        return events

    async def customer(self, **changes: str) -> Customer:
        """A customer."""
        fields: dict[str, Any] = {
            "company_name": "Bakkerij Jansen",
            "address": "Dorpsstraat 1",
            "zip_code": "1234AB",
            "city": "Utrecht",
            "primary_email": "info@example.com",
        }
        customer = await self.portal.customers.create(**fields | changes)
        self._seen = len(self.sandbox.events)
        return customer

    def pass_time(self, **units: float) -> None:
        """Lets time pass."""
        self.sandbox.clock.advance(datetime.timedelta(**units))

    def pass_until(self, text: str) -> None:
        """Lets time pass until a moment in Amsterdam."""
        self.sandbox.clock.set(at(text))

    async def fetch(self, link: str) -> httpx.Response:
        """What is behind a link; without a token."""
        transport = SandboxTransport(self.sandbox) if isinstance(self.sandbox, Sandbox) else None
        async with httpx.AsyncClient(transport=transport, trust_env=False) as browser:
            return await browser.get(link)


async def refused(call: Awaitable[Any]) -> dict[str, list[str]]:
    """What a 422 says of the fields."""
    with pytest.raises(ValidationError) as caught:
        await call
    return dict(caught.value.errors)


@pytest.fixture(scope="session")
def server() -> Iterator[RemoteSandbox]:
    """A sandbox in another process."""
    with RemoteSandbox.start(at=NOW, rate_limit=None) as sandbox:
        yield sandbox


@pytest.fixture(params=["in this process", "a server"])
async def desk(request: pytest.FixtureRequest) -> AsyncIterator[Desk]:
    """A sandbox on 2 March 2026 at noon."""
    if request.param == "a server":
        sandbox: RemoteSandbox = request.getfixturevalue("server")
        sandbox.reset()
        desk = Desk(sandbox)
        yield desk
        await desk.portal.aclose()
    else:
        async with Sandbox(clock=NOW, seed=1, rate_limit=None) as here:
            yield Desk(here)
