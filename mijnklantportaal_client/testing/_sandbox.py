"""The sandbox: a whole MijnKlantportaal on one's own machine."""

from __future__ import annotations

import asyncio
import itertools
import json
from functools import cached_property
from typing import TYPE_CHECKING, Any

from . import _given
from ._api.journal import Journal
from ._api.keys import Keys
from ._api.limits import ServerLimit
from ._api.trouble import Troubles
from ._extra import require
from ._on_demand import TroubleOnDemand
from ._portal.clock import PortalClock
from ._portal.contract import Contract, shipped
from ._portal.errors import StateFileError
from ._portal.portal import Event, Portal
from ._portal.resources import BEHAVIOURS

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterable, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path
    from typing import Self

    import httpx
    from starlette.types import ASGIApp

    from .._client import MijnKlantportaal
    from .._model import Model
    from ._api.deliveries import Deliveries
    from ._api.oauth import OAuth
    from ._api.webhooks import Triggered, Webhooks
    from ._portal.behaviour import Behaviour
    from ._portal.examples import Examples
    from ._portal.people import People
    from ._portal.portal import Disk
    from ._state import PortalSource, State

_NUMBERS = itertools.count(1)
_HOST = "http://127.0.0.1"
_LONGEST_CLOSING = 10.0


class Sandbox(TroubleOnDemand):
    """A whole MijnKlantportaal in this process: it keeps what it is sent, and behaves as the documentation says.

        async with Sandbox() as sandbox:
            portal = sandbox.client()
            customer = await portal.customers.create(company_name="Bakkerij Jansen", ...)
            assert sandbox.state.customers.get(customer.id).city == "Utrecht"

    What the documentation leaves open is decided here, and may differ from the real portal: no live account was at
    hand to compare with.

    Args:
        clock: The portal's time: an aware moment, at which it stands still until `sandbox.clock.advance(...)`, or a
            function that tells the time. By default it goes with the machine's clock.
        seed: Makes IDs and secrets the same each time.
        rate_limit: Requests per key in any `per` seconds; None turns the limit off.
        per: Length of the window of the rate limit, in seconds.
        state: An SQLite file that keeps the portal; it is made where there is none.
        demo: Begins with a small web agency, its 40 customers and their paperwork; a number is the seed it is made
            from. A state file that holds something already stays as it is.
        licences: What the portal's licence includes; without `tickets`, operations of tickets answer 426.
        keys: The API keys that may do everything.
        webhook_transport: Carries webhooks instead of the network, such as `httpx.ASGITransport(app=my_app)`.
        contract: The prepared OpenAPI document to answer by, in place of the one that this package was made from.
        behaviours: What is done by more than examples; `()` answers everything from the contract's examples and
            keeps nothing.

    Raises:
        MissingExtraError: The extra `testing` is not installed.
        StateFileError: The state file can't be used.
    """

    def __init__(
        self,
        *,
        clock: datetime.datetime | Callable[[], datetime.datetime] | None = None,
        seed: int | None = None,
        rate_limit: int | None = 60,
        per: float = 60.0,
        state: str | Path | None = None,
        demo: bool | int = False,
        licences: str | Iterable[str] = ("tickets",),
        keys: str | Iterable[str] = ("sandbox",),
        webhook_transport: httpx.AsyncBaseTransport | None = None,
        contract: Mapping[str, Any] | None = None,
        behaviours: Iterable[Behaviour] = BEHAVIOURS,
    ) -> None:
        require()
        self.clock = PortalClock(clock)
        """The portal's time, which can be made to pass."""
        self.number = next(_NUMBERS)
        self.limit = _limit(rate_limit, per, self.clock)
        self.key = next(iter(keys := _given.names(keys)), "")
        """An API key that may do everything."""
        self.keys = Keys(self.clock, keys)
        """The API keys: `add(key, scopes)` makes one that may not do everything, `remove(key)` takes one back."""
        self.requests = Journal(operation_of=self._operation_id)
        """What was asked so far."""
        self.troubles = Troubles(self._operation_id)
        self.events: list[str] = []
        """The types of what happened so far that webhooks can be registered for."""
        self.closing: list[Callable[[], None]] = []
        """Called before a server stops."""
        self._clients: list[MijnKlantportaal] = []
        self._webhook_transport = webhook_transport
        self._demo = demo
        features, whole = _given.names(licences), shipped() if contract is None else Contract(contract)
        self._disk = _disk(state)
        try:
            self.portal = Portal(whole, behaviours, clock=self.clock, seed=seed, features=features, disk=self._disk)
            self._begin()
        except BaseException:
            if self._disk is not None:
                self._disk.close()
            raise

    def _begin(self) -> None:
        parts = self.portal.behaviours
        self.handlers = {name: each for part in parts for name, each in part.handlers.items()}
        self.skipping = {name for part in parts for name in part.skipping}
        self.listed = {name: each for part in parts for name, each in part.listed.items()}
        if not any(map(len, self.portal.collections.values())):
            self._fill()
        self.portal.listeners.append(self._happened)
        if self._disk is not None and (kept := self._disk.noted("oauth")):
            try:
                self.oauth.load(json.loads(kept))
            except (AttributeError, KeyError, TypeError, ValueError):
                raise StateFileError("the state file is damaged: what it holds of tokens can't be read") from None

    @cached_property
    def app(self) -> ASGIApp:
        """The sandbox as an ASGI application: the API is below `/v1`."""
        from ._api.app import application

        return application(self)

    @cached_property
    def oauth(self) -> OAuth:
        """Applications of third parties, and the tokens that they were given."""
        from ._api.oauth import OAuth

        return OAuth(self.clock, self.keys, self._keep_tokens)

    @cached_property
    def examples(self) -> Examples:
        """Values out of the contract."""
        from ._portal.examples import Examples

        return Examples(self.portal.contract)

    @cached_property
    def people(self) -> People:
        """What people do in the portal and the API has no operation for."""
        from ._portal.people import People

        return People(self.portal)

    @cached_property
    def webhooks(self) -> Webhooks:
        """Where webhooks are sent from."""
        from ._api.webhooks import Webhooks

        return Webhooks(self.portal, transport=self._webhook_transport)

    @cached_property
    def source(self) -> PortalSource:
        """What the portal holds, as the API shows it."""
        from ._state import PortalSource

        return PortalSource(self.portal, self.examples)

    @cached_property
    def state(self) -> State:
        """What the portal holds."""
        from ._state import State

        return State(self.source)

    @property
    def deliveries(self) -> Deliveries:
        """The webhooks that were sent so far."""
        return self.webhooks.deliveries

    def client(self, **options: Any) -> MijnKlantportaal:
        """A client of this sandbox without a socket, which the sandbox closes; `options` as of `MijnKlantportaal`."""
        import httpx

        from .._client import MijnKlantportaal
        from .._unset import UNSET
        from ..ratelimit import RateLimit
        from ._transport import SandboxTransport

        if options.get("auth") is None:
            options.setdefault("api_key", self.key)
        if options.get("rate_limit", UNSET) is UNSET:
            # What another sandbox was asked does not count here.
            options["rate_limit"] = RateLimit(key=f"sandbox {self.number}")
        options.setdefault("base_url", f"{_HOST}/v1")
        options.setdefault("http_client", httpx.AsyncClient(transport=SandboxTransport(self), trust_env=False))
        client = MijnKlantportaal(**options)
        self._clients.append(client)
        return client

    def install(self, *, allow: Iterable[str] = ()) -> AbstractContextManager[Sandbox]:
        """While the block lasts, every client of the process talks to this sandbox.

        Any request to a host that is neither loopback nor MijnKlantportaal's raises `RealRequestError`.

        Args:
            allow: Names or addresses of other machines that may be reached, such as a database's.

        Raises:
            ConfigurationError: Another sandbox is installed, or `allow` names the real portal.
        """
        from ._install import install

        return install(self, allow)

    def limit_rate(self, requests: int | None, per: float = 60.0) -> None:
        """Begins another rate limit: so many requests per key in any `per` seconds, or None for no limit."""
        self.limit = _limit(requests, per, self.clock)

    def calm(self) -> None:
        """Ends all trouble, that of the token endpoint too."""
        super().calm()
        self.oauth.calm()

    def reset(self) -> None:
        """Begins anew: no records but the demo's, no requests, deliveries or trouble, and the clock as it was.

        The rate limit, keys, applications and tokens stay as they are, and requests are numbered on.
        """
        self.calm()
        self.portal.clear()
        self.requests.clear()
        self.oauth.exchanges.clear()
        self.events.clear()
        self.webhooks.deliveries.clear()
        self.limit.clear()
        self.clock.reset()
        self._fill()

    def trigger(self, event_type: str, record: Mapping[str, Any] | Model | str | None = None) -> Triggered:
        """Sends a webhook of this type to all that are registered for it; awaiting it waits for their answers.

        Args:
            event_type: One of `EventType`.
            record: What it is about, sent as it is, or its ID; by default the newest record of its kind, or an example.

        Raises:
            ValueError: There is no such type, no such record, or nobody registered for it.
        """
        return self.webhooks.trigger(event_type, record)

    async def delivered(self) -> None:
        """Waits until no webhook is under way."""
        await self.webhooks.delivered()

    async def aclose(self) -> None:
        """Closes the clients that it made, and the state file."""
        try:
            # A receiver that hangs is not waited for once each call.
            async with asyncio.timeout(_LONGEST_CLOSING):
                await self.webhooks.delivered()
        except TimeoutError:
            pass
        for client in self._clients:
            await client.aclose()
        self.close()

    def close(self) -> None:
        """Closes the state file."""
        self.portal.close()

    def _fill(self) -> None:
        if self._demo is not False:
            from ._portal.demo import fill

            with self.portal.changing():
                fill(self.portal, 1 if self._demo is True else self._demo)

    def _happened(self, event: Event) -> None:
        self.events.append(event.type)
        if self.portal.collections.get("webhooks"):
            self.webhooks.happened(event)

    def _keep_tokens(self) -> None:
        if self._disk is not None:
            self._disk.note("oauth", json.dumps(self.oauth.dump()))

    def _operation_id(self, name: str) -> str:
        return self.portal.contract.named(name).id

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        rows = sum(map(len, self.portal.collections.values()))
        return f"<Sandbox with {rows} records, {len(self.requests)} requests>"


def _limit(requests: int | None, per: float, clock: PortalClock) -> ServerLimit:
    limit = None if requests is None else _given.whole(requests, "a rate limit", 1)
    return ServerLimit(limit, _given.seconds(per, "per", is_above_zero=True), clock.seconds)


def _disk(state: str | Path | None) -> Disk | None:
    if state is None:
        return None
    from ._portal.disk import SQLiteDisk

    return SQLiteDisk(state)
