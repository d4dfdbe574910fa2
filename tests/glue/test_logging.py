"""What is logged, by this package and by the HTTP library on its behalf, and that nothing of it is secret."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import logging.handlers
import pickle
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import httpx
import pytest

from mijnklantportaal_client import MijnKlantportaal, RateLimit, RetryPolicy, errors
from tests.conftest import CUSTOMER, NEW_CUSTOMER, TRANSPORT, MakeBench, httpx_only

OURS = "mijnklantportaal_client"
TOKEN = "tok-Zeer/Geheim-0123456789"
TRANSPORTS = ["httpx", "fast"] if TRANSPORT == "httpx" else [TRANSPORT]
SECRETS = ["tok-", "Geheim", "cst_", "abc12345", "john", "test.com", "Teststreet", "1234AB", "Bearer", "laravel"]


@pytest.fixture(autouse=True)
def everything(caplog: pytest.LogCaptureFixture) -> None:
    """Every logger says all it has to say."""
    caplog.set_level(logging.DEBUG)


def ours(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    """Level and text of our own records, without the call's ID."""
    return [
        (record.levelname, record.getMessage().rsplit(" (call ", 1)[0])
        for record in caplog.records
        if record.name == OURS
    ]


def shown(records: list[logging.LogRecord]) -> str:
    """All that any handler could write of some records."""
    formatter = logging.Formatter()
    return "\n".join(f"{formatter.format(record)} {vars(record)}" for record in records if record.name != "asyncio")


async def test_calls_without_trouble_are_not_logged(bench: MakeBench, caplog: pytest.LogCaptureFixture) -> None:
    """Nor are failures that the caller gets as an error."""
    it = bench(CUSTOMER, 404, httpx.ReadError("lost"))
    await it.get()
    for call in (it.get, it.create):
        with pytest.raises(errors.MijnKlantportaalError):
            await call()
    assert ours(caplog) == []


async def test_one_line_for_each_retry(bench: MakeBench, caplog: pytest.LogCaptureFixture) -> None:
    """At INFO, with the reason and the wait; the last attempt has none."""
    it = bench(httpx.ConnectError(""), httpx.ReadTimeout(""), 503, 500)
    with pytest.raises(errors.ServerError):
        await it.get()
    assert ours(caplog) == [
        ("INFO", "get-customer: attempt 1 failed (could not connect), next in 0.4 s"),
        ("INFO", "get-customer: attempt 2 failed (no answer came in time), next in 0.8 s"),
        ("INFO", "get-customer: attempt 3 failed (status 503), next in 1.5 s"),
    ]


@pytest.mark.parametrize(("per", "lines"), [(1.0, 0), (4.5, 0), (5.0, 0), (5.5, 1), (60.0, 1)])
async def test_one_line_for_each_long_wait(
    bench: MakeBench, caplog: pytest.LogCaptureFixture, per: float, lines: int
) -> None:
    """At INFO, for a wait of more than five seconds that the rate limit takes; shorter ones are told to hooks only."""
    it = bench(CUSTOMER, rate_limit=RateLimit(1, per=per))
    for _ in range(3):
        await it.get()
    assert ours(caplog) == [("INFO", f"get-customer: waits about {per:.0f} s for the rate limit")] * lines * 2
    assert [event.delay for event in it.hook.of("on_wait")] == [per, per]


async def test_each_call_in_line_has_its_line(bench: MakeBench, caplog: pytest.LogCaptureFixture) -> None:
    """With about the seconds that hooks are told."""
    it = bench(CUSTOMER, rate_limit=RateLimit(2))
    await asyncio.gather(*(it.get() for _ in range(6)))
    waits = [event.delay for event in it.hook.of("on_wait")]
    assert max(waits) >= 60
    assert ours(caplog) == [
        ("INFO", f"get-customer: waits about {seconds:.0f} s for the rate limit") for seconds in waits if seconds > 5
    ]


