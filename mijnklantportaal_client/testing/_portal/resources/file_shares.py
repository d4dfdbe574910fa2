"""File shares.

The documentation does not say which share a file names that is in several: the last. Nor whether what is in a shared
directory names the share: it does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..behaviour import Asked, Behaviour
from ._links import audience
from ._rules import need_items

if TYPE_CHECKING:
    from ..portal import Portal
    from ..records import Record

behaviour = Behaviour()
behaviour.collection("file_shares", "fss_")
behaviour.lists("list-file-shares", "file_shares")


@behaviour("create-file-share")
def create(portal: Portal, asked: Asked) -> Record:
    """Shares files and directories with a customer, or on a public page."""
    need_items(asked.body, "content")
    customer_id, id = asked.body.get("customerId"), portal.new_id("fss_")
    content = []
    for each in dict.fromkeys(asked.body["content"]):
        kind = "directories" if each.startswith("fsd_") else "files"
        content.append(portal.of(kind).change(each, fileShareId=id))
    links = audience(customer_id, "publicShare", f"file-share/{id}")
    return portal.create("file_shares", id=id, sharedWithCustomerId=customer_id, sharedContent=content, links=links)
