"""What is known of an operation when it is called; the records themselves are generated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import attrs

from ._unset import UNSET

if TYPE_CHECKING:
    from ._codec import Codec, WriteOptions

T = TypeVar("T")


class Argument:
    """A field of the query or of the body."""

    __slots__ = ("codec", "name", "nullable", "required", "wire")

    def __init__(self, name: str, wire: str, codec: Codec, *, required: bool = False, nullable: bool = False) -> None:
        self.name = name
        self.wire = wire
        self.codec = codec
        self.required = required
        self.nullable = nullable

    def write(self, value: Any, options: WriteOptions) -> Any:
        """The value on the wire, or `UNSET`.

        Raises:
            TypeError: The value is of a type that can't be sent here.
            ValueError: The value is of the right type, but not one that can be sent.
        """
        if value is UNSET:
            if self.required:
                raise TypeError(f"{self.name} is required")
            return UNSET
        if value is None:
            if not self.nullable:
                hint = "" if self.required else "; leave it out (UNSET) to not send it"
                raise TypeError(f"{self.name} can't be None: this operation takes no null here{hint}")
            return None
        return self.codec.write(value, self.name, options)


class PathParameter:
    """An ID in the path."""

    __slots__ = ("name", "prefixes", "wire")

    def __init__(self, name: str, wire: str, *prefixes: str) -> None:
        self.name = name
        self.wire = wire
        self.prefixes = prefixes


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Operation(Generic[T]):
    """One operation of the API, or the part of it that one method stands for.

    Attributes:
        id: The contract's `operationId`.
        name: Resource and method, such as `customers.get`.
        method: HTTP method.
        path: Path template.
        reader: Codec of a whole successful answer.
        statuses: The documented statuses, such as `200` or `2XX`.
        inferred: The kinds of facts of this operation that were derived rather than read.
        changes: Whether at least one body field has to be given.
    """

    id: str
    name: str
    method: str
    path: str
    reader: Codec
    path_parameters: tuple[PathParameter, ...] = ()
    query: tuple[Argument, ...] = ()
    body: tuple[Argument, ...] = ()
    encoding: str | None = None
    changes: bool = False
    statuses: frozenset[str] = frozenset()
    inferred: tuple[str, ...] = ()
    docs: str | None = None

    def documents(self, status: int) -> bool:
        """Whether the contract names this status; where it only infers the success, any is as good."""
        if 200 <= status <= 299 and "success status" in self.inferred:
            return True
        return not self.statuses or not self.statuses.isdisjoint((str(status), f"{status // 100}XX", "default"))

    @property
    def certainty(self) -> str | None:
        """One sentence on what of this operation is inferred, if anything is."""
        if not self.inferred:
            return None
        return f"The contract of {self.name} is partly inferred ({', '.join(self.inferred)})."


def write_arguments(arguments: tuple[Argument, ...], given: Mapping[str, Any], options: WriteOptions) -> dict[str, Any]:
    """Checks arguments in their order and gives their wire names and values; what is `UNSET` is left out."""
    written = ((argument.wire, argument.write(given.get(argument.name, UNSET), options)) for argument in arguments)
    return {wire: value for wire, value in written if value is not UNSET}
