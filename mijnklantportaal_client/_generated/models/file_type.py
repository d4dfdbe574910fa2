from enum import StrEnum
from typing import Final


class FileType(StrEnum):
    """Kind of item.

    The API may send values that are not listed here; they are read as plain `str`.
    """

    FILE = "file"
    DIRECTORY = "directory"


FileType_BY_VALUE: Final[dict[str, FileType]] = {member.value: member for member in FileType}
