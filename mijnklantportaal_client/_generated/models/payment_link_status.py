from enum import StrEnum
from typing import Final


class PaymentLinkStatus(StrEnum):
    """Known values of PaymentLinkStatus.

    The API may send values that are not listed here; they are read as plain `str`.
    """

    OPEN = "open"
    PAID = "paid"
    EXPIRED = "expired"
    CLOSED = "closed"


PaymentLinkStatus_BY_VALUE: Final[dict[str, PaymentLinkStatus]] = {member.value: member for member in PaymentLinkStatus}
