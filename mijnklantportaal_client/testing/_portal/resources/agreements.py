"""Agreements: sent to those who have to sign, and signed once all have.

The documentation does not say how its hashes are made: SHA-256 in hex, of a document's bytes, or of a signature and the
moment of signing. Nor the unit of `fileSize`: bytes. An agreement needs a signer and a document at least; nobody has to
identify unless it says so.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from ..behaviour import Asked, Behaviour
from ..problems import Invalid, NotFound, Refused
from ._rules import given, need_items

if TYPE_CHECKING:
    from ..portal import Portal
    from ..records import Record

_MOST_BYTES = 5 * 1024 * 1024
_SIGNER = ("firstName", "lastName", "email", "shouldIdentify")

behaviour = Behaviour()
behaviour.collection("agreements", "agr_")
behaviour.lists("list-agreements", "agreements")
behaviour.gets("get-agreement")


@behaviour("create-agreement")
def create(portal: Portal, asked: Asked) -> Record:
    """Sends an agreement."""
    body = asked.body
    need_items(body, "signers", "documents")
    if sum(len(upload.content) for upload in body["documents"]) > _MOST_BYTES:
        raise Invalid({"documents": ["The documents field must not be greater than 5120 kilobytes."]})
    signature = body["signerSignatureData"]
    unsigned = {"signature": None, "signatureHash": None, "signedAt": None}
    return portal.create(
        "agreements",
        name=body["name"],
        status="sent",
        signerName=body["signerName"],
        signerSignature=signature,
        signerSignatureHash=_hash(signature, portal.stamp()),
        signers=[
            {"id": portal.new_id("ags_"), "shouldIdentify": False, **given(signer, *_SIGNER), **unsigned}
            for signer in body["signers"]
        ],
        documents=[
            {
                "id": portal.new_id("agd_"),
                "documentName": upload.filename,
                "fileSize": len(upload.content),
                "fileHash": hashlib.sha256(upload.content).hexdigest(),
                "blob": portal.add_blob(upload.content, upload.filename, upload.content_type),
            }
            for upload in body["documents"]
        ],
    )


@behaviour("download-agreement-document")
def get_document_link(portal: Portal, asked: Asked) -> Record:
    """A link to a document of the agreement."""
    for document in asked.record["documents"]:
        if document["id"] == asked.ids["documentId"] and "blob" in document:
            return portal.link(document["blob"])
    raise NotFound


def sign(portal: Portal, agreement: Record, signer_id: str, signature: str) -> Record:
    """Has somebody sign, who has not."""
    at = portal.stamp()
    signed = {"signature": signature, "signatureHash": _hash(signature, at), "signedAt": at}
    signers = []
    for signer in agreement["signers"]:
        if signer["id"] == signer_id and signer["signedAt"] is not None:
            raise Refused(f"{signer_id} has signed before")
        signers.append(signer | signed if signer["id"] == signer_id else signer)
    status = "signed" if all(signer["signedAt"] for signer in signers) else "sent"
    return portal.of("agreements").change(agreement["id"], signers=signers, status=status)


def _hash(signature: str, at: str) -> str:
    return hashlib.sha256(f"{signature}{at}".encode()).hexdigest()
