"""`transport="fast"`: how it is chosen, and what its own library would do otherwise; all else is in the other tests."""

from __future__ import annotations

import asyncio
import logging
import os
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import trustme

from mijnklantportaal_client import ConfigurationError, MijnKlantportaal, Outcome, RetryPolicy, errors
from mijnklantportaal_client._http import HTTP
from mijnklantportaal_client._http_fast import FastHTTP
from mijnklantportaal_client.testing import RemoteSandbox, Sandbox
from proof import site as proof_site
from proof.site import Site
from tests.conftest import NEW_CUSTOMER, TOKEN, TRANSPORT

ID = "cst_abc12345def678"
_ONCE = RetryPolicy(max_attempts=1)


def fast(base_url: str, **options: Any) -> MijnKlantportaal:
    """A client with it."""
    return MijnKlantportaal(**{"api_key": TOKEN, **options}, base_url=base_url, transport="fast")


@pytest.mark.skipif(TRANSPORT != "httpx", reason="the default is another one in this run")
def test_it_has_to_be_asked_for() -> None:
    """Although its package is installed, it is never switched on by itself."""
    assert type(MijnKlantportaal(api_key=TOKEN)._dispatcher.session.http) is HTTP
    assert type(fast("https://example.org")._dispatcher.session.http) is FastHTTP


@pytest.mark.parametrize("name", ["Fast", "aiohttp", "", None, True, 1, ["fast"]])
def test_other_transports_are_refused(name: Any) -> None:
    """At once, with the two that there are."""
    with pytest.raises(ConfigurationError, match="transport must be 'httpx' or 'fast', not "):
        MijnKlantportaal(api_key=TOKEN, transport=name)


def test_its_package_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what to install."""
    monkeypatch.setitem(sys.modules, "aiohttp", None)
    with pytest.raises(ConfigurationError, match=r'pip install "mijnklantportaal-client\[fast\]"'):
        fast("https://example.org")


async def test_not_with_an_http_client() -> None:
    """One of the two would not be used."""
    async with httpx.AsyncClient() as http_client:
        with pytest.raises(ConfigurationError, match="does not use an http_client"):
            fast("https://example.org", http_client=http_client)


async def test_every_kind_of_body(sandbox: RemoteSandbox, tmp_path: Path) -> None:
    """What is sent and what comes back is what it would be with httpx, at any size."""
    path = tmp_path / "a.bin"
    content = os.urandom(300_000)
    path.write_bytes(content)

    async def stream() -> AsyncIterator[bytes]:
        for start in range(0, len(content), 70_000):
            yield content[start : start + 70_000]

    found: dict[str, list[tuple[str, int]]] = {}
    for transport in ("httpx", "fast"):
        sandbox.reset()
        async with sandbox.client(rate_limit=None, transport=transport) as portal:
            await portal.customers.create(**{**NEW_CUSTOMER, "company_name": "é" * 100})
            names = [row.company_name async for row in portal.customers.list()]
            assert names == ["é" * 100]
            sizes = [(await portal.files.upload(file=each)).size for each in (content, path, stream())]
            assert sizes == [len(content)] * 3
        sent = [(each.method, each.path) for each in sandbox.requests]
        found[transport] = [
            (" ".join(pair), len(each.headers)) for pair, each in zip(sent, sandbox.requests, strict=True)
        ]
    assert found["fast"] == found["httpx"]


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """A running fault server in another process."""
    with proof_site.running() as place:
        yield place


@pytest.fixture(autouse=True)
def transport(monkeypatch: pytest.MonkeyPatch) -> None:
    """All clients of the fault server have it."""
    monkeypatch.setattr(proof_site, "TRANSPORT", "fast")


@pytest.mark.parametrize("method", ["get", "update", "cancel", "create"])
async def test_the_library_sends_nothing_again(site: Site, method: str) -> None:
    """It would, for every method but POST and PATCH, where a connection is lost when it is used again."""
    key = proof_site.new_key()
    async with proof_site.new_client(site.url("lost_when_reused", key), retry=_ONCE) as portal:
        await proof_site.call(portal, "get")
        with pytest.raises(errors.APIConnectionError) as caught:
            await proof_site.call(portal, method)
    assert (caught.value.outcome, caught.value.attempts) == (Outcome.UNKNOWN, 1)
    assert site.executed(key) == 1


async def test_a_server_that_reads_nothing(site: Site) -> None:
    """Sending makes no progress, which is a time-out; nothing goes on being sent behind it."""
    port = site.order("door", kind="deaf")
    watch = proof_site.Watch()
    async with proof_site.new_client(site.url("silent", "silent", port), timeout=0.3, retry=_ONCE) as portal:
        watch.clients.append(portal)
        with pytest.raises(errors.APITimeoutError, match="sending made no progress") as caught:
            await proof_site.call(portal, "upload", bytes(30_000_000))
        assert caught.value.outcome is Outcome.UNKNOWN
        assert await watch.left() == []
        watch.clients.clear()


async def test_a_stream_that_fails(site: Site) -> None:
    """The error is the caller's own, and nothing of the request goes on."""

    async def stream() -> AsyncIterator[bytes]:
        yield b"x" * 100_000
        raise RuntimeError("no more")

    watch = proof_site.Watch()
    async with proof_site.new_client(site.url("ok", proof_site.new_key())) as portal:
        watch.clients.append(portal)
        with pytest.raises(errors.APIConnectionError, match="could not be read: RuntimeError: no more") as caught:
            await portal.files.upload(file=stream())
        assert isinstance(caught.value.__cause__, RuntimeError)
        assert (caught.value.outcome, caught.value.attempts) == (Outcome.UNKNOWN, 1)
        assert await watch.left() == []
        watch.clients.clear()


