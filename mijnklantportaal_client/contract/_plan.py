"""What the probe asks, in which order, and with which IDs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeGuard, TypeVar

import attrs

from ..ids import PREFIXES

if TYPE_CHECKING:
    from .._contract import Contract

_T = TypeVar("_T")
_ID = re.compile(r"([a-z]{3}_)[A-Za-z0-9_]{1,60}")
_MOST_OF_A_KIND = 200


@attrs.frozen
class Step:
    """An operation that only reads.

    Attributes:
        id: The contract's `operationId`.
        resource: Where the client has it, such as `customers`.
        method: Its method there, such as `get`.
        prefixes: What the IDs in its path begin with, one after another.
        answer: `page` for a list in pages, `single_page` for one without.
        needs: Query parameters without which it can't be asked.
    """

    id: str
    resource: str
    method: str
    prefixes: tuple[tuple[str, ...], ...]
    answer: str
    needs: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Resource and method."""
        return f"{self.resource}.{self.method}"


def steps(table: Sequence[Mapping[str, Any]]) -> list[Step]:
    """The GET operations of `operations.json`: first those that need no ID, then those that need more and more."""
    found = [
        Step(
            each["id"],
            each["resource"],
            each["methods"][0],
            tuple(tuple(prefixes) for prefixes in each["path_ids"].values()),
            each["answer"],
            tuple(name for name, parameter in each["query"].items() if parameter["required"]),
        )
        for each in table
        if each["method"] == "GET"
    ]
    return sorted(found, key=lambda step: len(step.prefixes))


def selected(every: Sequence[Step], only: Iterable[str], contract: Contract) -> list[Step]:
    """The steps that some names mean, and the lists where they find their IDs.

    Args:
        every: The steps there are.
        only: Resources, methods such as `customers.get`, or operationIds; none for everything.
        contract: What tells where IDs are found.

    Raises:
        ValueError: A name means nothing.
    """
    names = set(only)
    if not names:
        return list(every)
    wanted = {step.id for step in every if names & {step.id, step.name, step.resource}}
    known = {name for step in every for name in (step.id, step.name, step.resource)}
    if names - known:
        raise ValueError(f"there is no resource, method or operation to read named {min(names - known)!r}")
    while True:
        needed = {prefixes for step in every if step.id in wanted for prefixes in step.prefixes}
        more = {source.id for prefixes in needed for source in _sources(every, prefixes, contract)} - wanted
        if not more:
            return [step for step in every if step.id in wanted]
        wanted |= more


def _sources(every: Sequence[Step], prefixes: tuple[str, ...], contract: Contract) -> list[Step]:
    """The operations whose answers are about things with such an ID, or else those that mention one."""
    owners = [step for step in every if step.answer.endswith("page") and _own_prefix(contract, step) in prefixes]
    mention = [step for step in every if not _mentioned(contract, step).isdisjoint(prefixes)]
    return owners or [step for step in mention if not step.prefixes] or mention


def _own_prefix(contract: Contract, step: Step) -> str | None:
    rows = contract.flat(contract.operations[step.id].answer or {}).get("properties", {}).get("data", {})
    row = contract.flat(contract.flat(rows).get("items", {}))
    found = _ID.match(str(row.get("properties", {}).get("id", {}).get("example")))
    return found[1] if found else None


def _mentioned(contract: Contract, step: Step) -> set[str]:
    """The prefixes of the IDs in an answer, by the examples of its fields."""
    from ._places import fields_of

    answer = contract.operations[step.id].answer or {}
    examples = (str(schema.get("example")) for _, schema, _ in fields_of(contract, answer))
    return {found[1] for each in examples if (found := _ID.match(each))}


class IDs:
    """The IDs that answers named, and in what each of them was found."""

    def __init__(self) -> None:
        self._found: dict[str, dict[str, tuple[str, ...]]] = {}

    def learn(self, answer: Any, asked: tuple[str, ...] = ()) -> None:
        """Takes the IDs out of an answer; `asked` are those in the path of its request."""
        for id, inside in _harvest(answer, asked):
            of_kind = self._found.setdefault(id[:4], {})
            if id not in of_kind and len(of_kind) < _MOST_OF_A_KIND:
                of_kind[id] = inside

    def choose(self, prefixes: tuple[tuple[str, ...], ...], most: int) -> list[tuple[str, ...]]:
        """IDs for a path, at most so many for each prefix, each found in the one before it."""
        if not prefixes:
            return [()]
        chosen: list[tuple[str, ...]] = []
        for prefix in prefixes[-1]:
            ways = [
                (*before, id)
                for id, inside in self._found.get(prefix, {}).items()
                if (before := _among(inside, prefixes[:-1])) is not None
            ]
            chosen += spread(ways, most)
        return chosen


def _among(inside: tuple[str, ...], prefixes: tuple[tuple[str, ...], ...]) -> tuple[str, ...] | None:
    found = [next((id for id in inside if id[:4] in each), None) for each in prefixes]
    return tuple(id for id in found if id is not None) if None not in found else None


def _harvest(value: Any, inside: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every ID in a value, each with the IDs of the objects around it."""
    if isinstance(value, dict):
        own = value.get("id")
        around: tuple[str, ...] = (*inside, own) if _is_id(own) else inside
        for name, each in value.items():
            yield from _harvest(each, inside if name == "id" else around)
    elif isinstance(value, list):
        for each in value:
            yield from _harvest(each, inside)
    elif _is_id(value):
        yield value, inside


def _is_id(value: object) -> TypeGuard[str]:
    found = _ID.fullmatch(value) if isinstance(value, str) else None
    return found is not None and found[1] in PREFIXES


def spread(values: Sequence[_T], most: int) -> list[_T]:
    """So many of some values, from the first to the last, as far apart as can be."""
    if len(values) <= most:
        return list(values)
    if most == 1:
        return [values[0]]
    return [values[round(index * (len(values) - 1) / (most - 1))] for index in range(most)]
