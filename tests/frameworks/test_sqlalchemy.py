"""The token store for SQLAlchemy, on SQLite and, where it can be had, on PostgreSQL."""

from __future__ import annotations

import asyncio
import importlib
import os
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from mijnklantportaal_client import OAuthError
from mijnklantportaal_client.oauth import OAuthApp, OAuthTokens, Token
from mijnklantportaal_client.testing import RemoteSandbox

sqlalchemy = pytest.importorskip("sqlalchemy", reason="SQLAlchemy is not installed")
pytest.importorskip("aiosqlite", reason="aiosqlite is not installed")
pytestmark = pytest.mark.slow

TOKEN = Token("a", "r", 1_900_000_000)
EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where the database is."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/tokens.db"
    found: str = request.getfixturevalue("postgresql")
    return found


def engine_of(url: str) -> Any:
    """An engine as the example wants it."""
    from sqlalchemy.ext.asyncio import create_async_engine

    options = {"connect_args": {"timeout": 60}} if url.startswith("sqlite") else {}
    return create_async_engine(url, hide_parameters=True, **options)


@pytest.fixture
async def engine(url: str) -> AsyncIterator[Any]:
    """An engine with an empty table."""
    engine = engine_of(url)
    metadata = importlib.import_module("sqlalchemy_token_store").metadata
    async with engine.begin() as connection:
        await connection.run_sync(metadata.drop_all)
        await connection.run_sync(metadata.create_all)
    yield engine
    await engine.dispose()


def store_of(engine: Any) -> Any:
    """A new store."""
    return importlib.import_module("sqlalchemy_token_store").SQLAlchemyTokenStore(engine)


async def test_kept_and_given_back(engine: Any) -> None:
    """For each tenant its own; a lock alone makes no token."""
    store = store_of(engine)
    async with store.lock("portal-42"):
        assert await store.load("portal-42") is None
        await store.save("portal-42", TOKEN)
        await store.save("portal-42", Token("b", None))
        assert await store.load("portal-42") == Token("b", None)
    # Another connection finds it too.
    assert await store_of(engine).load("portal-42") == Token("b", None)

    async def broken_off() -> None:
        async with store.lock("portal-42"):
            await store.save("portal-42", TOKEN)
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        await broken_off()
    assert await store.load("portal-42") == Token("b", None)
    await store.save("portal-43", TOKEN)
    assert await store_of(engine).load("portal-43") == TOKEN
    assert await store.load("portal-44") is None


async def test_lock(engine: Any) -> None:
    """One at a time, also after the one inside has saved."""
    inside: list[int] = []

    async def work(number: int) -> None:
        store = store_of(engine)
        async with store.lock("portal-42"):
            inside.append(number)
            await store.save("portal-42", Token(str(number)))
            for _ in range(10):
                assert await store.load("portal-42") == Token(str(number))
            assert inside[-1] == number

    await asyncio.gather(*(work(number) for number in range(4)))
    assert sorted(inside) == [0, 1, 2, 3]


PROGRAM = """
import asyncio, sys
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy_token_store import SQLAlchemyTokenStore
from mijnklantportaal_client.oauth import OAuthApp, OAuthTokens
sandbox, url = sys.argv[1:]
options = {"connect_args": {"timeout": 60}} if url.startswith("sqlite") else {}
app = OAuthApp("sandbox-app", "sandbox-secret", "http://localhost/back", sandbox)
async def main():
    engine = create_async_engine(url, hide_parameters=True, **options)
    print("ready", flush=True)
    sys.stdin.readline()
    one = lambda: OAuthTokens(app, store=SQLAlchemyTokenStore(engine), key="portal-42").token()
    print(*set(await asyncio.gather(*(one() for _ in range(10)))), flush=True)
    await engine.dispose()
asyncio.run(main())
"""


async def test_two_processes(engine: Any, url: str, sandbox: RemoteSandbox) -> None:
    """Twenty who want a token, ten in each, each with a store of its own: one refresh."""
    issued = sandbox.oauth.token()
    await store_of(engine).save("portal-42", Token(issued.access_token, issued.refresh_token, time.time() - 1))
    command = [sys.executable, "-c", PROGRAM, sandbox.url, url]
    pipe = asyncio.subprocess.PIPE
    environment = {**os.environ, "PYTHONPATH": str(EXAMPLES)}
    program = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, env=environment)
    assert program.stdin is not None
    assert program.stdout is not None
    assert await program.stdout.readline() == b"ready\n"
    program.stdin.write(b"go\n")
    app = OAuthApp("sandbox-app", "sandbox-secret", "http://localhost/back", sandbox.url)
    here = (OAuthTokens(app, store=store_of(engine), key="portal-42").token() for _ in range(10))
    tokens = set(await asyncio.gather(*here))
    told, _ = await program.communicate()
    kept = await store_of(engine).load("portal-42")
    assert (tokens, told.decode()) == ({kept.access_token}, f"{kept.access_token}\n")
    assert [each.error for each in sandbox.oauth.exchanges] == [None]


async def test_database_that_fails(engine: Any, sandbox: RemoteSandbox) -> None:
    """The error names what the database says, and holds no token."""
    from sqlalchemy import text

    issued = sandbox.oauth.token()
    store = store_of(engine)
    await store.save("portal-42", Token(issued.access_token, issued.refresh_token, time.time() - 1))

    class Broken(type(store)):  # type: ignore[misc]
        async def save(self, key: str, token: Token) -> None:
            async with self._connection() as connection:
                await connection.execute(text(f"SELECT '{token.access_token}' FROM nowhere"))

    app = OAuthApp("sandbox-app", "sandbox-secret", "http://localhost/back", sandbox.url)
    with pytest.raises(OAuthError, match=r"the token store failed: \w+Error: .*nowhere") as caught:
        await OAuthTokens(app, store=Broken(engine), key="portal-42").token()
    assert "oat_" not in str(caught.value)
    assert await OAuthTokens(app, store=store, key="portal-42").token()
    assert [each.error for each in sandbox.oauth.exchanges] == [None]
