"""Webhooks: whether a call comes from the portal, and what it tells.

    event = parse(request.headers, await request.body(), secret)

The header `X-Webhook-Signature` holds the webhook's secret itself. So it proves that the caller knows the secret, and
nothing about the body: take an event for a hint, answer 2xx at once, and fetch the record from the API. The payload,
the method, retries and the expected answer are undocumented. See https://docs.developers.mijnklantportaal.nl

Nothing here waits or sends, and no framework is needed.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ._generated.models.event_type import EventType, EventType_BY_VALUE
from ._incoming import MAX_BODY, Body, Pairs, body_bytes, one_header, read_json
from ._webhook_secrets import Known, Secrets, known_secrets, types_of
from .errors import FieldMissingError, WebhookVerificationError
from .ids import PREFIXES

__all__ = ["EventType", "WebhookEvent", "parse", "verify"]

SIGNATURE = "X-Webhook-Signature"
# In place of a secret, for tools that show the variables of each frame of an error.
_NOT_SHOWN = ""
_ID = re.compile(f"(?:{'|'.join(PREFIXES)})[A-Za-z0-9_]+")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class WebhookEvent:
    """A call that came from somebody who knows the secret.

    Attributes:
        type: What happened: that of the webhook whose secret it was, where `secret` told it. Else what the payload's
            own `type` says, if that is one of `EventType` (a guess: the payload is undocumented). Else None.
        raw: The body.
        ids: The IDs in the payload, in order, each once: all texts at any depth that are an ID with a prefix of
            `ids.PREFIXES`. Names of fields don't count, since `sub_total` would. Empty where there is no payload.
        fingerprint: A hash of the type and the payload, to drop repeats: 64 hex digits, the same whatever the order of
            fields and the white space. It can't tell a repeat from a later event that says the same, and takes a repeat
            with another time in it for a new event. So forget it after minutes: to fetch once too often does no harm,
            and to drop an event that was none leaves you with an old state.
        problem: Why there is no payload: the body is empty, not UTF-8, not JSON or nested too deeply. None if there is.
    """

    type: EventType | str | None
    raw: bytes
    ids: tuple[str, ...] = field(compare=False)
    fingerprint: str = field(compare=False)
    problem: str | None = field(compare=False)
    _payload: Any = field(compare=False)

    @property
    def payload(self) -> Any:
        """The JSON value in the body, with numbers as exact as they were sent: `int`, else `Decimal`.

        Raises:
            FieldMissingError: The body holds none (see `problem`); `raw` has what it holds.
        """
        if self.problem is not None:
            raise FieldMissingError(f"WebhookEvent.payload can't be used: {self.problem} (see .raw)")
        return self._payload

    def __repr__(self) -> str:
        return f"WebhookEvent(type={self.type and str(self.type)!r}, ids={list(self.ids)}, raw=<{len(self.raw)} bytes>)"


def verify(headers: Pairs, secret: Secrets) -> None:
    """Check that a call comes from somebody who knows the secret, in constant time.

    Args:
        headers: The headers of the call: those of any framework, a mapping in any case, Django's `META`, a WSGI
            environ, an ASGI scope, or pairs.
        secret: The secret of the webhook, a `Webhook`, several of either, or a mapping from secret to type.

    Raises:
        WebhookVerificationError: The header `X-Webhook-Signature` is missing, there twice, or holds no such secret.
        ConfigurationError: There is no secret to compare with: a mistake in your own settings, so answer 500.
        TypeError: These are no headers.
    """
    # Our own mistake is told first, whatever the caller sent.
    known, secret = known_secrets(secret), _NOT_SHOWN
    _verified(headers, known)


def parse(headers: Pairs, body: Body, secret: Secrets, *, max_bytes: int = MAX_BODY) -> WebhookEvent:
    """Check a call as `verify` does, and read it.

    A body that can't be read is no error, because its shape is undocumented: `event.problem` says what is wrong.

    Args:
        headers: As in `verify`.
        body: The body as it came, bytes or text.
        secret: As in `verify`. One webhook has one type and one secret, so a `Webhook`, a list of them, as from
            `await portal.webhooks.list().collect()`, or a mapping from secret to type tells what happened.
        max_bytes: The longest body to read, 1 MiB by default.

    Raises:
        WebhookVerificationError: As in `verify`, or the body is longer than `max_bytes`.
        ConfigurationError: As in `verify`, or `max_bytes` is no number of bytes.
        TypeError: These are no headers, or this is no body.
    """
    known, secret = known_secrets(secret), _NOT_SHOWN
    types = _verified(headers, known) - {None}
    # It holds the secret, too.
    headers = ()
    raw = body_bytes(body, max_bytes, WebhookVerificationError)
    payload, problem = read_json(raw)
    # Two webhooks with one secret can't be told apart by it.
    event_type = types.pop() if len(types) == 1 else None
    if event_type is None and isinstance(payload, dict) and isinstance(payload.get("type"), str):
        event_type = EventType_BY_VALUE.get(payload["type"])
    return WebhookEvent(
        type=event_type,
        raw=raw,
        ids=tuple(dict.fromkeys(_ids(payload))),
        fingerprint=_fingerprint(event_type, raw if problem else _canonical(payload).encode()),
        problem=problem,
        _payload=payload,
    )


def _verified(headers: Pairs, known: list[Known]) -> set[EventType | str | None]:
    types = types_of(one_header(headers, SIGNATURE, WebhookVerificationError), known)
    if not types:
        raise WebhookVerificationError(f"the header {SIGNATURE} holds another secret", reason="wrong_secret")
    return types


def _ids(payload: Any) -> Iterator[str]:
    waiting = [payload]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            if _ID.fullmatch(value):
                yield value
        elif isinstance(value, (dict, list)):
            waiting.extend(reversed(value.values() if isinstance(value, dict) else value))


def _fingerprint(event_type: str | None, content: bytes) -> str:
    return hashlib.sha256(json.dumps(event_type).encode() + b"\n" + content).hexdigest()


def _canonical(value: Any) -> str:
    """JSON in one form: fields in order, no white space, ASCII, numbers as they were sent."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{_canonical(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_canonical, value)) + "]"
    return str(value) if isinstance(value, Decimal) else json.dumps(value)
