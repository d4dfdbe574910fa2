from enum import StrEnum
from typing import Final


class ExpiryPeriod(StrEnum):
    """Unit that goes with `expiry_value`.

    The API may send values that are not listed here; they are read as plain `str`.
    """

    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"


ExpiryPeriod_BY_VALUE: Final[dict[str, ExpiryPeriod]] = {member.value: member for member in ExpiryPeriod}
