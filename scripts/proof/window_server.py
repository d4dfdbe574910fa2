"""A server with a rate limit, which counts what it carried out and what it refused.

Run as a process of its own, it prints the port it listens on as JSON and ends when its standard input does. How it
counts is the start of the path: `/{mode}/{limit}/{per}/{step}/{key}/v1/customers/cst_1`, so many requests in so many
seconds, for each token under each such start. It tells waits rounded up to a multiple of `step`; the documented server
does so to whole seconds. What a proof tells it or asks it is below `.../{key}/_`.
"""

from __future__ import annotations

import asyncio
import json
import math
import sys
import time
from collections import Counter, deque
from collections.abc import Callable
from typing import Any

CUSTOMER: dict[str, Any] = {
    "id": "cst_abc12345def678",
    "companyName": "Test Company BV",
    "address": "Teststreet 123",
    "zipCode": "1234AB",
    "city": "Amsterdam",
    "countryCode": "NL",
    "primaryEmail": "john.doe@test.com",
    "phone": None,
    "integration": None,
    "integrationId": None,
    "customerGroups": [],
    "createdAt": "2024-04-28T21:00:00+02:00",
}
GOOD = json.dumps(CUSTOMER).encode()
REFUSED = b'{"code": 429, "message": "Too many requests."}'


class Window:
    """The requests that count at a moment.

    Args:
        mode: `rolling`: those of the last `per` seconds; `fixed`: those since the clock's last multiple of `per`;
            `first`: those of a window that begins with the first request after the last one ended; `open`: none.
        per: Its length in seconds.
    """

    def __init__(self, mode: str, per: float) -> None:
        self._mode = mode
        self._per = per
        self._begun = float("-inf")
        self._times: deque[float] = deque()

    def used(self, now: float) -> int:
        """How many count now."""
        if self._mode == "rolling":
            while self._times and self._times[0] <= now - self._per:
                self._times.popleft()
        elif now >= self._begun + self._per:
            self._begun = now // self._per * self._per if self._mode == "fixed" else now
            self._times.clear()
        return len(self._times)

    def add(self, now: float) -> None:
        """Counts one."""
        if self._mode != "open":
            self._times.append(now)

    def free_at(self, limit: int) -> float:
        """When fewer than `limit` count, where more do now."""
        return (self._times[-limit] if self._mode == "rolling" else self._begun) + self._per

    def phase(self, now: float) -> float:
        """Which part of a fixed window is over."""
        return now % self._per / self._per


