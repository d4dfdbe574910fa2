"""Webhooks: what is to be called when something happens.

The documentation does not say which URLs can be registered: those of http and https; nor how many for one type and URL:
any number.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..behaviour import Asked, Behaviour
from ..problems import Invalid

if TYPE_CHECKING:
    from ..portal import Portal
    from ..records import Record

_URL = re.compile(r"https?://(\[[0-9a-f:.]+\]|[\w.-]+)(:[0-9]{1,5})?([/?#]\S*)?", re.IGNORECASE)

behaviour = Behaviour()
behaviour.collection("webhooks", "wbh_")
behaviour.lists("list-webhooks", "webhooks")
behaviour.gets("get-webhook")


@behaviour("create-webhook")
def create(portal: Portal, asked: Asked) -> Record:
    """Registers a URL, and makes the secret that comes with each call."""
    url = asked.body["url"]
    if not _URL.fullmatch(url):
        raise Invalid({"url": ["The url field must be a valid URL."]})
    return portal.create("webhooks", type=asked.body["type"], url=url, secret=portal.new_secret())
