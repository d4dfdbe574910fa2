"""Calls the registered webhooks when something happens in the portal."""

from __future__ import annotations

import asyncio
import itertools
import logging
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING, Any

from .._portal.shown import shown
from .._webhook import Shown, encoded, envelope, headers_with, record_of
from .deliveries import Deliveries, Delivery, DeliveryState
from .oauth_request import is_loopback
from .subjects import check_type, subject

if TYPE_CHECKING:
    import datetime
    from collections.abc import Generator, Mapping

    import httpx

    from .._portal.portal import Event, Portal

__all__ = ["Deliveries", "Delivery", "Triggered", "Webhooks"]

_LOG = logging.getLogger("mijnklantportaal_client.testing")
_HELD = "its host is not this machine: only loopback addresses are called, or those that a webhook_transport carries"


class Triggered:
    """Deliveries that are under way; `await` waits for all of them and gives them."""

    def __init__(self, deliveries: list[Delivery], under_way: list[Future[None]]) -> None:
        self.deliveries = deliveries
        self._under_way = under_way

    def __await__(self) -> Generator[Any, None, list[Delivery]]:
        yield from _ended(self._under_way).__await__()
        return self.deliveries

    def __repr__(self) -> str:
        return f"<Triggered {self.deliveries!r}>"


