"""Downloads and uploads over real HTTP: connections that break, hang or say too much, and a store that is slow."""

from __future__ import annotations

import asyncio
import json
import re
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from mijnklantportaal_client import MijnKlantportaal, RateLimit, RetryPolicy, errors
from mijnklantportaal_client.blocking import run
from mijnklantportaal_client.testing import RemoteSandbox, Sandbox

DOCUMENT = b"%PDF-1.7 " + bytes(range(256)) * 2000
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(DOCUMENT)
FAST = RetryPolicy(initial=0.0, maximum=0.0)
Act = Callable[["Store", asyncio.StreamWriter], Awaitable[None]]


class Store:
    """A portal that gives links, and what they point to: each request for a file meets the next act."""

    def __init__(self, *acts: Act) -> None:
        self.acts = list(acts)
        self.links = 0
        self.heads: list[bytes] = []
        self.reached = asyncio.Event()
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answers the requests of a connection."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                if b"/v1/" in head.split(b"\r\n", 1)[0]:
                    self.links += 1
                    link = f"http://127.0.0.1:{self.port}/file{self.links}?signature=s3cr3t-s3cr3t"
                    content = json.dumps({"link": link, "expiresAt": "2099-01-01T00:00:00+01:00"}).encode()
                    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(content), content))
                else:
                    self.heads.append(head)
                    await (self.acts.pop(0) if len(self.acts) > 1 else self.acts[0])(self, writer)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


async def whole(_: Store, writer: asyncio.StreamWriter) -> None:
    """All of it."""
    writer.write(HEAD + DOCUMENT)


async def cut(_: Store, writer: asyncio.StreamWriter) -> None:
    """The connection ends in the middle."""
    writer.write(HEAD + DOCUMENT[:300_000])
    await writer.drain()
    writer.close()


async def reset(_: Store, writer: asyncio.StreamWriter) -> None:
    """The connection breaks in the middle."""
    writer.write(HEAD + DOCUMENT[:300_000])
    await writer.drain()
    writer.transport.abort()


