"""Webhooks: who is called when something happens, and what became of it."""

from __future__ import annotations

import asyncio
import datetime
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from mijnklantportaal_client import blocking
from mijnklantportaal_client._version import __version__
from mijnklantportaal_client.models import CustomerInvoice, EventType
from mijnklantportaal_client.testing import Sandbox, sign_webhook
from mijnklantportaal_client.testing._api.deliveries import Deliveries
from mijnklantportaal_client.testing._api.webhooks import Delivery, Webhooks
from mijnklantportaal_client.testing._portal.clock import PortalClock
from mijnklantportaal_client.testing._portal.contract import SELF, shipped
from mijnklantportaal_client.testing._portal.portal import Portal
from mijnklantportaal_client.testing._portal.resources import BEHAVIOURS
from tests.conftest import NEW_CUSTOMER

NOON = datetime.datetime(2030, 3, 1, 12, tzinfo=datetime.UTC)
HOOK = "https://app.example/hook?key=geheim"
NOBODY = (
    "no webhook is registered for 'invoice-paid': portal.webhooks.create(type='invoice-paid', url=...) registers one"
)
SECRET = "a secret of the portal"
CUSTOMER = {"id": "cst_1", "companyName": "Bakkerij Jansen", "createdAt": "2030-03-01T13:00:00+01:00"}


class Receiver(httpx.MockTransport):
    """Carries what is sent to a list of answers, the last one again and again."""

    def __init__(self, *answers: int | Exception | asyncio.Event) -> None:
        super().__init__(self.answer)
        self.answers = list(answers or (204,))
        self.requests: list[httpx.Request] = []
        self.heard: asyncio.Queue[httpx.Request] = asyncio.Queue()

    async def answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        self.heard.put_nowait(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, asyncio.Event):
            await answer.wait()
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer if isinstance(answer, int) else 200, headers={"Location": "/elsewhere"})

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(each.content) for each in self.requests]


class Bench:
    """A portal with webhooks of its own."""

    def __init__(self, *answers: int | Exception | asyncio.Event, **options: Any) -> None:
        self.receiver = Receiver(*answers)
        self.portal = Portal(shipped(), BEHAVIOURS, clock=PortalClock(NOON), seed=1)
        self.webhooks = Webhooks(self.portal, **{"transport": self.receiver, **options})
        self.portal.listeners.append(self.webhooks.happened)

    def register(self, event_type: str = "customer-created", url: str = HOOK, secret: str = SECRET) -> str:
        """Registers a webhook, and gives its ID."""
        return str(self.portal.create("webhooks", type=event_type, url=url, secret=secret)["id"])

    def happens(self, event_type: str = "customer-created", **record: Any) -> None:
        """Something happens to a record."""
        with self.portal.changing():
            self.portal.emit(event_type, {**CUSTOMER, **record})

    @property
    def outcome(self) -> list[tuple[str, int | None, str | None]]:
        """What became of each call."""
        return [(each.state, each.status, each.error) for each in self.webhooks.deliveries]


