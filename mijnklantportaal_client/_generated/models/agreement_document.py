from __future__ import annotations

from typing import Any, ClassVar, Self

from attrs import define

from ..._codecs import (
    INTEGER,
    STRING,
)
from ..._drift import Odd
from ..._fast import new
from ..._field import Field
from ..._model import Model


@define(eq=False, repr=False, kw_only=True, weakref_slot=False, getstate_setstate=False)
class AgreementDocument(Model):
    """A file that belongs to the agreement.

    Attributes:
        id: Document ID, prefix `agd_`.
        document_name: File name.
        file_size: File size (unit not documented).
        file_hash: Integrity hash of the file.
    """

    id: str
    document_name: str
    file_size: int
    file_hash: str

    _fields: ClassVar[tuple[Field, ...]] = (
        Field("id", "id", STRING, critical=True),
        Field("document_name", "documentName", STRING, shown=False),
        Field("file_size", "fileSize", INTEGER),
        Field("file_hash", "fileHash", STRING, shown=False),
    )

    @classmethod
    def _fast(cls, raw: dict[str, Any]) -> Self:
        if type(raw) is not dict or len(raw) != 4:
            raise Odd
        self = new(cls)
        v: Any
        self.id = v = raw["id"]
        if type(v) is not str:
            raise Odd
        self.document_name = v = raw["documentName"]
        if type(v) is not str:
            raise Odd
        self.file_size = v = raw["fileSize"]
        if type(v) is not int:
            raise Odd
        self.file_hash = v = raw["fileHash"]
        if type(v) is not str:
            raise Odd
        return self
