"""The connection is cut after every single byte of the request and of its answer, by FIN and by RST."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterable, Iterator

import attrs

from mijnklantportaal_client import MijnKlantportaal, RetryPolicy, errors
from proof import cuts_tls, site
from proof.cuts_tls import TLSBatch
from proof.fault_cuts import FORMS
from proof.fault_table import ACCEPTED, DECODE, LOST, REJECTED, SERVER, STATUS, UNKNOWN, Expected
from proof.judge import Counter, Seen, judge
from proof.report import Section
from proof.site import METHODS, Site, Watch

_ATTEMPTS = 2
_CONTENT = b"a small file"
# Every kind of answer to a call that reads and to one that writes, and the usual one to the others.
_ANSWERS = [(method, form) for method in ("get", "create") for form in FORMS] + [
    (method, "length") for method in ("update", "cancel", "upload")
]
_HOW = ("fin", "rst")


@attrs.frozen
class Cut:
    """One way to cut a connection.

    Attributes:
        method: The kind of call.
        place: Whether it is the `request` or the `answer` that is cut.
        form: Which answer.
        how: By `fin` or by `rst`.
    """

    method: str
    place: str
    form: str
    how: str

    def expected(self, at: int, length: int) -> Expected:
        """What a call has to end with.

        Args:
            at: After how many bytes it is cut.
            length: How many there are.
        """
        error, outcome, again = self._end(at, length)
        attempts = _ATTEMPTS if again and self.method == "get" else 1
        unread = self.place == "request" and at < length
        return Expected(error, outcome, attempts, 0 if unread else attempts)

    def _end(self, at: int, length: int) -> tuple[str | None, str | None, bool]:
        """The error, its outcome, and whether a GET is tried again."""
        head = head_of(self.form)
        if self.place == "request" or at < head:
            return LOST, UNKNOWN, True
        if self.form == "refusal":
            return "ValidationError", REJECTED, False
        if self.form == "failure":
            return SERVER, UNKNOWN, True
        if self.form == "redirect":
            return STATUS, REJECTED if self.method == "get" else UNKNOWN, False
        until_close = self.form.endswith("until_close")
        if at == length and not (until_close and self.how == "rst"):
            return None, None, False
        # The end of the connection is the end of such an answer: only its content shows that it is not whole.
        unseen = until_close and self.how == "fin" and (self.form == "until_close" or at == head)
        return (DECODE, ACCEPTED, False) if unseen else (LOST, ACCEPTED, True)


def head_of(form: str) -> int:
    """Length of an answer's head, with what is announced before it."""
    content = FORMS[form]
    start = content.index(b"\r\n\r\n") + 4 if content.startswith(b"HTTP/1.1 1") else 0
    return content.index(b"\r\n\r\n", start) + 4


def positions(length: int, scale: float, rng: random.Random, corners: Iterable[int]) -> list[int]:
    """Every byte, or every so many from a random one on, and the places where something changes."""
    step = max(1, round(1 / scale))
    return sorted({*range(rng.randrange(step), length + 1, step), *corners})


