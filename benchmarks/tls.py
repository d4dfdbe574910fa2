"""The same calls over TLS on loopback: one after another, on a connection that is there."""

from __future__ import annotations

import asyncio
import ssl
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from unittest import mock

import aiohttp
import httpx
import trustme

from benchmarks.figures import Figure, ratio
from benchmarks.peers import HEADERS, KEY, bare, ours, raw
from benchmarks.rounds import Times, in_turns, sequential
from benchmarks.servers import fast_server
from mijnklantportaal_client import MijnKlantportaal


async def _measure(plain: str, secure: str, trust: ssl.SSLContext, rounds: int) -> Times:
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        client = await enter(httpx.AsyncClient(headers=HEADERS, verify=trust, trust_env=False))
        connector = aiohttp.TCPConnector(ssl=trust)
        session = await enter(aiohttp.ClientSession(headers=HEADERS, connector=connector))
        calls = {
            "httpx": bare(client, secure),
            "raw aiohttp": raw(session, secure),
            "default": ours(await enter(MijnKlantportaal(api_key=KEY, base_url=secure))),
            "fast": ours(await enter(MijnKlantportaal(api_key=KEY, base_url=secure, transport="fast"))),
            "default, plain": ours(await enter(MijnKlantportaal(api_key=KEY, base_url=plain))),
            "fast, plain": ours(await enter(MijnKlantportaal(api_key=KEY, base_url=plain, transport="fast"))),
        }
        elapsed, _ = await in_turns(calls, lambda call: sequential(call, 50), rounds)
    return elapsed


def measure(quick: bool = False) -> list[Figure]:
    """Times of bare httpx over TLS, and of the same call without TLS."""
    authority = trustme.CA()
    with tempfile.TemporaryDirectory() as name:
        certificate, own = Path(name) / "server.pem", Path(name) / "ca.pem"
        certificate.write_bytes(authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.bytes())
        own.write_bytes(authority.cert_pem.bytes())
        trust = ssl.create_default_context(cafile=str(own))
        with (
            mock.patch.dict("os.environ", {"SSL_CERT_FILE": str(own)}),
            fast_server() as plain,
            fast_server(certificate) as secure,
        ):
            times = asyncio.run(_measure(plain, secure, trust, 3 if quick else 15))
    return [
        ratio("TLS: default / httpx", times["default"], times["httpx"]),
        ratio("TLS: fast / httpx", times["fast"], times["httpx"]),
        ratio("TLS: raw aiohttp / httpx", times["raw aiohttp"], times["httpx"]),
        ratio("default: TLS / plain", times["default"], times["default, plain"]),
        ratio("fast: TLS / plain", times["fast"], times["fast, plain"]),
    ]
