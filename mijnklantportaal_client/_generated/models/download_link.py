from __future__ import annotations

import datetime
from typing import Any, ClassVar, Self

from attrs import define

from ..._codecs import (
    MOMENT,
    STRING,
)
from ..._drift import Odd
from ..._fast import moment_of, new
from ..._field import Field
from ..._model import Model
from ..._moments import is_moment


@define(eq=False, repr=False, kw_only=True, weakref_slot=False, getstate_setstate=False)
class DownloadLink(Model):
    """A pre-signed link to a file, valid for 5 minutes, to be fetched without the token.

    Attributes:
        link: Where the file can be fetched.
        expires_at: When the link stops working. An aware `datetime`.
    """

    link: str
    expires_at: datetime.datetime

    _fields: ClassVar[tuple[Field, ...]] = (
        Field("link", "link", STRING, shown=False),
        Field("expires_at", "expiresAt", MOMENT),
    )

    @classmethod
    def _fast(cls, raw: dict[str, Any]) -> Self:
        if type(raw) is not dict or len(raw) != 2:
            raise Odd
        self = new(cls)
        v: Any
        self.link = v = raw["link"]
        if type(v) is not str:
            raise Odd
        v = raw["expiresAt"]
        if not is_moment(v):
            raise Odd
        self.expires_at = moment_of(v)
        return self
