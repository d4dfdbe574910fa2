"""The value that means "not sent"."""

import enum
from typing import Final, Literal


class Unset(enum.Enum):
    """Type of `UNSET`; an enum with one member, so that it survives `copy` and `pickle` and type checkers know it."""

    UNSET = "UNSET"

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final = Unset.UNSET
"""Default of every optional argument: the field is not sent. `None` means JSON null instead."""
