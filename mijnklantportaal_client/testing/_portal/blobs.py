"""The bytes of files."""

from __future__ import annotations

from typing import NamedTuple


class Blob(NamedTuple):
    """Content with the name and MIME type under which it is given out."""

    content: bytes
    filename: str
    content_type: str

    def __repr__(self) -> str:
        return f"<Blob of {len(self.content)} bytes, {self.content_type}>"


class Upload(NamedTuple):
    """A file in a form."""

    filename: str
    content_type: str
    content: bytes

    def __repr__(self) -> str:
        return f"<Upload of {len(self.content)} bytes, {self.content_type}>"
