"""How a resource says what its operations do."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .portal import Portal
    from .records import Record

_EMPTY: Mapping[str, Any] = {}


class Asked(NamedTuple):
    """A request that was checked against the contract."""

    operation: str
    ids: Mapping[str, str] = _EMPTY
    """The path parameters."""
    records: Mapping[str, Record] = _EMPTY
    """What these IDs belong to, as far as that kind of record has a collection."""
    query: Mapping[str, Any] = _EMPTY
    body: Mapping[str, Any] = _EMPTY

    @property
    def record(self) -> Record:
        """What the last ID belongs to."""
        return [*self.records.values()][-1]


Handler: TypeAlias = "Callable[[Portal, Asked], Record | Sequence[Record]]"
Settler: TypeAlias = "Callable[[Portal], None]"


class Behaviour:
    """What the operations of one resource do.

    `behaviour("create-customer")` decorates a function of the portal and what was asked, which answers a record, or
    the records of a list, newest first. What it raises of `problems` is what the API answers.
    """

    def __init__(self) -> None:
        self.collections: dict[str, str] = {}
        self.handlers: dict[str, Handler] = {}
        self.listed: dict[str, str] = {}
        """Which collection an operation lists."""
        self.skipping: set[str] = set()
        """Operations for which an ID in the body that belongs to nothing is no error."""
        self.settlers: list[Settler] = []

    def __call__(self, operation: str, *, skips_unknown: bool = False) -> Callable[[Handler], Handler]:
        if skips_unknown:
            self.skipping.add(operation)

        def register(handler: Handler) -> Handler:
            self.handlers[operation] = handler
            return handler

        return register

    def collection(self, name: str, prefix: str) -> None:
        """Records of this kind, whose IDs begin with `prefix`."""
        self.collections[name] = prefix

    def lists(self, operation: str, collection: str, where: Callable[[Record, Asked], bool] | None = None) -> None:
        """An operation that lists a collection, or those of it for which `where` holds."""

        def rows(portal: Portal, asked: Asked, where: Callable[[Record, Asked], bool]) -> Sequence[Record]:
            return portal.of(collection).newest(lambda record: where(record, asked))

        if where is None:
            self.handlers[operation] = lambda portal, _: portal.of(collection).newest()
        else:
            self.handlers[operation] = partial(rows, where=where)
        self.listed[operation] = collection

    def gets(self, operation: str) -> None:
        """An operation that answers what its last ID belongs to."""
        self.handlers[operation] = lambda _, asked: asked.record

    def settles(self, function: Settler) -> Settler:
        """Decorates what is to happen as time passes; it is called before each request."""
        self.settlers.append(function)
        return function
