from __future__ import annotations

import datetime
from typing import Any, ClassVar, Self

from attrs import define

from ..._codecs import (
    MOMENT,
    STRING,
    EnumOf,
    ListOf,
    ModelOf,
)
from ..._drift import Odd
from ..._fast import moment_of, new
from ..._field import Field
from ..._model import Model
from ..._moments import is_moment
from .agreement_document import AgreementDocument
from .agreement_signer import AgreementSigner
from .agreement_status import AgreementStatus, AgreementStatus_BY_VALUE

fast_agreement_document = AgreementDocument._fast
fast_agreement_signer = AgreementSigner._fast


@define(eq=False, repr=False, kw_only=True, weakref_slot=False, getstate_setstate=False)
class AgreementWithDetails(Model):
    """Agreement including its signers and documents.

    Attributes:
        id: Agreement ID, prefix `agr_`.
        name: Agreement name.
        status: State of the agreement. Known values: `sent`, `signed`.
        signer_name: Who signed on behalf of the portal's company.
        signer_signature: Signature image, base64-encoded. `None` where the answer has none.
        signer_signature_hash: Integrity hash over `signer_signature` plus the moment of signing. `None` where
            the answer has none.
        signers: The agreement's signer(s).
        documents: The agreement's document(s).
        created_at: When the agreement was made in MijnKlantportaal. An aware `datetime`.
    """

    id: str
    name: str
    status: AgreementStatus | str
    signer_name: str
    signer_signature: str | None = None
    signer_signature_hash: str | None = None
    signers: list[AgreementSigner]
    documents: list[AgreementDocument]
    created_at: datetime.datetime

    _fields: ClassVar[tuple[Field, ...]] = (
        Field("id", "id", STRING, critical=True),
        Field("name", "name", STRING, shown=False),
        Field("status", "status", EnumOf(AgreementStatus), critical=True),
        Field("signer_name", "signerName", STRING, shown=False),
        Field("signer_signature", "signerSignature", STRING, nullable=True, shown=False),
        Field("signer_signature_hash", "signerSignatureHash", STRING, nullable=True, shown=False),
        Field("signers", "signers", ListOf(ModelOf(AgreementSigner)), critical=True),
        Field("documents", "documents", ListOf(ModelOf(AgreementDocument)), critical=True),
        Field("created_at", "createdAt", MOMENT),
    )

    @classmethod
    def _fast(cls, raw: dict[str, Any]) -> Self:
        if type(raw) is not dict or len(raw) != 9:
            raise Odd
        self = new(cls)
        v: Any
        self.id = v = raw["id"]
        if type(v) is not str:
            raise Odd
        self.name = v = raw["name"]
        if type(v) is not str:
            raise Odd
        v = raw["status"]
        if v not in AgreementStatus_BY_VALUE or type(v) is not str:
            raise Odd
        self.status = AgreementStatus_BY_VALUE[v]
        self.signer_name = v = raw["signerName"]
        if type(v) is not str:
            raise Odd
        self.signer_signature = v = raw["signerSignature"]
        if v is not None and type(v) is not str:
            raise Odd
        self.signer_signature_hash = v = raw["signerSignatureHash"]
        if v is not None and type(v) is not str:
            raise Odd
        v = raw["signers"]
        if type(v) is not list:
            raise Odd
        self.signers = [fast_agreement_signer(m) for m in v]
        v = raw["documents"]
        if type(v) is not list:
            raise Odd
        self.documents = [fast_agreement_document(m) for m in v]
        v = raw["createdAt"]
        if not is_moment(v):
            raise Odd
        self.created_at = moment_of(v)
        return self
