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

fast_link = Link._fast


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
        self.customer = fast_link(raw["customer"])
        return self
