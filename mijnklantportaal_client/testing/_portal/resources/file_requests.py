"""File requests: customers, or whoever has the link, are asked for files.

The documentation does not say the unit of `maxFileSize`: kilobytes, as in Laravel's rules. Nor whether a file has to be
provided where nothing is said: it has. A request is complete once all that is required is there, or all where nothing
is. Each file can be provided once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..behaviour import Asked, Behaviour
from ..problems import Refused
from . import files
from ._links import audience
from ._rules import at_least, given, need_items

if TYPE_CHECKING:
    from ..blobs import Upload
    from ..portal import Portal
    from ..records import Record

_FIELDS = ("name", "description", "required", "maxFileSize")

behaviour = Behaviour()
behaviour.collection("file_requests", "frq_")
behaviour.lists("list-file-requests", "file_requests")
behaviour.gets("get-file-request")


@behaviour("create-file-request")
def create(portal: Portal, asked: Asked) -> Record:
    """Asks for files."""
    body = asked.body
    need_items(body, "requestedFiles")
    for number, wanted in enumerate(body["requestedFiles"]):
        at_least(f"requestedFiles.{number}.maxFileSize", wanted.get("maxFileSize", 1), 1)
    customer_id, id = body.get("customerId"), portal.new_id("frq_")
    defaults = {"description": None, "required": True, "maxFileSize": None, "uploadedFileId": None}
    return portal.create(
        "file_requests",
        id=id,
        name=body["name"],
        description=body.get("description"),
        directoryId=body.get("directoryId"),
        customerId=customer_id,
        requestedFiles=[
            {"id": portal.new_id("fqf_"), **defaults, **given(wanted, *_FIELDS)} for wanted in body["requestedFiles"]
        ],
        completedAt=None,
        links=audience(customer_id, "publicRequest", f"file-request/{id}"),
    )


def provide(portal: Portal, request: Record, wanted_id: str, upload: Upload) -> Record:
    """Takes a file that was asked for."""
    wanted = next(each for each in request["requestedFiles"] if each["id"] == wanted_id)
    if wanted["uploadedFileId"] is not None:
        raise Refused(f"{wanted_id} was provided before")
    if wanted["maxFileSize"] is not None and len(upload.content) > wanted["maxFileSize"] * 1024:
        raise Refused(f"{wanted_id} must not be greater than {wanted['maxFileSize']} kilobytes")
    file = files.store(portal, upload, request["directoryId"])
    wanted_files = [
        each | {"uploadedFileId": file["id"]} if each is wanted else each for each in request["requestedFiles"]
    ]
    missing = [each["required"] for each in wanted_files if each["uploadedFileId"] is None]
    is_complete = not any(missing) and (not missing or any(each["required"] for each in wanted_files))
    completed = request["completedAt"] or (portal.stamp() if is_complete else None)
    return portal.of("file_requests").change(request["id"], requestedFiles=wanted_files, completedAt=completed)
