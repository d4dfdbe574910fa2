"""Packages that customers, and those who are none yet, sign up for.

The documentation does not say
- whether a package is for sale where nothing is said: it is not, which keeps nobody from signing up through the API;
- when a customer's subscription starts where nothing is said: today;
- how long somebody who is no customer has to pay: one day. The address is kept until then; paying makes a customer and
  a subscription that starts that day, whose first payment is the one that was made.
"""

from __future__ import annotations

import datetime
import uuid
from typing import TYPE_CHECKING

from .. import money
from ..behaviour import Asked, Behaviour
from ..contract import SELF
from ..problems import Refused
from . import customers
from ._rules import given
from .customer_subscriptions import subscribe, update_payment

if TYPE_CHECKING:
    from ..portal import Portal
    from ..records import Record

_FIELDS = ("name", "description", "interval", "vatRate", "availableForSale")
_ADDRESS = ("companyName", "address", "zipCode", "city")

behaviour = Behaviour()
behaviour.collection("customer_subscription_packages", "spg_")
# Their IDs are UUIDs.
behaviour.collection("sign_ups", "")
behaviour.lists("list-customer-subscription-packages", "customer_subscription_packages")
behaviour.gets("get-customer-subscription-package")


@behaviour("create-customer-subscription-package")
def create(portal: Portal, asked: Asked) -> Record:
    """Makes a package."""
    fields = {"description": None, "availableForSale": False, **given(asked.body, *_FIELDS)}
    amount = money.written(asked.body["amount"])
    return portal.create("customer_subscription_packages", currency="EUR", amount=amount, **fields)


@behaviour("change-customer-subscription-package")
def change(portal: Portal, asked: Asked) -> Record:
    """Changes what is given; who has signed up keeps the old terms."""
    changes = given(asked.body, *_FIELDS)
    if "amount" in asked.body:
        changes["amount"] = money.written(asked.body["amount"])
    return portal.of("customer_subscription_packages").change(asked.record["id"], **changes)


@behaviour("sign-up-customer-subscription-package-to-customer")
def sign_up_customer(portal: Portal, asked: Asked) -> Record:
    """Subscribes a customer to a package."""
    package, body = asked.record, asked.body
    return subscribe(
        portal,
        body["customerId"],
        package["name"],
        body.get("startDate", portal.today().isoformat()),
        terms=given(package, "interval", "amount", "vatRate"),
        invoiced=body.get("createInvoice", False),
        invoice_text=body.get("invoiceText") or package["name"],
        mandateId=body.get("mandateId"),
    )


@behaviour("sign-up-customer-subscription-package-to-non-customer")
def sign_up_non_customer(portal: Portal, asked: Asked) -> Record:
    """Keeps an address until somebody pays."""
    id = str(uuid.uuid5(uuid.NAMESPACE_URL, portal.new_id("sign-up:")))
    return portal.create(
        "sign_ups",
        id=id,
        packageId=asked.record["id"],
        customer={**given(asked.body, *_ADDRESS), "primaryEmail": asked.body["email"]},
        paymentLink=f"{SELF}pay/{id}",
        expiresAt=portal.stamp(portal.now() + datetime.timedelta(days=1)),
    )


@behaviour.settles
def expire(portal: Portal) -> None:
    """Forgets those who have not paid."""
    now = portal.now()
    for each in portal.of("sign_ups").newest():
        if datetime.datetime.fromisoformat(each["expiresAt"]) <= now:
            portal.of("sign_ups").remove(each["id"])


def complete(portal: Portal, sign_up: Record) -> Record:
    """Makes who has paid a customer who is subscribed."""
    package = portal.of("customer_subscription_packages").get(sign_up["packageId"])
    if package is None:
        raise Refused(f"the package of {sign_up['id']} is no more")
    portal.of("sign_ups").remove(sign_up["id"])
    customer = customers.add(portal, countryCode="NL", **sign_up["customer"])
    subscription = subscribe(
        portal,
        customer["id"],
        package["name"],
        portal.today().isoformat(),
        terms=given(package, "interval", "amount", "vatRate"),
        invoiced=False,
        invoice_text=None,
    )
    for payment in portal.of("subscription_payments").newest(lambda each: each["subscriptionId"] == subscription["id"]):
        update_payment(portal, payment, "paid")
    return subscription
