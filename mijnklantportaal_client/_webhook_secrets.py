"""The secrets of webhooks, and which of them a caller knows."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, Protocol, TypeAlias

from ._generated.models.event_type import EventType, EventType_BY_VALUE
from ._incoming import check_secret
from .errors import ConfigurationError


class HasSecret(Protocol):
    """A `Webhook`, or a record of your own that keeps one."""

    @property
    def secret(self) -> str: ...
    @property
    def type(self) -> EventType | str: ...


Secrets: TypeAlias = str | HasSecret | Mapping[str, EventType | str] | Iterable[str | HasSecret]


class Known(NamedTuple):
    """What is kept of a secret: its hash, and the type of the webhook that has it, where that was told."""

    digest: bytes
    type: EventType | str | None


def known_secrets(given: Secrets) -> list[Known]:
    """The secrets in all that a user may give.

    Raises:
        ConfigurationError: There is none, or it is empty.
    """
    known = [
        Known(_digest(check_secret(secret, "the secret").encode("utf-8", "surrogatepass")), event_type)
        for secret, event_type in _members(given)
    ]
    if not known:
        raise ConfigurationError("no secret was given, so that no caller can be told from another")
    return known


def _members(given: object) -> Iterator[tuple[object, EventType | str | None]]:
    if isinstance(given, Mapping):
        yield from _mapped(given)
    elif isinstance(given, Iterable) and not isinstance(given, (str, bytes, bytearray)):
        yield from map(_one, given)
    else:
        yield _one(given)


def _one(given: object) -> tuple[object, EventType | str | None]:
    if isinstance(given, str):
        return given, None
    # A field that the portal's answer lacked is an AttributeError too.
    secret: object = getattr(given, "secret", None)
    if secret is None:
        which = f"{type(given).__name__} {getattr(given, 'id', '')}".rstrip()
        raise ConfigurationError(f"a secret must be a str, or a Webhook that has one, not {which}")
    return secret, event_type(getattr(given, "type", None))


def _mapped(given: Mapping[object, object]) -> Iterator[tuple[object, EventType | str | None]]:
    if "secret" in given:
        raise ConfigurationError("a mapping goes from secret to type; make an object with Webhook.from_dict(...)")
    for secret, value in given.items():
        # Else what everybody knows would be a secret.
        if secret in EventType_BY_VALUE:
            raise ConfigurationError(f"a mapping goes from secret to type, and {str(secret)!r} is a type")
        named = event_type(value)
        if named is None:
            raise ConfigurationError("a mapping goes from secret to type, and one has no type")
        yield secret, named


def event_type(value: object) -> EventType | str | None:
    """A type that is known as a member, any other as it is; None where it is no text."""
    return EventType_BY_VALUE.get(str(value), str(value)) if isinstance(value, str) and value else None


def types_of(signature: str, known: list[Known]) -> set[EventType | str | None]:
    """The types of the secrets that a signature is; empty if it is none of them.

    It takes as long whichever it is: every secret is compared, and hashes have all the same length.
    """
    digests = [_digest(reading) for reading in _readings(signature)]
    types: set[EventType | str | None] = set()
    for each in known:
        for digest in digests:
            if hmac.compare_digest(digest, each.digest):
                types.add(each.type)
    return types


def _readings(signature: str) -> Iterator[bytes]:
    """The bytes that the header may have been: frameworks read them as UTF-8 or as Latin-1."""
    yield signature.encode("utf-8", "surrogatepass")
    if not signature.isascii() and max(signature) <= "\xff":
        yield signature.encode("latin-1")


def _digest(value: bytes) -> bytes:
    return hashlib.sha256(value).digest()
