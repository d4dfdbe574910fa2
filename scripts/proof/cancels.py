"""A call is cancelled at every place where it waits: what it says of itself, and what it leaves behind."""

from __future__ import annotations

import asyncio
import random
import re
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import attrs

from mijnklantportaal_client import MijnKlantportaal, errors
from proof import site
from proof.fault_answers import AFTER_ID
from proof.judge import honest
from proof.report import Section
from proof.site import METHODS, Site, Watch
from proof.stepping import TURNS, WAYS, cancelled

_MOST = 3000
_NOTE = re.compile(r"^[a-z_.]+ \(call [0-9a-f]{32}\): outcome (not_sent|rejected|unknown|accepted): ")


@attrs.frozen
class Scene:
    """A call to be cancelled.

    Attributes:
        method: The kind of call.
        fault: What it meets.
        reused: Whether it goes over a connection that was used before.
        stale: Whether the server has closed several such connections since.
        tls: Whether the connection is encrypted.
        path: Whether the file to upload is on the disk.
    """

    method: str
    fault: str = "ok"
    reused: bool = False
    stale: bool = False
    tls: bool = False
    path: bool = False

    def __str__(self) -> str:
        details = [METHODS[self.method], self.fault.replace("_", " ")]
        details += ["from a file"] * self.path + ["on a used connection"] * self.reused
        details += ["over TLS"] * self.tls
        details += ["after closed connections"] * self.stale
        return ", ".join(details)


SCENES = (
    *(Scene(method, reused=reused) for method in METHODS for reused in (False, True)),
    Scene("get", stale=True),
    Scene("create", stale=True),
    Scene("upload", path=True),
    *(Scene(method, tls=True, reused=reused) for method in ("get", "upload") for reused in (False, True)),
    Scene("create", tls=True, stale=True),
    # Several attempts, with back-off between them, and a place in the rate limit's line once more.
    Scene("get", "busy_once"),
    Scene("get", "close"),
    Scene("create", "retry_seconds"),
    Scene("upload", "retry_seconds"),
)


@attrs.frozen(kw_only=True)
class Cancelled:
    """What came of a call that was cancelled.

    Attributes:
        error: Name of the class that it raised; None for a value.
        notes: What was noted on it.
        executed: How many requests the server read to their end.
        refused: How many of them it certainly did not carry out.
    """

    error: str | None
    notes: tuple[str, ...]
    executed: int
    refused: int


def judge(method: str, seen: Cancelled) -> list[str]:
    """What is wrong with it: its outcome must not be better than what the server did."""
    if seen.error != "CancelledError":
        return [f"ended with {seen.error or 'a value'} in place of CancelledError"]
    outcomes = [found[1] for note in seen.notes if (found := _NOTE.match(note))]
    if len(outcomes) != 1 or len(seen.notes) != 1:
        return [f"notes: {seen.notes}"]
    return honest(method, outcomes[0], seen.executed, seen.refused)


