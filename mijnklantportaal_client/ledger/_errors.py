"""The errors of a ledger.

LedgerError                      (a MijnKlantportaalError)
├── UnresolvedError
├── KeyReusedError
├── ResultError
├── SeveralMatchError
├── ListMovesError
└── LedgerStoreError
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._outcome import Outcome
from ..errors import MijnKlantportaalError

if TYPE_CHECKING:
    from ._entry import Entry


class LedgerError(MijnKlantportaalError):
    """A ledger can't do what was asked of it.

    `.outcome` tells of the key: `NOT_SENT` where nothing was sent on account of this call.

    Attributes:
        key: The key, where it is about one.
    """

    key: str | None = None


class UnresolvedError(LedgerError):
    """The change of a key was or may have been carried out, and the ledger can't find out; nothing was sent now.

    Attributes:
        entry: All that is known of it: `.state`, `.begun_at`, `.sent_at`, `.operation`, `.why`, `.advice`.
        outcome: `UNKNOWN`: it may have been carried out. `ACCEPTED`: it was, and only its result is missing.
    """

    outcome = Outcome.UNKNOWN
    entry: Entry


class KeyReusedError(LedgerError):
    """A key stands for one change, and this is another one: other values, another portal, or a second request."""


class ResultError(LedgerError):
    """The change of a key was carried out before, but its result can't be given: it could not be kept, or not be read.

    Nothing was sent now.

    Attributes:
        entry: All that is known of it.
    """

    outcome = Outcome.ACCEPTED
    entry: Entry


class SeveralMatchError(LedgerError):
    """More than one object matches, so that none of them is certain to be the one.

    Attributes:
        objects: The objects.
    """

    objects: tuple[Any, ...] = ()


class ListMovesError(LedgerError):
    """A list kept changing while it was read, so that it is not certain that something is not in it."""


class LedgerStoreError(LedgerError):
    """The file of a ledger, or what stands for it, can't be used.

    Attributes:
        result: The result of a call that was carried out, but could not be recorded. `.outcome` is `ACCEPTED` then,
            and its key stays "may have happened" in the ledger.
    """

    result: Any = None
