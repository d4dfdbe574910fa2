"""Where a ledger keeps its entries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ._entry import Entry


class LedgerStore(Protocol):
    """Keeps entries by their keys, for any number of ledgers in any number of processes.

    A ledger on a path has one in SQLite. `examples/sqlalchemy_ledger_store.py` is one for PostgreSQL. Everything that
    makes a ledger safe is in the ledger, as long as these six keep their word. Whatever they raise keeps the ledger
    from sending.
    """

    async def load(self, key: str) -> Entry | None:
        """The entry of a key, as it was written last by anybody."""
        ...

    async def save(self, entry: Entry, *, replaces: int | None) -> bool:
        """Writes an entry if the one of the same key still has the version `replaces`; None: if there is none yet.

        Look and write must be one step, and what was written must survive the end of the process and of the machine
        once this returns. False where the version is another one, and nothing was written. `Entry.to_dict()` and
        `Entry.from_dict()` turn entries into JSON values and back.
        """
        ...

    async def open(self) -> list[Entry]:
        """Every entry whose `is_open` is true."""
        ...

    async def join(self) -> str:
        """A name of its own for a ledger that begins to write, which counts as alive from now on."""
        ...

    async def leave(self, owner: str) -> None:
        """The ledger of this name will write no more; may be told again where telling failed."""
        ...

    async def alive(self, owner: str) -> bool:
        """Whether the ledger of this name may still be at work; False once its process has ended, or it has left.

        Better too long than too short: while this is True, others wait for it. A ledger that turns out to be at work
        although this was False can no longer send, and what it had sent before is recorded all the same.
        """
        ...
