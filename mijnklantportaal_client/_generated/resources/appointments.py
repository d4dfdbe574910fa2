"""Appointments API (afspraak, agenda)."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from ..._answer import APIResponse
from ..._codecs import (
    INTEGER,
    LOCAL_DATE_MINUTE,
    LOCAL_DATE_TIME,
    STRING,
    EnumOf,
    IdOf,
    ModelOf,
)
from ..._operation import Argument, Operation, PathParameter
from ..._page import Page, PageOf
from ..._pager import AsyncPager
from ..._resource import Resource
from ..._unset import UNSET, Unset
from ..models.appointment import Appointment
from ..models.appointment_decision import AppointmentDecision

_LIST: Operation[Page[Appointment]] = Operation(
    id="list-appointments",
    name="appointments.list",
    method="GET",
    path="/appointments",
    reader=PageOf(ModelOf(Appointment), single=True),
    query=(
        Argument("start_at", "start_at", LOCAL_DATE_MINUTE),
        Argument("days", "days", INTEGER),
    ),
    statuses=frozenset(
        {
            "200",
            "401",
            "403",
            "422",
            "429",
        }
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/appointments-api/list-appointments",
)
_SCHEDULE: Operation[Appointment] = Operation(
    id="schedule-appointment",
    name="appointments.schedule",
    method="POST",
    path="/appointments",
    reader=ModelOf(Appointment),
    body=(
        Argument("name", "name", STRING, required=True),
        Argument("customer_id", "customerId", IdOf("cst_")),
        Argument("attendee_name", "attendeeName", STRING),
        Argument("attendee_email", "attendeeEmail", STRING),
        Argument("starts_at", "startsAt", LOCAL_DATE_TIME, required=True),
        Argument("ends_at", "endsAt", LOCAL_DATE_TIME, required=True),
    ),
    encoding="json",
    statuses=frozenset(
        {
            "201",
            "401",
            "403",
            "422",
            "429",
        }
    ),
    inferred=(
        "error responses",
        "property types",
        "required list",
        "success status",
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/appointments-api/schedule-appointment",
)
_GET: Operation[Appointment] = Operation(
    id="get-appointment",
    name="appointments.get",
    method="GET",
    path="/appointments/{appointmentId}",
    reader=ModelOf(Appointment),
    path_parameters=(PathParameter("appointment_id", "appointmentId", "apt_"),),
    statuses=frozenset(
        {
            "200",
            "401",
            "403",
            "404",
            "429",
        }
    ),
    inferred=(
        "error responses",
        "success status",
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/appointments-api/get-appointment",
)
_CHANGE_STATUS: Operation[Appointment] = Operation(
    id="change-appointment-status",
    name="appointments.change_status",
    method="PATCH",
    path="/appointments/{appointmentId}",
    reader=ModelOf(Appointment),
    path_parameters=(PathParameter("appointment_id", "appointmentId", "apt_"),),
    body=(Argument("status", "status", EnumOf(AppointmentDecision), required=True),),
    encoding="json",
    statuses=frozenset(
        {
            "200",
            "401",
            "403",
            "404",
            "422",
            "429",
        }
    ),
    inferred=(
        "error responses",
        "property types",
        "required list",
        "success status",
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/appointments-api/change-appointment-status",
)
_CANCEL: Operation[Appointment] = Operation(
    id="cancel-appointment",
    name="appointments.cancel",
    method="DELETE",
    path="/appointments/{appointmentId}",
    reader=ModelOf(Appointment),
    path_parameters=(PathParameter("appointment_id", "appointmentId", "apt_"),),
    statuses=frozenset(
        {
            "200",
            "401",
            "403",
            "404",
            "409",
            "429",
        }
    ),
    docs="https://docs.developers.mijnklantportaal.nl/api-reference/appointments-api/cancel-appointment",
)


class Appointments(Resource):
    """Appointments API (afspraak, agenda)."""

    def list(
        self,
        *,
        start_at: datetime.datetime | str | Unset = UNSET,
        days: int | Unset = UNSET,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> AsyncPager[Appointment]:
        """List Appointments (afspraak, agenda).

        Args:
            start_at: Start of the range; defaults to now. Pass an aware `datetime.datetime`, or text like
                `2024-04-29 21:00` in the portal's zone. Not sent unless given.
            days: Length of the range in days, counted from `start_at`; defaults to 7. Not sent unless given.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            A pager: `await` it for the first page, `async for` every object, or `.collect()` a list.

        Raises:
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/appointments-api/list-appointments
        """
        return self._pager(
            _LIST,
            (),
            {
                "start_at": start_at,
                "days": days,
            },
            (extra_query, extra_body, extra_headers),
            single=True,
        )

    async def schedule(
        self,
        *,
        name: str,
        starts_at: datetime.datetime | str,
        ends_at: datetime.datetime | str,
        customer_id: str | Unset = UNSET,
        attendee_name: str | Unset = UNSET,
        attendee_email: str | Unset = UNSET,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> Appointment:
        """Schedule Appointment (afspraak, agenda).

        Plans a new appointment.

        Partly inferred, not documented: error responses, property types, required list, success status.

        Args:
            name: Title shown in the calendar.
            starts_at: Start. Pass an aware `datetime.datetime`, or text like `2024-04-29 21:00:00` in the
                portal's zone.
            ends_at: End. Pass an aware `datetime.datetime`, or text like `2024-04-29 21:00:00` in the portal's
                zone.
            customer_id: Customer ID, when the appointment is with an existing portal customer. An ID with the
                prefix `cst_`. Not sent unless given.
            attendee_name: Who you meet; required without `customer_id`. Not sent unless given.
            attendee_email: E-mail of who you meet; required without `customer_id`. Not sent unless given.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            The appointment that was planned.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/appointments-api/schedule-appointment
        """
        return await self._call(
            _SCHEDULE,
            (),
            {},
            {
                "name": name,
                "customer_id": customer_id,
                "attendee_name": attendee_name,
                "attendee_email": attendee_email,
                "starts_at": starts_at,
                "ends_at": ends_at,
            },
            (extra_query, extra_body, extra_headers),
        )

    async def get(
        self,
        appointment_id: str,
        *,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> Appointment:
        """Get Appointment (afspraak, agenda).

        Fetches one appointment by its ID.

        Partly inferred, not documented: error responses, success status.

        Args:
            appointment_id: Which appointment to return. An ID with the prefix `apt_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            The appointment asked for.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/appointments-api/get-appointment
        """
        return await self._call(_GET, (appointment_id,), {}, {}, (extra_query, extra_body, extra_headers))

    async def change_status(
        self,
        appointment_id: str,
        *,
        status: AppointmentDecision | str,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> Appointment:
        """Change Appointment Status (afspraak, agenda).

        Confirms or cancels an appointment that is pending.

        Partly inferred, not documented: error responses, property types, required list, success status.

        Args:
            appointment_id: Which appointment to change. An ID with the prefix `apt_`.
            status: New state of a pending appointment; `scheduled` confirms it. Known values: `scheduled`,
                `canceled`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            The appointment after the change.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/appointments-api/change-appointment-status
        """
        return await self._call(
            _CHANGE_STATUS,
            (appointment_id,),
            {},
            {
                "status": status,
            },
            (extra_query, extra_body, extra_headers),
        )

    async def cancel(
        self,
        appointment_id: str,
        *,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> Appointment:
        """Cancel appointment (afspraak, agenda).

        Cancels an appointment that exists.

        Args:
            appointment_id: Which appointment to cancel. An ID with the prefix `apt_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Returns:
            The appointment, now canceled.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/appointments-api/cancel-appointment
        """
        return await self._call(_CANCEL, (appointment_id,), {}, {}, (extra_query, extra_body, extra_headers))


class AppointmentsWithRawResponse(Resource):
    """The same, with methods that return the whole answer."""

    async def list(
        self,
        *,
        start_at: datetime.datetime | str | Unset = UNSET,
        days: int | Unset = UNSET,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[Page[Appointment]]:
        """List Appointments (afspraak, agenda).

        Args:
            start_at: Start of the range; defaults to now. Pass an aware `datetime.datetime`, or text like
                `2024-04-29 21:00` in the portal's zone. Not sent unless given.
            days: Length of the range in days, counted from `start_at`; defaults to 7. Not sent unless given.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/appointments-api/list-appointments
        """
        return await self._raw(
            _LIST,
            (),
            {
                "start_at": start_at,
                "days": days,
            },
            {},
            (extra_query, extra_body, extra_headers),
        )

    async def schedule(
        self,
        *,
        name: str,
        starts_at: datetime.datetime | str,
        ends_at: datetime.datetime | str,
        customer_id: str | Unset = UNSET,
        attendee_name: str | Unset = UNSET,
        attendee_email: str | Unset = UNSET,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[Appointment]:
        """Schedule Appointment (afspraak, agenda).

        Plans a new appointment.

        Partly inferred, not documented: error responses, property types, required list, success status.

        Args:
            name: Title shown in the calendar.
            starts_at: Start. Pass an aware `datetime.datetime`, or text like `2024-04-29 21:00:00` in the
                portal's zone.
            ends_at: End. Pass an aware `datetime.datetime`, or text like `2024-04-29 21:00:00` in the portal's
                zone.
            customer_id: Customer ID, when the appointment is with an existing portal customer. An ID with the
                prefix `cst_`. Not sent unless given.
            attendee_name: Who you meet; required without `customer_id`. Not sent unless given.
            attendee_email: E-mail of who you meet; required without `customer_id`. Not sent unless given.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/appointments-api/schedule-appointment
        """
        return await self._raw(
            _SCHEDULE,
            (),
            {},
            {
                "name": name,
                "customer_id": customer_id,
                "attendee_name": attendee_name,
                "attendee_email": attendee_email,
                "starts_at": starts_at,
                "ends_at": ends_at,
            },
            (extra_query, extra_body, extra_headers),
        )

    async def get(
        self,
        appointment_id: str,
        *,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[Appointment]:
        """Get Appointment (afspraak, agenda).

        Fetches one appointment by its ID.

        Partly inferred, not documented: error responses, success status.

        Args:
            appointment_id: Which appointment to return. An ID with the prefix `apt_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/appointments-api/get-appointment
        """
        return await self._raw(_GET, (appointment_id,), {}, {}, (extra_query, extra_body, extra_headers))

    async def change_status(
        self,
        appointment_id: str,
        *,
        status: AppointmentDecision | str,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[Appointment]:
        """Change Appointment Status (afspraak, agenda).

        Confirms or cancels an appointment that is pending.

        Partly inferred, not documented: error responses, property types, required list, success status.

        Args:
            appointment_id: Which appointment to change. An ID with the prefix `apt_`.
            status: New state of a pending appointment; `scheduled` confirms it. Known values: `scheduled`,
                `canceled`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/appointments-api/change-appointment-status
        """
        return await self._raw(
            _CHANGE_STATUS,
            (appointment_id,),
            {},
            {
                "status": status,
            },
            (extra_query, extra_body, extra_headers),
        )

    async def cancel(
        self,
        appointment_id: str,
        *,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
    ) -> APIResponse[Appointment]:
        """Cancel appointment (afspraak, agenda).

        Cancels an appointment that exists.

        Args:
            appointment_id: Which appointment to cancel. An ID with the prefix `apt_`.
            extra_query: Query parameters that the contract does not know.
            extra_body: Body fields that the contract does not know, by their wire names.
            extra_headers: Headers to add.

        Raises:
            InvalidIDError: An ID can't be one; nothing was sent.
            TypeError: An argument is of the wrong type; nothing was sent.
            ValueError: An argument can't be sent; nothing was sent.
            MijnKlantportaalError: The call failed; its `outcome` tells what may have happened.

        See https://docs.developers.mijnklantportaal.nl/api-reference/appointments-api/cancel-appointment
        """
        return await self._raw(_CANCEL, (appointment_id,), {}, {}, (extra_query, extra_body, extra_headers))
