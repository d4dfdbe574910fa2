"""Appointments, planned or requested."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from mijnklantportaal_client import ConflictError
from mijnklantportaal_client.models import Appointment
from tests.sandbox.behaviour.conftest import NOW, Desk, at, refused

GUEST: dict[str, Any] = {"attendee_name": "Kees Vos", "attendee_email": "kees@example.com"}
HOUR = datetime.timedelta(hours=1)


async def planned(desk: Desk, starts_at: datetime.datetime = NOW, **changes: Any) -> Appointment:
    """An appointment of an hour."""
    fields: dict[str, Any] = {"name": "Kennismaking", "starts_at": starts_at, "ends_at": starts_at + HOUR}
    return await desk.portal.appointments.schedule(**fields | (changes or GUEST))


async def test_an_appointment_with_a_customer(desk: Desk) -> None:
    """The customer's name and e-mail address are taken."""
    customer = await desk.customer()
    made = await planned(desk, customer_id=customer.id)
    assert (made.customer_id, made.attendee_name) == (customer.id, "Bakkerij Jansen")
    assert (made.attendee_email, made.status, made.starts_at) == ("info@example.com", "scheduled", NOW)
    assert (await desk.portal.appointments.get(made.id), desk.events) == (made, ["appointment-created"])


async def test_an_appointment_with_somebody(desk: Desk) -> None:
    """Who is no customer, or comes for one."""
    made = await planned(desk)
    assert (made.customer_id, made.attendee_name, made.attendee_email) == (None, "Kees Vos", "kees@example.com")
    customer = await desk.customer()
    with_both = await planned(desk, customer_id=customer.id, attendee_name="Kees Vos")
    assert (with_both.attendee_name, with_both.attendee_email) == ("Kees Vos", "info@example.com")


async def test_an_appointment_needs_somebody(desk: Desk) -> None:
    """A customer, or a name and an e-mail address."""
    assert await refused(planned(desk, attendee_name="Kees Vos")) == {
        "attendeeEmail": ["The attendee email field is required when customer id is not present."]
    }


@pytest.mark.parametrize("length", [datetime.timedelta(), -HOUR])
async def test_an_appointment_ends_after_it_starts(desk: Desk, length: datetime.timedelta) -> None:
    """Not at the same moment."""
    said = await refused(planned(desk, ends_at=NOW + length, **GUEST))
    assert said == {"endsAt": ["The ends at field must be a date after starts at."]}


@pytest.mark.parametrize(
    ("query", "hours"),
    [
        ({}, [0, 1, 167]),
        ({"days": 1}, [0, 1]),
        ({"start_at": NOW + HOUR}, [1, 167, 168]),
        ({"start_at": NOW - 2 * HOUR, "days": 8}, [-1, 0, 1, 167, 168]),
        ({"days": 10**17}, [0, 1, 167, 168]),
        ({"start_at": at("2027-01-01T00:00:00")}, []),
    ],
)
async def test_the_list_has_those_of_some_days(desk: Desk, query: dict[str, Any], hours: list[int]) -> None:
    """Seven from now on unless told otherwise, and the next one first."""
    for hour in (168, 0, -1, 167, 1):
        await planned(desk, NOW + hour * HOUR)
    found = [each async for each in desk.portal.appointments.list(**query)]
    assert [each.starts_at for each in found] == [NOW + hour * HOUR for hour in hours]


async def test_the_list_has_a_day_at_least(desk: Desk) -> None:
    """No appointment is within none."""
    said = await refused(desk.portal.appointments.list(days=0).collect())
    assert said == {"days": ["The days field must be at least 1."]}


async def test_an_appointment_is_canceled_once(desk: Desk) -> None:
    """It stays in the list."""
    made = await planned(desk)
    assert (await desk.portal.appointments.cancel(made.id)).status == "canceled"
    with pytest.raises(ConflictError, match="The appointment was canceled before"):
        await desk.portal.appointments.cancel(made.id)
    assert [each.status async for each in desk.portal.appointments.list()] == ["canceled"]
    assert desk.events == ["appointment-created", "appointment-canceled"]


@pytest.mark.parametrize(("status", "events"), [("scheduled", []), ("canceled", ["appointment-canceled"])])
async def test_people_ask_for_an_appointment(desk: Desk, status: str, events: list[str]) -> None:
    """It is pending until it is decided."""
    id = desk.people.request_appointment(NOW, NOW + HOUR, name="Kees Vos", email="kees@example.com")["id"]
    assert (await desk.portal.appointments.get(id)).status == "pending"
    decided = await desk.portal.appointments.change_status(id, status=status)
    assert (decided.status, desk.events) == (status, ["appointment-created", *events])
    assert await refused(desk.portal.appointments.change_status(id, status="scheduled")) == {
        "status": ["Only a pending appointment can be confirmed or canceled."]
    }


@pytest.mark.parametrize("moment", ["2026-03-02 12:00", "2026-03-02T11:00:00+00:00", NOW, NOW.replace(tzinfo=None)])
async def test_people_write_moments_as_they_like(desk: Desk, moment: Any) -> None:
    """Text and naive moments are local."""
    customer = await desk.customer()
    made = desk.people.request_appointment(moment, "2026-03-02 13:00", customer_id=customer.id, title="Koffie")
    appointment = await desk.portal.appointments.get(made["id"])
    assert (appointment.starts_at, appointment.customer_id) == (NOW, customer.id)
