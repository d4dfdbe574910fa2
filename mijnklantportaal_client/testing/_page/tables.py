"""Which columns each collection has on the page, and how somebody fills one that is empty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from .cells import (
    Column,
    Record,
    bill_state,
    checkout,
    counted,
    customer,
    day,
    link_to,
    moment,
    money,
    offer_state,
    plain,
    size,
    status,
    value_of,
    whether,
)

if TYPE_CHECKING:
    from .._portal.portal import Portal


class Table(NamedTuple):
    """How a collection is shown: its title, the field that names a record, its columns, and what creates one."""

    title: str
    label: str
    columns: tuple[Column, ...]
    fill: str


_CREATED = Column("Created", moment())
_CUSTOMER = Column("Customer", customer)
_AMOUNT = Column("Amount", money(), small=True)
_STATUS = Column("Status", status, small=True)

_NAMED_BY = {
    "id": "ID",
    "description": "Description",
    "invoiceNumber": "Number",
    "offerNumber": "Number",
    "payersName": "Paid by",
    "title": "Title",
    "type": "Event",
}

TABLES = {
    "customers": Table(
        "Customers",
        "companyName",
        (Column("City", plain("city"), small=True), _CREATED),
        "portal.customers.create(…)",
    ),
    "customer_invoices": Table(
        "Invoices",
        "invoiceNumber",
        (_CUSTOMER, _AMOUNT, Column("Due", day("dueAt")), Column("Status", bill_state, small=True)),
        "portal.customer_invoices.create_from_lines(…)",
    ),
    "customer_offers": Table(
        "Offers",
        "offerNumber",
        (_CUSTOMER, _AMOUNT, Column("Valid until", day("expiresAt")), Column("Status", offer_state, small=True)),
        "portal.customer_offers.create_from_lines(…)",
    ),
    "customer_subscriptions": Table(
        "Subscriptions",
        "description",
        (
            _CUSTOMER,
            Column("Amount", money(per="interval"), small=True),
            Column("Renews", day("renewsAt")),
            _STATUS,
        ),
        "portal.customer_subscriptions.create(…)",
    ),
    "payment_links": Table(
        "Payment links",
        "description",
        (_AMOUNT, Column("Expires", moment("expiresAt")), _STATUS, Column("Checkout", checkout)),
        "portal.payment_links.create(…)",
    ),
    "payments": Table(
        "Payments",
        "payersName",
        (Column("For", link_to("payment_links", "paymentLinkId", "description")), _AMOUNT, Column("Paid", moment())),
        "the Pay button of a payment link",
    ),
    "subscription_payments": Table(
        "Payments of subscriptions",
        "id",
        (
            Column("For", link_to("customer_subscriptions", "subscriptionId", "description")),
            _CUSTOMER,
            _AMOUNT,
            _STATUS,
        ),
        "a subscription that is due",
    ),
    "tickets": Table(
        "Tickets",
        "title",
        (_CUSTOMER, Column("Source", plain("source")), _CREATED, _STATUS),
        "sandbox.people.open_ticket(…)",
    ),
    "appointments": Table(
        "Appointments",
        "name",
        (Column("With", plain("attendeeName")), Column("Starts", moment("startsAt"), small=True), _STATUS),
        "portal.appointments.schedule(…)",
    ),
    "agreements": Table(
        "Agreements",
        "name",
        (Column("Signer", plain("signerName")), _CREATED, _STATUS),
        "portal.agreements.create(…)",
    ),
    "customer_subscription_packages": Table(
        "Subscription packages",
        "name",
        (
            Column("Amount", money(per="interval"), small=True),
            Column("Status", whether("availableForSale", "for sale", "not for sale"), small=True),
        ),
        "portal.customer_subscription_packages.create(…)",
    ),
    "sign_ups": Table(
        "Pending sign-ups",
        "customer.companyName",
        (
            Column("Package", link_to("customer_subscription_packages", "packageId", "name")),
            Column("Expires", moment("expiresAt")),
            Column("Checkout", checkout, small=True),
        ),
        "portal.customer_subscription_packages.sign_up_non_customer(…)",
    ),
    "punch_cards": Table(
        "Punch cards",
        "name",
        (
            Column("Punches", plain("punches")),
            Column("Price", money("price"), small=True),
            Column("Status", whether("forSale", "for sale", "not for sale"), small=True),
        ),
        "portal.punch_cards.create(…)",
    ),
    "issued_punch_cards": Table(
        "Issued punch cards",
        "id",
        (
            Column("Card", link_to("punch_cards", "punchCardId", "name")),
            _CUSTOMER,
            Column("Left", plain("punchesLeft"), small=True),
            Column("Expires", moment("expiresAt")),
            _STATUS,
        ),
        "portal.punch_cards.issue(…)",
    ),
    "customer_groups": Table("Customer groups", "name", (_CREATED,), "portal.customer_groups.create(…)"),
    "files": Table(
        "Files",
        "name",
        (Column("Type", plain("mime")), Column("Size", size("size"), small=True), _CREATED),
        "portal.files.upload(…)",
    ),
    "directories": Table("Directories", "name", (_CREATED,), "portal.files.create_directory(…)"),
    "file_requests": Table(
        "File requests",
        "name",
        (
            _CUSTOMER,
            Column("Asks for", counted("requestedFiles", "file")),
            Column("Status", whether("completedAt", "complete", "open"), small=True),
        ),
        "portal.file_requests.create(…)",
    ),
    "file_shares": Table(
        "File shares",
        "id",
        (
            Column("Shared with", link_to("customers", "sharedWithCustomerId", "companyName")),
            Column("Content", counted("sharedContent", "item"), small=True),
            _CREATED,
        ),
        "portal.file_shares.create(…)",
    ),
    "webhooks": Table(
        "Webhooks",
        "type",
        (Column("Sent to", plain("url"), small=True), _CREATED),
        "portal.webhooks.create(…)",
    ),
    "mijnklantportaal_invoices": Table(
        "Invoices from MijnKlantportaal",
        "invoiceNumber",
        (
            Column("Amount", money("totalAmount"), small=True),
            Column("Issued", day("issuedAt")),
            Column("Status", whether("isPaid", "paid", "open"), small=True),
        ),
        "sandbox.state.mijnklantportaal_invoices.add(…)",
    ),
}


def table_of(collection: str) -> Table:
    """The table of a collection; a plain one where nobody has drawn one yet."""
    plain_table = Table(
        collection.replace("_", " ").capitalize(), "id", (_CREATED,), f"sandbox.state.{collection}.add(…)"
    )
    return TABLES.get(collection, plain_table)


def name_of(collection: str, record: Record) -> str:
    """What people call a record."""
    return str(value_of(record, table_of(collection).label) or record["id"])


def row(collection: str, record: Record, portal: Portal) -> dict[str, Any]:
    """One record as a row."""
    table = table_of(collection)
    return {
        "key": record["id"],
        "href": f"/_sandbox/page/{collection}/{record['id']}",
        "label": name_of(collection, record),
        "id": record["id"] if table.label != "id" else "",
        "cells": [{**column.make(record, portal), "small": column.small} for column in table.columns],
    }


def named_by(collection: str) -> str:
    """The heading of the first column."""
    return _NAMED_BY.get(table_of(collection).label, "Name")


def head(collection: str) -> list[dict[str, Any]]:
    """The headings of the other columns."""
    columns = table_of(collection).columns
    return [{"text": column.heading, "small": column.small} for column in columns]