async def test_wait_after_a_429_is_a_wait_and_no_retry(bench: MakeBench, caplog: pytest.LogCaptureFixture) -> None:
    """One line, and none for a refusal that is over soon."""
    it = bench(httpx.Response(429, headers={"retry-after": "30"}), CUSTOMER)
    await it.get()
    (line,) = ours(caplog)
    assert line[0] == "INFO"
    assert line[1].startswith("get-customer: waits about 3")
    caplog.clear()
    it = bench(httpx.Response(429, headers={"retry-after": "2"}), CUSTOMER)
    await it.get()
    assert ours(caplog) == []


async def test_without_pacing_a_429_is_a_retry(bench: MakeBench, caplog: pytest.LogCaptureFixture) -> None:
    """And has the line of one."""
    it = bench(httpx.Response(429, headers={"retry-after": "30"}), CUSTOMER, rate_limit=None)
    await it.get()
    assert ours(caplog) == [("INFO", "get-customer: attempt 1 failed (status 429), next in 30.0 s")]


async def test_extra(bench: MakeBench, caplog: pytest.LogCaptureFixture) -> None:
    """Each record has what finds its call again, and a client's tags."""
    it = bench(503, CUSTOMER | {"city": None}, rate_limit=RateLimit(1), tags={"shop": "a"})
    await it.get()
    records = [record for record in caplog.records if record.name == OURS]
    assert [record.levelname for record in records] == ["INFO", "INFO", "WARNING"]
    call_id = it.hook.of("on_outcome")[0].call_id
    for record in records:
        assert (vars(record)["call_id"], vars(record)["operation"]) == (call_id, "get-customer")
        assert vars(record)["tags"] == {"shop": "a"}


class Failing:
    """A hook that fails."""

    def on_request(self, event: Any) -> None:
        raise RuntimeError("boom")


@pytest.mark.parametrize("tags", [{"shop": "a"}, {"lock": threading.Lock(), "call": lambda: None}])
async def test_records_pickle(bench: MakeBench, caplog: pytest.LogCaptureFixture, tags: dict[str, Any]) -> None:
    """Handlers that write from another process or machine can take all of them, whatever the tags are."""
    it = bench(503, CUSTOMER | {"city": None, "new": 1}, rate_limit=RateLimit(1), hooks=[Failing()], tags=tags)
    await it.get()
    records = [record for record in caplog.records if record.name == OURS]
    assert {record.levelname for record in records} == {"DEBUG", "INFO", "WARNING", "ERROR"}
    handler = logging.handlers.SocketHandler("localhost", 0)
    for record in records:
        assert handler.makePickle(record)
        copy = pickle.loads(pickle.dumps(logging.handlers.QueueHandler(None).prepare(record)))  # type: ignore[arg-type]
        assert copy.getMessage().startswith(record.getMessage())
    handler.close()


async def test_no_path_of_a_file_is_logged(bench: MakeBench, caplog: pytest.LogCaptureFixture, tmp_path: Any) -> None:
    """A file that can't be read is named in the error, which is the caller's, but not in the log."""
    path = tmp_path / "Geheim.pdf"
    path.write_bytes(b"x")
    it = bench(CUSTOMER, retry=RetryPolicy(max_attempts=2, retry_unsafe=True), hooks=[Removing(path)])
    with pytest.raises(errors.APIConnectionError, match=r"Geheim\.pdf"):
        await it.portal.files.upload(file=path)
    assert ours(caplog) == [
        ("INFO", "post-files: attempt 1 failed (the content to send could not be read), next in 0.4 s")
    ]
    assert "Geheim" not in repr(it.hook.of("on_retry"))


class Removing:
    """A hook that removes a file."""

    def __init__(self, path: Any) -> None:
        self.path = path

    def on_request(self, event: Any) -> None:
        self.path.unlink(missing_ok=True)


