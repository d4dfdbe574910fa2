"""Files and directories, shared and asked for."""

from __future__ import annotations

from typing import Any

import pytest

from mijnklantportaal_client import FileUpload, NotFoundError
from mijnklantportaal_client.models import RequestedFileInputDict
from tests.sandbox.behaviour.conftest import NOW, UNKNOWN, Desk, in_this_process, refused

LOGO = FileUpload(b"\x89PNG bytes", "logo.png", "image/png")


async def test_a_file_is_kept(desk: Desk) -> None:
    """With its bytes, behind a link that lives five minutes."""
    file = await desk.portal.files.upload(file=LOGO)
    assert file.to_dict() == {
        "id": file.id,
        "type": "file",
        "name": "logo.png",
        "size": 10,
        "mime": "image/png",
        "fileShareId": None,
        "createdAt": "2026-03-02T12:00:00+01:00",
    }
    assert await desk.portal.files.get(file.id) == file
    link = (await desk.portal.files.get_download_link(file.id)).link
    fetched = await desk.fetch(link)
    assert (fetched.content, fetched.headers["content-type"]) == (b"\x89PNG bytes", "image/png")
    desk.pass_time(minutes=5)
    assert (await desk.fetch(link)).status_code == 403


@in_this_process
async def test_a_directory_is_kept(desk: Desk) -> None:
    """With what is put into it."""
    files = desk.portal.files
    directory = await files.create_directory(name="Huisstijl")
    assert (directory.id[:4], directory.type, directory.name) == ("fsd_", "directory", "Huisstijl")
    assert (directory.size, directory.mime, directory.created_at) == (None, None, NOW)
    assert await files.get(directory.id) == directory
    inside = [await files.upload(file=LOGO, directory=directory.id)]
    inside.append(await files.create_directory(name="2026", directory=directory.id))
    held = [desk.inside.find(each.id) or {} for each in inside]
    assert [each["directoryId"] for each in held] == [directory.id] * 2


@pytest.mark.parametrize("call", [{"file": LOGO}, {"name": "2026"}])
async def test_a_directory_has_to_be_there(desk: Desk, call: dict[str, Any]) -> None:
    """Before anything is put into it."""
    put = desk.portal.files.upload if "file" in call else desk.portal.files.create_directory
    assert await refused(put(directory=f"fsd_{UNKNOWN}", **call)) == {
        "directory": ["The selected directory is invalid."]
    }


@in_this_process
async def test_a_directory_with_a_field_of_a_file(desk: Desk) -> None:
    """In JSON it is one that a directory does not have."""
    directory = await desk.portal.files.create_directory(name="2026", extra_body={"file": "x"})
    assert (directory.type, directory.name) == ("directory", "2026")


async def test_a_file_that_was_put_into_the_state(desk: Desk) -> None:
    """It has no bytes."""
    file = desk.sandbox.state.files.add()
    with pytest.raises(NotFoundError, match="No file has this ID"):
        await desk.portal.files.get_download_link(file.id)


async def test_a_share_with_a_customer(desk: Desk) -> None:
    """Each file names the last share that it is in."""
    customer, file = await desk.customer(), await desk.portal.files.upload(file=LOGO)
    directory = await desk.portal.files.create_directory(name="Huisstijl")
    shares = desk.portal.file_shares
    first = await shares.create(content=[file.id, directory.id, file.id], customer_id=customer.id)
    assert [each.id for each in first.shared_content] == [file.id, directory.id]
    assert first.links.to_dict() == {
        "customer": {"href": f"{desk.origin}/v1/customers/{customer.id}", "type": "application/json"},
        "publicShare": None,
    }
    second = await shares.create(content=[file.id])
    assert (second.shared_with_customer_id, first.shared_with_customer_id) == (None, customer.id)
    assert second.links.to_dict() == {
        "customer": None,
        "publicShare": {"href": f"{desk.origin}/file-share/{second.id}", "type": "text/html"},
    }
    assert [(await desk.portal.files.get(id)).file_share_id for id in (file.id, directory.id)] == [second.id, first.id]
    assert (await shares.list()).data == [second, first]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ([], {"content": ["The content field is required."]}),
        ([f"fsf_{UNKNOWN}"], {"content.0": ["The selected content.0 is invalid."]}),
    ],
)
async def test_a_share_of_nothing(desk: Desk, content: list[str], said: dict[str, list[str]]) -> None:
    """There has to be something, which exists."""
    assert await refused(desk.portal.file_shares.create(content=content)) == said


