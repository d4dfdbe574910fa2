"""Bodies as they come in."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from .._portal.blobs import Upload
from .._portal.problems import Invalid, Problem
from .forms import nested, typed
from .reading import read_json

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import Message, Receive

    from .._portal.contract import Contract, Schema

MAX_BODY = 64 * 1024 * 1024
_MAX_FIELDS = 1000
_LONGEST_SHOWN = 10_000
_MOST_SHOWN = 100


class TooLarge(Problem):
    """The body is longer than any that makes sense."""

    status = 413

    def __init__(self) -> None:
        super().__init__(f"The body is longer than {MAX_BODY} bytes.")


def limited(receive: Receive) -> Receive:
    """What comes in, and no more of a body than makes sense."""
    size = 0

    async def receive_some() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > MAX_BODY:
            raise TooLarge
        return message

    return receive_some


def parse(content: bytes) -> Any:
    """The value of a JSON text.

    Raises:
        Invalid: It is none.
    """
    try:
        return read_json(content)
    except ValueError:
        raise Invalid({"body": ["The body is no readable JSON."]}) from None


async def read_form(request: Request, contract: Contract, schema: Schema) -> Any:
    """The fields of a form, each as what the schema wants.

    Raises:
        Invalid: It can't be read.
    """
    return typed(contract, schema, nested(await _fields(request)))


def shown(body: Any) -> Any:
    """A body as the journal keeps it: files without their content, and no more of the rest than can be looked at."""
    if isinstance(body, dict):
        return {name: shown(value) for name, value in islice(body.items(), _MOST_SHOWN)}
    if isinstance(body, list):
        return [shown(value) for value in body[:_MOST_SHOWN]]
    if isinstance(body, Upload):
        return {"filename": body.filename, "contentType": body.content_type, "size": len(body.content)}
    return body[:_LONGEST_SHOWN] if isinstance(body, str) else body


async def _fields(request: Request) -> list[tuple[str, str | Upload]]:
    from starlette.formparsers import MultiPartException

    fields: list[tuple[str, str | Upload]] = []
    try:
        async with request.form(max_files=_MAX_FIELDS, max_fields=_MAX_FIELDS, max_part_size=MAX_BODY) as form:
            for name, value in form.multi_items():
                if isinstance(value, str):
                    fields.append((name, value))
                elif value.filename:
                    # Without a name it is what a browser sends where nobody chose a file.
                    kind = value.content_type or "application/octet-stream"
                    fields.append((name, Upload(value.filename, kind, await value.read())))
    except MultiPartException as error:
        raise Invalid({"body": [f"The body is no readable form: {error.message}"]}) from None
    except (ValueError, LookupError):
        raise Invalid({"body": ["The body is no readable form."]}) from None
    return fields