@asynccontextmanager
async def loopback(answer: bytes) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A server on a real socket, its address, and what it was sent."""
    got: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        got.append(head + await reader.readexactly(int(length[1]) if length else 0))
        writer.write(answer)
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(serve, "127.0.0.1") as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", got


async def test_what_is_sent() -> None:
    """A POST of JSON, with the secret itself as the signature."""
    bench = Bench()
    webhook = bench.register()
    bench.register("customer-deleted")
    bench.happens(unknown="left out")
    await bench.webhooks.delivered()
    (request,), (body,) = bench.receiver.requests, bench.receiver.bodies
    data = body.pop("data")
    names = ("x-webhook-signature", "content-type", "user-agent")
    assert (request.method, str(request.url)) == ("POST", HOOK)
    assert [request.headers[name] for name in names] == [
        SECRET,
        "application/json",
        f"mijnklantportaal-sandbox/{__version__}",
    ]
    assert body == {"id": body["id"], "type": "customer-created", "createdAt": "2030-03-01T13:00:00+01:00"}
    assert re.fullmatch(r"evt_[a-z0-9]{12}", body["id"])
    assert data["companyName"] == "Bakkerij Jansen"
    assert "unknown" not in data
    delivery = bench.webhooks.deliveries.last
    assert (delivery.number, delivery.event, delivery.url, delivery.webhook) == (1, "customer-created", HOOK, webhook)
    assert (delivery.at, delivery.payload) == (NOON, {**body, "data": data})
    assert bench.outcome == [("delivered", 204, None)]


async def test_all_webhooks_of_a_type_hear_of_one_event() -> None:
    """The `id` says that it is one."""
    bench = Bench()
    ids = {bench.register(), bench.register(url="https://other.example/")}
    bench.happens()
    bench.happens()
    await bench.webhooks.delivered()
    assert {each.webhook for each in bench.webhooks.deliveries} == ids
    assert [each.number for each in bench.webhooks.deliveries] == [1, 2, 3, 4]
    first, second, third, fourth = (each.payload["id"] for each in bench.webhooks.deliveries)
    assert (first, third) == (second, fourth)
    assert first != third


@pytest.mark.parametrize(
    ("event_type", "record", "shown"),
    [
        (
            "payment-link-created",
            {"id": "plk_1", "checkoutUrl": f"{SELF}pay/plk_1"},
            {"id": "plk_1", "checkoutUrl": "http://127.0.0.1:8400/pay/plk_1"},
        ),
        (
            "ticket-created",
            {"id": "tic_1", "messages": [{"id": "tim_1", "message": "Hallo", "blob": "blb_1"}]},
            {"id": "tic_1", "messages": [{"id": "tim_1", "message": "Hallo"}]},
        ),
        ("subscription-payment-created", {"id": "other_1", "amount": "12.95"}, {"id": "other_1", "amount": "12.95"}),
        ("subscription-deleted", {}, {}),
    ],
)
async def test_a_record_is_shown_as_the_api_shows_it(
    event_type: str, record: dict[str, Any], shown: dict[str, Any]
) -> None:
    """Nothing that the sandbox keeps for itself leaves it; what has no schema goes as it is."""
    bench = Bench()
    bench.portal.origin = "http://127.0.0.1:8400"
    bench.register(event_type)
    with bench.portal.changing():
        bench.portal.emit(event_type, record)
    await bench.webhooks.delivered()

    def known(value: Any, wanted: Any) -> Any:
        """As much of a value as is wanted, and what is there of "blob"."""
        if isinstance(value, list):
            return [known(each, wanted[0]) for each in value]
        if not isinstance(value, dict):
            return value
        return {name: known(each, wanted.get(name)) for name, each in value.items() if name in {*wanted, "blob"}}

    assert known(bench.receiver.bodies[0]["data"], shown) == shown


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (200, ("delivered", 200, None)),
        (299, ("delivered", 299, None)),
        (302, ("refused", 302, "the receiver answered 302")),
        (410, ("refused", 410, "the receiver answered 410")),
        (500, ("refused", 500, "the receiver answered 500")),
        (ValueError("a bug"), ("failed", None, "ValueError: a bug")),
        (TimeoutError("its own"), ("failed", None, "TimeoutError: its own")),
    ],
)
async def test_what_becomes_of_it(
    answer: int | Exception, outcome: tuple[str, int | None, str | None], caplog: pytest.LogCaptureFixture
) -> None:
    """One attempt, no redirect; where the receiver is in this process, the log shows where it failed."""
    bench = Bench(answer)
    bench.register()
    bench.happens()
    assert bench.outcome == [("pending", None, None)]
    await bench.webhooks.delivered()
    assert bench.outcome == [outcome]
    assert len(bench.receiver.requests) == 1
    assert [bool(each.exc_info) for each in caplog.records] == [True] * isinstance(answer, Exception)


async def test_a_receiver_that_never_answers() -> None:
    """It is given up."""
    bench = Bench(asyncio.Event(), timeout=0.01)
    bench.register()
    bench.happens()
    await bench.webhooks.delivered()
    assert bench.outcome == [("failed", None, "no answer within 0.01 s")]


@pytest.mark.parametrize(("secret", "record"), [("twee\nregels", {}), (SECRET, {"id": b"bytes"})])
async def test_what_can_not_be_sent(secret: str, record: dict[str, Any]) -> None:
    """Whoever fills the sandbox with such a thing hears of it here, and the portal goes on."""
    bench = Bench()
    bench.register(secret=secret)
    bench.happens(**record)
    await bench.webhooks.delivered()
    assert [each.state for each in bench.webhooks.deliveries] == ["failed"]
    assert bench.receiver.requests == []


@pytest.mark.parametrize(
    "url",
    [
        "https://app.example/hook",
        "http://localhost.example/",
        "http://127.0.0.1.example/",
        "http://127.0.0.1@app.example/",
        "http://10.0.0.1/",
        "http://0.0.0.0/",
        "ftp://127.0.0.1/",
        "http://[::1",
        "",
    ],
)
async def test_no_real_server_is_called(url: str) -> None:
    """It is kept, and says why it was not sent."""
    bench = Bench(transport=None)
    bench.register(url=url)
    bench.happens()
    ((state, status, error),) = bench.outcome
    assert (state, status) == ("held", None)
    assert "its host is not this machine" in str(error)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LocalHost"])
async def test_over_a_socket(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Loopback is called without a proxy, and a redirect is not followed."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    bench = Bench(transport=None)
    async with loopback(b"HTTP/1.1 307 Temporary Redirect\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n") as server:
        bench.register(url=server[0].replace("127.0.0.1", host) + "/hook")
        bench.happens()
        await bench.webhooks.delivered()
    head, _, body = server[1][0].partition(b"\r\n\r\n")
    assert bench.outcome == [("refused", 307, "the receiver answered 307")]
    assert len(server[1]) == 1
    assert head.startswith(b"POST /hook HTTP/1.1\r\n")
    assert f"X-Webhook-Signature: {SECRET}\r\n".encode() in head
    assert json.loads(body) == bench.webhooks.deliveries.last.payload


async def test_nobody_listens(caplog: pytest.LogCaptureFixture) -> None:
    """That is a line in the log, not a traceback."""
    async with loopback(b"") as (address, _):
        pass
    bench = Bench(transport=None)
    bench.register(url=address)
    bench.happens()
    await bench.webhooks.delivered()
    ((state, _, error),) = bench.outcome
    assert (state, str(error).partition(":")[0]) == ("failed", "ConnectError")
    assert [each.exc_info for each in caplog.records] == [None]


async def test_calls_to_one_url_go_one_after_another() -> None:
    """In the order of the events; another URL does not wait for them."""
    gate = asyncio.Event()
    bench = Bench(gate, 200)
    bench.register()
    bench.register("customer-deleted")
    bench.register("offer-created", "https://other.example/")
    for event_type in ("customer-created", "customer-deleted", "offer-created"):
        bench.happens(event_type)
    for _ in range(2):
        await bench.receiver.heard.get()
    assert [each.state for each in bench.webhooks.deliveries][:2] == ["pending", "pending"]
    gate.set()
    await bench.webhooks.delivered()
    assert [body["type"] for body in bench.receiver.bodies] == ["customer-created", "offer-created", "customer-deleted"]


async def test_what_a_receiver_causes_is_waited_for_too() -> None:
    """It may well call the API."""
    bench = Bench()

    async def answer(request: httpx.Request) -> httpx.Response:
        if json.loads(request.content)["type"] == "customer-created":
            bench.happens("customer-deleted")
        return httpx.Response(200)

    bench.webhooks._transport = httpx.MockTransport(answer)
    bench.register()
    bench.register("customer-deleted")
    bench.happens()
    await bench.webhooks.delivered()
    assert bench.outcome == [("delivered", 200, None)] * 2


async def test_who_waits_may_stop_waiting() -> None:
    """The call goes on, and others can wait for it."""
    gate = asyncio.Event()
    bench = Bench(gate)
    bench.register()
    bench.happens()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(bench.webhooks.delivered(), 0.01)
    assert bench.outcome == [("pending", None, None)]
    gate.set()
    await bench.webhooks.delivered()
    assert bench.outcome == [("delivered", 200, None)]


async def test_another_loop_waits() -> None:
    """As a test does that runs the sandbox in a server of its own."""
    gate = asyncio.Event()
    bench = Bench(gate)
    bench.register()
    bench.happens()
    elsewhere = asyncio.create_task(asyncio.to_thread(blocking.run, bench.webhooks.delivered()))
    await asyncio.sleep(0)
    gate.set()
    await elsewhere
    assert bench.outcome == [("delivered", 200, None)]


def test_without_an_event_loop() -> None:
    """As where a person does something in a test that is not async."""
    bench = Bench()
    bench.register()
    bench.happens()
    blocking.run(bench.webhooks.delivered())
    assert bench.outcome == [("delivered", 204, None)]


def test_the_interpreter_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no loop any more."""
    monkeypatch.setattr(blocking._BACKGROUND, "submit", lambda work: False)
    bench = Bench()
    bench.register()
    bench.happens()
    assert bench.outcome == [("failed", None, "the interpreter ends")]


