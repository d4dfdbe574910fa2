"""What an application asks for at the authorize page, and where its answer may go."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode, urlsplit

import attrs

from .keys import scope_list

if TYPE_CHECKING:
    from collections.abc import Mapping

# What browsers read otherwise than Python, such as a backslash, is no part of a URI.
_URI = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
_SCOPES = re.compile(r"[!#-\[\]-~]+( [!#-\[\]-~]+)*")


class NoAnswerError(ValueError):
    """The application can't be told: it is not known, or the address is none of its own."""


class RequestError(Exception):
    """The application is told what is wrong with its request; `location` is where."""

    def __init__(self, redirect_uri: str, state: str | None, error: str, description: str) -> None:
        super().__init__(description)
        self.location = back_to(redirect_uri, state, error=error, error_description=description)


@attrs.frozen
class Application:
    """What was registered of a third party's application."""

    client_id: str
    secret: str = attrs.field(repr=False)
    """The fingerprint of its App Secret."""
    redirect_uris: tuple[str, ...] | None = attrs.field(converter=attrs.converters.optional(tuple[str, ...]))
    """Where its answers may go; None for any loopback address."""

    def accepts(self, redirect_uri: str) -> bool:
        """Whether an answer may go there."""
        if self.redirect_uris is None:
            return is_web_address(redirect_uri) and is_loopback(urlsplit(redirect_uri).hostname or "")
        return redirect_uri in self.redirect_uris


@attrs.frozen
class Request:
    """A request for consent that can be answered."""

    client_id: str
    redirect_uri: str
    state: str = attrs.field(repr=False)
    scopes: tuple[str, ...]
    prompt: str


def read(query: str, applications: Mapping[str, Application]) -> Request:
    """Reads the query of the authorize page.

    The documentation lists `prompt` as the only optional parameter; that the others are insisted on is inferred.

    Raises:
        NoAnswerError: There is nobody to tell what is wrong.
        RequestError: Something is wrong that the application is told.
    """
    try:
        fields = parse_qs(query, keep_blank_values=True, max_num_fields=50)
    except ValueError:
        raise NoAnswerError("The request has too many parameters.") from None
    application = applications.get(_one(fields, "client_id"))
    if application is None:
        raise NoAnswerError("No application is registered with this client_id.")
    redirect_uri = _one(fields, "redirect_uri")
    if not application.accepts(redirect_uri):
        raise NoAnswerError("This redirect_uri is not registered for the application.")
    given = {name: fields.get(name, [""]) for name in ("state", "response_type", "scope", "prompt")}
    values = {name: texts[0] for name, texts in given.items()}
    wrong = next((f"{name} is given more than once" for name, texts in given.items() if len(texts) > 1), None)
    if wrong is None:
        wrong = next((f"{name} is missing" for name in ("state", "response_type") if not values[name]), None)
    if wrong is None and values["prompt"] not in ("", "consent", "login"):
        wrong = "prompt must be consent or login"
    error = "invalid_request"
    if wrong is None and values["response_type"] != "code":
        error, wrong = "unsupported_response_type", "response_type must be code"
    if wrong is None and not _SCOPES.fullmatch(values["scope"]):
        error, wrong = "invalid_scope", "scope must be one or more scopes with single spaces between them"
    if wrong is not None:
        raise RequestError(redirect_uri, values["state"] or None, error, wrong)
    prompt = values["prompt"] or "consent"
    return Request(application.client_id, redirect_uri, values["state"], scope_list(values["scope"]), prompt)


def back_to(redirect_uri: str, state: str | None, **answer: str) -> str:
    """The address at which the application gets its answer."""
    fields = answer if state is None else {**answer, "state": state}
    before = "&" if "?" in redirect_uri else "?"
    return redirect_uri + before + urlencode(fields)


def is_web_address(text: str) -> bool:
    """Whether it is an absolute http or https address without user, password and fragment."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    plain = _URI.fullmatch(text) and "@" not in parts.netloc and "#" not in text
    return bool(plain and parts.scheme in ("http", "https") and parts.hostname and port != 0)


def is_loopback(host: str) -> bool:
    """Whether this name or address is the machine itself."""
    try:
        return host.lower() == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _one(fields: Mapping[str, list[str]], name: str) -> str:
    texts = fields.get(name, [""])
    if len(texts) > 1:
        raise NoAnswerError(f"The request has more than one {name}.")
    if not texts[0]:
        raise NoAnswerError(f"The request has no {name}.")
    return texts[0]
