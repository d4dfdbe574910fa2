from enum import StrEnum
from typing import Final


class SubscriptionInterval(StrEnum):
    """Interval of renewal.

    The API may send values that are not listed here; they are read as plain `str`.
    """

    FOURTEEN_DAYS = "14 days"
    ONE_MONTH = "1 month"
    TWO_MONTHS = "2 months"
    SIX_MONTHS = "6 months"
    ONE_YEAR = "1 year"


SubscriptionInterval_BY_VALUE: Final[dict[str, SubscriptionInterval]] = {
    member.value: member for member in SubscriptionInterval
}
