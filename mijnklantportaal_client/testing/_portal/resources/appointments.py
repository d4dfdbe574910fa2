"""Appointments: planned through the API, or requested by people and then confirmed or canceled.

The documentation does not say which appointments the list has: all that begin within the range, canceled ones too, in
the order in which they begin. Nor what happens where one that is not pending is confirmed: 422. An attendee who is
given beside a customer takes the place of the customer's name and e-mail address.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..behaviour import Asked, Behaviour
from ..clock import ZONE
from ..problems import Conflict, Invalid
from ._rules import at_least, need

if TYPE_CHECKING:
    from ..portal import Portal
    from ..records import Record

behaviour = Behaviour()
behaviour.collection("appointments", "apt_")
behaviour.gets("get-appointment")


@behaviour("list-appointments")
def within(portal: Portal, asked: Asked) -> Sequence[Record]:
    """Those of some days, in the order in which they begin."""
    days = asked.query.get("days", 7)
    at_least("days", days, 1)
    start = asked.query.get("start_at")
    first = portal.now() if start is None else _moment(portal.moment(f"{start}:00"))
    begins = {each["id"]: _moment(each["startsAt"]) for each in portal.of("appointments")}

    def is_within(appointment: Record) -> bool:
        begin = begins[appointment["id"]]
        return begin >= first and (begin - first).days < days

    return sorted(portal.of("appointments").newest(is_within), key=lambda appointment: begins[appointment["id"]])


@behaviour("schedule-appointment")
def schedule(portal: Portal, asked: Asked) -> Record:
    """Plans an appointment."""
    return arrange(portal, asked.body, "scheduled")


@behaviour("change-appointment-status")
def change_status(portal: Portal, asked: Asked) -> Record:
    """Confirms or cancels one that people requested."""
    if asked.record["status"] != "pending":
        raise Invalid({"status": ["Only a pending appointment can be confirmed or canceled."]})
    return _become(portal, asked.record, asked.body["status"])


@behaviour("cancel-appointment")
def cancel(portal: Portal, asked: Asked) -> Record:
    """Cancels one that was not canceled before."""
    if asked.record["status"] == "canceled":
        raise Conflict
    return _become(portal, asked.record, "canceled")


def arrange(portal: Portal, body: Mapping[str, Any], status: str) -> Record:
    """Adds an appointment with a customer or somebody else."""
    customer = portal.of("customers").get(body.get("customerId", ""))
    if customer is None:
        need(body, "attendeeName", "attendeeEmail", when="customer id is not present")
        customer = {"id": None, "companyName": None, "primaryEmail": None}
    if body["endsAt"] <= body["startsAt"]:
        raise Invalid({"endsAt": ["The ends at field must be a date after starts at."]})
    appointment = portal.create(
        "appointments",
        name=body["name"],
        customerId=customer["id"],
        attendeeName=body.get("attendeeName", customer["companyName"]),
        attendeeEmail=body.get("attendeeEmail", customer["primaryEmail"]),
        startsAt=portal.moment(body["startsAt"]),
        endsAt=portal.moment(body["endsAt"]),
        status=status,
        onlineMeetingLink=None,
    )
    portal.emit("appointment-created", appointment)
    return appointment


def written(moment: datetime.datetime | str) -> str:
    """A moment as requests write it; a naive one, or ISO text of one, is local."""
    read = datetime.datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return (read if read.tzinfo is None else read.astimezone(ZONE)).strftime("%Y-%m-%d %H:%M:%S")


def _become(portal: Portal, appointment: Record, status: str) -> Record:
    after = portal.of("appointments").change(appointment["id"], status=status)
    if status == "canceled":
        portal.emit("appointment-canceled", after)
    return after


def _moment(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)