class Webhooks:
    """The webhooks of a portal.

    What a call looks like is documented only as far as the header `X-Webhook-Signature`, which holds the secret itself.
    The sandbox sends a POST with JSON: an `id`, the `type`, `createdAt`, and in `data` the record as the API shows it.
    It tries once, for 10 seconds at most, follows no redirect, and takes any 2xx for a success. The calls to one URL go
    one after another, in the order of the events.

    Only loopback addresses are called, so that no real server hears of a test; or what `transport` carries.
    """

    def __init__(
        self, portal: Portal, *, transport: httpx.AsyncBaseTransport | None = None, timeout: float = 10.0
    ) -> None:
        self.deliveries = Deliveries()
        """The calls so far."""
        self._portal = portal
        self._transport = transport
        self._timeout = timeout
        self._numbers = itertools.count(1)
        self._under_way: dict[Delivery, Future[None]] = {}
        self._tasks: dict[Delivery, asyncio.Task[None]] = {}

    def trigger(self, event_type: str, record: Mapping[str, Any] | Shown | str | None = None) -> Triggered:
        """Calls all webhooks of a type, whether it happened or not; they are under way at once.

        Args:
            event_type: One of `EventType`.
            record: What it is about, sent as it is, or its ID; by default the newest record that fits, or an example.

        Raises:
            ValueError: There is no such type or record, or no webhook of this type.
        """
        event_type = str(event_type)
        check_type(self._portal, event_type)
        with self._portal.lock:
            if record is None or isinstance(record, str):
                record = shown(self._portal, subject(self._portal, event_type, record))
            deliveries = self._send(event_type, record_of(record), self._portal.now())
        if not deliveries:
            raise ValueError(
                f"no webhook is registered for {event_type!r}: "
                f"portal.webhooks.create(type={event_type!r}, url=...) registers one"
            )
        return Triggered(deliveries, [each for each in map(self._under_way.get, deliveries) if each is not None])

    async def delivered(self) -> None:
        """Waits until no call is under way."""
        while self._under_way:
            for delivery, task in tuple(self._tasks.items()):
                if task.get_loop().is_closed():
                    self._done(delivery, task)
            await _ended(list(self._under_way.values()))

    def happened(self, event: Event) -> None:
        """Calls all webhooks of an event's type."""
        self._send(event.type, shown(self._portal, event.record), event.at)

    def _send(self, event_type: str, record: Mapping[str, Any], at: datetime.datetime) -> list[Delivery]:
        with self._portal.lock:
            webhooks = [each for each in self._portal.of("webhooks") if each["type"] == event_type]
            if not webhooks:
                return []
            payload = envelope(self._portal.new_id("evt_"), event_type, self._portal.stamp(at), record)
            return [self._call(webhook, payload, at) for webhook in webhooks]

    def _call(self, webhook: Mapping[str, Any], payload: Mapping[str, Any], at: datetime.datetime) -> Delivery:
        delivery = Delivery(
            number=next(self._numbers),
            event=payload["type"],
            url=webhook["url"],
            webhook=webhook["id"],
            payload=payload,
            at=at,
        )
        may_go = self._transport is not None or _is_on_this_machine(delivery.url)
        if not may_go:
            delivery.state, delivery.error = "held", _HELD
        else:
            future: Future[None] = Future()
            # Whoever waits for it can't cancel it.
            future.set_running_or_notify_cancel()
            self._under_way[delivery] = future
        self.deliveries.begin(delivery)
        if may_go:
            self._begin(partial(self._start, delivery, webhook["secret"]), delivery)
        return delivery

    def _begin(self, start: partial[None], delivery: Delivery) -> None:
        try:
            asyncio.get_running_loop()
            is_on_loop = self._transport is not None
        except RuntimeError:
            is_on_loop = False
        if is_on_loop:
            # An application that was given belongs where it is tested.
            start()
            return
        # The caller's loop may end with the call.
        from ...blocking import _BACKGROUND

        if not _BACKGROUND.submit(start):
            self._finish(delivery, "failed", error="the interpreter ends")

    def _start(self, delivery: Delivery, secret: str) -> None:
        loop = asyncio.get_running_loop()
        tasks = [task for other, task in tuple(self._tasks.items()) if other.url == delivery.url]
        earlier = tasks[-1] if tasks and tasks[-1].get_loop() is loop else None
        task = loop.create_task(self._attempt(delivery, secret, earlier))
        self._tasks[delivery] = task
        task.add_done_callback(partial(self._done, delivery))

    def _done(self, delivery: Delivery, task: asyncio.Task[None]) -> None:
        self._tasks.pop(delivery, None)
        if delivery.state == "pending":
            self._finish(delivery, "failed", error="the event loop ended before the receiver had answered")

    async def _attempt(self, delivery: Delivery, secret: str, earlier: asyncio.Task[None] | None) -> None:
        if earlier is not None:
            await asyncio.wait([earlier])
        clock = asyncio.timeout(self._timeout)
        try:
            async with clock:
                status = await self._post(delivery, headers_with(secret))
        except Exception as error:  # noqa: BLE001 - whatever the receiver does, the portal goes on
            problem = f"no answer within {self._timeout:g} s" if clock.expired() else f"{type(error).__name__}: {error}"
            # An application in this process failed, and its author wants to know where.
            where = error if self._transport is not None else None
            _LOG.warning("webhook %s was not delivered: %s", delivery.event, problem, exc_info=where)
            self._finish(delivery, "failed", error=problem)
        else:
            if 200 <= status < 300:
                self._finish(delivery, "delivered", status)
            else:
                self._finish(delivery, "refused", status, f"the receiver answered {status}")

    async def _post(self, delivery: Delivery, headers: dict[str, str]) -> int:
        import httpx

        # On loopback there is nobody whom a certificate would have to prove. A given transport is not closed.
        own = None if self._transport is not None else httpx.AsyncHTTPTransport(verify=False, trust_env=False)
        client = httpx.AsyncClient(transport=own or self._transport, timeout=httpx.Timeout(None), trust_env=False)
        body = encoded(delivery.payload)
        try:
            async with client.stream("POST", delivery.url, content=body, headers=headers) as response:
                return response.status_code
        finally:
            if own is not None:
                await client.aclose()

    def _finish(
        self, delivery: Delivery, state: DeliveryState, status: int | None = None, error: str | None = None
    ) -> None:
        delivery.state, delivery.status, delivery.error = state, status, error
        self._under_way.pop(delivery).set_result(None)
        self.deliveries.tell(delivery)


async def _ended(under_way: list[Future[None]]) -> None:
    """Waits for deliveries, on whatever loop they are."""
    waiting = [asyncio.wrap_future(each) for each in under_way]
    try:
        if waiting:
            await asyncio.wait(waiting)
    finally:
        # A loop that ends meanwhile is not to be told any more.
        for each in waiting:
            each.cancel()


def _is_on_this_machine(url: str) -> bool:
    import httpx

    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, TypeError):
        return False
    return parsed.scheme in ("http", "https") and is_loopback(parsed.host)
