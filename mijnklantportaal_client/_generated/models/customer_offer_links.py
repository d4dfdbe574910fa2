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
class CustomerOfferLinks(Model):
    """Where to go from this offer.

    Attributes:
        customer: The customer of the offer, in the API.
    """

    customer: Link

    _fields: ClassVar[tuple[Field, ...]] = (Field("customer", "customer", ModelOf(Link)),)

    @classmethod
    def _fast(cls, raw: dict[str, Any]) -> Self:
        if type(raw) is not dict or len(raw) != 1:
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
        return self
