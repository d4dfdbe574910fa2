from enum import StrEnum
from typing import Final


class PaymentLinkStatus(StrEnum):
    """State of the payment link.

    The API may send values that are not listed here; they are read as plain `str`.
    """

    OPEN = "open"
    PAID = "paid"
    EXPIRED = "expired"
    CLOSED = "closed"


PaymentLinkStatus_BY_VALUE: Final[dict[str, PaymentLinkStatus]] = {member.value: member for member in PaymentLinkStatus}
