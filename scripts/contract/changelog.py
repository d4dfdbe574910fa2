"""What a newer contract adds to the changelog."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from .markdown import plain

if TYPE_CHECKING:
    from .change import Change

_HEADINGS = {"added": "Added", "changed": "Changed", "removed": "Removed"}
_ORDER = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security", "Contract")
_UNRELEASED = "## [Unreleased]"
_WIDTH = 120


def entries(changes: Iterable[Change], label: Callable[[str], str]) -> dict[str, list[str]]:
    """Lines by heading: documented parts under the usual ones, inferred parts under "Contract".

    Args:
        changes: What is different.
        label: The words for a place, by its name.
    """
    found: dict[str, list[str]] = {}
    for change in changes:
        heading = _HEADINGS[change.action] if change.place.documented else "Contract"
        what = f"{change.kind} {change.action}: " if heading == "Contract" or change.action != "changed" else ""
        breaking = "**Breaking.** " if change.breaking else ""
        found.setdefault(heading, []).append(plain(f"{breaking}{label(change.place.name)}: {what}{change.text}."))
    return {heading: found[heading] for heading in _ORDER if heading in found}


def with_entries(changelog: str, new: dict[str, list[str]]) -> str:
    """The changelog with lines added to what is not released yet; what stands there already is not added again.

    Raises:
        ValueError: It has no such section.
    """
    if not new:
        return changelog
    start = changelog.find(f"{_UNRELEASED}\n")
    if start < 0:
        raise ValueError(f"CHANGELOG.md has no section {_UNRELEASED}")
    begin = start + len(_UNRELEASED) + 1
    following = re.compile(r"^## ", re.MULTILINE).search(changelog, begin)
    end = following.start() if following else len(changelog)
    introduction, *sections = re.split(r"^### ", changelog[begin:end], flags=re.MULTILINE)
    texts = {heading.strip(): body.strip("\n") for heading, _, body in (each.partition("\n") for each in sections)}
    for heading, lines in new.items():
        bullets = [_bullet(line) for line in lines]
        there = texts.get(heading, "")
        texts[heading] = "\n".join([*([there] if there else []), *(one for one in bullets if one not in there)])
    known = [heading for heading in _ORDER if heading in texts]
    others = [heading for heading in texts if heading not in _ORDER]
    written = "".join(f"### {heading}\n\n{texts[heading].strip()}\n\n" for heading in [*known, *others])
    first = f"{introduction.strip()}\n\n" if introduction.strip() else ""
    return f"{changelog[:begin]}\n{first}{written}{changelog[end:]}".rstrip("\n") + "\n"


def _bullet(line: str) -> str:
    return textwrap.fill(
        line, _WIDTH, initial_indent="- ", subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )
