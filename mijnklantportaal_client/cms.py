"""Calls of the portal's CMS: it asks your server for a page, for the first values of a form, and hands in forms.

    page = PageRequest.from_headers(request.headers)
    status, headers, body = page.respond(f"<h1>{escape(name)}</h1>", key)

None of these calls is signed: the IDs in the headers say whom it is about, and not who is asking. Whoever finds the URL
can make such a call, so let it be one that can't be guessed, and answer and accept nothing that harms if it was not the
portal. The checksum of a page goes the other way: it proves to the portal that the answer is yours.
See https://docs.developers.mijnklantportaal.nl

Nothing here waits or sends, and no framework is needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

from ._incoming import MAX_BODY, Body, Pairs, check_secret, one_header
from ._incoming_fields import Query, json_fields, query_fields
from ._json import dumps, plain
from .errors import InvalidCallbackError, InvalidIDError
from .ids import check_id

__all__ = ["CallbackResponse", "FormRequest", "FormSubmission", "PageRequest", "checksum"]

# In place of a key, for tools that show the variables of each frame of an error.
_NOT_SHOWN = ""
# A page is for one customer, at a URL that is the same for all: no cache on the way may give it to another one.
_UNCACHED = {"Cache-Control": "no-store"}


class CallbackResponse(NamedTuple):
    """What to answer: `status, headers, body = page.respond(html, key)`.

    Attributes:
        status: The HTTP status.
        headers: All headers that the portal wants, `Content-Type` too.
        body: The content, as UTF-8.
    """

    status: int
    headers: dict[str, str]
    body: bytes

    def __repr__(self) -> str:
        return f"CallbackResponse(status={self.status}, headers=..., body=<{len(self.body)} bytes>)"


def checksum(key: str, customer_id: str, page_id: str, *, validate_ids: bool = True) -> str:
    """The `X-Checksum` of a page: HMAC-SHA256 over `<customer ID>,<page ID>`, in lower-case hex.

    The HTML is not part of it. That the digits are in lower case is inferred from an example of the documentation.

    Args:
        key: The key of the dynamic HTML block, from the manage portal.
        customer_id: Customer ID, prefix `cst_`.
        page_id: Page ID, prefix `pag_`.
        validate_ids: Whether the prefixes are checked.

    Raises:
        InvalidIDError: An ID is none, or that of another kind of thing.
        ConfigurationError: The key is empty.
    """
    import hashlib
    import hmac

    # An error of encoding would hold the key.
    secret = check_secret(key, "the key of the block").encode("utf-8", "surrogatepass")
    digest, key, secret = hmac.new(secret, digestmod=hashlib.sha256), _NOT_SHOWN, b""
    customer = check_id(customer_id, "cst_", parameter="customer_id", validate_prefix=validate_ids)
    page = check_id(page_id, "pag_", parameter="page_id", validate_prefix=validate_ids)
    digest.update(f"{customer},{page}".encode())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class PageRequest:
    """The portal asks for a dynamic HTML block, to show it to a customer.

    Attributes:
        customer_id: Who looks at the page, prefix `cst_`.
        page_id: Which page it is, prefix `pag_`.
    """

    customer_id: str
    page_id: str

    @classmethod
    def from_headers(cls, headers: Pairs, *, validate_ids: bool = True) -> Self:
        """Read `X-Customer-Id` and `X-Page-Id`.

        Args:
            headers: The headers of the request: those of any framework, a mapping in any case, Django's `META`, a WSGI
                environ, an ASGI scope, or pairs.
            validate_ids: Whether the prefixes are checked. That they are IDs at all always is.

        Raises:
            InvalidCallbackError: A header is missing, there twice, or no such ID.
            TypeError: These are no headers.
        """
        return cls(
            _id(headers, "X-Customer-Id", "cst_", validate_ids=validate_ids),
            _id(headers, "X-Page-Id", "pag_", validate_ids=validate_ids),
        )

    def respond(self, html: str, key: str) -> CallbackResponse:
        """The answer: your HTML with its checksum.

        Args:
            html: What the page shows. It is sent as it is: escape what you put in, as with `html.escape` or a template.
            key: The key of the dynamic HTML block, from the manage portal.

        Raises:
            ConfigurationError: The key is empty.
            UnicodeEncodeError: The HTML holds half of a character.
        """
        if not isinstance(html, str):
            raise TypeError(f"html must be a str, not {type(html).__name__}")
        headers = {
            # The documentation has no charset. PHP adds one unless it is told not to, so the portal will know it.
            "Content-Type": "text/html; charset=utf-8",
            # The IDs passed their check when the request was read.
            "X-Checksum": checksum(key, self.customer_id, self.page_id, validate_ids=False),
            **_UNCACHED,
        }
        return CallbackResponse(200, headers, html.encode())


@dataclass(frozen=True, slots=True)
class FormRequest:
    """The portal asks what a form should hold before the customer fills it in.

    Attributes:
        customer_id: Whose form it is, prefix `cst_`.
        form_id: Which form it is, prefix `frm_`.
    """

    customer_id: str
    form_id: str

    @classmethod
    def from_headers(cls, headers: Pairs, *, validate_ids: bool = True) -> Self:
        """Read `X-Customer-Id` and `X-Form-Id`; arguments and errors are those of `PageRequest.from_headers`."""
        return cls(
            _id(headers, "X-Customer-Id", "cst_", validate_ids=validate_ids),
            _id(headers, "X-Form-Id", "frm_", validate_ids=validate_ids),
        )

    def respond(self, fields: Mapping[str, Any]) -> CallbackResponse:
        """The answer: a JSON object of fields.

        A field that is missing stays empty in the form, and one that the form does not have is dropped.

        Args:
            fields: Name to JSON value; a `Decimal` becomes a number.

        Raises:
            TypeError: This is no mapping, or a value is none of JSON.
            ValueError: A number is NaN or infinite.
        """
        if not isinstance(fields, Mapping):
            raise TypeError(f"fields must be a mapping, not {type(fields).__name__}")
        return CallbackResponse(200, {"Content-Type": "application/json", **_UNCACHED}, dumps(plain(fields)))


@dataclass(frozen=True, slots=True)
class FormSubmission:
    """The portal hands in a form that a customer has filled in.

    Answer any 2xx when you have it; all else counts as failed.

    Attributes:
        customer_id: Who is said to have filled it in, prefix `cst_`.
        form_id: Which form it is, prefix `frm_`.
        fields: Name to value: JSON values of a body, with numbers as exact as they were sent, and texts of a query.
            Check them as you would those of any form.
    """

    customer_id: str
    form_id: str
    fields: dict[str, Any] = field(repr=False, hash=False)

    @classmethod
    def from_request(
        cls,
        method: str,
        headers: Pairs,
        *,
        query: Query = "",
        body: Body = b"",
        validate_ids: bool = True,
        max_bytes: int = MAX_BODY,
    ) -> Self:
        """Read a form that is handed in, by the method that you chose for it.

        Args:
            method: The HTTP method. Of a GET the fields are those of the query, of all others those of the body.
            headers: As in `PageRequest.from_headers`.
            query: The query string, or your framework's object for it. Parameters that you put into the URL yourself
                are fields too.
            body: The body as it came: a JSON object.
            validate_ids: As in `PageRequest.from_headers`.
            max_bytes: The longest query or body to read, 1 MiB by default.

        Raises:
            InvalidCallbackError: A header is missing, there twice or no such ID; the body is too long, not UTF-8, of
                another `Content-Type` or no JSON object; a field is in the query more than once.
            ConfigurationError: `max_bytes` is no number of bytes.
            TypeError: This is no method, these are no headers, this is no query, or this is no body.
        """
        if not isinstance(method, str):
            raise TypeError(f"method must be a str, not {type(method).__name__}")
        form = FormRequest.from_headers(headers, validate_ids=validate_ids)
        is_get = method.upper() == "GET"
        fields = query_fields(query, max_bytes) if is_get else json_fields(headers, body, max_bytes)
        return cls(form.customer_id, form.form_id, fields)


def _id(headers: Pairs, name: str, prefix: str, *, validate_ids: bool) -> str:
    value = one_header(headers, name, InvalidCallbackError)
    try:
        return check_id(value, prefix, parameter=name, validate_prefix=validate_ids)
    except InvalidIDError as error:
        problem = str(error)
    raise InvalidCallbackError(problem, reason="invalid_id")
