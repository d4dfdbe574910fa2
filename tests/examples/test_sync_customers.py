"""Two-way sync: each change arrives on the other side, and no customer is made twice."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

sqlalchemy = pytest.importorskip("sqlalchemy", reason="SQLAlchemy is not installed")

from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session
from sync_customers import FIELDS, Base, OurCustomer, merge, sync

from mijnklantportaal_client import APIConnectionError, MijnKlantportaal
from mijnklantportaal_client.testing import Sandbox

NEW = {
    "company_name": "Bakkerij Jansen",
    "address": "Dorpsstraat 1",
    "zip_code": "1234AB",
    "city": "Utrecht",
    "primary_email": "info@bakker.example",
}
three = st.fixed_dictionaries({name: st.sampled_from("abc") for name in FIELDS})


@pytest.fixture
def session() -> Iterator[Session]:
    """A database of our own, empty."""
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        yield session
    engine.dispose()


def ours(session: Session) -> list[OurCustomer]:
    """What we have."""
    return list(session.scalars(select(OurCustomer)))


@given(base=three, ours=three, theirs=three)
def test_both_sides_are_the_same_afterwards(base: dict[str, str], ours: dict[str, str], theirs: dict[str, str]) -> None:
    """Whatever was changed where; ours win only where we changed something."""
    out, back, over = merge(base, ours, theirs)
    assert {**theirs, **out} == {**ours, **back}
    assert all(ours[name] != base[name] for name in out)
    assert over == [name for name in out if theirs[name] != base[name]]


async def test_new_on_either_side(mkp_sandbox: Sandbox, mkp_portal: MijnKlantportaal, session: Session) -> None:
    """Each gets what the other has, once."""
    there = mkp_sandbox.state.customers.add(company_name="Slagerij De Vries").id
    session.add(OurCustomer(**NEW))
    first = await sync(mkp_portal, session)
    made = mkp_sandbox.state.customers[0]
    assert first == [f"{made.id}: in the portal", f"{there}: new from the portal"]
    assert made.primary_email == "info@bakker.example"
    assert [each.company_name for each in ours(session)] == ["Bakkerij Jansen", "Slagerij De Vries"]
    assert await sync(mkp_portal, session) == []
    assert len(mkp_sandbox.requests.writes) == 1


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_lost_answer(mkp_sandbox: Sandbox, mkp_portal: MijnKlantportaal, session: Session, when: Any) -> None:
    """A customer whose creation got no answer is found, or made by the next sync, and is there once."""
    session.add(OurCustomer(**NEW))
    session.commit()
    mkp_sandbox.drop("customers.create", when=when)
    if when == "before":
        with pytest.raises(APIConnectionError):
            await sync(mkp_portal, session)
    await sync(mkp_portal, session)
    assert [each.primary_email for each in mkp_sandbox.state.customers] == ["info@bakker.example"]
    assert [each.portal_id for each in ours(session)] == [mkp_sandbox.state.customers[0].id]


async def test_changes_on_both_sides(mkp_sandbox: Sandbox, mkp_portal: MijnKlantportaal, session: Session) -> None:
    """Different fields are merged; of the same field ours is written last, and it says so."""
    session.add(OurCustomer(**NEW))
    await sync(mkp_portal, session)
    [record] = ours(session)
    id = mkp_sandbox.state.customers[0].id
    await mkp_portal.customers.update(id, city="Gouda", address="Markt 2", zip_code="1111AA")
    record.city, record.company_name = "Delft", "Bakkerij Jansen BV"
    session.commit()
    assert await sync(mkp_portal, session) == [
        f"{id}: sent company_name, city; wrote over city",
        f"{id}: took address, zip_code",
    ]
    there = await mkp_portal.customers.get(id)
    assert (there.company_name, there.city, there.address, there.zip_code) == (
        "Bakkerij Jansen BV",
        "Delft",
        "Markt 2",
        "1111AA",
    )
    assert {name: getattr(record, name) for name in FIELDS} == {name: getattr(there, name) for name in FIELDS}
    assert await sync(mkp_portal, session) == []


async def test_gone(mkp_sandbox: Sandbox, mkp_portal: MijnKlantportaal, session: Session) -> None:
    """A customer who was deleted in the portal stays here, and is told of."""
    session.add(OurCustomer(**NEW))
    await sync(mkp_portal, session)
    id = mkp_sandbox.state.customers[0].id
    mkp_sandbox.people.delete_customer(id)
    assert await sync(mkp_portal, session) == [f"{id}: gone from the portal, kept here"]
    assert len(ours(session)) == 1
