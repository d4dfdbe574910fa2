"""From what came back to the error and the outcome it means. Pure: nothing here waits or sends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import errors
from ._json import loads
from ._outcome import Outcome

_BY_STATUS: dict[int, type[errors.APIStatusError]] = {
    400: errors.BadRequestError,
    401: errors.AuthenticationError,
    403: errors.PermissionDeniedError,
    404: errors.NotFoundError,
    409: errors.ConflictError,
    422: errors.ValidationError,
    426: errors.LicenceError,
    429: errors.RateLimitError,
}
_REQUEST_IDS = ("x-request-id", "request-id", "x-correlation-id", "x-amzn-requestid", "cf-ray")
_MESSAGE_LENGTH = 300
# No secret is shorter, and to hide a word like "key" would garble what the server says.
_TOKEN_LENGTH = 4


def status_outcome(method: str, status: int) -> Outcome:
    """What a status means for what was asked."""
    if 200 <= status <= 299:
        return Outcome.ACCEPTED
    reads = method in ("GET", "HEAD")
    if 300 <= status <= 399 or status == 408:
        return Outcome.REJECTED if reads else Outcome.UNKNOWN
    return Outcome.REJECTED if 400 <= status <= 499 else Outcome.UNKNOWN


def status_error(
    status: int, headers: Mapping[str, str], content: bytes, *, token: str, retry_after: float | None
) -> errors.APIStatusError:
    """The error for a status that is no success."""
    content = without(content, token)
    body = read_body(content)
    kind = _BY_STATUS.get(status, errors.ServerError if 500 <= status <= 599 else errors.APIStatusError)
    message = _message(body)
    details: dict[str, Any] = {
        "status_code": status,
        "headers": _harmless(headers, token),
        "body": body,
        "message": message,
    }
    text = f"{status}, {kind._what}" if kind._what else str(status)
    if 300 <= status <= 399:
        text = f"{status}, a redirect, which is not followed"
    if message:
        text += f": {scrub(message, token)}"
    if kind is errors.ValidationError:
        details["errors"] = fields = _field_errors(body)
        text += f" (fields: {scrub(', '.join(fields), token)})" if fields else ""
    if kind is errors.RateLimitError:
        details["retry_after"] = retry_after
        text += f" (allowed again in {retry_after:.0f} s)" if retry_after is not None else ""
    return kind(text, **details)


def decode_error(
    why: str, status: int, headers: Mapping[str, str], content: bytes, *, token: str, too_large: bool = False
) -> errors.ResponseDecodeError:
    """The error for a success that can't be read."""
    kind = errors.ResponseTooLargeError if too_large else errors.ResponseDecodeError
    body = read_body(without(content, token))
    return kind(scrub(why, token), status_code=status, headers=_harmless(headers, token), body=body)


def read_body(content: bytes) -> Any:
    """JSON, else text, else None."""
    if not content:
        return None
    try:
        return loads(content)
    except ValueError:
        pass
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return None


def request_id(headers: Mapping[str, str]) -> str | None:
    """The server's own ID of a request, under any of the usual names."""
    return next((headers[name] for name in _REQUEST_IDS if name in headers), None)


def without(content: bytes, token: str) -> bytes:
    """A server's content without the token, which pages for developers show."""
    if len(token) < _TOKEN_LENGTH:
        return content
    secret = token.encode()
    # PHP escapes slashes in JSON.
    return content.replace(secret, b"***").replace(secret.replace(b"/", b"\\/"), b"***")


def _harmless(headers: Mapping[str, str], token: str) -> dict[str, str]:
    return {name: _hide(value, token) for name, value in headers.items()}


def _hide(text: str, token: str) -> str:
    return text.replace(token, "***") if len(token) >= _TOKEN_LENGTH else text


def scrub(text: str, token: str) -> str:
    """A server's text without the token, and not longer than a line or two."""
    text = _hide(text, token)
    text = "".join(c if c.isprintable() else " " for c in text)
    return text if len(text) <= _MESSAGE_LENGTH else text[:_MESSAGE_LENGTH] + "..."


def _message(body: Any) -> str | None:
    message = body.get("message") if isinstance(body, dict) else None
    return message if isinstance(message, str) and message else None


def _field_errors(body: Any) -> dict[str, list[str]]:
    found = body.get("errors") if isinstance(body, dict) else None
    if not isinstance(found, dict):
        return {}
    return {
        field: [str(text) for text in texts] if isinstance(texts, list) else [str(texts)]
        for field, texts in found.items()
    }
