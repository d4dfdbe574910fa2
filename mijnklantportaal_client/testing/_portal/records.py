"""What the portal holds: records by kind, changed all or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeAlias, overload

Record: TypeAlias = dict[str, Any]
"""A record under its wire names. What the answer's schema does not have never leaves the portal."""


class Keeper(Protocol):
    """Whoever is told of a change that is to be kept; `record` is None where it was removed."""

    def __call__(self, collection: str, id: str, before: Record | None, record: Record | None) -> None: ...


class Collection:
    """The records of one kind, in the order in which they came about."""

    def __init__(self, name: str, prefix: str, changed: Keeper) -> None:
        self.name = name
        self.prefix = prefix
        self._records: dict[str, Record] = {}
        self._positions: dict[str, int] = {}
        self._last = 0
        self._changed = changed

    def get(self, id: str, /) -> Record | None:
        """A copy of the record, or None."""
        found = self._records.get(id)
        return None if found is None else dict(found)

    def add(self, record: Record) -> Record:
        """Adds a record with an `id` of its own.

        Raises:
            ValueError: There is one with this ID.
        """
        id = record["id"]
        if id in self._records:
            raise ValueError(f"there is a record {id} already")
        self._put(id, dict(record))
        return dict(record)

    def change(self, id: str, /, **changes: Any) -> Record:
        """Replaces fields of a record."""
        record = self._records[id] | changes
        self._put(id, record)
        return dict(record)

    def remove(self, id: str, /) -> Record:
        """Takes a record away."""
        before = self._records.pop(id)
        self._changed(self.name, id, before, None)
        return before

    def newest(self, where: Callable[[Record], bool] | None = None) -> Sequence[Record]:
        """The records, newest first."""
        if where is None:
            return Newest(self._records)
        return [dict(record) for record in reversed(self._records.values()) if where(record)]

    def restore(self, id: str, record: Record | None, position: int | None = None) -> None:
        """Puts a record where and as it was, without telling anyone."""
        if record is None:
            self._records.pop(id, None)
            return
        if position is not None:
            self._positions[id] = position
        is_new = id not in self._records
        self._records[id] = record
        if is_new:
            self._records = dict(sorted(self._records.items(), key=lambda item: self._positions[item[0]]))

    def load(self, records: Mapping[int, Record]) -> None:
        """Begins with these, by their positions."""
        ordered = sorted(records.items())
        self._records = {record["id"]: record for _, record in ordered}
        self._positions = {record["id"]: position for position, record in ordered}
        self._last = ordered[-1][0] if ordered else 0

    @property
    def ids(self) -> list[str]:
        """The IDs, oldest first."""
        return list(self._records)

    def position(self, id: str) -> int:
        """Its place in the order in which records came about."""
        return self._positions[id]

    def _put(self, id: str, record: Record) -> None:
        before = self._records.get(id)
        if before is None:
            self._last += 1
            self._positions[id] = self._last
        self._records[id] = record
        self._changed(self.name, id, before, record)

    def __iter__(self) -> Iterator[Record]:
        return iter([dict(record) for record in self._records.values()])

    def __len__(self) -> int:
        return len(self._records)

    def __contains__(self, id: object) -> bool:
        return id in self._records


class Newest(Sequence[Record]):
    """Records from the newest to the oldest, of which only those that are looked at are copied."""

    def __init__(self, records: dict[str, Record]) -> None:
        self._records = records

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[Record]:
        return iter([dict(record) for record in reversed(self._records.values())])

    @overload
    def __getitem__(self, index: int) -> Record: ...

    @overload
    def __getitem__(self, index: slice) -> list[Record]: ...

    def __getitem__(self, index: int | slice) -> Record | list[Record]:
        ids = list(reversed(self._records))[index]
        return [dict(self._records[id]) for id in ids] if isinstance(ids, list) else dict(self._records[ids])
