from enum import StrEnum
from typing import Final


class SubscriptionStatus(StrEnum):
    """State of the subscription.

    The API may send values that are not listed here; they are read as plain `str`.
    """

    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    TERMINATED = "terminated"
    ENDED = "ended"


SubscriptionStatus_BY_VALUE: Final[dict[str, SubscriptionStatus]] = {
    member.value: member for member in SubscriptionStatus
}
