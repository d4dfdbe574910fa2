"""The commands of a sandbox that make trouble."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import _given

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ._api.trouble import Trouble, Troubles, When
    from ._portal.contract import Operation
    from ._portal.portal import Portal


class TroubleOnDemand:
    """What can go wrong with the answers of a sandbox, when it is asked for."""

    portal: Portal
    troubles: Troubles
    listed: Mapping[str, str]
    """Which collection an operation lists."""

    def fail(
        self,
        operation: str,
        status: int = 503,
        times: int | None = 1,
        *,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        when: When = "before",
    ) -> Trouble:
        """The next requests of an operation fail.

        Args:
            operation: Its operationId, the client's method such as `customers.create`, or `*` for every operation.
            status: What is answered.
            times: How many requests; None for all until the trouble ends.
            body: JSON, or text or bytes as they are to come; by default a message.
            headers: Headers of the answer, such as `Retry-After`.
            when: `before` the operation is carried out, or `after`, so that it happened though the answer denies it.

        Raises:
            ValueError: There is no such operation, or the status is not one of 400 to 599.
        """
        _given.whole(status, "the status of a failure", 400, 599)
        if not isinstance(body, (bytes, str)):
            _given.as_json(body, "body")
        details = {"status": status, "body": body, "headers": _given.headers(headers), "when": _when(when)}
        return self.troubles.add("fail", operation, times, **details)

    def delay(self, operation: str, seconds: float, times: int | None = 1) -> Trouble:
        """The next answers of an operation come so many seconds later; it is carried out at once."""
        return self.troubles.add("delay", operation, times, seconds=_given.seconds(seconds, "a delay"))

    def drop(self, operation: str, when: When = "before", times: int | None = 1) -> Trouble:
        """The connection of the next requests is lost without an answer, `before` or `after` they are carried out."""
        return self.troubles.add("drop", operation, times, when=_when(when))

    def drift(
        self,
        operation: str,
        *,
        remove: str | Iterable[str] = (),
        add: Mapping[str, Any] | None = None,
        change: Mapping[str, Any] | None = None,
        times: int | None = None,
    ) -> Trouble:
        """The answers of an operation differ from the contract.

        Args:
            operation: As in `fail`.
            remove: Names of fields that are left out, as they stand in JSON; a dot goes one level down.
            add: Fields that the contract does not know.
            change: Fields with another value than they have.
            times: How many answers; None for all until the trouble ends.
        """
        details = {"remove": _given.names(remove), "add": dict(add or {}), "change": dict(change or {})}
        for fields in (details["add"], details["change"]):
            _given.names(fields)
        _given.as_json(details, "what an answer has")
        if not any(details.values()):
            raise ValueError("drift needs a field to remove, to add or to change")
        return self.troubles.add("drift", operation, times, **details)

    def churn(self, operation: str, *, insert: int = 0, delete: int = 0, times: int | None = None) -> Trouble:
        """After each answer of a list, its newest rows are deleted and new ones inserted, as if others were at work."""
        if not _given.whole(insert, "insert", 0) + _given.whole(delete, "delete", 0):
            raise ValueError("churn needs a number of rows to insert or to delete")
        name = self.portal.contract.named(operation).id
        if name not in self.listed:
            raise ValueError(f"{name} lists no collection of its own; one that does is list-customers")
        return self.troubles.add("churn", operation, times, insert=insert, delete=delete)

    def calm(self) -> None:
        """Ends all trouble."""
        self.troubles.calm()

    def churned(self, operation: Operation, *, insert: int, delete: int) -> None:
        """Carries out a churn."""
        collection = self.portal.of(self.listed[operation.id])
        with self.portal.changing():
            newest = list(collection.newest()[:1])
            for id in collection.ids[-delete:] if delete else ():
                collection.remove(id)
            for _ in range(insert if newest else 0):
                new = {"id": self.portal.new_id(collection.prefix), "createdAt": self.portal.stamp()}
                collection.add({**newest[0], **new})


def _when(when: When) -> When:
    if when not in ("before", "after"):
        raise ValueError("when is 'before' or 'after'")
    return when