@pytest.mark.parametrize("times", [1, 5])
async def test_a_stream_that_is_cancelled(site: Site, times: int) -> None:
    """It is closed by the time the call has ended, though it takes its time, and whoever is in a hurry."""
    reached = asyncio.Event()
    closed: list[bool] = []

    async def stream() -> AsyncIterator[bytes]:
        try:
            yield b"x"
            reached.set()
            await asyncio.Event().wait()
        finally:
            for _ in range(20):
                await asyncio.sleep(0)
            closed.append(True)

    async with proof_site.new_client(site.url("ok", proof_site.new_key())) as portal:
        task = asyncio.create_task(portal.files.upload(file=stream()))
        await reached.wait()
        for _ in range(times):
            task.cancel()
            await asyncio.sleep(0)
        with pytest.raises(asyncio.CancelledError):
            await task
        assert closed == [True]
        assert (await proof_site.call(portal, "get")).id == ID


async def test_two_event_loops(sandbox: RemoteSandbox) -> None:
    """As ever, a client belongs to the one that first used it, and closing it from another one closes all."""
    sandbox.state.customers.add(id="cst_a")
    portal = fast(sandbox.base_url, api_key=sandbox.key)
    assert (await portal.customers.get("cst_a")).id == "cst_a"
    with ThreadPoolExecutor(1) as threads:
        refused = threads.submit(asyncio.run, portal.request("GET", "/customers")).exception(20)
        assert isinstance(refused, ConfigurationError)
        await asyncio.get_running_loop().run_in_executor(threads, asyncio.run, portal.aclose())
    http: Any = portal._dispatcher.session.http
    assert http._session.closed
    with pytest.raises(ConfigurationError, match="this client is closed"):
        await portal.customers.get("cst_a")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.parametrize("ending", ["", "asyncio.run(portal.aclose())", "del portal; gc.collect()"])
def test_a_program_that_forks_and_leaves_it_open(sandbox: RemoteSandbox, ending: str) -> None:
    """The child has connections of its own, and nobody is told of sessions that he never made."""
    for name in ("parent", "child"):
        sandbox.state.customers.add(id=f"cst_{name}")
    code = f"""
import asyncio, gc, os
from mijnklantportaal_client import MijnKlantportaal
portal = MijnKlantportaal(api_key={sandbox.key!r}, base_url={sandbox.base_url!r}, transport="fast")
print(asyncio.run(portal.customers.get("cst_parent")).id, flush=True)
child = os.fork()
if child:
    os.waitpid(child, 0)
else:
    print(asyncio.run(portal.customers.get("cst_child")).id, flush=True)
{ending}
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True)
    assert (done.stdout.split(), done.stderr) == (["cst_parent", "cst_child"], "")


async def test_an_installed_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stands in for the portal, whatever a client sends with."""
    monkeypatch.delenv("MIJNKLANTPORTAAL_BASE_URL", raising=False)
    sandbox = Sandbox()
    with sandbox.install():
        async with MijnKlantportaal(transport="fast") as portal:
            created = await portal.customers.create(**NEW_CUSTOMER)
        assert [each.id for each in sandbox.state.customers] == [created.id]


@asynccontextmanager
async def proxy(certificate: Any = None) -> AsyncIterator[tuple[int, list[str]]]:
    """Answers whatever it is asked for, and tells what that was."""
    asked: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        asked.append(head)
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{"id": "p_1"}'[:-1])
        writer.close()

    encryption = None
    if certificate is not None:
        encryption = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(encryption)
    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=encryption)
    async with server:
        yield server.sockets[0].getsockname()[1], asked


