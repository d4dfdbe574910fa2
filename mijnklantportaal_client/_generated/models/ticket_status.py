from enum import StrEnum
from typing import Final


class TicketStatus(StrEnum):
    """State of the ticket.

    The API may send values that are not listed here; they are read as plain `str`.
    """

    OPEN = "open"
    CLOSED = "closed"


TicketStatus_BY_VALUE: Final[dict[str, TicketStatus]] = {member.value: member for member in TicketStatus}