class Series:
    """One scene, cancelled in one way at one place after another."""

    def __init__(self, place: Site, scene: Scene, way: str, file: Path) -> None:
        self.scene = scene
        self.way = way
        self.cancelled = 0
        self.outcomes = Counter[str]()
        self.failures: list[str] = []
        self._site = place
        self._content: Any = file if scene.path else site.UPLOAD

    async def run(self, step: int, start: int) -> None:
        """Cancels at each place until the call ends before it."""
        watch = Watch()
        for number in range(start, _MOST, step):
            if not await self._one(number, watch):
                return
        self.failures.append(f"{self}: it never ended by itself")

    async def _one(self, number: int, watch: Watch) -> bool:
        """Whether the call could be cancelled there."""
        scene, key = self.scene, site.new_key()
        async with site.new_client(self._site.url(scene.fault, key, tls=scene.tls)) as portal:
            watch.clients.append(portal)
            before = await self._use(portal)
            result = await cancelled(portal, site.call(portal, scene.method, self._content), self.way, number)
            problems = await watch.left()
            told = self._site.told(key)
            problems += [] if told["settled"] else ["the server still waits for the rest of the request"]
            if result is not None:
                seen = _seen(result, told["executed"] - before, told["refused"])
                problems += judge(scene.method, seen)
                self._count(seen)
            problems += await self._go_on(portal, key, told["executed"])
            watch.clients.clear()
        problems += await watch.left()
        self.failures.extend(f"{self}, place {number}: {each}" for each in problems)
        return result is not None

    async def _use(self, portal: MijnKlantportaal) -> int:
        """Makes the calls before the one that is cancelled, and tells how many there were."""
        if not (self.scene.reused or self.scene.stale):
            return 0
        await site.call(portal, "get", fault="ok")
        if not self.scene.stale:
            return 1
        await asyncio.gather(*[site.call(portal, "get", fault="ok") for _ in range(3)])
        self._site.order("hang_up")
        site.wait_until_closed(portal)
        return 4

    async def _go_on(self, portal: MijnKlantportaal, key: str, executed: int) -> list[str]:
        """The client is as good as before."""
        try:
            value = await site.call(portal, self.scene.method, self._content, fault="after")
        except errors.MijnKlantportaalError as error:
            return [f"the call after it failed: {error}"]
        more = self._site.told(key)["executed"] - executed
        return [] if (value.id, more) == (AFTER_ID, 1) else [f"the call after it: {value.id}, executed {more} times"]

    def _count(self, seen: Cancelled) -> None:
        self.cancelled += 1
        found = _NOTE.match(seen.notes[0]) if seen.notes else None
        self.outcomes[found[1] if found else "none"] += 1

    def __str__(self) -> str:
        return f"{self.scene}, cancelled {self.way}"


def _seen(result: Any, executed: int, refused: int) -> Cancelled:
    error = type(result).__name__ if isinstance(result, BaseException) else None
    return Cancelled(error=error, notes=tuple(getattr(result, "__notes__", ())), executed=executed, refused=refused)


async def _run(series: list[Series], scale: float, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - a place to cancel is no secret
    step = max(1, round(1 / scale))
    for each in series:
        # There are few waits, and many turns of the loop while one lasts.
        stride = step if each.way == TURNS else min(step, 3)
        await each.run(stride, rng.randrange(stride))


def prove(*, scale: float, seed: int) -> Section:
    """Cancels at every place, or with a smaller scale at every so many."""
    begun = time.monotonic()
    with site.quiet() as noise, site.running() as place, tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "upload.bin"
        file.write_bytes(site.UPLOAD)
        series = [Series(place, scene, way, file) for scene in SCENES for way in WAYS]
        asyncio.run(_run(series, scale, seed))
    failures = [failure for each in series for failure in each.failures] + noise
    counts = Counter[str]()
    for each in series:
        counts.update(each.outcomes)
    said = ", ".join(f"{counts[name]} `{name}`" for name in ("not_sent", "rejected", "unknown", "accepted"))
    text = f"""
Calls over real HTTP and TLS were cancelled at each of their waits: as the wait began, at the moment when it ended, and
again and again while the call tidied up; and after each number of turns of the event loop.
{"" if scale >= 1 else f"(Every third wait and every {round(1 / scale)}th turn; seed {seed}.) "}\
{sum(each.cancelled for each in series)} calls were cancelled. The note on each `CancelledError` named an
outcome ({said})
that was never better than what the server had counted; afterwards no task, open file, socket, connection or place in
the rate limit's line was left, and the same client made the same call with success. It took
{time.monotonic() - begun:.0f} s.
"""
    columns = ("Call", "Cancelled", "Times", "not_sent", "rejected", "unknown", "accepted", "Wrong")
    rows = tuple(_row(each) for each in series)
    return Section(title="Cancellation", text=text, columns=columns, rows=rows, failures=tuple(failures))


def _row(series: Series) -> tuple[str, ...]:
    outcomes = [str(series.outcomes[name]) for name in ("not_sent", "rejected", "unknown", "accepted")]
    return (str(series.scene), series.way, str(series.cancelled), *outcomes, str(len(series.failures)))
