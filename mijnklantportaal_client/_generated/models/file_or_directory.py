from __future__ import annotations

import datetime
from typing import Any, ClassVar, Self

from attrs import define

from ..._codecs import (
    INTEGER,
    MOMENT,
    STRING,
    EnumOf,
)
from ..._drift import Odd
from ..._fast import moment_of, new
from ..._field import Field
from ..._model import Model
from ..._moments import is_moment
from .file_type import FileType, FileType_BY_VALUE


@define(eq=False, repr=False, kw_only=True, weakref_slot=False, getstate_setstate=False)
class FileOrDirectory(Model):
    """File or Directory.

    Attributes:
        id: ID; prefix `fsf_` for a file, `fsd_` for a directory.
        type: Kind of item. Known values: `file`, `directory`.
        name: Name of the file or directory.
        size: File size in bytes; `None` for a directory.
        mime: MIME type of the file; `None` for a directory.
        file_share_id: Share that contains this item, if any. An ID with the prefix `fss_`. `None` where the
            answer has none.
        created_at: Moment of creation. An aware `datetime`.
    """

    id: str
    type: FileType | str
    name: str
    size: int | None = None
    mime: str | None = None
    file_share_id: str | None = None
    created_at: datetime.datetime

    _fields: ClassVar[tuple[Field, ...]] = (
        Field("id", "id", STRING, critical=True),
        Field("type", "type", EnumOf(FileType)),
        Field("name", "name", STRING, shown=False),
        Field("size", "size", INTEGER, nullable=True),
        Field("mime", "mime", STRING, nullable=True),
        Field("file_share_id", "fileShareId", STRING, required=False, nullable=True, critical=True),
        Field("created_at", "createdAt", MOMENT),
    )

    @classmethod
    def _fast(cls, raw: dict[str, Any]) -> Self:
        if type(raw) is not dict or len(raw) > 7:
            raise Odd
        self = new(cls)
        known = 6
        v: Any
        self.id = v = raw["id"]
        if type(v) is not str:
            raise Odd
        v = raw["type"]
        if v not in FileType_BY_VALUE or type(v) is not str:
            raise Odd
        self.type = FileType_BY_VALUE[v]
        self.name = v = raw["name"]
        if type(v) is not str:
            raise Odd
        self.size = v = raw["size"]
        if v is not None and type(v) is not int:
            raise Odd
        self.mime = v = raw["mime"]
        if v is not None and type(v) is not str:
            raise Odd
        if "fileShareId" in raw:
            known += 1
            self.file_share_id = v = raw["fileShareId"]
            if v is not None and type(v) is not str:
                raise Odd
        v = raw["createdAt"]
        if not is_moment(v):
            raise Odd
        self.created_at = moment_of(v)
        if len(raw) != known:
            raise Odd
        return self
