"""A look at the connections that a client holds, whichever library they are of."""

from __future__ import annotations

import select
from typing import TYPE_CHECKING, Any

from mijnklantportaal_client._http import HTTP

if TYPE_CHECKING:
    from mijnklantportaal_client import MijnKlantportaal


def senders(client: MijnKlantportaal) -> list[Any]:
    """What it calls with, and what it fetches files with once it has."""
    session = client._dispatcher.session
    return [session.http] if session.storage is None else [session.http, session.storage]


def idle(client: MijnKlantportaal) -> list[Any]:
    """The connections that wait for another call."""
    return [connection for http in senders(client) for connection in _idle(http)]


def busy(client: MijnKlantportaal) -> int:
    """How many connections are in use, or were lost to use."""
    return sum(map(_busy, senders(client)))


def _idle(http: Any) -> list[Any]:
    if isinstance(http, HTTP):
        return [each for each in _connections(http) if each.is_idle()]
    pool = {} if http._session is None or http._session.closed else http._session.connector._conns
    return [protocol for waiting in pool.values() for protocol, _ in waiting if protocol.is_connected()]


def _busy(http: Any) -> int:
    if isinstance(http, HTTP):
        waiting = sum(len(each._transport._pool._requests) for each in _clients(http))
        used = sum(not each.is_idle() and not each.is_closed() for each in _connections(http))
        return max(len(http._own._lent), waiting, used)
    return 0 if http._session is None or http._session.closed else len(http._session.connector._acquired)


def is_over(connection: Any) -> bool:
    """Whether it is known to the client that the server has closed it."""
    if hasattr(connection, "has_expired"):
        return bool(connection.has_expired())
    transport = connection.transport
    if transport is None or transport.is_closing():
        return True
    readable, _, _ = select.select([transport.get_extra_info("socket").fileno()], [], [], 0)
    return bool(readable)


def _clients(http: HTTP) -> list[Any]:
    return [*http._own._lent, *(client for client, _ in http._own._idle)]


def _connections(http: HTTP) -> list[Any]:
    return [connection for client in _clients(http) for connection in client._transport._pool.connections]
