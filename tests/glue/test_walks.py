"""Errors of a walk over a list, with all that is known of the call that failed."""

import httpx
import pytest

from mijnklantportaal_client import Outcome, ResponseDecodeError
from tests.conftest import CUSTOMER, MakeBench

PAGE = {"current_page": 1, "data": [CUSTOMER], "next_page_url": "https://example.org/?page=2", "per_page": 1}


async def test_another_page_than_asked(bench: MakeBench) -> None:
    """The walk ends with an error that has the call, the answer and the page."""
    first = httpx.Response(200, json=PAGE)
    second = httpx.Response(200, json=PAGE | {"current_page": 7}, headers={"x-request-id": "req-2"})
    it = bench(first, second, tags={"job": 1})
    seen: list[str] = []

    async def walk() -> None:
        async for customer in it.portal.customers.list(prefetch=0):
            seen.append(customer.id)  # noqa: PERF401 - what came before the error counts

    with pytest.raises(ResponseDecodeError, match=r"asked for page 2, the server answered with page 7") as caught:
        await walk()
    error = caught.value
    assert seen == [CUSTOMER["id"]]
    assert (error.page, error.status_code, error.body["current_page"], error.outcome) == (2, 200, 7, Outcome.ACCEPTED)
    assert (error.operation, error.request_id, error.attempts, dict(error.tags)) == (
        "list-customers",
        "req-2",
        1,
        {"job": 1},
    )
    assert error.call_id == it.hook.of("on_outcome")[-1].call_id
