from __future__ import annotations

import datetime
from typing import Any, ClassVar, Self

from attrs import define

from ..._codecs import (
    MOMENT,
    STRING,
    EnumOf,
)
from ..._drift import Odd
from ..._fast import moment_of, new
from ..._field import Field
from ..._model import Model
from ..._moments import is_moment
from .appointment_status import AppointmentStatus, AppointmentStatus_BY_VALUE


@define(eq=False, repr=False, kw_only=True, weakref_slot=False, getstate_setstate=False)
class Appointment(Model):
    """Appointment.

    Attributes:
        id: Appointment ID, prefix `apt_`.
        customer_id: Customer taking part, if any. An ID with the prefix `cst_`. `None` where the answer has
            none.
        attendee_name: Attendee's name.
        attendee_email: Attendee's e-mail address.
        starts_at: Start. An aware `datetime`.
        ends_at: End. An aware `datetime`.
        status: State of the appointment. Known values: `scheduled`, `canceled`, `pending`.
        online_meeting_link: Online meeting URL from the connected integration, when there is one. `None` where
            the answer has none.
        created_at: When it was added to MijnKlantportaal, whatever its status. An aware `datetime`.
    """

    id: str
    customer_id: str | None = None
    attendee_name: str
    attendee_email: str
    starts_at: datetime.datetime
    ends_at: datetime.datetime
    status: AppointmentStatus | str
    online_meeting_link: str | None = None
    created_at: datetime.datetime

    _fields: ClassVar[tuple[Field, ...]] = (
        Field("id", "id", STRING, critical=True),
        Field("customer_id", "customerId", STRING, required=False, nullable=True, critical=True),
        Field("attendee_name", "attendeeName", STRING, shown=False),
        Field("attendee_email", "attendeeEmail", STRING, shown=False),
        Field("starts_at", "startsAt", MOMENT),
        Field("ends_at", "endsAt", MOMENT),
        Field("status", "status", EnumOf(AppointmentStatus), critical=True),
        Field("online_meeting_link", "onlineMeetingLink", STRING, required=False, nullable=True, shown=False),
        Field("created_at", "createdAt", MOMENT),
    )

    @classmethod
    def _fast(cls, raw: dict[str, Any]) -> Self:
        if type(raw) is not dict or len(raw) > 9:
            raise Odd
        self = new(cls)
        known = 7
        v: Any
        self.id = v = raw["id"]
        if type(v) is not str:
            raise Odd
        if "customerId" in raw:
            known += 1
            self.customer_id = v = raw["customerId"]
            if v is not None and type(v) is not str:
                raise Odd
        self.attendee_name = v = raw["attendeeName"]
        if type(v) is not str:
            raise Odd
        self.attendee_email = v = raw["attendeeEmail"]
        if type(v) is not str:
            raise Odd
        v = raw["startsAt"]
        if not is_moment(v):
            raise Odd
        self.starts_at = moment_of(v)
        v = raw["endsAt"]
        if not is_moment(v):
            raise Odd
        self.ends_at = moment_of(v)
        v = raw["status"]
        if v not in AppointmentStatus_BY_VALUE or type(v) is not str:
            raise Odd
        self.status = AppointmentStatus_BY_VALUE[v]
        if "onlineMeetingLink" in raw:
            known += 1
            self.online_meeting_link = v = raw["onlineMeetingLink"]
            if v is not None and type(v) is not str:
                raise Odd
        v = raw["createdAt"]
        if not is_moment(v):
            raise Odd
        self.created_at = moment_of(v)
        if len(raw) != known:
            raise Odd
        return self
