"""What came and what was sent, as plain dicts for the templates."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from . import code, dutch
from .cells import state
from .views import HOME, View, find, pages, shown_json

if TYPE_CHECKING:
    from .._api.deliveries import Delivery
    from .._api.journal import SandboxRequest
    from .._sandbox import Sandbox

T = TypeVar("T")
_NEWEST_REQUESTS = 20
_NEWEST_DELIVERIES = 15
_ROWS = 30


def requests(sandbox: Sandbox, page: int | None = None) -> View:
    """The requests, newest first: a page of them, or the newest."""
    return _log("requests", list(sandbox.requests), page, _NEWEST_REQUESTS, _request_row)


def request(sandbox: Sandbox, number: int) -> View | None:
    """One request with its answer."""
    found = next((each for each in sandbox.requests if each.number == number), None)
    if found is None:
        return None
    line = _request_row(found)
    facts = [
        ("Status", line["state"]),
        (
            "Operation",
            {"kind": "code", "text": found.operation}
            if found.operation
            else {"kind": "text", "text": "none: the contract has no such path"},
        ),
        ("Came", {"kind": "text", "text": f"{dutch.day(found.at.date())} {line['time']}"}),
        ("Took", {"kind": "text", "text": line["duration"]}),
        ("Carried out", {"kind": "text", "text": "yes" if found.carried_out else "no"}),
    ]
    if found.trouble:
        facts.insert(1, ("Trouble", {"kind": "trouble", "text": found.trouble}))
    return {
        "title": f"{found.method} {line['path']}",
        "kicker": f"Request {found.number}",
        "up": f"{HOME}/requests",
        "facts": facts,
        "blocks": [
            _block(sandbox, "Request", found.json, "It had no body."),
            _block(sandbox, "Answer", found.answer, "No answer came." if found.status is None else "It had no body."),
        ],
    }


def deliveries(sandbox: Sandbox, page: int | None = None) -> View:
    """The webhook calls, newest first: a page of them, or the newest."""
    return _log("deliveries", list(sandbox.deliveries), page, _NEWEST_DELIVERIES, _delivery_row)


def delivery(sandbox: Sandbox, number: int) -> View | None:
    """One webhook call."""
    found = next((each for each in sandbox.deliveries if each.number == number), None)
    if found is None:
        return None
    line = _delivery_row(found)
    facts = [
        ("State", line["state"]),
        ("Sent to", {"kind": "code", "text": code.masked(found.url)}),
        ("Answer", {"kind": "text", "text": found.error or (f"status {found.status}" if found.status else "")}),
        ("Webhook", _link(sandbox, found.webhook)),
        ("Happened", {"kind": "text", "text": f"{dutch.day(found.at.date())} {line['time']}"}),
    ]
    return {
        "title": found.event,
        "kicker": "Webhook deliveries",
        "up": f"{HOME}/deliveries",
        "facts": [fact for fact in facts if fact[1]["text"]],
        "blocks": [_block(sandbox, "Body", found.payload, "It had no body.")],
    }


def _log(name: str, items: list[T], page: int | None, newest: int, row_of: Callable[[T], View]) -> View:
    per_page = newest if page is None else _ROWS
    first = ((page or 1) - 1) * per_page
    chosen = items[::-1][first : first + per_page]
    around = pages(f"{HOME}/{name}", page or 1, len(items), per_page)
    return {"rows": [row_of(each) for each in chosen], "count": len(items)} | around


def _request_row(request: SandboxRequest) -> View:
    query = "&".join(f"{name}={value}" for name, value in request.query.items())
    return {
        "key": request.number,
        "href": f"{HOME}/requests/{request.number}",
        "method": request.method,
        "path": f"{request.path}?{query}" if query else request.path,
        "state": _status(request),
        "duration": dutch.duration(request.duration),
        "machine": request.at.isoformat(),
        "time": dutch.time_of_day(request.at),
        "trouble": request.trouble,
    }


def _delivery_row(delivery: Delivery) -> View:
    tone = {"pending": "open", "delivered": "good", "held": "over"}.get(delivery.state, "bad")
    told = f"{delivery.state} {delivery.status or ''}".strip()
    return {
        "key": delivery.number,
        "href": f"{HOME}/deliveries/{delivery.number}",
        "event": delivery.event,
        "url": code.masked(delivery.url),
        "state": state(told) | {"tone": tone},
        "machine": delivery.at.isoformat(),
        "time": dutch.time_of_day(delivery.at),
    }


def _status(request: SandboxRequest) -> View:
    status = request.status
    if status is None:
        is_over = request.duration > 0
        return state("no answer" if is_over else "under way") | {"tone": "bad" if is_over else "open"}
    tone = "good" if status < 300 else "over" if status < 400 else "warn" if status < 500 else "bad"
    return state(str(status)) | {"tone": tone}


def _link(sandbox: Sandbox, record_id: str) -> View:
    href = find(sandbox, record_id)
    return {"kind": "text", "text": record_id} if href is None else {"kind": "link", "text": record_id, "href": href}


def _block(sandbox: Sandbox, title: str, value: object, without: str) -> View:
    return {"title": title, "html": None if value is None else shown_json(sandbox, value), "without": without}
