from __future__ import annotations

from typing import ClassVar, NotRequired, TypedDict

from attrs import define

from ..._codecs import (
    BOOLEAN,
    INTEGER,
    STRING,
)
from ..._field import Field
from ..._model import Model
from ..._unset import UNSET, Unset


@define(eq=False, repr=False, kw_only=True, weakref_slot=False, getstate_setstate=False)
class RequestedFileInput(Model):
    """A file to ask for.

    Attributes:
        name: Name of the requested file.
        description: What the file is for, shown to the uploader. Not sent unless given.
        required: Whether the uploader has to provide this file. Not sent unless given.
        max_file_size: Largest size; the unit is not documented, the sample is 10240. Not sent unless given.
    """

    name: str
    description: str | Unset = UNSET
    required: bool | Unset = UNSET
    max_file_size: int | Unset = UNSET

    _fields: ClassVar[tuple[Field, ...]] = (
        Field("name", "name", STRING, shown=False),
        Field("description", "description", STRING, required=False, shown=False),
        Field("required", "required", BOOLEAN, required=False),
        Field("max_file_size", "maxFileSize", INTEGER, required=False),
    )


class RequestedFileInputDict(TypedDict):
    """The same as a dict, for arguments."""

    name: str
    description: NotRequired[str]
    required: NotRequired[bool]
    max_file_size: NotRequired[int]
