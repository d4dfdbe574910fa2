"""Keeps the tokens of OAuth in a database, with SQLAlchemy: for any number of processes on any number of machines.

    engine = create_async_engine("postgresql+psycopg://...")
    store = SQLAlchemyTokenStore(engine)
    portal = MijnKlantportaal(auth=OAuthTokens(app, store=store, key="portal-42"))

On PostgreSQL a refresh locks the tenant's own row, on SQLite the whole database, each for as long as it takes. Tokens
are secrets: encrypt the columns, or the disk, as your other secrets.
"""

from __future__ import annotations

import datetime
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Literal

from sqlalchemy import Column, DateTime, MetaData, String, Table, select
from sqlalchemy.dialects import postgresql, sqlite

from mijnklantportaal_client.oauth import Token

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

metadata = MetaData()
tokens = Table(
    "oauth_tokens",
    metadata,
    Column("key", String(200), primary_key=True),
    # Empty until the tenant gave its consent, as there must be a row to lock.
    Column("access_token", String),
    Column("refresh_token", String),
    Column("expires_at", DateTime(timezone=True)),
)


# What is done under a lock must be done by the connection that has it.
_locked: ContextVar[tuple[AsyncEngine, AsyncConnection] | None] = ContextVar("locked", default=None)


class SQLAlchemyTokenStore:
    """A `TokenStore` in the table `oauth_tokens`.

    Args:
        engine: Your application's engine, for PostgreSQL or SQLite. Make it with `hide_parameters=True`, so that
            SQLAlchemy shows no token in its errors, and for SQLite with `connect_args={"timeout": 60}`, so that one
            process waits for the refresh of another.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._sqlite = engine.dialect.name == "sqlite"
        self._insert = sqlite.insert if self._sqlite else postgresql.insert

    async def load(self, key: str) -> Token | None:
        """The token of a tenant; None where there is none."""
        async with self._connection() as connection:
            row = (await connection.execute(select(tokens).where(tokens.c.key == key))).one_or_none()
        if row is None or row.access_token is None:
            return None
        expires_at: datetime.datetime | None = row.expires_at
        if expires_at is not None and expires_at.tzinfo is None:
            # SQLite keeps no zones.
            expires_at = expires_at.replace(tzinfo=datetime.UTC)
        return Token(row.access_token, row.refresh_token, expires_at)

    async def save(self, key: str, token: Token) -> None:
        """Keeps a token in the place of the one before."""
        values = {
            "access_token": token.access_token,
            "refresh_token": token.refresh_token,
            "expires_at": token.expires_at and token.expires_at.astimezone(datetime.UTC),
        }
        insert = self._insert(tokens).values(key=key, **values)
        async with self._connection() as connection:
            await connection.execute(insert.on_conflict_do_update(index_elements=["key"], set_=values))
            # Under a lock it is kept with the lock's end, before which nobody else gets in.
            if not self._has_lock(connection):
                await connection.commit()

    @asynccontextmanager
    async def lock(self, key: str) -> AsyncGenerator[None, None]:
        """Keeps everyone else out who locks the same tenant, on other machines too."""
        async with self._connect() as connection:
            await self._take(connection, key)
            before = _locked.set((self._engine, connection))
            try:
                yield
            except BaseException:
                await self._end(connection, "ROLLBACK")
                raise
            else:
                await self._end(connection, "COMMIT")
            finally:
                _locked.reset(before)

    async def _take(self, connection: AsyncConnection, key: str) -> None:
        if self._sqlite:
            # Its only lock is that of the whole file, which this takes at once instead of at the first change.
            await connection.exec_driver_sql("BEGIN IMMEDIATE")
            return
        await connection.execute(self._insert(tokens).values(key=key).on_conflict_do_nothing())
        await connection.commit()
        await connection.execute(select(tokens.c.key).where(tokens.c.key == key).with_for_update())

    async def _end(self, connection: AsyncConnection, how: Literal["COMMIT", "ROLLBACK"]) -> None:
        if self._sqlite:
            await connection.exec_driver_sql(how)
        elif how == "COMMIT":
            await connection.commit()
        else:
            await connection.rollback()

    def _has_lock(self, connection: AsyncConnection) -> bool:
        _, locked = _locked.get() or (None, None)
        return connection is locked

    @asynccontextmanager
    async def _connection(self) -> AsyncGenerator[AsyncConnection, None]:
        """The connection that has the lock, or a new one."""
        engine, connection = _locked.get() or (None, None)
        if connection is not None and engine is self._engine:
            yield connection
        else:
            async with self._connect() as own:
                yield own

    @asynccontextmanager
    async def _connect(self) -> AsyncGenerator[AsyncConnection, None]:
        async with self._engine.connect() as connection:
            if self._sqlite:
                # Python's driver begins transactions when it likes; here they are begun by hand.
                await connection.execution_options(isolation_level="AUTOCOMMIT")
            yield connection
