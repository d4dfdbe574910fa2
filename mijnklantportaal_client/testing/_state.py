"""What a portal holds, as a test looks at it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar, overload

from ._make import make
from ._portal.check import Checker
from ._portal.shown import SCHEMAS, shown

if TYPE_CHECKING:
    from .. import models
    from .._model import Model
    from ._portal.contract import Schema
    from ._portal.examples import Examples
    from ._portal.portal import Portal
    from ._portal.records import Collection

_M = TypeVar("_M", bound="Model")
_MODELS = {**SCHEMAS, "mijnklantportaal_invoices": "MijnKlantportaalInvoice", "issued_punch_cards": "IssuedPunchCard"}
"""The model of the records of each collection."""


class Source(Protocol):
    """Where the records are."""

    def rows(self, collection: str) -> list[dict[str, Any]]:
        """The records, newest first, as the API shows them."""
        ...

    def add(self, collection: str, record: Mapping[str, Any]) -> dict[str, Any]:
        """Adds one, which is as in the examples where nothing is said; a ValueError where it can't be so."""
        ...

    def remove(self, collection: str, id: str) -> None:
        """Takes one away; a KeyError where there is none."""


class PortalSource:
    """The records of a portal in this process."""

    def __init__(self, portal: Portal, examples: Examples) -> None:
        self._portal = portal
        self._examples = examples
        self._checker = Checker(portal.contract)

    def rows(self, collection: str) -> list[dict[str, Any]]:
        records = self._records(collection)
        with self._portal.lock:
            self._portal.settle()
            return [shown(self._portal, record) for record in records.newest()]

    def add(self, collection: str, record: Mapping[str, Any]) -> dict[str, Any]:
        portal, records, schema = self._portal, self._records(collection), self._schema(collection)
        # What expires did so long ago in the examples.
        own = {"id": portal.new_id(records.prefix), "createdAt": portal.stamp(), "expiresAt": None}
        members = portal.contract.flat(schema)["properties"]
        if unknown := sorted(record.keys() - members.keys()):
            raise ValueError(f"records of {collection} have no field {unknown[0]!r}")
        fresh = {name: own[name] for name in own.keys() & members.keys() if own[name] or _may_be_null(members[name])}
        new = {**self._examples.of(schema), **fresh, **record}
        if flaws := self._checker.flaws(schema, new):
            raise ValueError(
                f"{flaws[0].name} of {collection} is not what the contract says: {new.get(flaws[0].name)!r}"
            )
        with portal.changing():
            return shown(portal, records.add(new))

    def remove(self, collection: str, id: str) -> None:
        records = self._records(collection)
        with self._portal.changing():
            if id not in records:
                raise KeyError(f"the sandbox has no {id} in {collection}")
            records.remove(id)

    def _records(self, collection: str) -> Collection:
        if collection not in _MODELS:
            raise KeyError(f"the sandbox has no {collection}; it has {', '.join(_MODELS)}")
        return self._portal.of(collection)

    def _schema(self, collection: str) -> Schema:
        return self._portal.contract.component(SCHEMAS[collection])


def _may_be_null(schema: Schema) -> bool:
    return "null" in schema.get("type", ())


class Rows(Sequence[_M], Generic[_M]):
    """The records of one kind, newest first, as models; each look sees what is there now."""

    def __init__(self, source: Source, collection: str) -> None:
        self._source = source
        self._collection = collection

    def get(self, id: str) -> _M:
        """The record with this ID.

        Raises:
            KeyError: There is none.
        """
        found = next((row for row in self._source.rows(self._collection) if row.get("id") == id), None)
        if found is None:
            raise KeyError(f"the sandbox has no {id} in {self._collection}")
        return self._read(found)

    def add(self, **fields: Any) -> _M:
        """Adds a record without a request or a webhook, as if it had been there before.

        Args:
            fields: Fields of the model by their Python names; the others are as in the contract's examples, but for
                an `id` and a `created_at` of its own.

        Raises:
            TypeError: There is no such field, or it can't have this value.
        """
        made: dict[str, Any] = make(self._model, **fields).to_dict()
        given = {field.wire: made[field.wire] for field in self._model._fields if field.name in fields}
        return self._read(self._source.add(self._collection, given))

    def remove(self, id: str) -> None:
        """Takes a record away without a request or a webhook.

        Raises:
            KeyError: There is none.
        """
        self._source.remove(self._collection, id)

    @property
    def _model(self) -> type[_M]:
        from .. import models

        model: type[_M] = getattr(models, _MODELS[self._collection])
        return model

    def _read(self, row: Mapping[str, Any]) -> _M:
        return self._model.from_dict(row)

    def __len__(self) -> int:
        return len(self._source.rows(self._collection))

    def __iter__(self) -> Iterator[_M]:
        return iter([self._read(row) for row in self._source.rows(self._collection)])

    @overload
    def __getitem__(self, index: int) -> _M: ...

    @overload
    def __getitem__(self, index: slice) -> list[_M]: ...

    def __getitem__(self, index: int | slice) -> _M | list[_M]:
        rows = self._source.rows(self._collection)[index]
        return [self._read(row) for row in rows] if isinstance(rows, list) else self._read(rows)

    def __repr__(self) -> str:
        return f"<{len(self)} {self._collection}>"


class State:
    """The records of a portal by kind; a name is that of the client's resource, as far as it has one."""

    if TYPE_CHECKING:
        agreements: Rows[models.AgreementWithDetails]
        appointments: Rows[models.Appointment]
        customers: Rows[models.Customer]
        customer_groups: Rows[models.CustomerGroup]
        customer_invoices: Rows[models.CustomerInvoice]
        customer_offers: Rows[models.CustomerOffer]
        customer_subscriptions: Rows[models.CustomerSubscription]
        customer_subscription_packages: Rows[models.CustomerSubscriptionPackage]
        files: Rows[models.FileOrDirectory]
        directories: Rows[models.FileOrDirectory]
        file_requests: Rows[models.FileRequest]
        file_shares: Rows[models.FileShare]
        mijnklantportaal_invoices: Rows[models.MijnKlantportaalInvoice]
        payment_links: Rows[models.PaymentLink]
        payments: Rows[models.PaymentLinkPayment]
        punch_cards: Rows[models.PunchCard]
        issued_punch_cards: Rows[models.IssuedPunchCard]
        tickets: Rows[models.TicketWithMessage]
        webhooks: Rows[models.Webhook]

    def __init__(self, source: Source) -> None:
        self.__dict__.update({name: Rows(source, name) for name in _MODELS})
