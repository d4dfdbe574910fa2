from enum import StrEnum
from typing import Final


class TicketSource(StrEnum):
    """Where the ticket came from.

    The API may send values that are not listed here; they are read as plain `str`.
    """

    PORTAL = "portal"
    EMAIL = "email"
    CHAT = "chat"


TicketSource_BY_VALUE: Final[dict[str, TicketSource]] = {member.value: member for member in TicketSource}
