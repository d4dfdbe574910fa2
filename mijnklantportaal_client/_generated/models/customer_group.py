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
class CustomerGroup(Model):
    """Customer Group.

    Attributes:
        id: Group ID, prefix `cug_`.
        name: Group name.
        created_at: When the group was created. An aware `datetime`.
    """

    id: str
    name: str
    created_at: datetime.datetime

    _fields: ClassVar[tuple[Field, ...]] = (
        Field("id", "id", STRING, critical=True),
        Field("name", "name", STRING, shown=False),
        Field("created_at", "createdAt", MOMENT),
    )

    @classmethod
    def _fast(cls, raw: dict[str, Any]) -> Self:
        if type(raw) is not dict or len(raw) != 3:
            raise Odd
        self = new(cls)
        v: Any
        self.id = v = raw["id"]
        if type(v) is not str:
            raise Odd
        self.name = v = raw["name"]
        if type(v) is not str:
            raise Odd
        v = raw["createdAt"]
        if not is_moment(v):
            raise Odd
        self.created_at = moment_of(v)
        return self