def test_the_event_loop_ends() -> None:
    """Before the receiver has answered, or the call has even begun."""
    bench = Bench()

    async def main() -> None:
        bench.receiver.answers = [asyncio.Event()]
        bench.happens()
        await bench.receiver.heard.get()
        bench.happens()

    bench.register()
    asyncio.run(main())
    assert bench.outcome == [("failed", None, "the event loop ended before the receiver had answered")] * 2


def test_the_event_loop_is_closed_under_it() -> None:
    """Nobody waits for what can't end."""
    bench = Bench()
    bench.register()
    loop = asyncio.new_event_loop()

    async def main() -> set[asyncio.Task[Any]]:
        bench.receiver.answers = [asyncio.Event()]
        bench.happens()
        await bench.receiver.heard.get()
        return asyncio.all_tasks() - {asyncio.current_task()}

    (lost,) = loop.run_until_complete(main())
    loop.close()
    blocking.run(bench.webhooks.delivered())
    assert bench.outcome == [("failed", None, "the event loop ended before the receiver had answered")]
    # asyncio would log that nobody ended it, which is what this is about.
    lost._log_destroy_pending = False  # type: ignore[attr-defined]


@pytest.mark.parametrize("event_type", EventType)
async def test_any_type_can_be_triggered(event_type: EventType) -> None:
    """Of an empty portal with an example, and before anybody awaits it."""
    bench = Bench()
    bench.register(event_type)
    triggered = bench.webhooks.trigger(event_type)
    assert [each.state for each in triggered.deliveries] == ["pending"]
    assert await triggered == list(bench.webhooks.deliveries)
    (body,) = bench.receiver.bodies
    assert bench.outcome == [("delivered", 204, None)]
    assert body["type"] == event_type.value
    assert body["data"].keys() > {"id", "createdAt"}


