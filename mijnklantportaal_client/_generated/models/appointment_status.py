from enum import StrEnum
from typing import Final


class AppointmentStatus(StrEnum):
    """State of the appointment.

    The API may send values that are not listed here; they are read as plain `str`.
    """

    SCHEDULED = "scheduled"
    CANCELED = "canceled"
    PENDING = "pending"


AppointmentStatus_BY_VALUE: Final[dict[str, AppointmentStatus]] = {member.value: member for member in AppointmentStatus}
