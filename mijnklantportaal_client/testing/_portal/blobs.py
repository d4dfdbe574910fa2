"""The bytes of files."""

from __future__ import annotations

import attrs


@attrs.frozen
class Blob:
    """Content with the name and MIME type under which it is given out."""

    content: bytes = attrs.field(repr=False)
    filename: str = attrs.field(repr=False)
    content_type: str


@attrs.frozen
class Upload:
    """A file in a form."""

    filename: str = attrs.field(repr=False)
    content_type: str
    content: bytes = attrs.field(repr=False)
