"""Every error this package raises.

MijnKlantportaalError
├── ConfigurationError
├── InvalidIDError               (also ValueError)
├── FieldMissingError            (also AttributeError)
├── InvalidCallbackError         (also ValueError)
├── APIConnectionError
│   └── APITimeoutError          (also TimeoutError)
│       └── PacingTimeoutError
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
├── ResponseDecodeError
│   └── ResponseTooLargeError
├── OAuthError
│   ├── ConsentDeniedError
│   ├── OAuthUnavailableError    (also APIConnectionError)
│   └── ReauthorizationRequiredError
└── WebhookVerificationError

`mijnklantportaal_client.ledger` adds its own, such as `UnresolvedError`, below `LedgerError`.
"""

from __future__ import annotations

from types import MappingProxyType
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
    "ConsentDeniedError",
    "FieldMissingError",
    "InvalidCallbackError",
    "InvalidIDError",
    "LicenceError",
    "MijnKlantportaalError",
    "NotFoundError",
    "OAuthError",
    "OAuthUnavailableError",
    "PacingTimeoutError",
    "PermissionDeniedError",
    "RateLimitError",
    "ReauthorizationRequiredError",
    "ResponseDecodeError",
    "ResponseTooLargeError",
    "ServerError",
    "ValidationError",
    "WebhookVerificationError",
]

_MEANING = {
    Outcome.NOT_SENT: "Nothing reached the server.",
    Outcome.REJECTED: "The server refused the call, so nothing was carried out.",
    Outcome.UNKNOWN: "It may have been carried out: look before sending it again.",
    Outcome.ACCEPTED: "The server carried it out, only its answer could not be read: do not send it again.",
}
_READ_ONLY = "Nothing was changed, since this call only reads."
_DOCS = "https://docs.developers.mijnklantportaal.nl"


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
        outcome: What may have happened on the server; `NOT_SENT` where nothing was called.
        page: Number of the page that failed, where a list was walked.
    """

    operation: str | None = None
    method: str | None = None
    path: str | None = None
    request_id: str | None = None
    call_id: str | None = None
    tags: Mapping[str, Any] = MappingProxyType({})
    attempts: int = 0
    elapsed: float = 0.0
    outcome: Outcome = Outcome.NOT_SENT
    page: int | None = None

    _advice: str = ""
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
        what = what if what.endswith((".", "!", "?")) else f"{what}."
        parts = [f"{name}: {what}" if name not in what else what]
        reads = self.method in ("GET", "HEAD") and self.outcome is not Outcome.NOT_SENT
        parts.append(_READ_ONLY if reads else _MEANING[self.outcome])
        certainty = self._certainty if self.outcome is not Outcome.NOT_SENT else None
        parts.extend(part for part in (self._advice, certainty) if part)
        parts.append(f"See {self._docs or _DOCS}")
        return " ".join(parts)

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.args, {name: _picklable(value) for name, value in self.__dict__.items()})


def _picklable(value: Any) -> Any:
    """The value, or its repr: a tag of the caller's must not keep an error from getting to another process."""
    import pickle

    try:
        pickle.dumps(value)
    except Exception:  # noqa: BLE001 - whatever its own code raises
        return repr(value)
    return value


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

    def __init__(
        self, text: str, /, *, value: object = None, parameter: str = "id", expected: tuple[str, ...] = ()
    ) -> None:
        super().__init__(text, value=value, parameter=parameter, expected=expected)

    value: object = None
    parameter: str = "id"
    expected: tuple[str, ...] = ()


class FieldMissingError(MijnKlantportaalError, AttributeError):
    """A field that should always be there was missing, null or unreadable in the answer, and is now used.

    It belongs to no call any more, so that it tells nothing of one; the call was a success.
    The rest of the object works; what came instead is in its `.unreadable`. `hasattr` and `getattr` with a default work
    as usual.
    """

    outcome = Outcome.ACCEPTED


class APIConnectionError(MijnKlantportaalError):
    """No answer, or only a part of one."""

    # Where only the text is known, as of an error that a task queue carried to another process, nothing is certain.
    outcome = Outcome.UNKNOWN

    _advice = "Check the network."


class APITimeoutError(APIConnectionError, TimeoutError):
    """No progress for `timeout` seconds, or the whole call took longer than `deadline` seconds."""

    _advice = "Check the network, or allow more time with timeout= and deadline=."


class PacingTimeoutError(APITimeoutError):
    """The rate limit would make the call wait longer than `RateLimit.max_wait`.

    Attributes:
        wait: About how many seconds it would have waited.
    """

    _advice = "Come back later, or allow a longer max_wait."

    wait: float = 0.0


