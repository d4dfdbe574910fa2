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
from .file_request_links import FileRequestLinks
from .requested_file import RequestedFile

fast_file_request_links = FileRequestLinks._fast
fast_requested_file = RequestedFile._fast


@define(eq=False, repr=False, kw_only=True, weakref_slot=False, getstate_setstate=False)
class FileRequest(Model):
    """File Request.

    Attributes:
        id: File Request ID, prefix frq_.
        name: Name that identifies the request in the manage portal.
        description: Reason for the request, shown to the uploader. `None` where the answer has none.
        directory_id: Directory that receives the uploads, if set. An ID with the prefix `fsd_`. `None` where
            the answer has none.
        customer_id: Customer asked for the files; `None` for a public link. An ID with the prefix `cst_`.
        requested_files: Requested files, at most 10 per File Request.
        completed_at: When the files were provided; `None` until then. An aware `datetime`.
        created_at: Creation moment. An aware `datetime`.
        links: Where to go from this file request.
    """

    id: str
    name: str
    description: str | None = None
    directory_id: str | None = None
    customer_id: str | None = None
    requested_files: list[RequestedFile]
    completed_at: datetime.datetime | None = None
    created_at: datetime.datetime
    links: FileRequestLinks

    _fields: ClassVar[tuple[Field, ...]] = (
        Field("id", "id", STRING, critical=True),
        Field("name", "name", STRING, shown=False),
        Field("description", "description", STRING, nullable=True, shown=False),
        Field("directory_id", "directoryId", STRING, required=False, nullable=True, critical=True),
        Field("customer_id", "customerId", STRING, nullable=True, critical=True),
        Field("requested_files", "requestedFiles", ListOf(ModelOf(RequestedFile)), critical=True),
        Field("completed_at", "completedAt", MOMENT, nullable=True),
        Field("created_at", "createdAt", MOMENT),
        Field("links", "links", ModelOf(FileRequestLinks)),
    )

    @classmethod
    def _fast(cls, raw: dict[str, Any]) -> Self:
        if type(raw) is not dict or len(raw) > 9:
            raise Odd
        self = new(cls)
        known = 8
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
        if "directoryId" in raw:
            known += 1
            self.directory_id = v = raw["directoryId"]
            if v is not None and type(v) is not str:
                raise Odd
        self.customer_id = v = raw["customerId"]
        if v is not None and type(v) is not str:
            raise Odd
        v = raw["requestedFiles"]
        if type(v) is not list:
            raise Odd
        self.requested_files = [fast_requested_file(m) for m in v]
        v = raw["completedAt"]
        if v is None:
            self.completed_at = None
        else:
            if not is_moment(v):
                raise Odd
            self.completed_at = moment_of(v)
        v = raw["createdAt"]
        if not is_moment(v):
            raise Odd
        self.created_at = moment_of(v)
        self.links = fast_file_request_links(raw["links"])
        if len(raw) != known:
            raise Odd
        return self