async def too_long(_: Store, writer: asyncio.StreamWriter) -> None:
    """More comes than was told; the rest is no part of the file, nor of the next answer."""
    writer.write(HEAD + DOCUMENT + b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")


async def chunked_cut(_: Store, writer: asyncio.StreamWriter) -> None:
    """A body without its last chunk."""
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n")
    await writer.drain()
    writer.close()


async def endless(_: Store, writer: asyncio.StreamWriter) -> None:
    """A body without a length that does not end."""
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not writer.is_closing():
        writer.write(b"10000\r\n" + bytes(65536) + b"\r\n")
        await writer.drain()


async def hang(store: Store, writer: asyncio.StreamWriter) -> None:
    """It stops in the middle."""
    writer.write(HEAD + DOCUMENT[:300_000])
    await writer.drain()
    store.reached.set()
    await asyncio.Event().wait()


async def expired(_: Store, writer: asyncio.StreamWriter) -> None:
    """What stores say of a link that is too old."""
    body = b"<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>"
    writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Type: application/xml\r\nContent-Length: %d\r\n\r\n" % len(body))
    writer.write(body)


async def elsewhere(_: Store, writer: asyncio.StreamWriter) -> None:
    """A redirect."""
    writer.write(b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/latest\r\nContent-Length: 0\r\n\r\n")


@asynccontextmanager
async def store_with(*acts: Act, **options: Any) -> AsyncIterator[tuple[Store, MijnKlantportaal]]:
    """A store and a client of it."""
    store = Store(*acts)
    tasks: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.ensure_future(store.serve(reader, writer)))

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    store.port = server.sockets[0].getsockname()[1]
    given: dict[str, Any] = {"retry": FAST, "rate_limit": None, **options}
    try:
        async with MijnKlantportaal(api_key="key", base_url=f"http://127.0.0.1:{store.port}/v1", **given) as portal:
            yield store, portal
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()


def files_in(folder: Path) -> dict[str, bytes]:
    """What is there."""
    return {each.name: each.read_bytes() for each in folder.iterdir()}


@pytest.mark.parametrize("fault", [cut, reset, chunked_cut])
async def test_what_breaks_off_is_fetched_again(tmp_path: Path, fault: Act) -> None:
    """From its start; where it breaks off each time, nothing is there."""
    async with store_with(fault, fault, whole) as (store, portal):
        link = await portal.files.get_download_link("fsf_abc12345678")
        told: list[int] = []
        await portal.download(link, to=tmp_path / "a", on_progress=lambda done, _: told.append(done))
        assert files_in(tmp_path) == {"a": DOCUMENT}
        assert (told.count(0), len(store.heads)) == (3, 3)
        store.acts = [fault]
        with pytest.raises(errors.APIConnectionError, match="the answer broke off") as caught:
            await portal.download(link, to=tmp_path / "b")
        assert caught.value.attempts == 4
        assert list(files_in(tmp_path)) == ["a"]


async def test_no_header_but_what_is_needed(tmp_path: Path) -> None:
    """As it goes over the wire."""
    async with store_with(whole) as (store, portal):
        await portal.download(await portal.files.get_download_link("fsf_abc12345678"), to=tmp_path / "a")
        lines = store.heads[0].decode().lower().split("\r\n")
        assert lines[0] == "get /file1?signature=s3cr3t-s3cr3t http/1.1"
        assert {line.split(":")[0] for line in lines[1:-2]} == {"host", "user-agent", "accept", "accept-encoding"}


async def test_more_than_was_told(tmp_path: Path) -> None:
    """The file is what was told, and the next one does not get the rest."""
    async with store_with(too_long, whole) as (_, portal):
        link = await portal.files.get_download_link("fsf_abc12345678")
        await portal.download(link, to=tmp_path / "a")
        assert await portal.read(link) == DOCUMENT
        assert files_in(tmp_path) == {"a": DOCUMENT}


async def test_a_file_without_an_end(tmp_path: Path) -> None:
    """It ends at the limit, and the disk is as it was."""
    async with store_with(endless) as (_, portal):
        link = await portal.files.get_download_link("fsf_abc12345678")
        with pytest.raises(errors.ResponseTooLargeError, match="longer than 3000000 bytes"):
            await portal.download(link, to=tmp_path / "a", max_bytes=3_000_000)
        with pytest.raises(errors.ResponseTooLargeError):
            await portal.with_options(max_response_bytes=1_000_000).read(link)
        assert files_in(tmp_path) == {}


async def test_a_store_that_stops(tmp_path: Path) -> None:
    """Without progress it is a time-out."""
    async with store_with(hang, timeout=1.0, retry=RetryPolicy(max_attempts=1)) as (_, portal):
        with pytest.raises(errors.APITimeoutError, match="the answer broke off: no answer came in time"):
            await portal.download(await portal.files.get_download_link("fsf_abc12345678"), to=tmp_path / "a")
        assert files_in(tmp_path) == {}


async def test_an_expired_link(tmp_path: Path) -> None:
    """The file comes by the new one."""
    async with store_with(expired, whole) as (store, portal):
        await portal.download(await portal.files.get_download_link("fsf_abc12345678"), to=tmp_path / "a")
        assert [re.findall(rb"/file(\d)", head)[0] for head in store.heads] == [b"1", b"2"]
        assert files_in(tmp_path) == {"a": DOCUMENT}


async def test_a_redirect_to_another_host(tmp_path: Path) -> None:
    """Nobody goes there."""
    async with store_with(elsewhere) as (store, portal):
        with pytest.raises(errors.APIStatusError, match="302, a redirect, which is not followed") as caught:
            await portal.download(await portal.files.get_download_link("fsf_abc12345678"), to=tmp_path / "a")
        assert "169.254" not in f"{caught.value} {vars(caught.value)}"
        assert len(store.heads) == 1


async def test_cancelled_on_the_way(tmp_path: Path) -> None:
    """The old file is as it was, nothing else is there, and the client is as good as before."""
    (tmp_path / "a").write_bytes(b"the old one")
    async with store_with(hang, whole) as (store, portal):
        link = await portal.files.get_download_link("fsf_abc12345678")
        task = asyncio.ensure_future(portal.download(link, to=tmp_path / "a"))
        await store.reached.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert files_in(tmp_path) == {"a": b"the old one"}
        await portal.download(link, to=tmp_path / "a")
        assert files_in(tmp_path) == {"a": DOCUMENT}


async def test_a_slow_reader_slows_the_store(tmp_path: Path) -> None:
    """What comes in faster than it can be taken is left in the network, not kept in memory."""
    sent = 0
    stalled = asyncio.Event()

    async def floods(store: Store, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (64 * 1024**2))
        for _ in range(64):
            writer.write(bytes(1024**2))
            sent += 1024**2
            try:
                async with asyncio.timeout(None if stalled.is_set() else 0.3):
                    await writer.drain()
            except TimeoutError:
                stalled.set()
                await writer.drain()

    async def holds_up(done: int, _: int | None) -> None:
        if done:
            await stalled.wait()

    async with store_with(floods) as (_, portal):
        link = await portal.files.get_download_link("fsf_abc12345678")
        at_stall: list[int] = []
        stalled_task = asyncio.ensure_future(stalled.wait())
        stalled_task.add_done_callback(lambda _: at_stall.append(sent))
        target = await portal.download(link, to=tmp_path / "a", on_progress=holds_up)
        assert target.stat().st_size == 64 * 1024**2
        # As much as the sockets of this machine hold.
        assert at_stall[0] < 24 * 1024**2


async def test_a_slow_store_slows_an_upload(tmp_path: Path) -> None:
    """A file is read as fast as it is taken, and what was told as sent was taken."""
    with (tmp_path / "big").open("wb") as file:
        file.truncate(256 * 1024**2)
    told: list[int] = []

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        writers.append(writer)

    writers: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    async with MijnKlantportaal(api_key="key", base_url=url, timeout=1.0) as portal:
        with pytest.raises(errors.APITimeoutError, match="sending made no progress") as caught:
            await portal.files.upload(file=tmp_path / "big", on_progress=lambda done, _: told.append(done))
    assert caught.value.outcome.may_have_happened
    assert 0 < told[-1] < 24 * 1024**2
    for writer in writers:
        writer.close()
    server.close()
    await server.wait_closed()


async def test_in_the_sandbox_of_another_process(sandbox: RemoteSandbox, tmp_path: Path) -> None:
    """Every kind of link leads to its bytes, also after its five minutes."""
    async with sandbox.client() as portal:
        uploaded = await portal.files.upload(file=DOCUMENT)
        customer = sandbox.state.customers.add()
        invoice = await portal.customer_invoices.create_from_pdf(
            customer_id=customer.id, invoice_number="F-1", issued_at="2026-03-01", amount="12.50", pdf=b"%PDF-1"
        )
        links = [
            await portal.files.get_download_link(uploaded.id),
            await portal.customer_invoices.get_pdf_link(invoice.id),
        ]
        sandbox.clock.advance(301)
        assert [await portal.read(link) for link in links] == [DOCUMENT, b"%PDF-1"]
        with pytest.raises(errors.PermissionDeniedError, match="could not be renewed"):
            await portal.read(links[0].link)


async def test_in_a_sandbox_of_this_process(tmp_path: Path) -> None:
    """Without a socket, as a client of its own and while it stands in for the real portal."""
    async with Sandbox() as sandbox:
        portal = sandbox.client()
        uploaded = await portal.files.upload(file=DOCUMENT)
        await portal.download(await portal.files.get_download_link(uploaded.id), to=tmp_path / "a")
        with sandbox.install():
            async with MijnKlantportaal(rate_limit=RateLimit(1000)) as other:
                link = await other.files.get_download_link(uploaded.id)
                assert link.link.startswith("https://api.mijnklantportaal.nl/")
                await other.download(link, to=tmp_path / "b")
    assert files_in(tmp_path) == {"a": DOCUMENT, "b": DOCUMENT}


def test_from_code_that_is_not_async(sandbox: RemoteSandbox, tmp_path: Path) -> None:
    """In any thread."""
    portal = sandbox.client()

    def fetch() -> None:
        uploaded = run(portal.files.upload(file=DOCUMENT))
        run(portal.download(run(portal.files.get_download_link(uploaded.id)), to=tmp_path / "a"))

    thread = threading.Thread(target=fetch)
    thread.start()
    thread.join()
    run(portal.aclose())
    assert files_in(tmp_path) == {"a": DOCUMENT}
