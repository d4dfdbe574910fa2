"""Who may do what."""

from __future__ import annotations

import datetime

import pytest

from mijnklantportaal_client.testing._api.keys import SCOPES, Holder, Keys, fingerprint, scope_of
from mijnklantportaal_client.testing._portal.clock import PortalClock
from mijnklantportaal_client.testing._portal.contract import shipped

OPERATIONS = shipped().operations
NOON = datetime.datetime(2030, 3, 1, 12, tzinfo=datetime.UTC)


def keys(*given: str) -> Keys:
    """Keys on a clock that stands still."""
    return Keys(PortalClock(NOON), given or ("sandbox",))


@pytest.mark.parametrize(
    "header", ["Bearer sandbox", "bearer sandbox", "BEARER sandbox", "Bearer   sandbox", "Bearer sandbox "]
)
def test_a_key_may_do_everything(header: str) -> None:
    """The scheme is not case-sensitive."""
    assert keys().holder(header) == Holder(fingerprint("sandbox")[:16], None)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "sandbox",
        "Basic sandbox",
        "Bearer Sandbox",
        "Bearer a b",
        "Bearer\tsandbox",
        "é é",
    ],
)
def test_anything_else_is_nobody(header: str | None) -> None:
    """Also where any key would do: that needs a key."""
    strict, lenient = keys(), keys()
    lenient.any_key = True
    assert strict.holder(header) is None
    assert (lenient.holder(header) is None) == (header != "Bearer Sandbox")


def test_any_key() -> None:
    """A key with scopes keeps them, and an access token that has expired is still refused."""
    some = keys()
    some.any_key = True
    some.add("limited", ["tickets.read"])
    token = some.issue("app", "grant", ["tickets.read"], 60)
    some.expire(token)
    assert some.holder("Bearer whatever") == Holder(fingerprint("whatever")[:16], None)
    assert some.holder("Bearer limited") == Holder(fingerprint("limited")[:16], frozenset(["tickets.read"]))
    assert some.holder(f"Bearer {token}") is None


def test_keys_come_and_go() -> None:
    """A key that was taken back is nobody's."""
    some = keys("one", "two")
    some.remove("one")
    assert some.holder("Bearer one") is None
    assert some.holder("Bearer two") is not None
    with pytest.raises(ValueError, match="no such API key"):
        some.remove("one")


@pytest.mark.parametrize("key", ["", "a b", "sleutel-é", "a\n"])
def test_a_key_that_no_header_can_hold(key: str) -> None:
    """It is refused where it is made."""
    with pytest.raises(ValueError, match="visible ASCII"):
        keys().add(key)


def test_a_token_lasts_until_its_time() -> None:
    """And not a moment longer; a new one clears away those that are over."""
    clock = PortalClock(NOON)
    some = Keys(clock)
    token = some.issue("app", "grant", ["tickets.read", "tickets.write"], 60)
    clock.advance(59)
    holder = some.holder(f"Bearer {token}")
    assert holder == Holder(fingerprint(token)[:16], frozenset({"tickets.read", "tickets.write"}), "app")
    clock.advance(1)
    assert some.holder(f"Bearer {token}") is None
    some.issue("app", "other", [], 60)
    assert [each["grant"] for each in some.dump().values()] == ["other"]


def test_tokens_can_end_early() -> None:
    """One, those of a consent, or all."""
    some = keys()
    first, second, third = (some.issue("app", grant, [], 60) for grant in ("a", "b", "b"))
    some.expire_grant("a")
    with pytest.raises(ValueError, match="no such access token"):
        some.expire(first)
    some.expire(second)
    assert [some.holder(f"Bearer {each}") is None for each in (first, second, third)] == [True, True, False]
    some.expire()
    assert some.dump() == {}


def test_the_24_scopes() -> None:
    """Two areas can only be read."""
    assert len(SCOPES) == len(set(SCOPES)) == 24
    assert {scope.partition(".")[0] for scope in SCOPES if scope.replace("read", "write") not in SCOPES} == {
        "invoices",
        "businessoperations",
    }


@pytest.mark.parametrize(
    ("operation", "scope"),
    [
        ("list-customers", "customers.read"),
        ("edit-customer", "customers.write"),
        ("add-customers-to-customer-group", "customers.write"),
        ("download-agreement-document", "agreements.read"),
        ("cancel-appointment", "appointments.write"),
        ("download-file", "files.read"),
        ("create-file-request", "filerequest.write"),
        ("create-file-share", "fileshare.write"),
        ("get-customer-invoice-as-pdf", "invoices.read"),
        ("create-customer-invoice", None),
        ("get-invoice", "businessoperations.read"),
        ("create-customer-offer-manual", "offers.write"),
        ("close-payment-link", "paymentlinks.write"),
        ("get-customer-subscription", "subscription.read"),
        ("create-customer-subscription-package", "subscription.write"),
        ("add-message-to-the-ticket", "tickets.write"),
        ("list-webhooks", "webhooks.read"),
        ("list-punch-cards", None),
        ("issue-punch-card", None),
    ],
)
def test_the_scope_of_an_operation(operation: str, scope: str | None) -> None:
    """None where none is known."""
    assert scope_of(OPERATIONS[operation]) == scope


def test_every_scope_is_known_by_some_operation() -> None:
    """And no operation needs one that is not known."""
    needed = {scope_of(each) for each in OPERATIONS.values()} - {None}
    assert needed == set(SCOPES)


@pytest.mark.parametrize(
    ("scopes", "operation", "missing"),
    [
        (None, "edit-customer", None),
        ([], "edit-customer", "customers.write"),
        (["customers.read"], "edit-customer", "customers.write"),
        (["customers.write"], "get-customer", "customers.read"),
        ("customers.read customers.write", "edit-customer", None),
        ([], "issue-punch-card", None),
    ],
)
def test_what_a_holder_lacks(scopes: list[str] | str | None, operation: str, missing: str | None) -> None:
    """Neither verb holds the other."""
    some = keys()
    some.add("limited", scopes)
    holder = some.holder("Bearer limited")
    assert holder is not None
    assert some.missing_scope(holder, OPERATIONS[operation]) == missing


def test_nothing_gives_a_secret_away() -> None:
    """Nor does what is kept on disk."""
    some = keys("geheim")
    token = some.issue("app", "grant", ["tickets.read"], 60)
    shown = f"{some!r} {some.holder('Bearer geheim')!r} {some.holder(f'Bearer {token}')!r} {some.dump()!r}"
    assert "geheim" not in shown
    assert token not in shown
