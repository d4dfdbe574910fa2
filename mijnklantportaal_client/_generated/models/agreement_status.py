from enum import StrEnum
from typing import Final


class AgreementStatus(StrEnum):
    """State of the agreement.

    The API may send values that are not listed here; they are read as plain `str`.
    """

    SENT = "sent"
    SIGNED = "signed"


AgreementStatus_BY_VALUE: Final[dict[str, AgreementStatus]] = {member.value: member for member in AgreementStatus}
