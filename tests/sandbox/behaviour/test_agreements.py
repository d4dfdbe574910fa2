"""Agreements, which people sign."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from mijnklantportaal_client import FileUpload, NotFoundError
from mijnklantportaal_client.models import AgreementWithDetails
from mijnklantportaal_client.testing._portal.people import SIGNATURE
from tests.sandbox.behaviour.conftest import NOW, UNKNOWN, Desk, refused

SIGNERS: list[dict[str, Any]] = [
    {"first_name": "Fatima", "last_name": "El Idrissi", "email": "fatima@example.com", "should_identify": True},
    {"first_name": "Jan", "last_name": "de Boer", "email": "jan@example.com"},
]
STAMP = "2026-03-02T12:00:00+01:00"


def sha256(text: str) -> str:
    """A hash as agreements have it."""
    return hashlib.sha256(text.encode()).hexdigest()


async def agreement(desk: Desk, **changes: Any) -> AgreementWithDetails:
    """An agreement that was sent."""
    fields: dict[str, Any] = {
        "name": "Onderhoud",
        "signer_name": "Sanne Bos",
        "signer_signature_data": SIGNATURE,
        "signers": SIGNERS,
        "documents": [FileUpload(b"What we agree on", "contract.rtf", "application/rtf"), b"Annex"],
    }
    return await desk.portal.agreements.create(**fields | changes)


async def test_an_agreement_is_sent(desk: Desk) -> None:
    """With all that it has, and IDs of its own for each part."""
    made = await agreement(desk)
    assert (made.status, made.created_at, made.signer_signature) == ("sent", NOW, SIGNATURE)
    assert made.signer_signature_hash == sha256(SIGNATURE + STAMP)
    assert [(each.first_name, each.should_identify, each.signed_at) for each in made.signers] == [
        ("Fatima", True, None),
        ("Jan", False, None),
    ]
    document = made.documents[0]
    assert (document.document_name, document.file_size) == ("contract.rtf", 16)
    assert document.file_hash == sha256("What we agree on")
    assert {each.id[:4] for each in made.signers} | {each.id[:4] for each in made.documents} == {"ags_", "agd_"}
    assert await desk.portal.agreements.get(made.id) == made
    assert [each.to_dict() for each in (await desk.portal.agreements.list()).data] == [
        {"id": made.id, "name": "Onderhoud", "status": "sent", "signerName": "Sanne Bos", "createdAt": STAMP}
    ]


async def test_documents_are_downloaded(desk: Desk) -> None:
    """Those of the agreement."""
    made = await agreement(desk)
    links = desk.portal.agreements.get_document_link
    fetched = await desk.fetch((await links(made.id, made.documents[0].id)).link)
    assert (fetched.content, fetched.headers["content-type"]) == (b"What we agree on", "application/rtf")
    other = await agreement(desk)
    for unknown in (f"agd_{UNKNOWN}", other.documents[0].id):
        with pytest.raises(NotFoundError, match="No record found"):
            await links(made.id, unknown)


async def test_a_document_that_was_put_into_the_state(desk: Desk) -> None:
    """It has no bytes."""
    made = desk.sandbox.state.agreements.add()
    with pytest.raises(NotFoundError, match="No record found"):
        await desk.portal.agreements.get_document_link(made.id, made.documents[0].id)


async def test_documents_have_5_megabytes(desk: Desk) -> None:
    """Together."""
    half = b"x" * (5 * 1024 * 512)
    assert len((await agreement(desk, documents=[half, half])).documents) == 2
    said = await refused(agreement(desk, documents=[half, half, b"x"]))
    assert said == {"documents": ["The documents field must not be greater than 5120 kilobytes."]}


async def test_people_sign(desk: Desk) -> None:
    """It is signed once all have."""
    made = await agreement(desk)
    desk.people.sign_agreement(made.id, made.signers[1].id)
    half = await desk.portal.agreements.get(made.id)
    assert (half.status, half.signers[0].signed_at, half.signers[1].signed_at) == ("sent", None, NOW)
    assert half.signers[1].signature_hash == sha256(SIGNATURE + STAMP)
    desk.people.sign_agreement(made.id, signature="data:image/png;base64,AAAA")
    whole = await desk.portal.agreements.get(made.id)
    assert (whole.status, whole.signers[0].signature) == ("signed", "data:image/png;base64,AAAA")
    assert whole.signers[1] == half.signers[1]
