from __future__ import annotations

import datetime
from typing import Any, ClassVar, Self

from attrs import define

from ..._codecs import (
    MOMENT,
    STRING,
    ListOf,
)
from ..._drift import Odd
from ..._fast import moment_of, new, share
from ..._field import Field
from ..._model import Model
from ..._moments import is_moment


@define(eq=False, repr=False, kw_only=True, weakref_slot=False, getstate_setstate=False)
class Customer(Model):
    """Customer.

    Attributes:
        id: Customer ID, prefix `cst_`.
        company_name: Customer name.
        address: Street and house number.
        zip_code: Postal code.
        city: City.
        country_code: Country, ISO 3166-1 alpha-2 (2 letters).
        primary_email: Main e-mail address, receives the notifications.
        phone: Phone number with country code, if known. `None` where the answer has none.
        integration: ID of the bookkeeping integration the customer is linked to, if any. `None` where the
            answer has none.
        integration_id: ID of the customer inside that bookkeeping integration, if linked. `None` where the
            answer has none.
        customer_groups: IDs of the Customer Groups the customer is in. IDs with the prefix `cug_`.
        created_at: When the customer was added to MijnKlantportaal. An aware `datetime`.
    """

    id: str
    company_name: str
    address: str
    zip_code: str
    city: str
    country_code: str
    primary_email: str
    phone: str | None = None
    integration: str | None = None
    integration_id: str | None = None
    customer_groups: list[str]
    created_at: datetime.datetime

    _fields: ClassVar[tuple[Field, ...]] = (
        Field("id", "id", STRING, critical=True),
        Field("company_name", "companyName", STRING, shown=False),
        Field("address", "address", STRING, shown=False),
        Field("zip_code", "zipCode", STRING, shown=False),
        Field("city", "city", STRING, shown=False),
        Field("country_code", "countryCode", STRING),
        Field("primary_email", "primaryEmail", STRING, shown=False),
        Field("phone", "phone", STRING, required=False, nullable=True, shown=False),
        Field("integration", "integration", STRING, required=False, nullable=True),
        Field("integration_id", "integrationId", STRING, required=False, nullable=True),
        Field("customer_groups", "customerGroups", ListOf(STRING), critical=True),
        Field("created_at", "createdAt", MOMENT),
    )

    @classmethod
    def _fast(cls, raw: dict[str, Any]) -> Self:
        if type(raw) is not dict or len(raw) > 12:
            raise Odd
        self = new(cls)
        known = 9
        v: Any
        self.id = v = raw["id"]
        if type(v) is not str:
            raise Odd
        self.company_name = v = raw["companyName"]
        if type(v) is not str:
            raise Odd
        self.address = v = raw["address"]
        if type(v) is not str:
            raise Odd
        self.zip_code = v = raw["zipCode"]
        if type(v) is not str:
            raise Odd
        v = raw["city"]
        if type(v) is not str:
            raise Odd
        self.city = share(v)
        v = raw["countryCode"]
        if type(v) is not str:
            raise Odd
        self.country_code = share(v)
        self.primary_email = v = raw["primaryEmail"]
        if type(v) is not str:
            raise Odd
        if "phone" in raw:
            known += 1
            self.phone = v = raw["phone"]
            if v is not None and type(v) is not str:
                raise Odd
        if "integration" in raw:
            known += 1
            v = raw["integration"]
            if v is None:
                self.integration = None
            else:
                if type(v) is not str:
                    raise Odd
                self.integration = share(v)
        if "integrationId" in raw:
            known += 1
            self.integration_id = v = raw["integrationId"]
            if v is not None and type(v) is not str:
                raise Odd
        v = raw["customerGroups"]
        if type(v) is not list:
            raise Odd
        for m in v:
            if type(m) is not str:
                raise Odd
        self.customer_groups = list(tuple(map(share, v)))
        v = raw["createdAt"]
        if not is_moment(v):
            raise Odd
        self.created_at = moment_of(v)
        if len(raw) != known:
            raise Odd
        return self
