"""Keep customers in a database of your own and in the portal the same, in both directions.

    pip install sqlalchemy
    MIJNKLANTPORTAAL_API_KEY=... python sync_customers.py customers.db

The API tells no moment of the last change and has no event for one, so that each field is compared with what it was at
the last sync. A field that only one side changed goes to the other. Where both changed the same field, the last writer
wins: that is this program, which writes ours into the portal, and says what it wrote over.

A new customer of ours whose creation got no answer is looked for by e-mail address before it is created again.
"""

import asyncio
import sys
from typing import Any

from sqlalchemy import JSON, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from mijnklantportaal_client import MijnKlantportaal, MijnKlantportaalError
from mijnklantportaal_client.models import Customer

FIELDS = ("company_name", "address", "zip_code", "city", "primary_email")


class Base(DeclarativeBase):
    """The tables of this program."""


class OurCustomer(Base):
    """A customer of ours; `portal_id` is empty until the portal has it, `synced` is what both had at the last sync."""

    __tablename__ = "customers"

    id: Mapped[int] = mapped_column(primary_key=True)
    portal_id: Mapped[str | None] = mapped_column(unique=True, default=None)
    company_name: Mapped[str]
    address: Mapped[str]
    zip_code: Mapped[str]
    city: Mapped[str]
    primary_email: Mapped[str]
    synced: Mapped[dict[str, Any] | None] = mapped_column(JSON, default=None)


def values(record: Customer | OurCustomer) -> dict[str, Any]:
    """The fields that both sides keep, all of them texts."""
    return {name: getattr(record, name) for name in FIELDS}


def merge(
    base: dict[str, Any], ours: dict[str, Any], theirs: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any], list[str]]:
    """What to write to the portal, what to write to us, and the fields of the portal that ours were written over."""
    out = {name: ours[name] for name in FIELDS if ours[name] != base[name] and ours[name] != theirs[name]}
    back = {name: theirs[name] for name in FIELDS if theirs[name] != base[name] and name not in out}
    return out, back, [name for name in out if theirs[name] != base[name]]


async def create(portal: MijnKlantportaal, ours: OurCustomer, seen: dict[str, Customer]) -> Customer:
    """The customer in the portal: the one that is there already, or a new one."""
    there = next((each for each in seen.values() if each.primary_email == ours.primary_email), None)
    if there is not None:
        return there
    try:
        return await portal.customers.create(**values(ours))
    except MijnKlantportaalError as error:
        if not error.outcome.may_have_happened:
            raise
        async for customer in portal.customers.list():
            if customer.primary_email == ours.primary_email:
                return customer
        # It may still be under way: the next sync finds it, or creates it.
        raise


async def sync(portal: MijnKlantportaal, session: Session) -> list[str]:
    """Bring both sides together; answers what was done, a line each."""
    done: list[str] = []
    seen = {customer.id: customer for customer in await portal.customers.list().collect()}
    for ours in session.scalars(select(OurCustomer)).all():
        if ours.portal_id is None:
            there = await create(portal, ours, seen)
            ours.portal_id, ours.synced = there.id, values(there)
            # Kept at once: a program that is killed must not forget what the portal has.
            session.commit()
            seen[there.id] = there
            done.append(f"{there.id}: in the portal")
        theirs = seen.pop(ours.portal_id, None)
        if theirs is None:
            done.append(f"{ours.portal_id}: gone from the portal, kept here")
            continue
        base = ours.synced or values(theirs)
        out, back, over = merge(base, values(ours), values(theirs))
        if out:
            theirs = await portal.customers.update(theirs.id, **out)
            done.append(f"{theirs.id}: sent {', '.join(out)}" + (f"; wrote over {', '.join(over)}" if over else ""))
        for name, value in back.items():
            setattr(ours, name, value)
        if back:
            done.append(f"{theirs.id}: took {', '.join(back)}")
        ours.synced = values(ours)
        session.commit()
    for theirs in seen.values():
        session.add(OurCustomer(portal_id=theirs.id, synced=values(theirs), **values(theirs)))
        done.append(f"{theirs.id}: new from the portal")
    session.commit()
    return done


async def main(path: str) -> None:
    """Sync once, and print what was done."""
    engine = create_engine(f"sqlite:///{path}")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        async with MijnKlantportaal() as portal:
            for line in await sync(portal, session):
                print(line)
    engine.dispose()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "customers.db"))
