from __future__ import annotations

from typing import ClassVar, NotRequired, TypedDict

from attrs import define

from ..._codecs import (
    BOOLEAN,
    STRING,
)
from ..._field import Field
from ..._model import Model
from ..._unset import UNSET, Unset


@define(eq=False, repr=False, kw_only=True, weakref_slot=False, getstate_setstate=False)
class AgreementSignerInput(Model):
    """Someone who has to sign the agreement.

    Attributes:
        first_name: First name.
        last_name: Last name.
        email: E-mail address; the request to sign goes there.
        should_identify: Whether the signer has to identify themselves. Not sent unless given.
    """

    first_name: str
    last_name: str
    email: str
    should_identify: bool | Unset = UNSET

    _fields: ClassVar[tuple[Field, ...]] = (
        Field("first_name", "firstName", STRING, shown=False),
        Field("last_name", "lastName", STRING, shown=False),
        Field("email", "email", STRING, shown=False),
        Field("should_identify", "shouldIdentify", BOOLEAN, required=False),
    )


class AgreementSignerInputDict(TypedDict):
    """The same as a dict, for arguments."""

    first_name: str
    last_name: str
    email: str
    should_identify: NotRequired[bool]
