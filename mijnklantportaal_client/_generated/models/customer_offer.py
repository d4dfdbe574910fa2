from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any, ClassVar, Self

from attrs import define

from ..._codecs import (
    DATE,
    MOMENT,
    MONEY,
    STRING,
    ModelOf,
)
from ..._drift import Odd
from ..._fast import date_of, moment_of, new
from ..._field import Field
from ..._model import Model
from ..._moments import is_moment
from ..._money import amount_of
from .customer_offer_links import CustomerOfferLinks
from .link import Link


@define(eq=False, repr=False, kw_only=True, weakref_slot=False, getstate_setstate=False)
class CustomerOffer(Model):
    """Customer Offer.

    Attributes:
        id: Offer ID, prefix `off_`.
        customer_id: ID of the customer the offer is for. An ID with the prefix `cst_`.
        offer_number: Offer number.
        issued_at: Issue date.
        expires_at: Expiry date.
        currency: Currency of the amount.
        amount: Offer amount. An exact `Decimal`.
        accepted_at: When it was marked accepted. An aware `datetime`. `None` where the answer has none.
        accepted_via_ip: IP address the acceptance came from. `None` where the answer has none.
        accepted_via_user_agent: User agent used for the acceptance. `None` where the answer has none.
        acceptance_signature: Signature as a `base64` data string of a `PNG`. `None` where the answer has none.
        rejected_at: When it was marked rejected. An aware `datetime`. `None` where the answer has none.
        created_at: When it was added to MijnKlantportaal. An aware `datetime`.
        links: Where to go from this offer.
    """

    id: str
    customer_id: str
    offer_number: str
    issued_at: datetime.date
    expires_at: datetime.date
    currency: str
    amount: Decimal
    accepted_at: datetime.datetime | None = None
    accepted_via_ip: str | None = None
    accepted_via_user_agent: str | None = None
    acceptance_signature: str | None = None
    rejected_at: datetime.datetime | None = None
    created_at: datetime.datetime
    links: CustomerOfferLinks

    _fields: ClassVar[tuple[Field, ...]] = (
        Field("id", "id", STRING, critical=True),
        Field("customer_id", "customerId", STRING, critical=True),
        Field("offer_number", "offerNumber", STRING),
        Field("issued_at", "issuedAt", DATE),
        Field("expires_at", "expiresAt", DATE),
        Field("currency", "currency", STRING),
        Field("amount", "amount", MONEY, critical=True),
        Field("accepted_at", "acceptedAt", MOMENT, nullable=True),
        Field("accepted_via_ip", "acceptedViaIp", STRING, nullable=True, shown=False),
        Field("accepted_via_user_agent", "acceptedViaUserAgent", STRING, nullable=True, shown=False),
        Field("acceptance_signature", "acceptanceSignature", STRING, nullable=True, shown=False),
        Field("rejected_at", "rejectedAt", MOMENT, nullable=True),
        Field("created_at", "createdAt", MOMENT),
        Field("links", "links", ModelOf(CustomerOfferLinks)),
    )

    @classmethod
    def _fast(cls, raw: dict[str, Any]) -> Self:
        if type(raw) is not dict or len(raw) != 14:
            raise Odd
        self = new(cls)
        v: Any
        self.id = v = raw["id"]
        if type(v) is not str:
            raise Odd
        self.customer_id = v = raw["customerId"]
        if type(v) is not str:
            raise Odd
        self.offer_number = v = raw["offerNumber"]
        if type(v) is not str:
            raise Odd
        v = raw["issuedAt"]
        if v[7] != "-":
            raise Odd
        self.issued_at = date_of(v)
        v = raw["expiresAt"]
        if v[7] != "-":
            raise Odd
        self.expires_at = date_of(v)
        self.currency = v = raw["currency"]
        if type(v) is not str:
            raise Odd
        self.amount = amount_of(raw["amount"])
        v = raw["acceptedAt"]
        if v is None:
            self.accepted_at = None
        else:
            if not is_moment(v):
                raise Odd
            self.accepted_at = moment_of(v)
        self.accepted_via_ip = v = raw["acceptedViaIp"]
        if v is not None and type(v) is not str:
            raise Odd
        self.accepted_via_user_agent = v = raw["acceptedViaUserAgent"]
        if v is not None and type(v) is not str:
            raise Odd
        self.acceptance_signature = v = raw["acceptanceSignature"]
        if v is not None and type(v) is not str:
            raise Odd
        v = raw["rejectedAt"]
        if v is None:
            self.rejected_at = None
        else:
            if not is_moment(v):
                raise Odd
            self.rejected_at = moment_of(v)
        v = raw["createdAt"]
        if not is_moment(v):
            raise Odd
        self.created_at = moment_of(v)
        raw_customer_offer_links = raw["links"]
        if type(raw_customer_offer_links) is not dict or len(raw_customer_offer_links) != 1:
            raise Odd
        self.links = new_customer_offer_links = new(CustomerOfferLinks)
        raw_link = raw_customer_offer_links["customer"]
        if type(raw_link) is not dict or len(raw_link) != 2:
            raise Odd
        new_customer_offer_links.customer = new_link = new(Link)
        new_link.href = v = raw_link["href"]
        if type(v) is not str:
            raise Odd
        new_link.type = v = raw_link["type"]
        if type(v) is not str:
            raise Odd
        return self
