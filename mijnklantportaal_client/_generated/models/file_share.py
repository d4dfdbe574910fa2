from __future__ import annotations

import datetime
from typing import Any, ClassVar, Self

from attrs import define

from ..._codecs import (
    MOMENT,
    STRING,
    ListOf,
    ModelOf,
)
from ..._drift import Odd
from ..._fast import moment_of, new
from ..._field import Field
from ..._model import Model
from ..._moments import is_moment
from .file_or_directory import FileOrDirectory
from .file_share_links import FileShareLinks

fast_file_or_directory = FileOrDirectory._fast
fast_file_share_links = FileShareLinks._fast


@define(eq=False, repr=False, kw_only=True, weakref_slot=False, getstate_setstate=False)
class FileShare(Model):
    """File Share.

    Attributes:
        id: File Share ID, prefix fss_.
        shared_with_customer_id: Customer it is shared with, if any. An ID with the prefix `cst_`. `None` where
            the answer has none.
        shared_content: The File and Directory objects in this share.
        created_at: Creation moment. An aware `datetime`.
        links: Where to go from this file share.
    """

    id: str
    shared_with_customer_id: str | None = None
    shared_content: list[FileOrDirectory]
    created_at: datetime.datetime
    links: FileShareLinks

    _fields: ClassVar[tuple[Field, ...]] = (
        Field("id", "id", STRING, critical=True),
        Field("shared_with_customer_id", "sharedWithCustomerId", STRING, required=False, nullable=True, critical=True),
        Field("shared_content", "sharedContent", ListOf(ModelOf(FileOrDirectory)), critical=True),
        Field("created_at", "createdAt", MOMENT),
        Field("links", "links", ModelOf(FileShareLinks)),
    )

    @classmethod
    def _fast(cls, raw: dict[str, Any]) -> Self:
        if type(raw) is not dict or len(raw) > 5:
            raise Odd
        self = new(cls)
        known = 4
        v: Any
        self.id = v = raw["id"]
        if type(v) is not str:
            raise Odd
        if "sharedWithCustomerId" in raw:
            known += 1
            self.shared_with_customer_id = v = raw["sharedWithCustomerId"]
            if v is not None and type(v) is not str:
                raise Odd
        v = raw["sharedContent"]
        if type(v) is not list:
            raise Odd
        self.shared_content = [fast_file_or_directory(m) for m in v]
        v = raw["createdAt"]
        if not is_moment(v):
            raise Odd
        self.created_at = moment_of(v)
        self.links = fast_file_share_links(raw["links"])
        if len(raw) != known:
            raise Odd
        return self