@pytest.mark.parametrize(
    ("variables", "used"),
    [
        ({"HTTP_PROXY": "http://name:pass@127.0.0.1:{}"}, True),
        ({"ALL_PROXY": "127.0.0.1:{}"}, True),
        ({"HTTPS_PROXY": "http://127.0.0.1:{}"}, False),
        ({"HTTP_PROXY": "http://127.0.0.1:{}", "NO_PROXY": "portal.invalid"}, False),
    ],
)
async def test_a_proxy_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], used: bool
) -> None:
    """It is asked for the whole URL; without it, the host has no address."""
    async with proxy() as (port, asked):
        for name, value in variables.items():
            monkeypatch.setenv(name, value.format(port))
        portal = fast("http://portal.invalid/v1", allow_insecure=True, retry=_ONCE)
        async with portal:
            if used:
                await portal.request("GET", "/customers")
            else:
                with pytest.raises(errors.APIConnectionError, match="could not connect") as caught:
                    await portal.request("GET", "/customers")
                assert caught.value.outcome is Outcome.NOT_SENT
    assert [head.split("\r\n")[0] for head in asked] == ["GET http://portal.invalid/v1/customers HTTP/1.1"] * used
    assert all("Basic bmFtZTpwYXNz" in head for head in asked if "name" in str(variables))


@pytest.mark.parametrize("trusted", [True, False])
@pytest.mark.parametrize("scheme", ["https", "HTTPS"])
async def test_the_certificate_of_a_proxy_is_checked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, scheme: str, trusted: bool
) -> None:
    """Also where the server itself is plain http: the proxy gets the token, and its own password."""
    authority = trustme.CA()
    (authority if trusted else trustme.CA()).cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    async with proxy(authority.issue_cert("127.0.0.1")) as (port, asked):
        monkeypatch.setenv("HTTP_PROXY", f"{scheme}://127.0.0.1:{port}")
        async with fast("http://portal.invalid/v1", allow_insecure=True, retry=_ONCE) as portal:
            if trusted:
                await portal.request("GET", "/customers")
            else:
                with pytest.raises(errors.APIConnectionError, match="CERTIFICATE_VERIFY_FAILED") as caught:
                    await portal.request("GET", "/customers")
                assert caught.value.outcome is Outcome.NOT_SENT
    assert len(asked) == trusted


@pytest.mark.parametrize(
    ("name", "value"),
    [("HTTPS_PROXY", "socks5://127.0.0.1:1"), ("SSL_CERT_FILE", "/no/such/file")],
)
async def test_an_environment_that_it_can_not_use(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """Is a mistake in the set-up, found before anything is sent."""
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError) as caught:
        await fast("https://portal.invalid/v1").customers.get(ID)
    assert caught.value.outcome is Outcome.NOT_SENT


@pytest.mark.parametrize("scheme", ["https", "HTTPS"])
@pytest.mark.parametrize("transport", ["httpx", "fast"])
async def test_a_server_that_nobody_vouches_for(site: Site, scheme: str, transport: Any) -> None:
    """Gets no token, however the scheme is written."""
    key = proof_site.new_key()
    base_url = site.url("ok", key, tls=True).replace("https", scheme, 1)
    async with MijnKlantportaal(api_key=TOKEN, base_url=base_url, transport=transport, retry=_ONCE) as portal:
        with pytest.raises(errors.APIConnectionError) as caught:
            await portal.customers.get(ID)
    assert caught.value.outcome is Outcome.NOT_SENT
    assert site.executed(key) == 0


async def test_nothing_secret_is_logged(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    """Neither by the library nor in an error: no token, no ID, no URL."""
    caplog.set_level(logging.DEBUG)
    texts: list[str] = []
    for fault in ("ok", "reset", "junk", "cut_200", "status_404", "length_odd"):
        async with proof_site.new_client(site.url(fault, proof_site.new_key()), retry=_ONCE) as portal:
            try:
                await proof_site.call(portal, "get")
            except errors.MijnKlantportaalError as error:
                texts.append(f"{error} {error!r}")
    records = "\n".join(
        f"{record.getMessage()} {vars(record)}" for record in caplog.records if record.name != "asyncio"
    )
    assert len(texts) == 5
    for secret in (proof_site.TOKEN, ID, "127.0.0.1", "SSH-2.0"):
        assert secret not in "\n".join([*texts, *records])