@pytest.mark.parametrize(
    ("event_type", "fits", "does_not"),
    [
        ("invoice-paid", {"paidAt": "2030-03-01T13:00:00+01:00"}, {"paidAt": None}),
        ("offer-accepted", {"acceptedAt": "2030-03-01T13:00:00+01:00"}, {"acceptedAt": None}),
        ("offer-rejected", {"rejectedAt": "2030-03-01T13:00:00+01:00"}, {"rejectedAt": None}),
        ("appointment-canceled", {"status": "canceled"}, {"status": "scheduled"}),
        ("payment-link-expired", {"status": "expired"}, {"status": "paid"}),
        ("payment-link-paid", {"status": "paid"}, {"status": "open"}),
    ],
)
async def test_a_trigger_takes_the_newest_record_that_fits(
    event_type: str, fits: dict[str, Any], does_not: dict[str, Any]
) -> None:
    """And where none does, the newest of its kind."""
    kind = {"invoice": "customer_invoices", "offer": "customer_offers", "appointment": "appointments"}
    collection = kind.get(event_type.partition("-")[0], "payment_links")
    bench = Bench()
    bench.register(event_type)
    ids = []
    for fields in (does_not, fits, fits, does_not):
        ids.append(bench.portal.create(collection, **fields)["id"])
        await bench.webhooks.trigger(event_type)
    assert [body["data"]["id"] for body in bench.receiver.bodies] == [ids[0], ids[1], ids[2], ids[2]]


