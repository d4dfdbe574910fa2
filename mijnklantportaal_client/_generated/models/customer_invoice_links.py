from __future__ import annotations

from typing import Any, ClassVar, Self

from attrs import define

from ..._codecs import (
    ModelOf,
)
from ..._drift import Odd
from ..._fast import new
from ..._field import Field
from ..._model import Model
from .link import Link


@define(eq=False, repr=False, kw_only=True, weakref_slot=False, getstate_setstate=False)
class CustomerInvoiceLinks(Model):
    """Where to go from this invoice.

    Attributes:
        customer: The customer of the invoice, in the API.
        online_payment_link: Payment page of the invoice; there even when no payment integration is active.
    """

    customer: Link
    online_payment_link: Link

    _fields: ClassVar[tuple[Field, ...]] = (
        Field("customer", "customer", ModelOf(Link)),
        Field("online_payment_link", "onlinePaymentLink", ModelOf(Link)),
    )

    @classmethod
    def _fast(cls, raw: dict[str, Any]) -> Self:
        if type(raw) is not dict or len(raw) != 2:
            raise Odd
        self = new(cls)
        v: Any
        raw_link = raw["customer"]
        if type(raw_link) is not dict or len(raw_link) != 2:
            raise Odd
        self.customer = new_link = new(Link)
        new_link.href = v = raw_link["href"]
        if type(v) is not str:
            raise Odd
        new_link.type = v = raw_link["type"]
        if type(v) is not str:
            raise Odd
        raw_link = raw["onlinePaymentLink"]
        if type(raw_link) is not dict or len(raw_link) != 2:
            raise Odd
        self.online_payment_link = new_link = new(Link)
        new_link.href = v = raw_link["href"]
        if type(v) is not str:
            raise Odd
        new_link.type = v = raw_link["type"]
        if type(v) is not str:
            raise Odd
        return self