class Batch:
    """One way to cut, at many bytes, with one client."""

    def __init__(self, place: Site, cut: Cut) -> None:
        self.cut = cut
        self.calls = 0
        self.executed = 0
        self.requests = 0
        self.values = 0
        self.failures: list[str] = []
        self._site = place
        self._counter = Counter()

    async def run(self, scale: float, rng: random.Random) -> None:
        """Cuts at each position."""
        watch = Watch()
        url = self._site.url("cut", "cut", self._site.ports["cuts"])
        # A client of its own, whose connection that one does not take over.
        async with site.new_client(url) as portal:
            length, head = await self._measure(portal), head_of(self.cut.form)
        corners = {0, length - 1, length} | ({head - 1, head} if self.cut.place == "answer" else set())
        retry = RetryPolicy(max_attempts=_ATTEMPTS)
        async with site.new_client(url, hooks=[self._counter], retry=retry) as portal:
            watch.clients.append(portal)
            for at in positions(length, scale, rng, corners):
                await self._at(portal, at, length)
                self._note(at, await watch.left())
            self._site.order("plan")
            await site.call(portal, self.cut.method, _CONTENT)
            watch.clients.clear()
        self._note(None, await watch.left())

    async def _measure(self, portal: MijnKlantportaal) -> int:
        self._site.order("plan")
        await site.call(portal, self.cut.method, _CONTENT)
        length: int = self._site.order("cuts")["length"]
        return length if self.cut.place == "request" else len(FORMS[self.cut.form])

    async def _at(self, portal: MijnKlantportaal, at: int, length: int) -> None:
        cut = self.cut
        self._counter.begun = 0
        self._site.order("plan", place=cut.place, at=at, how=cut.how, form=cut.form)
        seen: Seen
        try:
            value = await site.call(portal, cut.method, _CONTENT)
        except errors.MijnKlantportaalError as error:
            told = self._site.order("cuts")
            seen = Seen.of_error(error, begun=self._counter.begun, executed=told["executed"])
        else:
            told = self._site.order("cuts")
            seen = Seen(value=value.id, begun=self._counter.begun, executed=told["executed"])
        expected = cut.expected(at, length)
        self._note(at, judge(expected, seen))
        if told["connections"] != expected.attempts:
            self._note(at, [f"connections: {told['connections']} in place of {expected.attempts}"])
        self.calls += 1
        self.executed += seen.executed
        self.requests += seen.begun
        self.values += seen.error is None

    def row(self) -> tuple[str, ...]:
        """Its line of the table."""
        cut = self.cut
        form = cut.form.replace("_", " ") if cut.place == "answer" else ""
        counts = (self.calls, self.requests, self.executed, self.values, len(self.failures))
        return (cut.place, METHODS[cut.method], form, cut.how.upper(), *map(str, counts))

    def _note(self, at: int | None, problems: Iterable[str]) -> None:
        cut = self.cut
        where = f"{METHODS[cut.method]}, {cut.place} cut by {cut.how} after byte {at}, answer {cut.form}"
        self.failures.extend(f"{where}: {each}" for each in problems)


def every_cut() -> Iterator[Cut]:
    """Every way to cut."""
    for how in _HOW:
        for method in METHODS:
            yield Cut(method, "request", "length", how)
        for method, form in _ANSWERS:
            yield Cut(method, "answer", form, how)


async def _run(batches: list[Batch | TLSBatch], scale: float, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - a place to cut is no secret
    for batch in batches:
        await batch.run(scale, rng)


def prove(*, scale: float, seed: int) -> Section:
    """Cuts at every byte, or with a smaller scale at every so many."""
    begun = time.monotonic()
    with site.quiet() as noise, site.running() as place:
        batches: list[Batch | TLSBatch] = [Batch(place, cut) for cut in every_cut()]
        batches += [
            TLSBatch(place, method, way, how) for method in ("get", "create") for way in cuts_tls.WAYS for how in _HOW
        ]
        asyncio.run(_run(batches, scale, seed))
    failures = [failure for batch in batches for failure in batch.failures] + noise
    calls, requests = sum(batch.calls for batch in batches), sum(batch.requests for batch in batches)
    executed = sum(batch.executed for batch in batches)
    text = f"""
The server read so many bytes of a request, or sent so many of its answer, and ended the connection: after
{"every single byte" if scale >= 1 else f"every {round(1 / scale)}th byte (seed {seed})"}, by FIN and by RST; and TLS
was cut after every {round(cuts_tls.STRIDE / scale)}th byte in both directions. {calls} calls, {requests} requests,
{executed} of them read to their end by the server. Each call had to end with the right class and outcome after the
right number of requests, of which as many as expected were executed; no call but a GET sent a second one, unless
nothing had been sent before. Over TLS, where only the server knows how far things had come, no outcome was better than
what it had counted. After each call, no task, socket, connection or place in the rate limit's line was left. It took
{time.monotonic() - begun:.0f} s.
"""
    columns = ("Cut", "Method", "Answer", "By", "Calls", "Requests", "Executed", "Values", "Wrong")
    return Section(
        title="Connections cut at every byte",
        text=text,
        columns=columns,
        rows=tuple(batch.row() for batch in batches),
        failures=tuple(failures),
    )
