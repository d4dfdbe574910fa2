"""The checkout: where people pay a payment link, an invoice, or the sign-up for a subscription."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import dutch

if TYPE_CHECKING:
    from .._portal.portal import Portal
    from .._portal.records import Record
    from .._sandbox import Sandbox

_ENDED = {
    "paid": ("Paid already", "Nothing is left to pay here."),
    "closed": ("Closed", "Whoever made this payment link has closed it."),
    "expired": ("Expired", "The last day to pay this was before today."),
}
_UNKNOWN = ("Nothing to pay", "There is nothing with this address, or somebody has deleted it.")


def view(portal: Portal, payable_id: str) -> dict[str, Any]:
    """What the checkout says of something, with the status code to say it with."""
    portal.settle()
    with portal.lock:
        for collection, seen in (("payment_links", _link), ("customer_invoices", _invoice), ("sign_ups", _sign_up)):
            record = portal.of(collection).get(payable_id)
            if record is not None:
                return seen(portal, record)
    return _message(*_UNKNOWN, code=404)


def pay(sandbox: Sandbox, payable_id: str, name: str | None) -> dict[str, Any]:
    """Pays it, unless that can't be done any more."""
    with sandbox.portal.lock:
        before = view(sandbox.portal, payable_id)
        if not before["payable"]:
            return before | {"code": 404 if before["code"] == 404 else 409}
        sandbox.people.pay(payable_id, name=name)
    return _message("Thank you", f"{before['amount']} is paid: {before['title']}.")


def _link(_: Portal, link: Record) -> dict[str, Any]:
    if link["status"] in _ENDED:
        return _message(*_ENDED[link["status"]])
    return _due(link["description"], dutch.money(link["amount"], link["currency"]))


def _invoice(portal: Portal, invoice: Record) -> dict[str, Any]:
    if invoice["paidAt"]:
        return _message(*_ENDED["paid"])
    customer = portal.of("customers").get(invoice["customerId"]) or {}
    amount = dutch.money(invoice["amount"], invoice["currency"])
    return _due(f"Invoice {invoice['invoiceNumber']}", amount, customer.get("companyName", ""))


def _sign_up(portal: Portal, sign_up: Record) -> dict[str, Any]:
    package = portal.of("customer_subscription_packages").get(sign_up["packageId"])
    if package is None:
        return _message(*_UNKNOWN, code=404)
    amount = dutch.money(package["amount"], package["currency"])
    text = f"A subscription, {amount} per {package['interval']}. This is the first payment."
    return _due(package["name"], amount, sign_up["customer"]["companyName"], text)


def _due(title: str, amount: str, name: str = "", text: str = "") -> dict[str, Any]:
    return {"code": 200, "payable": True, "title": title, "amount": amount, "name": name, "text": text}


def _message(title: str, text: str, code: int = 200) -> dict[str, Any]:
    return {"code": code, "payable": False, "title": title, "amount": "", "name": "", "text": text}
