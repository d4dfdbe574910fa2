"""The sandbox in another process: its command line, commands over HTTP, lost connections, and a file that survives."""

from __future__ import annotations

import datetime
import http.client
import os
import random
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from mijnklantportaal_client import (
    APIConnectionError,
    AuthenticationError,
    MijnKlantportaal,
    NotFoundError,
    Outcome,
    PermissionDeniedError,
    RetryPolicy,
)
from mijnklantportaal_client.testing import RemoteSandbox
from mijnklantportaal_client.testing._serve import listen
from tests.waiting import PATIENCE, wait_until

COMMAND = [sys.executable, "-m", "mijnklantportaal_client.testing"]
NOON = datetime.datetime(2026, 3, 1, 12, 0, tzinfo=datetime.timezone(datetime.timedelta(hours=1)))
CUSTOMER: dict[str, Any] = {
    "company_name": "Bakkerij Jansen",
    "address": "Dorpsstraat 1",
    "zip_code": "1234AB",
    "city": "Utrecht",
    "primary_email": "info@example.com",
}


@pytest.fixture(scope="module")
def running() -> Iterator[RemoteSandbox]:
    """A server whose clock stands still."""
    with RemoteSandbox.start(rate_limit=None, at=NOON) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running: RemoteSandbox) -> RemoteSandbox:
    """It begins anew for each test."""
    running.reset()
    running.limit_rate(None)
    return running


async def test_client(sandbox: RemoteSandbox) -> None:
    """A client of its own talks to it, and tests see what was asked and what is there."""
    async with sandbox.client() as portal:
        made = await portal.customers.create(**CUSTOMER)
        assert await portal.customers.get(made.id) == made
        with pytest.raises(NotFoundError):
            await portal.customers.get("cst_none")
    assert [(each.operation, each.status) for each in sandbox.requests] == [
        ("create-customer", 201),
        ("get-customer", 200),
        ("get-customer", 404),
    ]
    assert sandbox.requests.of("customers.create").last.json["city"] == "Utrecht"
    assert sandbox.requests.last.at == NOON
    assert sandbox.state.customers[0] == made
    sandbox.requests.clear()
    assert (len(sandbox.requests), sandbox.events) == (0, ["customer-created"])


def test_state(sandbox: RemoteSandbox) -> None:
    """Records can be added, looked at and taken away."""
    customers = sandbox.state.customers
    added = customers.add(city="Delft", company_name="Slagerij")
    assert (customers.get(added.id), len(customers), [each.city for each in customers]) == (added, 1, ["Delft"])
    assert added.created_at == NOON
    assert repr(customers) == "<1 customers>"
    customers.remove(added.id)
    with pytest.raises(KeyError, match=f"has no {added.id} in customers"):
        customers.get(added.id)
    with pytest.raises(KeyError, match=added.id):
        customers.remove(added.id)


def test_clock(sandbox: RemoteSandbox) -> None:
    """Its time passes on demand."""
    sandbox.clock.advance(datetime.timedelta(hours=1))
    sandbox.clock.advance(60)
    assert sandbox.clock.now() == NOON + datetime.timedelta(minutes=61)
    sandbox.clock.set(NOON + datetime.timedelta(days=1))
    assert sandbox.clock.now() == NOON + datetime.timedelta(days=1)
    with pytest.raises(ValueError, match="can't go back"):
        sandbox.clock.set(NOON)
    sandbox.reset()
    assert sandbox.clock.now() == NOON


def test_people(sandbox: RemoteSandbox) -> None:
    """People act, also with bytes; what they can't do is refused."""
    customer = sandbox.state.customers.add()
    ticket = sandbox.people.open_ticket("Mail", "It is broken", customer_id=customer.id)
    assert sandbox.state.tickets.get(ticket["id"]).messages[0].message == "<p>It is broken</p>"
    with pytest.raises(ValueError, match="people can't dance"):
        sandbox.people.dance()
    with pytest.raises(KeyError):
        sandbox.people.delete_customer("cst_none")
    with pytest.raises(AttributeError):
        sandbox.people._portal  # noqa: B018


@pytest.mark.parametrize("when", ["before", "after"])
async def test_drop(sandbox: RemoteSandbox, when: Any) -> None:
    """The connection is lost on the wire, before or after the operation was carried out."""
    sandbox.drop("create-customer", when)
    async with sandbox.client() as portal:
        with pytest.raises(APIConnectionError) as caught:
            await portal.customers.create(**CUSTOMER)
        assert caught.value.outcome is Outcome.UNKNOWN
        assert len(sandbox.state.customers) == (when == "after")
        await portal.customers.create(**CUSTOMER)
    assert len(sandbox.state.customers) == 1 + (when == "after")