async def test_a_trigger_takes_what_it_is_given() -> None:
    """An ID, a record or a model."""
    bench = Bench()
    bench.register("invoice-paid")
    invoice = bench.portal.create("customer_invoices", amount="12.95")
    bench.portal.create("customer_invoices", amount="0.00")
    model = CustomerInvoice.from_dict({"id": "inv_other", "amount": "1.00"})
    for given in (invoice["id"], {"id": "inv_mine", "amount": "2.00"}, model):
        await bench.webhooks.trigger("invoice-paid", given)
    first, *others = [body["data"] for body in bench.receiver.bodies]
    assert (first["id"], first["amount"], first["paidAt"]) == (invoice["id"], "12.95", None)
    assert others == [{"id": "inv_mine", "amount": "2.00"}, {"id": "inv_other", "amount": "1.00"}]


@pytest.mark.parametrize(
    ("event_type", "record", "problem"),
    [
        ("invoice-payed", None, "there is no event type 'invoice-payed'; did you mean 'invoice-paid'?"),
        ("", None, "there is no event type ''"),
        ("invoice-paid", "inv_unknown", "the sandbox has nothing with the ID 'inv_unknown'"),
        (EventType.INVOICE_PAID, None, NOBODY),
    ],
)
async def test_what_can_not_be_triggered(event_type: str, record: str | None, problem: str) -> None:
    """The text says what to do about it."""
    with pytest.raises(ValueError, match=f"^{re.escape(problem)}$"):
        Bench().webhooks.trigger(event_type, record)


async def test_a_type_of_which_nothing_is_known_but_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """A newer contract may have one."""
    bench = Bench()
    monkeypatch.setattr(bench.portal.contract, "component", lambda name: {"enum": ["form-sent"]})
    bench.register("form-sent")
    with pytest.raises(ValueError, match="'form-sent' is about is not known: name a record"):
        bench.webhooks.trigger("form-sent")
    await bench.webhooks.trigger("form-sent", {"name": "contact"})
    assert bench.receiver.bodies[0]["data"] == {"name": "contact"}


async def test_a_held_webhook_can_be_triggered() -> None:
    """There is nothing to wait for."""
    bench = Bench(transport=None)
    bench.register()
    (delivery,) = await bench.webhooks.trigger("customer-created")
    assert delivery.state == "held"
    assert repr(bench.webhooks.trigger("customer-created")).startswith("<Triggered [<Delivery 2: ")


