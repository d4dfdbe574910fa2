from __future__ import annotations

import datetime
from typing import Any, ClassVar, Self

from attrs import define

from ..._codecs import (
    BOOLEAN,
    MOMENT,
    STRING,
)
from ..._drift import Odd
from ..._fast import moment_of, new
from ..._field import Field
from ..._model import Model
from ..._moments import is_moment


@define(eq=False, repr=False, kw_only=True, weakref_slot=False, getstate_setstate=False)
class AgreementSigner(Model):
    """Someone who has to sign the agreement.

    Attributes:
        id: Signer ID, prefix `ags_`.
        first_name: First name.
        last_name: Last name.
        email: E-mail address.
        should_identify: Whether the signer has to identify themselves.
        signature: Signature image as a base64 data string; `None` until signed.
        signature_hash: Integrity hash over `signature` plus the moment of signing; `None` until signed.
        signed_at: When this person signed; `None` until signed. An aware `datetime`.
    """

    id: str
    first_name: str
    last_name: str
    email: str
    should_identify: bool
    signature: str | None = None
    signature_hash: str | None = None
    signed_at: datetime.datetime | None = None

    _fields: ClassVar[tuple[Field, ...]] = (
        Field("id", "id", STRING, critical=True),
        Field("first_name", "firstName", STRING, shown=False),
        Field("last_name", "lastName", STRING, shown=False),
        Field("email", "email", STRING, shown=False),
        Field("should_identify", "shouldIdentify", BOOLEAN),
        Field("signature", "signature", STRING, nullable=True, shown=False),
        Field("signature_hash", "signatureHash", STRING, nullable=True, shown=False),
        Field("signed_at", "signedAt", MOMENT, nullable=True),
    )

    @classmethod
    def _fast(cls, raw: dict[str, Any]) -> Self:
        if type(raw) is not dict or len(raw) != 8:
            raise Odd
        self = new(cls)
        v: Any
        self.id = v = raw["id"]
        if type(v) is not str:
            raise Odd
        self.first_name = v = raw["firstName"]
        if type(v) is not str:
            raise Odd
        self.last_name = v = raw["lastName"]
        if type(v) is not str:
            raise Odd
        self.email = v = raw["email"]
        if type(v) is not str:
            raise Odd
        self.should_identify = v = raw["shouldIdentify"]
        if type(v) is not bool:
            raise Odd
        self.signature = v = raw["signature"]
        if v is not None and type(v) is not str:
            raise Odd
        self.signature_hash = v = raw["signatureHash"]
        if v is not None and type(v) is not str:
            raise Odd
        v = raw["signedAt"]
        if v is None:
            self.signed_at = None
        else:
            if not is_moment(v):
                raise Odd
            self.signed_at = moment_of(v)
        return self
