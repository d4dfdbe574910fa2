"""Results as text, and back."""

from __future__ import annotations

import datetime
import math
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mijnklantportaal_client import Page, models
from mijnklantportaal_client.ledger._results import decode, encode
from mijnklantportaal_client.testing import make
from tests.conftest import CUSTOMER

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=["Cs"])),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.dates(),
    st.datetimes(timezones=st.sampled_from([datetime.UTC])),
    st.binary(max_size=20),
)
KEYS = st.one_of(st.text("$ab", max_size=3), st.integers(0, 9))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3), st.tuples(inner, inner)
    ),
    max_leaves=8,
)


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal, and of the same types."""
    if type(one) is not type(other) or one != other:
        return False
    if isinstance(one, dict):
        return list(map(repr, one)) == list(map(repr, other)) and all(same(one[key], other[key]) for key in one)
    return not isinstance(one, (list, tuple)) or all(same(*pair) for pair in zip(one, other, strict=True))


@given(VALUES)
def test_values_come_back(value: Any) -> None:
    """With their types, however they are nested."""
    assert same(decode(encode(value)), value)


@pytest.mark.parametrize("name", [name for name in dir(models) if not name.endswith("Dict")])
def test_every_model_comes_back(name: str) -> None:
    """Each class, and each member of each enum."""
    kind = getattr(models, name)
    if hasattr(kind, "from_dict"):
        value = make(kind) if not name.endswith("Input") else kind.from_dict({})
        found = decode(encode([value]))
        assert type(found[0]) is kind
        assert found == [value]
    else:
        assert [decode(encode(member)) is member for member in kind] == [True] * len(kind)


def test_what_the_contract_does_not_know_comes_back() -> None:
    """Unknown fields, what could not be read, and numbers with all their digits."""
    customer = models.Customer.from_dict({**CUSTOMER, "new": {"$model": Decimal("1.10")}, "createdAt": 5})
    found = decode(encode(customer))
    assert found.to_dict() == customer.to_dict()
    assert found.unreadable == {"created_at": 5}
    page = Page(data=[customer], current_page=2, per_page=15, has_next=False)
    assert decode(encode(page)).data[0].to_dict() == customer.to_dict()


def test_text_that_no_file_holds() -> None:
    """Half of a surrogate pair, which JSON can carry, comes back."""
    text = encode({"name": "\ud800"})
    assert (text.isascii(), decode(text)) == (True, {"name": "\ud800"})


@pytest.mark.parametrize("value", [object(), {1, 2}, print, [lambda: 1], models.Customer, Exception("x"), 1j])
def test_what_can_not_be_kept(value: Any) -> None:
    """It is refused rather than changed."""
    with pytest.raises(TypeError, match="can't be kept"):
        encode(value)


def test_numbers_and_cycles_that_no_text_holds() -> None:
    """They are refused."""
    cycle: list[Any] = []
    cycle.append(cycle)
    for value in (math.nan, math.inf, cycle):
        with pytest.raises(ValueError, match=r"no JSON|nested"):
            encode(value)


def test_a_model_of_the_users_own_can_not_be_kept() -> None:
    """Also where its name is that of one of ours."""

    class Customer(models.Customer):
        pass

    with pytest.raises(TypeError, match="can't be kept"):
        encode(Customer.from_dict(CUSTOMER))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        '{"$model": "os", "of": {}}',
        '{"$model": "Model", "of": {}}',
        '{"$model": "TicketStatus", "of": {}}',
        '{"$model": "__builtins__", "of": {}}',
        '{"$model": "Customer", "of": 5}',
        '{"$model": "Customer"}',
        '{"$model": ["Customer"], "of": {}}',
        '{"$enum": "TicketStatus", "of": "no such status"}',
        '{"$enum": "Nothing", "of": 1}',
        '{"$call": "print"}',
        '{"$decimal": "x"}',
        '{"$bytes": "*"}',
        '{"$page": {"no": 1}}',
        '{"$pairs": [1]}',
        '{"$pairs": [[[], 1]]}',
    ],
)
def test_what_can_not_be_read(text: str) -> None:
    """A clear error, and nothing is imported or run."""
    with pytest.raises(ValueError, match=r".*"):
        decode(text)
