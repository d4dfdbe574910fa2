"""The public names of the package and their signatures, read from its source by griffe without importing it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import griffe

_Found: TypeAlias = griffe.Object | griffe.Alias
PACKAGE = "mijnklantportaal_client"
# What a class does by these is seen in how it is used.
_SPECIAL = frozenset({"__init__", "__aenter__", "__aexit__", "__aiter__", "__await__", "__call__", "__iter__"})
_LISTED_BY = {"models": "_generated.models", "resources": "_generated.resources"}


def read(root: Path) -> dict[str, str]:
    """Every public name below a folder's package, with what it is; sorted by name.

    A method of a base class stands there once, below the class that has it, also where that class is private.

    Raises:
        ValueError: A module exports what it does not have.
    """
    # By default griffe looks in the working folder first, whatever the search path.
    package = griffe.load(PACKAGE, search_paths=[root], try_relative_path=False, allow_inspection=False)
    surface = _Surface()
    for name in sorted(str(each) for each in package.exports or ()):
        if name != "__version__":
            surface.add(name, _member(package, name))
    for module, names in _modules(package):
        for name in names:
            surface.add(f"{module}.{name}", _member(package[_LISTED_BY.get(module, module)], name))
    return dict(sorted(surface.found.items()))


def _modules(package: _Found) -> Iterator[tuple[str, list[str]]]:
    """The public modules, as the package itself lists them, and what each of them exports."""
    listed = str(package["_MODULES"].value)
    for module in sorted(ast.literal_eval(listed.removeprefix("frozenset(").removesuffix(")"))):
        found = package[_LISTED_BY.get(module, module)]
        yield module, sorted(str(name) for name in found.exports or ())


def _member(module: _Found, name: str) -> _Found:
    if name not in module.members:
        raise ValueError(f"{module.path}.__all__ names {name}, which is not there")
    found: _Found = module.members[name]
    return found


class _Surface:
    """Names that were found so far; each object is described where it is met first."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self.places: dict[str, str] = {}

    def add(self, name: str, given: _Found) -> None:
        target = given.final_target if isinstance(given, griffe.Alias) else given
        place = self.places.get(target.path)
        if place is not None:
            if place != name:
                self.found[name] = f"= {place}"
            return
        self.places[target.path] = name
        if isinstance(target, griffe.Class):
            self._class(name, target)
        else:
            self.found[name] = _described(target)

    def _class(self, name: str, target: griffe.Class) -> None:
        for base in self._bases(target):
            if base.path not in self.places:
                self.add(base.path.removeprefix(f"{PACKAGE}."), base)
        bases = ", ".join(str(base) for base in target.bases)
        self.found[name] = f"class({bases})"
        for member, what in target.members.items():
            if not isinstance(what, griffe.Alias) and (member in _SPECIAL or not member.startswith("_")):
                self.found[f"{name}.{member}"] = _described(what)

    def _bases(self, target: griffe.Class) -> Iterator[griffe.Class]:
        """Those that the package itself defines."""
        for base in target.resolved_bases:
            if isinstance(base, griffe.Class) and base.path.startswith(f"{PACKAGE}."):
                yield base


def _described(what: griffe.Object) -> str:
    """A signature, an annotation with its default, or the value of a constant that has no annotation."""
    if isinstance(what, griffe.Function):
        return " | ".join(_signature(each) for each in what.overloads or [what])
    if not isinstance(what, griffe.Attribute):
        return what.kind.value
    if "property" in what.labels:
        return f"property: {what.annotation}"
    annotation = "" if what.annotation is None or str(what.annotation) == "Final" else str(what.annotation)
    # What a constructor computes, or a constant with a type holds, says nothing of how it is used.
    computed = "class-attribute" not in what.labels and "instance-attribute" in what.labels
    typed = isinstance(what.parent, griffe.Module) and annotation not in ("", "TypeAlias")
    value = "" if what.value is None or computed or typed else f"= {what.value}"
    return f"{annotation} {value}".strip() or "attribute"


def _signature(function: griffe.Function) -> str:
    """`async (name: str) -> Customer`; without `self`."""
    labels = [label for label in ("classmethod", "staticmethod", "async") if label in function.labels]
    return " ".join([*labels, function.signature(name=" ").removeprefix("def").strip()])
