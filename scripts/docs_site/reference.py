"""The reference: a page for each resource and for each public module, made from the package itself."""

from __future__ import annotations

import importlib
import inspect
import json
from importlib import resources as files
from pathlib import Path
from typing import Any

import yaml

import mijnklantportaal_client
from mijnklantportaal_client import _failures, errors
from mijnklantportaal_client._generated import models, resources

from . import examples, names

ROOT = Path(__file__).parents[2]
NAMES = ROOT / "scripts" / "names.yml"
GENERATED = "mijnklantportaal_client._generated"


def pages() -> dict[str, str]:
    """Path of each page below `docs/`, and its Markdown."""
    table: dict[str, Any] = yaml.safe_load(NAMES.read_text(encoding="utf-8"))
    operations = json.loads(
        files.files("mijnklantportaal_client").joinpath("_generated/operations.json").read_text(encoding="utf-8")
    )
    # A resource that the vendor has added has a page before anybody gives it a name of its own.
    dutch = dict.fromkeys([*table, *(each["resource"] for each in operations)], "")
    dutch.update({resource: entry.get("dutch", "") for resource, entry in table.items()})
    shown = _models_by_page(list(dutch))
    made = {
        f"reference/{resource}.md": _resource(resource, words, operations, shown[resource])
        for resource, words in dutch.items()
    }
    made["reference/shared.md"] = _shared(shown[""])
    made["reference/client.md"] = _client()
    made["reference/modules.md"] = _modules()
    made["reference/index.md"] = _index(dutch, operations)
    made["names.md"] = names.page()
    made["examples.md"] = examples.page()
    made["figures.md"] = (ROOT / "benchmarks" / "results.md").read_text(encoding="utf-8")
    return made


def _client() -> str:
    """What is at the top of the package, but for the errors, which have a page of their own."""
    names = [name for name in mijnklantportaal_client.__all__ if name not in errors.__all__]
    found = {name: getattr(mijnklantportaal_client, name) for name in names}
    classes = [name for name in sorted(found, key=_order) if inspect.isclass(found[name])]
    head = ["# The client", "", "What is imported from `mijnklantportaal_client` itself.", ""]
    return "\n".join([*head, *(_directive(found[name]) for name in classes)])


def _order(name: str) -> tuple[bool, str]:
    return name != "MijnKlantportaal", name.lower()


def _modules() -> str:
    """The public modules whose names are not at the top of the package."""
    lines = ["# Modules", ""]
    for module in sorted(mijnklantportaal_client._MODULES - {"errors", "models", "ratelimit", "resources"}):
        where = importlib.import_module(f"mijnklantportaal_client.{module}")
        lines += [f"## `mijnklantportaal_client.{module}`", "", inspect.getdoc(where) or "", ""]
        lines += [_directive(each) for name in where.__all__ if _is_shown(each := getattr(where, name))]
    return "\n".join(lines)


def _is_shown(thing: Any) -> bool:
    """Whether it is described here: what is generated is so on the page of its resource."""
    return (inspect.isclass(thing) or inspect.isroutine(thing)) and not thing.__module__.startswith(GENERATED)


def _directive(thing: Any) -> str:
    return f"::: {thing.__module__}.{thing.__qualname__}\n"


def title(resource: str) -> str:
    """A heading for a resource: `customer_invoices` is `Customer invoices`."""
    words = "MijnKlantportaal invoices" if resource == "mijnklantportaal_invoices" else resource.replace("_", " ")
    return words[0].upper() + words[1:]


def resource_class(resource: str) -> type:
    """The class behind a client's attribute."""
    wanted = resource.replace("_", "").lower()
    (name,) = [name for name in resources.__all__ if name.lower() == wanted]
    found: type = getattr(resources, name)
    return found


