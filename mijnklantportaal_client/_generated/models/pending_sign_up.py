from __future__ import annotations

import datetime
from typing import Any, ClassVar, Self

from attrs import define

from ..._codecs import (
    MOMENT,
    STRING,
)
from ..._drift import Odd
from ..._fast import moment_of, new
from ..._field import Field
from ..._model import Model
from ..._moments import is_moment


@define(eq=False, repr=False, kw_only=True, weakref_slot=False, getstate_setstate=False)
class PendingSignUp(Model):
    """A sign-up that waits for its first payment.

    Attributes:
        id: UUID of the temporary record.
        payment_link: URL to send the user to; paying the first term there starts the subscription.
        expires_at: Moment the link and the temporary record expire. An aware `datetime`.
    """

    id: str
    payment_link: str
    expires_at: datetime.datetime

    _fields: ClassVar[tuple[Field, ...]] = (
        Field("id", "id", STRING, critical=True),
        Field("payment_link", "paymentLink", STRING, shown=False),
        Field("expires_at", "expiresAt", MOMENT),
    )

    @classmethod
    def _fast(cls, raw: dict[str, Any]) -> Self:
        if type(raw) is not dict or len(raw) != 3:
            raise Odd
        self = new(cls)
        v: Any
        self.id = v = raw["id"]
        if type(v) is not str:
            raise Odd
        self.payment_link = v = raw["paymentLink"]
        if type(v) is not str:
            raise Odd
        v = raw["expiresAt"]
        if not is_moment(v):
            raise Odd
        self.expires_at = moment_of(v)
        return self