@in_this_process
async def test_a_file_request(desk: Desk) -> None:
    """It is complete once all that is required was provided."""
    customer = await desk.customer()
    directory = await desk.portal.files.create_directory(name="Aangeleverd")
    wanted: list[RequestedFileInputDict] = [
        {"name": "Logo", "description": "Vector", "max_file_size": 1},
        {"name": "Foto's", "required": False},
        {"name": "Tekst"},
    ]
    made = await desk.portal.file_requests.create(
        name="Nieuwe website", customer_id=customer.id, directory_id=directory.id, requested_files=wanted
    )
    assert [(each.required, each.max_file_size, each.uploaded_file_id) for each in made.requested_files] == [
        (True, 1, None),
        (False, None, None),
        (True, None, None),
    ]
    assert made.links.to_dict() == {
        "customer": {"href": f"{desk.origin}/v1/customers/{customer.id}", "type": "application/json"},
        "publicRequest": None,
    }
    logo, _, text = [each.id for each in made.requested_files]
    with pytest.raises(ValueError, match="must not be greater than 1 kilobytes"):
        desk.people.upload_requested_file(made.id, logo, b"x" * 1025)
    desk.people.upload_requested_file(made.id, logo, b"x" * 1024, filename="logo.svg", content_type="image/svg+xml")
    half = await desk.portal.file_requests.get(made.id)
    assert half.completed_at is None
    desk.people.upload_requested_file(made.id, text, b"Welkom")
    whole = await desk.portal.file_requests.get(made.id)
    assert (whole.completed_at, whole.requested_files[0]) == (NOW, half.requested_files[0])
    file = await desk.portal.files.get(str(whole.requested_files[0].uploaded_file_id))
    assert (file.name, file.size, file.mime) == ("logo.svg", 1024, "image/svg+xml")
    assert (desk.inside.find(file.id) or {})["directoryId"] == directory.id
    assert (await desk.portal.file_requests.list()).data == [whole]


async def test_a_file_request_where_nothing_is_required(desk: Desk) -> None:
    """It is complete once everything is there, in the root, for whoever has the link."""
    wanted: list[RequestedFileInputDict] = [
        {"name": "Foto 1", "required": False},
        {"name": "Foto 2", "required": False},
    ]
    made = await desk.portal.file_requests.create(name="Foto's", requested_files=wanted)
    public = made.links.to_dict()["publicRequest"]
    assert (made.directory_id, public["href"]) == (None, f"{desk.origin}/file-request/{made.id}")
    for requested, completed in zip(made.requested_files, (None, NOW), strict=True):
        desk.people.upload_requested_file(made.id, requested.id, b"bytes")
        assert (await desk.portal.file_requests.get(made.id)).completed_at == completed


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ([], {"requestedFiles": ["The requested files field is required."]}),
        (
            [{"name": "Logo"}, {"name": "Foto", "max_file_size": 0}],
            {"requestedFiles.1.maxFileSize": ["The requestedFiles.1.maxFileSize field must be at least 1."]},
        ),
    ],
)
async def test_a_file_request_that_asks_for_nothing(desk: Desk, wanted: Any, said: dict[str, list[str]]) -> None:
    """No files, or none that has a size."""
    assert await refused(desk.portal.file_requests.create(name="Bestanden", requested_files=wanted)) == said