def test_connection(sandbox: RemoteSandbox) -> None:
    """A body of unknown length is read, and a request that is refused leaves its connection fit for the next."""
    host = sandbox.url.removeprefix("http://")
    headers = {"Authorization": f"Bearer {sandbox.key}", "Content-Type": "application/json"}
    connection = http.client.HTTPConnection(host, timeout=PATIENCE)

    def send(method: str, path: str, body: Any = None) -> int:
        connection.request(method, f"/v1{path}", body, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status

    assert send("GET", "/customers") == 200
    before = connection.sock
    assert send("POST", "/nothing", b"{}") == 404
    assert send("POST", "/customer-groups", iter([b'{"na', b'me": "x"}'])) == 201
    assert connection.sock is before
    assert sandbox.state.customer_groups[0].name == "x"
    connection.close()


def test_answers_wait_for_nobody() -> None:
    """Else the body of an answer would wait until its headers were acknowledged, some 40 ms each."""
    with listen("127.0.0.1", 0) as listener:
        assert listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1


def test_bytes_as_an_answer(sandbox: RemoteSandbox) -> None:
    """What is no text can be told as well."""
    sandbox.fail("list-customers", 502, body=b"\xff\x00", headers={"content-type": "image/png"})
    answer = httpx.get(f"{sandbox.base_url}/customers", headers={"Authorization": f"Bearer {sandbox.key}"})
    assert (answer.status_code, answer.content, answer.headers.get_list("content-type")) == (
        502,
        b"\xff\x00",
        ["image/png"],
    )


async def test_other_trouble(sandbox: RemoteSandbox) -> None:
    """Each kind of trouble can be asked for."""
    customer = sandbox.state.customers.add()
    async with sandbox.client(retry=RetryPolicy(max_attempts=1)) as portal:
        sandbox.fail("get-customer", 418, body={"message": "I am a teapot"})
        with pytest.raises(Exception, match="I am a teapot"):
            await portal.customers.get(customer.id)
        sandbox.delay("get-customer", 0.0)
        sandbox.drift("get-customer", add={"new": 1}, times=1)
        assert (await portal.customers.get(customer.id)).additional_properties == {"new": 1}
        assert sandbox.requests.last.trouble == "drift,delay"
        sandbox.churn("list-customers", insert=1, times=1)
        await portal.customers.list()
        assert len(sandbox.state.customers) == 2
        sandbox.fail("*", times=None)
        sandbox.calm()
        assert len((await portal.customers.list()).data) == 2
        sandbox.limit_rate(1)
        raw = await portal.with_raw_response.customers.get(customer.id)
        assert (raw.headers["x-ratelimit-limit"], raw.headers["x-ratelimit-remaining"]) == ("1", "0")


@pytest.mark.parametrize(
    ("method", "path", "send", "status", "message"),
    [
        (
            "POST",
            "/trouble/rain",
            {"json": {}},
            422,
            "there is no such trouble; there are fail, delay, drop, drift, churn",
        ),
        ("POST", "/trouble/fail", {"json": {"operation": "x"}}, 422, "there is no operation 'x'"),
        ("POST", "/trouble/fail", {"json": []}, 422, "the body of a command is a JSON object"),
        (
            "POST",
            "/reset",
            {"content": b"{", "headers": {"Content-Type": "application/json"}},
            422,
            "the body of a command is a JSON object",
        ),
        ("POST", "/reset", {"data": {"a": "b"}}, 415, "the body of a command is application/json"),
        (
            "POST",
            "/trigger",
            {"json": {"event_type": "customer-created"}},
            422,
            "no webhook is registered for 'customer-created'",
        ),
        ("GET", "/state/nothing", {}, 404, "the sandbox has no nothing; it has agreements, "),
        (
            "POST",
            "/state/customers",
            {"json": {"companyNam": "x"}},
            422,
            "records of customers have no field 'companyNam'",
        ),
        (
            "POST",
            "/state/customers",
            {"json": {"companyName": 5}},
            422,
            "companyName of customers is not what the contract says: 5",
        ),
        ("POST", "/state/people", {"json": {}}, 404, "the sandbox has no people; it has agreements, "),
        ("DELETE", "/state/customers/cst_none", {}, 404, "the sandbox has no cst_none in customers"),
        ("POST", "/people/open_ticket", {"json": {"args": [{}, "x"]}}, 422, "open_ticket does not take values of this"),
        ("POST", "/people/open_ticket", {"json": {"args": ["x", {"$base64": "eA=="}]}}, 422, "open_ticket does not"),
        ("POST", "/people/pay", {"json": {"args": [{"$base64": 5}]}}, 422, "the body of a command is a JSON"),
        ("POST", "/trouble/drift", {"json": {"operation": "*", "remove": [5]}}, 422, "5 is no name"),
        ("POST", "/people/pay", {"json": {"args": [5]}}, 422, "pay does not take values of this kind"),
        ("POST", "/people/pay", {"json": {"args": "ab"}}, 422, "args is a list, and kwargs an object"),
        ("POST", "/people/pay", {"json": {}}, 422, "pay: missing a required argument"),
        ("POST", "/clock", {"json": {}}, 422, "the body has seconds, or a moment in ISO 8601"),
        ("POST", "/clock", {"json": {"seconds": 1e300}}, 422, "the portal's clock does not go beyond the years 1"),
        (
            "POST",
            "/rate-limit",
            {"json": {"requests": True}},
            422,
            "a rate limit is a whole number from 1 up, not True",
        ),
        ("POST", "/keys/holder", {"json": {"args": ["x"]}}, 422, "there is no such method; there are add, remove"),
        ("PUT", "/requests", {}, 405, "/_sandbox/control/requests takes no PUT"),
    ],
)
def test_commands_that_can_not_be(
    sandbox: RemoteSandbox, method: str, path: str, send: Any, status: int, message: str
) -> None:
    """What makes no sense is refused in words; a form of another site as well."""
    answer = httpx.request(method, f"{sandbox.url}/_sandbox/control{path}", **send)
    assert (answer.status_code, answer.json()["message"][: len(message)]) == (status, message)


async def test_keys(sandbox: RemoteSandbox) -> None:
    """Those that may not do everything can be made, and taken back."""
    sandbox.keys.add("reader", ["customers.read"])
    async with sandbox.client(api_key="reader") as portal:
        assert (await portal.customers.list()).data == []
        with pytest.raises(PermissionDeniedError):
            await portal.customers.create(**CUSTOMER)
        sandbox.keys.add("reader")
        await portal.customers.create(**CUSTOMER)
        sandbox.keys.remove("reader")
        with pytest.raises(AuthenticationError):
            await portal.customers.list()
    with pytest.raises(ValueError, match="no such API key"):
        sandbox.keys.remove("reader")


def test_webhook(sandbox: RemoteSandbox) -> None:
    """What is on its way is told."""
    url = "https://elsewhere.example/hook"
    webhook = sandbox.state.webhooks.add(type="customer-created", url=url)
    sandbox.trigger("customer-created")
    assert [(each["webhook"], each["url"], each["state"]) for each in sandbox.deliveries] == [(webhook.id, url, "held")]


async def test_dying_server(tmp_path: Path) -> None:
    """A server that is killed at any moment has all that it said it carried out, and goes on where it was."""
    state, draw, kept = tmp_path / "state", random.Random(20261122), set[str]()
    for _ in range(3):
        with RemoteSandbox.start(rate_limit=None, state=state) as sandbox:
            assert {each.id for each in sandbox.state.customers} >= kept
            assert sandbox.process is not None
            deadly = draw.randrange(20)
            async with sandbox.client(retry=RetryPolicy(max_attempts=1), rate_limit=None) as portal:
                for number in range(deadly + 1):
                    if number == deadly:
                        os.kill(sandbox.process.pid, signal.SIGKILL)
                    try:
                        kept.add((await portal.customers.create(**CUSTOMER)).id)
                    except APIConnectionError:
                        break
    with RemoteSandbox.start(state=state) as sandbox:
        held = {each.id for each in sandbox.state.customers}
    assert held >= kept
    assert len(kept) > 3
    # The one that was under way when the server died may be there or not.
    assert len(held - kept) <= 3


async def test_demo() -> None:
    """The demo has forty customers, and its key works though it looks like an option."""
    with RemoteSandbox.start(demo=True, key="-mine") as sandbox:
        async with MijnKlantportaal(base_url=sandbox.base_url, api_key="-mine") as portal:
            customers = await portal.customers.list().collect()
        assert len(customers) == 40


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command line, until it ends."""
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=PATIENCE, check=False)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--port", "x"], "invalid _port value: 'x'"),
        (["--port", "70000"], "a port is a number from 0 to 65535"),
        (["--rate-limit", "0"], "a rate limit is a number of requests from 1 up, or off"),
        (["--per", "0"], "a window is a number of seconds above 0"),
        (["--at", "2026-03-01"], "a moment needs an offset"),
    ],
)
def test_command_line_that_can_not_be(arguments: list[str], said: str) -> None:
    """Each argument says what it must be."""
    ended = run(*arguments)
    assert (ended.returncode, said in ended.stderr) == (2, True)


def test_taken_port() -> None:
    """A port that is taken is told in one line."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = run("--port", str(port))
    assert (ended.returncode, ended.stderr) == (1, f"Port {port} of 127.0.0.1 can't be used: Address already in use\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--host", "nowhere.invalid"], "Port 0 of nowhere.invalid can't be used: "),
        (["--at", "9999-12-31T23:30:00+00:00"], "the portal's clock does not go beyond the years 1 to 9999"),
        (["--at", "0001-01-01T00:00:00+14:00"], "the portal's clock does not go beyond the years 1 to 9999"),
    ],
)
def test_start_that_can_not_be(arguments: list[str], said: str) -> None:
    """What is found out only at the start is told in one line as well."""
    ended = run("--port", "0", *arguments)
    assert (ended.returncode, ended.stderr[: len(said)], ended.stderr.count("\n")) == (1, said, 1)
    assert not re.search("[Uu]nknown|attempting", ended.stderr)


