"""What the calls of the soak say beside the server's ledger, and whether what the process holds stays flat."""

from __future__ import annotations

import enum
import gc
import os
import stat
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from .soak_calls import READS, plan_of
from .soak_server import fault_of, reference_of

if TYPE_CHECKING:
    from mijnklantportaal_client import Outcome


class End(enum.IntEnum):
    """How a call ended, in a byte."""

    NONE = 0
    VALUE = 1
    NOT_SENT = 2
    REJECTED = 3
    UNKNOWN = 4
    ACCEPTED = 5
    NEVER_BEGUN = 6
    NO_NOTE = 7

    @staticmethod
    def of(outcome: Outcome) -> End:
        """The end of a call with this outcome."""
        return End[outcome.name]


_LEAST_AND_MOST = {
    End.VALUE: (1, 1),
    End.NOT_SENT: (0, 0),
    End.REJECTED: (0, 0),
    End.UNKNOWN: (0, 1),
    End.ACCEPTED: (1, 1),
    End.NEVER_BEGUN: (0, 0),
}
"""How often a call that writes was carried out, by how it ended."""


@attrs.define
class Notes:
    """What is remembered of the calls: a few bytes for each, made beforehand, so that memory can be judged.

    Attributes:
        ends: How each call ended.
        interrupted: Whether its task was cancelled, or its `asyncio.timeout` struck.
        told: How often `on_outcome` came.
        outcomes: What it told last.
        failures: What should not have happened at all.
    """

    ends: bytearray
    interrupted: bytearray
    told: bytearray
    outcomes: bytearray
    errors: Counter[str]
    failures: list[str]

    @classmethod
    def of(cls, calls: int) -> Notes:
        """Empty ones."""
        return cls(bytearray(calls), bytearray(calls), bytearray(calls), bytearray(calls), Counter(), [])


def judge(seed: int, notes: Notes, ledger: Counter[str], first: int = 0) -> list[str]:
    """Compares how each call ended with how often it was carried out; a line for each that does not fit."""
    failures: list[str] = []
    rest = dict(ledger)
    for number in range(first, len(notes.ends)):
        executed = rest.pop(reference_of(number), 0)
        failures.extend(f"{_told(seed, number)}: {what}" for what in _wrong(seed, notes, number, executed))
    failures.extend(f"seed {seed}: {reference} was carried out and nobody asked" for reference in rest)
    return failures


def _wrong(seed: int, notes: Notes, number: int, executed: int) -> list[str]:
    plan = plan_of(seed, number)
    end = End(notes.ends[number])
    if end is End.NONE:
        return ["it never ended"]
    walks = plan.kind == "walk"
    if end is End.NO_NOTE:
        # A walk may be cancelled between its calls.
        return [] if walks else ["its CancelledError has no note"]
    wrong: list[str] = []
    least, most = _LEAST_AND_MOST[end]
    if plan.kind in READS:
        # It may be tried again and carried out again, but what was refused or not sent was not.
        most = sys.maxsize if end is not End.NOT_SENT and end is not End.NEVER_BEGUN else most
        least = 0 if walks else least
        most = sys.maxsize if walks else most
    if plan.kind == "dead":
        least = most = 0
    if not least <= executed <= most:
        wrong.append(f"ended as {end.name} and was carried out {executed} times")
    told, outcome = notes.told[number], notes.outcomes[number]
    expected = 0 if end is End.NEVER_BEGUN else 1
    if not walks and told != expected:
        wrong.append(f"on_outcome came {told} times")
    same = outcome == (End.ACCEPTED if end is End.VALUE else end)
    if not walks and told and not same:
        wrong.append(f"ended as {end.name}, and on_outcome said {End(outcome).name}")
    return wrong


def _told(seed: int, number: int) -> str:
    plan = plan_of(seed, number)
    faults = ", ".join(fault_of(seed, plan.reference, attempt) for attempt in range(1, 5))
    return f"seed {seed}, call {number}, {plan.kind}, faults in turn {faults}"


@attrs.frozen
class Sample:
    """What the process holds while no call is under way.

    Attributes:
        calls: How many calls were made before.
        sockets: Open sockets; None where the system does not tell.
        tasks: Tasks of the event loop.
        blocks: Blocks of memory that Python has handed out.
        resident: Bytes of real memory; None where the system does not tell.
    """

    calls: int
    sockets: int | None
    tasks: int
    blocks: int
    resident: int | None


def sample(calls: int, tasks: int) -> Sample:
    """Takes one."""
    gc.collect()
    return Sample(calls, open_sockets(), tasks, sys.getallocatedblocks(), resident_bytes())


def open_sockets() -> int | None:
    """How many sockets this process has open."""
    for folder in (Path("/proc/self/fd"), Path("/dev/fd")):
        if folder.is_dir():
            found = 0
            for each in folder.iterdir():
                # The directory itself was open while it was read.
                with suppress(OSError):
                    found += stat.S_ISSOCK(os.fstat(int(each.name)).st_mode)
            return found
    return None


def resident_bytes() -> int | None:
    """How much real memory this process has."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return None


BLOCKS_PER_CALL = 0.5
SPARE_BLOCKS = 1_500
SPARE_BYTES = 16 * 1024 * 1024


def judge_flat(samples: Sequence[Sample], *, most_sockets: int) -> list[str]:
    """Whether what is held stays as it is from a quarter of the calls to their end.

    Memory is compared by the lowest sample of the second quarter and of the last one, since what is idle but kept, such
    as connections, differs from sample to sample. The least that can leak is one object for each call, which is at
    least one block; half a block for each is the bound, and something to spare for short runs.
    """
    failures: list[str] = []
    for each in samples:
        if each.tasks != 1:
            failures.append(f"after {each.calls} calls {each.tasks - 1} tasks were left")
        if each.sockets is not None and each.sockets > most_sockets:
            failures.append(f"after {each.calls} calls {each.sockets} sockets were open, {most_sockets} may be")
    calls, blocks, resident = growth(samples)
    if blocks > (most := round(calls * BLOCKS_PER_CALL) + SPARE_BLOCKS):
        failures.append(f"{blocks} blocks of memory more after {calls} more calls, {most} may be")
    if resident is not None and resident > SPARE_BYTES:
        failures.append(f"{resident / 2**20:.1f} MiB more after {calls} more calls, {SPARE_BYTES >> 20} may be")
    return failures


def growth(samples: Sequence[Sample]) -> tuple[int, int, int | None]:
    """Calls from the second quarter to the last one, and blocks and bytes that were added meanwhile."""
    if len(samples) < 4:
        return 0, 0, None
    total = samples[-1].calls
    early = [each for each in samples if total / 4 <= each.calls <= total / 2]
    late = [each for each in samples if each.calls > total * 3 / 4]
    one, other = (min(group, key=lambda each: each.blocks) for group in (early, late))
    bytes_of = [[each.resident for each in group if each.resident is not None] for group in (early, late)]
    resident = min(bytes_of[1]) - min(bytes_of[0]) if all(bytes_of) else None
    return other.calls - one.calls, other.blocks - one.blocks, resident