def _index(dutch: dict[str, str], operations: list[dict[str, Any]]) -> str:
    rows = []
    for resource, words in dutch.items():
        methods = [method for each in operations if each["resource"] == resource for method in each["methods"]]
        links = " ".join(f"[`{name}`]({resource}.md#{resource}-{name})" for name in methods)
        rows.append(f"| [`{resource}`]({resource}.md) | {words} | {links} |")
    total = sum(len(each["methods"]) for each in operations)
    what = (
        f"{total} methods for the {len(operations)} operations of the API, by resource. Every method, field and list "
        "of values here is made from the contract. [The client](client.md) says what all methods have in common, "
        "[shared models](shared.md) what several resources answer with."
    )
    head = ["# Reference", "", what, "", "| attribute of the client | Dutch | methods |", "| --- | --- | --- |"]
    return "\n".join([*head, *rows, ""])


def _resource(resource: str, dutch: str, operations: list[dict[str, Any]], shown: list[str]) -> str:
    found = resource_class(resource)
    mine = [each for each in operations if each["resource"] == resource]
    lines = [
        f"# {title(resource)}",
        "",
        *([f"*{dutch}*{{ .dutch }}", ""] if dutch else []),
        f"`portal.{resource}`, of class `mijnklantportaal_client.resources.{found.__name__}`.",
        "",
        "| method | request | certainty | errors of its own |",
        "| --- | --- | --- | --- |",
        *(_row(resource, name, each) for each in mine for name in each["methods"]),
        "",
        "Every call can also end with the errors that [any call can end with](../errors.md).",
        "",
        "## Methods",
        "",
    ]
    for each in mine:
        for name in each["methods"]:
            lines += [
                f"[](){{ #{resource}-{name} }}",
                "",
                f"::: {GENERATED}.resources.{resource}.{found.__name__}.{name}",
                "    options:",
                "      show_symbol_type_heading: false",
                "      show_symbol_type_toc: false",
                "",
            ]
    if shown:
        lines += ["## Models", "", *_directives(shown)]
    return "\n".join(lines)


def _row(resource: str, name: str, operation: dict[str, Any]) -> str:
    certainty = "documented in full" if operation["documented"] == "full" else "partly inferred"
    kinds = (_failures._BY_STATUS.get(int(status)) for status in operation["statuses"] if status.isdigit())
    named = [kind.__name__ for kind in kinds if kind is not None]
    own = [f"[`{each}`](../errors.md#{each.lower()})" for each in named if each not in _ALWAYS]
    request = f"`{operation['method']} {operation['path']}`"
    link = f"[{request}]({operation['docs']})" if operation["docs"] else request
    return f"| [`{name}`](#{resource}-{name}) | {link} | {certainty} | {', '.join(own) or '-'} |"


_ALWAYS = frozenset({"AuthenticationError", "PermissionDeniedError", "RateLimitError"})


def _shared(shown: list[str]) -> str:
    head = ["# Shared models", "", "What more than one resource takes or answers with.", ""]
    return "\n".join([*head, *_directives(shown)])


def _directives(names: list[str]) -> list[str]:
    return [_directive(getattr(models, name)) for name in names]


def _models_by_page(order: list[str]) -> dict[str, list[str]]:
    """The models that only one resource uses, by resource, and those of several under the empty name."""
    used: dict[str, set[str]] = {resource: _used_by(resource_class(resource)) for resource in order}
    result: dict[str, list[str]] = {resource: [] for resource in ["", *order]}
    for name in sorted(models.__all__):
        if name.endswith("Dict") or not inspect.isclass(getattr(models, name)):
            continue
        users = [resource for resource in order if name in used[resource]]
        result[users[0] if len(users) == 1 else ""].append(name)
    return result


def _used_by(resource: type) -> set[str]:
    module = inspect.getmodule(resource)
    assert module is not None
    return _reachable([name for name in models.__all__ if name in vars(module)])


def _reachable(names: list[str]) -> set[str]:
    found: set[str] = set()
    left = list(names)
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            module = inspect.getmodule(getattr(models, name))
            left += [each for each in models.__all__ if each in vars(module) and each not in found]
    return found
