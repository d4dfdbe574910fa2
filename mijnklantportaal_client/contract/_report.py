"""Reports in Markdown, short enough for an issue, and without any data of an answer."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING

from .._contract import operations_table, shipped
from .._version import __version__
from ._facts import shown
from ._findings import times_of
from ._formats import described
from ._places import schema_at
from ._recording import contract_digest

if TYPE_CHECKING:
    from ._compare import Change
    from ._findings import Findings, Found
    from ._run import Result, Run

_LONGEST_TABLE = 9_000
_LONGEST_DRIFT = 20_000
"""Characters; an issue of GitHub takes 65,536, and there are five tables at most."""
_MOST_ROWS = 100
_LONGEST_CELL = 160
_LONGEST_CODE = 100
_SHOWN_BY_FIELDS = frozenset({"answer fields", "nullability", "property types", "required list"})


def collected(findings: Findings) -> str:
    """The report of a collector."""
    total = sum(times for statuses in findings.answers.values() for times in statuses.values())
    rows = {
        "counted": f"{findings.since:%Y-%m-%d %H:%M} to {findings.until:%Y-%m-%d %H:%M} UTC",
        "answers": str(total),
        "operations": str(len(findings.answers)),
        **_versions(),
    }
    return _page(rows, _drift(findings, None), _answers(findings))


def probed(run: Run) -> str:
    """The report of a run of the probe."""
    rows = {
        "run": f"{run.findings.since:%Y-%m-%d %H:%M} to {run.findings.until:%Y-%m-%d %H:%M} UTC",
        "server": "the vendor's" if run.live else "another one, not the vendor's",
        "requests": str(run.requests),
        "complete": "yes" if run.complete else f"no: {run.stopped or 'not every operation could be judged'}",
        **_versions(),
    }
    parts = [_drift(run.findings, run)]
    if run.changes is not None:
        parts.append(_changes(run.changes))
    return _page(rows, *parts, _operations(run.results), _inferred(run), _differing(run))


def compared(changes: Sequence[Change]) -> str:
    """The report of two recordings."""
    return _page(_versions(), _changes(changes))


def _versions() -> dict[str, str]:
    return {"client": __version__, "contract": contract_digest()}


def _page(rows: Mapping[str, str], *parts: str) -> str:
    head = "\n".join(["# Contract drift report", "", *_table(("", ""), rows.items())])
    note = "Shapes only: no value of an answer is in here. `*` stands for each index."
    return "\n\n".join([head, note, *parts]) + "\n"


def _drift(findings: Findings, run: Run | None) -> str:
    if not findings.drifts:
        return "## Drift\n\nNone was found."
    heads = ("operation", "kind", "where", "the contract says", *(["seen"] if run else []), "times")
    rows = [_drift_row(found, run) for found in findings.drifts]
    beyond = f"\n\n{findings.beyond} more were only counted." if findings.beyond else ""
    return "\n".join(["## Drift", "", *_table(heads, rows, _LONGEST_DRIFT)]) + beyond


def _drift_row(found: Found, run: Run | None) -> tuple[str, ...]:
    contract = shipped()
    schema = schema_at(contract, contract.answer(found.operation, found.status), found.place)
    where, says, seen = _code(found.place or "(the whole)"), described(contract, schema), ""
    if found.kind == "undocumented_status":
        operation = contract.operations.get(found.operation)
        where = f"status {found.status}"
        says = ", ".join(sorted(operation.node["responses"])) if operation else "nothing"
        seen = str(found.status)
    elif run is not None:
        shapes = run.shapes_of(found.operation, found.status)
        shape = shapes.places.get(found.place)
        of = shapes.parents(found.place) or None
        seen = shown(shape, of) if shape else "absent" if found.kind == "missing" else "not JSON"
    return (_code(found.operation), found.kind, where, says, *([seen] if run else []), str(found.times))


def _answers(findings: Findings) -> str:
    """The statuses that came, beside those that the contract says or infers."""
    if not findings.answers:
        return "## Answers\n\nNone came."
    rows: list[tuple[str, ...]] = []
    for name, statuses in findings.answers.items():
        operation = shipped().operations.get(name)
        infers = ", inferred" if "success status" in _inferred_of(name) else ""
        says = f"{operation.status}{infers}" if operation else "nothing"
        rows.append((_code(name), says, times_of(statuses)))
    return "\n".join(["## Answers", "", *_table(("operation", "success by the contract", "answers"), rows)])


def _changes(changes: Sequence[Change]) -> str:
    if not changes:
        return "## Changes since the recording\n\nNone."
    heads = ("operation", "where", "what", "before", "now", "by the contract")
    rows = [
        (
            _code(each.operation),
            _code(each.place or "(the whole)"),
            each.what,
            each.before,
            each.now,
            "may be" if each.allowed else "unexpected",
        )
        for each in changes
    ]
    return "\n".join(["## Changes since the recording", "", *_table(heads, rows)])


def _operations(results: Sequence[Result]) -> str:
    contract = shipped()
    rows = []
    for each in results:
        documented = str(contract.operations[each.operation].node.get("x-documented", "full"))
        rows.append((_code(each.operation), documented, each.state, each.told))
    return "\n".join(["## Operations", "", *_table(("operation", "documented", "state", "answers"), rows)])


def _inferred(run: Run) -> str:
    """What the contract infers, with what the answers say of it."""
    contract = shipped()
    rows: list[tuple[str, str, str]] = []
    for result in run.results:
        operation = contract.operations[result.operation]
        inferred = _inferred_of(operation.id)
        good = {status: times for status, times in result.answers.items() if 200 <= status <= 299}
        bad = {status: times for status, times in result.answers.items() if status >= 300}
        if "success status" in inferred and good:
            is_said = set(good) == {operation.status}
            seen = f"{times_of(good)}, {'as' if is_said else 'not as'} inferred"
            rows.append((_code(operation.id), "success status", seen))
        if "error responses" in inferred and bad:
            told = (_error(result, status, times) for status, times in sorted(bad.items()))
            rows.append((_code(operation.id), "error responses", "; ".join(told)))
    facts = [
        each
        for each in run.facts
        if each.learned
        and not _SHOWN_BY_FIELDS.isdisjoint(_inferred_of(each.operation))
        and not _is_of_page(each.operation, each.place)
    ]
    rows += [(_code(each.operation), _code(each.place), f"{each.learned}; {each.seen}") for each in facts]
    if not rows:
        return "## What is inferred, and what was seen\n\nNothing that the contract infers was seen."
    table = _table(("operation", "inferred", "seen"), rows)
    summary = f"<details><summary>{len(rows)} facts</summary>"
    return "\n".join(["## What is inferred, and what was seen", "", summary, "", *table, "", "</details>"])


def _inferred_of(operation: str) -> frozenset[str]:
    return _every_inferred().get(operation, frozenset())


@cache
def _every_inferred() -> Mapping[str, frozenset[str]]:
    return {each["id"]: frozenset(each["inferred"]) for each in operations_table()}


def _is_of_page(operation: str, place: str) -> bool:
    """Whether a field is one of those around a list, which are documented and the same everywhere."""
    return shipped().operations[operation].has_pages and place.count("/") == 1


def _error(result: Result, status: int, times: int) -> str:
    shapes = result.shapes.get(status)
    fields = sorted(place for place in shapes.places if place.count("/") == 1) if shapes else []
    return f"{status} x {times} with {', '.join(map(_code, fields)) or 'no JSON object'}"


def _differing(run: Run) -> str:
    """What is not as the contract says, but for what is drift: the client reads it all the same."""
    drifts = {(each.operation, each.place) for each in run.findings.drifts}
    facts = [each for each in run.facts if each.differs and (each.operation, each.place) not in drifts]
    title = "## Not as the contract says, but read all the same"
    if not facts:
        return f"{title}\n\nNothing."
    rows = [(_code(each.operation), _code(each.place), each.says, f"{each.differs}; {each.seen}") for each in facts]
    return "\n".join([title, "", *_table(("operation", "where", "the contract says", "seen"), rows)])


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]], longest: int = _LONGEST_TABLE) -> list[str]:
    lines = [f"| {' | '.join(heads)} |", f"| {' | '.join('---' for _ in heads)} |"]
    every = [f"| {' | '.join(_cell(each) for each in row)} |" for row in rows]
    fit = bisect_right(list(accumulate(len(line) + 1 for line in every[:_MOST_ROWS])), longest)
    if left := len(every) - fit:
        return [*lines, *every[:fit], "", f"{left} more rows are left out."]
    return [*lines, *every]


def _cell(text: str) -> str:
    return _cut(text, _LONGEST_CELL).replace("|", "\\|")


def _code(text: str) -> str:
    return f"`{_cut(text, _LONGEST_CODE)}`"


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 3]}..."
