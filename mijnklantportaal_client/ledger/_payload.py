"""What tells one change from another: digests of what is sent and of whose portal it is sent to."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from .._json import loads
from .._multipart import Multipart
from .._request import JSONBody

if TYPE_CHECKING:
    from .._call import Call
    from .._request import Request


async def payload_of(request: Request) -> str:
    """A digest of a request: the same for the same values, whatever order or boundary they are sent with.

    Of a stream, which can be read only once, the name and type count.
    """
    digest = hashlib.sha256()
    for part in (request.method, request.path, request.query):
        _add(digest, part.encode())
    body = request.body
    if isinstance(body, Multipart):
        async for chunk in body.parts():
            digest.update(chunk)
    elif isinstance(body, JSONBody):
        # As text: a number keeps its digits.
        _add(digest, json.dumps(loads(body.content), sort_keys=True, default=str).encode())
    return digest.hexdigest()


def tenant_of(call: Call, name: str | None) -> str:
    """A digest of the portal and whose it is; `name` stands in for the name of its key."""
    digest = hashlib.sha256()
    for part in (call.options.base_url, call.options.auth.key if name is None else f"tenant {name}"):
        _add(digest, part.encode())
    return digest.hexdigest()


def _add(digest: Any, part: bytes) -> None:
    # With its length, so that two parts can't be mistaken for other two.
    digest.update(b"%d:" % len(part) + part)