@pytest.mark.parametrize("path", ["/", "/_sandbox/control/requests", "/v1/customers", "/oauth/authorize"])
@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("evil.example", 421),
        ("127.0.0.1.evil.example:8400", 421),
        ("192.0.2.1", 421),
        ("[x", 421),
        ("", 421),
        ("localhost:8400", None),
        ("Shop.LOCALHOST", None),
        ("127.0.0.1", None),
        ("[::1]:8400", None),
    ],
)
def test_names_of_others(sandbox: RemoteSandbox, path: str, host: str, status: int | None) -> None:
    """A name that somebody else has lead to this machine gets no answer, which a page there could read."""
    answer = httpx.get(f"{sandbox.url}{path}", headers={"Host": host})
    if status is None:
        assert answer.status_code in (200, 400, 401)
    else:
        said = f"This sandbox answers at localhost and loopback addresses, not at {host}: --host opens it to others"
        assert (answer.status_code, answer.json()) == (status, {"message": said})


def test_damaged_state(tmp_path: Path) -> None:
    """A file that is no state file is told in one line."""
    (tmp_path / "state").write_text("something else", encoding="utf-8")
    ended = run("--port", "0", "--state", str(tmp_path / "state"))
    assert (ended.returncode, ended.stderr) == (
        1,
        f"{tmp_path / 'state'} is damaged or no state file of a sandbox: file is not a database\n",
    )


