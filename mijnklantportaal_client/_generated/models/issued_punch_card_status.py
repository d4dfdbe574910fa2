from enum import StrEnum
from typing import Final


class IssuedPunchCardStatus(StrEnum):
    """State of the issued punch card.

    The API may send values that are not listed here; they are read as plain `str`.
    """

    ACTIVE = "active"
    EXPIRED = "expired"
    FULLY_USED = "fully_used"


IssuedPunchCardStatus_BY_VALUE: Final[dict[str, IssuedPunchCardStatus]] = {
    member.value: member for member in IssuedPunchCardStatus
}
