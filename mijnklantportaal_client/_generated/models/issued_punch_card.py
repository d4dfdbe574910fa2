from __future__ import annotations

import datetime
from typing import Any, ClassVar, Self

from attrs import define

from ..._codecs import (
    INTEGER,
    MOMENT,
    STRING,
    EnumOf,
)
from ..._drift import Odd
from ..._fast import moment_of, new
from ..._field import Field
from ..._model import Model
from ..._moments import is_moment
from .issued_punch_card_status import IssuedPunchCardStatus, IssuedPunchCardStatus_BY_VALUE


@define(eq=False, repr=False, kw_only=True, weakref_slot=False, getstate_setstate=False)
class IssuedPunchCard(Model):
    """A punch card bought by or issued to a customer.

    Attributes:
        id: Bought card ID, prefix `pcb_`.
        punch_card_id: ID of the punch card that was bought. An ID with the prefix `pcd_`.
        customer_id: ID of the customer who owns the card. An ID with the prefix `cst_`.
        punches_left: Punches left before the card is used up.
        status: State of the issued punch card. Known values: `active`, `expired`, `fully_used`.
        expires_at: When the card expires; `None` when it never expires. An aware `datetime`.
        issued_at: When the card was issued or bought. An aware `datetime`.
    """

    id: str
    punch_card_id: str
    customer_id: str
    punches_left: int
    status: IssuedPunchCardStatus | str
    expires_at: datetime.datetime | None = None
    issued_at: datetime.datetime

    _fields: ClassVar[tuple[Field, ...]] = (
        Field("id", "id", STRING, critical=True),
        Field("punch_card_id", "punchCardId", STRING, critical=True),
        Field("customer_id", "customerId", STRING, critical=True),
        Field("punches_left", "punchesLeft", INTEGER),
        Field("status", "status", EnumOf(IssuedPunchCardStatus), critical=True),
        Field("expires_at", "expiresAt", MOMENT, nullable=True),
        Field("issued_at", "issuedAt", MOMENT),
    )

    @classmethod
    def _fast(cls, raw: dict[str, Any]) -> Self:
        if type(raw) is not dict or len(raw) != 7:
            raise Odd
        self = new(cls)
        v: Any
        self.id = v = raw["id"]
        if type(v) is not str:
            raise Odd
        self.punch_card_id = v = raw["punchCardId"]
        if type(v) is not str:
            raise Odd
        self.customer_id = v = raw["customerId"]
        if type(v) is not str:
            raise Odd
        self.punches_left = v = raw["punchesLeft"]
        if type(v) is not int:
            raise Odd
        v = raw["status"]
        if v not in IssuedPunchCardStatus_BY_VALUE or type(v) is not str:
            raise Odd
        self.status = IssuedPunchCardStatus_BY_VALUE[v]
        v = raw["expiresAt"]
        if v is None:
            self.expires_at = None
        else:
            if not is_moment(v):
                raise Odd
            self.expires_at = moment_of(v)
        v = raw["issuedAt"]
        if not is_moment(v):
            raise Odd
        self.issued_at = moment_of(v)
        return self
