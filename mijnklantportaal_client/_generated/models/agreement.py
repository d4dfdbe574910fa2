from __future__ import annotations

import datetime
from typing import Any, ClassVar, Self

from attrs import define

from ..._codecs import (
    MOMENT,
    STRING,
    EnumOf,
)
from ..._drift import Odd
from ..._fast import moment_of, new
from ..._field import Field
from ..._model import Model
from ..._moments import is_moment
from .agreement_status import AgreementStatus, AgreementStatus_BY_VALUE


@define(eq=False, repr=False, kw_only=True, weakref_slot=False, getstate_setstate=False)
class Agreement(Model):
    """Agreement as it appears in the list.

    Attributes:
        id: Agreement ID, prefix `agr_`.
        name: Agreement name. `None` where the answer has none.
        status: State of the agreement. Known values: `sent`, `signed`. `None` where the answer has none.
        signer_name: Who signed on behalf of the portal's company. `None` where the answer has none.
        created_at: When the agreement was made in MijnKlantportaal. An aware `datetime`. `None` where the
            answer has none.
    """

    id: str
    name: str | None = None
    status: AgreementStatus | str | None = None
    signer_name: str | None = None
    created_at: datetime.datetime | None = None

    _fields: ClassVar[tuple[Field, ...]] = (
        Field("id", "id", STRING, critical=True),
        Field("name", "name", STRING, required=False, shown=False),
        Field("status", "status", EnumOf(AgreementStatus), required=False, critical=True),
        Field("signer_name", "signerName", STRING, required=False, shown=False),
        Field("created_at", "createdAt", MOMENT, required=False),
    )

    @classmethod
    def _fast(cls, raw: dict[str, Any]) -> Self:
        if type(raw) is not dict or len(raw) > 5:
            raise Odd
        self = new(cls)
        known = 1
        v: Any
        self.id = v = raw["id"]
        if type(v) is not str:
            raise Odd
        if "name" in raw:
            known += 1
            self.name = v = raw["name"]
            if type(v) is not str:
                raise Odd
        if "status" in raw:
            known += 1
            v = raw["status"]
            if v not in AgreementStatus_BY_VALUE or type(v) is not str:
                raise Odd
            self.status = AgreementStatus_BY_VALUE[v]
        if "signerName" in raw:
            known += 1
            self.signer_name = v = raw["signerName"]
            if type(v) is not str:
                raise Odd
        if "createdAt" in raw:
            known += 1
            v = raw["createdAt"]
            if not is_moment(v):
                raise Odd
            self.created_at = moment_of(v)
        if len(raw) != known:
            raise Odd
        return self
