"""What was asked of the sandbox, and what it answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .log import Log

if TYPE_CHECKING:
    import datetime


# Not attrs, which a server would load for nothing else.
@dataclass(kw_only=True)
class SandboxRequest:
    """A request and its answer."""

    number: int
    """1 for the first since the sandbox began."""
    at: datetime.datetime
    """When it came, by the sandbox's clock."""
    method: str
    path: str
    """The path below the base URL, with its query left out."""
    operation: str | None = None
    """The operationId; None where the contract has no such operation."""
    ids: Mapping[str, str] = field(default_factory=dict)
    """The IDs in the path, by parameter."""
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Names in small letters; credentials are left out."""
    json: Any = field(default=None, repr=False)
    """The body, of a form its fields, each file as its name, type and size; None where there was none."""
    status: int | None = None
    """What was answered; None where the answer was lost."""
    answer: Any = field(default=None, repr=False)
    """The JSON of the answer."""
    carried_out: bool = False
    """Whether the operation did what it is for."""
    trouble: str | None = None
    """What was done to it on demand: `fail`, `delay`, `drop`, `drift` or `churn`, several with commas."""
    duration: float = 0.0
    """Seconds from the first look at it to its answer."""


class Journal(Log[SandboxRequest]):
    """The requests since the sandbox began or the journal was cleared, oldest first; the last ten thousand."""

    _nothing = "the sandbox was asked nothing of this kind"

    def __init__(self, requests: Iterable[SandboxRequest] = (), operation_of: Callable[[str], str] = str) -> None:
        super().__init__(requests)
        self._operation_of = operation_of
        self._count = 0

    def of(self, operation: str) -> Journal:
        """Those of one operation, by its operationId or the client's method, such as `customers.create`.

        Raises:
            ValueError: There is no such operation.
        """
        name = self._operation_of(operation)
        return self._those(lambda request: request.operation == name)

    @property
    def carried_out(self) -> Journal:
        """Those that did what they are for."""
        return self._those(lambda request: request.carried_out)

    @property
    def writes(self) -> Journal:
        """Those that are not GET."""
        return self._those(lambda request: request.method != "GET")

    def begin(self, **known: Any) -> SandboxRequest:
        """Adds a request that has just come; they are numbered on where they were cleared."""
        self._count += 1
        request = SandboxRequest(number=self._count, **known)
        self._entries.append(request)
        return request

    def _those(self, where: Callable[[SandboxRequest], bool]) -> Journal:
        return Journal(filter(where, self), self._operation_of)

    def __repr__(self) -> str:
        return f"<{len(self)} requests: {', '.join(f'{each.method} {each.path} {each.status}' for each in self)}>"
