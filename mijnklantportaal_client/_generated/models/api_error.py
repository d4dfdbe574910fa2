from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..._codecs import (
    INTEGER,
    STRING,
    ListOf,
    MapOf,
)
from ..._field import Field
from ..._model import Model


@define(eq=False, repr=False, kw_only=True, weakref_slot=False, getstate_setstate=False)
class ApiError(Model):
    """What the API answers when it refuses a request.

    Attributes:
        message: Reason for the failure.
        code: HTTP status, repeated; seen with 429. `None` where the answer has none.
        errors: Messages by field, with 422. `None` where the answer has none.
    """

    message: str
    code: int | None = None
    errors: dict[str, list[str]] | None = None

    _fields: ClassVar[tuple[Field, ...]] = (
        Field("message", "message", STRING, shown=False),
        Field("code", "code", INTEGER, required=False),
        Field("errors", "errors", MapOf(ListOf(STRING)), required=False, shown=False),
    )