BODY = json.dumps(CUSTOMER).encode()
HEAD = (
    f"HTTP/1.1 200 OK\r\nContent-Length: {len(BODY)}\r\nSet-Cookie: laravel_session=x\r\nX-Echo: Bearer tok-1\r\n\r\n"
)
GOOD = HEAD.encode() + BODY
RAW = {
    "success": GOOD,
    "cookie that is no header": b"HTTP/1.1 200 OK\r\nSet-Cookie laravel_session=x\r\n\r\n",
    "no HTTP": b'{"companyName": "Geheim"}\r\n\r\n',
    "chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\njohn@test.com\r\n",
    "cut": b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\nSet-Cookie: laravel_session=x\r\n\r\n{"city": "Geheim"',
    "error": b'HTTP/1.1 500 No\r\nContent-Length: 21\r\nX-Echo: Bearer tok-1\r\n\r\n{"message": "Geheim"}',
    "busy": b'HTTP/1.1 429 No\r\nContent-Length: 21\r\nRetry-After: 0\r\n\r\n{"message": "Geheim"}',
    "redirect": b"HTTP/1.1 303 No\r\nContent-Length: 0\r\nLocation: /customers/cst_1?email=john@test.com\r\n\r\n",
    "senseless redirect": b"HTTP/1.1 303 No\r\nContent-Length: 0\r\nLocation: http://[Geheim\r\n\r\n",
    "nothing": b"",
}
NO_HTTP = "the server broke the connection off, or sent what is not HTTP"
CUT = "peer closed connection without sending complete message body (received 17 bytes, expected 99)"


@asynccontextmanager
async def server(answer: bytes) -> AsyncIterator[str]:
    """A server that sends the same bytes in answer to every request, and its URL."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            lines = head.lower().split(b"\r\n")
            length = next((int(line[15:]) for line in lines if line.startswith(b"content-length:")), 0)
            await reader.readexactly(length)
            writer.write(answer)
            await writer.drain()
        writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with listening:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/v1"


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("name", RAW)
async def test_nothing_secret_at_any_level(caplog: pytest.LogCaptureFixture, name: str, transport: Any) -> None:
    """Over real connections, with every library at DEBUG: no token, header, ID, query, name or address."""
    retry = RetryPolicy(max_attempts=2, initial=0, retry_unsafe=True)
    async with (
        server(RAW[name]) as url,
        MijnKlantportaal(api_key=TOKEN, base_url=url, rate_limit=None, retry=retry, transport=transport) as portal,
    ):
        calls = [
            portal.customers.get("cst_abc12345def678", extra_query={"q": "john@test.com"}),
            portal.customers.create(**NEW_CUSTOMER),
            portal.customers.update("cst_abc12345def678", company_name="Geheim"),
            portal.files.upload(file=io.BytesIO(b"Geheim")),
            portal.request("GET", "/customers/cst_abc12345def678", query={"email": "john@test.com"}),
        ]
        for call in calls:
            with suppress(errors.MijnKlantportaalError):
                await call
    if transport == "httpx":
        assert {record.name for record in caplog.records} >= {"httpcore.connection", "httpcore.http11"}
    text = shown(caplog.records)
    assert [secret for secret in SECRETS if secret in text] == []


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize(
    ("name", "reason", "detail"),
    [
        ("cut", f"the answer broke off: {NO_HTTP}", f" ({CUT})"),
        ("no HTTP", NO_HTTP, " (illegal status line)"),
        ("cookie that is no header", NO_HTTP, " (illegal header line)"),
        ("error", "status 500", ""),
    ],
)
async def test_reasons(caplog: pytest.LogCaptureFixture, name: str, reason: str, detail: str, transport: Any) -> None:
    """They say what went wrong, without what the server sent; a success that was cut is no matter of its status."""
    retry = RetryPolicy(max_attempts=2, initial=0)
    async with (
        server(RAW[name]) as url,
        MijnKlantportaal(api_key=TOKEN, base_url=url, rate_limit=None, retry=retry, transport=transport) as portal,
    ):
        with pytest.raises(errors.MijnKlantportaalError):
            await portal.customers.get("cst_abc12345def678")
    why = reason + detail * (transport == "httpx")
    assert ours(caplog) == [("INFO", f"get-customer: attempt 1 failed ({why}), next in 0.0 s")]


async def test_drift_tells_no_values(bench: MakeBench, caplog: pytest.LogCaptureFixture) -> None:
    """What the answer held in the place is not logged."""
    it = bench(CUSTOMER | {"companyName": ["Geheim"], "createdAt": "john@test.com", "new": TOKEN})
    await it.get()
    assert sum(level in ("WARNING", "DEBUG") for level, _ in ours(caplog)) == 3
    text = shown([record for record in caplog.records if record.name == OURS])
    assert [secret for secret in SECRETS if secret in text] == []


@httpx_only
async def test_httpx_logs_templates(caplog: pytest.LogCaptureFixture) -> None:
    """The line of httpx for each request stays, without the ID and the query."""
    async with server(GOOD) as url, MijnKlantportaal(api_key=TOKEN, base_url=url, rate_limit=None) as portal:
        await portal.customers.get("cst_abc12345def678", extra_query={"q": "john@test.com"})
    (record,) = [record for record in caplog.records if record.name == "httpx" and record.levelno == logging.INFO]
    assert record.getMessage() == f'HTTP Request: GET {url}/customers/{{id}} "HTTP/1.1 200 OK"'
    assert record.args == ("GET", f"{url}/customers/{{id}}", "HTTP/1.1", 200, "OK")


@httpx_only
async def test_httpcore_logs_no_headers(caplog: pytest.LogCaptureFixture) -> None:
    """Its lines stay; of an answer they tell the status."""
    async with server(GOOD) as url, MijnKlantportaal(api_key=TOKEN, base_url=url, rate_limit=None) as portal:
        await portal.customers.get("cst_abc12345def678")
    lines = [record.getMessage() for record in caplog.records if record.name == "httpcore.http11"]
    assert "send_request_headers.started request=<Request [b'GET']>" in lines
    assert "receive_response_headers.complete return_value=(b'HTTP/1.1', 200, b'OK')" in lines


async def test_other_requests_are_logged_as_ever(caplog: pytest.LogCaptureFixture) -> None:
    """Those of anybody else, and those that the caller makes with the client that he gave."""
    async with server(GOOD) as url, httpx.AsyncClient() as other:
        async with MijnKlantportaal(api_key=TOKEN, base_url=url, rate_limit=None, http_client=other) as portal:
            await portal.customers.get("cst_abc12345def678")
        caplog.clear()
        await other.get(f"{url}/customers/cst_1?q=2")
    text = "\n".join(record.getMessage() for record in caplog.records)
    assert f'HTTP Request: GET {url}/customers/cst_1?q=2 "HTTP/1.1 200 OK"' in text
    assert "(b'Set-Cookie', b'laravel_session=x')" in text


async def test_what_is_sent_does_not_change(bench: MakeBench) -> None:
    """Whoever looks at a request, as users' mocks do, sees the whole URL."""
    it = bench(CUSTOMER)
    await it.portal.customers.get("cst_abc12345def678", extra_query={"q": "2"})
    whole = "https://api.mijnklantportaal.nl/v1/customers/cst_abc12345def678?q=2"
    assert (str(it.server.last.url), it.server.last.url) == (whole, httpx.URL(whole))
    assert isinstance(pickle.loads(pickle.dumps(it.server.last)).url, httpx.URL)


@pytest.fixture
def own_stream() -> Iterator[io.StringIO]:
    """A handler like the ones of users, at INFO."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setLevel(logging.INFO)
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


async def test_levels_and_handlers_are_the_users(bench: MakeBench, own_stream: io.StringIO) -> None:
    """This package sets no level and adds no handler; its lines reach those of the root logger."""
    it = bench(503, CUSTOMER)
    await it.get()
    assert (logging.getLogger(OURS).level, logging.getLogger(OURS).handlers) == (logging.NOTSET, [])
    assert "attempt 1 failed (status 503)" in own_stream.getvalue()
    logging.getLogger(OURS).setLevel(logging.WARNING)
    try:
        await bench(503, CUSTOMER).get()
    finally:
        logging.getLogger(OURS).setLevel(logging.NOTSET)
    assert own_stream.getvalue().count("attempt 1 failed") == 1