class Account:
    """One token's limit, and what happened to its requests."""

    def __init__(self, mode: str, limit: int, per: float, step: float) -> None:
        self.window = Window(mode, per)
        self.limit = limit
        self.per = per
        self.step = step
        self.counts: Counter[str] = Counter()
        self.posts: Counter[str] = Counter()
        self.others: asyncio.Task[None] | None = None
        self.slow = 0.0
        self._skipped = 0.0
        self._changes: list[tuple[int, int]] = []
        self._refused_last = False

    def now(self) -> float:
        """Seconds that never go back."""
        return time.monotonic() + self._skipped

    def ask(self, who: str) -> tuple[bool, int, float]:
        """Counts a request: whether it may go, how many more may, and when the next may where it may not."""
        for change in [change for change in self._changes if change[1] <= self.counts["our_executed"]]:
            self._changes.remove(change)
            self.limit = change[0]
        now = self.now()
        used = self.window.used(now)
        if used >= self.limit:
            self.counts[f"{who}_refused"] += 1
            return False, 0, self.window.free_at(self.limit) - now
        self.window.add(now)
        self.counts[f"{who}_executed"] += 1
        return True, self.limit - self.window.used(now), 0.0

    def answer(self, method: str, body: bytes) -> bytes:
        """What one of our requests gets."""
        done, remaining, wait = self.ask("our")
        headers = [f"X-RateLimit-Limit: {self.limit}", f"X-RateLimit-Remaining: {remaining}"]
        self.counts["bursts"] += not done and not self._refused_last
        self._refused_last = not done
        if not done:
            reset = math.ceil((time.time() + self._skipped + wait) / self.step) * self.step
            headers += [f"Retry-After: {_number(math.ceil(wait / self.step) * self.step)}"]
            headers += [f"X-RateLimit-Reset: {_number(reset)}"]
            return answer("429 Too Many Requests", REFUSED, *headers)
        if method != "POST":
            return answer("200 OK", GOOD, *headers)
        self.posts[json.loads(body)["companyName"]] += 1
        return answer("201 Created", GOOD, *headers)

    async def be_others(self, requests: int) -> None:
        """Somebody else who has the same token: so many requests in each window, evenly spread."""
        begun = time.monotonic()
        number = 0
        while True:
            self.ask("other")
            number += 1
            await asyncio.sleep(begun + number * self.per / requests - time.monotonic())

    def do(self, command: str, *arguments: str) -> dict[str, Any]:
        """What a proof wants of the server."""
        commands: dict[str, Callable[..., None]] = {
            "use": self._use,
            "others": self._set_others,
            "limit": self._change_limit,
            "slow": self._slow_down,
            "pass": self._pass,
            "tell": lambda: None,
        }
        commands[command](*arguments)
        return {**self.counts, "posts": self.posts, "phase": self.window.phase(self.now())}

    def _use(self, requests: str) -> None:
        for _ in range(int(requests)):
            self.ask("other")

    def _change_limit(self, limit: str, after: str) -> None:
        self._changes.append((int(limit), int(after)))

    def _slow_down(self, seconds: str) -> None:
        self.slow = float(seconds)

    def _pass(self, seconds: str) -> None:
        self._skipped += float(seconds)

    def _set_others(self, requests: str) -> None:
        if self.others is not None:
            self.others.cancel()
        self.others = asyncio.create_task(self.be_others(int(requests))) if int(requests) else None


class Server:
    """All accounts."""

    def __init__(self) -> None:
        self._accounts: dict[tuple[str, ...], Account] = {}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answers the requests of one connection."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                method, parts, headers = parse(head)
                body = await reader.readexactly(int(headers.get("content-length", "0")))
                account = self._account(parts[:5], headers["authorization"])
                if parts[5] == "_":
                    writer.write(answer("200 OK", json.dumps(account.do(*parts[6:])).encode()))
                    continue
                account.counts["asked"] += 1
                content = account.answer(method, body)
                if account.slow:
                    # Whoever comes while the first request is under way is seen.
                    seconds, account.slow = account.slow, 0.0
                    await asyncio.sleep(seconds)
                    account.counts["asked_with_the_first"] = account.counts["asked"]
                writer.write(content)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def _account(self, start: list[str], token: str) -> Account:
        place = (*start, token)
        if place not in self._accounts:
            mode, limit, per, step, _ = start
            self._accounts[place] = Account(mode, int(limit), float(per), float(step))
        return self._accounts[place]


def parse(head: bytes) -> tuple[str, list[str], dict[str, str]]:
    """Method, parts of the path and headers of a request."""
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ")
    pairs = (line.split(":", 1) for line in lines if line)
    return method, target.split("/")[1:], {name.lower(): value.strip() for name, value in pairs}


def answer(status: str, body: bytes, *headers: str) -> bytes:
    """A whole answer."""
    lines = [f"HTTP/1.1 {status}", "Content-Type: application/json", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _number(seconds: float) -> str:
    return f"{seconds:.6f}".rstrip("0").rstrip(".")


async def main() -> None:
    """Listens until standard input ends."""
    listening = await asyncio.start_server(Server().serve, "127.0.0.1", 0)
    sys.stdout.write(f"{json.dumps({'port': listening.sockets[0].getsockname()[1]})}\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
