"""A server that does everything wrong, and counts what it carried out.

Run as a process of its own (`python -m proof.fault_server CERTIFICATE`), it prints the ports it listens on as JSON and
ends when its standard input does. The fault and a key to count by are the start of the path,
`/{fault}/{key}/v1/customers`; a header `X-Fault` overrides the path's. A request is executed, that is counted, once it
was read to its end. The port `control` takes one JSON object a line, and answers each with another one.
"""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from proof.fault_answers import DRIPS, MESSAGE, PLAIN, STREAMS, WHOLE, answer
from proof.fault_cuts import Cutter
from proof.fault_doors import Doors

Act: TypeAlias = Callable[[int, asyncio.StreamWriter], Awaitable[bool]]
_STEPS = 20
_PATIENCE = 400


class Faults:
    """What the server remembers."""

    def __init__(self) -> None:
        self.executed: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.connections: Counter[str] = Counter()
        self.headers: dict[str, list[str]] = {}
        self.closed = asyncio.Event()
        self.reading = 0
        self.open_writers: set[asyncio.StreamWriter] = set()
        self.acts: dict[str, Act] = {
            "close": self.close,
            # Once it hears again, nobody waits for it any more.
            "silent": self.close,
            "reset": self.reset,
            "reset_after_answer": self.reset_after_answer,
            "closes_when_idle": self.close_when_idle,
            "lost_when_reused": self.good,
            "hang": self.hang,
            "hang_head": self.hang_after(b"HTTP/1.1 200 OK\r\nContent-"),
            "hang_200": self.hang_after(answer("200 OK", MESSAGE[:5], length=100)),
            "hang_404": self.hang_after(answer("404 Not Found", MESSAGE[:5], length=100)),
            "retry_seconds": self.first("429 Too Many Requests", "Retry-After: 7"),
            "retry_date": self.first("429 Too Many Requests", "Retry-After: Fri, 01 Mar 2030 12:00:30 GMT"),
            "busy_once": self.first("503 Service Unavailable", "Retry-After: 3"),
        }

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answers the requests of one connection."""
        number = 0
        self.open_writers.add(writer)
        try:
            while await self.answer(reader, writer, first=number == 0):
                number += 1
        except (asyncio.IncompleteReadError, OSError, asyncio.CancelledError):
            # The last one at the end of the server, where asyncio would complain of its own doing.
            pass
        finally:
            self.open_writers.discard(writer)
            writer.close()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, first: bool) -> bool:
        """Answers one request; whether the connection can take another."""
        head = await reader.readuntil(b"\r\n\r\n")
        target, headers = parse(head)
        fault, key = target.split("/")[1:3]
        fault = headers.get("x-fault", fault)
        self.connections[key] += first
        if fault == "lost_when_reused" and not first:
            reset(writer)
            return False
        if fault == "reset_in_body":
            await reader.read(1)
            reset(writer)
            return False
        if fault == "refuses_body":
            # It answers before it read the body, and does not carry it out.
            writer.write(answer("413 Content Too Large", MESSAGE, "Connection: close"))
            await writer.drain()
            await reader.read(-1)
            return False
        self.reading += 1
        try:
            await read_body(reader, headers)
        finally:
            self.reading -= 1
        self.executed[key] += 1
        self.headers[key] = head.decode().split("\r\n")[1:-2]
        return await self.act(fault, key, writer)

    async def act(self, fault: str, key: str, writer: asyncio.StreamWriter) -> bool:
        """Answers one request; whether the connection can take another."""
        time = self.executed[key]
        if fault in self.acts:
            self.refused[key] += fault.startswith("retry_") and time == 1
            return await self.acts[fault](time, writer)
        if fault in STREAMS or fault in DRIPS:
            for block in (STREAMS | DRIPS)[fault]():
                if writer.is_closing():
                    break
                writer.write(block)
                await writer.drain()
                await asyncio.sleep(0.002 if fault in DRIPS else 0)
            return False
        writer.write(PLAIN[fault]())
        await writer.drain()
        return fault in WHOLE

    async def good(self, time: int, writer: asyncio.StreamWriter) -> bool:
        writer.write(PLAIN["ok"]())
        await writer.drain()
        return True

    async def close(self, time: int, writer: asyncio.StreamWriter) -> bool:
        return False

    async def reset(self, time: int, writer: asyncio.StreamWriter) -> bool:
        reset(writer)
        return False

    async def reset_after_answer(self, time: int, writer: asyncio.StreamWriter) -> bool:
        await self.good(time, writer)
        reset(writer)
        return False

    async def close_when_idle(self, time: int, writer: asyncio.StreamWriter) -> bool:
        await self.good(time, writer)
        writer.close()
        await writer.wait_closed()
        self.closed.set()
        return False

    async def hang(self, time: int, writer: asyncio.StreamWriter) -> bool:
        # Until the client goes away.
        return True

    def hang_after(self, start: bytes) -> Act:
        async def act(_: int, writer: asyncio.StreamWriter) -> bool:
            writer.write(start)
            await writer.drain()
            return True

        return act

    def first(self, status: str, header: str) -> Act:
        """Refuses the first request only."""

        async def act(time: int, writer: asyncio.StreamWriter) -> bool:
            writer.write(answer(status, b"", header) if time == 1 else PLAIN["ok"]())
            await writer.drain()
            return True

        return act

    async def settle(self) -> bool:
        """Waits until whatever arrived has been read; whether it came to that."""
        calm = 0
        for number in range(_PATIENCE):
            calm = 0 if self.reading else calm + 1
            if calm > _STEPS:
                return True
            await asyncio.sleep(0 if number < _PATIENCE // 2 else 0.005)
        return False


class Control:
    """Tells what was carried out, and takes orders."""

    def __init__(self, faults: Faults, doors: Doors, cutter: Cutter) -> None:
        self.faults = faults
        self.doors = doors
        self.cutter = cutter

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                order = json.loads(line)
                told = await getattr(self, f"do_{order.pop('do')}")(**order)
                writer.write(json.dumps(told).encode() + b"\n")
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    async def do_tell(self, key: str, *, settle: bool) -> dict[str, Any]:
        settled = not settle or await self.faults.settle()
        counts = {name: getattr(self.faults, name)[key] for name in ("executed", "refused", "connections")}
        return {"settled": settled, **counts, "headers": self.faults.headers.get(key)}

    async def do_wait_closed(self) -> None:
        await self.faults.closed.wait()

    async def do_hang_up(self) -> None:
        for writer in self.faults.open_writers:
            writer.close()
        await self.faults.settle()

    async def do_door(self, kind: str) -> int:
        return await self.doors.make(kind)

    async def do_open(self, port: int, *, tls: bool) -> None:
        await self.doors.open(port, tls=tls)

    async def do_plan(self, **plan: Any) -> None:
        self.cutter.follow(**plan)

    async def do_cuts(self) -> dict[str, Any]:
        return self.cutter.told()


def parse(head: bytes) -> tuple[str, dict[str, str]]:
    """Target and headers of a request."""
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.split(":", 1) for line in lines if line)
    return first.split(" ")[1], {name.lower(): value.strip() for name, value in pairs}


async def read_body(reader: asyncio.StreamReader, headers: dict[str, str]) -> None:
    """Reads a request to its end."""
    if headers.get("transfer-encoding") == "chunked":
        while size := int(await reader.readuntil(b"\r\n"), 16):
            await reader.readexactly(size + 2)
        await reader.readexactly(2)
    else:
        await reader.readexactly(int(headers.get("content-length", "0")))


def reset(writer: asyncio.StreamWriter) -> None:
    """Ends a connection with RST in place of FIN."""
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def main(certificate: str) -> None:
    """Listens until standard input ends."""
    faults, cutter = Faults(), Cutter()
    doors = Doors(faults.serve, certificate)
    cutting = await cutter.listen()
    control = await asyncio.start_server(Control(faults, doors, cutter).serve, "127.0.0.1", 0)
    ports = {
        "main": await doors.listen(),
        "tls": await doors.listen(tls=True),
        "cuts": cutter.port,
        "control": control.sockets[0].getsockname()[1],
    }
    sys.stdout.write(f"{json.dumps(ports)}\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    cutting.cancel()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
