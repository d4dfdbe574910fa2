"""A way between two, which ends after so many bytes in one direction."""

from __future__ import annotations

import asyncio
import socket


async def relay(visitor: socket.socket, port: int, most: int, *, back: bool) -> int:
    """Passes on what comes, and tells how much that was in the direction that counts.

    Args:
        visitor: Whoever came here.
        port: Where to pass it on to.
        most: Bytes after which it ends.
        back: Whether those are counted that come back.
    """
    with socket.socket() as other:
        other.setblocking(False)
        await asyncio.get_running_loop().sock_connect(other, ("127.0.0.1", port))
        there, home = _Pump(visitor, other, None if back else most), _Pump(other, visitor, most if back else None)
        pumps = [asyncio.create_task(pump.run()) for pump in (there, home)]
        await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        for pump in pumps:
            pump.cancel()
        await asyncio.gather(*pumps, return_exceptions=True)
        return (home if back else there).passed


class _Pump:
    """One of the two directions."""

    def __init__(self, source: socket.socket, sink: socket.socket, most: int | None) -> None:
        self._source = source
        self._sink = sink
        self._most = most
        self.passed = 0

    async def run(self) -> None:
        """Passes on until there is no more, or enough."""
        loop = asyncio.get_running_loop()
        while (size := 65536 if self._most is None else min(65536, self._most - self.passed)) > 0:
            data = await loop.sock_recv(self._source, size)
            if not data:
                return
            await loop.sock_sendall(self._sink, data)
            self.passed += len(data)
