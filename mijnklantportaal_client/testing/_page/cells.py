"""What stands in a cell of a table: plain dicts, which the templates know how to show."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from . import dutch
from .code import masked

if TYPE_CHECKING:
    from .._portal.portal import Portal

Record = dict[str, Any]
Cell = dict[str, Any]
Make = Callable[[Record, "Portal"], Cell]

# How a state looks. Each tone has a colour and a shape of its own.
_TONES = {
    "good": {"paid", "accepted", "signed", "scheduled", "in progress", "active", "complete", "for sale", "delivered"},
    "open": {"open", "sent", "pending", "planned"},
    "bad": {"overdue", "rejected", "expired", "failed", "charged back"},
}


class Column(NamedTuple):
    """One column: its heading, what stands in it, and whether a phone has room for it."""

    heading: str
    make: Make
    small: bool = False


def value_of(record: Record, field: str) -> Any:
    """A field of a record; a dot goes one level down."""
    value: Any = record
    for name in field.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def state(name: str) -> Cell:
    """The cell of a state."""
    name = name.replace("_", " ")
    tone = next((tone for tone, names in _TONES.items() if name in names), "over")
    return {"kind": "state", "text": name, "tone": tone}


def plain(field: str, unit: str = "") -> Make:
    """A field as it is."""
    return lambda record, _: {"kind": "text", "text": masked(_shown(value_of(record, field), unit))}


def money(field: str = "amount", per: str = "") -> Make:
    """An amount, and how often it is due where `per` names that field."""

    def cell(record: Record, _: Portal) -> Cell:
        if record.get(field) is None:
            return {"kind": "text", "text": ""}
        text = dutch.money(record[field], record.get("currency", "EUR"))
        return {"kind": "money", "text": text, "per": record.get(per) if per else None}

    return cell


def day(field: str) -> Make:
    """A day."""
    return _time(field, dutch.day)


def moment(field: str = "createdAt") -> Make:
    """A moment."""
    return _time(field, dutch.moment)


def size(field: str) -> Make:
    """A number of bytes."""
    return lambda record, _: {"kind": "text", "text": dutch.size(record.get(field))}


def link_to(collection: str, field: str, label: str) -> Make:
    """Another record, by its name."""

    def cell(record: Record, portal: Portal) -> Cell:
        other_id = record.get(field)
        other = portal.of(collection).get(other_id) if other_id else None
        if other is None:
            return {"kind": "text", "text": other_id or ""}
        return {"kind": "link", "text": other.get(label) or other_id, "href": f"/_sandbox/page/{collection}/{other_id}"}

    return cell


customer = link_to("customers", "customerId", "companyName")


def checkout(record: Record, _: Portal) -> Cell:
    """Where somebody can pay it."""
    payable = record.get("status", "open") == "open"
    return {"kind": "out", "text": "Pay", "href": f"/pay/{record['id']}"} if payable else {"kind": "text", "text": ""}


def status(record: Record, _: Portal) -> Cell:
    """The field `status`."""
    return state(str(record.get("status", "")))


def bill_state(record: Record, portal: Portal) -> Cell:
    """Whether an invoice is paid."""
    if record.get("paidAt"):
        return state("paid")
    due = record.get("dueAt")
    return state("overdue" if due and str(due)[:10] < portal.today().isoformat() else "open")


def offer_state(record: Record, portal: Portal) -> Cell:
    """What the customer said to an offer."""
    if record.get("acceptedAt"):
        return state("accepted")
    if record.get("rejectedAt"):
        return state("rejected")
    return state("expired" if str(record.get("expiresAt", "9999"))[:10] < portal.today().isoformat() else "open")


def whether(field: str, yes: str, no: str) -> Make:
    """One of two states."""
    return lambda record, _: state(yes if record.get(field) else no)


def counted(field: str, unit: str) -> Make:
    """How many of something it has."""
    return lambda record, _: {"kind": "text", "text": _shown(len(record.get(field) or ()), unit)}


def _shown(value: object, unit: str = "") -> str:
    if value is None:
        return ""
    return f"{value} {unit if value == 1 else f'{unit}s'}" if unit else str(value)


def _time(field: str, write: Callable[[object], str]) -> Make:
    def cell(record: Record, _: Portal) -> Cell:
        value = record.get(field)
        if value is None:
            return {"kind": "text", "text": ""}
        machine = value.isoformat() if isinstance(value, datetime) else str(value)
        return {"kind": "time", "text": write(value), "machine": machine}

    return cell
