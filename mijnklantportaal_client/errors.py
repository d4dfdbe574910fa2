"""Every error this package raises.

MijnKlantportaalError
├── ConfigurationError
├── InvalidIDError               (also ValueError)
├── FieldMissingError            (also AttributeError)
├── APIConnectionError
│   └── APITimeoutError          (also TimeoutError)
├── APIStatusError
│   ├── BadRequestError          400
│   ├── AuthenticationError      401
│   ├── PermissionDeniedError    403
│   ├── NotFoundError            404
│   ├── ConflictError            409
│   ├── ValidationError          422
│   ├── LicenceError             426
│   ├── RateLimitError           429
│   └── ServerError              5xx
└── ResponseDecodeError
    └── ResponseTooLargeError
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from ._outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "APIConnectionError",
    "APIStatusError",
    "APITimeoutError",
    "AuthenticationError",
    "BadRequestError",
    "ConfigurationError",
    "ConflictError",
    "FieldMissingError",
    "InvalidIDError",
    "LicenceError",
    "MijnKlantportaalError",
    "NotFoundError",
    "PermissionDeniedError",
    "RateLimitError",
    "ResponseDecodeError",
    "ResponseTooLargeError",
    "ServerError",
    "ValidationError",
]

_MEANING = {
    Outcome.NOT_SENT: "Nothing reached the server.",
    Outcome.REJECTED: "The server refused the call, so nothing was carried out.",
    Outcome.UNKNOWN: "It may have been carried out: look before sending it again.",
    Outcome.ACCEPTED: "The server carried it out, only its answer could not be read: do not send it again.",
}
_READ_ONLY = "Nothing was changed, since this call only reads."


class MijnKlantportaalError(Exception):
    """Base of every error of this package.

    Attributes:
        operation: `operationId` of the call, or None where the error belongs to no call.
        method: HTTP method.
        path: Path template, such as `/customers/{customerId}`; never the IDs in it.
        request_id: The server's ID of the request, if it sent one.
        call_id: This client's ID of the call, the same in events and log lines.
        tags: The `tags` of the client that made the call.
        attempts: How many requests were begun.
        elapsed: Seconds from the start of the call to the error.
        outcome: What may have happened on the server.
        page: Number of the page that failed, where a list was walked.
    """

    operation: str | None = None
    method: str | None = None
    path: str | None = None
    request_id: str | None = None
    call_id: str | None = None
    tags: Mapping[str, Any] = {}
    attempts: int = 0
    elapsed: float = 0.0
    outcome: Outcome | None = None
    page: int | None = None

    _advice: ClassVar[str] = ""
    _docs: str | None = None
    _certainty: str | None = None
    _name: str | None = None

    def __init__(self, text: str, /, **details: Any) -> None:
        super().__init__(text)
        self.__dict__.update(details)

    def __str__(self) -> str:
        what = str(self.args[0]) if self.args else type(self).__name__
        if self.operation is None:
            return what
        name = self._name or self.operation
        parts = [f"{name}: {what}" if name not in what else what]
        if self.outcome is not None:
            reads = self.method == "GET" and self.outcome is not Outcome.NOT_SENT
            parts.append(_READ_ONLY if reads else _MEANING[self.outcome])
        parts.extend(part for part in (self._advice, self._certainty) if part)
        if self._docs:
            parts.append(f"See {self._docs}")
        return " ".join(parts)

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.args, self.__dict__.copy())


def _rebuild(cls: type[MijnKlantportaalError], args: tuple[Any, ...], state: dict[str, Any]) -> MijnKlantportaalError:
    error = cls.__new__(cls, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class ConfigurationError(MijnKlantportaalError):
    """The client can't be used as it was set up; nothing was sent."""


class InvalidIDError(MijnKlantportaalError, ValueError):
    """An argument can't be the ID it should be; nothing was sent.

    Attributes:
        value: What was given.
        parameter: Name of the argument.
        expected: The prefixes that would have been right; empty where any is.
    """

    def __init__(self, text: str, /, *, value: object, parameter: str, expected: tuple[str, ...] = ()) -> None:
        super().__init__(text, value=value, parameter=parameter, expected=expected)

    value: object
    parameter: str
    expected: tuple[str, ...]


class FieldMissingError(MijnKlantportaalError, AttributeError):
    """A field that should always be there was missing, null or unreadable in the answer, and is now used.

    The rest of the object works; what came instead is in its `.unreadable`. `hasattr` and `getattr` with a default work
    as usual.
    """


class APIConnectionError(MijnKlantportaalError):
    """No answer, or only a part of one."""

    _advice = "Check the network."


class APITimeoutError(APIConnectionError, TimeoutError):
    """No progress for `timeout` seconds, or the whole call took longer than `deadline` seconds."""


class APIStatusError(MijnKlantportaalError):
    """The server answered with a status that is no success.

    Attributes:
        status_code: The HTTP status.
        headers: The answer's headers, names in lower case.
        body: The answer's JSON value, else its text, else None.
        message: The server's own words, if it sent any.
    """

    status_code: int
    headers: Mapping[str, str]
    body: Any
    message: str | None


class BadRequestError(APIStatusError):
    """400: the server could not make sense of the request."""


class AuthenticationError(APIStatusError):
    """401: the API key or token is wrong, expired or revoked."""

    _advice = "Check the API key or token."


class PermissionDeniedError(APIStatusError):
    """403: the API key or token lacks the scope for this."""

    _advice = "Check which scopes the API key or token has."


class NotFoundError(APIStatusError):
    """404: there is no such record in this portal."""

    _advice = "Check the ID, and that it belongs to the portal of this key."


class ConflictError(APIStatusError):
    """409: the record is in a state that forbids this."""


class ValidationError(APIStatusError):
    """422: the server refused the values that were sent.

    Attributes:
        errors: Field name to messages, as far as the server sent them (Laravel's `errors`).
    """

    errors: Mapping[str, list[str]]


class LicenceError(APIStatusError):
    """426: the portal's plan does not include this."""

    _advice = "The portal's plan lacks this feature."


class RateLimitError(APIStatusError):
    """429: too many requests with this key or token.

    Attributes:
        retry_after: Seconds until the next request is allowed, if the server said.
    """

    retry_after: float | None


class ServerError(APIStatusError):
    """5xx: something went wrong on the server's side."""


class ResponseDecodeError(MijnKlantportaalError):
    """A success whose content can't be read.

    Attributes:
        status_code: The HTTP status, a 2xx.
        headers: The answer's headers, names in lower case.
        body: The answer's JSON value, else its text, else None.
    """

    status_code: int
    headers: Mapping[str, str]
    body: Any


class ResponseTooLargeError(ResponseDecodeError):
    """The answer is longer than `max_response_bytes` after decompression."""
