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
class FileShareLinks(Model):
    """Where to go from this file share.

    Attributes:
        customer: The customer it is shared with, in the API; `None` for a public share.
        public_share: Public page of the share; `None` when it is for a customer.
    """

    customer: Link | None = None
    public_share: Link | None = None

    _fields: ClassVar[tuple[Field, ...]] = (
        Field("customer", "customer", ModelOf(Link), required=False, nullable=True),
        Field("public_share", "publicShare", ModelOf(Link), required=False, nullable=True),
    )

    @classmethod
    def _fast(cls, raw: dict[str, Any]) -> Self:
        if type(raw) is not dict or len(raw) > 2:
            raise Odd
        self = new(cls)
        known = 0
        v: Any
        if "customer" in raw:
            known += 1
            v = raw["customer"]
            if v is None:
                self.customer = None
            else:
                self.customer = fast_link(v)
        if "publicShare" in raw:
            known += 1
            v = raw["publicShare"]
            if v is None:
                self.public_share = None
            else:
                self.public_share = fast_link(v)
        if len(raw) != known:
            raise Odd
        return self
