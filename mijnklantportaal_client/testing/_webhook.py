"""What a webhook call looks like, for the sandbox and for tests of those who receive them."""

from __future__ import annotations

import datetime
import json
import secrets
from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from .._version import __version__
from ..webhooks import SIGNATURE


class Shown(Protocol):
    """A model of the package."""

    def to_dict(self) -> dict[str, Any]: ...


class SignedWebhook(NamedTuple):
    """A webhook call: `headers, body = sign_webhook(...)`."""

    headers: dict[str, str]
    body: bytes

    def __repr__(self) -> str:
        return f"SignedWebhook(headers=..., body=<{len(self.body)} bytes>)"


def sign_webhook(event_type: str, payload: Mapping[str, Any] | Shown | bytes, secret: str) -> SignedWebhook:
    """A call as it comes from the portal, for tests of a receiver.

        headers, body = sign_webhook("invoice-paid", make(CustomerInvoice), secret)
        response = client.post("/hook", headers=headers, content=body)

    The header `X-Webhook-Signature` holds the secret itself, as the portal's does. What the body looks like is
    undocumented. This is the sandbox's form: an `id` of the call, the `type`, `createdAt`, and the record in `data`.

    Args:
        event_type: What happened; a type that is not known yet will do.
        payload: The record that it happened to, as a mapping or a model. Bytes are the whole body, such as one that you
            have received from the portal.
        secret: The secret of the webhook record.

    Raises:
        ValueError: No header can hold such a secret, or there is no type.
    """
    if not event_type:
        raise ValueError("sign_webhook() needs an event type, such as 'invoice-paid'")
    if isinstance(payload, bytes):
        return SignedWebhook(headers_with(secret), payload)
    now = datetime.datetime.now(ZoneInfo("Europe/Amsterdam")).isoformat(timespec="seconds")
    body = envelope("evt_" + secrets.token_hex(6), str(event_type), now, record_of(payload))
    return SignedWebhook(headers_with(secret), encoded(body))


def headers_with(secret: str) -> dict[str, str]:
    """The headers of a call.

    Raises:
        ValueError: No header can hold such a secret.
    """
    if not secret or not secret.isascii() or not secret.isprintable() or secret != secret.strip():
        raise ValueError("the secret of a webhook is visible ASCII text")
    return {
        "Content-Type": "application/json",
        "User-Agent": f"mijnklantportaal-sandbox/{__version__}",
        SIGNATURE: secret,
    }


def envelope(event_id: str, event_type: str, created_at: str, record: Mapping[str, Any]) -> dict[str, Any]:
    """The body of a call."""
    return {"id": event_id, "type": event_type, "createdAt": created_at, "data": dict(record)}


def encoded(body: Mapping[str, Any]) -> bytes:
    """The body as it is sent."""
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()


def record_of(given: Mapping[str, Any] | Shown) -> Mapping[str, Any]:
    """The record that a mapping or a model is."""
    return given if isinstance(given, Mapping) else given.to_dict()