class APIStatusError(MijnKlantportaalError):
    """The server answered with a status that is no success.

    Attributes:
        status_code: The HTTP status.
        headers: The answer's headers, names in lower case.
        body: The answer's JSON value, else its text, else None.
        message: The server's own words, if it sent any.
    """

    outcome = Outcome.UNKNOWN
    status_code: int = 0
    headers: Mapping[str, str] = MappingProxyType({})
    body: Any = None
    message: str | None = None

    _what: ClassVar[str] = ""
    _advice = "Check base_url and the path."


class BadRequestError(APIStatusError):
    """400: the server could not make sense of the request."""

    _what = "bad request"
    _advice = "Check the arguments."


class AuthenticationError(APIStatusError):
    """401: the API key or token is wrong, expired or revoked."""

    _what = "not authenticated"
    _advice = "Check the API key or token."


class PermissionDeniedError(APIStatusError):
    """403: the API key or token lacks the scope for this."""

    _what = "not allowed"
    _advice = "Check which scopes the API key or token has."


class NotFoundError(APIStatusError):
    """404: there is no such record in this portal."""

    _what = "not found"
    _advice = "Check the ID, and that it belongs to the portal of this key."


class ConflictError(APIStatusError):
    """409: the record is in a state that forbids this."""

    _what = "conflict"
    _advice = "Look at the present state of the record first."


class ValidationError(APIStatusError):
    """422: the server refused the values that were sent.

    Attributes:
        errors: Field name to messages, as far as the server sent them (Laravel's `errors`).
    """

    _what = "invalid values"
    _advice = "Mend the values that the server names."

    errors: Mapping[str, list[str]] = MappingProxyType({})


class LicenceError(APIStatusError):
    """426: the portal's plan does not include this."""

    _what = "not in the plan"
    _advice = "The portal's plan lacks this feature."


class RateLimitError(APIStatusError):
    """429: too many requests with this key or token.

    Attributes:
        retry_after: Seconds until the next request is allowed, if the server said.
    """

    _what = "too many requests"
    _advice = "Wait, and spread the calls that use this key."

    retry_after: float | None = None


class ServerError(APIStatusError):
    """5xx: something went wrong on the server's side."""

    _what = "server error"
    _advice = "If it goes on, tell the vendor."


class ResponseDecodeError(MijnKlantportaalError):
    """A success whose content can't be read.

    Attributes:
        status_code: The HTTP status, a 2xx.
        headers: The answer's headers, names in lower case.
        body: The answer's JSON value, else its text, else None.
    """

    _advice = "The body is in .body; with_raw_response gives the bytes without reading them."

    outcome = Outcome.ACCEPTED
    status_code: int = 0
    headers: Mapping[str, str] = MappingProxyType({})
    body: Any = None


class ResponseTooLargeError(ResponseDecodeError):
    """The answer is longer than `max_response_bytes` after decompression."""

    _advice = "Ask for less, or raise max_response_bytes."


class OAuthError(MijnKlantportaalError):
    """The OAuth server, or who came back from it, said something else than yes.

    Attributes:
        error: The code of the error, such as `invalid_client`, if there was one.
        error_description: The server's own words, if it sent any.
        status_code: The HTTP status of the OAuth server's answer, if it is about one.
    """

    error: str | None = None
    error_description: str | None = None
    status_code: int | None = None


class ConsentDeniedError(OAuthError):
    """The person who was asked for consent said no."""


class OAuthUnavailableError(OAuthError, APIConnectionError):
    """The OAuth server gave no usable answer: no connection, a time-out, 408, 429, 5xx, or what can't be read.

    It says nothing about the consent, which may be as good as ever.

    Attributes:
        retry_after: Seconds until it is worth another try, as far as is known.
    """

    _advice = "Come back later."

    retry_after: float | None = None


class ReauthorizationRequiredError(OAuthError):
    """The consent of a portal's owner is gone: expired, revoked or never given. Only a new one helps.

    Attributes:
        key: The `key` of the `OAuthTokens`, which tells whose consent it is.
    """

    _advice = "Send the portal's owner to OAuthApp.authorize_url() again."

    key: str = ""


class WebhookVerificationError(MijnKlantportaalError):
    """A call can't be taken for a webhook of the portal: answer 4xx, and do nothing.

    Neither the signature nor the body is in it.

    Attributes:
        reason: `missing_header` (or empty), `duplicate_header`, `wrong_secret`, or `body_too_large`.
    """

    def __init__(self, text: str, /, *, reason: str = "") -> None:
        super().__init__(text, reason=reason)

    reason: str = ""


class InvalidCallbackError(MijnKlantportaalError, ValueError):
    """A call of the CMS, for a page or with a form, is not what the portal sends: answer 400.

    Its text holds no field of a form.

    Attributes:
        reason: `missing_header` (or empty), `duplicate_header`, `invalid_id`, `content_type`, `body_too_large`,
            `unreadable_body`, `unreadable_query`, or `duplicate_field`.
    """

    def __init__(self, text: str, /, *, reason: str = "") -> None:
        super().__init__(text, reason=reason)

    reason: str = ""