async def test_the_deliveries() -> None:
    """A sequence, oldest first, that shows no secret, and tells who listens of each beginning and end."""
    bench = Bench(500, 200)
    deliveries = bench.webhooks.deliveries
    told: list[tuple[int, str]] = []
    deliveries.listeners.append(lambda each: told.append((each.number, each.state)))
    with pytest.raises(IndexError, match="no webhook of this kind"):
        _ = deliveries.last
    bench.register()
    bench.register("customer-deleted", "http://127.0.0.1/")
    bench.happens()
    bench.happens("customer-deleted")
    await bench.webhooks.delivered()
    assert told == [(1, "pending"), (2, "pending"), (1, "refused"), (2, "delivered")]
    assert [len(deliveries), deliveries[0].number, deliveries[-1]] == [2, 1, deliveries.last]
    assert deliveries[:1] == [next(iter(deliveries))]
    assert list(deliveries.of("customer-deleted")) == [deliveries[1]]
    assert repr(deliveries) == "<2 deliveries: customer-created refused, customer-deleted delivered>"
    assert repr(deliveries[0]) == "<Delivery 1: customer-created to https://app.example/hook, refused>"
    assert [secret in repr(list(deliveries)) for secret in (SECRET, "geheim", "Jansen")] == [False] * 3
    deliveries.clear()
    assert list(deliveries) == []


def test_the_deliveries_are_bounded() -> None:
    """A server may run for weeks."""
    one = Delivery(number=1, event="", url="", webhook="", payload={}, at=NOON)
    assert len(Deliveries([one] * 10_001)) == 10_000


async def test_through_the_client() -> None:
    """What the API does is told of with the secret that it gave."""
    receiver = Receiver()
    async with Sandbox(webhook_transport=receiver) as sandbox:
        portal = sandbox.client()
        webhook = await portal.webhooks.create(type=EventType.CUSTOMER_CREATED, url="https://app.example/hook")
        customer = await portal.customers.create(**NEW_CUSTOMER)
        await sandbox.delivered()
        assert receiver.bodies[0]["data"] == customer.to_dict()
        assert receiver.requests[0].headers["x-webhook-signature"] == webhook.secret
        assert sandbox.deliveries.of("customer-created").last.state == "delivered"


def signed(payload: Any) -> tuple[dict[str, str], Any]:
    """A signed call with its body read."""
    headers, body = sign_webhook("invoice-paid", payload, SECRET)
    return headers, json.loads(body)


@pytest.mark.parametrize("make", [dict, CustomerInvoice.from_dict])
def test_a_call_is_signed_as_the_sandbox_does_it(make: Callable[[dict[str, Any]], Any]) -> None:
    """For tests of a receiver, without a sandbox."""
    record = {"id": "inv_1", "amount": "12.95"}
    headers, body = signed(make(record))
    assert headers == {
        "Content-Type": "application/json",
        "User-Agent": f"mijnklantportaal-sandbox/{__version__}",
        "X-Webhook-Signature": SECRET,
    }
    assert body == {"id": body["id"], "type": "invoice-paid", "createdAt": body["createdAt"], "data": record}
    assert re.fullmatch(r"evt_[0-9a-f]{12}", body["id"])
    assert datetime.datetime.fromisoformat(body["createdAt"]).tzinfo is not None


def test_a_whole_body_is_signed_as_it_is() -> None:
    """Such as one that came from the portal; nothing of it, and no secret, is in the repr."""
    call = sign_webhook("any-thing", b'{"geheim": 1}', SECRET)
    assert call.body == b'{"geheim": 1}'
    assert call.headers["X-Webhook-Signature"] == SECRET
    assert repr(call) == "SignedWebhook(headers=..., body=<13 bytes>)"


@pytest.mark.parametrize(
    ("event_type", "secret"),
    [("", SECRET), ("invoice-paid", ""), ("invoice-paid", "a\r\nb"), ("invoice-paid", "é"), ("invoice-paid", " a")],
)
def test_what_can_not_be_signed(event_type: str, secret: str) -> None:
    """The text does not hold the secret."""
    with pytest.raises(ValueError, match=r"needs an event type|visible ASCII") as caught:
        sign_webhook(event_type, {}, secret)
    assert SECRET not in str(caught.value)
