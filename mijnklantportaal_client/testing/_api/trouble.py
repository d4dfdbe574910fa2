"""Trouble on demand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from .._given import whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Self

Kind = Literal["fail", "delay", "drop", "drift", "churn"]
When = Literal["before", "after"]


@dataclass(kw_only=True, eq=False)
class Trouble:
    """Something that is to happen to requests; `with` ends it at the end of the block."""

    kind: Kind
    operation: str
    """The operationId, or `*` for every one."""
    times: int | None
    """How many requests it is for; None for all."""
    details: Mapping[str, Any] = field(default_factory=dict, repr=False)
    happened: int = 0
    """How often it happened so far."""
    ended: bool = False

    def end(self) -> None:
        """No further request meets it."""
        self.ended = True

    def meets(self, operation: str) -> bool:
        """Whether the next request of an operation meets it."""
        is_left = self.times is None or self.happened < self.times
        return is_left and not self.ended and self.operation in ("*", operation)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()


class Troubles:
    """The trouble that was asked for, oldest first."""

    def __init__(self, operation_of: Callable[[str], str]) -> None:
        self._all: list[Trouble] = []
        self._operation_of = operation_of

    def add(self, kind: Kind, operation: str, times: int | None, **details: Any) -> Trouble:
        """Begins one.

        Raises:
            ValueError: There is no such operation, or `times` is not positive.
        """
        if times is not None:
            whole(times, "times", 1)
        name = operation if operation == "*" else self._operation_of(operation)
        trouble = Trouble(kind=kind, operation=name, times=times, details=details)
        self._all = [*(each for each in self._all if not each.ended), trouble]
        return trouble

    def take(self, kinds: Iterable[Kind], operation: str, when: When | None = None) -> Trouble | None:
        """The oldest of some kinds that an operation meets; it has happened by now."""
        return next(self.take_each(kinds, operation, when), None)

    def take_each(self, kinds: Iterable[Kind], operation: str, when: When | None = None) -> Iterator[Trouble]:
        """All of some kinds that an operation meets, oldest first; each has happened once it is given."""
        for each in self._all:
            if each.kind in kinds and each.meets(operation) and when in (None, each.details.get("when", "before")):
                each.happened += 1
                yield each

    def calm(self) -> None:
        """Ends all of it."""
        for each in self._all:
            each.end()
        self._all.clear()

    def __iter__(self) -> Any:
        return iter([each for each in self._all if not each.ended])


def drift(payload: Any, details: Mapping[str, Any]) -> Any:
    """The answer with fields removed, added and changed; each row of a page alike. A dot goes one level down."""
    if isinstance(payload, dict) and isinstance(payload.get("data"), list):
        return {**payload, "data": [drift(each, details) for each in payload["data"]]}
    for name in details.get("remove", ()):
        payload = _replaced(payload, name.split("."), None, removes=True)
    for name, value in {**details.get("add", {}), **details.get("change", {})}.items():
        payload = _replaced(payload, name.split("."), value, removes=False)
    return payload


def _replaced(value: Any, path: list[str], new: Any, *, removes: bool) -> Any:
    name, *further = path
    if isinstance(value, list):
        return [_replaced(each, path, new, removes=removes) for each in value]
    if not isinstance(value, dict):
        return value
    if further:
        return {**value, name: _replaced(value[name], further, new, removes=removes)} if name in value else value
    return {key: each for key, each in value.items() if key != name} if removes else {**value, name: new}
