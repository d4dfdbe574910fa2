"""The table "name → where to import it from", made from what can be imported."""

from __future__ import annotations

import importlib
import inspect
from typing import Any

import mijnklantportaal_client
from mijnklantportaal_client import errors

PACKAGE = "mijnklantportaal_client"
_WHAT = """Where each name is imported from, as in `from mijnklantportaal_client import MijnKlantportaal`. Models, input
classes and lists of values are in `mijnklantportaal_client.models`, the classes behind a client's attributes in
`mijnklantportaal_client.resources`: the [reference](reference/index.md) has them by resource. Importing the package
loads nothing; a name is loaded when it is first used."""
# These have a page of their own for their names.
_LISTED_ELSEWHERE = {"models": "shared.md", "resources": "index.md"}


def page() -> str:
    """The page's Markdown: every public name but the models and resources, by module."""
    lines = ["# Names", "", _WHAT, ""]
    for module in ["", *sorted(mijnklantportaal_client._MODULES - set(_LISTED_ELSEWHERE))]:
        where = f"{PACKAGE}.{module}".rstrip(".")
        found = importlib.import_module(where)
        lines += [f"## `{where}`", "", "| name | what |", "| --- | --- |"]
        names = [name for name in found.__all__ if name != "__version__"]
        if module == "errors":
            names = [name for name in names if name not in mijnklantportaal_client.__all__]
            if not names:
                lines[-4:] = [f"## `{where}`", "", "The errors, which are all at the top of the package as well.", ""]
                continue
        for name in sorted(names, key=str.lower):
            value = getattr(found, name)
            lines.append(f"| {_link(value, name)} | {_summary(value, name)} |")
        lines.append("")
    return "\n".join(lines)


def _link(value: Any, name: str) -> str:
    """The name, leading to where it is described: the handbook of errors, or the reference."""
    if name in errors.__all__:
        return f"[`{name}`](errors.md{_SECTION.get(name, '#' + name.lower())})"
    if inspect.isclass(value) or inspect.isroutine(value):
        return f"[`{name}`][{value.__module__}.{value.__qualname__}]"
    return f"`{name}`"


def _summary(value: Any, name: str) -> str:
    """The first sentence of a docstring; for a plain value its kind."""
    if not (inspect.isclass(value) or inspect.isroutine(value) or inspect.ismodule(value)):
        return _PLAIN.get(name, f"a `{type(value).__name__}`")
    text = inspect.getdoc(value) or ""
    first = text.split("\n\n")[0].replace("\n", " ")
    return first.replace("|", "\\|")


# Two errors have others below them, and no section of their own.
_SECTION = {"MijnKlantportaalError": "#what-every-error-carries", "APIStatusError": "#the-server-said-no"}
_PLAIN = {
    "FileInput": "What an argument that takes a file accepts.",
    "PREFIXES": "Every known ID prefix, and what it names.",
    "UNSET": "The value of an argument that is not sent.",
}
