"""The calls of the soak: what each one asks, and when it is given up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from random import Random
from typing import Any

import attrs

from mijnklantportaal_client import FileUpload, MijnKlantportaal

from .soak_server import reference_of

_NEW: dict[str, Any] = {
    "address": "Teststreet 123",
    "zip_code": "1234AB",
    "city": "Amsterdam",
    "primary_email": "john.doe@test.com",
}
_LARGE = 20_000
KINDS: dict[str, int] = {
    "get": 18, "create": 20, "update": 10, "cancel": 8, "upload": 8, "stream": 5, "reply": 6, "raw": 6, "request": 6,
    "walk": 4, "dead": 3,
}  # fmt: skip
"""The kinds of calls and how often they are made; `dead` is a create where nothing listens."""
READS = frozenset({"get", "walk"})


class CrossedError(Exception):
    """The answer of another call."""


@attrs.frozen(kw_only=True)
class Plan:
    """One call.

    Attributes:
        paced: Whether the rate limit is on.
        deadline: The call's own `deadline`; None for the default.
        turns: After how many turns of the event loop it is cancelled; before it begins where that is 0.
        cancel: After how many seconds it is cancelled.
        give_up: Seconds of an `asyncio.timeout` around it.
    """

    number: int
    kind: str
    paced: bool
    deadline: float | None = None
    turns: int | None = None
    cancel: float | None = None
    give_up: float | None = None

    @property
    def reference(self) -> str:
        """What stands in its request and in the ledger."""
        return reference_of(self.number)


def plan_of(seed: int, number: int) -> Plan:
    """The call of this number, the same each time."""
    rng = Random(f"{seed}/{number}")  # noqa: S311
    kind = rng.choices(tuple(KINDS), tuple(KINDS.values()))[0]
    deadline = rng.choices((None, rng.uniform(0.001, 0.1), rng.uniform(0.1, 1.0)), (7, 1, 2))[0]
    turns: int | None = None
    cancel: float | None = None
    give_up: float | None = None
    match rng.choices(("no", "turns", "cancel", "give_up"), (70, 14, 10, 6))[0]:
        case "turns":
            # A call takes some dozens of turns, in which other calls take theirs.
            turns = rng.choice((rng.randint(0, 5), rng.randint(0, 120)))
        case "cancel":
            cancel = rng.choice((rng.uniform(0, 0.01), rng.uniform(0, 0.2)))
        case "give_up":
            give_up = rng.choice((rng.uniform(0, 0.01), rng.uniform(0, 0.2)))
    paced = number % 2 == 1
    return Plan(number=number, kind=kind, paced=paced, deadline=deadline, turns=turns, cancel=cancel, give_up=give_up)


async def make(plan: Plan, portal: MijnKlantportaal) -> None:
    """Makes the call, and looks that the answer is its own.

    Raises:
        CrossedError: It is not.
        MijnKlantportaalError: The call failed.
    """
    found = await _MAKERS[plan.kind](portal, plan.reference)
    if found != plan.reference:
        raise CrossedError(f"{plan.reference} got the answer of {found}")


def _headers(reference: str) -> dict[str, str]:
    return {"x-reference": reference}


async def _get(portal: MijnKlantportaal, reference: str) -> str:
    return (await portal.customers.get(f"cst_{reference}")).company_name


async def _create(portal: MijnKlantportaal, reference: str) -> str:
    made = await portal.customers.create(company_name=reference, extra_headers=_headers(reference), **_NEW)
    return made.company_name


async def _update(portal: MijnKlantportaal, reference: str) -> str:
    changed = await portal.customers.update("cst_x", company_name=reference, extra_headers=_headers(reference))
    return changed.company_name


async def _cancel(portal: MijnKlantportaal, reference: str) -> str:
    cancelled = await portal.appointments.cancel(f"apt_{reference}")
    return cancelled.attendee_name


async def _upload(portal: MijnKlantportaal, reference: str) -> str:
    content = reference.encode() + bytes(_LARGE)
    file = FileUpload(content, filename=f"{reference}.bin")
    return (await portal.files.upload(file=file, extra_headers=_headers(reference))).name


async def _stream(portal: MijnKlantportaal, reference: str) -> str:
    async def chunks() -> AsyncIterator[bytes]:
        yield reference.encode()
        for _ in range(4):
            await asyncio.sleep(0)
            yield bytes(_LARGE // 4)

    return (await portal.files.upload(file=chunks(), extra_headers=_headers(reference))).name


async def _reply(portal: MijnKlantportaal, reference: str) -> str:
    ticket = await portal.tickets.reply("tic_x", message=f"<p>{reference}</p>", extra_headers=_headers(reference))
    return ticket.title


async def _raw(portal: MijnKlantportaal, reference: str) -> str:
    customers = portal.with_raw_response.customers
    made = await customers.create(company_name=reference, extra_headers=_headers(reference), **_NEW)
    return made.parsed.company_name


async def _request(portal: MijnKlantportaal, reference: str) -> str:
    query, body = {"reference": reference}, {"companyName": reference}
    name: str = (await portal.request("POST", "/customers", query=query, json=body)).parsed["companyName"]
    return name


async def _walk(portal: MijnKlantportaal, reference: str) -> str:
    pager = portal.customers.list(prefetch=2, extra_headers=_headers(reference))
    names: list[str] = []
    async with aclosing(pager):
        async for customer in pager:
            names.append(customer.company_name)
            await asyncio.sleep(0)
    if len(names) != 15:
        raise CrossedError(f"{reference} got {len(names)} of 15 customers")
    return names[0] if len(set(names)) == 1 else "several"


_MAKERS: dict[str, Callable[[MijnKlantportaal, str], Awaitable[str]]] = {
    "get": _get, "create": _create, "update": _update, "cancel": _cancel, "upload": _upload, "stream": _stream,
    "reply": _reply, "raw": _raw, "request": _request, "walk": _walk, "dead": _create,
}  # fmt: skip
