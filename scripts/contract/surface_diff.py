"""Which changes of public names break code that calls, and whether the version says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import attrs
import griffe

Names = Mapping[str, str]
_CALLABLE = ("(", "async (", "classmethod ", "staticmethod ")


@attrs.frozen
class NameChange:
    """What became of one public name.

    Attributes:
        name: Where users find it, below the package.
        text: What changed.
        breaking: Whether code that uses it has to change.
    """

    name: str
    text: str
    breaking: bool

    def __str__(self) -> str:
        return f"{self.name}: {self.text}"


def compare(old: Names, new: Names) -> list[NameChange]:
    """Every difference between two sets of names, what breaks first."""
    changes = [*_changes(old, new)]
    added = [name for name in new if _look_up(old, name) is None]
    # A new class says all of its members.
    changes += [NameChange(name, "new", False) for name in added if name.rpartition(".")[0] not in added]
    return sorted(changes, key=lambda change: (not change.breaking, change.name))


def raised(old: str, new: str) -> bool:
    """Whether the step from one version to another tells of a break: the middle number while the first one is 0."""
    before, after = _numbers(old), _numbers(new)
    return after[0] > before[0] or (before[0] == after[0] == 0 and after[1] > before[1])


def next_version(version: str, *, breaking: bool) -> str:
    """The version that a release after this one should have."""
    major, middle, patch = _numbers(version)
    if breaking:
        return f"0.{middle + 1}.0" if major == 0 else f"{major + 1}.0.0"
    return f"{major}.{middle}.{patch + 1}" if major == 0 else f"{major}.{middle + 1}.0"


def _numbers(version: str) -> tuple[int, int, int]:
    major, middle, patch = (int("".join(filter(str.isdigit, part)) or 0) for part in (version + ".0.0").split(".")[:3])
    return major, middle, patch


def _changes(old: Names, new: Names) -> Iterator[NameChange]:
    gone = {name for name in old if _look_up(new, name) is None}
    for name, before in old.items():
        after = _look_up(new, name)
        if after is None:
            if name.rpartition(".")[0] not in gone:
                yield NameChange(name, "removed", True)
        elif not _is_alias(old, name) and after != before:
            yield from _differences(name, before, after)


def _is_alias(names: Names, name: str) -> bool:
    target = names[name][2:] if names[name].startswith("= ") else ""
    return target in names and not names[target].startswith("= ")


def _look_up(names: Names, name: str) -> str | None:
    """What a name is, also where it, or the class that it is in, is another name's second one."""
    owner, _, member = name.rpartition(".")
    if name in names:
        return _look_up(names, names[name][2:]) if _is_alias(names, name) else names[name]
    if owner in names and _is_alias(names, owner):
        return _look_up(names, f"{names[owner][2:]}.{member}")
    return None


def _differences(name: str, before: str, after: str) -> Iterator[NameChange]:
    if before.startswith(_CALLABLE) and after.startswith(_CALLABLE):
        told = [*_signature_breaks(before, after)]
        yield from (NameChange(name, text, True) for text in told)
        if not told:
            yield NameChange(name, f"`{before}` became `{after}`", False)
    elif before.startswith("class(") and after.startswith("class("):
        lost = _parts(before[6:-1], ",") - _parts(after[6:-1], ",")
        yield NameChange(name, f"`{before}` became `{after}`", bool(lost))
    else:
        yield NameChange(name, f"`{before}` became `{after}`", not _is_narrower(before, after))


def _is_narrower(before: str, after: str) -> bool:
    """Whether whoever reads a value gets fewer kinds of it than before, and nothing new."""
    (old, _, default), (new, _, new_default) = before.partition(" = "), after.partition(" = ")
    return _parts(new) <= _parts(old) and (default in ("", new_default) or old != new)


def _signature_breaks(before: str, after: str) -> Iterator[str]:
    """What griffe finds, and the types, which it does not look at."""
    modifiers = [text.partition("(")[0].strip() for text in (before, after)]
    if modifiers[0] != modifiers[1]:
        yield f"`{modifiers[0] or 'plain'}` became `{modifiers[1] or 'plain'}`"
    if " | (" in before or " | async (" in before:
        # Overloads: nothing but the whole can be compared.
        yield f"`{before}` became `{after}`"
        return
    old, new = _module(before), _module(after)
    for breakage in griffe.find_breaking_changes(old, new):
        parameter = breakage.old_value or breakage.new_value
        yield f"{breakage.kind.value}: `{getattr(parameter, 'name', parameter)}`"
    ours, theirs = old["call"], new["call"]
    for parameter in ours.parameters:
        if parameter.name not in theirs.parameters:
            continue
        was, now = str(parameter.annotation), str(theirs.parameters[parameter.name].annotation)
        if not _parts(was) <= _parts(now):
            yield f"parameter `{parameter.name}`: takes `{now}`, took `{was}`"
    if not _parts(str(theirs.returns)) <= _parts(str(ours.returns)):
        yield f"returns `{theirs.returns}`, returned `{ours.returns}`"


def _module(signature: str) -> griffe.Module:
    return griffe.visit("surface", Path("surface.py"), f"def call{signature[signature.index('(') :]}: ...")


def _parts(text: str, separator: str = "|") -> set[str]:
    """The members of a union, or of a list of classes; those inside brackets are no members of it."""
    parts, depth = [""], 0
    for character in text:
        depth += (character in "[(") - (character in "])")
        if character == separator and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return {part.strip() for part in parts} - {""}
