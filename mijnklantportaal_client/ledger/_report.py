"""What became of a batch."""

from __future__ import annotations

import enum
from typing import Any, Generic, TypeVar

import attrs

T = TypeVar("T")


@enum.unique
class Ending(enum.Enum):
    """What became of an item."""

    DONE = "done"
    """It was carried out in this run."""

    EARLIER = "earlier"
    """It was carried out in an earlier run, whose result is given."""

    FOUND = "found"
    """It had been carried out, which looking it up showed."""

    UNRESOLVED = "unresolved"
    """It was or may have been carried out, and there is no result: the error says what to do."""

    FAILED = "failed"
    """It certainly was not carried out; the next run sends it."""


@attrs.frozen(kw_only=True)
class Progress:
    """How far a batch is, each time an item has ended.

    Attributes:
        finished: How many items have ended.
        total: How many there are.
        key: The key of the one that just has.
        ending: What became of it.
    """

    finished: int
    total: int
    key: str
    ending: Ending


@attrs.define(kw_only=True)
class Report(Generic[T]):
    """What became of every item of a batch, by key.

    Attributes:
        total: How many items there were.
        done: Results of what was carried out in this run.
        earlier: Results of what had been carried out in an earlier one.
        found: Results of what had been carried out without an answer, and was looked up.
        unresolved: Errors of what was or may have been carried out, a lost result included; they say what to do.
        failed: Errors of what certainly was not carried out, and of keys that were used for something else.
        left: Keys that were not begun, since another one failed and `stop_on_error` was set.
    """

    total: int
    done: dict[str, T] = attrs.field(factory=dict)
    earlier: dict[str, T] = attrs.field(factory=dict)
    found: dict[str, T] = attrs.field(factory=dict)
    unresolved: dict[str, Exception] = attrs.field(factory=dict)
    failed: dict[str, Exception] = attrs.field(factory=dict)
    left: list[str] = attrs.field(factory=list)

    @property
    def complete(self) -> bool:
        """Whether every item has been carried out."""
        return len(self.results) == self.total

    @property
    def results(self) -> dict[str, T]:
        """All results, whenever they came about."""
        return {**self.earlier, **self.found, **self.done}

    def add(self, key: str, ending: Ending, value: Any) -> None:
        """Notes what became of an item."""
        getattr(self, ending.value)[key] = value

    def __str__(self) -> str:
        parts = [f"{len(self.done)} done", f"{len(self.earlier)} done earlier", f"{len(self.found)} found"]
        parts += [f"{len(self.unresolved)} unresolved", f"{len(self.failed)} failed"]
        parts += [f"{len(self.left)} left"] if self.left else []
        return f"{self.total} items: {', '.join(parts)}"
