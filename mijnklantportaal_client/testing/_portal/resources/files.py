"""Files and directories.

The documentation does not say which fields make a directory: its name. Nor whether two may have the same name: they
may.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..behaviour import Asked, Behaviour
from ..blobs import Upload
from ..problems import NotFound

if TYPE_CHECKING:
    from ..portal import Portal
    from ..records import Record

behaviour = Behaviour()
behaviour.collection("files", "fsf_")
behaviour.collection("directories", "fsd_")
behaviour.gets("get-file")


@behaviour("post-files")
def add(portal: Portal, asked: Asked) -> Record:
    """Keeps a file that is uploaded, or makes a directory."""
    parent, upload = asked.query.get("directory"), asked.body.get("file")
    # In JSON it is a field that a directory does not have.
    if isinstance(upload, Upload):
        return store(portal, upload, parent)
    item = {"type": "directory", "name": asked.body["name"], "size": None, "mime": None, "fileShareId": None}
    return portal.create("directories", directoryId=parent, **item)


@behaviour("download-file")
def get_download_link(portal: Portal, asked: Asked) -> Record:
    """A link to a file's bytes."""
    if "blob" not in asked.record:
        raise NotFound
    return portal.link(asked.record["blob"])


def store(portal: Portal, upload: Upload, directory_id: str | None) -> Record:
    """Keeps a file in a directory, or in the root."""
    return portal.create(
        "files",
        type="file",
        name=upload.filename,
        size=len(upload.content),
        mime=upload.content_type,
        fileShareId=None,
        directoryId=directory_id,
        blob=portal.add_blob(upload.content, upload.filename, upload.content_type),
    )
