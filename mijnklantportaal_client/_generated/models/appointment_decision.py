from enum import StrEnum
from typing import Final


class AppointmentDecision(StrEnum):
    """New state of a pending appointment; `scheduled` confirms it.

    The API may send values that are not listed here; they are read as plain `str`.
    """

    SCHEDULED = "scheduled"
    CANCELED = "canceled"


AppointmentDecision_BY_VALUE: Final[dict[str, AppointmentDecision]] = {
    member.value: member for member in AppointmentDecision
}
