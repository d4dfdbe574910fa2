"""What an application may be allowed to do."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

# What RFC 6749 lets a scope consist of.
_SCOPE = re.compile(r"[!#-\[\]-~]+")


class Scope(StrEnum):
    """The scopes that are documented; there may be more, such as for punch cards, and any other text is taken too."""

    AGREEMENTS_READ = "agreements.read"
    AGREEMENTS_WRITE = "agreements.write"
    APPOINTMENTS_READ = "appointments.read"
    APPOINTMENTS_WRITE = "appointments.write"
    BUSINESSOPERATIONS_READ = "businessoperations.read"
    """What the vendor itself bills the portal's owner."""
    CUSTOMERS_READ = "customers.read"
    """Customers and their groups."""
    CUSTOMERS_WRITE = "customers.write"
    FILEREQUEST_READ = "filerequest.read"
    FILEREQUEST_WRITE = "filerequest.write"
    FILES_READ = "files.read"
    FILES_WRITE = "files.write"
    FILESHARE_READ = "fileshare.read"
    FILESHARE_WRITE = "fileshare.write"
    INVOICES_READ = "invoices.read"
    OFFERS_READ = "offers.read"
    OFFERS_WRITE = "offers.write"
    PAYMENTLINKS_READ = "paymentlinks.read"
    PAYMENTLINKS_WRITE = "paymentlinks.write"
    SUBSCRIPTION_READ = "subscription.read"
    SUBSCRIPTION_WRITE = "subscription.write"
    TICKETS_READ = "tickets.read"
    TICKETS_WRITE = "tickets.write"
    WEBHOOKS_READ = "webhooks.read"
    WEBHOOKS_WRITE = "webhooks.write"


def scope_text(scopes: str | Iterable[str]) -> str:
    """Scopes as they are sent: each once, in their order, with spaces in between.

    Raises:
        TypeError: One is no text.
        ValueError: There is none, or one can't be a scope.
    """
    given = scopes.split() if isinstance(scopes, str) else list(scopes)
    for scope in given:
        if not isinstance(scope, str):
            raise TypeError(f"scopes: a scope is a str, not {type(scope).__name__}")
        if not _SCOPE.fullmatch(scope):
            raise ValueError(f"scopes: {str(scope)!r:.60} can't be a scope, which has no spaces, quotes or backslashes")
    if not given:
        raise ValueError("scopes: ask for at least one, such as Scope.CUSTOMERS_READ")
    return " ".join(dict.fromkeys(map(str, given)))
