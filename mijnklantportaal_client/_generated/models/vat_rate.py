from enum import IntEnum
from typing import Final


class VatRate(IntEnum):
    """VAT rate in percent.

    The API may send values that are not listed here; they are read as plain `int`.
    """

    ZERO = 0
    REDUCED = 9
    STANDARD = 21


VatRate_BY_VALUE: Final[dict[int, VatRate]] = {member.value: member for member in VatRate}
