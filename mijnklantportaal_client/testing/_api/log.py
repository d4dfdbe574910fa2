"""What happened, as far back as is kept."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar, overload

T = TypeVar("T")
_LIMIT = 10_000


class Log(Sequence[T]):
    """Entries, oldest first; the last ten thousand."""

    _nothing = "nothing of this kind happened"

    def __init__(self, entries: Iterable[T] = ()) -> None:
        self._entries = deque(entries, _LIMIT)
        self.listeners: list[Callable[[T], None]] = []
        """Called with each entry when something becomes of it."""

    @property
    def last(self) -> T:
        """The newest.

        Raises:
            IndexError: There is none.
        """
        if not self._entries:
            raise IndexError(self._nothing)
        return self._entries[-1]

    def clear(self) -> None:
        """Forgets all of them; what is under way goes on."""
        self._entries.clear()

    def tell(self, entry: T) -> None:
        """Tells listeners of an entry."""
        for listener in self.listeners:
            listener(entry)

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[T]:
        return iter(tuple(self._entries))

    @overload
    def __getitem__(self, index: int) -> T: ...

    @overload
    def __getitem__(self, index: slice) -> list[T]: ...

    def __getitem__(self, index: int | slice) -> T | list[T]:
        return list(self._entries)[index]
