"""What schemathesis can't know of the contract: formats of its own, by which it is to make values."""

import datetime

import schemathesis
from hypothesis import strategies as st

MOMENTS = st.datetimes(datetime.datetime(1990, 1, 1), datetime.datetime(2100, 1, 1))  # noqa: DTZ001 - without a zone

schemathesis.openapi.format("local-date-time", MOMENTS.map(lambda moment: moment.strftime("%Y-%m-%d %H:%M:%S")))
schemathesis.openapi.format("local-date-minute", MOMENTS.map(lambda moment: moment.strftime("%Y-%m-%d %H:%M")))
schemathesis.openapi.format("decimal", st.decimals(-(10**6), 10**6, places=2).map(str))
