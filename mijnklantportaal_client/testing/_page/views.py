"""What is in the portal and how the rate limit stands, as plain dicts for the templates."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .._api.keys import fingerprint
from .._portal.contract import SELF
from . import code
from .tables import TABLES, head, name_of, named_by, row, table_of

if TYPE_CHECKING:
    from .._portal.portal import Portal
    from .._sandbox import Sandbox

View = dict[str, Any]
ROWS = 15
_NEWEST = 5
_OPEN_TABLES = 4
_MOST_SLOTS = 120
HOME = "/_sandbox/page"


def overview(sandbox: Sandbox) -> View:
    """The collections that hold something, with their newest records, and those that hold nothing."""
    tables: list[View] = []
    empty: list[View] = []
    with sandbox.portal.lock:
        names = sorted(sandbox.portal.collections, key=_order)
        for name in names:
            records = sandbox.portal.of(name).newest()
            if not records:
                empty.append({"title": table_of(name).title, "fill": table_of(name).fill})
                continue
            table = _table(sandbox, name, records[:_NEWEST])
            tables.append(table | {"count": len(records), "open": len(tables) < _OPEN_TABLES})
    return {"tables": tables, "empty": empty}


def all_of(sandbox: Sandbox, collection: str, page: int) -> View | None:
    """One page of all records of a collection; None where there is no such collection."""
    if collection not in sandbox.portal.collections:
        return None
    with sandbox.portal.lock:
        records = sandbox.portal.of(collection).newest()
        table = _table(sandbox, collection, records[(page - 1) * ROWS : page * ROWS])
        around = pages(f"{HOME}/{collection}", page, len(records))
    return {"table": table, "count": len(records), "fill": table_of(collection).fill} | around


def record(sandbox: Sandbox, collection: str, record_id: str, origin: str) -> View | None:
    """One record as the API answers it; None where there is none."""
    known = sandbox.portal.collections.get(collection)
    found = None if known is None else known.get(record_id)
    if known is None or found is None:
        return None
    with sandbox.portal.lock:
        cells = row(collection, found, sandbox.portal)["cells"]
    headings = [each["text"] for each in head(collection)]
    operation = _getter(sandbox.portal, known.prefix)
    # Where no operation tells what the API shows of it, it is shown whole.
    answer = json.loads(json.dumps(found).replace(f'"{SELF}', f'"{origin}/'))
    if operation is not None:
        template, schema = operation
        answer = sandbox.portal.contract.show(schema, found, origin)
        headings, cells = ["API", *headings], [{"kind": "code", "text": f"GET /v1{template}/{record_id}"}, *cells]
    return {
        "title": name_of(collection, found),
        "kicker": table_of(collection).title,
        "up": f"{HOME}/{collection}",
        "facts": [fact for fact in zip(headings, cells, strict=True) if fact[1]["text"]],
        "blocks": [{"title": "JSON", "html": shown_json(sandbox, answer)}],
    }


def meters(sandbox: Sandbox) -> View:
    """How much of the rate limit each key has used."""
    limit = sandbox.limit.limit
    if limit is None:
        return {"limit": None, "keys": []}
    keys = [
        {
            "name": _key_name(sandbox, name),
            "limit": meter.limit,
            "remaining": meter.remaining,
            "slots": meter.limit if meter.limit <= _MOST_SLOTS else 0,
            "wait": math.ceil(meter.wait),
        }
        for name, meter in sorted(sandbox.limit.meters().items())
    ]
    return {"limit": limit, "per": f"{sandbox.limit.per:g}", "keys": keys}


def find(sandbox: Sandbox, record_id: str) -> str | None:
    """The page of the record with this ID."""
    collection = sandbox.portal.holding(record_id[: record_id.find("_") + 1])
    return f"{HOME}/{collection.name}/{record_id}" if collection is not None and record_id in collection else None


def _table(sandbox: Sandbox, name: str, records: Sequence[dict[str, Any]]) -> View:
    return {
        "name": name,
        "title": table_of(name).title,
        "named_by": named_by(name),
        "head": head(name),
        "rows": [row(name, each, sandbox.portal) for each in records],
        "href": f"{HOME}/{name}",
    }


def _key_name(sandbox: Sandbox, name: str) -> str:
    if name == fingerprint(sandbox.key)[: len(name)]:
        return sandbox.key
    return f"another key, {name[:6]}…" if name.isalnum() else name.strip("()")


def shown_json(sandbox: Sandbox, value: object) -> object:
    """A JSON value as HTML, with links to the records whose IDs stand in it."""
    return code.json_html(value, lambda text: find(sandbox, text))


def pages(href: str, page: int, count: int, per_page: int = ROWS) -> View:
    """Which page of a list this is, and where the ones beside it are."""
    last = max(1, -(-count // per_page))
    return {
        "page": page,
        "last_page": last,
        "newer": f"{href}?page={page - 1}" if page > 1 else None,
        "older": f"{href}?page={page + 1}" if page < last else None,
    }


def _getter(portal: Portal, prefix: str) -> tuple[str, Mapping[str, Any]] | None:
    """The path before the ID and the answer's schema, where one operation gets records of this kind."""
    for operation in portal.contract.operations.values():
        path, _, parameter = operation.template.rpartition("/{")
        is_for_it = prefix in operation.prefixes.get(parameter.removesuffix("}"), ())
        if operation.method == "GET" and is_for_it and "{" not in path and operation.answer is not None:
            return path, operation.answer
    return None


def _order(name: str) -> tuple[int, str]:
    names = list(TABLES)
    return (names.index(name) if name in TABLES else len(names), name)