def test_start_that_fails(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Whoever starts it from Python hears that it did not start, and why."""
    (tmp_path / "state").write_text("something else", encoding="utf-8")
    with pytest.raises(RuntimeError, match="the sandbox did not start"), RemoteSandbox.start(state=tmp_path / "state"):
        pass
    assert "file is not a database" in capfd.readouterr().err


def test_what_is_no_http() -> None:
    """Who sends it is told; the terminal of the server stays as it is."""
    with subprocess.Popen(
        [*COMMAND, "--port", "0", "--until-stdin-closes"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline().strip().removesuffix("/v1").rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Null: \0\r\n\r\n")
            assert connection.recv(100).startswith(b"HTTP/1.1 400 ")
        _, errors = process.communicate(timeout=PATIENCE)
    assert (process.returncode, errors) == (0, "")


def test_end_of_what_takes_long() -> None:
    """It does not wait for an answer that is delayed, and says so in one line."""
    with subprocess.Popen(
        [*COMMAND, "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        sandbox = RemoteSandbox(process.stdout.readline().split()[-1].removesuffix("/v1"))
        sandbox.delay("customers.list", 1000)
        port = httpx.URL(sandbox.url).port or 0
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
            connection.sendall(
                b"GET /v1/customers HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer sandbox\r\n\r\n"
            )
            wait_until(lambda: [each.trouble for each in sandbox.requests] == ["delay"])
            sandbox.close()
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=PATIENCE)
    assert (process.returncode, errors) == (
        0,
        "ERROR:    Cancel 1 running task(s), timeout graceful shutdown exceeded\n",
    )


def test_interrupt() -> None:
    """Control-C ends it without a word; a wider host is warned of."""
    process = subprocess.Popen(
        [*COMMAND, "--port", "0", "--host", "0.0.0.0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    told = [process.stdout.readline() for _ in range(4)]
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=PATIENCE)
    assert (process.returncode, errors) == (0, "")
    assert told[1:] == [
        "API key   sandbox\n",
        told[0].replace("Base URL  ", "Page      ").replace("/v1\n", "/\n"),
        "Others can reach it: it listens on 0.0.0.0, and its key is no secret.\n",
    ]
