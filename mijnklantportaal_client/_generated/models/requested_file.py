from __future__ import annotations

from typing import Any, ClassVar, Self

from attrs import define

from ..._codecs import (
    BOOLEAN,
    INTEGER,
    STRING,
)
from ..._drift import Odd
from ..._fast import new
from ..._field import Field
from ..._model import Model


@define(eq=False, repr=False, kw_only=True, weakref_slot=False, getstate_setstate=False)
class RequestedFile(Model):
    """A file that is asked for.

    Attributes:
        id: Requested file ID, prefix `fqf_`.
        name: Name of the requested file.
        description: What the file is for, shown to the uploader. `None` where the answer has none.
        required: Whether the uploader has to provide this file.
        max_file_size: Largest size; the unit is not documented, the sample is 10240. `None` where the answer
            has none.
        uploaded_file_id: File that was uploaded; `None` until then. An ID with the prefix `fsf_`.
    """

    id: str
    name: str
    description: str | None = None
    required: bool
    max_file_size: int | None = None
    uploaded_file_id: str | None = None

    _fields: ClassVar[tuple[Field, ...]] = (
        Field("id", "id", STRING, critical=True),
        Field("name", "name", STRING, shown=False),
        Field("description", "description", STRING, nullable=True, shown=False),
        Field("required", "required", BOOLEAN),
        Field("max_file_size", "maxFileSize", INTEGER, nullable=True),
        Field("uploaded_file_id", "uploadedFileId", STRING, nullable=True, critical=True),
    )

    @classmethod
    def _fast(cls, raw: dict[str, Any]) -> Self:
        if type(raw) is not dict or len(raw) != 6:
            raise Odd
        self = new(cls)
        v: Any
        self.id = v = raw["id"]
        if type(v) is not str:
            raise Odd
        self.name = v = raw["name"]
        if type(v) is not str:
            raise Odd
        self.description = v = raw["description"]
        if v is not None and type(v) is not str:
            raise Odd
        self.required = v = raw["required"]
        if type(v) is not bool:
            raise Odd
        self.max_file_size = v = raw["maxFileSize"]
        if v is not None and type(v) is not int:
            raise Odd
        self.uploaded_file_id = v = raw["uploadedFileId"]
        if v is not None and type(v) is not str:
            raise Odd
        return self
