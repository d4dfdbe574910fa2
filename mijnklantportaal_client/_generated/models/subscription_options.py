from __future__ import annotations

from typing import Any, ClassVar, Self

from attrs import define

from ..._codecs import (
    BOOLEAN,
    STRING,
)
from ..._drift import Odd
from ..._fast import new
from ..._field import Field
from ..._model import Model


@define(eq=False, repr=False, kw_only=True, weakref_slot=False, getstate_setstate=False)
class SubscriptionOptions(Model):
    """Subscription settings.

    Attributes:
        create_invoice: Whether each charge makes an invoice in the linked bookkeeping integration.
        invoice_description: Text of the invoice row. `None` where the answer has none.
    """

    create_invoice: bool
    invoice_description: str | None = None

    _fields: ClassVar[tuple[Field, ...]] = (
        Field("create_invoice", "createInvoice", BOOLEAN),
        Field("invoice_description", "invoiceDescription", STRING, required=False, nullable=True, shown=False),
    )

    @classmethod
    def _fast(cls, raw: dict[str, Any]) -> Self:
        if type(raw) is not dict or len(raw) > 2:
            raise Odd
        self = new(cls)
        known = 1
        v: Any
        self.create_invoice = v = raw["createInvoice"]
        if type(v) is not bool:
            raise Odd
        if "invoiceDescription" in raw:
            known += 1
            self.invoice_description = v = raw["invoiceDescription"]
            if v is not None and type(v) is not str:
                raise Odd
        if len(raw) != known:
            raise Odd
        return self
