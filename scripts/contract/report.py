"""The report on a newer contract, in Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from .change import CALLS, CODE, Change
from .markdown import plain, section, table

if TYPE_CHECKING:
    from .newer import Newer
    from .overlay_actions import ActionOutcome
    from .surface_diff import NameChange

_WHO = {
    CODE: "code, on upgrading",
    CALLS: "installed versions",
    CODE | CALLS: "code and installed versions",
}
_MEANING = (
    "*Code* has to change when this version is installed. *Installed versions* call or read wrongly as soon as the "
    "API has changed, until they are upgraded."
)


def report(newer: Newer, label: Callable[[str], str]) -> list[str]:
    """The lines on what is different and what has to be decided.

    Args:
        newer: What was found.
        label: The words for a place, by its name.
    """
    lines = [f"# A newer contract: {plain(newer.name)}", ""]
    if newer.changes is not None:
        lines += [_summary(newer.changes), ""]
        breaking = [change for change in newer.changes if change.breaking]
        others = [change for change in newer.changes if not change.breaking]
        lines += section("Breaks callers", [*_rows(breaking, label, who=True), _MEANING] if breaking else [])
        lines += section("Breaks nobody", _rows(others, label, who=False) if others else [])
    to_decide = [
        *(f"- {plain(text.removeprefix('- '))}" for text in newer.problems),
        *_actions(newer.broken_actions, why=True),
    ]
    lines += section("To be decided first", to_decide)
    lines += section("Actions of the overlay that match nothing", _actions(a for a in newer.actions if a.unmatched))
    lines += section(
        "Actions of the overlay that change nothing any more", _actions(a for a in newer.actions if a.idle)
    )
    lines += section("Put right by rule", [f"- {plain(text)}" for text in newer.mended])
    return [*lines, *section("To be looked at", [f"- {plain(text)}" for text in newer.notes])]


def names_section(changes: Iterable[NameChange]) -> list[str]:
    """What became of the package's public names."""
    rows = [("yes" if change.breaking else "no", f"`{change.name}`", change.text) for change in changes]
    return section("Public names of the package", table(("Breaks code", "Name", "What"), rows) if rows else [])


def _summary(changes: list[Change]) -> str:
    if not changes:
        return "Nothing is different for callers."
    breaking = [change for change in changes if change.breaking]
    documented = sum(change.place.documented for change in breaking)
    text = f"{_count(len(changes), 'change')}; {_count(len(breaking), 'breaks', 'break')} callers"
    return f"{text}, {documented} of them in what the vendor documents in full." if breaking else f"{text}."


def _count(number: int, one: str, more: str | None = None) -> str:
    return f"{number} {one if number == 1 else more or f'{one}s'}"


def _rows(changes: list[Change], label: Callable[[str], str], *, who: bool) -> list[str]:
    heads = ["Where", "What", "Change", *(["Whom"] if who else []), "Vendor says"]
    rows = [
        [
            label(change.place.name),
            f"{change.kind} {change.action}",
            change.text,
            *([_WHO[change.effect]] if who else []),
            "documented" if change.place.documented else "inferred",
        ]
        for change in changes
    ]
    return table(heads, rows)


def _actions(actions: Iterable[ActionOutcome], *, why: bool = False) -> list[str]:
    lines = (
        f"- Action {one.number + 1}, `{one.target}`: {one.reason}{f' It fails: {one.problem}.' if why else ''}"
        for one in actions
    )
    return [plain(line) for line in lines]
